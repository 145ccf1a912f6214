/* anon/hours.c: a counsellor's hours as they are signed and read. */
#include "test/test.h"

#include "anon/epoch.h"
#include "anon/hours.h"
#include "codec/canon.h"
#include "codec/json.h"

#include "base/banned.h"

enum { MONDAY = 20780, MINUTE = 60, HOUR = 3600 }; /* 2026-W48 */
#define BEGINS epoch_start(MONDAY)

static struct sign_key key_of(uint8_t seed)
{
    struct sign_key key;
    sign_key_init(&key, (const uint8_t[32]){seed});
    return key;
}

static struct hours two_times(void)
{
    return (struct hours){
        .box_pk = {9},
        .lab = SPAN("lab.example"),
        .week = MONDAY,
        .n = 3,
        .slots = 2,
        .slot = {{.id = {1}, .from = BEGINS + 9 * HOUR, .to = BEGINS + 10 * HOUR, .by = SPAN("letter")},
                 {.id = {2}, .from = BEGINS + 10 * HOUR, .to = BEGINS + 11 * HOUR, .by = SPAN("房间 2.14")}}};
}

void test_hours__signed_and_read_again(void **state)
{
    (void)state;
    struct err err = {0};
    struct sign_key key = key_of(1);
    struct hours read, h = two_times();
    AUTO_BUF struct buf bytes, again;
    AUTO_JSON json_t *o = NULL;
    bool good;
    buf_init(&bytes, HOURS_RECORD);
    buf_init(&again, HOURS_RECORD);
    assert_ok(hours_sign(&h, &key, &err) && hours_write(&h, &bytes, &err), &err);
    assert_ok(hours_read(buf_span(&bytes), &o, &read, &err) && hours_write(&read, &again, &err), &err);
    assert_true(span_eq(buf_span(&bytes), buf_span(&again)));
    assert_int_equal(read.slots, 2);
    assert_true(span_is(read.slot[1].by, "房间 2.14"));
    assert_ok(hours_good(&read, &good, &err), &err);
    assert_true(good);
}

void test_hours__whatever_changes_breaks_the_signature(void **state)
{
    (void)state;
    struct err err = {0};
    struct sign_key key = key_of(1);
    struct hours h = two_times(), was;
    bool good;
    assert_ok(hours_sign(&h, &key, &err), &err);
    was = h;
    struct hours changed[] = {was, was, was, was, was, was, was, was};
    changed[0].box_pk[0] ^= 1; /* a swapped key */
    changed[1].lab = SPAN("other.example");
    changed[2].week += EPOCH_NEXT;
    changed[3].n++;
    changed[4].slots = 1;
    changed[5].slot[0].from += MINUTE; /* other hours */
    changed[6].slot[1].by = SPAN("letter");
    changed[7].slot[0].id[3] ^= 1;
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++) {
        assert_ok(hours_good(&changed[i], &good, &err), &err);
        assert_false(good);
    }
    struct sign_key other = key_of(2);
    sign_public(&other, was.counsellor);
    assert_ok(hours_good(&was, &good, &err), &err);
    assert_false(good);
}

void test_hours__times_have_a_form(void **state)
{
    (void)state;
    struct sign_key key = key_of(1);
    struct hours h[11];
    for (size_t i = 0; i < 11; i++)
        h[i] = two_times();
    h[0].slot[0].from = BEGINS - MINUTE; /* before its week */
    h[1].slot[1].from = BEGINS + EPOCH_SECONDS;
    h[1].slot[1].to = h[1].slot[1].from + HOUR;
    h[2].slot[0].from += 1; /* seconds would be marks */
    h[3].slot[0].to = h[3].slot[0].from;
    h[4].slot[1].to = h[4].slot[1].from + HOURS_LONGEST + MINUTE;
    h[5].slot[1].from -= MINUTE; /* over another */
    h[6].slot[1].id[0] = 1;      /* twice the same name */
    h[7].slot[0].by = SPAN("");
    h[8].slot[0].by = SPAN(" room");
    h[9].slot[0].by = SPAN("a\nb");
    h[10].slot[0].by = SPAN("a\u202eb");
    for (size_t i = 0; i < 11; i++) {
        struct err err = {0};
        assert_false(hours_sign(&h[i], &key, &err));
        assert_true(err.code == E_FORMAT || err.code == E_LIMIT);
    }
}

void test_hours__a_full_week_fits_and_one_more_does_not(void **state)
{
    (void)state;
    static const char by[HOURS_BY + 2] = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
                                         "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
                                         "eeeeeeeeeee";
    struct err err = {0};
    struct sign_key key = key_of(1);
    struct hours read, h = two_times();
    AUTO_BUF struct buf bytes;
    AUTO_JSON json_t *o = NULL;
    buf_init(&bytes, HOURS_RECORD);
    h.slots = HOURS_SLOTS;
    for (size_t i = 0; i < HOURS_SLOTS; i++)
        h.slot[i] = (struct hours_slot){.id = {1, (uint8_t)i},
                                        .from = BEGINS + (int64_t)i * HOUR,
                                        .to = BEGINS + (int64_t)(i + 1) * HOUR,
                                        .by = {by, HOURS_BY}};
    assert_ok(hours_sign(&h, &key, &err) && hours_write(&h, &bytes, &err), &err);
    assert_ok(hours_read(buf_span(&bytes), &o, &read, &err), &err);
    json_t *slots = json_object_get(o, "slots");
    assert_int_equal(json_array_append_new(slots, json_deep_copy(json_array_get(slots, 0))), 0);
    assert_false(hours_get(o, &read, &err));
    err_clear(&err);
    h.slot[0].by = (struct span){by, HOURS_BY + 1};
    assert_false(hours_sign(&h, &key, &err));
}

void test_hours__nothing_more_may_stand_in_a_record(void **state)
{
    (void)state;
    static const char *const members[] = {"box_pk", "counsellor", "lab", "n", "sig", "slots", "week"};
    struct err err = {0};
    struct sign_key key = key_of(1);
    struct hours read, h = two_times();
    AUTO_BUF struct buf bytes;
    AUTO_JSON json_t *o = NULL;
    buf_init(&bytes, HOURS_RECORD);
    assert_ok(hours_sign(&h, &key, &err) && hours_write(&h, &bytes, &err), &err);
    assert_ok(hours_read(buf_span(&bytes), &o, &read, &err), &err);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        AUTO_JSON json_t *less = json_copy(o);
        json_object_del(less, members[i]);
        assert_false(hours_get(less, &read, &err));
        err_clear(&err);
    }
    json_object_set_new(o, "who", json_string("Wei"));
    assert_false(hours_get(o, &read, &err));
}
