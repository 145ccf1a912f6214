/* The tree against RFC 6962's constants, 196 published proofs of which 184 have to fail, and a tree of 70,000
 * leaves whose roots, proofs and tiles a second program computed. */
#include "test/test.h"

#include <stdlib.h>

#include "codec/wire.h"
#include "crypt/hash.h"
#include "crypt/merkle.h"
#include "test/codec/vectors.h"

#include "base/banned.h"

enum { LEAVES = 70000 };

static void assert_hash(const uint8_t hash[static 32], struct span hex)
{
    char text[65];
    hash_hex(hash, text);
    assert_true(span_eq(span_of(text), hex));
}

void test_merkle__constants_and_small_trees(void **state)
{
    (void)state;
    AUTO_JSON json_t *all = vectors_load("merkle_tiles.json");
    const json_t *hashes = json_object_get(all, "hashes"), *leaves = json_object_get(all, "leaf_inputs_hex"),
                 *roots = json_object_get(all, "root_by_size_hex");
    uint8_t hash[32], room[64];
    merkle_empty(hash);
    assert_hash(hash, vector_text(hashes, "empty"));
    merkle_leaf(SPAN(""), hash);
    assert_hash(hash, vector_text(hashes, "leaf(empty)"));
    merkle_leaf(SPAN("L123456"), hash);
    assert_hash(hash, vector_text(hashes, "leaf(\"L123456\")"));
    struct merkle tree = {0};
    for (size_t i = 0; i <= json_array_size(leaves); i++) {
        merkle_root(&tree, hash);
        assert_hash(hash, span_of(json_string_value(json_array_get(roots, i))));
        if (i == json_array_size(leaves))
            break;
        merkle_leaf(unhex(span_of(json_string_value(json_array_get(leaves, i))), room, sizeof room), hash);
        merkle_add(&tree, hash);
    }
    assert_int_equal(tree.size, 8);
}

/* The proof of a case; null is none. */
static size_t proof_of(const json_t *one, uint8_t (*proof)[32])
{
    const json_t *list = json_object_get(one, "proof");
    size_t n = json_is_array(list) ? json_array_size(list) : 0;
    assert_true(n <= MERKLE_PROOF_MOST);
    for (size_t i = 0; i < n; i++) {
        /* garbage may have another length, which no proof in C can say */
        if (!b64_exact(span_of(json_string_value(json_array_get(list, i))), B64, proof[i], 32))
            return SIZE_MAX;
    }
    return n;
}

/* False when there is none. Two cases have words in the place of hashes, and care for nothing but whether
 * they are the same. */
static bool maybe_hash(const json_t *one, const char *key, uint8_t hash[static 32])
{
    size_t n = 0;
    memset(hash, 0, 32);
    return b64_read(vector_text(one, key), B64, hash, 32, &n) && n > 0;
}

static void assert_case(const json_t *one, bool good)
{
    if (good == json_is_true(json_object_get(one, "wantErr"))) {
        print_error("%s: %s\n", json_string_value(json_object_get(one, "file")),
                    json_string_value(json_object_get(one, "desc")));
        assert_true(false);
    }
}

void test_merkle__published_inclusion_proofs(void **state)
{
    (void)state;
    AUTO_JSON json_t *all = vectors_load("merkle_inclusion.json");
    size_t i, refused = 0, of_hashes = 0;
    json_t *one;
    json_array_foreach(json_object_get(all, "cases"), i, one)
    {
        uint8_t leaf[32], root[32], proof[MERKLE_PROOF_MOST][32];
        size_t n = proof_of(one, proof);
        bool hashes = maybe_hash(one, "leafHash", leaf) && maybe_hash(one, "root", root) && n != SIZE_MAX;
        bool good = hashes && merkle_included(vector_int(one, "leafIdx"), vector_int(one, "treeSize"), leaf,
                                              root, proof[0], n);
        assert_case(one, good);
        refused += !good;
        of_hashes += hashes;
    }
    assert_int_equal(i, 98);
    assert_int_equal(refused, 92);
    assert_true(of_hashes > 60); /* so that most are refused by the tree */
}

