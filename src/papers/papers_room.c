/* What the room Papers offers. */
#include "papers/papers_room.h"

#include "papers/import.h"
#include "papers/papers_cmd.h"
#include "papers/papers_db.h"
#include "papers/papers_pages.h"

#include "base/banned.h"

static const struct route routes[] = {
    {.method = "GET",
     .path = "/terms",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_terms,
     .nav = N_("nav.terms", "Terms"),
     .under = "/moved",
     .order = 20},
    {.method = "POST", .path = "/terms", .roles = NODE, .who = LOCAL, .serve = page_terms_make},
    {.method = "GET", .path = "/terms/term", .roles = NODE, .who = LOCAL, .serve = page_term},
    {.method = "POST", .path = "/paper/keep", .roles = NODE, .who = LOCAL, .serve = page_paper_keep},
    {.method = "GET", .path = "/paper/*", .roles = NODE, .who = LOCAL, .serve = page_paper},
    {.method = "GET",
     .path = "/search",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_papers_search,
     .nav = N_("nav.search", "Search"),
     .under = "/moved",
     .order = 40},
    {0}};

static const struct command commands[] = {
    {.name = "papers search",
     .example = N_("search.example", "respite papers search attention sinks"),
     .args = "WORDS",
     .help =
         N_("search.help", "Search the papers that are here: words, a \"phrase\", author:NAME, cat:cs.LG."),
     .options = search_options,
     .roles = NODE,
     .run = cmd_papers_search},
    {.name = "papers import",
     .example = N_("papers.import.example", "respite papers import library.bib arxiv-snapshot.jsonl.gz"),
     .args = "FILE…",
     .help =
         N_("papers.import.help", "Take in papers from files: BibTeX, feeds, JSON, ids, lists of deadlines."),
     .options = import_options,
     .roles = NODE,
     .run = cmd_papers_import},
    {.name = "papers trends",
     .example = N_("trends.example", "respite papers trends cs.LG"),
     .args = "[FIELD]",
     .help = N_("trends.help", "Rising terms of a field: lasting, unclear or faded, with the odds."),
     .options = trends_options,
     .roles = NODE,
     .run = cmd_papers_trends},
    {0}};

const struct room papers_room = {
    .name = "papers", .routes = routes, .commands = commands, .migrations = papers_migrations};
