/* anon/act.c, kinds.c, batch_get.c over a record that was written as the lab writes it: what a member sends
 * and gets, as requests and replies. */
#include "test/test.h"

#include <pthread.h>

#include "anon/act.h"
#include "anon/batch_get.h"
#include "anon/kinds.h"
#include "base/vec.h"
#include "codec/auth_header.h"
#include "codec/b64.h"
#include "codec/json.h"
#include "test/anon/board.h"

struct lab_made {
    struct board b;
    uint8_t crowd[32];
};

static void make(struct lab_made *m)
{
    struct board *b = &m->b;
    struct err err = {0};
    board_make(b, NULL);
    board_begin(b, "both", NULL);
    memset(m->crowd, 0, sizeof m->crowd);
    m->crowd[0] = 5;
    const struct history *issuer, *board;
    assert_ok(lab_facts(&b->lab, b->db, &issuer, &board, &err), &err);
    for (size_t i = 0; i < issuer->findings.n; i++)
        print_error("%s\n", issuer->findings.at[i].text);
    assert_int_equal(issuer->findings.n, 0);
    assert_true(history_head(issuer, board, epoch_of(BOARD_NOW), NULL, b->head));
    lab_facts_done(&b->lab);
}

static void clear(struct lab_made *m)
{
    board_clear(&m->b);
}

/* Ask a route as the centre does. */
static struct reply ask(struct lab_made *m,
                        void (*serve)(struct app *, const struct request *, struct reply *), enum who who,
                        const char *path, const char *credential, struct span body)
{
    struct request r = {.arena = m->b.arena, .path = span_of(path), .body = body};
    struct route route = {.path = path, .who = who, .serve = serve};
    struct reply reply = {.status = 200};
    struct problem p = {0};
    struct err err = {0};
    buf_init(&reply.body, 16 << 20);
    if (credential) {
        struct pair *h = VEC_PUSH(m->b.arena, &r.headers);
        assert_non_null(h);
        *h = (struct pair){SPAN("Authorization"), span_of(credential)};
    }
    if (kind_let_in(&m->b.app, &route, &r, &p, &err))
        serve(&m->b.app, &r, &reply);
    else
        kind_refuse(&m->b.app, &route, &r, &p, &reply);
    return reply;
}

static struct span header(const struct reply *reply, const char *name)
{
    struct request r = {.headers = reply->headers};
    return request_header(&r, name);
}

static struct reply send_act(struct lab_made *m, const struct board_act *act)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 1000);
    auth_pass_write(&line, act->pass);
    return ask(m, api_act, ANONYMOUS, "/v1/acts", buf_text(&line), buf_span(&act->body));
}

static const char *crowd(struct lab_made *m, uint8_t first)
{
    struct buf line;
    uint8_t key[32] = {first};
    buf_init(&line, 200);
    auth_key_write(&line, AUTH_CROWD, key);
    const char *text = buf_keep(&line, m->b.arena);
    buf_clear(&line);
    return text;
}

void test_act__receipt_and_retry_are_the_same_bytes(void **state)
{
    (void)state;
    struct lab_made m;
    struct board_act act;
    struct err err = {0};
    make(&m);
    struct token token = board_token(BOARD_WEEK, -1);
    board_act_make(&m.b, &act, &token, "thread", BOARD_TEXT, 1);
    struct reply one = send_act(&m, &act), two;
    assert_int_equal(one.status, 200);
    assert_int_equal(one.body.n, 1024);
    m.b.app.now += 10 * 86400;
    two = send_act(&m, &act);
    assert_true(span_eq(buf_span(&one.body), buf_span(&two.body)));
    uint8_t id[16];
    struct span note;
    struct promise promise;
    assert_ok(receipt_read(buf_span(&one.body), m.b.arena, id, &note, &err), &err);
    assert_ok(promise_read(note, SPAN(BOARD_ORIGIN), span_of(m.b.lab.promise_vkey), &promise, &err), &err);
    assert_int_equal(promise.day, BOARD_NOW / 86400 + 2);
    assert_memory_equal(promise.leaf, id, 16);
    buf_clear(&one.body);
    buf_clear(&two.body);
    board_act_clear(&act);
    clear(&m);
}

