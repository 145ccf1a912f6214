/* anon/invite.c and anon/member.c: joining by a code, being a member, leaving, and coming back. */
#include "test/test.h"

#include "test/anon/lab_of.h"

#include "base/banned.h"

static struct lab_said join(struct lab_of *l, const struct lab_member *m, const char *name)
{
    AUTO_JSON json_t *o = lab_join_json(m, name);
    return lab_join_as(l, o);
}

static void once(struct lab_of *l)
{
    struct lab_member m = lab_member(1), other = lab_member(2), third = lab_member(3);
    assert_string_equal(join(l, &m, "Wei").problem, "bad-code");
    lab_invited(l, &m, "Wei");
    struct lab_said said = join(l, &m, "Wei");
    assert_int_equal(said.status, 201);
    assert_true(span_find(said.body, SPAN("\"issuer\":[\"https://lab.example\"]")) > 0);
    assert_true(span_find(said.body, SPAN("\"origin\":\"lab.example/respite\"")) > 0);
    struct lab_said again = join(l, &m, "Wei");
    assert_int_equal(again.status, 200);
    assert_true(span_eq(again.body, said.body));
    memcpy(other.code, m.code, sizeof m.code);
    assert_string_equal(join(l, &other, "Wei").problem, "code-used");
    lab_invited(l, &third, "Mara");
    memcpy(third.tag, m.tag, sizeof m.tag);
    assert_string_equal(join(l, &third, "Mara").problem, "bad-field");
    third = lab_member(3);
    assert_int_equal(join(l, &third, "Mara").status, 201);
    assert_int_equal(lab_number(l, "select count(*) from member"), 2);
}

void test_invite__a_code_is_for_one_body(void **state)
{
    (void)state;
    lab_both(once, false, LAB_QUOTA);
}

void test_invite__a_code_is_good_for_seven_days(void **state)
{
    (void)state;
    struct lab_of l;
    struct lab_member m = lab_member(1), late = lab_member(2);
    lab_make(&l, false, LAB_QUOTA, NULL);
    lab_invited(&l, &m, "Wei");
    lab_invited(&l, &late, "Mara");
    l.app.now += 7 * LAB_DAY;
    assert_int_equal(join(&l, &m, "Wei").status, 201);
    l.app.now += LAB_DAY;
    assert_string_equal(join(&l, &late, "Mara").problem, "bad-code");
    lab_clear(&l);
}

/* Each member of the body in turn of another form, missing, or one more. */
void test_invite__the_form_of_the_body(void **state)
{
    (void)state;
    struct lab_of l;
    struct lab_member m = lab_member(1);
    static const char *const keys[] = {"v", "code", "name", "tag", "secret_sha256", "witness"};
    lab_make(&l, false, LAB_QUOTA, NULL);
    lab_invited(&l, &m, "Wei");
    for (size_t i = 0; i < 6; i++) {
        AUTO_JSON json_t *odd = lab_join_json(&m, "Wei"), *less = lab_join_json(&m, "Wei");
        json_object_set_new(odd, keys[i], i == 0 ? json_integer(2) : json_string("x\u200by"));
        json_object_del(less, keys[i]);
        assert_string_equal(lab_join_as(&l, odd).problem, "bad-field");
        assert_string_equal(lab_join_as(&l, less).problem, "bad-field");
    }
    AUTO_JSON json_t *more = lab_join_json(&m, "Wei");
    json_object_set_new(more, "email", json_string("wei@lab.example"));
    assert_string_equal(lab_join_as(&l, more).problem, "bad-field");
    static const char *const none[] = {"", "x", "[]", "{\"v\":1.5}", "{\"v\":null}", "{\"v\":1,\"v\":1}"};
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(
            lab_ask(&l, api_join, NULL, "/v1/join", "application/json", span_of(none[i])).problem,
            "bad-json");
    assert_int_equal(join(&l, &m, "Wei").status, 201);
    lab_clear(&l);
}

/* What anybody can read in the database does not give the code, the secret or the name of who left. */
void test_invite__codes_and_secrets_are_hashes(void **state)
{
    (void)state;
    struct lab_of l;
    struct err err = {0};
    struct lab_member m = lab_member(1);
    AUTO_BUF struct buf all;
    buf_init(&all, 1 << 26);
    lab_make(&l, false, LAB_QUOTA, NULL);
    memset(m.secret, 0xa7, sizeof m.secret);
    memset(m.code, 0xb8, sizeof m.code);
    lab_invited(&l, &m, "Zebulon");
    assert_int_equal(join(&l, &m, "Zebulon").status, 201);
    assert_int_equal(lab_ask(&l, api_member_delete, m.secret, "/v1/member", NULL, SPAN("")).status, 204);
    int64_t busy;
    assert_ok(db_number(l.db, &busy, 1, &err, "pragma wal_checkpoint(truncate)"), &err);
    assert_ok(file_read(l.path, &all, &err), &err);
    assert_true(span_find(buf_span(&all), lab_bytes(m.secret, 32)) < 0);
    assert_true(span_find(buf_span(&all), lab_bytes(m.code, 16)) < 0);
    assert_true(span_find(buf_span(&all), SPAN("Zebulon")) < 0);
    lab_clear(&l);
}

