/* speak/counsel_lab.c: hours as the board takes them, who has a time, and that nothing is left of it. */
#include "test/test.h"

#include "anon/batch.h"
#include "anon/hours.h"
#include "anon/item.h"
#include "crypt/box.h"
#include "speak/counsel_lab.h"
#include "speak/post.h"
#include "speak/speak_room.h"
#include "test/anon/lab_of.h"

#include "base/banned.h"

#define ORIGIN "lab.example"

static struct sign_key key_of(uint8_t n)
{
    struct sign_key key;
    sign_key_init(&key, (const uint8_t[32]){78, n});
    return key;
}

/* On SQLite and on PostgreSQL. */
static void both(void (*check)(struct lab_of *l), bool trial)
{
    lab_more = (struct migration_set){"speak", speak_room.migrations};
    lab_both(check, trial, LAB_QUOTA);
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

static void log_counsellor(struct lab_of *l, uint8_t n, day_t days)
{
    struct err err = {0};
    struct sign_key key = key_of(n);
    day_t today = (day_t)(l->app.now / LAB_DAY);
    struct entry e = {.kind = ENTRY_COUNSELLOR,
                      .at = l->app.now,
                      .counsellor = {.person = {.name = SPAN("R. Hale"), .from = today, .to = today + days},
                                     .employer = SPAN("the union"),
                                     .where = SPAN("counsel.example")}};
    assert_ok(entry_prove(&e, &key, &err), &err);
    append(l, &e);
}

/* `slots` times of an hour, from `days` days after now on. */
static struct hours hours_of(struct lab_of *l, uint8_t who, int64_t n, int days, size_t slots)
{
    struct err err = {0};
    struct sign_key key = key_of(who);
    int64_t from = l->app.now - l->app.now % LAB_HOUR + days * LAB_DAY;
    struct hours h = {.box_pk = {9}, .lab = SPAN(ORIGIN), .week = epoch_of(from), .n = n, .slots = slots};
    for (size_t i = 0; i < slots; i++)
        h.slot[i] = (struct hours_slot){.id = {who, (uint8_t)i, (uint8_t)days},
                                        .from = from + (int64_t)i * LAB_HOUR,
                                        .to = from + (int64_t)(i + 1) * LAB_HOUR,
                                        .by = SPAN("room 2.14")};
    assert_ok(hours_sign(&h, &key, &err), &err);
    return h;
}

static struct lab_said sent(struct lab_of *l, const struct hours *h)
{
    struct err err = {0};
    AUTO_BUF struct buf body;
    buf_init(&body, GUEST_BODY);
    buf_add_text(&body, "{\"do\":\"hours\",\"hours\":");
    assert_ok(hours_write(h, &body, &err), &err);
    buf_add_text(&body, ",\"v\":1}");
    return lab_ask(l, api_counsel, NULL, "/v1/counsellors", "application/json",
                   arena_span(l->arena, buf_span(&body)));
}

static struct lab_said desk(struct lab_of *l, uint8_t who, int64_t at, const char *lab)
{
    struct err err = {0};
    struct sign_key key = key_of(who);
    AUTO_BUF struct buf body;
    buf_init(&body, GUEST_BODY);
    assert_ok(
        guest_ask_write(&(struct guest_ask){.what = GUEST_READ, .at = at}, span_of(lab), &key, &body, &err),
        &err);
    return lab_ask(l, api_counsel, NULL, "/v1/counsellors", "application/json",
                   arena_span(l->arena, buf_span(&body)));
}

/* How many times the counsellor hears of. */
static size_t came(struct lab_of *l, uint8_t who)
{
    struct err err = {0};
    struct lab_said said = desk(l, who, l->app.now, ORIGIN);
    AUTO_JSON json_t *o = NULL;
    const json_t *list;
    assert_int_equal(said.status, 200);
    assert_int_equal(said.body.n % COUNSEL_DESK, 0);
    assert_ok(json_read(said.body, 1 << 20, "answer", &o, &err) &&
                  json_get_array(o, "taken", 1000, &list, &err),
              &err);
    return json_array_size(list);
}

/* What everybody reads: how many records, how many times taken. */
static void shown(struct lab_of *l, size_t records, size_t taken)
{
    struct err err = {0};
    struct lab_said said = lab_ask(l, api_counsellors, NULL, "/v1/counsellors", NULL, SPAN(""));
    AUTO_JSON json_t *o = NULL;
    const json_t *list;
    assert_int_equal(said.status, 200);
    assert_ok(json_read(said.body, HOURS_ANSWER, "answer", &o, &err) &&
                  json_get_array(o, "hours", 1000, &list, &err),
              &err);
    assert_int_equal(json_array_size(list), records);
    assert_ok(json_get_array(o, "taken", 1000, &list, &err), &err);
    assert_int_equal(json_array_size(list), taken);
}

/* An act of item number `n`, as redeem hands it on; it waits for its batch. */
static enum problem_type slot(struct lab_of *l, const struct hours *h, size_t i, uint8_t n)
{
    struct err err = {0};
    struct problem p = {0};
    uint8_t box[BOX_SMALL] = {n};
    AUTO_JSON json_t *act = slot_act(h->slot[i].id, lab_bytes(box, sizeof box));
    struct item item = {.act = act, .id = {n}, .pk = {n}};
    bool ok = slot_accept(&l->app, l->db, &item, &p, &err);
    assert_ok(ok || p.type, &err);
    if (ok)
        assert_ok(
            db_run(l->db, &err,
                   "insert into waiting(id, series, c, token, key_id, day) values ($1, 'board', $1, $1, "
                   "$1, 0) on conflict do nothing",
                   V_BLOB(lab_bytes(item.id, 16))),
            &err);
    return p.type;
}

static enum problem_type give(struct lab_of *l, uint8_t target, uint8_t pk, uint8_t n)
{
    struct err err = {0};
    struct problem p = {0};
    uint8_t id[16] = {target};
    AUTO_JSON json_t *act = target_act(id);
    struct item item = {.act = act, .id = {n}, .pk = {pk}};
    bool ok = retract_accept(&l->app, l->db, &item, &p, &err);
    assert_ok(ok || p.type, &err);
    if (ok)
        assert_ok(
            db_run(l->db, &err,
                   "insert into waiting(id, series, c, token, key_id, day) values ($1, 'board', $1, $1, "
                   "$1, 0) on conflict do nothing",
                   V_BLOB(lab_bytes(item.id, 16))),
            &err);
    return p.type;
}

/* A batch goes out. */
static void batch(struct lab_of *l)
{
    struct err err = {0};
    assert_ok(db_run(l->db, &err, "delete from waiting"), &err);
}

static void hours_enter_the_record_once(struct lab_of *l)
{
    struct hours h = hours_of(l, 1, 1, 2, 2);
    assert_string_equal(sent(l, &h).problem, "not-counsellor");
    log_counsellor(l, 1, 100);
    struct lab_said first = sent(l, &h), again = sent(l, &h);
    assert_int_equal(first.status, 201);
    assert_int_equal(again.status, 200); /* the answer was lost */
    assert_true(span_eq(first.body, again.body));
    shown(l, 1, 0);
    struct hours changed = h, more = hours_of(l, 1, 2, 2, 3);
    changed.box_pk[0] ^= 1;
    assert_string_equal(sent(l, &changed).problem, "bad-sig");
    assert_int_equal(sent(l, &more).status, 201);
    assert_string_equal(sent(l, &h).problem, "other-history"); /* the older one again */
    shown(l, 1, 0);
    lab_sound(l);
    assert_int_equal(lab_record(l)->hours.n, 2);
    lab_facts_done(l->lab);
}

void test_counsel_lab__hours_enter_the_record_once(void **state)
{
    (void)state;
    both(hours_enter_the_record_once, true);
}

static void hours_of_other_places_and_times_are_refused(struct lab_of *l)
{
    struct err err = {0};
    struct sign_key key = key_of(1);
    log_counsellor(l, 1, 10);
    struct hours h = hours_of(l, 1, 1, 2, 1), over = hours_of(l, 1, 1, 20, 1), far = hours_of(l, 1, 1, 70, 1),
                 past = hours_of(l, 1, 1, -7, 1);
    h.lab = SPAN("other.example");
    assert_ok(hours_sign(&h, &key, &err), &err);
    assert_string_equal(sent(l, &h).problem, "bad-field");
    assert_string_equal(sent(l, &over).problem, "bad-field"); /* past the term */
    assert_string_equal(sent(l, &far).problem, "bad-field");
    assert_string_equal(sent(l, &past).problem, "bad-field");
    struct span bad[] = {SPAN(""),
                         SPAN("{}"),
                         SPAN("{\"do\":\"hours\",\"v\":1}"),
                         SPAN("{\"do\":\"read\",\"v\":1}"),
                         SPAN("{\"do\":\"end\",\"v\":1}"),
                         SPAN("[]")};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(lab_ask(l, api_counsel, NULL, "/v1/counsellors", "application/json", bad[i]).status,
                         400);
    assert_int_equal(lab_number(l, "select count(*) from counsel_hours"), 0);
}

void test_counsel_lab__hours_of_other_places_and_times_are_refused(void **state)
{
    (void)state;
    both(hours_of_other_places_and_times_are_refused, true);
}

static void another_counsellors_time_is_not_taken_over(struct lab_of *l)
{
    struct err err = {0};
    struct sign_key key = key_of(2);
    log_counsellor(l, 1, 100);
    log_counsellor(l, 2, 100);
    struct hours h = hours_of(l, 1, 1, 2, 1), thief = hours_of(l, 2, 1, 2, 1);
    assert_int_equal(sent(l, &h).status, 201);
    memcpy(thief.slot[0].id, h.slot[0].id, 16);
    assert_ok(hours_sign(&thief, &key, &err), &err);
    assert_string_equal(sent(l, &thief).problem, "bad-field");
    assert_int_equal(lab_number(l, "select count(*) from counsel_slot"), 1);
}

void test_counsel_lab__another_counsellors_time_is_not_taken_over(void **state)
{
    (void)state;
    both(another_counsellors_time_is_not_taken_over, true);
}

static void keys_wait_and_end(struct lab_of *l)
{
    struct err err = {0};
    struct sign_key key = key_of(1);
    l->app.now += LAB_HOUR; /* behind the first checkpoint */
    log_counsellor(l, 1, 100);
    l->app.now += 71 * LAB_HOUR;
    struct hours h = hours_of(l, 1, 1, 6, 1);
    assert_string_equal(sent(l, &h).problem, "not-counsellor");
    l->app.now += 2 * LAB_HOUR;
    assert_int_equal(sent(l, &h).status, 201);
    struct entry end = {.kind = ENTRY_END,
                        .at = l->app.now,
                        .end = {.what = SPAN("counsellor"), .reason = SPAN("the key was lost")}};
    sign_public(&key, end.end.pk);
    append(l, &end);
    assert_ok(counsel_ended(l->db, end.end.pk, &err), &err);
    l->app.now++;
    h = hours_of(l, 1, 2, 6, 1);
    assert_string_equal(sent(l, &h).problem, "not-counsellor");
    assert_int_equal(slot(l, &h, 0, 1), PROBLEM_BAD_FIELD); /* nothing can be taken */
    assert_int_equal(desk(l, 1, l->app.now, ORIGIN).status, 403);
    lab_sound(l);
}

void test_counsel_lab__keys_wait_and_end(void **state)
{
    (void)state;
    both(keys_wait_and_end, false);
}

static void the_first_has_the_time(struct lab_of *l)
{
    log_counsellor(l, 1, 100);
    struct hours h = hours_of(l, 1, 1, 2, 2);
    assert_int_equal(sent(l, &h).status, 201);
    assert_int_equal(slot(l, &h, 0, 1), PROBLEM_NONE);
    assert_int_equal(slot(l, &h, 0, 2), PROBLEM_TAKEN);
    assert_int_equal(slot(l, &h, 0, 1), PROBLEM_NONE); /* the same act, after a database was put back */
    assert_int_equal(slot(l, &h, 1, 3), PROBLEM_NONE);
    h.slot[0].id[5] ^= 1;
    assert_int_equal(slot(l, &h, 0, 4), PROBLEM_BAD_FIELD); /* no such time */
    l->app.now += 3 * LAB_DAY;
    assert_int_equal(slot(l, &h, 1, 5), PROBLEM_BAD_FIELD); /* it has begun */
}

void test_counsel_lab__the_first_has_the_time(void **state)
{
    (void)state;
    both(the_first_has_the_time, true);
}

static void what_others_see_changes_with_a_batch(struct lab_of *l)
{
    log_counsellor(l, 1, 100);
    struct hours h = hours_of(l, 1, 1, 3, 1);
    assert_int_equal(sent(l, &h).status, 201);
    assert_int_equal(slot(l, &h, 0, 1), PROBLEM_NONE);
    shown(l, 1, 0);
    assert_int_equal(came(l, 1), 0);
    batch(l);
    shown(l, 1, 1);
    assert_int_equal(came(l, 1), 1);
    assert_int_equal(give(l, 1, 2, 9), PROBLEM_BAD_FIELD); /* another's key */
    assert_int_equal(give(l, 1, 1, 9), PROBLEM_NONE);
    assert_int_equal(give(l, 1, 1, 10), PROBLEM_BAD_FIELD); /* once */
    shown(l, 1, 1);
    assert_int_equal(came(l, 1), 1);
    assert_int_equal(slot(l, &h, 0, 2), PROBLEM_TAKEN); /* free from the next batch on */
    batch(l);
    shown(l, 1, 0);
    assert_int_equal(came(l, 1), 0);
    assert_int_equal(slot(l, &h, 0, 2), PROBLEM_NONE);
}

void test_counsel_lab__what_others_see_changes_with_a_batch(void **state)
{
    (void)state;
    both(what_others_see_changes_with_a_batch, true);
}

static void before_its_time_the_counsellor_knows_at_once(struct lab_of *l)
{
    log_counsellor(l, 1, 100);
    log_counsellor(l, 2, 100);
    struct hours h = hours_of(l, 1, 1, 1, 1);
    assert_int_equal(sent(l, &h).status, 201);
    l->app.now += LAB_HOUR; /* it begins in 23 hours, and a batch may be held for longer */
    assert_int_equal(slot(l, &h, 0, 1), PROBLEM_NONE);
    assert_int_equal(came(l, 1), 1);
    assert_int_equal(came(l, 2), 0); /* no other counsellor */
    shown(l, 1, 0);
    assert_int_equal(desk(l, 3, l->app.now, ORIGIN).status, 403);
    assert_int_equal(desk(l, 1, l->app.now - 301, ORIGIN).status, 400);
    assert_int_equal(desk(l, 1, l->app.now, "other.example").status, 400);
    assert_int_equal(give(l, 1, 1, 9), PROBLEM_NONE);
    assert_int_equal(came(l, 1), 0);
}

void test_counsel_lab__before_its_time_the_counsellor_knows_at_once(void **state)
{
    (void)state;
    both(before_its_time_the_counsellor_knows_at_once, true);
}

static void nothing_is_left_when_the_time_is_over(struct lab_of *l)
{
    struct err err = {0};
    log_counsellor(l, 1, 100);
    struct hours h = hours_of(l, 1, 1, 2, 2);
    assert_int_equal(sent(l, &h).status, 201);
    assert_int_equal(slot(l, &h, 0, 1), PROBLEM_NONE);
    assert_int_equal(slot(l, &h, 1, 2), PROBLEM_NONE);
    batch(l);
    l->app.now = h.slot[0].to;
    assert_ok(job_counsel_lab(&l->app, &err), &err);
    assert_int_equal(lab_number(l, "select count(*) from counsel_taken"), 1);
    assert_int_equal(came(l, 1), 1);
    l->app.now = h.slot[1].to;
    assert_ok(job_counsel_lab(&l->app, &err), &err);
    assert_int_equal(lab_number(l, "select count(*) from counsel_taken"), 0);
    assert_int_equal(lab_number(l, "select count(*) from counsel_slot"), 0);
    l->app.now = epoch_start(h.week) + EPOCH_SECONDS + LAB_DAY;
    assert_ok(job_counsel_lab(&l->app, &err), &err);
    assert_int_equal(lab_number(l, "select count(*) from counsel_hours"), 0);
}

void test_counsel_lab__nothing_is_left_when_the_time_is_over(void **state)
{
    (void)state;
    both(nothing_is_left_when_the_time_is_over, true);
}

/* A batch of letters for a counsellor: the same bytes that members get, and for nobody else. */
static struct lab_said letters(struct lab_of *l, uint8_t who, int64_t at, int64_t n)
{
    struct err err = {0};
    struct sign_key key = key_of(who);
    AUTO_BUF struct buf body;
    buf_init(&body, GUEST_BODY);
    struct guest_ask ask = {.what = GUEST_LETTERS, .at = at, .n = n};
    assert_ok(guest_ask_write(&ask, SPAN(ORIGIN), &key, &body, &err), &err);
    return lab_ask(l, api_counsel, NULL, "/v1/counsellors", "application/json",
                   arena_span(l->arena, buf_span(&body)));
}

static void letters_for_a_counsellor_in_force_alone(struct lab_of *l)
{
    struct err err = {0};
    struct batch_row row = {
        .series = "letters", .n = 2, .day = 20783, .first = 9, .count = 1, .bytes = SPAN("{\"n\":2}")};
    assert_ok(batch_put(l->db, &row, &err), &err);
    row.series = "board";
    row.n = 3;
    assert_ok(batch_put(l->db, &row, &err), &err);
    assert_string_equal(letters(l, 1, l->app.now, 2).problem, "not-counsellor");
    log_counsellor(l, 1, 100);
    struct lab_said said = letters(l, 1, l->app.now, 2);
    assert_int_equal(said.status, 200);
    assert_true(span_is(said.body, "{\"n\":2}"));
    assert_string_equal(letters(l, 1, l->app.now, 1).problem, "gone");
    assert_string_equal(letters(l, 1, l->app.now, 3).problem,
                        "not-found"); /* the board's own are not letters */
    assert_int_equal(letters(l, 1, l->app.now - GUEST_CLOCKS - 1, 2).status, 400);
    l->app.now += 101 * LAB_DAY;
    assert_string_equal(letters(l, 1, l->app.now, 2).problem, "not-counsellor");
}

void test_counsel_lab__letters_for_a_counsellor_in_force_alone(void **state)
{
    (void)state;
    both(letters_for_a_counsellor_in_force_alone, true);
}
