/* speak/moderate_lab.c: who may decide, for what state of a post, and what it does to posts that come; the
 * record stays sound throughout. */
#include "test/test.h"

#include "anon/item.h"
#include "anon/moderation.h"
#include "anon/placed.h"
#include "speak/moderate_act.h"
#include "speak/moderate_lab.h"
#include "speak/speak_room.h"
#include "test/anon/lab_of.h"

#define ORIGIN "lab.example"

static struct sign_key key_of(uint8_t n)
{
    struct sign_key key;
    sign_key_init(&key, (const uint8_t[32]){77, n});
    return key;
}

static void open_lab(struct lab_of *l, bool trial)
{
    lab_more = (struct migration_set){"speak", speak_room.migrations};
    lab_make(l, trial, LAB_QUOTA, NULL);
}

struct appending {
    struct lab_of *l;
    const struct entry *entry;
};

static bool append_work(struct db *db, void *arg, struct err *err)
{
    struct appending *a = arg;
    uint64_t at;
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, ENTRY_MOST);
    return entry_write(a->entry, &bytes, err) &&
           tlog_append(db, &a->l->lab->log, (const struct span[]){buf_span(&bytes)}, 1, &at, err);
}

static void append(struct lab_of *l, const struct entry *e)
{
    struct err err = {0};
    struct appending a = {l, e};
    assert_ok(db_write(l->db, append_work, &a, &err), &err);
}

/* A moderator of this number, logged now, for half a year. */
static void log_moderator(struct lab_of *l, uint8_t n, int64_t days_to)
{
    struct err err = {0};
    struct sign_key key = key_of(n);
    day_t today = (day_t)(l->app.now / LAB_DAY);
    struct entry e = {.kind = ENTRY_MODERATOR,
                      .at = l->app.now,
                      .person = {.name = SPAN("S. Okoro"), .from = today, .to = today + (day_t)days_to}};
    assert_ok(entry_prove(&e, &key, &err), &err);
    append(l, &e);
}

static void end_moderator(struct lab_of *l, uint8_t n)
{
    struct sign_key key = key_of(n);
    struct entry e = {.kind = ENTRY_END,
                      .at = l->app.now,
                      .end = {.what = SPAN("moderator"), .reason = SPAN("the key was lost")}};
    sign_public(&key, e.end.pk);
    append(l, &e);
}

/* Something published: its kind, its thread, who signed it (a number). */
struct post {
    uint8_t id[16], thread[16], pk[32], c[32];
    char json[1024];
};

static struct post post(struct lab_of *l, const char *kind, uint8_t n, uint8_t thread, uint8_t writer)
{
    struct err err = {0};
    struct post p = {.id = {n}, .thread = {thread}, .pk = {writer}, .c = {n}};
    AUTO_JSON json_t *o = json_pack("{s:s,s:{s:s}}", "kind", kind, "act", "text", "a word");
    AUTO_BUF struct buf text;
    buf_init(&text, sizeof p.json);
    assert_true(canon_put_b64(o, "pk", p.pk, 32));
    assert_ok(canon_write(o, &text, &err), &err);
    memcpy(p.json, buf_text(&text), text.n + 1);
    struct placing placing = {
        .id = p.id, .thread = p.thread, .n = 1, .item = span_of(p.json), .c = p.c, .by = -1};
    assert_ok(placed_put(l->db, &placing, &err), &err);
    return p;
}

static struct moderation decision(enum moderation_do act, const uint8_t target[static 16], int64_t prev,
                                  uint8_t who)
{
    struct err err = {0};
    struct sign_key key = key_of(who);
    struct moderation m = {.act = act, .prev = prev, .reason = SPAN("it named a person")};
    memcpy(m.target, target, 16);
    assert_ok(moderation_sign(&m, SPAN(ORIGIN), &key, &err), &err);
    return m;
}

static struct lab_said sent(struct lab_of *l, const struct moderation *m)
{
    struct err err = {0};
    AUTO_BUF struct buf body;
    buf_init(&body, MODERATION_BODY);
    assert_ok(moderation_write(m, SPAN(ORIGIN), &body, &err), &err);
    return lab_ask(l, api_moderation, NULL, "/v1/moderation", "application/json",
                   arena_span(l->arena, buf_span(&body)));
}

