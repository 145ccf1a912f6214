#ifndef PAPERS_FETCH_RUN_H
#define PAPERS_FETCH_RUN_H
/* One fetch: the day's feed of all chosen categories, then what was missed, page by page through OAI-PMH.
 * Each answer is one transaction: rows, their part of the index, and where fetching stands. */
#include "papers/paper.h"
#include "ui/room.h"

struct fetch_ask {
    const char *via;    /* NULL: as the settings say */
    unsigned wait_most; /* seconds for one answer */
    /* Told what is asked for, and of longer pauses; may be NULL. */
    void (*say)(void *arg, const char *sentence);
    void *arg;
};
struct fetch_sums {
    struct papers_kept kept;
    unsigned requests;
    bool unchanged; /* the feed has nothing newer than last time */
    bool empty;     /* it announces nothing: a weekend, a holiday */
    day_t day;      /* that it serves, PAPER_NO_DAY */
    int64_t filled; /* records that came through OAI */
};
/* E_USAGE: no category is chosen. E_BUSY: another fetch is under way, or the server asks to wait. What came
 * before a failure is kept. How it went is noted (papers/fetch_state.h). */
MUST bool fetch_run(struct app *app, const struct fetch_ask *ask, struct fetch_sums *out, struct err *err);

/* At most once a weekday, at a moment drawn beforehand, never while arXiv builds its feeds anew. */
MUST bool job_papers_fetch(struct app *app, struct err *err);
/* Categories are chosen. */
bool papers_want_out(struct app *app, bool *wants, struct err *err);
/* For the page: argument "" fetches; the answer is what `respite papers fetch` says. */
MUST bool errand_papers_fetch(struct app *app, const char *argument, struct buf *answer, struct err *err);
extern const struct cli_option fetch_options[];
int cmd_papers_fetch(struct app *app);
/* What it came to, in a line or two. */
void fetch_say(struct app *app, struct buf *out, const struct fetch_sums *sums);
/* Which categories are chosen and when all was here last. */
MUST bool fetch_say_state(struct app *app, struct buf *out, struct err *err);
#endif
