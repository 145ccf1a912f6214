/* The table of the pages about the lab. Nothing is sent because one of them was opened: each GET below draws
 * what is here. */
#include "anon/pages_room.h"

#include "anon/errand.h"
#include "anon/known.h"
#include "anon/lab_errands.h"
#include "anon/pages.h"
#include "anon/week_anon.h"

#include "base/banned.h"

/* That a lab is a trial lab is said on every page. */
static bool lab_facts_shown(struct app *app, struct err *err)
{
    struct known *known;
    if (app->role != NODE)
        return true;
    if (!known_load(app->db, app->arena, &known, err))
        return false;
    app->trial = known && known->trial;
    return true;
}

static const struct route routes[] = {
    {.method = "GET",
     .path = "/lab",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_lab,
     .nav = N_("nav.lab", "Lab"),
     .order = 50},
    /* always: these wait for the lab's server, and no other page waits for them */
    {.method = "POST",
     .path = "/lab/look",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_lab_look,
     .always = true},
    {.method = "GET", .path = "/lab/join", .roles = NODE, .who = LOCAL, .serve = page_join},
    {.method = "POST",
     .path = "/lab/join",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_join_go,
     .always = true},
    {.method = "POST", .path = "/lab/seen", .roles = NODE, .who = LOCAL, .serve = page_lab_seen},
    {.method = "POST",
     .path = "/lab/again",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_lab_go_on,
     .always = true},
    {.method = "GET", .path = "/lab/leave", .roles = NODE, .who = LOCAL, .serve = page_lab_leave},
    {.method = "POST",
     .path = "/lab/leave",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_lab_left,
     .always = true},
    {.method = "GET", .path = "/sees", .roles = NODE, .who = LOCAL, .serve = page_sees},
    {.method = "GET", .path = "/sent", .roles = NODE, .who = LOCAL, .serve = page_sent},
    {.method = "POST", .path = "/sent/remove", .roles = NODE, .who = LOCAL, .serve = page_sent_remove},
    {0},
};

static bool in_lab(struct app *app, bool *wants, struct err *err)
{
    struct known *known;
    if (!known_load(app->db, app->arena, &known, err))
        return false;
    *wants = known != NULL;
    return true;
}

/* While the page is open: each minute the jobs that ask have their turn, outside the sandbox. */
static bool job_out(struct app *app, struct err *err)
{
    bool wants;
    int64_t id;
    if (!room_wants_out(app, &wants, err))
        return false;
    if (!wants || !app->wake)
        return true;
    return errand_put(app->db, "tick", "", &id, err) &&
           (app->wake(app) || fail(err, E_SYSTEM, "The process that sends does not answer."));
}

static const struct job jobs[] = {
    {.name = "lab out", .when = "minute", .roles = NODE, .resident = true, .run = job_out},
    {0},
};

static const struct week_row week[] = {{.order = 40, .heading = N_("week.lab", "Your lab"), .fill = week_lab},
                                       {0}};

static const struct feed_row feed[] = {{.what = "lab", .fill = feed_lab}, {0}};

const struct room pages_room = {.name = "pages",
                                .routes = routes,
                                .jobs = jobs,
                                .week = week,
                                .feed = feed,
                                .errands = lab_errands,
                                .facts = lab_facts_shown,
                                .wants_out = in_lab};
