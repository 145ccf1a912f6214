/* Lists of members and holders as they are served, held against an entry of two members: what is good is
 * sorted and has the entry's root; lines of cosignatures lie inside their answer. */
#include "fuzz/fuzz.h"

#include "anon/list_check.h"
#include "codec/json.h"

#include "base/banned.h"

static void try_list(const json_t *all, struct arena *arena)
{
    static const uint8_t pair[2][32] = {{1}, {2}};
    struct leaves want = {(uint8_t(*)[32])(uintptr_t)pair, 2}, out = {0};
    struct history_list entry = {.index = 4, .list = {.n = 2}};
    struct err err = {0};
    bool good;
    roster_root(&want, entry.list.root);
    must(list_check(all, &entry, arena, &out, &good, &err));
    must(!good || (out.n == 2 && memcmp(out.at, pair, sizeof pair) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *AUTO_ARENA arena = arena_new();
    AUTO_JSON json_t *o = NULL;
    struct err err = {0};
    if (!arena)
        return 0;
    if (!json_read((struct span){(const char *)data, size}, LIST_BYTES, "lists", &o, &err)) {
        must(said(&err));
        return 0;
    }
    try_list(json_object_get(o, "rosters"), arena);
    try_list(json_object_get(o, "opens"), arena);
    const json_t *lines = json_object_get(o, "lines");
    for (size_t i = 0; i < json_array_size(lines); i++) {
        struct span origin, line;
        must(!list_line(lines, i, &origin, &line) || (origin.n <= LINE_BYTES && strlen(line.p) == line.n));
    }
    return 0;
}
