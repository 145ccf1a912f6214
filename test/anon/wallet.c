/* anon/wallet.c against a real lab: what is sent, and what is made of the answers. */
#include "test/test.h"

#include "test/anon/lab_served.h"

#include "base/banned.h"

static bool withdraw(struct served_node *n, day_t epoch, struct err *err)
{
    struct history *h = served_record(n);
    bool done = wallet_withdraw(n->db, &n->known, h, served_key(h, epoch), n->s->l.app.now, err);
    history_free(h);
    return done;
}

static void begin(struct served *s, struct served_node *n)
{
    struct err err = {0};
    served_start(s, false);
    served_join(n, s, 1);
    assert_ok(served_follow(n, &err), &err);
}

static void end(struct served *s, struct served_node *n)
{
    served_leave(n);
    served_stop(s);
}

void test_wallet__key_not_in_log_refused(void **state)
{
    (void)state;
    struct served s;
    struct served_node n;
    struct err err = {0};
    begin(&s, &n);
    struct history *h = served_record(&n);
    unsigned before = s.requests;
    struct history_key made = *served_key(h, W48),
                       *logged = (struct history_key *)(uintptr_t)served_key(h, W48);
    made.key.key_id[0] ^= 1; /* one of the lab's for this member */
    assert_false(wallet_withdraw(n.db, &n.known, h, &made, s.l.app.now, &err));
    assert_int_equal(err.code, E_REFUSED);
    err_clear(&err);
    made.key.key_id[0] ^= 1; /* the name of the logged one, another key */
    made.key.spki[100] ^= 1;
    assert_false(wallet_withdraw(n.db, &n.known, h, &made, s.l.app.now, &err));
    assert_int_equal(err.code, E_REFUSED);
    err_clear(&err);
    logged->good = false;
    assert_false(wallet_withdraw(n.db, &n.known, h, logged, s.l.app.now, &err));
    assert_int_equal(err.code, E_REFUSED);
    err_clear(&err);
    logged->good = true;
    static const int64_t outside[] = {-1, 0};
    for (size_t i = 0; i < 2; i++) {
        int64_t at = outside[i] ? logged->key.windows.issue_from - 1 : logged->key.windows.issue_to;
        assert_false(wallet_withdraw(n.db, &n.known, h, logged, at, &err));
        assert_int_equal(err.code, E_REFUSED);
        err_clear(&err);
    }
    assert_int_equal(s.requests, before);
    assert_int_equal(served_number(&n, "select count(*) from withdrawal"), 0);
    history_free(h);
    end(&s, &n);
}

static struct span heard(struct served *s, const struct request *request)
{
    return arena_span(s->l.arena, request->body);
}

/* The lab signs, and its answer is lost. */
static void lost(struct served *s, const struct request *request, struct reply *reply)
{
    struct span *bodies = s->arg;
    if (!span_is(request->path, "/token-request"))
        return;
    if (!bodies[0].p) {
        bodies[0] = heard(s, request);
        reply->status = 503;
        buf_reset(&reply->body);
    } else {
        bodies[1] = heard(s, request);
    }
}

void test_wallet__what_was_begun_is_finished_with_the_same_bytes(void **state)
{
    (void)state;
    struct served s;
    struct served_node n;
    struct err err = {0};
    struct span bodies[2] = {0};
    begin(&s, &n);
    s.arg = bodies;
    s.spoil = lost;
    assert_false(withdraw(&n, W48, &err));
    assert_int_equal(served_number(&n, "select count(*) from pass"), 0);
    db_close(n.db); /* and the computer is started anew */
    n.db = NULL;
    err_clear(&err);
    assert_ok(db_open(&n.db, n.path, &err) && withdraw(&n, W48, &err), &err);
    assert_int_equal(bodies[0].n, BATCH_SIZE);
    assert_true(span_eq(bodies[0], bodies[1]));
    assert_int_equal(served_number(&n, "select count(*) from pass"), 64);
    assert_int_equal(lab_number(&s.l, "select count(*) from issued"), 1);
    assert_int_equal(
        served_number(&n, "select count(*) from withdrawal where body is null and pending is null"), 1);
    unsigned before = s.requests;
    assert_ok(withdraw(&n, W48, &err), &err);
    assert_int_equal(s.requests, before);
    end(&s, &n);
}

static void bad_signature(struct served *s, const struct request *request, struct reply *reply)
{
    (void)s;
    if (span_is(request->path, "/token-request"))
        reply->body.p[reply->body.n - 1] ^= 1;
}

