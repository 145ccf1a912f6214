#ifndef ANON_BATCHES_H
#define ANON_BATCHES_H
/* What the board publishes, fetched whole and read here, so that the lab never learns who reads what. Which
 * batches there are is taken from the log; each is held against it before anything of it is shown. */
#include "anon/history.h"
#include "anon/known.h"

/* Fetch the batches that stand in the followed log and are not here yet, look at each, keep them and what can
 * be read in them. What does not fit is kept as a finding (`respite verify` says it), and the rest is taken.
 * *items: how many new ones. */
MUST bool batches_fetch(struct db *db, const struct known *known, const struct history *issuer,
                        const struct history *board, int64_t now, int *items, struct err *err);
/* Read all kept batches again and hold them against the record as it is here. *why: the first thing that does
 * not fit, or NULL. *batches: how many were looked at. */
MUST bool batches_check(struct db *db, const struct known *known, const struct history *issuer,
                        const struct history *board, struct arena *arena, const char **why, int *batches,
                        struct err *err);

/* Within db_write: the record lost its entries from number `index` on. Batches among them are fetched again
 * when the record has them again; what a room took over stays with it. */
MUST bool batches_cut(struct db *db, uint64_t index, struct err *err);

struct kept_item {
    uint8_t id[16], thread[16], pk[32]; /* thread: its own id when it begins one */
    struct span kind, json;             /* json: the whole act as signed */
    day_t day;
    uint64_t index;
};
struct kept_items {
    struct kept_item *at;
    size_t n, room;
};
/* The items of the board series that no room has taken over, in the order of the log, at most `most`. */
MUST bool items_new(struct db *db, struct arena *arena, int64_t most, struct kept_items *out,
                    struct err *err);
/* The same of another series ("letters"): no item of those is a thread's. */
MUST bool items_new_in(struct db *db, struct arena *arena, const char *series, int64_t most,
                       struct kept_items *out, struct err *err);
/* The act of one kept item as signed, in the arena; {NULL, 0} when it is not here (any more). */
MUST bool item_json(struct db *db, struct arena *arena, const uint8_t id[static 16], struct span *out,
                    struct err *err);
/* Items whose content is gone, and nobody has taken that over. `index` is the leaf of the item. */
struct gone_item {
    uint8_t id[16];
    uint64_t index;
};
struct gone_items {
    struct gone_item *at;
    size_t n, room;
};
MUST bool gone_new(struct db *db, struct arena *arena, struct gone_items *out, struct err *err);
/* Within db_write: they are taken over. */
MUST bool items_taken(struct db *db, const struct kept_items *items, const struct gone_items *gone,
                      struct err *err);
/* "me too": how many for this item so far. */
MUST bool items_metoo(struct db *db, const uint8_t id[static 16], int64_t *n, struct err *err);
#endif
