/* anon/hours_fetch.c: what of a lab's answer about its counsellors is shown, and what is a finding. */
#include "test/test.h"

#include "anon/anon_db.h"
#include "anon/hours_fetch.h"
#include "anon/item.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "io/migrate.h"
#include "test/anon/record.h"
#include "ui/room.h"

#include "base/banned.h"

#define NOW ((int64_t)(W48 + 1) * DAY) /* Tuesday of 2026-W48 */

struct scene {
    struct record r;
    struct db *db;
    struct known known;
    struct sign_key key;
    struct buf answer;
    json_t *records;
};

static void open_scene(struct scene *s)
{
    struct err err = {0};
    const struct migration_set set = {"anon", anon_migrations};
    *s = (struct scene){.known = {.board_origin = "127.0.0.1:8080"}, .records = json_array()};
    s->r = (struct record){.arena = arena_new()};
    sign_key_init(&s->key, (const uint8_t[32]){5});
    buf_init(&s->answer, HOURS_ANSWER);
    assert_ok(db_open(&s->db, ":memory:", &err) && migrate(s->db, &set, 1, NODE, NULL, &err), &err);
    assert_ok(history_new(&s->r.h, &err), &err);
    s->r.h->first_size = 2;
    add(&s->r, genesis("both", false));
    add(&s->r, rules(BEGAN));
    struct entry e = {.kind = ENTRY_COUNSELLOR,
                      .at = BEGAN + HOUR,
                      .counsellor = {.person = {.name = SPAN("R. Hale"), .from = W47, .to = W47 + 100},
                                     .employer = SPAN("the union"),
                                     .where = SPAN("counsel.example")}};
    assert_ok(entry_prove(&e, &s->key, &err), &err);
    add(&s->r, e);
}

static void close_scene(struct scene *s)
{
    json_decref(s->records);
    buf_clear(&s->answer);
    db_close(s->db);
    record_free(&s->r);
}

static struct hours hours_of(struct scene *s, int64_t n, int hour)
{
    struct err err = {0};
    struct hours h = {.box_pk = {9},
                      .lab = SPAN("127.0.0.1:8080"),
                      .week = W48,
                      .n = n,
                      .slots = 1,
                      .slot = {{.id = {(uint8_t)n, 7},
                                .from = (int64_t)(W48 + 3) * DAY + hour * HOUR,
                                .to = (int64_t)(W48 + 3) * DAY + (hour + 1) * HOUR,
                                .by = SPAN("room 2.14")}}};
    assert_ok(hours_sign(&h, &s->key, &err), &err);
    return h;
}

/* Into the log, as the lab should. */
static void logged(struct scene *s, const struct hours *h)
{
    struct err err = {0};
    struct entry e = {.kind = ENTRY_HOURS, .at = NOW - HOUR};
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, HOURS_RECORD);
    assert_ok(hours_write(h, &bytes, &err), &err);
    memcpy(e.hours.counsellor, h->counsellor, 32);
    e.hours.week = h->week;
    e.hours.slots = (int64_t)h->slots;
    hash_sha256(buf_span(&bytes), e.hours.c);
    add(&s->r, e);
}

/* Into the answer. */
static void shown(struct scene *s, const struct hours *h)
{
    struct err err = {0};
    AUTO_BUF struct buf bytes;
    json_t *o = NULL;
    buf_init(&bytes, HOURS_RECORD);
    assert_ok(hours_write(h, &bytes, &err) && canon_read(buf_span(&bytes), HOURS_RECORD, &o, &err), &err);
    assert_int_equal(json_array_append_new(s->records, o), 0);
}

/* Take the answer over; how many findings there are now. */
static int64_t take(struct scene *s, const char *taken, uint64_t size, bool last, bool *later)
{
    struct err err = {0};
    int64_t n;
    AUTO_JSON json_t *o = json_pack("{s:O,s:[],s:i}", "hours", s->records, "taken", "v", 1);
    if (taken)
        json_array_append_new(json_object_get(o, "taken"), json_string(taken));
    buf_reset(&s->answer);
    assert_ok(canon_write(o, &s->answer, &err), &err);
    assert_ok(hours_take(s->db, &s->known, s->r.h, size, buf_span(&s->answer), NOW, last, later, &err), &err);
    assert_ok(db_number(s->db, &n, -1, &err, "select count(*) from finding"), &err);
    return n;
}

static int64_t findings(struct scene *s)
{
    bool later;
    return take(s, NULL, s->r.h->tree.size, true, &later);
}

static size_t listed(struct scene *s)
{
    struct err err = {0};
    struct hours_list list;
    assert_ok(hours_list(s->db, s->r.arena, NOW, &list, &err), &err);
    return list.n;
}

