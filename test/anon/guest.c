/* anon/guest_ask.c, and what a lab gives to a counsellor who is no member (anon/issuer.c): on both databases.
 */
#include "test/test.h"

#include "anon/guest_ask.h"
#include "test/anon/lab_of.h"

#include "base/banned.h"

#define ORIGIN "lab.example"

static struct sign_key key_of(uint8_t n)
{
    struct sign_key key;
    sign_key_init(&key, (const uint8_t[32]){79, n});
    return key;
}

static bool reads(struct span body, const char *lab, struct guest_ask *ask, bool *good)
{
    struct err err = {0};
    AUTO_JSON json_t *o = NULL;
    static struct arena *arena;
    arena = arena ? arena : arena_new();
    *good = false;
    return json_read(body, GUEST_BODY, "body", &o, &err) &&
           guest_ask_read(o, span_of(lab), arena, ask, good, &err);
}

void test_guest__signed_for_one_lab_and_one_request(void **state)
{
    (void)state;
    struct err err = {0};
    struct sign_key key = key_of(1);
    const struct guest_ask all[] = {{.what = GUEST_READ, .at = 7},
                                    {.what = GUEST_LETTERS, .at = 7, .n = 12},
                                    {.what = GUEST_PASSES, .at = 7, .request = SPAN("\0\1\2 bytes")}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct guest_ask ask;
        bool good;
        AUTO_BUF struct buf body;
        buf_init(&body, GUEST_BODY);
        assert_ok(guest_ask_write(&all[i], SPAN(ORIGIN), &key, &body, &err), &err);
        assert_true(reads(buf_span(&body), ORIGIN, &ask, &good) && good);
        assert_true(ask.what == all[i].what && ask.at == 7 && ask.n == all[i].n);
        assert_true(span_eq(ask.request, all[i].request) || ask.what != GUEST_PASSES);
        assert_true(reads(buf_span(&body), "other.example", &ask, &good) && !good);
        char *at = strstr(body.p, "\"at\":7");
        assert_non_null(at);
        at[5] = '8';
        assert_true(reads(buf_span(&body), ORIGIN, &ask, &good) && !good);
    }
    const char *bad[] = {"{}", "{\"do\":\"read\",\"v\":1}", "{\"do\":\"board\",\"v\":1}", "[]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct guest_ask ask;
        bool good;
        assert_false(reads(span_of(bad[i]), ORIGIN, &ask, &good));
    }
}

/* ---- passes ---- */
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

static void log_counsellor(struct lab_of *l, uint8_t n)
{
    struct err err = {0};
    struct sign_key key = key_of(n);
    day_t today = (day_t)(l->app.now / LAB_DAY);
    struct entry e = {.kind = ENTRY_COUNSELLOR,
                      .at = l->app.now,
                      .counsellor = {.person = {.name = SPAN("R. Hale"), .from = today, .to = today + 100},
                                     .employer = SPAN("the union"),
                                     .where = SPAN("counsel.example")}};
    assert_ok(entry_prove(&e, &key, &err), &err);
    append(l, &e);
}

static struct lab_said ask(struct lab_of *l, uint8_t who, const struct lab_order *order, int64_t at)
{
    struct err err = {0};
    struct sign_key key = key_of(who);
    AUTO_BUF struct buf body;
    buf_init(&body, GUEST_BODY);
    struct guest_ask g = {.what = GUEST_PASSES, .at = at, .request = order->body};
    assert_ok(guest_ask_write(&g, SPAN(ORIGIN), &key, &body, &err), &err);
    return lab_ask(l, api_guest_passes, NULL, "/v1/counsellors/passes", "application/json",
                   arena_span(l->arena, buf_span(&body)));
}

static void in_force_alone(struct lab_of *l)
{
    struct entry_key key;
    lab_key_of(l, W48, NULL, &key);
    struct lab_order *o = lab_order(l, &key, PASSES);
    l->app.now += LAB_HOUR; /* behind the first checkpoint */
    assert_string_equal(ask(l, 1, o, l->app.now).problem, "not-counsellor");
    log_counsellor(l, 1);
    assert_string_equal(ask(l, 1, o, l->app.now).problem, "not-counsellor"); /* 72 hours */
    l->app.now += 73 * LAB_HOUR;
    assert_string_equal(ask(l, 2, o, l->app.now).problem, "not-counsellor");
    assert_int_equal(ask(l, 1, o, l->app.now - GUEST_CLOCKS - 1).status, 400);
    assert_int_equal(ask(l, 1, o, l->app.now).status, 200);
    struct entry end = {.kind = ENTRY_END,
                        .at = l->app.now,
                        .end = {.what = SPAN("counsellor"), .reason = SPAN("moved away")}};
    struct sign_key hale = key_of(1);
    sign_public(&hale, end.end.pk);
    append(l, &end);
    l->app.now++;
    assert_string_equal(ask(l, 1, o, l->app.now).problem, "not-counsellor");
    lab_order_free(o);
}

void test_guest__passes_for_a_counsellor_in_force_alone(void **state)
{
    (void)state;
    lab_both(in_force_alone, false, LAB_QUOTA);
}

/* As many as a member, once; the lost answer again; the sums of the week say how many had them, and nobody
 * counts a counsellor among the members or those who hold passes. */
static void one_quota(struct lab_of *l)
{
    struct entry_key key;
    struct lab_member m = lab_member(1);
    lab_join(l, &m);
    log_counsellor(l, 1);
    log_counsellor(l, 2);
    lab_key_of(l, W48, NULL, &key);
    struct lab_order *o = lab_order(l, &key, PASSES), *other = lab_order(l, &key, PASSES),
                     *few = lab_order(l, &key, 63), *members = lab_order(l, &key, PASSES);
    assert_string_equal(ask(l, 1, few, l->app.now).problem, "bad-token-request");
    struct lab_said said = ask(l, 1, o, l->app.now), again = ask(l, 1, o, l->app.now + 1);
    assert_int_equal(said.status, 200);
    assert_int_equal(said.body.n, BATCH_SIZE);
    lab_finish(o, said.body);
    assert_true(span_eq(said.body, again.body));
    assert_string_equal(ask(l, 1, other, l->app.now).problem, "quota-used");
    assert_int_equal(lab_request(l, &m, members).status, 200);
    l->app.now = key.windows.issue_to + 1;
    lab_beat(l);
    const struct history *h = lab_record(l);
    const struct history_close *close = history_issued(h, W48);
    assert_non_null(close);
    assert_int_equal(close->close.members, 1);
    assert_int_equal(close->close.counsellors, 1);
    assert_int_equal(close->close.issued, 2 * PASSES);
    lab_facts_done(l->lab);
    assert_string_equal(ask(l, 2, other, l->app.now).problem, "closed");
    assert_int_equal(lab_number(l, "select count(*) from issued"), 0);
    lab_sound(l);
    lab_order_free(o);
    lab_order_free(other);
    lab_order_free(few);
    lab_order_free(members);
}

void test_guest__one_quota_for_a_key(void **state)
{
    (void)state;
    lab_both(one_quota, true, LAB_QUOTA);
}
