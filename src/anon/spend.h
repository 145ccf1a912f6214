#ifndef ANON_SPEND_H
#define ANON_SPEND_H
/* The outbox (PROTOCOL section 3): an act waits here without a pass; at its first try a pass is taken, the
 * act is completed and signed, both are on the disk, and then it leaves; at most three tries on three days,
 * the same bytes. What the answer is does not matter to the pass: it is gone. */
#include "anon/history.h"
#include "anon/item.h"
#include "anon/known.h"

enum act_state { ACT_WAITING, ACT_TRIED, ACT_KEPT /* receipt here */, ACT_REFUSED, ACT_GIVEN_UP };
struct spend_wish {
    const char *kind;
    json_t *act;               /* borrowed */
    bool new_thread, keep_key; /* new_thread: its 16 random bytes are drawn and kept for the key */
    uint8_t thread[16];        /* else the thread whose key signs; one_time: neither */
    bool one_time, now;
    day_t key_epoch; /* sign with the thread's key of this epoch (a `retract`); 0: of the pass's, or the kept
                        one */
};
/* Put an act into the outbox and draw its moment (`now`: the present). Nothing leaves here. */
MUST bool spend(struct db *db, const struct known *known, const struct spend_wish *wish, int64_t now,
                int64_t *outbox, struct err *err);
/* Put an act that was not taken into the outbox once more, as a new item that a new pass will pay for; the
 * old one is not listed any more. E_REFUSED while it waits or is kept, and, when its answers were lost, until
 * the day by which it would have to be in the log is over and the log does not have it. */
MUST bool spend_again(struct db *db, const struct known *known, int64_t id, int64_t now, int64_t *outbox,
                      struct err *err);
/* Why nothing may be spent now, as one sentence for a person, or NULL: no passes, crowd below the floor, list
 * that lies, late fetch, clock off, no head, a stopped log. */
MUST bool spend_hindered(struct db *db, const struct known *known, const struct history *issuer,
                         const struct history *board, int64_t now, bool at_once, struct arena *arena,
                         const char **why, struct err *err);
/* Send what is due (of a counsellor who is no member: what was not tried today, since nothing runs there by
 * itself); `only`: that one, whether due or not (the person asked; -1: all that is due). *sent
 * counts. */
MUST bool spend_due(struct db *db, const struct known *known, int64_t now, int64_t awake_since, int64_t only,
                    int *sent, struct err *err);
#endif