void test_wallet__a_signature_that_is_none_is_reported_and_nothing_kept(void **state)
{
    (void)state;
    struct served s;
    struct served_node n;
    struct err err = {0};
    begin(&s, &n);
    s.spoil = bad_signature;
    assert_false(withdraw(&n, W48, &err));
    assert_int_equal(err.code, E_REFUSED);
    assert_int_equal(served_number(&n, "select count(*) from pass"), 0);
    assert_int_equal(served_number(&n, "select count(*) from finding"), 1);
    err_clear(&err);
    s.spoil = NULL;
    assert_ok(withdraw(&n, W48, &err), &err);
    assert_int_equal(served_number(&n, "select count(*) from pass"), 64);
    end(&s, &n);
}

static bool take_work(struct db *db, void *arg, struct err *err)
{
    struct served_node *n = arg;
    struct token token;
    day_t epoch;
    struct history *h = served_record(n);
    bool done = wallet_take(db, h, n->s->l.app.now, &token, &epoch, err);
    history_free(h);
    return done;
}

/* While one process waits for the answer, another has it, and a pass is used. */
static void meanwhile(struct served *s, const struct request *request, struct reply *reply)
{
    struct served_node *n = s->arg, second = *n;
    struct err err = {0};
    (void)reply;
    if (!span_is(request->path, "/token-request"))
        return;
    s->spoil = NULL;
    second.db = NULL;
    assert_ok(db_open(&second.db, n->path, &err) && withdraw(&second, W48, &err) &&
                  db_write(second.db, take_work, &second, &err),
              &err);
    db_close(second.db);
}

void test_wallet__a_pass_that_was_taken_never_comes_back(void **state)
{
    (void)state;
    struct served s;
    struct served_node n;
    struct err err = {0};
    begin(&s, &n);
    s.arg = &n;
    s.spoil = meanwhile;
    assert_ok(withdraw(&n, W48, &err), &err);
    assert_int_equal(served_number(&n, "select count(*) from pass"), 63);
    assert_int_equal(lab_number(&s.l, "select count(*) from issued"), 1);
    end(&s, &n);
}

/* ---- the crowd key ---- */

static void tagged(struct served *s, const struct request *request, struct reply *reply)
{
    (void)s;
    char *key = span_starts(request->path, SPAN("/v1/epochs/")) ? strstr(reply->body.p, ":\"") : NULL;
    if (key)
        key[5] = key[5] == 'A' ? 'B' : 'A';
}

void test_wallet__crowd_key_mismatch_refused(void **state)
{
    (void)state;
    struct served s;
    struct served_node n;
    struct err err = {0};
    begin(&s, &n);
    served_until(&s, LAB_NOW + 7 * LAB_DAY);
    s.spoil = tagged;
    assert_false(served_fetch(&n, &err));
    assert_int_equal(err.code, E_REFUSED);
    assert_int_equal(served_number(&n, "select count(*) from crowd"), 0);
    assert_int_equal(served_number(&n, "select count(*) from finding"), 1);
    assert_int_equal(served_number(&n,
                                   "select count(*) from sent where address like '%/v1/rosters/%' or address "
                                   "like '%/v1/batches%'"),
                     0);
    end(&s, &n);
}

/* ---- the cosignature ---- */

void test_wallet__cosigns_epoch_head_only_once(void **state)
{
    (void)state;
    struct served s;
    struct served_node n;
    struct err err = {0};
    begin(&s, &n);
    served_until(&s, LAB_NOW + 7 * LAB_DAY);
    for (int i = 0; i < 4; i++) {
        assert_ok(served_fetch(&n, &err), &err);
        served_until(&s, s.l.app.now + LAB_DAY);
    }
    assert_int_equal(served_number(&n, "select count(*) from sent where address like '%/v1/cosignatures'"),
                     1);
    struct history *h = served_record(&n);
    uint8_t head[32];
    AUTO_BUF struct buf text;
    buf_init(&text, 4096);
    assert_true(history_head(h, NULL, W48 + EPOCH_NEXT, &text, head));
    AUTO_STMT struct stmt *q = NULL;
    assert_ok(db_query(n.db, &q, &err, "select head from cosigned"), &err);
    assert_true(db_next(q, &err));
    assert_true(span_eq(db_text(q, 0), buf_span(&text)));
    assert_true(h->tree.size > h->heads.at[0].size);
    db_close_stmt(q);
    q = NULL;
    history_free(h);
    end(&s, &n);
}
