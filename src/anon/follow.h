#ifndef ANON_FOLLOW_H
#define ANON_FOLLOW_H
/* The node's own copy of the log, whole: fetched forward, each new checkpoint proven to continue the one
 * before, every entry hashed again (PROTOCOL section 5). What does not fit stops it: the last good state
 * stays, the evidence (both checkpoints) is kept, and the sentence says so. */
#include "anon/history.h"
#include "anon/known.h"

enum { FOLLOW_ISSUER = 0, FOLLOW_BOARD = 1 }; /* which log; one that is not split has only 0 */
/* Why following stopped: it did not fit; it did, at another time or under another key; or the lab says itself
 * that it has lost entries. A log that was stopped is not asked again by itself: what goes on from there is
 * the person's act (anon/follow_again.h). */
enum stop_kind { STOP_OTHER, STOP_FORK, STOP_BREAK };
/* Fetch what is new of both logs, then rosters of the live epochs (lists checked: counts, roots, order, no
 * duplicate, own leaf). *date: the server's clock. E_REFUSED with evidence kept: shorter, forked, another
 * key, wrong tile, back-dated. */
MUST bool follow(struct db *db, const struct known *known, int64_t now, int64_t *date, struct err *err);
/* The logs alone. */
MUST bool follow_logs(struct db *db, const struct known *known, int64_t now, int64_t *date, struct err *err);
/* The history as kept here (from the table, re-hashed): free both with history_free. *board is NULL when not
 * split. */
MUST bool follow_load(struct db *db, const struct known *known, struct history **issuer,
                      struct history **board, struct err *err);
/* Leaf hash of an entry of a kept log, and an inclusion proof for it under the present kept head. */
MUST bool follow_leaf(struct db *db, int log, uint64_t index, uint8_t out[static 32], struct err *err);
MUST bool follow_prove(struct db *db, int log, uint64_t index, struct buf *proof, struct err *err);
/* The list of holders or members of an epoch as last fetched and checked: how many, and whether our own leaf
 * is in it. *n = -1: none was fetched. */
MUST bool follow_holders(struct db *db, const struct known *known, day_t epoch, int64_t *n, bool *mine,
                         int64_t *checked_at, struct err *err);
/* The root of the first `size` entries of a kept log; *there is false when fewer are here. */
MUST bool follow_root(struct db *db, int log, uint64_t size, uint8_t out[static 32], bool *there,
                      struct err *err);
/* Why following has stopped, as it was said then, or NULL. */
MUST bool follow_stopped(struct db *db, struct arena *arena, const char **why, struct err *err);
/* Stop: keep what came beside the checkpoint that is here, and say `why` from now on. */
MUST bool follow_stop(struct db *db, int log, enum stop_kind kind, int64_t now, struct span came,
                      const char *why, struct err *err);
#endif
