/* speak/circle_talk.c: times as they are typed. (Letters to all: test/speak/circle_keep.c.) */
#include "test/test.h"

#include <stdlib.h>
#include <time.h>

#include "speak/circle_talk.h"

#include "base/banned.h"

enum { NOW = 1795651200 /* Thursday 2026-11-26 00:00 UTC */ };

static void zone(const char *name)
{
    setenv("TZ", name, 1);
    tzset();
}

static struct meet_wish wish_of(const char *when)
{
    return (struct meet_wish){.when = span_of(when), .minutes = 60, .every = 1, .times = 1};
}

void test_circle_talk__a_time_is_this_computers(void **state)
{
    (void)state;
    struct err err = {0};
    struct meets m;
    struct meet_wish w = wish_of("2026-12-02 15:00");
    zone("UTC");
    assert_ok(meets_of(&w, NOW, &m, &err), &err);
    assert_int_equal(m.count, 1);
    assert_int_equal(m.at[0].from, NOW + 6 * 86400 + 15 * 3600);
    assert_int_equal(m.at[0].until - m.at[0].from, 3600);
    zone("Asia/Shanghai");
    assert_ok(meets_of(&w, NOW, &m, &err), &err);
    assert_int_equal(m.at[0].from, NOW + 6 * 86400 + 7 * 3600);
    zone("UTC");
}

/* Every week at three by the clock on the wall, also when summer begins between two. */
void test_circle_talk__the_wall_clock_goes_on(void **state)
{
    (void)state;
    struct err err = {0};
    struct meets m;
    struct meet_wish w = {.when = SPAN("2027-03-24T15:00"), .minutes = 30, .every = 1, .times = 2};
    zone("Europe/Zurich");
    assert_ok(meets_of(&w, NOW, &m, &err), &err);
    assert_int_equal(m.at[1].from - m.at[0].from, 7 * 86400 - 3600);
    zone("UTC");
}

void test_circle_talk__what_is_no_time_is_said(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "tomorrow",
                                      "2026-12-02",
                                      "2026-12-02 24:00",
                                      "2026-12-02 9",
                                      "2026-02-30 15:00",
                                      "2026-12-02 15:00x",
                                      "2026-11-25 23:00",
                                      "2027-12-02 15:00"};
    zone("UTC");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err err = {0};
        struct meets m;
        struct meet_wish w = wish_of(bad[i]);
        assert_false(meets_of(&w, NOW, &m, &err));
        assert_true(*err.text);
    }
    static const int64_t limits[][3] = {{4, 1, 1},  {721, 1, 1}, {60, 0, 1},
                                        {60, 5, 1}, {60, 1, 0},  {60, 1, 9}};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct err err = {0};
        struct meets m;
        struct meet_wish w = {SPAN("2026-12-02 15:00"), limits[i][0], limits[i][1], limits[i][2]};
        assert_false(meets_of(&w, NOW, &m, &err));
    }
}
