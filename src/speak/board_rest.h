#ifndef SPEAK_BOARD_REST_H
#define SPEAK_BOARD_REST_H
/* New posts in a quiet time (REST 7.2): they are counted into the ledger of io/sched.h as they come, and the
 * list leaves them out until it ends, or until the person opens them. What was shown is delivered; nothing is
 * lost: held + released + delivered = received. */
#include "speak/board.h"

/* Within the transaction that keeps a post of somebody else: it has come. */
MUST bool board_received(struct db *db, const uint8_t id[static 16], int64_t now, struct err *err);
/* These posts were shown. Writes only when one of them was not shown before. */
MUST bool board_shown(struct db *db, const struct board_threads *threads, struct err *err);
/* Within db_write: nothing of the board is kept any more, so nothing of it waits or was received. */
MUST bool board_rest_forget(struct db *db, struct err *err);
#endif
