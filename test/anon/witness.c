/* The witness: it signs what continues what it signed before, and nothing else, also when two ask at once. */
#include "test/test.h"

#include "anon/lab.h"
#include "anon/witness.h"
#include "codec/b64.h"
#include "crypt/hash.h"
#include "test/anon/log_hand.h"

#include "base/banned.h"

/* The witness of log 1 is the lab whose own log has key 2. */
struct stand {
    struct lab lab;
    struct app app;
};

static void stand_up(struct stand *s, struct db *db, struct arena *arena)
{
    static const struct room *const list[] = {&log_room, NULL};
    *s = (struct stand){.lab = {.log = hand_log(2)}};
    s->lab.log.origin = "witness.example/respite";
    s->app =
        (struct app){.rooms = list, .role = LAB, .db = db, .arena = arena, .lab = &s->lab, .now = 1795392000};
}

static void known(struct db *db, const char *vkey)
{
    struct err err = {0};
    uint8_t root[32];
    merkle_empty(root);
    assert_ok(db_run(db, &err,
                     "insert into witnessed(origin, vkey, size, root, note) values ($1, $2, 0, $3, $4)",
                     V_STR("127.0.0.1:8080/respite"), V_STR(vkey),
                     V_BLOB(((struct span){(const char *)root, 32})), V_BLOB(SPAN(""))),
              &err);
}

/* Append "old …", the proof out of the log's tiles, and its checkpoint. */
static void request_of(struct db *log, uint64_t old, struct buf *body)
{
    struct err err = {0};
    uint64_t size;
    struct merkle_plan plan;
    uint8_t hash[2 * MERKLE_PROOF_MOST][32], proof[MERKLE_PROOF_MOST][32];
    struct arena *AUTO_ARENA arena = arena_new();
    struct span note;
    assert_ok(tlog_size(log, &size, &err) && tlog_checkpoint(log, arena, &note, &err), &err);
    buf_printf(body, "old %llu\n", (unsigned long long)old);
    if (old > 0 && old < size) {
        assert_true(merkle_consistency_plan(old, size, &plan));
        for (size_t i = 0; i < plan.nodes; i++) {
            struct merkle_tile tile;
            AUTO_BUF struct buf bytes;
            buf_init(&bytes, 8192);
            assert_true(merkle_tile_of(plan.node[i], size, &tile));
            assert_ok(tlog_tile(log, arena, &tile, &bytes, &err), &err);
            assert_true(merkle_tile_node(&tile, buf_span(&bytes), plan.node[i], hash[i]));
        }
        merkle_fold(&plan, hash[0], proof[0]);
        for (size_t i = 0; i < plan.hashes; i++) {
            b64_add(body, (struct span){(const char *)proof[i], 32}, B64);
            buf_add_byte(body, '\n');
        }
    }
    buf_add_byte(body, '\n');
    buf_add(body, note);
}

/* Ask by the room's table; the answer's body goes to `out`. */
static int ask(struct stand *s, const char *method, const char *path, struct span body, const char **type,
               struct buf *out)
{
    struct request request = {
        .arena = s->app.arena, .method = span_of(method), .path = span_of(path), .body = body};
    struct reply reply = {.status = 200};
    bool other;
    buf_init(&reply.body, 4 << 20);
    const struct route *route = route_find(&s->app, request.method, request.path, &other);
    assert_non_null(route);
    assert_int_equal(route->who, PUBLIC);
    route->serve(&s->app, &request, &reply);
    buf_reset(out);
    buf_add(out, buf_span(&reply.body));
    buf_clear(&reply.body);
    *type = reply.type;
    return reply.status;
}

static int post(struct stand *s, struct span body, struct buf *out)
{
    const char *type;
    return ask(s, "POST", "/witness/add-checkpoint", body, &type, out);
}

static int grow(struct stand *s, struct db *log, uint64_t old, struct buf *out)
{
    AUTO_BUF struct buf body;
    buf_init(&body, 1 << 20);
    request_of(log, old, &body);
    return post(s, buf_span(&body), out);
}

