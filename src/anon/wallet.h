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
/* The same for every good key in its issue window. */
MUST bool wallet_collect(struct db *db, const struct known *known, const struct history *issuer, int64_t now,
                         struct err *err);
/* Fetch the crowd keys of this epoch and the next that are not here, as this member; one that is not the one
 * in the record is a finding, and is not used. */
MUST bool wallet_crowd(struct db *db, const struct known *known, const struct history *issuer, int64_t now,
                       struct err *err);
/* Cosign the head of the running epoch, once, and no other state of the log: a later one would show how far
 * this node has read. */
MUST bool wallet_cosign(struct db *db, const struct known *known, const struct history *issuer,
                        const struct history *board, int64_t now, struct err *err);
/* The name this member cosigns under: <log origin>/m/<8 hex digits of its key>. */
void wallet_witness_name(const char *origin, const uint8_t seed[static 32], char *out, size_t size);
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
