#ifndef PAPERS_DIGEST_ROWS_H
#define PAPERS_DIGEST_ROWS_H
/* The tables behind papers/digest.h. */
#include "papers/digest.h"

enum {
    DIGEST_LATE = 42 /* days a paper may be late for its page and join another */,
    DIGEST_GAP = 26 /* weeks */
};

struct numbers {
    int64_t *at;
    size_t n, room;
};
/* Papers for a page of these days, ascending: first announced in them (never as a replacement), or late for a
 * page that was made without them; not withdrawn, on no page before. */
MUST bool digest_candidates(struct db *db, struct arena *arena, day_t from, day_t to, struct numbers *out,
                            struct err *err);
/* The stored digest that is named after this week, or covers it. `*there`. */
MUST bool digest_load(struct app *app, day_t monday, struct digest *out, bool *there, struct err *err);
/* Keep it; `*kept` is false, and nothing changed, where another process has made a page of that name
 * meanwhile.
 */
MUST bool digest_save(struct app *app, const struct digest *d, const struct numbers *papers, bool *kept,
                      struct err *err);
MUST bool digest_covers(struct db *db, day_t day, bool *covered, struct err *err);
/* The day behind the last stored digest that ends before `monday`; `*day` stays when there is none. */
MUST bool digest_last_before(struct db *db, day_t monday, day_t *day, struct err *err);
/* The newest day that has a paper, not after `today`; PAPER_NO_DAY. */
MUST bool digest_newest(struct db *db, day_t today, day_t *out, struct err *err);
/* Enter them in the ledger, once each. */
MUST bool digest_receive(struct app *app, const struct numbers *papers, struct err *err);
#endif
