/* What the program as a whole offers. */
#include "app/feed.h"
#include "app/home.h"
#include "app/node.h"
#include "ui/assets.h"
#include "ui/reply.h"

#include "base/banned.h"

static void page_asset(struct app *app, const struct request *request, struct reply *reply)
{
    const struct asset *asset = asset_find(span_from(request->path, sizeof "/assets/" - 1));
    struct err err = {0};
    if (!asset || !asset->type) {
        fail(&err, E_MISSING, tr("error.asset", "There is no such file."));
        reply_error(app, request, reply, 404, &err);
        return;
    }
    reply->status = 200;
    reply->type = asset->type;
    reply_header(reply, request->arena, "X-Content-Type-Options", "nosniff");
    reply_header(reply, request->arena, "Cross-Origin-Resource-Policy", "same-origin");
    buf_add(&reply->body, asset->bytes);
}

/* What moved has no page of its own: the first of those that stand under it. */
static void page_moved(struct app *app, const struct request *request, struct reply *reply)
{
    const struct route *first = NULL;
    for (const struct room *const *room = app->rooms; *room; room++)
        for (const struct route *r = (*room)->routes; r && r->path; r++)
            if (r->under && span_is(span_of(r->under), "/moved") && (!first || r->order < first->order))
                first = r;
    reply_to(reply, request, first ? first->path : "/");
}

static const struct route routes[] = {
    {.method = "GET",
     .path = "/",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_week,
     .nav = N_("nav.week", "This week"),
     .order = 10},
    {.method = "GET",
     .path = "/moved",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_moved,
     .nav = N_("nav.moved", "What moved"),
     .order = 40},
    {.method = "GET", .path = "/assets/*", .roles = NODE, .who = LOCAL, .serve = page_asset, .always = true},
    {.method = "GET",
     .path = "/feed/*",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_feed,
     .always = true,
     .keyed = true},
    {.method = "POST", .path = "/settings/feed", .roles = NODE, .who = LOCAL, .serve = page_set_feed},
    {.method = "POST", .path = "/folders/add", .roles = NODE, .who = LOCAL, .serve = page_folder_add},
    {.method = "POST", .path = "/example/start", .roles = NODE, .who = LOCAL, .serve = page_example_start},
    {.method = "POST", .path = "/example/clear", .roles = NODE, .who = LOCAL, .serve = page_example_clear},
    {0}};

static const struct command commands[] = {
    {.name = "",
     .example = N_("node.example", "respite ~/src"),
     .args = "[FOLDER…]",
     .help = N_("node.help", "Open this week's page, on this computer only."),
     .options = node_options,
     .roles = NODE,
     .run = cmd_node},
    {.name = "week",
     .example = N_("week.example", "respite week"),
     .args = "[FOLDER…]",
     .help = N_("week.help", "This week in the terminal: the same as the page."),
     .roles = NODE,
     .run = cmd_week},
    {.name = "tick",
     .aside = true,
     .example = N_("tick.example", "respite tick"),
     .args = "",
     .help = N_("tick.help", "Run what is due and end; a timer calls it."),
     .roles = NODE,
     .run = cmd_tick},
    {.name = "rest feed",
     .example = N_("feed.example", "respite rest feed on"),
     .args = "[on|off|new|FILE.ics]",
     .help = N_("feed.help", "Your own calendar feed: quiet weeks and deadlines you follow, for calendars."),
     .roles = NODE,
     .run = cmd_rest_feed},
    {0}};

static const struct job jobs[] = {{.name = "feed", .when = "hour", .roles = NODE, .run = job_feed}, {0}};

static const struct migration migrations[] = {{1, NODE, "create table folder(path blob primary key)"}, {0}};

static const struct errand_row errands[] = {{"tick", errand_tick}, {0}};

const struct room home_room = {.name = "home",
                               .routes = routes,
                               .commands = commands,
                               .jobs = jobs,
                               .migrations = migrations,
                               .errands = errands};
