/* The Merkle tree: heads, proofs, tiles. Sizes stay below 2^63, so that sums of them fit. */
#include "crypt/merkle.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>

#include "crypt/hash.h"

#include "base/banned.h"

#define SIZE_END ((uint64_t)1 << 63)

void merkle_empty(uint8_t out[static 32])
{
    hash_sha256(SPAN(""), out);
}

/* Entries have up to 64 kB, so they are hashed where they stand. */
void merkle_leaf(struct span entry, uint8_t out[static 32])
{
    static const unsigned char zero = 0;
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, &zero, 1);
    crypto_hash_sha256_update(&state, (const unsigned char *)entry.p, entry.n);
    crypto_hash_sha256_final(&state, out);
}

void merkle_parent(const uint8_t left[static 32], const uint8_t right[static 32], uint8_t out[static 32])
{
    char bytes[65] = {1};
    memcpy(bytes + 1, left, 32);
    memcpy(bytes + 33, right, 32);
    hash_sha256((struct span){bytes, sizeof bytes}, out);
}

/* Heads ---------------------------------------------------------------------------------------------- */
void merkle_add(struct merkle *tree, const uint8_t leaf[static 32])
{
    assert(tree->size + 1 < SIZE_END);
    size_t peaks = (size_t)__builtin_popcountll(tree->size);
    uint8_t hash[32];
    memcpy(hash, leaf, sizeof hash);
    for (uint64_t rest = tree->size; rest & 1; rest >>= 1)
        merkle_parent(tree->peak[--peaks], hash, hash);
    memcpy(tree->peak[peaks], hash, sizeof hash);
    tree->size++;
}

/* One hash of `n` neighbours that grow smaller to the right. */
static void fold(const uint8_t *hash, size_t n, uint8_t out[static 32])
{
    uint8_t right[32];
    memcpy(right, hash + 32 * (n - 1), sizeof right);
    for (size_t i = n - 1; i > 0; i--)
        merkle_parent(hash + 32 * (i - 1), right, right);
    memcpy(out, right, sizeof right);
}

void merkle_root(const struct merkle *tree, uint8_t out[static 32])
{
    if (tree->size == 0)
        merkle_empty(out);
    else
        fold(tree->peak[0], (size_t)__builtin_popcountll(tree->size), out);
}

/* Plans ---------------------------------------------------------------------------------------------- */
struct range {
    uint64_t from, to; /* leaves; `from` is a multiple of the largest power of two up to their number */
};

static unsigned log_2(uint64_t n)
{
    return 63u - (unsigned)__builtin_clzll(n);
}

/* The largest power of two below n, which is 2 or more: where RFC 6962 splits n leaves. */
static uint64_t split(uint64_t n)
{
    return (uint64_t)1 << log_2(n - 1);
}

/* The next hash of the plan is that of `r`. */
static void plan_add(struct merkle_plan *plan, struct range r)
{
    size_t before = plan->nodes;
    while (r.from < r.to) {
        unsigned level = log_2(r.to - r.from);
        plan->node[plan->nodes++] = (struct merkle_node){level, r.from >> level};
        r.from += (uint64_t)1 << level;
    }
    plan->parts[plan->hashes++] = (unsigned char)(plan->nodes - before);
}

/* Ranges are met from the root down; a proof names them from the leaf up. */
static void plan_reversed(const struct range *range, size_t n, struct merkle_plan *out)
{
    *out = (struct merkle_plan){0};
    while (n > 0)
        plan_add(out, range[--n]);
}

bool merkle_head_plan(uint64_t size, struct merkle_plan *out)
{
    if (size == 0 || size >= SIZE_END)
        return false;
    plan_reversed(&(struct range){0, size}, 1, out);
    return true;
}

bool merkle_inclusion_plan(uint64_t index, uint64_t size, struct merkle_plan *out)
{
    if (index >= size || size >= SIZE_END)
        return false;
    struct range beside[MERKLE_PROOF_MOST], at = {0, size};
    size_t n = 0;
    while (at.to - at.from > 1) {
        uint64_t middle = at.from + split(at.to - at.from);
        if (index < middle) {
            beside[n++] = (struct range){middle, at.to};
            at.to = middle;
        } else {
            beside[n++] = (struct range){at.from, middle};
            at.from = middle;
        }
    }
    plan_reversed(beside, n, out);
    return true;
}

