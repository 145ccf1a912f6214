#ifndef ANON_HOURS_SEND_H
#define ANON_HOURS_SEND_H
/* A counsellor's own requests to a board, with no credential but the signature in them. A counsellor need not
 * be a member: nothing here knows a lab that was joined. They go at once, because the counsellor asked; the
 * key is public, so they are not anonymous. */
#include "base/buf.h"
#include "base/mem.h"
#include "io/db.h"

struct hours_board {
    const char *url;    /* of the board, as the lab names it */
    const char *origin; /* "lab" of acts and hours */
    bool trial;
};
/* Ask the lab at `address` what it is. E_USAGE: no address of a lab. */
MUST bool hours_board(struct db *db, const char *via, const char *address, struct arena *arena,
                      struct hours_board *out, struct err *err);
/* What a refusal of the board means, in a sentence: false. */
MUST bool hours_refused(int status, struct err *err);
/* POST /v1/counsellors; append the answer, at most `most` bytes. A refusal is said in a sentence: E_REFUSED
 * (no counsellor, or not in force), E_BUSY (newer hours are there), E_FORMAT. */
MUST bool hours_post(struct db *db, const char *via, const char *board, struct span body, size_t most,
                     struct buf *out, struct err *err);
#endif
