/* The log on both databases: its tiles are those a second program computed, appends of several processes come
 * one after the other, and what was shown once is not forgotten. */
#include "test/test.h"

#include "crypt/hash.h"
#include "test/anon/log_hand.h"
#include "test/codec/vectors.h"

#include "base/banned.h"

enum { LEAVES = 70000 };

static void assert_hex(const uint8_t hash[static 32], const json_t *want)
{
    char text[65];
    hash_hex(hash, text);
    assert_string_equal(text, json_string_value(want));
}

/* The checkpoint as it stands, its signature looked at. */
static struct checkpoint head_of(struct db *db, struct arena *arena)
{
    struct err err = {0};
    struct tlog log = hand_log(1);
    struct span bytes;
    struct note_sig note;
    struct note_sig_key key;
    struct note_sig_claim claim;
    struct checkpoint head;
    AUTO_BUF struct buf scratch;
    buf_init(&scratch, 1000);
    assert_ok(tlog_checkpoint(db, arena, &bytes, &err) && note_sig_read(bytes, arena, &note, &err) &&
                  note_sig_key_read(span_of(log.vkey), &key, &err) &&
                  note_sig_claim(&note, &key, &scratch, &claim, &err) &&
                  checkpoint_read(note.text, &head, &err),
              &err);
    assert_true(sign_good(key.pk, claim.message, claim.sig));
    assert_span(head.origin, "127.0.0.1:8080/respite");
    return head;
}

void test_tlog__seventy_thousand_entries_have_the_tiles_of_a_second_program(void **state)
{
    (void)state;
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    AUTO_JSON json_t *all = vectors_load("merkle_tiles.json");
    json_t *roots = json_object_get(all, "entry_roots"), *tiles = json_object_get(all, "tile_sha256");
    struct db *db = hand_open(":memory:");
    unsigned seed = 1;
    size_t met = 0;
    const char *name;
    json_t *want;
    for (size_t at = 0; at < LEAVES;) {
        size_t n = 1 + (size_t)rand_r(&seed) % 900, next = at + n > LEAVES ? LEAVES : at + n;
        json_object_foreach(roots, name, want)
        { /* stop at each size that has a root */
            size_t size = strtoul(name, NULL, 10);
            next = size > at && size < next ? size : next;
        }
        hand_add(db, at, next - at);
        at = next;
        char digits[24];
        snprintf(digits, sizeof digits, "%zu", at);
        if (json_object_get(roots, digits)) {
            assert_hex(head_of(db, arena).root, json_object_get(roots, digits));
            met++;
        }
    }
    assert_int_equal(met, json_object_size(roots) - 1); /* all but 0 */
    json_object_foreach(roots, name, want)
    {
        uint8_t root[32];
        assert_ok(tlog_root(db, strtoul(name, NULL, 10), root, &err), &err);
        assert_hex(root, want);
    }
    json_object_foreach(tiles, name, want)
    {
        struct merkle_tile tile;
        uint8_t hash[32];
        AUTO_BUF struct buf bytes;
        buf_init(&bytes, 1 << 20);
        assert_true(merkle_tile_read(span_of(name), &tile));
        assert_ok(tlog_tile(db, arena, &tile, &bytes, &err), &err);
        hash_sha256(buf_span(&bytes), hash);
        assert_hex(hash, want);
    }
    db_close(db);
}

/* Every entry is there, and the tree over them is the one that is signed. */
static void assert_whole(struct db *db, size_t size)
{
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct merkle tree = {0};
    struct checkpoint head = head_of(db, arena);
    uint8_t hash[32];
    assert_int_equal(head.size, size);
    for (uint64_t i = 0; i < size; i++) {
        struct span entry;
        assert_ok(tlog_entry(db, arena, i, &entry, &err), &err);
        merkle_leaf(entry, hash);
        merkle_add(&tree, hash);
    }
    merkle_root(&tree, hash);
    assert_memory_equal(hash, head.root, 32);
    assert_ok(tlog_root(db, size, hash, &err), &err);
    assert_memory_equal(hash, head.root, 32);
}

