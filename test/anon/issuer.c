/* anon/issuer.c: passes for members on both databases; what costs nothing, what comes again, when it is over.
 */
#include "test/test.h"

#include <pthread.h>

#include "crypt/rand.h"
#include "test/anon/lab_of.h"

#include "base/banned.h"

/* A real lab gives 64 to each, once: no more, no fewer, also not for another answer to the same key. */
static void uniform(struct lab_of *l)
{
    struct entry_key key;
    struct lab_member m[2] = {lab_member(1), lab_member(2)};
    lab_key_of(l, W48, NULL, &key);
    for (int i = 0; i < 2; i++) {
        lab_join(l, &m[i]);
        struct lab_order *few = lab_order(l, &key, 63), *all = lab_order(l, &key, PASSES),
                         *other = lab_order(l, &key, PASSES), *one = lab_order(l, &key, 1);
        assert_string_equal(lab_request(l, &m[i], few).problem, "bad-token-request");
        assert_string_equal(lab_request(l, &m[i], one).problem, "bad-token-request");
        struct lab_said said = lab_request(l, &m[i], all);
        assert_int_equal(said.status, 200);
        assert_int_equal(said.body.n, BATCH_SIZE);
        assert_string_equal(said.type, "application/private-token-generic-batch-response");
        lab_finish(all, said.body);
        struct lab_said again = lab_request(l, &m[i], all);
        assert_int_equal(again.status, 200);
        assert_true(span_eq(again.body, said.body));
        struct lab_said second = lab_request(l, &m[i], other);
        assert_int_equal(second.status, 409);
        assert_string_equal(second.problem, "quota-used");
        lab_order_free(few);
        lab_order_free(all);
        lab_order_free(other);
        lab_order_free(one);
    }
    assert_int_equal(lab_number(l, "select count(*) from issued"), 2);
    assert_int_equal(lab_number(l, "select count(*) from issued where late = 1"), 2);
}

void test_issuer__quota_uniform(void **state)
{
    (void)state;
    lab_both(uniform, false, LAB_QUOTA);
}

/* The body of `order` with one item replaced, sent. */
static const char *with_item(struct lab_of *l, const struct lab_member *m, const struct lab_order *order,
                             size_t at, uint8_t key_byte, const uint8_t *blinded)
{
    static struct lab_said said;
    struct lab_order other = *order;
    struct token_request requests[PASSES];
    AUTO_BUF struct buf body;
    buf_init(&body, 1 << 16);
    for (size_t i = 0; i < order->n; i++)
        requests[i] = (struct token_request){order->key_byte, lab_bytes(order->item[i].blinded, TOKEN_SIG)};
    requests[at] = (struct token_request){key_byte, lab_bytes(blinded, TOKEN_SIG)};
    batch_request_write(requests, order->n, &body);
    other.body = buf_span(&body);
    said = lab_request(l, m, &other);
    return said.problem;
}

static void mutations(struct lab_of *l)
{
    struct entry_key key;
    uint8_t n[SPKI_MODULUS], ones[TOKEN_SIG];
    struct lab_member m = lab_member(1);
    lab_join(l, &m);
    lab_key_of(l, W48, NULL, &key);
    assert_true(spki_read(lab_bytes(key.spki, SPKI_SIZE), n));
    memset(ones, 0xff, sizeof ones);
    struct lab_order *o = lab_order(l, &key, 3), *cut = lab_order(l, &key, 3);
    for (size_t at = 0; at < 3; at++) {
        const uint8_t *own = o->item[at].blinded;
        assert_string_equal(with_item(l, &m, o, at, (uint8_t)(o->key_byte ^ 0x55), own), "bad-token-request");
        assert_string_equal(with_item(l, &m, o, at, o->key_byte, n), "bad-token-request");
        assert_string_equal(with_item(l, &m, o, at, o->key_byte, ones), "bad-token-request");
    }
    cut->body.n--;
    assert_string_equal(lab_request(l, &m, cut).problem, "bad-token-request");
    cut->body = SPAN("");
    assert_string_equal(lab_request(l, &m, cut).problem, "bad-token-request");
    cut->body = o->body;
    cut->type = "application/json";
    assert_string_equal(lab_request(l, &m, cut).problem, "bad-token-request");
    assert_int_equal(lab_number(l, "select count(*) from issued"), 0);
    struct lab_said said = lab_request(l, &m, o);
    assert_int_equal(said.status, 200);
    lab_finish(o, said.body);
    lab_order_free(o);
    lab_order_free(cut);
}

