#ifndef ANON_FETCHED_H
#define ANON_FETCHED_H
/* When this node last fetched what is public, and what the lab's clock said then. */
#include "base/mem.h"
#include "io/db.h"

/* `date`: of the answer, Unix seconds; 0: it said none. */
MUST bool fetched_note(struct db *db, int64_t now, int64_t date, struct err *err);
/* *at: 0 when nothing was fetched yet. *ahead: seconds by which the lab's clock was ahead of this computer's.
 */
MUST bool fetched_last(struct db *db, int64_t *at, int64_t *ahead, struct err *err);
/* *off: that this computer's clock and the lab's are so far apart that nothing is sent, as a sentence in the
 * arena; NULL when they agree. */
MUST bool fetched_clock(struct db *db, struct arena *arena, const char **off, struct err *err);
#endif