/* The index that a decision got. */
static int64_t taken(struct lab_of *l, enum moderation_do act, const uint8_t target[static 16], int64_t prev,
                     uint8_t who)
{
    struct moderation m = decision(act, target, prev, who);
    struct lab_said said = sent(l, &m);
    struct err err = {0};
    AUTO_JSON json_t *o = NULL;
    int64_t index;
    if (said.status != 201)
        print_error("%.*s\n", SPAN_ARG(said.body));
    assert_int_equal(said.status, 201);
    assert_ok(json_read(said.body, 1000, "answer", &o, &err) &&
                  json_get_int(o, "index", 0, INT64_MAX, &index, &err),
              &err);
    return index;
}

static void refused(struct lab_of *l, enum moderation_do act, const uint8_t target[static 16], int64_t prev,
                    uint8_t who, int status, const char *problem)
{
    struct moderation m = decision(act, target, prev, who);
    struct lab_said said = sent(l, &m);
    assert_int_equal(said.status, status);
    assert_string_equal(said.problem, problem);
}

void test_moderate_lab__unsigned_moderation_refused(void **state)
{
    (void)state;
    struct lab_of l;
    open_lab(&l, true);
    struct post p = post(&l, "thread", 1, 1, 1);
    refused(&l, MODERATION_HIDE, p.id, -1, 1, 403, "not-moderator"); /* nobody's key */
    log_moderator(&l, 1, 180);
    struct moderation m = decision(MODERATION_HIDE, p.id, -1, 1);
    m.sig[5] ^= 1;
    assert_string_equal(sent(&l, &m).problem, "bad-sig");
    m = decision(MODERATION_HIDE, p.id, -1, 1);
    m.reason = SPAN("another reason");
    assert_string_equal(sent(&l, &m).problem, "bad-sig");
    m = decision(MODERATION_HIDE, p.id, -1, 1);
    m.target[0] = 2;
    assert_string_equal(sent(&l, &m).problem, "bad-sig");
    refused(&l, MODERATION_HIDE, p.id, -1, 2, 403, "not-moderator"); /* another's key */
    struct span bad[] = {SPAN(""), SPAN("{}"), SPAN("[]"), SPAN("{\"do\":\"hide\"}"),
                         SPAN("{\"do\":\"read\"}")};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(
            lab_ask(&l, api_moderation, NULL, "/v1/moderation", "application/json", bad[i]).status, 400);
    assert_int_equal(lab_number(&l, "select count(*) from moderated"), 0);
    assert_true(taken(&l, MODERATION_HIDE, p.id, -1, 1) > 0);
    lab_sound(&l);
    lab_clear(&l);
}

void test_moderate_lab__moderation_replay_409(void **state)
{
    (void)state;
    struct lab_of l;
    open_lab(&l, true);
    log_moderator(&l, 1, 180);
    struct post p = post(&l, "thread", 1, 1, 1);
    struct moderation hide = decision(MODERATION_HIDE, p.id, -1, 1);
    struct lab_said first = sent(&l, &hide), again = sent(&l, &hide);
    assert_int_equal(first.status, 201);
    assert_int_equal(again.status, 200); /* the answer was lost: the same again, and no second entry */
    assert_true(span_eq(first.body, again.body));
    int64_t index = lab_number(&l, "select idx from moderated");
    int64_t shown = taken(&l, MODERATION_SHOW, p.id, index, 1);
    struct lab_said replay = sent(&l, &hide); /* after it was undone */
    assert_int_equal(replay.status, 409);
    assert_string_equal(replay.problem, "other-history");
    refused(&l, MODERATION_HIDE, p.id, index, 1, 409, "other-history");
    refused(&l, MODERATION_SHOW, p.id, shown, 1, 400, "bad-field"); /* nothing stands */
    assert_true(taken(&l, MODERATION_HIDE, p.id, shown, 1) > shown);
    lab_sound(&l);
    lab_clear(&l);
}

void test_moderate_lab__keys_wait_end_and_run_out(void **state)
{
    (void)state;
    struct lab_of l;
    open_lab(&l, false);
    l.app.now += 10; /* after the first checkpoint */
    log_moderator(&l, 1, 30);
    struct post p = post(&l, "thread", 1, 1, 1);
    refused(&l, MODERATION_HIDE, p.id, -1, 1, 403, "not-moderator");
    l.app.now += 72 * LAB_HOUR - 1;
    refused(&l, MODERATION_HIDE, p.id, -1, 1, 403, "not-moderator");
    l.app.now += 1;
    int64_t index = taken(&l, MODERATION_HIDE, p.id, -1, 1);
    end_moderator(&l, 1);
    l.app.now += 1;
    refused(&l, MODERATION_SHOW, p.id, index, 1, 403, "not-moderator");
    log_moderator(&l, 2, 5);
    l.app.now += 4 * LAB_DAY;
    index = taken(&l, MODERATION_SHOW, p.id, index, 2);
    l.app.now += 3 * LAB_DAY; /* past the last day of the term */
    refused(&l, MODERATION_HIDE, p.id, index, 2, 403, "not-moderator");
    lab_sound(&l);
    lab_clear(&l);
}

