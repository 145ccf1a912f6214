/* What the room Papers offers. */
#include "papers/papers_room.h"

#include "papers/digest.h"
#include "papers/due_pages.h"
#include "papers/fetch_run.h"
#include "papers/import.h"
#include "papers/papers_cmd.h"
#include "papers/papers_db.h"
#include "papers/papers_export.h"
#include "papers/papers_pages.h"
#include "papers/told.h"

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
    {.method = "GET",
     .path = "/digest",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_digest,
     .nav = N_("nav.digest", "Digest"),
     .under = "/moved",
     .order = 10},
    {.method = "POST", .path = "/digest", .roles = NODE, .who = LOCAL, .serve = page_digest_set},
    {.method = "GET",
     .path = "/deadlines",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_deadlines,
     .nav = N_("nav.deadlines", "Deadlines"),
     .under = "/moved",
     .order = 48},
    {.method = "POST", .path = "/deadlines", .roles = NODE, .who = LOCAL, .serve = page_deadlines_set},
    {.method = "GET",
     .path = "/authors",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_authors,
     .nav = N_("nav.authors", "Papers a year"),
     .under = "/moved",
     .order = 49},
    {.method = "POST", .path = "/authors", .roles = NODE, .who = LOCAL, .serve = page_authors_me},
    {.method = "GET",
     .path = "/profile",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_profile,
     .nav = N_("nav.profile", "Your profile"),
     .under = "/moved",
     .order = 60},
    {.method = "POST", .path = "/profile", .roles = NODE, .who = LOCAL, .serve = page_profile_set},
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
    {.name = "papers digest",
     .example = N_("digest.example", "respite papers digest"),
     .args = "[WEEK]",
     .help =
         N_("digest.help", "The page of a week: a few papers, the reason beside each, the rest as themes."),
     .options = digest_options,
     .roles = NODE,
     .run = cmd_papers_digest},
    {.name = "papers profile",
     .example = N_("profile.example", "respite papers profile --keep 2510.01234"),
     .args = "",
     .help =
         N_("profile.help", "What was learned from the papers you keep; each word of it can be taken out."),
     .options = profile_options,
     .roles = NODE,
     .run = cmd_papers_profile},
    {.name = "papers import",
     .example = N_("papers.import.example", "respite papers import library.bib arxiv-snapshot.jsonl.gz"),
     .args = "FILE…",
     .help =
         N_("papers.import.help", "Take in papers from files: BibTeX, feeds, JSON, ids, lists of deadlines."),
     .options = import_options,
     .roles = NODE,
     .run = cmd_papers_import},
    {.name = "papers fetch",
     .example = N_("papers.fetch.example", "respite papers fetch cs.LG stat.ML"),
     .args = "[CATEGORY…]",
     .help = N_("papers.fetch.help", "Fetch what arXiv announced in the categories chosen, and choose some."),
     .options = fetch_options,
     .roles = NODE,
     .run = cmd_papers_fetch},
    {.name = "papers trends",
     .example = N_("trends.example", "respite papers trends cs.LG"),
     .args = "[FIELD]",
     .help = N_("trends.help", "Rising terms of a field: lasting, unclear or faded, with the odds."),
     .options = trends_options,
     .roles = NODE,
     .run = cmd_papers_trends},
    {.name = "papers deadlines",
     .example = N_("due.example", "respite papers deadlines NeurIPS ICML"),
     .args = "[NAME…]",
     .help =
         N_("due.help", "Dates of the venues you choose, in working days from today; choose them by name."),
     .options = deadlines_options,
     .roles = NODE,
     .run = cmd_papers_deadlines},
    {.name = "papers authors",
     .example = N_("authors.example", "respite papers authors cs.LG"),
     .args = "[FIELD]",
     .help = N_("authors.help", "How many papers a year people of a field publish, never by name."),
     .options = authors_options,
     .roles = NODE,
     .run = cmd_papers_authors},
    {0}};

/* The fetch makes requests, so it never runs in the serving process, which has no way out. */
static const struct job jobs[] = {
    {.name = "papers fetch", .when = "minute", .roles = NODE, .asks = true, .run = job_papers_fetch},
    {.name = "papers received", .when = "day", .roles = NODE, .run = job_papers_received},
    {.name = "papers digest", .when = "day", .roles = NODE, .noisy = true, .run = job_papers_digest},
    {0}};
static const struct errand_row errands[] = {{"papers fetch", errand_papers_fetch}, {0}};

static const struct week_row week[] = {
    {.order = 10, .heading = N_("week.moved", "What moved"), .fill = week_papers},
    {.order = 11, .heading = N_("week.moved", "What moved"), .fill = week_terms},
    {.order = 31, .heading = N_("week.coming", "What is coming"), .fill = week_pinned, .always = true},
    {.order = 32, .heading = N_("week.coming", "What is coming"), .fill = week_deadlines},
    {0}};

static const struct feed_row feed[] = {{.what = "deadlines", .fill = feed_deadlines}, {0}};

const struct room papers_room = {.name = "papers",
                                 .routes = routes,
                                 .commands = commands,
                                 .jobs = jobs,
                                 .migrations = papers_migrations,
                                 .week = week,
                                 .feed = feed,
                                 .export_to = papers_export,
                                 .errands = errands,
                                 .wants_out = papers_want_out};