static void grows(struct db *db, const char *path)
{
    (void)path;
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    uint64_t size = 7;
    struct span note;
    assert_ok(tlog_size(db, &size, &err), &err);
    assert_int_equal(size, 0);
    assert_false(tlog_checkpoint(db, arena, &note, &err));
    assert_int_equal(err.code, E_MISSING);
    err_clear(&err);
    static const size_t steps[] = {1, 1, 253, 1, 1, 256, 511, 300};
    for (size_t i = 0, at = 0; i < sizeof steps / sizeof *steps; at += steps[i++]) {
        hand_add(db, at, steps[i]);
        assert_whole(db, at + steps[i]);
    }
    struct hand_some refused = {.log = hand_log(1), .from = 9999, .n = 300, .fails = true};
    assert_false(db_write(db, hand_append, &refused, &err));
    assert_int_equal(err.code, E_REFUSED);
    assert_whole(db, 1324);
    struct hand_some nothing = {.log = hand_log(1)};
    err_clear(&err);
    assert_ok(db_write(db, hand_append, &nothing, &err), &err);
    assert_int_equal(nothing.first, 1324);
    assert_whole(db, 1324);
}

void test_tlog__grows_entry_by_entry_and_over_edges(void **state)
{
    (void)state;
    hand_both(grows);
}

static size_t tile_size(struct db *db, const char *path)
{
    struct err err = {0};
    struct merkle_tile tile;
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 20);
    buf_add_text(&out, "x");
    assert_true(merkle_tile_read(span_of(path), &tile));
    bool there = tlog_tile(db, NULL, &tile, &out, &err);
    assert_int_equal(err.code, there ? E_NONE : E_MISSING);
    assert_true(there || out.n == 1);
    return out.n - 1;
}

static void tiles(struct db *db, const char *path)
{
    (void)path;
    assert_int_equal(tile_size(db, "tile/0/000.p/1"), 0);
    hand_add(db, 0, 300);
    assert_int_equal(tile_size(db, "tile/0/000"), 8192);
    assert_int_equal(tile_size(db, "tile/0/000.p/200"), 6400); /* a size this log once had */
    assert_int_equal(tile_size(db, "tile/0/001.p/44"), 44 * 32);
    assert_int_equal(tile_size(db, "tile/0/001.p/3"), 3 * 32);
    assert_int_equal(tile_size(db, "tile/0/001.p/45"), 0);
    assert_int_equal(tile_size(db, "tile/0/001"), 0);
    assert_int_equal(tile_size(db, "tile/1/000.p/1"), 32);
    assert_int_equal(tile_size(db, "tile/1/000.p/2"), 0);
    assert_int_equal(tile_size(db, "tile/2/000"), 0);
    assert_int_equal(tile_size(db, "tile/7/000.p/1"), 0);
    assert_int_equal(tile_size(db, "tile/entries/001.p/2"), 2 * (2 + 9));
    assert_int_equal(tile_size(db, "tile/entries/001.p/45"), 0);
    assert_int_equal(tile_size(db, "tile/entries/001"), 0);
    assert_int_equal(tile_size(db, "tile/entries/x036/x028/x797/x018/x963/967"), 0); /* 2^55 - 1 */
}

void test_tlog__serves_the_pieces_it_has(void **state)
{
    (void)state;
    hand_both(tiles);
}

static void assert_no_entry(struct db *db, uint64_t index)
{
    struct err err = {0};
    struct span entry;
    struct arena *AUTO_ARENA arena = arena_new();
    assert_false(tlog_entry(db, arena, index, &entry, &err));
    assert_int_equal(err.code, E_MISSING);
}

/* One entry of `n` bytes. */
static bool add_long(struct db *db, void *arg, struct err *err)
{
    size_t n = *(const size_t *)arg;
    struct tlog log = hand_log(1);
    char *text = mem_get(n);
    uint64_t first;
    memset(text, 'x', n);
    bool done = tlog_append(db, &log, &(struct span){text, n}, 1, &first, err);
    mem_free(text);
    return done;
}

