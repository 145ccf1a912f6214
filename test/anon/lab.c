/* anon/lab.c, lab_key.c, lab_facts.c: the key file, addresses, and what a process knows of the record when
 * that grows, or when a work that had looked at its own entries is undone. */
#include "test/test.h"

#include "io/clock.h"
#include "test/anon/lab_of.h"

#include <sys/stat.h>

#define NAME64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

void test_lab__addresses_that_a_node_takes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *url, *origin; /* url: NULL when it is refused */
    } rows[] = {
        {"https://lab.example", "https://lab.example", "lab.example"},
        {"https://lab.example/", "https://lab.example", "lab.example"},
        {"https://lab.example:8443", "https://lab.example:8443", "lab.example:8443"},
        {"http://127.0.0.1:7465", "http://127.0.0.1:7465", "127.0.0.1:7465"},
        {"http://localhost", "http://localhost", "localhost"},
        {"http://[::1]:7465", "http://[::1]:7465", "[::1]:7465"},
        {"http://" NAME64 ".onion", "http://" NAME64 ".onion", NAME64 ".onion"},
        {"https://" NAME64 NAME64, "https://" NAME64 NAME64, NAME64 NAME64},
        {"https://" NAME64 NAME64 "a", NULL, NULL},
        {"http://lab.example", NULL, NULL},
        {"http://127.0.0.1.example", NULL, NULL},
        {"http://127.example", NULL, NULL},
        {"http://localhost.example", NULL, NULL},
        {"http://onion", NULL, NULL},
        {"https://Lab.example", NULL, NULL},
        {"https://lab.example/x", NULL, NULL},
        {"https://a@lab.example", NULL, NULL},
        {"https://lab.example?q", NULL, NULL},
        {"https://lab.example#f", NULL, NULL},
        {"https://lab.example:", NULL, NULL},
        {"https://lab.example:0", NULL, NULL},
        {"https://lab.example:65536", NULL, NULL},
        {"https://lab.example:999999", NULL, NULL},
        {"https://[::1", NULL, NULL},
        {"https://[]", NULL, NULL},
        {"https://la b", NULL, NULL},
        {"https://", NULL, NULL},
        {"ftp://lab.example", NULL, NULL},
        {"", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err err = {0};
        struct span url = {0}, origin = {0};
        bool good = lab_url_read(span_of(rows[i].text), &url, &origin, &err);
        if (good != (rows[i].url != NULL))
            print_error("%s\n", rows[i].text);
        assert_int_equal(good, rows[i].url != NULL);
        if (good) {
            assert_span(url, rows[i].url);
            assert_span(origin, rows[i].origin);
        } else {
            assert_int_equal(err.code, E_USAGE);
        }
    }
}

struct key_home {
    struct place place;
    struct paths paths;
    struct arena *arena;
    struct lab_key key;
};

static void key_make(struct key_home *k)
{
    *k = (struct key_home){.arena = arena_new()};
    place_make(&k->place);
    k->paths = (struct paths){.data = k->place.dir, .home = k->place.dir};
    k->key = (struct lab_key){.role = ISSUER,
                              .name = SPAN("L\xc3\xa4"
                                           "b \"of\" \\ trees"),
                              .by = SPAN(""),
                              .zone = SPAN("Europe/Berlin"),
                              .trial = true,
                              .quota = 3,
                              .issuer = {SPAN("https://i.example")},
                              .board = {SPAN("https://b.example"), SPAN("https://c.example")},
                              .issuers = 1,
                              .boards = 2,
                              .peer_log = SPAN("x"),
                              .peer_promise = SPAN("y"),
                              .log = {1, 2},
                              .promise = {3},
                              .seal = {4}};
}

static void key_clear(struct key_home *k)
{
    arena_free(k->arena);
    place_clear(&k->place);
}

void test_lab__key_file_comes_back_as_it_was(void **state)
{
    (void)state;
    struct err err = {0};
    struct key_home k;
    struct lab_key back;
    struct stat st;
    key_make(&k);
    assert_ok(lab_key_write(k.arena, &k.paths, &k.key, &err), &err);
    assert_int_equal(stat(lab_key_path(k.arena, &k.paths), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_ok(lab_key_read(k.arena, &k.paths, &back, &err), &err);
    assert_int_equal(back.role, ISSUER);
    assert_true(back.trial && back.quota == 3 && back.issuers == 1 && back.boards == 2);
    assert_true(span_eq(back.name, k.key.name) && span_eq(back.zone, k.key.zone) && back.by.n == 0);
    assert_span(back.board[1], "https://c.example");
    assert_span(back.peer_promise, "y");
    assert_memory_equal(back.log, k.key.log, 32);
    assert_memory_equal(back.promise, k.key.promise, 32);
    assert_memory_equal(back.seal, k.key.seal, 32);
    assert_int_equal(chmod(lab_key_path(k.arena, &k.paths), 0604), 0);
    assert_false(lab_key_read(k.arena, &k.paths, &back, &err));
    assert_int_equal(err.code, E_REFUSED);
    key_clear(&k);
}

/* `text` with the first `what` replaced. */
static struct span with(struct arena *arena, struct span text, const char *what, const char *by)
{
    struct buf AUTO_BUF out;
    ptrdiff_t at = span_find(text, span_of(what));
    assert_true(at >= 0);
    buf_init(&out, 100000);
    buf_add(&out, span_first(text, (size_t)at));
    buf_add_text(&out, by);
    buf_add(&out, span_from(text, (size_t)at + strlen(what)));
    return arena_span(arena, buf_span(&out));
}

void test_lab__a_damaged_key_file_is_refused(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"\"v\":1", "\"v\":2"},
        {"\"v\":1", "\"v\":1,\"w\":1"},
        {"\"v\":1", "\"v\":1,\"v\":1"},
        {",\"v\":1", ""},
        {"\"issuer\"", "\"issuer \""},
        {"\"role\":\"issuer\"", "\"role\":\"king\""},
        {"\"quota\":3", "\"quota\":65"},
        {"\"quota\":3", "\"quota\":0"},
        {"\"trial\":true", "\"trial\":1"},
        {"\"seal\":\"BA", "\"seal\":\"B"},
        {"https://i.example", "http://i.example"},
        {"}", ""},
        {"[\"https://i.example\"]", "\"https://i.example\""},
        {"\"log\":\"AQ", "\"log\":\"+Q A"},
    };
    struct err err = {0};
    struct key_home k;
    struct lab_key back;
    struct buf AUTO_BUF text;
    key_make(&k);
    buf_init(&text, 100000);
    assert_ok(lab_key_write(k.arena, &k.paths, &k.key, &err), &err);
    const char *path = lab_key_path(k.arena, &k.paths);
    assert_ok(file_read(path, &text, &err), &err);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct span other = with(k.arena, buf_span(&text), changes[i][0], changes[i][1]);
        assert_ok(file_write(path, other, &err), &err);
        bool taken = lab_key_read(k.arena, &k.paths, &back, &err);
        if (taken)
            print_error("taken: %s\n", changes[i][1]);
        assert_false(taken);
        assert_true(err.code == E_FORMAT || err.code == E_USAGE || err.code == E_LIMIT);
        err_clear(&err);
    }
    for (size_t n = 0; n < text.n; n++) { /* cut anywhere */
        assert_ok(file_write(path, span_first(buf_span(&text), n), &err), &err);
        assert_true(n == text.n - 1 || !lab_key_read(k.arena, &k.paths, &back, &err));
        err_clear(&err);
    }
    key_clear(&k);
}

