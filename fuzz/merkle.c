/* Tile paths: what is taken is written again as the same letters. Proofs: any sizes, places and hashes; one
 * that holds does not hold with a bit of it changed. First byte: how many hashes. */
#include "fuzz/fuzz.h"

#include "crypt/merkle.h"

#include "base/banned.h"

static void try_path(struct span path)
{
    struct merkle_tile tile;
    char again[MERKLE_PATH];
    if (!merkle_tile_read(path, &tile))
        return;
    must(tile.width >= 1 && tile.width <= MERKLE_TILE);
    merkle_tile_path(&tile, again);
    must(span_is(path, again));
}

static void try_proof(const uint8_t *data, size_t size)
{
    uint64_t small, large;
    uint8_t proof[MERKLE_PROOF_MOST][32];
    if (size < 1 + 16 + 64)
        return;
    size_t n = data[0] % (MERKLE_PROOF_MOST + 1), hashes = (size - 81) / 32;
    memcpy(&small, data + 1, 8);
    memcpy(&large, data + 9, 8);
    if (n > hashes)
        n = hashes;
    memcpy(proof, data + 81, n * 32);
    bool in = merkle_included(small, large, data + 17, data + 49, proof[0], n),
         on = merkle_consistent(small, large, data + 17, data + 49, proof[0], n);
    must(!in || small < large);
    must(!on || (small >= 1 && small <= large));
    if (n > 0) {
        proof[n - 1][31] ^= 1;
        must(!in || !merkle_included(small, large, data + 17, data + 49, proof[0], n));
        must(!on || !merkle_consistent(small, large, data + 17, data + 49, proof[0], n));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_path((struct span){(const char *)data, size});
    try_proof(data, size);
    return 0;
}
