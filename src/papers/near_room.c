/* What the scoop check offers. Its tables: vec_model, what was learned of words, the newest that is ready
 * serves; seg_vec, the papers' vectors beside the segments of the index, VEC_CHUNK of them a row;
 * vec_learning and vec_lesson, what is being learned; near_pin, paths of drafts; near_sort, how the reader
 * sorted papers near them. */
#include "papers/near_room.h"

#include "io/clock.h"
#include "papers/near_cmd.h"
#include "papers/near_pages.h"
#include "papers/near_pins.h"
#include "papers/vec_learn.h"

#include "base/banned.h"

enum { TICK_MS = 20000, RESIDENT_MS = 1500 };

static const struct migration migrations[] = {
    {1, 1 /* NODE */,
     "create table vec_model(id integer primary key, ready integer not null, cut integer not null, made "
     "integer "
     "not null, papers integer not null, words integer not null, dims integer not null, scale real not null, "
     "mean "
     "blob not null, nulls blob not null, terms text not null, df blob not null, e blob not null);"
     "create table seg_vec(seg integer not null references paper_seg(id) on delete cascade, model integer "
     "not null "
     "references vec_model(id) on delete cascade, chunk integer not null, vectors blob not null, primary "
     "key(seg, "
     "model, chunk));"
     "create table vec_learning(id integer primary key, cut integer not null, everything integer not null, "
     "papers "
     "integer not null, places integer not null, words integer not null, terms text not null, df blob not "
     "null, done "
     "integer not null, e blob not null, squares blob not null);"
     "create table vec_lesson(chunk integer primary key, bytes blob not null);"
     "create table near_pin(id integer primary key, path text not null unique);"
     "create table near_sort(pin integer not null references near_pin(id) on delete cascade, paper integer "
     "not "
     "null, marks integer not null, primary key(pin, paper));"},
    {0}};

static const struct route routes[] = {
    {.method = "GET",
     .path = "/near",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_near,
     .nav = N_("nav.near", "Near"),
     .under = "/moved",
     .order = 45},
    {.method = "POST", .path = "/near", .roles = NODE, .who = LOCAL, .serve = page_near_pin},
    {.method = "POST", .path = "/near/sort", .roles = NODE, .who = LOCAL, .serve = page_near_sort},
    {.method = "GET", .path = "/near/compare", .roles = NODE, .who = LOCAL, .serve = page_near_compare},
    {0}};

static const struct command commands[] = {
    {.name = "papers near",
     .example = N_("near.example", "respite papers near draft.tex"),
     .args = "FILE",
     .help =
         N_("near.help", "The papers here that are nearest to a draft, with odds and with what it misses."),
     .options = near_options,
     .roles = NODE,
     .run = cmd_papers_near},
    {.name = "papers vectors",
     .example = N_("vectors.example", "respite papers vectors"),
     .args = "",
     .help = N_("vectors.help", "Learn from the papers here, now, what comparing by meaning takes."),
     .options = vectors_options,
     .roles = NODE,
     .run = cmd_papers_vectors},
    {0}};

/* Where a page waits for it, for a moment; in `respite tick` for a while, with one thread. */
static bool job_learn(struct app *app, struct err *err)
{
    struct vec_progress progress;
    day_t today = moment_day(clock_local(app->now));
    bool due;
    if (!vec_learn_due(app->db, today, &due, err))
        return false;
    if (!due || vec_learn(app->db, today, app->cli ? TICK_MS : RESIDENT_MS, 1, &progress, err))
        return true;
    if (err->code != E_MISSING)
        return false;
    err_clear(err); /* too few papers with an abstract */
    return true;
}

static const struct job jobs[] = {{.name = "papers learn", .when = "minute", .roles = NODE, .run = job_learn},
                                  {0}};

static const struct week_row week[] = {
    {.order = 12, .heading = N_("week.near.head", "Near your draft"), .fill = week_near}, {0}};

const struct room near_room = {.name = "near",
                               .routes = routes,
                               .commands = commands,
                               .jobs = jobs,
                               .migrations = migrations,
                               .week = week,
                               .reads = near_reads};
