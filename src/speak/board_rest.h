#ifndef SPEAK_BOARD_REST_H
#define SPEAK_BOARD_REST_H
/* New posts in a quiet time (REST 7.2): they are counted into the ledger of io/sched.h as they come, and the
 * list leaves them out until it ends, or until the person opens them. What was shown is delivered; nothing is
 * lost: held + released + delivered = received. */
#include "speak/board.h"

struct board_arrivals {
    struct span *at;
    size_t n, room;
};
/* Of a post that is kept now: add its id, into the arena, unless it was written on this computer. */
MUST bool board_arrived(struct db *db, struct arena *arena, const uint8_t id[static 16],
                        struct board_arrivals *out, struct err *err);
/* Within the transaction that keeps them: they have come. */
MUST bool board_received(struct db *db, const struct board_arrivals *arrivals, int64_t now, struct err *err);
/* These posts were shown. Writes only when one of them was not shown before. */
MUST bool board_shown(struct db *db, const struct board_threads *threads, struct err *err);
/* Within db_write: nothing of the board is kept any more, so nothing of it waits or was received. */
MUST bool board_rest_forget(struct db *db, struct err *err);
#endif
