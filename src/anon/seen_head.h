#ifndef ANON_SEEN_HEAD_H
#define ANON_SEEN_HEAD_H
/* The record as the writer of a letter has it (PROTOCOL section 6.4): each letter carries the checkpoint that
 * its writer follows, with the log's own signature and no other. Whoever opens the letter holds it against
 * the record here: a lab that shows two records to two members is caught by the first letter between them. */
#include "anon/history.h"
#include "anon/known.h"

enum { SEEN_HEAD_MOST = 1024 /* bytes of one in a letter */ };
enum seen_head {
    SEEN_NOTHING, /* not signed by this lab's log: it says nothing, for or against */
    SEEN_AGREES,  /* the same record; the weeks whose heads it holds are confirmed by it */
    SEEN_LATER,   /* longer than the record here: kept, and compared when that has grown */
    SEEN_DIFFERS, /* another record, and the lab signed both: following has stopped (anon/follow.h) */
};
/* What stands in a letter written here, in the arena. E_MISSING: no record is here yet. */
MUST bool seen_head_own(struct db *db, const struct known *known, struct arena *arena, struct span *out,
                        struct err *err);
/* Within db_write or not: hold the checkpoint of an opened letter against the record. `board`: NULL when the
 * lab is not split. */
MUST bool seen_head_take(struct db *db, const struct known *known, const struct history *issuer,
                         const struct history *board, struct span note, int64_t now, enum seen_head *out,
                         struct err *err);
/* The same once more for those that were longer than the record here. */
MUST bool seen_heads_again(struct db *db, const struct known *known, const struct history *issuer,
                           const struct history *board, int64_t now, struct err *err);
#endif