void test_merkle__published_consistency_proofs(void **state)
{
    (void)state;
    AUTO_JSON json_t *all = vectors_load("merkle_consistency.json");
    size_t i, refused = 0, of_hashes = 0;
    json_t *one;
    json_array_foreach(json_object_get(all, "cases"), i, one)
    {
        uint8_t old[32], root[32], proof[MERKLE_PROOF_MOST][32];
        size_t n = proof_of(one, proof);
        bool hashes = maybe_hash(one, "root1", old) && maybe_hash(one, "root2", root) && n != SIZE_MAX;
        bool good = hashes && merkle_consistent(vector_int(one, "size1"), vector_int(one, "size2"), old, root,
                                                proof[0], n);
        assert_case(one, good);
        refused += !good;
        of_hashes += hashes;
    }
    assert_int_equal(i, 98);
    assert_int_equal(refused, 92);
    assert_true(of_hashes > 60);
}

/* The large tree: its leaf hashes, and from them every level of its tiles. */
static struct {
    uint8_t (*row[3])[32]; /* nodes of level 0, 8 and 16 */
    size_t n[3];
} large;

static void make_large(void)
{
    static uint8_t leaves[LEAVES][32], middle[LEAVES / 256][32], top[1][32];
    if (large.n[0])
        return;
    for (int i = 0; i < LEAVES; i++) {
        char entry[32];
        int n = snprintf(entry, sizeof entry, "entry %d", i);
        merkle_leaf((struct span){entry, (size_t)n}, leaves[i]);
    }
    large.row[0] = leaves;
    large.row[1] = middle;
    large.row[2] = top;
    large.n[0] = LEAVES;
    large.n[1] = LEAVES / 256;
    large.n[2] = LEAVES / 65536;
    for (unsigned level = 1; level < 3; level++)
        for (size_t i = 0; i < large.n[level]; i++) {
            struct merkle tree = {0};
            for (size_t k = 0; k < 256; k++)
                merkle_add(&tree, large.row[level - 1][256 * i + k]);
            merkle_root(&tree, large.row[level][i]);
        }
}

static struct span tile_bytes(const struct merkle_tile *tile)
{
    assert_true(tile->level < 3 && tile->index * 256 + tile->width <= large.n[tile->level]);
    return bytes_span(large.row[tile->level][tile->index * 256], (size_t)tile->width * 32);
}

/* What a node does: the hashes of a plan out of tiles, folded. */
static size_t out_of_tiles(const struct merkle_plan *plan, uint64_t size, uint8_t (*proof)[32])
{
    static uint8_t hash[2 * MERKLE_PROOF_MOST][32];
    for (size_t i = 0; i < plan->nodes; i++) {
        struct merkle_tile tile;
        assert_true(merkle_tile_of(plan->node[i], size, &tile));
        assert_true(merkle_tile_node(&tile, tile_bytes(&tile), plan->node[i], hash[i]));
    }
    merkle_fold(plan, hash[0], proof[0]);
    return plan->hashes;
}

static void root_of(uint64_t size, uint8_t root[static 32])
{
    struct merkle_plan plan;
    uint8_t one[1][32];
    assert_true(merkle_head_plan(size, &plan));
    assert_int_equal(out_of_tiles(&plan, size, one), 1);
    memcpy(root, one[0], 32);
}

static void assert_proof(const json_t *one, uint8_t (*proof)[32], size_t n)
{
    const json_t *list = json_object_get(one, "proof");
    assert_int_equal(n, json_array_size(list));
    for (size_t i = 0; i < n; i++)
        assert_hash(proof[i], span_of(json_string_value(json_array_get(list, i))));
}