bool merkle_consistency_plan(uint64_t old, uint64_t size, struct merkle_plan *out)
{
    if (old == 0 || old > size || size >= SIZE_END)
        return false;
    struct range beside[MERKLE_PROOF_MOST], at = {0, size};
    size_t n = 0;
    while (at.to != old) {
        uint64_t middle = at.from + split(at.to - at.from);
        if (old <= middle) {
            beside[n++] = (struct range){middle, at.to};
            at.to = middle;
        } else {
            beside[n++] = (struct range){at.from, middle};
            at.from = middle;
        }
    }
    if (at.from > 0) /* else it is the old tree, whose root is known */
        beside[n++] = at;
    plan_reversed(beside, n, out);
    return true;
}

void merkle_fold(const struct merkle_plan *plan, const uint8_t *hash, uint8_t *out)
{
    for (size_t k = 0; k < plan->hashes; k++) {
        fold(hash, plan->parts[k], out + 32 * k);
        hash += (size_t)32 * plan->parts[k];
    }
}

/* Proofs --------------------------------------------------------------------------------------------- */
/* Where a proof has come to: node `index` of a level whose last node is `last`. */
struct climb {
    uint64_t index, last;
};

static void up(struct climb *c)
{
    c->index >>= 1;
    c->last >>= 1;
}

/* Is the next hash of the proof to the left? Then levels at which the node has no neighbour are passed. */
static bool from_left(struct climb *c)
{
    if (!(c->index & 1) && c->index != c->last)
        return false;
    while (!(c->index & 1) && c->index != 0)
        up(c);
    return true;
}

bool merkle_included(uint64_t index, uint64_t size, const uint8_t leaf[static 32],
                     const uint8_t root[static 32], const uint8_t *proof, size_t n)
{
    if (index >= size)
        return false;
    struct climb c = {index, size - 1};
    uint8_t hash[32];
    memcpy(hash, leaf, sizeof hash);
    for (size_t i = 0; i < n; i++, up(&c)) {
        if (c.last == 0)
            return false;
        if (from_left(&c))
            merkle_parent(proof + 32 * i, hash, hash);
        else
            merkle_parent(hash, proof + 32 * i, hash);
    }
    return c.last == 0 && memcmp(hash, root, sizeof hash) == 0;
}

bool merkle_consistent(uint64_t old, uint64_t size, const uint8_t old_root[static 32],
                       const uint8_t root[static 32], const uint8_t *proof, size_t n)
{
    if (old == 0 || old > size)
        return false;
    if (old == size)
        return n == 0 && memcmp(old_root, root, 32) == 0;
    struct climb c = {old - 1, size - 1};
    while (c.index & 1)
        up(&c);
    bool perfect = (old & (old - 1)) == 0; /* then the proof begins with the old root, which is left out */
    if (!perfect && n == 0)
        return false;
    uint8_t old_hash[32], hash[32];
    memcpy(hash, perfect ? old_root : proof, sizeof hash);
    memcpy(old_hash, hash, sizeof old_hash);
    for (size_t i = perfect ? 0 : 1; i < n; i++, up(&c)) {
        if (c.last == 0)
            return false;
        if (from_left(&c)) {
            merkle_parent(proof + 32 * i, old_hash, old_hash);
            merkle_parent(proof + 32 * i, hash, hash);
        } else {
            merkle_parent(hash, proof + 32 * i, hash);
        }
    }
    return c.last == 0 && memcmp(old_hash, old_root, 32) == 0 && memcmp(hash, root, 32) == 0;
}

/* Tiles ---------------------------------------------------------------------------------------------- */
/* How many nodes of level 8 * `level` a tree of `size` leaves has. */
static uint64_t rows(uint64_t size, unsigned level)
{
    return level >= 8 ? 0 : size >> 8 * level;
}

/* The tile, as wide as it is; false when it has no row. */
static bool tile_at(uint64_t size, unsigned level, uint64_t index, struct merkle_tile *out)
{
    uint64_t all = rows(size, level);
    if (index > all / MERKLE_TILE || index * MERKLE_TILE >= all)
        return false;
    uint64_t width = all - index * MERKLE_TILE;
    *out = (struct merkle_tile){level, index, (unsigned)(width < MERKLE_TILE ? width : MERKLE_TILE)};
    return true;
}

