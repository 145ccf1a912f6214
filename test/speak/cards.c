/* Listeners: their entries in the record, the lines that lead there, and the list that members see. */
#include "test/test.h"

#include <stdlib.h>

#include "anon/anon_db.h"
#include "anon/item.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "io/migrate.h"
#include "speak/card.h"
#include "speak/cards.h"
#include "speak/moderate_key.h"
#include "speak/own_key.h"
#include "speak/speak_room.h"
#include "test/anon/record.h"

#include "base/banned.h"

#define LAB "127.0.0.1:8080"
enum { VOUCHER = 1, LIN, STRANGER };

static struct sign_key key_of(uint8_t n)
{
    struct sign_key key;
    sign_key_init(&key, (const uint8_t[32]){88, n});
    return key;
}

static struct entry voucher_of(int64_t at)
{
    struct err err = {0};
    struct sign_key key = key_of(VOUCHER);
    struct entry e = {
        .kind = ENTRY_VOUCHER,
        .at = at,
        .person = {.name = SPAN("R. Hale"), .from = (day_t)(at / DAY), .to = (day_t)(at / DAY) + 180}};
    assert_ok(entry_prove(&e, &key, &err), &err);
    return e;
}

static struct entry listener_of(uint8_t who, uint8_t by, const char *by_name, int64_t at, int days)
{
    struct err err = {0};
    struct sign_key key = key_of(who), voucher = key_of(by);
    struct entry e = {
        .kind = ENTRY_LISTENER,
        .at = at,
        .listener = {
            .person = {.name = SPAN("Lin"), .from = (day_t)(at / DAY), .to = (day_t)(at / DAY) + days},
            .voucher = span_of(by_name)}};
    assert_ok(entry_prove(&e, &key, &err) && entry_vouch(&e, &voucher, &err), &err);
    return e;
}

/* A record of a real lab with a voucher in its first days. */
static struct record record_of(void)
{
    struct err err = {0};
    struct record r = {.arena = arena_new()};
    assert_ok(history_new(&r.h, &err), &err);
    add(&r, genesis("both", false));
    add(&r, rules(BEGAN));
    add(&r, voucher_of(BEGAN + HOUR));
    return r;
}

static size_t finds(struct entry e)
{
    AUTO_RECORD struct record r = record_of();
    size_t before = r.h->findings.n;
    add(&r, e);
    return r.h->findings.n - before;
}

static const struct history_person *force(const struct record *r, uint8_t who, int64_t at)
{
    uint8_t pk[32];
    struct sign_key key = key_of(who);
    sign_public(&key, pk);
    return history_in_force(r->h, ENTRY_LISTENER, pk, at);
}

void test_cards__a_listener_is_vouched_for_in_the_record(void **state)
{
    (void)state;
    int64_t at = BEGAN + 5 * DAY;
    AUTO_RECORD struct record r = record_of();
    assert_int_equal(r.h->findings.n, 0);
    add(&r, listener_of(LIN, VOUCHER, "R. Hale", at, 26 * 7));
    assert_int_equal(r.h->findings.n, 0);
    assert_null(force(&r, LIN, at + 3 * DAY - HOUR - 1)); /* 72 hours */
    const struct history_person *p = force(&r, LIN, at + 3 * DAY);
    assert_non_null(p);
    assert_true(span_is(p->voucher, "R. Hale") && span_is(p->person.name, "Lin"));
    assert_null(force(&r, LIN, at + 200 * DAY));
}

void test_cards__who_may_not_vouch_vouches_for_nobody(void **state)
{
    (void)state;
    int64_t at = BEGAN + 5 * DAY;
    assert_int_equal(finds(listener_of(LIN, VOUCHER, "R. Hale", at, 100)), 0);
    assert_int_equal(finds(listener_of(LIN, STRANGER, "R. Hale", at, 100)), 1);       /* no voucher */
    assert_int_equal(finds(listener_of(LIN, VOUCHER, "Somebody", at, 100)), 1);       /* another name */
    assert_int_equal(finds(listener_of(VOUCHER, VOUCHER, "R. Hale", at, 100)), 1);    /* themselves */
    assert_int_equal(finds(listener_of(LIN, VOUCHER, "R. Hale", at, 26 * 7 + 1)), 1); /* too long */
    assert_int_equal(finds(listener_of(LIN, VOUCHER, "R. Hale", BEGAN + 2 * DAY, 9)),
                     1); /* a young voucher */
    struct entry e = listener_of(LIN, VOUCHER, "R. Hale", at, 100);
    e.listener.vsig[5] ^= 1;
    assert_int_equal(finds(e), 1);
    AUTO_RECORD struct record r = record_of();
    add(&r, e);
    assert_null(force(&r, LIN, at + 4 * DAY));
}

/* On a node -------------------------------------------------------------------------------------------------
 */
struct here {
    struct app app;
    struct record record;
};

static void here_make(struct here *h, int64_t now)
{
    struct err err = {0};
    struct migration_set sets[] = {{"anon", anon_migrations}, {"speak", speak_room.migrations}};
    *h = (struct here){.app = {.arena = arena_new(), .now = now}, .record = record_of()};
    assert_ok(db_open(&h->app.db, ":memory:", &err) && migrate(h->app.db, sets, 2, NODE, NULL, &err), &err);
}

