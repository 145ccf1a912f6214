#ifndef ANON_REDEEM_H
#define ANON_REDEEM_H
/* One pass for one act (PROTOCOL section 4), in two halves. Everything that can be said of a request by
 * itself is said on its own thread, in PROTOCOL's order, the dear signatures last; then the pass is marked as
 * spent, its room accepts the act, and the act waits for its batch: one transaction, on the writer's thread,
 * which computes nothing. */
#include "anon/history.h"
#include "anon/item.h"
#include "anon/token.h"
#include "ui/problem.h"
#include "ui/room.h"

struct redeem {
    struct token token;
    struct item item;
    const struct act *act; /* the kind's row */
    uint8_t key_id[32];
    int64_t spend_to;
    day_t promised; /* the day by whose end the act is in the log */
    bool again;     /* the same act came before: nothing more is to be done but to say so */
    day_t day;      /* UTC day on which it came (first) */
};
void redeem_clear(struct redeem *redeem);
#define AUTO_REDEEM __attribute__((cleanup(redeem_clear)))

/* What a board knows when an act comes. `board`: its own log's history when the lab is split, else NULL. */
struct redeem_facts {
    const struct history *issuer, *board;
    const char *board_origin;
};
/* Look at pass and body (padded as it came). False: a problem, or ours in err. `out` begins zeroed and is to
 * be cleared whatever comes; `pass` and `body` live longer than it. Reads the database, changes nothing. */
MUST bool redeem_check(struct app *app, const struct redeem_facts *facts, struct span pass, struct span body,
                       struct redeem *out, struct problem *p, struct err *err);
/* The transaction, through `app->lab->writer` when there is one, else on app->db. Sets again, day and
 * promised, when another request with the same act was faster. */
MUST bool redeem(struct app *app, struct redeem *redeem, struct problem *p, struct err *err);

/* Within db_write: mark a pass as spent without an act (recover). One that is marked stays as it is. */
MUST bool spent_put(struct db *db, const uint8_t nonce[static 32], const uint8_t key_id[static 32],
                    const uint8_t c[static 32], day_t day, struct err *err);
#endif