void test_issuer__a_refusal_burns_nothing(void **state)
{
    (void)state;
    lab_both(mutations, true, 3);
}

void test_issuer__an_unknown_bearer_gets_nothing(void **state)
{
    (void)state;
    struct lab_of l;
    struct entry_key key;
    struct lab_member m = lab_member(1), stranger = lab_member(2);
    lab_make(&l, true, 1, NULL);
    lab_join(&l, &m);
    lab_key_of(&l, W48, NULL, &key);
    struct lab_order *o = lab_order(&l, &key, 1);
    assert_int_equal(lab_request(&l, &stranger, o).status, 401);
    assert_int_equal(lab_ask(&l, api_token_request, NULL, "/token-request", o->type, o->body).status, 401);
    struct lab_said said = lab_request(&l, &m, o);
    assert_int_equal(said.status, 200);
    assert_int_equal(said.body.n, TOKEN_SIG);
    assert_string_equal(said.type, "application/private-token-response");
    lab_finish(o, said.body);
    lab_order_free(o);
    lab_clear(&l);
}

/* Tuesday to Sunday of the week before, and the week itself. */
void test_issuer__issue_window(void **state)
{
    (void)state;
    struct lab_of l;
    struct lab_member m = lab_member(1), late = lab_member(2), never = lab_member(3);
    day_t next = W48 + EPOCH_NEXT;
    struct windows w = epoch_windows(next);
    lab_make(&l, false, LAB_QUOTA, NULL);
    l.app.now = w.issue_from - LAB_HOUR;
    lab_join(&l, &m);
    lab_join(&l, &late);
    lab_join(&l, &never);
    assert_int_equal(lab_fetch(&l, &m, next, PASSES), 425);
    l.app.now = w.issue_from;
    assert_int_equal(lab_fetch(&l, &m, next, PASSES), 200);
    l.app.now = w.issue_to - 1;
    assert_int_equal(lab_fetch(&l, &late, next, PASSES), 200);
    l.app.now = w.issue_to;
    assert_int_equal(lab_fetch(&l, &never, next, PASSES), 409);
    assert_int_equal(lab_number(&l, "select count(*) from issued where late = 0"), 1);
    lab_clear(&l);
}

struct racer {
    pthread_t thread;
    struct lab_of *l;
    struct app app;
    const struct lab_member *m;
    struct lab_order *order;
    int status;
    struct span body;
};

static void *race(void *arg)
{
    struct racer *r = arg;
    struct err err = {0};
    struct lab_of mine = *r->l;
    mine.arena = arena_new();
    mine.app.arena = mine.arena;
    mine.db = NULL;
    assert_ok(db_open(&mine.db, r->l->path, &err), &err);
    mine.app.db = mine.db;
    struct request request = {.arena = mine.arena, .method = SPAN("POST"), .path = SPAN("/token-request")};
    struct reply reply = {.status = 200};
    struct pair pairs[2];
    AUTO_BUF struct buf bearer;
    buf_init(&bearer, 128);
    buf_init(&reply.body, 1 << 20);
    auth_key_write(&bearer, AUTH_BEARER, r->m->secret);
    pairs[0] = (struct pair){SPAN("Authorization"), buf_span(&bearer)};
    pairs[1] = (struct pair){SPAN("Content-Type"), span_of(r->order->type)};
    request.headers = (struct pairs){pairs, 2, 2};
    request.body = r->order->body;
    api_token_request(&mine.app, &request, &reply);
    r->status = reply.status;
    r->body = arena_span(r->l->arena, (struct span){NULL, 0});
    if (reply.status == 200)
        lab_finish(r->order, buf_span(&reply.body));
    buf_clear(&reply.body);
    db_close(mine.db);
    arena_free(mine.arena);
    return NULL;
}

enum { RACERS = 8 };