/* The line in `lines` is a cosignature of the log's present checkpoint. */
static void assert_cosigned(struct stand *s, struct db *log, struct span lines)
{
    struct err err = {0};
    struct sign_key secret;
    struct note_sig_key key;
    struct note_sig note;
    struct note_sig_claim claim;
    struct span bytes;
    AUTO_BUF struct buf whole, scratch;
    buf_init(&whole, 1 << 16);
    buf_init(&scratch, 1 << 16);
    assert_ok(tlog_checkpoint(log, s->app.arena, &bytes, &err) && witness_key(&s->app, &secret, &key, &err),
              &err);
    assert_span(key.name, "witness.example/respite/witness");
    buf_add(&whole, bytes);
    buf_add(&whole, lines);
    assert_ok(note_sig_read(buf_span(&whole), s->app.arena, &note, &err) &&
                  note_sig_claim(&note, &key, &scratch, &claim, &err),
              &err);
    assert_int_equal(note.lines, 2);
    assert_int_equal(claim.time, 1795392000);
    assert_true(sign_good(key.pk, claim.message, claim.sig));
}

static void grows(struct db *db, const char *path)
{
    (void)path;
    struct arena *AUTO_ARENA arena = arena_new();
    struct db *log = hand_open(":memory:");
    struct stand s;
    const char *type;
    char where[100];
    uint8_t hash[32];
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 20);
    stand_up(&s, db, arena);
    known(db, hand_log(1).vkey);
    hash_sha256(SPAN("127.0.0.1:8080/respite"), hash);
    memcpy(where, "/witness/", 9);
    hash_hex(hash, where + 9);
    memcpy(where + 73, "/checkpoint", 12);
    assert_int_equal(ask(&s, "GET", where, SPAN(""), &type, &out), 404);
    static const uint64_t steps[] = {1, 6, 250, 1, 43, 300};
    uint64_t size = 0;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; size += steps[i++]) {
        hand_add(log, size, steps[i]);
        assert_int_equal(grow(&s, log, size, &out), 200);
        assert_cosigned(&s, log, buf_span(&out));
        assert_int_equal(grow(&s, log, size, &out), 409); /* it knows the new one now */
        char want[24];
        snprintf(want, sizeof want, "%llu\n", (unsigned long long)(size + steps[i]));
        assert_string_equal(buf_text(&out), want);
    }
    assert_int_equal(grow(&s, log, size, &out), 200); /* the same again */
    assert_cosigned(&s, log, buf_span(&out));
    AUTO_BUF struct buf kept;
    buf_init(&kept, 1 << 20);
    assert_int_equal(ask(&s, "GET", where, SPAN(""), &type, &kept), 200);
    assert_string_equal(type, "text/plain; charset=utf-8");
    assert_true(span_ends(buf_span(&kept), buf_span(&out)));
    where[20] = where[20] == '0' ? '1' : '0';
    assert_int_equal(ask(&s, "GET", where, SPAN(""), &type, &out), 404);
    assert_int_equal(ask(&s, "GET", "/witness/00/checkpoint", SPAN(""), &type, &out), 404);
    db_close(log);
}

void test_witness__signs_a_log_as_it_grows(void **state)
{
    (void)state;
    hand_both(grows);
}