void test_merkle__roots_of_a_large_tree(void **state)
{
    (void)state;
    make_large();
    AUTO_JSON json_t *all = vectors_load("merkle_tiles.json");
    const json_t *roots = json_object_get(all, "entry_roots");
    struct merkle tree = {0};
    size_t seen = 0;
    for (size_t size = 0; size <= LEAVES; size++) {
        char text[24];
        snprintf(text, sizeof text, "%zu", size);
        const json_t *want = json_object_get(roots, text);
        if (want) {
            uint8_t root[32];
            merkle_root(&tree, root);
            assert_hash(root, span_of(json_string_value(want)));
            if (size > 0) {
                root_of(size, root);
                assert_hash(root, span_of(json_string_value(want)));
            }
            seen++;
        }
        if (size < LEAVES)
            merkle_add(&tree, large.row[0][size]);
    }
    assert_int_equal(seen, json_object_size(roots));
    assert_int_equal(seen, 29);
}

void test_merkle__proofs_of_a_large_tree(void **state)
{
    (void)state;
    make_large();
    AUTO_JSON json_t *all = vectors_load("merkle_tiles.json");
    struct merkle_plan plan;
    uint8_t proof[MERKLE_PROOF_MOST][32], root[32], old_root[32];
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(all, "entry_proofs"), i, one)
    {
        size_t index = vector_int(one, "index"), size = vector_int(one, "size");
        assert_true(merkle_inclusion_plan(index, size, &plan));
        size_t n = out_of_tiles(&plan, size, proof);
        assert_proof(one, proof, n);
        root_of(size, root);
        assert_true(merkle_included(index, size, large.row[0][index], root, proof[0], n));
    }
    assert_int_equal(i, 5);
    json_array_foreach(json_object_get(all, "entry_consistency"), i, one)
    {
        size_t old = vector_int(one, "size1"), size = vector_int(one, "size2");
        assert_true(merkle_consistency_plan(old, size, &plan));
        size_t n = out_of_tiles(&plan, size, proof);
        assert_proof(one, proof, n);
        root_of(old, old_root);
        root_of(size, root);
        assert_true(merkle_consistent(old, size, old_root, root, proof[0], n));
    }
    assert_int_equal(i, 5);
}

/* Every proof of every tree up to 40 leaves and over the first tile's edge: what is made is verified, and
 * with any bit of it, or its place, wrong it is not. */
void test_merkle__what_is_made_is_verified(void **state)
{
    (void)state;
    make_large();
    struct merkle_plan plan;
    uint8_t proof[MERKLE_PROOF_MOST][32], root[32], old_root[32];
    for (uint64_t size = 1; size < 260; size += size == 40 ? 213 : 1) {
        root_of(size, root);
        for (uint64_t i = 0; i < size; i++) {
            assert_true(merkle_inclusion_plan(i, size, &plan));
            size_t n = out_of_tiles(&plan, size, proof);
            const uint8_t *leaf = large.row[0][i];
            assert_true(merkle_included(i, size, leaf, root, proof[0], n));
            assert_false(merkle_included(i ^ 1, size, leaf, root, proof[0], n));
            assert_false(merkle_included(i, size, large.row[0][i + 1], root, proof[0], n));
            assert_false(n > 0 && merkle_included(i, size, leaf, root, proof[0], n - 1));
            memcpy(proof[n], root, 32);
            assert_false(merkle_included(i, size, leaf, root, proof[0], n + 1));
            if (n > 0) {
                proof[i % n][i % 32] ^= 1;
                assert_false(merkle_included(i, size, leaf, root, proof[0], n));
            }
        }
        for (uint64_t old = 1; old <= size; old++) {
            assert_true(merkle_consistency_plan(old, size, &plan));
            size_t n = out_of_tiles(&plan, size, proof);
            root_of(old, old_root);
            assert_true(merkle_consistent(old, size, old_root, root, proof[0], n));
            assert_false(merkle_consistent(old, size, root, root, proof[0], n) && old != size);
            assert_false(n > 0 && merkle_consistent(old, size, old_root, root, proof[0], n - 1));
            assert_false(old > 1 && merkle_consistent(old - 1, size, old_root, root, proof[0], n));
            if (n > 0) {
                proof[old % n][old % 32] ^= 0x80;
                assert_false(merkle_consistent(old, size, old_root, root, proof[0], n));
            }
        }
    }
}