/* Several requests of one member at once: one is answered. */
static void raced(struct lab_of *l)
{
    struct entry_key key;
    struct err err = {0};
    struct lab_member m = lab_member(1);
    struct racer racers[RACERS];
    struct db *own = NULL;
    int good = 0, used = 0;
    lab_join(l, &m);
    lab_key_of(l, W48, NULL, &key);
    assert_ok(db_open(&own, l->path, &err) && writer_start(&l->lab->writer, own, &err), &err);
    for (int i = 0; i < RACERS; i++)
        racers[i] = (struct racer){.l = l, .m = &m, .order = lab_order(l, &key, 2)};
    for (int i = 0; i < RACERS; i++)
        assert_int_equal(pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
    for (int i = 0; i < RACERS; i++) {
        pthread_join(racers[i].thread, NULL);
        good += racers[i].status == 200;
        used += racers[i].status == 409;
        lab_order_free(racers[i].order);
    }
    assert_int_equal(good, 1);
    assert_int_equal(used, RACERS - 1);
    assert_int_equal(lab_number(l, "select count(*) from issued"), 1);
}

void test_issuer__one_of_many_requests_is_answered(void **state)
{
    (void)state;
    lab_both(raced, true, 2);
}

/* ---- surveys ---- */

#define SURVEY "{\"at\":1795608000,\"question\":\"How is it?\",\"t\":\"survey\"}"

struct poll {
    uint8_t id[16];
    int64_t opens, closes;
    uint64_t roster;
};

/* Members 1 and 2 are the group, 3 comes later. */
static void poll_make(struct lab_of *l, struct poll *p)
{
    struct err err = {0};
    struct lab_member m[2] = {lab_member(1), lab_member(2)}, late = lab_member(3);
    lab_join(l, &m[0]);
    lab_join(l, &m[1]);
    lab_beat(l);
    const struct history *h = lab_record(l);
    p->roster = h->rosters.at[h->rosters.n - 1].index;
    assert_int_equal(h->rosters.at[h->rosters.n - 1].list.n, 2);
    lab_facts_done(l->lab);
    lab_join(l, &late);
    p->opens = l->app.now + 3 * LAB_DAY;
    p->closes = p->opens + 5 * LAB_DAY;
    struct rotate_survey survey = {SPAN(SURVEY), p->roster, p->opens, p->closes};
    assert_ok(rotate_survey_key(&l->app, &survey, p->id, &err), &err);
}

static int poll_fetch(struct lab_of *l, const struct poll *p, int n)
{
    struct entry_key key;
    struct lab_member m = lab_member(n);
    lab_key_of(l, 0, p->id, &key);
    struct lab_order *o = lab_order(l, &key, 1);
    struct lab_said said = lab_request(l, &m, o);
    if (said.status == 200)
        lab_finish(o, said.body);
    lab_order_free(o);
    return said.status;
}

static void issued_to_group(struct lab_of *l)
{
    struct poll p;
    poll_make(l, &p);
    l->app.now += LAB_DAY;
    assert_int_equal(poll_fetch(l, &p, 1), 200);
    assert_int_equal(poll_fetch(l, &p, 1), 409);
    assert_int_equal(poll_fetch(l, &p, 3), 403);
    l->app.now = p.opens - 1;
    assert_int_equal(poll_fetch(l, &p, 2), 200);
    lab_sound(l);
}

void test_issuer__survey_passes_are_for_its_group(void **state)
{
    (void)state;
    lab_both(issued_to_group, true, 2);
}

static void not_after(struct lab_of *l)
{
    struct poll p;
    poll_make(l, &p);
    l->app.now = p.opens;
    assert_int_equal(poll_fetch(l, &p, 1), 409);
    lab_beat(l);
    assert_int_equal(poll_fetch(l, &p, 1), 409);
    l->app.now = p.closes + LAB_DAY;
    assert_int_equal(poll_fetch(l, &p, 1), 409);
    assert_int_equal(lab_number(l, "select count(*) from issued"), 0);
}

void test_issuer__no_survey_pass_after_opens(void **state)
{
    (void)state;
    lab_both(not_after, true, 2);
}

/* Whether a file of the lab's database holds these bytes. */
static bool in_files(struct lab_of *l, struct span bytes)
{
    static const char *const tails[] = {"", "-wal"};
    bool found = false;
    for (int i = 0; i < 2; i++) {
        struct err err = {0};
        char path[300];
        AUTO_BUF struct buf all;
        buf_init(&all, 1 << 26);
        snprintf(path, sizeof path, "%s%s", l->path, tails[i]);
        if (file_exists(path))
            assert_ok(file_read(path, &all, &err), &err);
        found |= span_find(buf_span(&all), bytes) >= 0;
    }
    return found;
}

void test_issuer__survey_key_destroyed_at_opens(void **state)
{
    (void)state;
    struct lab_of l;
    struct poll p;
    struct err err = {0};
    lab_make(&l, true, 2, NULL);
    poll_make(&l, &p);
    l.app.now += LAB_HOUR;
    assert_int_equal(poll_fetch(&l, &p, 2), 200);
    struct span sealed;
    {
        AUTO_STMT struct stmt *q = NULL;
        assert_ok(db_query(l.db, &q, &err, "select sealed from issuer_key where roster is not null"), &err);
        assert_true(db_next(q, &err));
        sealed = arena_span(l.arena, db_text(q, 0));
    }
    assert_true(sealed.n > 1000);
    struct span piece = span_first(sealed, 64);
    lab_beat(&l);
    assert_true(in_files(&l, piece));
    l.app.now = p.opens;
    lab_beat(&l);
    assert_int_equal(lab_number(&l, "select count(*) from issuer_key where roster is not null and sealed is "
                                    "not null"),
                     0);
    assert_false(in_files(&l, piece));
    const struct history *h = lab_record(&l);
    const struct entry_close *c = &h->closes.at[h->closes.n - 1].close;
    assert_true(c->survey);
    assert_memory_equal(c->id_of, p.id, 16);
    assert_int_equal(c->issued, 1);
    assert_int_equal(c->members, 2);
    lab_facts_done(l.lab);
    lab_sound(&l);
    lab_clear(&l);
}

/* ---- what else is asked ---- */

void test_issuer__crowd_key_is_that_of_the_record(void **state)
{
    (void)state;
    struct lab_of l;
    struct entry_key key;
    uint8_t crowd[32], hash[32];
    struct lab_member m = lab_member(1);
    lab_make(&l, false, LAB_QUOTA, NULL);
    lab_join(&l, &m);
    lab_key_of(&l, W48, NULL, &key);
    struct lab_said said = lab_ask(&l, api_epoch, m.secret, "/v1/epochs/2026-W48", NULL, SPAN(""));
    assert_int_equal(said.status, 200);
    assert_int_equal(said.body.n, 1024);
    assert_true(span_starts(said.body, SPAN("{\"crowd\":\"")));
    assert_true(b64_exact(span_first(span_from(said.body, 10), 44), B64, crowd, 32));
    hash_tagged(SPAN("respite/crowd/v1\n"), lab_bytes(crowd, 32), hash);
    assert_memory_equal(hash, key.crowd, 32);
    assert_int_equal(lab_ask(&l, api_epoch, NULL, "/v1/epochs/2026-W48", NULL, SPAN("")).status, 401);
    assert_int_equal(lab_ask(&l, api_epoch, m.secret, "/v1/epochs/2026-W48x", NULL, SPAN("")).status, 404);
    assert_int_equal(lab_ask(&l, api_epoch, m.secret, "/v1/epochs/2026-W51", NULL, SPAN("")).status, 404);
    l.app.now = key.windows.spend_to;
    assert_int_equal(lab_ask(&l, api_epoch, m.secret, "/v1/epochs/2026-W48", NULL, SPAN("")).status, 404);
    lab_clear(&l);
}

void test_issuer__directory_lists_live_keys(void **state)
{
    (void)state;
    struct lab_of l;
    struct err err = {0};
    struct directory_key keys[DIRECTORY_MOST];
    struct entry_key running, next;
    size_t n;
    lab_make(&l, false, LAB_QUOTA, NULL);
    lab_key_of(&l, W48, NULL, &running);
    lab_key_of(&l, W48 + EPOCH_NEXT, NULL, &next);
    struct lab_said said = lab_ask(&l, api_directory, NULL, "/", NULL, SPAN(""));
    assert_string_equal(said.type, "application/private-token-issuer-directory");
    assert_ok(directory_read(said.body, keys, DIRECTORY_MOST, &n, &err), &err);
    assert_int_equal(n, 2);
    assert_memory_equal(keys[0].spki, running.spki, SPKI_SIZE);
    assert_memory_equal(keys[1].spki, next.spki, SPKI_SIZE);
    assert_int_equal(keys[1].not_before, next.windows.issue_from);
    assert_int_not_equal(running.key_id[31], next.key_id[31]);
    lab_clear(&l);
}
