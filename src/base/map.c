/* A small hash map in an arena. */
#include "base/map.h"

#include "base/banned.h"

uint64_t span_hash(struct span key)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < key.n; i++)
        h = (h ^ (unsigned char)key.p[i]) * 0x100000001b3u;
    return h;
}

void map_init(struct map *map, struct arena *arena, size_t most)
{
    *map = (struct map){.arena = arena, .most = most};
}

/* Where `key` is, or the free place where it would go. The table has always a free place. */
static struct map_entry *place(const struct map *map, struct span key, uint64_t hash)
{
    for (size_t i = hash & (map->room - 1);; i = (i + 1) & (map->room - 1)) {
        struct map_entry *e = &map->at[i];
        if (!e->used || (e->hash == hash && span_eq(e->key, key)))
            return e;
    }
}

static bool grow(struct map *map)
{
    struct map bigger = {
        .arena = map->arena, .n = map->n, .room = map->room ? map->room * 2 : 16, .most = map->most};
    bigger.at = arena_array(map->arena, bigger.room, sizeof *bigger.at);
    if (!bigger.at)
        return false;
    for (size_t i = 0; i < map->room; i++)
        if (map->at[i].used)
            *place(&bigger, map->at[i].key, map->at[i].hash) = map->at[i];
    *map = bigger;
    return true;
}

int64_t *map_find(const struct map *map, struct span key)
{
    if (map->room == 0)
        return NULL;
    struct map_entry *e = place(map, key, span_hash(key));
    return e->used ? &e->value : NULL;
}

int64_t *map_at(struct map *map, struct span key)
{
    int64_t *found = map_find(map, key);
    if (found)
        return found;
    if (map->n >= map->most || (map->n * 4 >= map->room * 3 && !grow(map)))
        return NULL;
    uint64_t hash = span_hash(key);
    struct map_entry *e = place(map, key, hash);
    *e = (struct map_entry){.key = key, .hash = hash, .used = true};
    map->n++;
    return &e->value;
}