static void here_clear(struct here *h)
{
    db_close(h->app.db);
    arena_free(h->app.arena);
    record_free(&h->record);
}

static void card(struct here *h, uint8_t who, int64_t n, bool paused, day_t week, bool spoil)
{
    struct err err = {0};
    struct sign_key key = key_of(who);
    struct card c = {.week = week,
                     .n = n,
                     .paused = paused,
                     .box_pk = {who, (uint8_t)n},
                     .languages = 1,
                     .language = {SPAN("en")}};
    AUTO_BUF struct buf json;
    buf_init(&json, 8192);
    assert_ok(card_sign(&c, SPAN(LAB), &key, &err), &err);
    if (spoil)
        c.box_pk[9] = 1;
    AUTO_JSON json_t *o = json_pack("{s:o,s:s}", "act", card_act(&c), "lab", LAB);
    assert_ok(canon_write(o, &json, &err), &err);
    struct kept_item item = {.kind = SPAN("card"), .json = buf_span(&json), .day = (day_t)(h->app.now / DAY)};
    assert_ok(card_take(h->app.db, &item, &err), &err);
}

static struct helpers listed(struct here *h)
{
    struct err err = {0};
    struct helpers all;
    assert_ok(helpers_list(&h->app, h->record.h, &all, &err), &err);
    return all;
}

void test_cards__unvouched_card_last_with_warning(void **state)
{
    (void)state;
    struct here h;
    int64_t at = BEGAN + 5 * DAY, now = at + 9 * DAY;
    here_make(&h, now);
    day_t week = epoch_of(now);
    add(&h.record, listener_of(LIN, VOUCHER, "R. Hale", at, 100));
    card(&h, STRANGER, 1, false, week, false);
    card(&h, LIN, 1, false, week, false);
    struct helpers all = listed(&h);
    assert_int_equal(all.n, 2);
    assert_int_equal(all.vouched, 1);
    assert_true(all.at[0].vouched && !all.at[1].vouched);
    assert_string_equal(all.at[0].name, "Lin");
    assert_string_equal(all.at[0].voucher, "R. Hale");
    assert_string_not_equal(all.at[1].name, "Lin"); /* a name that nobody vouched for is not shown */
    here_clear(&h);
}

void test_cards__the_highest_number_counts(void **state)
{
    (void)state;
    struct here h;
    int64_t now = BEGAN + 14 * DAY;
    here_make(&h, now);
    day_t week = epoch_of(now);
    card(&h, LIN, 1, false, week - 7, false);
    card(&h, LIN, 3, true, week, false);
    card(&h, LIN, 2, false, week, false);      /* it came later, and is older */
    card(&h, LIN, 3, false, week, false);      /* as high: the first counts */
    card(&h, LIN, 9, false, week, true);       /* not signed so */
    card(&h, LIN, 9, false, week + 21, false); /* dated ahead */
    struct helpers all = listed(&h);
    assert_int_equal(all.n, 1);
    assert_true(all.at[0].paused);
    assert_int_equal(all.at[0].n, 3);
    h.app.now += 15 * DAY; /* no card of these weeks any more */
    assert_int_equal(listed(&h).n, 0);
    here_clear(&h);
}

void test_cards__lines_go_from_listener_to_voucher_to_lab(void **state)
{
    (void)state;
    struct here h;
    struct err err = {0};
    struct own_key lin, hale;
    struct entry e;
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    int64_t now = BEGAN + 5 * DAY;
    here_make(&h, now);
    day_t today = (day_t)(now / DAY);
    assert_ok(listener_ask(h.app.db, h.app.arena, SPAN("Lin"), today, today + 100, &lin, &err), &err);
    assert_false(listener_vouch(h.app.db, h.app.arena, h.record.h, lin.line, &line, &err));
    assert_int_equal(err.code, E_REFUSED);
    err_clear(&err);
    assert_ok(voucher_line(h.app.db, h.app.arena, SPAN("Hale"), today, today + 100, &hale, &err), &err);
    assert_ok(person_line_read(hale.line, ENTRY_VOUCHER, now, h.app.arena, &e, &err), &err);
    add(&h.record, e);
    assert_ok(listener_vouch(h.app.db, h.app.arena, h.record.h, lin.line, &line, &err), &err);
    assert_ok(person_line_read(buf_span(&line), ENTRY_LISTENER, now + 4 * DAY, h.app.arena, &e, &err), &err);
    assert_memory_equal(e.listener.person.pk, lin.pk, 32);
    bool good;
    assert_ok(entry_vouched(&e, &good, &err), &err);
    assert_true(good);
    size_t before = h.record.h->findings.n;
    add(&h.record, e);
    assert_int_equal(h.record.h->findings.n, before);
    struct entry_person who;
    assert_false(
        listener_ask_read(buf_span(&line), h.app.arena, &who, &err)); /* what was vouched on asks no more */
    here_clear(&h);
}