void test_hours_fetch__hours_of_the_record_are_shown(void **state)
{
    (void)state;
    struct scene s;
    struct err err = {0};
    struct hours_list list;
    bool later, taken;
    char hex[33];
    open_scene(&s);
    struct hours h = hours_of(&s, 1, 14);
    logged(&s, &h);
    shown(&s, &h);
    item_hex(h.slot[0].id, hex);
    assert_int_equal(s.r.h->findings.n, 0);
    assert_int_equal(take(&s, hex, s.r.h->tree.size, true, &later), 0);
    assert_ok(hours_list(s.db, s.r.arena, NOW, &list, &err), &err);
    assert_int_equal(list.n, 1);
    assert_true(span_is(list.at[0].hours.slot[0].by, "room 2.14"));
    assert_ok(hours_is_taken(s.db, h.slot[0].id, &taken, &err), &err);
    assert_true(taken);
    assert_ok(hours_is_taken(s.db, (const uint8_t[16]){1}, &taken, &err), &err);
    assert_false(taken);
    close_scene(&s);
}

void test_hours_fetch__unsigned_hours_not_shown(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s);
    struct hours h = hours_of(&s, 1, 14);
    h.sig[3] ^= 1;
    logged(&s, &h); /* also when the lab logged it */
    shown(&s, &h);
    assert_int_equal(findings(&s), 1);
    assert_int_equal(listed(&s), 0);
    close_scene(&s);
}

void test_hours_fetch__a_swapped_key_or_other_hours_are_findings(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct scene s;
        struct err err = {0};
        open_scene(&s);
        struct hours h = hours_of(&s, 1, 14), other = h;
        logged(&s, &h);
        if (i == 0) { /* a key of the lab's: the counsellor has not signed it */
            other.box_pk[0] ^= 1;
        } else if (i == 1) { /* signed with another key, which is no counsellor's */
            struct sign_key key;
            sign_key_init(&key, (const uint8_t[32]){6});
            other.box_pk[0] ^= 1;
            assert_ok(hours_sign(&other, &key, &err), &err);
        } else { /* signed by the counsellor, in no entry: made for one member */
            other = hours_of(&s, 2, 15);
        }
        shown(&s, &other);
        assert_int_equal(findings(&s), 1);
        assert_int_equal(listed(&s), 0);
        close_scene(&s);
    }
}

void test_hours_fetch__hours_left_out_are_a_finding(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s);
    struct hours h = hours_of(&s, 1, 14);
    logged(&s, &h);
    assert_int_equal(findings(&s), 1);
    close_scene(&s);
}

void test_hours_fetch__older_hours_do_not_come_back(void **state)
{
    (void)state;
    struct scene s;
    bool later;
    open_scene(&s);
    struct hours first = hours_of(&s, 1, 14), second = hours_of(&s, 2, 15);
    logged(&s, &first);
    logged(&s, &second);
    shown(&s, &first); /* the log has newer ones */
    assert_int_equal(findings(&s), 1);
    assert_int_equal(listed(&s), 0);
    close_scene(&s);
    open_scene(&s);
    logged(&s, &first);
    uint64_t before = s.r.h->tree.size;
    logged(&s, &second);
    shown(&s, &first); /* newer ones were logged while we asked */
    assert_int_equal(take(&s, NULL, before, true, &later), 0);
    assert_int_equal(listed(&s), 1);
    json_array_clear(s.records);
    shown(&s, &second);
    assert_int_equal(findings(&s), 0);
    logged(&s, &first); /* the lab logs the old ones once more */
    json_array_clear(s.records);
    shown(&s, &first);
    assert_int_equal(findings(&s), 1);
    close_scene(&s);
}

void test_hours_fetch__the_log_is_asked_once_more_for_what_is_new(void **state)
{
    (void)state;
    struct scene s;
    bool later;
    open_scene(&s);
    struct hours h = hours_of(&s, 1, 14);
    shown(&s, &h);
    uint64_t size = s.r.h->tree.size;
    assert_int_equal(take(&s, NULL, size, false, &later), 0);
    assert_true(later);
    assert_int_equal(listed(&s), 0);
    logged(&s, &h);
    assert_int_equal(take(&s, NULL, size, true, &later), 0);
    assert_false(later);
    assert_int_equal(listed(&s), 1);
    close_scene(&s);
}

void test_hours_fetch__an_answer_that_cannot_be_read_is_a_finding(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "[]", "{}", "{\"hours\":[],\"taken\":{},\"v\":1}",
                                      "{\"hours\":[],\"taken\":[],\"v\":1,\"who\":[]}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct scene s;
        struct err err = {0};
        int64_t n;
        bool later;
        open_scene(&s);
        assert_ok(hours_take(s.db, &s.known, s.r.h, 3, span_of(bad[i]), NOW, true, &later, &err), &err);
        assert_ok(db_number(s.db, &n, -1, &err, "select count(*) from finding"), &err);
        assert_int_equal(n, 1);
        close_scene(&s);
    }
}
