/* anon/history_people.c: whose key counts when, and which decisions of moderators the record may hold. */
#include "test/test.h"

#include "test/anon/record.h"

#define LAB SPAN("127.0.0.1:8080")

static struct sign_key moderator_key(uint8_t n)
{
    struct sign_key key;
    sign_key_init(&key, (const uint8_t[32]){55, n});
    return key;
}

static struct entry person(enum entry_kind kind, uint8_t n, int64_t at, day_t from, day_t to)
{
    struct err err = {0};
    struct sign_key key = moderator_key(n);
    struct entry e = {.kind = kind, .at = at, .person = {.name = SPAN("S. Okoro"), .from = from, .to = to}};
    assert_ok(entry_prove(&e, &key, &err), &err);
    return e;
}

static struct entry decision(uint8_t n, int64_t at, enum moderation_do act, uint8_t target, int64_t prev)
{
    struct err err = {0};
    struct sign_key key = moderator_key(n);
    struct entry e = {
        .kind = ENTRY_MODERATION,
        .at = at,
        .moderation = {.act = act, .target = {target}, .prev = prev, .reason = SPAN("a reason")}};
    assert_ok(moderation_sign(&e.moderation, LAB, &key, &err), &err);
    return e;
}

static void start(struct record *r)
{
    struct err err = {0};
    *r = (struct record){.arena = arena_new()};
    assert_ok(history_new(&r->h, &err), &err);
    r->h->first_size = 2;
    add(r, genesis("both", false));
    add(r, rules(BEGAN));
}

/* How many findings the entry made. */
static size_t found(struct record *r, struct entry e)
{
    size_t before = r->h->findings.n;
    add(r, e);
    return r->h->findings.n - before;
}

void test_history_people__young_moderator_fails_verify(void **state)
{
    (void)state;
    AUTO_RECORD struct record r;
    start(&r);
    int64_t logged = BEGAN + DAY;
    assert_int_equal(found(&r, person(ENTRY_MODERATOR, 1, logged, W47, W49)), 0);
    assert_int_equal(found(&r, decision(1, logged + 71 * HOUR, MODERATION_HIDE, 1, -1)), 1);
    assert_non_null(strstr(r.h->findings.at[0].text, "72 hours"));
    assert_false(r.h->moderations.at[0].good);
    assert_int_equal(found(&r, decision(1, logged + 72 * HOUR, MODERATION_HIDE, 2, -1)), 0);
    assert_true(r.h->moderations.at[1].good);
}

void test_history_people__a_decision_is_a_moderators_and_signed(void **state)
{
    (void)state;
    AUTO_RECORD struct record r;
    start(&r);
    int64_t logged = BEGAN + DAY, later = logged + 4 * DAY;
    add(&r, person(ENTRY_MODERATOR, 1, logged, W47, W48 + 1));
    add(&r, person(ENTRY_VOUCHER, 2, logged, W47, W49));
    assert_int_equal(found(&r, decision(3, later, MODERATION_HIDE, 1, -1)), 1); /* nobody's key */
    assert_int_equal(found(&r, decision(2, later, MODERATION_HIDE, 2, -1)), 1); /* a voucher's */
    struct entry e = decision(1, later, MODERATION_HIDE, 3, -1);
    e.moderation.reason = SPAN("another reason");
    assert_int_equal(found(&r, e), 1);
    e = decision(1, later, MODERATION_HIDE, 4, -1);
    e.moderation.act = MODERATION_DROP;
    assert_int_equal(found(&r, e), 1);
    assert_int_equal(found(&r, decision(1, later, MODERATION_HIDE, 5, -1)), 0);
    /* the term is over with its last day */
    assert_int_equal(found(&r, decision(1, (int64_t)(W48 + 2) * DAY - 1, MODERATION_HIDE, 6, -1)), 0);
    assert_int_equal(found(&r, decision(1, (int64_t)(W48 + 2) * DAY, MODERATION_HIDE, 7, -1)), 1);
}

void test_history_people__a_decision_is_used_once(void **state)
{
    (void)state;
    AUTO_RECORD struct record r;
    start(&r);
    int64_t logged = BEGAN + DAY, later = logged + 4 * DAY;
    add(&r, person(ENTRY_MODERATOR, 1, logged, W47, W49));
    struct entry hide = decision(1, later, MODERATION_HIDE, 1, -1);
    int64_t index = (int64_t)r.h->tree.size;
    assert_int_equal(found(&r, hide), 0);
    assert_int_equal(found(&r, decision(1, later, MODERATION_SHOW, 1, index)), 0);
    assert_int_equal(found(&r, hide), 1); /* after it was undone */
    assert_false(r.h->moderations.at[2].good);
    assert_int_equal(history_moderated(r.h, (const uint8_t[16]){1}), index + 2);
    assert_int_equal(history_moderated(r.h, (const uint8_t[16]){2}), -1);
}

