#ifndef ANON_WALLET_H
#define ANON_WALLET_H
/* Passes of this node: fetched whole, wanted or not; taken one at a time, newest epoch first; a pass that was
 * taken is gone for good (PROTOCOL sections 2, 3). Before a request leaves, what is needed to finish it is
 * kept, so that after a crash the same body is sent and the same answer comes. */
#include "anon/history.h"
#include "anon/known.h"
#include "anon/token.h"

/* Fetch the whole quota for a key of the followed log (E_REFUSED: not good, or outside its issue window).
 * Done before: true, nothing is sent. */
MUST bool wallet_withdraw(struct db *db, const struct known *known, const struct history *issuer,
                          const struct history_key *key, int64_t now, struct err *err);
/* Within db_write: take a general pass that may be spent at `now` (15 minutes inside both ends of its
 * window), newest epoch first, and mark it gone. E_MISSING: none. */
MUST bool wallet_take(struct db *db, const struct history *issuer, int64_t now, struct token *out,
                      day_t *epoch, struct err *err);
/* How many general passes of an epoch are here (taken ones not), and when they were fetched (0: never). */
MUST bool wallet_count(struct db *db, const struct history *issuer, day_t epoch, int64_t *n,
                       int64_t *fetched_at, struct err *err);
/* Drop all passes (restore, copied folder), and those whose window is over. */
MUST bool wallet_drop_all(struct db *db, struct err *err);
MUST bool wallet_drop_over(struct db *db, const struct history *issuer, int64_t now, struct err *err);
#endif
