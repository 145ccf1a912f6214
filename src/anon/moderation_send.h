#ifndef ANON_MODERATION_SEND_H
#define ANON_MODERATION_SEND_H
/* A moderator's own requests to the board, with no credential but the signature in them. They go at once,
 * because the moderator asked; the key is public, so they are not anonymous and need no window. */
#include "anon/known.h"
#include "anon/moderation.h"

/* Send a decision. *index: its place in the record. A refusal of the board is said in a sentence: E_REFUSED
 * (no moderator, or not in force), E_BUSY (another decision came before: look again), E_FORMAT. */
MUST bool moderation_send(struct db *db, const struct known *known, const struct moderation *m,
                          int64_t *index, struct err *err);
/* Fetch what members wrote to the moderators: append the board's answer, at most MODERATION_DESK bytes. */
enum { MODERATION_DESK = 1024 * 1024 };
MUST bool moderation_fetch(struct db *db, const struct known *known, const struct sign_key *key, int64_t now,
                           struct buf *out, struct err *err);
#endif
