/* What the room offers: one table (STYLE 9). It belongs to the node alone; its data has no road out. */
#include "rest/rest_room.h"

#include <unistd.h>

#include "base/note.h"
#include "rest/example.h"
#include "rest/feed.h"
#include "rest/greeting.h"
#include "rest/look.h"
#include "rest/messages.h"
#include "rest/pages.h"
#include "rest/picture.h"
#include "rest/quiet.h"
#include "rest/reads.h"
#include "rest/rest_cmd.h"
#include "rest/rest_keep.h"
#include "rest/week_rest.h"

#include "base/banned.h"

static const struct route routes[] = {
    {.method = "GET",
     .path = "/rest",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_rest,
     .nav = N_("nav.rest", "Rest"),
     .order = 30},
    {.method = "GET", .path = "/rest/hours", .roles = NODE, .who = LOCAL, .serve = page_hours},
    {.method = "POST", .path = "/rest/agents", .roles = NODE, .who = LOCAL, .serve = page_agents},
    {.method = "POST", .path = "/rest/looks", .roles = NODE, .who = LOCAL, .serve = page_looks},
    {.method = "GET", .path = "/rest/setup", .roles = NODE, .who = LOCAL, .serve = page_setup},
    {.method = "POST", .path = "/rest/setup", .roles = NODE, .who = LOCAL, .serve = page_setup_save},
    {.method = "POST", .path = "/rest/quiet", .roles = NODE, .who = LOCAL, .serve = page_quiet_plan},
    {.method = "POST", .path = "/rest/quiet/end", .roles = NODE, .who = LOCAL, .serve = page_quiet_end},
    {0}};

static const struct command commands[] = {
    {.name = "hours",
     .example = N_("hours.example", "respite hours ~/src"),
     .args = "[FOLDER…]",
     .help = N_("hours.help",
                "Signs of work of the last twelve weeks, from the dates and times of your own commits."),
     .options = hours_options,
     .roles = NODE,
     .run = cmd_hours},
    {.name = "rest quiet",
     .example = N_("rest.quiet.example", "respite rest quiet 2026-12-21..2026-12-27"),
     .args = "[DAY[..DAY]]",
     .help = N_("rest.quiet.help",
                "Plan a quiet week of your own, list what is planned, or end the one that is on."),
     .options = quiet_options,
     .roles = NODE,
     .run = cmd_rest_quiet},
    {0}};

enum { WEEKS_SHOWN = 12 };

static int64_t since_of(const struct app *app)
{
    return picture_since(this_monday(app) - 7 * (WEEKS_SHOWN - 1), WEEKS_SHOWN);
}

/* Repositories looked at are chosen by being named, or, where the command was typed, unless they were refused
 * before. */
static bool choose(struct app *app, const struct look *l, bool named, struct err *err)
{
    for (size_t i = 0; i < l->repos.n; i++) {
        const struct look_repo *r = &l->repos.at[i];
        if (r->problem)
            complaint("%s", r->problem);
        else if ((named || r->row.chosen == CHOSEN_NOT_ASKED) && !repo_choose(app->db, r->row.id, true, err))
            return false;
    }
    return true;
}

/* Folders named on the command line; else the one it was typed in; else what was chosen before. */
static bool look_here(struct app *app, struct err *err)
{
    struct look l;
    char here[4096];
    if (app->here && app->here[0])
        return look(app, app->here, true, since_of(app), LOOK_KEEP, false, &l, err) &&
               choose(app, &l, true, err);
    if (getcwd(here, sizeof here) &&
        (!look(app, (const char *const[]){here, NULL}, false, since_of(app), LOOK_KEEP, false, &l, err) ||
         !choose(app, &l, false, err)))
        return false;
    return look_again(app, since_of(app), &l, err);
}

static bool job_look(struct app *app, struct err *err)
{
    struct look l;
    return look_again(app, since_of(app), &l, err);
}

/* The whole history, while the page is open: asked each minute, done once. */
static bool job_history(struct app *app, struct err *err)
{
    struct repo_rows rows = {0};
    struct look l;
    bool waiting = false;
    if (!repos_load(app->db, app->arena, &rows, err))
        return false;
    for (size_t i = 0; i < rows.n; i++)
        waiting = waiting || (rows.at[i].chosen == CHOSEN_YES && (!rows.at[i].read || rows.at[i].since > 0));
    return !waiting || look_again(app, 0, &l, err);
}

static const struct job jobs[] = {
    {.name = "rest.look", .when = "day", .roles = NODE, .run = job_look},
    {.name = "rest.history", .when = "minute", .roles = NODE, .resident = true, .run = job_history},
    {0}};

static const struct week_row week[] = {
    {.order = 20, .heading = N_("week.you", "How you are (from you, for you)"), .fill = week_rest},
    {.order = 30, .heading = N_("week.coming", "What is coming"), .fill = week_quiet},
    {0}};

static const struct feed_row feed[] = {{.what = "quiet weeks", .fill = feed_quiet}, {0}};

/* The first page comes first until it was sent once. */
static const char *welcome(struct app *app)
{
    const char *started;
    struct err err = {0};
    if (!setting_get(app->db, app->arena, "rest.started", "", &started, &err))
        return NULL;
    return started[0] ? NULL : "/rest/setup";
}

const struct room rest_room = {.name = "rest",
                               .routes = routes,
                               .commands = commands,
                               .jobs = jobs,
                               .migrations = rest_migrations,
                               .week = week,
                               .feed = feed,
                               .welcome = welcome,
                               .greeting = rest_greeting,
                               .look = look_here,
                               .reads = rest_reads,
                               .example = rest_example,
                               .doctor = rest_doctor,
                               .own_texts = rest_messages,
                               .export_to = rest_export};