void test_moderate_lab__what_can_be_decided_about(void **state)
{
    (void)state;
    struct lab_of l;
    open_lab(&l, true);
    log_moderator(&l, 1, 180);
    struct post p = post(&l, "reply", 1, 9, 1), back = post(&l, "retract", 2, 9, 2);
    const uint8_t nothing[16] = {99};
    refused(&l, MODERATION_HIDE, nothing, -1, 1, 400, "bad-field");
    refused(&l, MODERATION_HIDE, back.id, -1, 1, 400, "bad-field");
    refused(&l, MODERATION_SHOW, p.id, -1, 1, 400, "bad-field");
    int64_t index = taken(&l, MODERATION_HIDE, p.id, -1, 1);
    index = taken(&l, MODERATION_HIDE, p.id, index, 1); /* looked at again: it stays, for another reason */
    index = taken(&l, MODERATION_DROP, p.id, index, 1);
    assert_int_equal(lab_number(&l, "select count(*) from placed where gone_by is not null"),
                     0);                                            /* no batch here */
    refused(&l, MODERATION_SHOW, p.id, index, 1, 400, "bad-field"); /* what is dropped does not come back */
    lab_sound(&l);
    lab_clear(&l);
}

static enum problem_type replies(struct lab_of *l, uint8_t n, const struct post *in, uint8_t writer)
{
    struct err err = {0};
    struct problem p = {0};
    const uint8_t id[16] = {n, 1}, pk[32] = {writer};
    bool ok = moderate_reply(l->db, id, in->thread, pk, &p, &err);
    assert_ok(ok || p.type, &err);
    return p.type;
}

void test_moderate_lab__mute_is_thread_scoped(void **state)
{
    (void)state;
    struct lab_of l;
    open_lab(&l, true);
    log_moderator(&l, 1, 180);
    struct post one = post(&l, "reply", 1, 1, 7), other = post(&l, "reply", 2, 2, 7);
    assert_int_equal(replies(&l, 10, &one, 7), PROBLEM_NONE);
    int64_t index = taken(&l, MODERATION_MUTE, one.id, -1, 1);
    assert_int_equal(replies(&l, 11, &one, 7), PROBLEM_MUTED);
    assert_int_equal(replies(&l, 12, &other, 7), PROBLEM_NONE); /* in another thread the name talks on */
    (void)taken(&l, MODERATION_SHOW, one.id, index, 1);
    assert_int_equal(replies(&l, 13, &one, 7), PROBLEM_NONE);
    assert_int_equal(lab_number(&l, "select count(*) from held_back"), 0);
    lab_sound(&l);
    lab_clear(&l);
}

void test_moderate_lab__new_name_in_muted_thread_waits(void **state)
{
    (void)state;
    struct lab_of l;
    open_lab(&l, true);
    log_moderator(&l, 1, 180);
    struct post one = post(&l, "thread", 1, 1, 7);
    (void)post(&l, "reply", 2, 1, 8);
    (void)taken(&l, MODERATION_MUTE, one.id, -1, 1);
    assert_int_equal(replies(&l, 10, &one, 8), PROBLEM_NONE); /* has spoken there before */
    assert_int_equal(lab_number(&l, "select count(*) from held_back"), 0);
    assert_int_equal(replies(&l, 11, &one, 9), PROBLEM_NONE); /* new */
    assert_int_equal(replies(&l, 12, &one, 9), PROBLEM_NONE); /* and nothing of it was published yet */
    assert_int_equal(lab_number(&l, "select count(*) from held_back where slots = 3"), 2);
    lab_clear(&l);
}

/* What members wrote ---------------------------------------------------------------------------------- */
static struct lab_said ask_desk(struct lab_of *l, uint8_t who, int64_t at)
{
    struct err err = {0};
    struct sign_key key = key_of(who);
    AUTO_BUF struct buf body;
    buf_init(&body, MODERATION_BODY);
    assert_ok(moderation_ask_write(SPAN(ORIGIN), at, &key, &body, &err), &err);
    return lab_ask(l, api_moderation, NULL, "/v1/moderation", "application/json",
                   arena_span(l->arena, buf_span(&body)));
}