void test_history_people__a_term_that_the_lab_ended_is_over(void **state)
{
    (void)state;
    AUTO_RECORD struct record r;
    start(&r);
    int64_t logged = BEGAN + DAY, later = logged + 4 * DAY;
    struct entry mod = person(ENTRY_MODERATOR, 1, logged, W47, W49);
    add(&r, mod);
    struct entry end = {
        .kind = ENTRY_END, .at = later, .end = {.what = SPAN("moderator"), .reason = SPAN("lost")}};
    memcpy(end.end.pk, mod.person.pk, 32);
    assert_int_equal(found(&r, decision(1, later - 1, MODERATION_HIDE, 1, -1)), 0);
    assert_int_equal(found(&r, end), 0);
    assert_int_equal(found(&r, decision(1, later + 1, MODERATION_HIDE, 2, -1)), 1);
    assert_null(history_in_force(r.h, ENTRY_MODERATOR, mod.person.pk, later));
    assert_non_null(history_in_force(r.h, ENTRY_MODERATOR, mod.person.pk, later - 1));
}

void test_history_people__the_labs_own_key_and_long_terms_are_found(void **state)
{
    (void)state;
    AUTO_RECORD struct record r;
    start(&r);
    assert_int_equal(found(&r, person(ENTRY_MODERATOR, 1, BEGAN + DAY, W47, W47 + 53 * 7)), 0);
    assert_int_equal(found(&r, person(ENTRY_MODERATOR, 2, BEGAN + DAY, W47, W47 + 53 * 7 + 1)), 1);
    assert_false(r.h->people.at[1].good);
}

static struct entry counsellor(uint8_t n, int64_t at, day_t from, day_t to)
{
    struct err err = {0};
    struct sign_key key = moderator_key(n);
    struct entry e = {.kind = ENTRY_COUNSELLOR,
                      .at = at,
                      .counsellor = {.person = {.name = SPAN("R. Hale"), .from = from, .to = to},
                                     .employer = SPAN("the union"),
                                     .where = SPAN("counsel.example")}};
    assert_ok(entry_prove(&e, &key, &err), &err);
    return e;
}

static struct entry hours(uint8_t n, int64_t at, day_t week, uint8_t c)
{
    struct sign_key key = moderator_key(n);
    struct entry e = {.kind = ENTRY_HOURS, .at = at, .hours = {.c = {c}, .week = week, .slots = 1}};
    sign_public(&key, e.hours.counsellor);
    return e;
}

void test_history_people__hours_of_a_young_counsellor_fail_verify(void **state)
{
    (void)state;
    AUTO_RECORD struct record r;
    start(&r);
    int64_t logged = BEGAN + DAY;
    struct entry first = counsellor(1, logged, W47, W49), end = {.kind = ENTRY_END, .at = logged + 5 * DAY};
    assert_int_equal(found(&r, first), 0);
    assert_true(span_is(r.h->people.at[0].employer, "the union"));
    assert_int_equal(found(&r, hours(1, logged + 71 * HOUR, W48, 1)), 1);
    assert_null(history_hours(r.h, first.counsellor.person.pk, W48));
    assert_int_equal(found(&r, hours(1, logged + 72 * HOUR, W48, 2)), 0);
    assert_int_equal(found(&r, hours(1, logged + 73 * HOUR, W48, 3)), 0);
    assert_int_equal(history_hours(r.h, first.counsellor.person.pk, W48)->hours.c[0], 3);
    assert_null(history_hours(r.h, first.counsellor.person.pk, W49));
    assert_int_equal(found(&r, hours(2, logged + 73 * HOUR, W48, 1)), 1); /* nobody's key */
    end.end = (struct entry_end){.what = SPAN("counsellor"), .reason = SPAN("moved away")};
    memcpy(end.end.pk, first.counsellor.person.pk, 32);
    assert_int_equal(found(&r, end), 0);
    assert_int_equal(found(&r, hours(1, logged + 6 * DAY, W48, 4)), 1); /* ended by the lab */
}

void test_history_people__a_counsellor_signs_employer_and_place(void **state)
{
    (void)state;
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct entry read, e = counsellor(1, BEGAN, W47, W49);
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, ENTRY_MOST);
    assert_ok(entry_write(&e, &bytes, &err) && entry_read(buf_span(&bytes), arena, &read, &err), &err);
    assert_true(span_is(read.counsellor.where, "counsel.example"));
    e.counsellor.employer = SPAN("the lab");
    buf_reset(&bytes);
    assert_ok(entry_write(&e, &bytes, &err), &err);
    assert_false(entry_read(buf_span(&bytes), arena, &read, &err));
    err_clear(&err);
    e = counsellor(1, BEGAN, W47, W49);
    e.counsellor.where = SPAN("elsewhere.example");
    buf_reset(&bytes);
    assert_ok(entry_write(&e, &bytes, &err), &err);
    assert_false(entry_read(buf_span(&bytes), arena, &read, &err));
}
