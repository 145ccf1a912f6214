#ifndef BASE_MAP_H
#define BASE_MAP_H
/* From bytes to a number, in an arena: open addressing, FNV-1a, doubled at three quarters. Keys are borrowed
 * and must live as long as the map. For a few thousand entries from files we read (an attacker can slow it,
 * not break it: `most` bounds it). */
#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"

struct map_entry {
    struct span key;
    uint64_t hash;
    int64_t value;
    bool used;
};
struct map {
    struct arena *arena;
    struct map_entry *at;
    size_t n, room, most;
};
/* FNV-1a, 64 bits: for tables and for telling two texts apart that nobody forges; not for secrets. */
uint64_t span_hash(struct span s);
void map_init(struct map *map, struct arena *arena, size_t most);
/* The value of `key`, made with 0 when it is not there; NULL when there is no memory or `most` entries are
 * in. */
int64_t *map_at(struct map *map, struct span key);
/* The same without making it; NULL when it is not there. */
int64_t *map_find(const struct map *map, struct span key);
#endif