static void flag(struct lab_of *l, uint8_t n, const uint8_t target[static 16], const char *note)
{
    struct err err = {0};
    struct problem p = {0};
    struct flag f = {.reason = FLAG_NAME, .note = span_of(note)};
    memcpy(f.target, target, 16);
    AUTO_JSON json_t *act = flag_act(&f);
    struct item item = {.act = act, .id = {n, 3}};
    assert_ok(flag_accept(&l->app, l->db, &item, &p, &err), &err);
}

void test_moderate_lab__flags_are_read_by_moderators_alone(void **state)
{
    (void)state;
    struct lab_of l;
    open_lab(&l, true);
    log_moderator(&l, 1, 180);
    struct post p = post(&l, "thread", 1, 1, 7), q = post(&l, "thread", 2, 2, 7);
    flag(&l, 1, p.id, "Everybody knows who this is.");
    flag(&l, 2, p.id, "");
    flag(&l, 3, q.id, "And this.");
    assert_int_equal(ask_desk(&l, 2, l.app.now).status, 403);
    assert_int_equal(ask_desk(&l, 1, l.app.now - 301).status, 400); /* an old one, used again */
    struct lab_said said = ask_desk(&l, 1, l.app.now);
    assert_int_equal(said.status, 200);
    assert_int_equal(said.body.n % 4096, 0);
    assert_true(span_find(said.body, SPAN("\"name\":2,\"notes\":[\"Everybody knows who this is.\"]")) > 0);
    assert_true(span_find(said.body, SPAN("And this.")) > 0);
    (void)taken(&l, MODERATION_HIDE, p.id, -1, 1);
    said = ask_desk(&l, 1, l.app.now);
    assert_true(span_find(said.body, SPAN("Everybody")) < 0); /* dealt with */
    l.app.now += 29 * LAB_DAY;
    assert_true(span_find(ask_desk(&l, 1, l.app.now).body, SPAN("And this.")) < 0);
    lab_clear(&l);
}

void test_moderate_lab__a_flag_that_waits_is_not_shown(void **state)
{
    (void)state;
    struct lab_of l;
    struct err err = {0};
    open_lab(&l, true);
    log_moderator(&l, 1, 180);
    struct post p = post(&l, "thread", 1, 1, 7);
    const uint8_t id[16] = {1, 3}, bytes[32] = {0};
    flag(&l, 1, p.id, "Now.");
    assert_ok(
        db_run(l.db, &err,
               "insert into waiting(id, series, c, token, key_id, day) values ($1, 'board', $2, $2, $2, 1)",
               V_BLOB(span_bytes(id, 16)), V_BLOB(span_bytes(bytes, 32))),
        &err);
    assert_true(span_find(ask_desk(&l, 1, l.app.now).body, SPAN("Now.")) < 0);
    (void)taken(&l, MODERATION_HIDE, p.id, -1, 1);
    assert_int_equal(lab_number(&l, "select count(*) from flag"), 1); /* nobody has read it */
    assert_ok(db_run(l.db, &err, "delete from waiting"), &err);
    assert_true(span_find(ask_desk(&l, 1, l.app.now).body, SPAN("Now.")) > 0);
    lab_clear(&l);
}

void test_moderate_lab__an_appeal_is_against_what_took_something_away(void **state)
{
    (void)state;
    struct lab_of l;
    struct err err = {0};
    open_lab(&l, true);
    log_moderator(&l, 1, 180);
    struct post p = post(&l, "thread", 1, 1, 7);
    int64_t hidden = taken(&l, MODERATION_HIDE, p.id, -1, 1);
    int64_t shown = taken(&l, MODERATION_SHOW, p.id, hidden, 1);
    const struct {
        int64_t index;
        bool good;
    } tried[] = {{hidden, true}, {shown, false}, {0, false}, {1, false}, {1000, false}};
    for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
        struct problem problem = {0};
        AUTO_JSON json_t *act = appeal_act(tried[i].index, SPAN("It names nobody."));
        struct item item = {.act = act, .id = {(uint8_t)i, 4}};
        bool ok = appeal_accept(&l.app, l.db, &item, &problem, &err);
        assert_int_equal(ok, tried[i].good);
        assert_int_equal(problem.type, ok ? PROBLEM_NONE : PROBLEM_BAD_FIELD);
    }
    lab_clear(&l);
}