void test_merkle__plans_have_limits(void **state)
{
    (void)state;
    struct merkle_plan plan;
    const uint64_t end = (uint64_t)1 << 63;
    assert_false(merkle_head_plan(0, &plan) || merkle_head_plan(end, &plan));
    assert_false(merkle_inclusion_plan(5, 5, &plan) || merkle_inclusion_plan(0, 0, &plan));
    assert_false(merkle_inclusion_plan(0, end, &plan));
    assert_false(merkle_consistency_plan(0, 5, &plan) || merkle_consistency_plan(6, 5, &plan));
    assert_false(merkle_consistency_plan(1, end, &plan));
    assert_true(merkle_head_plan(end - 1, &plan) && plan.nodes == 63 && plan.hashes == 1);
    const uint64_t odd = ((uint64_t)1 << 62) - 1; /* as deep as a proof goes */
    for (uint64_t size = end - 2; size < end; size++) {
        assert_true(merkle_inclusion_plan(odd, size, &plan) && plan.hashes == 63);
        assert_true(merkle_consistency_plan(odd, size, &plan) && plan.hashes <= 64);
        assert_true(plan.nodes <= 2 * MERKLE_PROOF_MOST);
    }
}

/* An entry tile is its entries, each with its length in two bytes. */
static void entries_hash(const struct merkle_tile *tile, uint8_t hash[static 32])
{
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, 100000);
    for (unsigned i = 0; i < tile->width; i++) {
        char entry[32];
        int n = snprintf(entry, sizeof entry, "entry %u", (unsigned)tile->index * 256 + i);
        wire_put_block(&bytes, 2, (struct span){entry, (size_t)n});
    }
    assert_false(bytes.failed);
    hash_sha256(buf_span(&bytes), hash);
}

void test_merkle__tiles_of_a_large_tree(void **state)
{
    (void)state;
    make_large();
    AUTO_JSON json_t *all = vectors_load("merkle_tiles.json");
    const char *path;
    json_t *want;
    size_t tiles = 0;
    json_object_foreach(json_object_get(all, "tile_sha256"), path, want)
    {
        struct merkle_tile tile;
        uint8_t hash[32];
        char again[MERKLE_PATH];
        assert_true(merkle_tile_read(span_of(path), &tile));
        merkle_tile_path(&tile, again);
        assert_string_equal(again, path);
        if (tile.level == MERKLE_ENTRIES)
            entries_hash(&tile, hash);
        else
            hash_sha256(tile_bytes(&tile), hash);
        assert_hash(hash, span_of(json_string_value(want)));
        tiles++;
    }
    assert_int_equal(tiles, 6);
}

/* All tiles of 70,000 leaves, made in three steps: each is new or wider than it was. */
void test_merkle__growing_names_each_tile_that_changes(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0, 1, 255, 256, 257, 65535, 65536, LEAVES};
    static unsigned width[3][300];
    memset(width, 0, sizeof width);
    size_t after_last = 0;
    for (size_t i = 1; i < sizeof sizes / sizeof *sizes; i++) {
        struct merkle_tile tile = {0};
        while (merkle_tile_next(sizes[i - 1], sizes[i], &tile)) {
            assert_true(tile.level < 3 && tile.index < 300);
            assert_true(tile.width > width[tile.level][tile.index]);
            width[tile.level][tile.index] = tile.width;
            after_last++;
        }
        for (unsigned level = 0; level < 3; level++)
            for (size_t index = 0; index < 300; index++) {
                uint64_t rows = sizes[i] >> 8 * level, want = index * 256 >= rows        ? 0
                                                              : rows - index * 256 > 256 ? 256
                                                                                         : rows - index * 256;
                assert_int_equal(width[level][index], want);
            }
    }
    assert_int_equal(width[0][273], 112);
    assert_int_equal(width[1][1], 17);
    assert_int_equal(width[2][0], 1);
    struct merkle_tile none = {0};
    assert_false(merkle_tile_next(5, 5, &none) || merkle_tile_next(0, 0, &none));
}

