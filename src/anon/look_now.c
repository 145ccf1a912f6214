/* One look at the lab, all of it public. */
#include "anon/look_now.h"

#include "anon/batches.h"
#include "anon/fetched.h"
#include "anon/follow.h"
#include "anon/hours_fetch.h"
#include "anon/outside.h"
#include "anon/receipts.h"

#include "base/banned.h"

bool look_now(struct db *db, const struct known *known, int64_t now, int *items, struct err *err)
{
    struct history *issuer = NULL, *board = NULL;
    int64_t date = 0;
    *items = 0;
    bool ok = follow(db, known, now, &date, err) && fetched_note(db, now, date, err) &&
              follow_load(db, known, &issuer, &board, err) &&
              outside_fetch(db, known, issuer, board, now, err) &&
              batches_fetch(db, known, issuer, board, now, items, err) &&
              receipts_look(db, known, board ? board : issuer, err) &&
              hours_fetch(db, known, issuer, board, now, err);
    history_free(issuer);
    history_free(board);
    return ok;
}