static struct lab_said patch(struct lab_of *l, const struct lab_member *m, const char *body)
{
    return lab_ask(l, api_member_patch, m->secret, "/v1/member", "application/json", span_of(body));
}

static void member(struct lab_of *l)
{
    struct lab_member m = lab_member(1);
    uint8_t hash[32], old[32];
    char body[128];
    lab_join(l, &m);
    struct lab_said said = lab_ask(l, api_member_get, m.secret, "/v1/member", NULL, SPAN(""));
    assert_int_equal(said.status, 200);
    assert_true(span_find(said.body, SPAN("\"joined_week\":\"2026-W48\"")) > 0);
    assert_int_equal(patch(l, &m, "{\"name\":\"Lin\"}").status, 200);
    static const char *const bad[] = {"{}",
                                      "{\"name\":1}",
                                      "{\"name\":\"\"}",
                                      "{\"x\":1}",
                                      "{\"secret_sha256\":\"x\"}",
                                      "{\"name\":\"a\\nb\"}"};
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(patch(l, &m, bad[i]).problem, "bad-field");
    memcpy(old, m.secret, 32);
    memset(m.secret, 9, 32);
    hash_sha256(lab_bytes(m.secret, 32), hash);
    char text[45] = {0};
    b64_put(text, lab_bytes(hash, 32), B64);
    snprintf(body, sizeof body, "{\"secret_sha256\":\"%s\"}", text);
    struct lab_member before = m;
    memcpy(before.secret, old, 32);
    assert_int_equal(patch(l, &before, body).status, 200);
    assert_int_equal(lab_ask(l, api_member_get, old, "/v1/member", NULL, SPAN("")).status, 401);
    said = lab_ask(l, api_member_get, m.secret, "/v1/member", NULL, SPAN(""));
    assert_true(span_find(said.body, SPAN("\"name\":\"Lin\"")) > 0);
    assert_int_equal(lab_ask(l, api_member_delete, m.secret, "/v1/member", NULL, SPAN("")).status, 204);
    assert_int_equal(lab_ask(l, api_member_delete, m.secret, "/v1/member", NULL, SPAN("")).status, 401);
}

void test_invite__a_member_changes_name_and_secret(void **state)
{
    (void)state;
    lab_both(member, false, LAB_QUOTA);
}

/* Leaving and being invited again gives nobody two quotas, under whichever of their names. */
static void returned(struct lab_of *l)
{
    struct lab_member m = lab_member(1), back = lab_member(2), renamed = lab_member(3), other = lab_member(4);
    day_t next = W48 + EPOCH_NEXT;
    lab_invited(l, &m, "Wei");
    assert_int_equal(join(l, &m, "Wei").status, 201);
    assert_int_equal(patch(l, &m, "{\"name\":\"Lin\"}").status, 200);
    assert_int_equal(lab_fetch(l, &m, next, PASSES), 200);
    struct span id, rest = lab_ask(l, api_member_get, m.secret, "/v1/member", NULL, SPAN("")).body;
    rest = span_from(rest, (size_t)span_find(rest, SPAN("\"member\":\"")) + 10);
    assert_true(span_cut(&rest, '"', &id) && id.n == 32);
    assert_int_equal(lab_ask(l, api_member_delete, m.secret, "/v1/member", NULL, SPAN("")).status, 204);
    int64_t under;
    struct err err = {0};
    assert_ok(db_number(l->db, &under, -1, &err, "select count(*) from issued where member = $1", V_TEXT(id)),
              &err);
    assert_int_equal(under, 0);
    assert_int_equal(lab_number(l, "select count(*) from issued"), 1);
    lab_invited(l, &back, "Wei");
    lab_invited(l, &renamed, "Lin");
    lab_invited(l, &other, "Mara");
    assert_int_equal(join(l, &back, "").status, 201);
    assert_int_equal(join(l, &renamed, "Somebody").status, 201);
    assert_int_equal(join(l, &other, "").status, 201);
    assert_int_equal(lab_fetch(l, &back, W48, PASSES), 403);
    assert_int_equal(lab_fetch(l, &back, next, PASSES), 403);
    assert_int_equal(lab_fetch(l, &renamed, next, PASSES), 403);
    assert_int_equal(lab_fetch(l, &other, next, PASSES), 200);
    assert_int_equal(lab_number(l, "select count(*) from issued i join member m on m.member = i.member"), 1);
    assert_int_equal(lab_number(l, "select count(*) from issued"), 2);
    for (; l->app.now < epoch_windows(next + EPOCH_NEXT).issue_from + 60; l->app.now += 6 * LAB_HOUR)
        lab_beat(l);
    assert_int_equal(lab_fetch(l, &back, next + EPOCH_NEXT, PASSES), 200);
    lab_sound(l);
}

void test_invite__who_left_comes_back_with_the_next_epoch(void **state)
{
    (void)state;
    lab_both(returned, false, LAB_QUOTA);
}
