#ifndef PAPERS_VOCABULARY_H
#define PAPERS_VOCABULARY_H
/* Texts that get numbers in the order in which they are first seen: words of a vocabulary, authors, venues.
 * Open addressing over FNV-1a; the bytes stand one after the other. */
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

#define NAME_NONE UINT32_MAX

struct vocabulary_slot {
    uint32_t hash, number; /* number + 1; 0: empty */
};
struct vocabulary {
    char *bytes;
    uint32_t *end; /* end[i]: where name i ends */
    struct vocabulary_slot *slot;
    size_t n, room, bytes_n, bytes_room, slots;
    size_t most; /* more names than this are refused: E_LIMIT */
};
/* Begins as {.most = …}. The number of `name`, given now when it is new. */
MUST bool vocabulary_add(struct vocabulary *names, struct span name, uint32_t *number, struct err *err);
/* Its number, or NAME_NONE. */
uint32_t vocabulary_find(const struct vocabulary *names, struct span name);
static inline struct span vocabulary_at(const struct vocabulary *names, uint32_t i)
{
    uint32_t from = i ? names->end[i - 1] : 0;
    return (struct span){names->bytes + from, names->end[i] - from};
}
void vocabulary_free(struct vocabulary *names);

/* Room for `more` rows of `size` bytes behind `n` of them; `at` is the address of the pointer to them. Grows
 * by half through mem_resize; the owner frees. */
MUST bool rows_room(void *at, size_t n, size_t more, size_t *room, size_t size, struct err *err);
#endif