void test_act__every_refusal_has_1024_bytes(void **state)
{
    (void)state;
    struct lab_made m;
    struct board_act act;
    make(&m);
    struct token token = board_token(BOARD_WEEK, -1);
    token.sig[0] ^= 1;
    board_act_make(&m.b, &act, &token, "thread", BOARD_TEXT, 1);
    struct reply reply = send_act(&m, &act);
    assert_int_equal(reply.status, 422);
    assert_int_equal(reply.body.n, 1024);
    buf_clear(&reply.body);
    reply = ask(&m, api_act, ANONYMOUS, "/v1/acts", "PrivateToken token=\"AA\"", buf_span(&act.body));
    assert_int_equal(reply.status, 422);
    assert_int_equal(reply.body.n, 1024);
    buf_clear(&reply.body);
    reply = ask(&m, api_act, ANONYMOUS, "/v1/acts", crowd(&m, 5), buf_span(&act.body));
    assert_int_equal(reply.status, 400);
    assert_int_equal(reply.body.n, 1024);
    buf_clear(&reply.body);
    board_act_clear(&act);
    clear(&m);
}

void test_act__without_a_pass_each_key_that_can_be_spent_is_named(void **state)
{
    (void)state;
    struct lab_made m;
    struct err err = {0};
    struct auth_challenge list[4];
    size_t n;
    make(&m);
    struct reply reply = ask(&m, api_act, ANONYMOUS, "/v1/acts", NULL, SPAN(""));
    assert_int_equal(reply.status, 401);
    assert_int_equal(reply.body.n, 1024);
    assert_ok(auth_challenges_read(header(&reply, "WWW-Authenticate"), m.b.arena, list, 4, &n, &err), &err);
    assert_int_equal(n, 1);
    assert_true(span_eq(list[0].challenge, board_keys[BOARD_WEEK].entry.challenge));
    assert_memory_equal(list[0].key.p, board_keys[BOARD_WEEK].entry.spki, SPKI_SIZE);
    buf_clear(&reply.body);
    m.b.app.now = board_keys[BOARD_WEEK].entry.windows.spend_to - 1; /* Monday: two weeks meet */
    reply = ask(&m, api_act, ANONYMOUS, "/v1/acts", NULL, SPAN(""));
    assert_ok(auth_challenges_read(header(&reply, "WWW-Authenticate"), m.b.arena, list, 4, &n, &err), &err);
    assert_int_equal(n, 2);
    buf_clear(&reply.body);
    clear(&m);
}

