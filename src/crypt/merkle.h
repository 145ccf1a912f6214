#ifndef CRYPT_MERKLE_H
#define CRYPT_MERKLE_H
/* The Merkle tree of the record (RFC 6962 section 2.1, RFC 9162 section 2.1) and its cut into tiles of 256
 * hashes (C2SP tlog-tiles). Nothing here holds a tree: a head is kept as the roots of its perfect subtrees,
 * and a proof is made in two steps. First a plan says which nodes it needs, then the caller fetches their
 * hashes out of tiles, and the plan folds them:
 *     merkle_inclusion_plan(index, size, &plan);
 *     for each plan.node[i]: merkle_tile_of() -> bytes -> merkle_tile_node() -> hash[i]
 *     merkle_fold(&plan, hash, proof); */
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* Hashes in a proof of a tree of fewer than 2^63 leaves, at most. */
enum { MERKLE_PROOF_MOST = 64, MERKLE_TILE = 256 };

void merkle_empty(uint8_t out[static 32]);
void merkle_leaf(struct span entry, uint8_t out[static 32]);
void merkle_parent(const uint8_t left[static 32], const uint8_t right[static 32], uint8_t out[static 32]);

/* A tree that grows at its end; zeroed it is empty. peak[] are the roots of its perfect subtrees, largest
 * first, one for each bit of size: the nodes of merkle_head_plan(), so that a head can be taken up from
 * tiles. */
struct merkle {
    uint64_t size;
    uint8_t peak[63][32];
};
/* `leaf` is a leaf hash. */
void merkle_add(struct merkle *tree, const uint8_t leaf[static 32]);
void merkle_root(const struct merkle *tree, uint8_t out[static 32]);

/* The root of a perfect subtree: leaves index * 2^level up to (index + 1) * 2^level. */
struct merkle_node {
    unsigned level;
    uint64_t index;
};

/* The nodes that some hashes are folded from: hash k of them from the next parts[k] nodes. */
struct merkle_plan {
    struct merkle_node node[2 * MERKLE_PROOF_MOST];
    size_t nodes;
    unsigned char parts[MERKLE_PROOF_MOST];
    size_t hashes;
};
/* One hash: the root of the first `size` leaves, 1 or more and below 2^63. */
bool merkle_head_plan(uint64_t size, struct merkle_plan *out);
/* That leaf `index` stands in the first `size`; false when it does not. */
bool merkle_inclusion_plan(uint64_t index, uint64_t size, struct merkle_plan *out);
/* That the tree of `size` leaves begins with that of `old`; false unless 1 <= old <= size. */
bool merkle_consistency_plan(uint64_t old, uint64_t size, struct merkle_plan *out);
/* `hash` holds plan->nodes hashes in their order, 32 bytes each; `out` takes plan->hashes of them. */
void merkle_fold(const struct merkle_plan *plan, const uint8_t *hash, uint8_t *out);

/* True when `proof`, `n` hashes of 32 bytes, shows that `leaf` (a leaf hash) is leaf `index` of the tree of
 * `size` leaves under `root`. */
bool merkle_included(uint64_t index, uint64_t size, const uint8_t leaf[static 32],
                     const uint8_t root[static 32], const uint8_t *proof, size_t n);
/* True when it shows that the tree under `root` begins with the tree under `old_root`. An empty tree begins
 * every other, so that there is nothing to show: false. */
bool merkle_consistent(uint64_t old, uint64_t size, const uint8_t old_root[static 32],
                       const uint8_t root[static 32], const uint8_t *proof, size_t n);

/* A tile: `width` hashes (1 to 256, fewer than 256 at the right edge) of the nodes of level 8 * level from
 * 256 * index on, or, at level MERKLE_ENTRIES, that many entries. */
#define MERKLE_ENTRIES 64u
struct merkle_tile {
    unsigned level;
    uint64_t index;
    unsigned width;
};
/* The tile that `node` is computed from when the tree has `size` leaves; false when that tree lacks the node.
 */
bool merkle_tile_of(struct merkle_node node, uint64_t size, struct merkle_tile *out);
/* The hash of `node` from the bytes of its tile; false when they are not width * 32, or lack the node. */
bool merkle_tile_node(const struct merkle_tile *tile, struct span bytes, struct merkle_node node,
                      uint8_t out[static 32]);
/* The tiles that are new, or wider, when a tree grows from `old` to `size` leaves, lowest level first. Begin
 * with a zeroed tile; false at the end. */
bool merkle_tile_next(uint64_t old, uint64_t size, struct merkle_tile *tile);
/* "tile/0/x001/x234/067.p/112" or "tile/entries/000" and a NUL; reading takes just what writing makes. */
enum { MERKLE_PATH = 64 };
void merkle_tile_path(const struct merkle_tile *tile, char out[static MERKLE_PATH]);
bool merkle_tile_read(struct span path, struct merkle_tile *out);
#endif
