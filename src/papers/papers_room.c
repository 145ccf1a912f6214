/* What the room Papers offers. */
#include "papers/papers_room.h"

#include "papers/look_up.h"
#include "papers/papers_db.h"

#include "base/banned.h"

static const struct command commands[] = {
    {.name = "papers search",
     .example = N_("search.example", "respite papers search attention sinks"),
     .args = "WORDS",
     .help = N_("search.help", "Search the papers that are here: words, a \"phrase\", author:NAME, cat:cs.LG."),
     .options = search_options,
     .roles = NODE,
     .run = cmd_papers_search},
    {0}};

static const struct route routes[] = {
    {.method = "GET", .path = "/papers/paper/*", .roles = NODE, .who = LOCAL, .serve = page_paper},
    {.method = "GET",
     .path = "/papers/search",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_papers_search,
     .nav = N_("nav.search", "Search"),
     .under = "/papers",
     .order = 40},
    {0}};

const struct room papers_room = {
    .name = "papers", .commands = commands, .routes = routes, .migrations = papers_migrations};