static void lengths(struct db *db, const char *path)
{
    struct err err = {0};
    (void)path;
    assert_no_entry(db, 0);
    assert_no_entry(db, UINT64_MAX);
    assert_ok(db_write(db, add_long, &(size_t){65535}, &err), &err);
    assert_false(db_write(db, add_long, &(size_t){65536}, &err));
    assert_int_equal(err.code, E_LIMIT);
    assert_int_equal(tile_size(db, "tile/entries/000.p/1"), 65537);
    assert_whole(db, 1);
}

void test_tlog__entries_have_a_most(void **state)
{
    (void)state;
    hand_both(lengths);
}

enum { WRITERS = 3, ROUNDS = 25 };

/* A process that appends, a few entries at a time, as fast as it can. */
static void write_on(const char *path, unsigned who)
{
    struct err err = {0};
    struct db *db = NULL;
    struct hand_some some = {.log = hand_log(1)};
    if (!db_open(&db, path, &err))
        _exit(1);
    for (unsigned i = 0; i < ROUNDS; i++) {
        some.from = 1000000 * (who + 1) + i;
        some.n = 1 + (i * 7 + who * 31) % 60;
        if (!db_write(db, hand_append, &some, &err)) {
            fprintf(stderr, "%s\n", err.text);
            _exit(2);
        }
    }
    _exit(0);
}

static void at_once(struct db *db, const char *path)
{
    pid_t pid[WRITERS];
    size_t sum = 0;
    for (unsigned who = 0; who < WRITERS; who++) {
        for (unsigned i = 0; i < ROUNDS; i++)
            sum += 1 + (i * 7 + who * 31) % 60;
        pid[who] = fork();
        if (pid[who] == 0)
            write_on(path, who);
    }
    for (unsigned who = 0; who < WRITERS; who++)
        assert_int_equal(place_wait(pid[who]), 0);
    assert_whole(db, sum);
}

void test_tlog__several_processes_append_one_after_the_other(void **state)
{
    (void)state;
    hand_both(at_once);
}

static void killed(struct db *db, const char *path)
{
    for (unsigned round = 0; round < 12; round++) {
        pid_t pid = fork();
        if (pid == 0)
            write_on(path, round);
        usleep(1000 + round * 1500);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        struct err err = {0};
        uint64_t size;
        assert_ok(tlog_size(db, &size, &err), &err);
        if (size > 0)
            assert_whole(db, size);
    }
}

void test_tlog__a_kill_leaves_a_whole_log(void **state)
{
    (void)state;
    hand_both(killed);
}

void test_tlog__the_largest_head_is_kept_beside_the_database(void **state)
{
    (void)state;
    struct err err = {0};
    struct place place;
    place_make(&place);
    struct tlog log = hand_log(1), other = hand_log(2);
    const char *head = place_name(&place, "head");
    struct db *db = hand_open(":memory:"), *older = hand_open(":memory:"), *foreign = hand_open(":memory:");
    assert_ok(tlog_head_check(db, &log, head, &err), &err); /* a new lab has none */
    assert_ok(tlog_head_keep(db, head, &err), &err);
    assert_false(file_exists(head));
    hand_add(db, 0, 10);
    hand_add(older, 0, 10);
    assert_ok(tlog_head_keep(db, head, &err), &err);
    assert_ok(tlog_head_check(older, &log, head, &err), &err);
    hand_add(db, 10, 300);
    assert_ok(tlog_head_check(db, &log, head, &err), &err); /* stopped between commit and file */
    assert_ok(tlog_head_keep(db, head, &err), &err);
    assert_ok(tlog_head_keep(older, head, &err), &err); /* the larger one stays */
    assert_ok(tlog_head_check(db, &log, head, &err), &err);
    assert_false(tlog_head_check(older, &log, head, &err));
    assert_int_equal(err.code, E_REFUSED);
    assert_non_null(strstr(err.text, "10 entries"));
    err_clear(&err);
    struct hand_some another = {.log = log, .from = 5, .n = 310};
    assert_ok(db_write(foreign, hand_append, &another, &err), &err);
    assert_false(tlog_head_check(foreign, &log, head, &err));
    assert_int_equal(err.code, E_REFUSED);
    err_clear(&err);
    assert_false(tlog_head_check(db, &other, head, &err)); /* signed by another key */
    err_clear(&err);
    assert_ok(file_write(head, SPAN("nonsense\n"), &err), &err);
    assert_false(tlog_head_check(db, &log, head, &err));
    err_clear(&err);
    assert_false(tlog_head_keep(db, head, &err)); /* it is not written over either */
    db_close(db);
    db_close(older);
    db_close(foreign);
    place_clear(&place);
}