bool merkle_tile_of(struct merkle_node node, uint64_t size, struct merkle_tile *out)
{
    if (size >= SIZE_END || node.level >= 63 || node.index >= size >> node.level)
        return false;
    return tile_at(size, node.level / 8, node.index >> (8 - node.level % 8), out);
}

bool merkle_tile_node(const struct merkle_tile *tile, struct span bytes, struct merkle_node node,
                      uint8_t out[static 32])
{
    unsigned up_by = node.level % 8;
    size_t n = (size_t)1 << up_by;
    if (tile->level != node.level / 8 || node.index >> (8 - up_by) != tile->index ||
        tile->width > MERKLE_TILE || bytes.n != tile->width * (size_t)32)
        return false;
    size_t from = (size_t)(node.index & (MERKLE_TILE / n - 1)) * n;
    if (from + n > tile->width)
        return false;
    uint8_t hash[MERKLE_TILE / 2][32];
    memcpy(hash, bytes.p + from * 32, n * 32);
    for (; n > 1; n /= 2)
        for (size_t i = 0; i < n / 2; i++)
            merkle_parent(hash[2 * i], hash[2 * i + 1], hash[i]);
    memcpy(out, hash[0], 32);
    return true;
}

bool merkle_tile_next(uint64_t old, uint64_t size, struct merkle_tile *tile)
{
    if (old >= size)
        return false;
    if (tile->width == 0)
        return tile_at(size, 0, old / MERKLE_TILE, tile);
    if (tile_at(size, tile->level, tile->index + 1, tile))
        return true;
    unsigned above = tile->level + 1;
    return rows(size, above) > rows(old, above) && tile_at(size, above, rows(old, above) / MERKLE_TILE, tile);
}

void merkle_tile_path(const struct merkle_tile *tile, char out[static MERKLE_PATH])
{
    assert(tile->width >= 1 && tile->width <= MERKLE_TILE && tile->index < (uint64_t)1 << 55);
    int n = tile->level == MERKLE_ENTRIES ? snprintf(out, MERKLE_PATH, "tile/entries")
                                          : snprintf(out, MERKLE_PATH, "tile/%u", tile->level);
    uint64_t power = 1;
    while (tile->index / power >= 1000)
        power *= 1000;
    for (; power > 0; power /= 1000)
        n += snprintf(out + n, MERKLE_PATH - (size_t)n, power > 1 ? "/x%03u" : "/%03u",
                      (unsigned)(tile->index / power % 1000));
    if (tile->width < MERKLE_TILE)
        snprintf(out + n, MERKLE_PATH - (size_t)n, ".p/%u", tile->width);
}

/* A decimal number below 1,000 at the front of *in: `digits` of them, or, when that is 0, as many as needed.
 */
static bool read_number(struct span *in, size_t digits, unsigned *out)
{
    size_t n = 0;
    unsigned value = 0;
    for (; n < in->n && n < 3 && in->p[n] >= '0' && in->p[n] <= '9'; n++)
        value = value * 10 + (unsigned)(in->p[n] - '0');
    if (n == 0 || (digits && n != digits) || (!digits && n > 1 && in->p[0] == '0'))
        return false;
    *in = span_from(*in, n);
    *out = value;
    return true;
}

static bool read_word(struct span *in, struct span word)
{
    if (!span_starts(*in, word))
        return false;
    *in = span_from(*in, word.n);
    return true;
}

bool merkle_tile_read(struct span path, struct merkle_tile *out)
{
    struct merkle_tile tile = {.level = MERKLE_ENTRIES, .width = MERKLE_TILE};
    unsigned group = 0;
    bool more = true;
    if (!read_word(&path, SPAN("tile/")) ||
        (!read_word(&path, SPAN("entries")) && !(read_number(&path, 0, &tile.level) && tile.level < 8)))
        return false;
    for (int groups = 0; more; groups++) {
        if (groups == 6 || !read_word(&path, SPAN("/")))
            return false;
        more = read_word(&path, SPAN("x"));
        if (!read_number(&path, 3, &group) || (more && groups == 0 && group == 0))
            return false;
        tile.index = tile.index * 1000 + group;
    }
    if (read_word(&path, SPAN(".p/")) &&
        (!read_number(&path, 0, &tile.width) || tile.width == 0 || tile.width >= MERKLE_TILE))
        return false;
    if (path.n > 0 || tile.index >= (uint64_t)1 << 55)
        return false;
    *out = tile;
    return true;
}