void test_act__reading_takes_the_crowd_key_of_a_week_that_runs(void **state)
{
    (void)state;
    struct lab_made m;
    make(&m);
    static const struct {
        const char *credential;
        int status;
    } table[] = {{NULL, 401}, {"Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 400}};
    for (size_t i = 0; i < 2; i++) {
        struct reply reply = ask(&m, api_batches, CROWD, "/v1/batches", table[i].credential, SPAN(""));
        assert_int_equal(reply.status, table[i].status);
        buf_clear(&reply.body);
    }
    struct reply reply = ask(&m, api_batches, CROWD, "/v1/batches", crowd(&m, 6), SPAN(""));
    assert_int_equal(reply.status, 401);
    buf_clear(&reply.body);
    reply = ask(&m, api_batches, CROWD, "/v1/batches", crowd(&m, 5), SPAN(""));
    assert_int_equal(reply.status, 200);
    assert_span(buf_span(&reply.body),
                "{\"answers\":{\"first\":1,\"last\":0},\"board\":{\"first\":1,\"last\":0},"
                "\"letters\":{\"first\":1,\"last\":0}}");
    buf_clear(&reply.body);
    m.b.app.now += 30 * 86400;
    reply = ask(&m, api_batches, CROWD, "/v1/batches", crowd(&m, 5), SPAN(""));
    assert_int_equal(reply.status, 401);
    buf_clear(&reply.body);
    clear(&m);
}

/* Post three, let the job run at the slot, read batch and thread. */
void test_act__what_was_posted_is_read(void **state)
{
    (void)state;
    struct lab_made m;
    struct err err = {0};
    char path[80], head[300], hex[33] = "";
    make(&m);
    snprintf(head, sizeof head, "%s/head", m.b.place.dir);
    m.b.lab.head_file = head;
    for (uint8_t i = 0; i < 3; i++) {
        struct board_act act;
        struct token token = board_token(BOARD_WEEK, -1);
        board_act_make(&m.b, &act, &token, "thread", BOARD_TEXT, i);
        struct reply reply = send_act(&m, &act);
        assert_int_equal(reply.status, 200);
        memcpy(hex, reply.body.p + 7, 32);
        buf_clear(&reply.body);
        board_act_clear(&act);
    }
    assert_ok(batch_beat(&m.b.app, &err), &err); /* the slot of yesterday evening: held */
    m.b.app.now = BOARD_NOW + 6 * 3600;
    assert_ok(batch_beat(&m.b.app, &err) && batch_beat(&m.b.app, &err), &err);
    struct reply reply = ask(&m, api_batch, CROWD, "/v1/batches/board/1", crowd(&m, 5), SPAN(""));
    assert_int_equal(reply.status, 200);
    assert_span(header(&reply, "Cache-Control"), "private, max-age=3600");
    AUTO_JSON json_t *batch = NULL;
    assert_ok(canon_read(buf_span(&reply.body), BATCH_BYTES, &batch, &err), &err);
    assert_int_equal(json_array_size(json_object_get(batch, "items")), 3);
    assert_int_equal(json_integer_value(json_object_get(batch, "first")), 6);
    buf_clear(&reply.body);
    snprintf(path, sizeof path, "/v1/threads/%s", hex);
    reply = ask(&m, api_thread, CROWD, path, crowd(&m, 5), SPAN(""));
    assert_int_equal(reply.status, 200);
    AUTO_JSON json_t *thread = NULL;
    assert_ok(canon_read(buf_span(&reply.body), BATCH_BYTES, &thread, &err), &err);
    assert_string_equal(json_string_value(json_object_get(thread, "thread")), hex);
    buf_clear(&reply.body);
    static const char *const missing[] = {"/v1/batches/board/2", "/v1/batches/board/0",
                                          "/v1/batches/board/01x", "/v1/batches/other/1",
                                          "/v1/batches/board/-1"};
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
        reply = ask(&m, api_batch, CROWD, missing[i], crowd(&m, 5), SPAN(""));
        assert_int_equal(reply.status, 404);
        buf_clear(&reply.body);
    }
    assert_true(file_exists(head));
    clear(&m);
}

/* Letters go after fourteen days, and their numbers say so. */
void test_act__letters_that_are_gone_are_410(void **state)
{
    (void)state;
    struct lab_made m;
    struct err err = {0};
    make(&m);
    for (int64_t n = 1; n <= 2; n++)
        assert_ok(batch_put(m.b.db,
                            &(struct batch_row){"letters", n, (day_t)(BOARD_NOW / 86400 - 16 + n), 100, 0,
                                                SPAN("{}")},
                            &err),
                  &err);
    assert_ok(batch_beat(&m.b.app, &err), &err);
    struct reply reply = ask(&m, api_batch, CROWD, "/v1/batches/letters/1", crowd(&m, 5), SPAN(""));
    assert_int_equal(reply.status, 410);
    buf_clear(&reply.body);
    reply = ask(&m, api_batch, CROWD, "/v1/batches/letters/2", crowd(&m, 5), SPAN(""));
    assert_int_equal(reply.status, 200);
    buf_clear(&reply.body);
    clear(&m);
}