void test_merkle__a_tile_gives_what_it_holds(void **state)
{
    (void)state;
    make_large();
    struct merkle_tile tile;
    uint8_t hash[32];
    assert_true(merkle_tile_of((struct merkle_node){3, 1}, 20, &tile));
    assert_true(tile.level == 0 && tile.index == 0 && tile.width == 20);
    assert_false(merkle_tile_of((struct merkle_node){3, 2}, 20, &tile)); /* leaves 16 to 23 are not there */
    assert_false(merkle_tile_of((struct merkle_node){0, 20}, 20, &tile));
    assert_false(merkle_tile_of((struct merkle_node){63, 0}, UINT64_MAX, &tile));
    struct span bytes = tile_bytes(&tile);
    assert_true(merkle_tile_node(&tile, bytes, (struct merkle_node){3, 1}, hash));
    assert_false(merkle_tile_node(&tile, bytes, (struct merkle_node){3, 2}, hash));
    assert_false(merkle_tile_node(&tile, bytes, (struct merkle_node){8, 0}, hash));
    assert_false(merkle_tile_node(&tile, bytes, (struct merkle_node){0, 256}, hash));
    assert_false(merkle_tile_node(&tile, span_first(bytes, bytes.n - 1), (struct merkle_node){0, 0}, hash));
    tile.width = 21;
    assert_false(merkle_tile_node(&tile, bytes, (struct merkle_node){0, 0}, hash));
}

void test_merkle__tile_paths_have_one_form(void **state)
{
    (void)state;
    AUTO_JSON json_t *all = vectors_load("merkle_tiles.json");
    const char *number;
    json_t *path;
    size_t seen = 0;
    char text[MERKLE_PATH], want[100];
    json_object_foreach(json_object_get(all, "tile_path_examples"), number, path)
    {
        struct merkle_tile tile = {1, (uint64_t)strtoull(number, NULL, 10), 256}, again;
        merkle_tile_path(&tile, text);
        snprintf(want, sizeof want, "tile/1/%s", json_string_value(path));
        assert_string_equal(text, want);
        assert_true(merkle_tile_read(span_of(text), &again));
        assert_true(again.level == 1 && again.index == tile.index && again.width == 256);
        seen++;
    }
    assert_int_equal(seen, 4);
    struct merkle_tile big = {7, ((uint64_t)1 << 55) - 1, 255}, tile;
    merkle_tile_path(&big, text);
    assert_string_equal(text, "tile/7/x036/x028/x797/x018/x963/967.p/255");
    assert_true(merkle_tile_read(span_of(text), &tile) && tile.index == big.index && tile.width == 255);
    static const char *const bad[] = {
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/00/000",
        "tile/8/000",
        "tile/64/000",
        "tile/-1/000",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/x000/000",
        "tile/0/x001",
        "tile/0/001/000",
        "tile/0/X001/000",
        "tile/0/x01/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000.p/1/",
        "tile/0/000.p/1 ",
        "tile/0/x036/x028/x797/x018/x963/968",
        "tile/0/x999/x999/x999/x999/x999/999",
        "tile/0/x001/x001/x001/x001/x001/x001/001",
        "tile/entries",
        "tile/entries/",
        "tile/entry/000",
        "tile/0/../000",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(merkle_tile_read(span_of(bad[i]), &tile));
}
