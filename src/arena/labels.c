/* Open addressing over hashes, at most half full; the two numbers found last are tried first, as neighbouring
 * rows of a file tend to name the same. */
#include "arena/labels.h"

#include "base/words.h"

#include "base/banned.h"

uint64_t labels_hash(struct span s)
{
    uint64_t h = 0x9e3779b97f4a7c15u ^ s.n, w;
    size_t i = 0;
    for (; i + 8 <= s.n; i += 8) {
        memcpy(&w, s.p + i, 8);
        h = (h ^ w) * 0xd6e8feb86659fd93u;
        h ^= h >> 32;
    }
    if (i < s.n) {
        w = 0;
        memcpy(&w, s.p + i, s.n - i);
        h = (h ^ w) * 0xd6e8feb86659fd93u;
        h ^= h >> 32;
    }
    h *= 0xd6e8feb86659fd93u;
    return h ^ h >> 32;
}

void labels_init(struct labels *names, struct arena *arena, bool texts, size_t most)
{
    *names = (struct labels){.arena = arena, .texts = texts, .most = most};
}

void labels_clear(struct labels *names)
{
    mem_free(names->text);
    mem_free(names->hash);
    mem_free(names->table);
    labels_init(names, names->arena, names->texts, names->most);
}

static bool same(const struct labels *names, uint32_t i, struct span name, uint64_t hash)
{
    return names->hash[i] == hash && (!names->texts || span_eq(names->text[i], name));
}

static bool grow_table(struct labels *names)
{
    size_t room = names->table_room ? 2 * names->table_room : 1024;
    uint32_t *table = mem_get(room * sizeof *table);
    if (!table)
        return false;
    for (size_t i = 0; i < names->n; i++) {
        size_t at = names->hash[i] & (room - 1);
        while (table[at])
            at = (at + 1) & (room - 1);
        table[at] = (uint32_t)i + 1;
    }
    mem_free(names->table);
    names->table = table;
    names->table_room = room;
    return true;
}

static bool grow(struct labels *names)
{
    size_t room = names->room ? 2 * names->room : 256;
    uint64_t *hash = mem_resize(names->hash, room * sizeof *hash);
    if (!hash)
        return false;
    names->hash = hash;
    struct span *text = names->texts ? mem_resize(names->text, room * sizeof *text) : NULL;
    if (names->texts && !text)
        return false;
    names->text = text;
    names->room = room;
    return true;
}

static bool add(struct labels *names, struct span name, uint64_t hash, uint32_t *out, struct err *err)
{
    if (names->n >= names->most)
        return fail(err, E_LIMIT, tr("err.arena.names", "There are more than %zu different names."),
                    names->most);
    if ((2 * (names->n + 1) > names->table_room && !grow_table(names)) ||
        (names->n == names->room && !grow(names)))
        return fail_memory(err);
    if (names->texts) {
        struct span kept = arena_span(names->arena, name);
        if (!kept.p && name.n)
            return fail_memory(err);
        names->text[names->n] = kept;
    }
    names->hash[names->n] = hash;
    size_t at = hash & (names->table_room - 1);
    while (names->table[at])
        at = (at + 1) & (names->table_room - 1);
    names->table[at] = (uint32_t)names->n + 1;
    *out = (uint32_t)names->n++;
    return true;
}

static bool find(const struct labels *names, struct span name, uint64_t hash, uint32_t *out)
{
    if (!names->table_room)
        return false;
    for (size_t at = hash & (names->table_room - 1); names->table[at];
         at = (at + 1) & (names->table_room - 1))
        if (same(names, names->table[at] - 1, name, hash)) {
            *out = names->table[at] - 1;
            return true;
        }
    return false;
}

bool labels_at(struct labels *names, struct span name, uint32_t *out, struct err *err)
{
    for (int r = 0; names->texts && names->n && r < 2; r++)
        if (span_eq(names->text[names->recent[r]], name)) {
            *out = names->recent[r];
            return true;
        }
    uint64_t hash = labels_hash(name);
    if (!find(names, name, hash, out) && !add(names, name, hash, out, err))
        return false;
    names->recent[1] = names->recent[0];
    names->recent[0] = *out;
    return true;
}

bool labels_at_hash(struct labels *names, uint64_t hash, uint32_t *out, struct err *err)
{
    struct span none = {NULL, 0};
    return find(names, none, hash, out) || add(names, none, hash, out, err);
}

bool labels_find(const struct labels *names, struct span name, uint32_t *out)
{
    return find(names, name, labels_hash(name), out);
}
