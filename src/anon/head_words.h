#ifndef ANON_HEAD_WORDS_H
#define ANON_HEAD_WORDS_H
/* Hashes in words that two people can compare (PROTOCOL sections 3 and 7). */
#include "base/buf.h"
#include "base/mem.h"
#include "io/db.h"

/* Append an epoch's head in four words, in the language of this thread. Slow to work out (0.1 s), so it is
 * kept. */
MUST bool head_words(struct db *db, const uint8_t head[static 32], struct buf *out, struct err *err);
/* A key, or a receipt, in six: of SHA-256 of its bytes. */
MUST bool key_words(struct span bytes, struct arena *arena, const char **out, struct err *err);
/* The keys of a lab's logs: what is pinned by an invitation. */
void lab_pin(const char *issuer_vkey, const char *board_vkey, uint8_t out[static 32]);
MUST bool lab_words(const char *issuer_vkey, const char *board_vkey, struct arena *arena, const char **out,
                    struct err *err);
#endif
