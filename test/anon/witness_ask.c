/* A lab asks another lab to witness its log: the two halves of C2SP tlog-witness against each other. */
#include "test/test.h"

#include "anon/lab.h"
#include "anon/witness.h"
#include "anon/witness_ask.h"
#include "test/anon/log_hand.h"

#include "base/banned.h"

#define THERE "https://witness.example"

/* The asking lab, whose log has key 1, and the witness. */
struct pair_of {
    struct lab lab, other;
    struct app app, witness;
    int asked;  /* times */
    int status; /* in place of the witness's own, when it is set */
};

static void pair_make(struct pair_of *p, struct db *db, struct arena *arena)
{
    static const struct room *const list[] = {&log_room, NULL};
    *p = (struct pair_of){.lab = {.log = hand_log(1)}, .other = {.log = hand_log(2)}};
    p->other.log.origin = "witness.example/respite";
    p->app =
        (struct app){.rooms = list, .role = LAB, .db = db, .arena = arena, .lab = &p->lab, .now = 1795392000};
    p->witness = (struct app){.rooms = list,
                              .role = LAB,
                              .db = hand_open(":memory:"),
                              .arena = arena,
                              .lab = &p->other,
                              .now = 1795392000};
}

static bool post(void *arg, const char *base, struct span body, int *status, struct buf *answer,
                 struct err *err)
{
    struct pair_of *p = arg;
    struct request request = {.arena = p->app.arena, .method = SPAN("POST"), .body = body};
    struct reply reply = {.status = 200};
    assert_string_equal(base, THERE);
    buf_init(&reply.body, 1 << 20);
    page_witness_add(&p->witness, &request, &reply);
    *status = p->status ? p->status : reply.status;
    buf_add(answer, buf_span(&reply.body));
    buf_clear(&reply.body);
    p->asked++;
    return buf_ok(answer, err);
}

static int64_t number(struct db *db, const char *sql)
{
    struct err err = {0};
    int64_t n = -1;
    assert_ok(db_number_(db, &n, -1, &err, sql, NULL, 0), &err);
    return n;
}

static bool put(struct db *db, void *arg, struct err *err)
{
    return witness_ask_put(db, arg, err);
}

/* The witness knows the log; the lab asks it. */
static void introduce(struct pair_of *p)
{
    struct err err = {0};
    uint8_t root[32];
    char url[] = THERE;
    merkle_empty(root);
    assert_ok(db_run(p->witness.db, &err,
                     "insert into witnessed(origin, vkey, size, root, note) values ($1, $2, 0, $3, $4)",
                     V_STR(p->lab.log.origin), V_STR(p->lab.log.vkey),
                     V_BLOB(((struct span){(const char *)root, 32})), V_BLOB(SPAN(""))),
              &err);
    assert_ok(db_write(p->app.db, put, url, &err) && db_write(p->app.db, put, url, &err), &err);
    assert_int_equal(number(p->app.db, "select count(*) from witness_asked"), 1);
}

static void ask(struct pair_of *p)
{
    struct err err = {0};
    assert_ok(witness_ask(&p->app, post, p, &err), &err);
}

static void signs(struct db *db, const char *path)
{
    (void)path;
    struct arena *AUTO_ARENA arena = arena_new();
    struct pair_of p;
    pair_make(&p, db, arena);
    introduce(&p);
    ask(&p); /* nothing is there to be signed */
    assert_int_equal(p.asked, 0);
    static const size_t steps[] = {1, 5, 251, 400, 1};
    size_t size = 0;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; size += steps[i++]) {
        hand_add(db, size, steps[i]);
        ask(&p);
        assert_int_equal(p.asked, i + 1);
        assert_int_equal(number(p.witness.db, "select size from witnessed"), size + steps[i]);
        assert_int_equal(number(db, "select size from witness_asked"), size + steps[i]);
        p.app.now += 600;
        ask(&p); /* it did not grow */
        assert_int_equal(p.asked, i + 1);
    }
    hand_add(db, size, 1);
    p.app.now -= 1;
    ask(&p); /* not within ten minutes */
    assert_int_equal(p.asked, 5);
    db_close(p.witness.db);
}

void test_witness_ask__each_growth_is_signed(void **state)
{
    (void)state;
    hand_both(signs);
}

void test_witness_ask__a_wrong_size_is_put_right(void **state)
{
    (void)state;
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct db *db = hand_open(":memory:"), *longer = hand_open(":memory:");
    struct pair_of p;
    pair_make(&p, db, arena);
    introduce(&p);
    hand_add(db, 0, 300);
    ask(&p);
    assert_ok(db_run(db, &err, "update witness_asked set size = 0"), &err); /* an older database */
    p.app.now += 600;
    hand_add(db, 300, 10);
    ask(&p);
    assert_int_equal(number(db, "select size from witness_asked"), 300);
    p.app.now += 600;
    ask(&p);
    assert_int_equal(number(p.witness.db, "select size from witnessed"), 310);
    /* One that lost its end finds out. */
    hand_add(longer, 0, 305);
    char url[] = THERE;
    assert_ok(db_write(longer, put, url, &err), &err);
    p.app.db = longer;
    p.app.now += 600;
    assert_false(witness_ask(&p.app, post, &p, &err));
    assert_int_equal(err.code, E_REFUSED);
    assert_non_null(strstr(err.text, "310 entries"));
    db_close(db);
    db_close(longer);
    db_close(p.witness.db);
}

void test_witness_ask__one_that_does_not_sign_is_named(void **state)
{
    (void)state;
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct db *db = hand_open(":memory:");
    struct pair_of p;
    pair_make(&p, db, arena);
    introduce(&p);
    hand_add(db, 0, 3);
    p.status = 403;
    assert_false(witness_ask(&p.app, post, &p, &err));
    assert_int_equal(err.code, E_REFUSED);
    assert_non_null(strstr(err.text, THERE));
    assert_non_null(strstr(err.text, "403"));
    err_clear(&err);
    p.status = 409; /* with something else than a size */
    assert_ok(db_run(db, &err, "update witness_asked set size = 3"), &err);
    hand_add(db, 3, 1);
    p.app.now += 600;
    assert_false(witness_ask(&p.app, post, &p, &err));
    assert_int_equal(err.code, E_FORMAT);
    err_clear(&err);
    char url[64];
    for (int i = 0; i < 15; i++) {
        snprintf(url, sizeof url, "https://w%d.example", i);
        assert_ok(db_write(db, put, url, &err), &err);
    }
    assert_false(db_write(db, put, (char[]){"https://more.example"}, &err));
    assert_int_equal(err.code, E_LIMIT);
    db_close(db);
    db_close(p.witness.db);
}