/* Ask the room's table, as the lab does. */
static int ask(struct db *db, const char *path, const char **cache, struct buf *body)
{
    struct arena *AUTO_ARENA arena = arena_new();
    const struct room *const list[] = {&log_room, NULL};
    struct app app = {.rooms = list, .role = BOARD, .db = db, .arena = arena};
    struct request request = {.arena = arena, .method = SPAN("GET"), .path = span_of(path)};
    struct reply reply = {.status = 200};
    bool other;
    buf_init(&reply.body, 4 << 20);
    const struct route *route = route_find(&app, request.method, request.path, &other);
    assert_non_null(route);
    assert_int_equal(route->who, PUBLIC);
    route->serve(&app, &request, &reply);
    *cache = "";
    for (size_t i = 0; i < reply.headers.n; i++)
        if (span_is(reply.headers.at[i].name, "Cache-Control"))
            *cache = strstr(reply.headers.at[i].value.p, "immutable") ? "for ever" : "a minute";
    buf_add(body, buf_span(&reply.body));
    buf_clear(&reply.body);
    return reply.status;
}

void test_tlog__is_served_as_checkpoint_and_tiles(void **state)
{
    (void)state;
    struct db *db = hand_open(":memory:");
    const char *cache;
    AUTO_BUF struct buf body;
    buf_init(&body, 1 << 20);
    assert_int_equal(ask(db, "/log/checkpoint", &cache, &body), 404);
    hand_add(db, 0, 300);
    buf_reset(&body);
    assert_int_equal(ask(db, "/log/checkpoint", &cache, &body), 200);
    assert_string_equal(cache, "a minute");
    assert_true(span_starts(buf_span(&body), SPAN("127.0.0.1:8080/respite\n300\n")));
    buf_reset(&body);
    assert_int_equal(ask(db, "/log/tile/0/000", &cache, &body), 200);
    assert_string_equal(cache, "for ever");
    assert_int_equal(body.n, 8192);
    assert_int_equal(ask(db, "/log/tile/entries/001.p/44", &cache, &body), 200);
    assert_string_equal(cache, "a minute");
    static const char *const none[] = {"/log/tile/",           "/log/tile/0/0",       "/log/tile/0/002",
                                       "/log/tile/8/000",      "/log/tile/0/000.p/0", "/log/tile/0/000.p/256",
                                       "/log/tile/entries/00", "/log/tile/0/000/",    "/log/tile/-1/000"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        buf_reset(&body);
        assert_int_equal(ask(db, none[i], &cache, &body), 404);
        assert_true(span_find(buf_span(&body), SPAN("urn:respite:error:not-found")) > 0);
    }
    db_close(db);
}

void test_tlog__without_memory_nothing_is_kept(void **state)
{
    (void)state;
    struct db *db = hand_open(":memory:");
    hand_add(db, 0, 255);
    for (size_t nth = 1;; nth++) {
        struct err err = {0};
        struct hand_some some = {.log = hand_log(1), .from = 255, .n = 3};
        uint64_t size;
        mem_fail_at(nth, true);
        bool done = db_write(db, hand_append, &some, &err);
        mem_fail_at(0, false);
        assert_true(done || err.code == E_MEMORY);
        err_clear(&err);
        assert_ok(tlog_size(db, &size, &err), &err);
        assert_int_equal(size, done ? 258 : 255);
        if (done)
            break;
    }
    assert_whole(db, 258);
    db_close(db);
}
