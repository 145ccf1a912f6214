/* The calendar feed: SEQUENCE goes up on a change and on nothing else, what is taken out comes back with a
 * higher one, what is over stays a while, and libical reads the whole. */
#include "test/test.h"

#include "io/ical.h"
#include "rest/feed.h"
#include "test/rest/ground.h"

#include "base/banned.h"

enum { DAY = 86400 };

static void keep(struct ground *g, const struct booking *at, size_t n, int64_t now)
{
    struct err err = {0};
    struct bookings all = {(struct booking *)at, n, n};
    assert_ok(feed_keep(g->app.db, &all, now, &err), &err);
}

static int64_t number(struct ground *g, const char *uid, const char *what)
{
    struct err err = {0};
    int64_t n = 0;
    if (strcmp(what, "sequence") == 0)
        assert_ok(
            db_number(g->app.db, &n, -1, &err, "select sequence from feed_entry where uid = $1", V_STR(uid)),
            &err);
    else
        assert_ok(
            db_number(g->app.db, &n, -1, &err, "select modified from feed_entry where uid = $1", V_STR(uid)),
            &err);
    return n;
}

static void text_of(struct ground *g, struct buf *out, size_t want)
{
    struct err err = {0};
    size_t n;
    buf_reset(out);
    assert_ok(feed_write(g->app.db, "00ff", out, &n, &err), &err);
    assert_int_equal(n, want);
    assert_ok(ical_check(buf_span(out), n, &err), &err);
}

void test_feed__the_sequence_goes_up_on_a_change_alone(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 20);
    struct booking b[] = {
        {.uid = "due-x",
         .from = NOW + 9 * DAY,
         .until = NOW + 9 * DAY,
         .open = true,
         .summary = "截止，全文; a, b"},
        {.uid = "quiet-1", .from = 21000, .until = 21006, .days = true, .summary = "Away"},
        {.uid = "due-x", .from = NOW + 1, .until = NOW + 1, .open = true, .summary = "of the same name"}};
    keep(&g, b, 3, NOW);
    keep(&g, b, 3, NOW + 60);
    assert_int_equal(number(&g, "due-x", "sequence"), 0);
    assert_int_equal(number(&g, "due-x", "modified"), NOW);
    b[0].from = b[0].until = NOW + 16 * DAY; /* the deadline moved */
    keep(&g, b, 3, NOW + 120);
    assert_int_equal(number(&g, "due-x", "sequence"), 1);
    assert_int_equal(number(&g, "due-x", "modified"), NOW + 120);
    assert_int_equal(number(&g, "quiet-1", "sequence"), 0);
    text_of(&g, &text, 2);
    assert_non_null(strstr(buf_text(&text), "UID:due-x.00ff@respite\r\n"));
    assert_non_null(strstr(buf_text(&text), "SEQUENCE:1\r\n"));
    assert_non_null(strstr(buf_text(&text), "DTEND;VALUE=DATE:20270708\r\n")); /* the day after the last */
    assert_non_null(
        strstr(buf_text(&text), "REFRESH-INTERVAL;VALUE=DURATION:PT12H\r\nX-PUBLISHED-TTL:PT12H\r\n"));
    ground_clear(&g);
}

void test_feed__what_is_taken_out_comes_back_newer(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g);
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 20);
    const struct booking b = {
        .uid = "time-1", .from = NOW + DAY, .until = NOW + DAY + 1800, .summary = "Away"};
    keep(&g, &b, 1, NOW);
    keep(&g, NULL, 0, NOW + 1);
    text_of(&g, &text, 0);
    keep(&g, &b, 1, NOW + 2);
    assert_int_equal(number(&g, "time-1", "sequence"), 1);
    text_of(&g, &text, 1);
    keep(&g, NULL, 0, NOW + 2 * DAY); /* it is over: no room gives it, and it stays */
    text_of(&g, &text, 1);
    keep(&g, NULL, 0, NOW + 95 * DAY);
    text_of(&g, &text, 0);
    assert_int_equal(HOW_MANY(&g, "select count(*) from feed_entry"), 0);
    ground_clear(&g);
}

void test_feed__another_address_keeps_the_names(void **state)
{
    (void)state;
    struct ground g;
    struct feed feed;
    struct err err = {0};
    ground_make(&g);
    assert_ok(feed_load(g.app.db, g.app.arena, &feed, &err), &err);
    assert_false(feed.on);
    assert_string_equal(feed.token, "00000000000000000000000000000000");
    assert_ok(feed_put(g.app.db, "0123456789abcdef0123456789abcdef", "aa", &err) &&
                  feed_made(g.app.db, SPAN("text"), NOW, &err) &&
                  feed_put(g.app.db, "fedcba9876543210fedcba9876543210", "bb", &err) &&
                  feed_load(g.app.db, g.app.arena, &feed, &err),
              &err);
    assert_true(feed.on);
    assert_string_equal(feed.token, "fedcba9876543210fedcba9876543210");
    assert_string_equal(feed.seed, "aa");
    assert_int_equal(feed.text.n, 0);
    assert_ok(feed_put(g.app.db, NULL, "cc", &err) && feed_load(g.app.db, g.app.arena, &feed, &err), &err);
    assert_false(feed.on);
    ground_clear(&g);
}

void test_feed__a_file_that_others_cannot_read_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    assert_false(ical_check(SPAN("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"), 0, &err));
    assert_int_equal(err.code, E_FORMAT);
    err_clear(&err);
    const struct span one =
        SPAN("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a\r\n"
             "DTSTAMP:20260101T000000Z\r\nDTSTART:20260101T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    assert_ok(ical_check(one, 1, &err), &err);
    assert_false(ical_check(one, 2, &err)); /* one of them was lost on the way */
    err_clear(&err);
    assert_false(ical_check(SPAN(""), 0, &err));
}