void test_witness__what_does_not_fit_has_its_status(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct db *db = hand_open(":memory:"), *log = hand_open(":memory:"), *fork = hand_open(":memory:");
    struct hand_some other = {.log = hand_log(1), .from = 7, .n = 20};
    struct err err = {0};
    struct stand s;
    AUTO_BUF struct buf out, body, broken;
    buf_init(&out, 1 << 20);
    buf_init(&body, 1 << 20);
    buf_init(&broken, 1 << 20);
    stand_up(&s, db, arena);
    hand_add(log, 0, 10);
    assert_int_equal(grow(&s, log, 0, &out), 404); /* not known */
    known(db, hand_log(3).vkey);
    assert_int_equal(grow(&s, log, 0, &out), 403); /* not by its key */
    assert_ok(db_run(db, &err, "update witnessed set vkey = $1", V_STR(hand_log(1).vkey)), &err);
    buf_add_text(&broken, "old 0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    request_of(log, 0, &body);
    buf_add_text(&broken, buf_text(&body) + 5);
    assert_int_equal(post(&s, buf_span(&broken), &out), 422); /* there is nothing to prove */
    buf_reset(&broken);
    buf_reset(&body);
    assert_int_equal(grow(&s, log, 0, &out), 200);
    assert_int_equal(grow(&s, log, 11, &out), 400); /* old > new */
    hand_add(log, 10, 10);
    request_of(log, 10, &body);
    const char *text = buf_text(&body);
    /* The proof without its first hash; with a changed one; with one too many. */
    const char *first = strchr(text, '\n') + 1, *second = strchr(first, '\n') + 1;
    buf_printf(&broken, "old 10\n%s", second);
    assert_int_equal(post(&s, buf_span(&broken), &out), 422);
    buf_reset(&broken);
    buf_printf(&broken, "old 10\n%c%s", first[0] == 'A' ? 'B' : 'A', first + 1);
    assert_int_equal(post(&s, buf_span(&broken), &out), 422);
    buf_reset(&broken);
    buf_printf(&broken, "old 10\n%.*s%s", (int)(second - first), first, first);
    assert_int_equal(post(&s, buf_span(&broken), &out), 422);
    /* The right key's line over another text. */
    buf_reset(&broken);
    const char *root = strstr(strstr(text, "\n\n") + 2, "\n20\n") + 4;
    buf_printf(&broken, "%.*s%c%s", (int)(root - text), text, root[0] == 'A' ? 'B' : 'A', root + 1);
    assert_int_equal(post(&s, buf_span(&broken), &out), 403);
    /* Another log of the same key: the same size, and larger. */
    other.n = 10;
    assert_ok(db_write(fork, hand_append, &other, &err), &err);
    assert_int_equal(grow(&s, fork, 10, &out), 422);
    other.from = 99;
    assert_ok(db_write(fork, hand_append, &other, &err), &err);
    assert_int_equal(grow(&s, fork, 10, &out), 422);
    assert_int_equal(grow(&s, log, 10, &out), 200);
    static const char *const malformed[] = {"",
                                            "old",
                                            "old 1",
                                            "old 1\n",
                                            "old 1\n\n",
                                            "old -1\n\nx",
                                            "old 1\nAAAA\n\nx\n",
                                            "old 20\n\nx\n\n— y AAAA\n",
                                            "\n\n"};
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
        assert_int_equal(post(&s, span_of(malformed[i]), &out), 400);
    buf_reset(&broken);
    buf_add_text(&broken, "old 20\n");
    for (int i = 0; i < 64; i++)
        buf_add_text(&broken, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
    buf_add_text(&broken, strstr(text, "\n\n") + 1);
    assert_int_equal(post(&s, buf_span(&broken), &out), 400);
    db_close(db);
    db_close(log);
    db_close(fork);
}

/* A process that shows a history of its own to the witness when the others do: its exit is 0 when it was
 * signed, 1 when another one was. */
static void show_fork(const char *path, unsigned who, int go)
{
    char byte;
    struct err err = {0};
    struct db *db = NULL;
    struct db *log = hand_open(":memory:");
    struct hand_some some = {.log = hand_log(1), .from = 1000 * who, .n = 50};
    struct stand s;
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 20);
    if (!db_open(&db, path, &err) || !db_write(log, hand_append, &some, &err))
        _exit(100);
    stand_up(&s, db, arena_new());
    AUTO_BUF struct buf body;
    buf_init(&body, 1 << 20);
    request_of(log, 0, &body);
    if (read(go, &byte, 1) != 0) /* until the parent closes its end */
        _exit(100);
    int status = post(&s, buf_span(&body), &out);
    _exit(status == 200 ? 0 : status == 409 ? 1 : 100);
}

static void forks(struct db *db, const char *path)
{
    struct err err = {0};
    uint8_t root[32];
    merkle_empty(root);
    known(db, hand_log(1).vkey);
    for (int round = 0; round < 12; round++) {
        pid_t pid[4];
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        int refused = 0;
        assert_ok(db_run(db, &err, "update witnessed set size = 0, root = $1",
                         V_BLOB(((struct span){(const char *)root, 32}))),
                  &err);
        for (unsigned i = 0; i < 4; i++) {
            pid[i] = fork();
            if (pid[i] == 0) {
                close(ends[1]);
                show_fork(path, i, ends[0]);
            }
        }
        close(ends[0]);
        usleep(60000); /* they are ready */
        close(ends[1]);
        for (unsigned i = 0; i < 4; i++)
            refused += place_wait(pid[i]);
        assert_int_equal(refused, 3);
    }
}

void test_witness__of_several_histories_at_once_one_is_signed(void **state)
{
    (void)state;
    hand_both(forks);
}
