/* What the room offers: one table (STYLE 9). It belongs to the node alone; its data has no road out. */
#include "rest/rest_room.h"

#include "base/note.h"
#include "rest/example.h"
#include "rest/look.h"
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

static bool job_look(struct app *app, struct err *err)
{
    struct look l;
    return look_again(app, picture_since(this_monday(app) - 7 * (WEEKS_SHOWN - 1), WEEKS_SHOWN), &l, err);
}

/* Folders named on the command line are chosen by that. */
static bool look_here(struct app *app, struct err *err)
{
    struct look l;
    int64_t since = picture_since(this_monday(app) - 7 * (WEEKS_SHOWN - 1), WEEKS_SHOWN);
    if (!app->here || !app->here[0])
        return look_again(app, since, &l, err);
    if (!look(app, app->here, true, since, LOOK_KEEP, false, &l, err))
        return false;
    for (size_t i = 0; i < l.repos.n; i++) {
        if (l.repos.at[i].problem)
            complaint("%s", l.repos.at[i].problem);
        else if (!repo_choose(app->db, l.repos.at[i].row.id, true, err))
            return false;
    }
    return true;
}

/* The whole history, once, while the page is open. */
static bool job_history(struct app *app, struct err *err)
{
    struct look l;
    return look_again(app, 0, &l, err);
}

static const struct job jobs[] = {
    {.name = "rest.look", .when = "day", .roles = NODE, .run = job_look},
    {.name = "rest.history", .when = "hour", .roles = NODE, .resident = true, .run = job_history},
    {0}};

static const struct week_row week[] = {
    {.order = 20, .heading = N_("week.you", "How you are (from you, for you)"), .fill = week_rest},
    {.order = 30, .heading = N_("week.coming", "What is coming"), .fill = week_quiet},
    {0}};

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
                               .welcome = welcome,
                               .look = look_here,
                               .reads = rest_reads,
                               .example = rest_example,
                               .doctor = rest_doctor,
                               .export_to = rest_export};
