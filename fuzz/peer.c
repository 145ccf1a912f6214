/* What the other operator's server sends: a checkpoint, or a tile of entries behind two letters that say its
 * number and how many entries it is asked for. Only what was asked for is taken, in its order, and each entry
 * lies as it came. */
#include "fuzz/fuzz.h"

#include "anon/peer.h"

#include "base/banned.h"

static void tile(struct span bytes, unsigned width, uint64_t have, struct arena *arena)
{
    struct merkle tree = {.size = have};
    struct peer_entries entries = {0};
    struct err err = {0};
    bool good = peer_tile(bytes, 0, width, &tree, arena, &entries, &err);
    must(tree.size == have + entries.n && entries.n <= width);
    must(good || said(&err));
    size_t sum = 0;
    for (size_t i = 0; i < entries.n; i++) {
        must(span_find(bytes, entries.at[i]) >= 0);
        sum += entries.at[i].n + 2;
    }
    must(sum <= bytes.n && (!good || have >= width || entries.n == width - have));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char vkey[] = "example.com/respite+2a4f0b0e+AYXb4K4nXHIY5fSYYDxg8Kx9UGnT6y0ZcRq4Zl5nXyEr";
    struct arena *AUTO_ARENA arena = arena_new();
    if (!arena || size < 2)
        return 0;
    struct span bytes = {(const char *)data + 2, size - 2};
    if (data[0] == '-') {
        struct checkpoint c;
        struct err err = {0};
        must(peer_note(bytes, SPAN("example.com/respite"), span_of(vkey), arena, &c, &err) || said(&err));
    } else {
        unsigned width = 1u + data[0] % 32u;
        tile(bytes, width, data[1] % width, arena);
    }
    return 0;
}
