/* The table of the pages about the lab. Nothing is sent because one of them was opened: each GET below draws
 * what is here. */
#include "anon/pages_room.h"

#include "anon/known.h"
#include "anon/pages.h"

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
    {.method = "GET", .path = "/sees", .roles = NODE, .who = LOCAL, .serve = page_sees},
    {.method = "GET", .path = "/sent", .roles = NODE, .who = LOCAL, .serve = page_sent},
    {.method = "POST", .path = "/sent/remove", .roles = NODE, .who = LOCAL, .serve = page_sent_remove},
    {0},
};

const struct room pages_room = {.name = "pages", .routes = routes, .facts = lab_facts_shown};
