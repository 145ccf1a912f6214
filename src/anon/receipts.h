#ifndef ANON_RECEIPTS_H
#define ANON_RECEIPTS_H
/* What the board promised for this node's own acts (PROTOCOL section 4, Receipt): kept as it signed it, and
 * once the act stands in the log, replaced by a proof of that. */
#include "anon/history.h"
#include "anon/known.h"

struct receipt {
    uint8_t leaf[32];
    day_t day;                                                     /* in the log by the end of that UTC day */
    struct span note;                                              /* signed; evidence when it is not */
    enum { RECEIPT_PROMISED, RECEIPT_PROVEN, RECEIPT_LOST } state; /* lost: with entries of the record */
    uint64_t index;
};
struct receipts {
    struct receipt *at;
    size_t n, room;
};
/* Look at the answer to an act with this leaf, sent at `now`, and keep it. E_REFUSED: it proves nothing
 * (signed by another key, for another act, or for a later day than a board may promise). */
MUST bool receipt_keep(struct db *db, const struct known *known, const uint8_t leaf[static 32], int64_t now,
                       struct span body, struct err *err);
/* Look for the acts of kept promises in the log that holds the acts (`board`, not split: the one log), and
 * keep the proof where one is found. */
MUST bool receipts_look(struct db *db, const struct known *known, const struct history *log, struct err *err);
MUST bool receipts_list(struct db *db, struct arena *arena, struct receipts *out, struct err *err);
/* Within db_write: the record lost its entries from number `index` on, as the lab said at `broke_at`.
 * Receipts of acts among them are lost, and are found again when the act is in the record again. */
MUST bool receipts_cut(struct db *db, uint64_t index, int64_t broke_at, struct err *err);
/* The first promise that was not kept, as seen in a copy of the log of the time `fetched_at`; NULL: none. */
const struct receipt *receipts_broken(const struct receipts *all, int64_t fetched_at);
#endif