/* ---- what is known of the record ---- */

struct adding {
    struct lab_of *l;
    const char *note;
    bool look, undo;
};

static bool add_peer(struct db *db, void *arg, struct err *err)
{
    struct adding *a = arg;
    uint64_t size, first;
    const struct history *issuer, *board;
    struct buf AUTO_BUF bytes;
    struct entry e = {.kind = ENTRY_PEER, .t = SPAN("peer"), .at = LAB_NOW, .peer.note = span_of(a->note)};
    buf_init(&bytes, ENTRY_MOST);
    if (!tlog_hold(db, &size, err) || !entry_write(&e, &bytes, err) ||
        !tlog_append(db, &a->l->lab->log, (const struct span[]){buf_span(&bytes)}, 1, &first, err))
        return false;
    if (a->look) { /* as a job might that goes on after it appended */
        if (!lab_facts(a->l->lab, db, &issuer, &board, err))
            return false;
        assert_int_equal(issuer->tree.size, size + 1);
        lab_facts_done(a->l->lab);
    }
    return !a->undo || fail(err, E_STOPPED, "undone");
}

static void is_as_signed(struct lab_of *l)
{
    struct err err = {0};
    struct span bytes;
    struct note_sig note;
    struct checkpoint cp;
    uint8_t root[32];
    struct arena *AUTO_ARENA arena = arena_new();
    const struct history *h = lab_record(l);
    merkle_root(&h->tree, root);
    assert_ok(tlog_checkpoint(l->db, arena, &bytes, &err) && note_sig_read(bytes, arena, &note, &err) &&
                  checkpoint_read(note.text, &cp, &err),
              &err);
    assert_int_equal(cp.size, h->tree.size);
    assert_memory_equal(cp.root, root, 32);
    lab_facts_done(l->lab);
}

static void undone(struct lab_of *l)
{
    struct err err = {0};
    is_as_signed(l);
    struct adding lost = {l, "lost", true, true}, kept = {l, "kept", false, false};
    assert_false(db_write(l->db, add_peer, &lost, &err));
    err_clear(&err);
    assert_ok(db_write(l->db, add_peer, &kept, &err),
              &err); /* as long as the one that was seen, and another */
    is_as_signed(l);
    assert_false(db_write(l->db, add_peer, &lost, &err));
    is_as_signed(l); /* shorter than what was seen */
}

void test_lab__what_was_undone_is_not_remembered(void **state)
{
    (void)state;
    lab_both(undone, true, 64);
}

static void held_twice(struct lab_of *l)
{
    struct err err = {0};
    const struct history *a, *b, *none;
    struct adding kept = {l, "kept", false, false};
    assert_ok(lab_facts(l->lab, l->db, &a, &none, &err), &err);
    uint64_t size = a->tree.size;
    assert_ok(db_write(l->db, add_peer, &kept, &err), &err);
    assert_ok(lab_facts(l->lab, l->db, &b, &none, &err), &err); /* waits for nobody: what is held stays */
    assert_true(a == b && b->tree.size == size);
    lab_facts_done(l->lab);
    lab_facts_done(l->lab);
    is_as_signed(l);
}

void test_lab__who_holds_the_facts_may_ask_again(void **state)
{
    (void)state;
    lab_both(held_twice, true, 64);
}

/* On PostgreSQL the time comes as text, in whatever zone the connection has. */
static void asked_time(struct lab_of *l)
{
    struct err err = {0};
    int64_t now;
    if (l->lab->db_url[0] == 'p')
        assert_ok(db_run(l->db, &err, "set timezone = 'Asia/Kolkata'"), &err);
    assert_ok(lab_now(l->db, &now, &err), &err);
    assert_in_range(now, clock_now() - 3, clock_now() + 3);
}

void test_lab__time_is_the_databases(void **state)
{
    (void)state;
    lab_both(asked_time, true, 64);
}
