#ifndef ARENA_LABELS_H
#define ARENA_LABELS_H
/* Names to small numbers, in the order they come: models (their text is kept) and clusters of votes (a 64-bit
 * hash stands for a voter, a session, a prompt, unless the text is asked for too). */
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct labels {
    bool texts;          /* keep and compare the text; else the hash is the identity */
    struct arena *arena; /* of the texts */
    struct span *text;
    uint64_t *hash;
    size_t n, room, most;
    uint32_t *table; /* 0: free; else number + 1 */
    size_t table_room;
    uint32_t recent[2];
};
/* `most`: no more than so many are taken. */
void labels_init(struct labels *names, struct arena *arena, bool texts, size_t most);
void labels_clear(struct labels *names);
/* The number of `name`, a new one when it is new. False: no memory (E_MEMORY), too many (E_LIMIT). */
MUST bool labels_at(struct labels *names, struct span name, uint32_t *out, struct err *err);
/* The same by hash alone, for names of hashes. */
MUST bool labels_at_hash(struct labels *names, uint64_t hash, uint32_t *out, struct err *err);
/* The number of a name that is there already; false when it is not. */
bool labels_find(const struct labels *names, struct span name, uint32_t *out);
/* A fast hash of text for tables: not for secrets, not for an adversary. */
uint64_t labels_hash(struct span s);
#endif
