/* Civil days against a plain count, ISO weeks against a published list of long years, dates as people mistype
 * them. */
#include "test/test.h"

#include "base/day.h"

#include "base/banned.h"

/* Where a loop over many days ends. */
static void wrong(const char *text, day_t day)
{
    print_error("%s is not day %d\n", text, day);
    _fail(__FILE__, __LINE__);
}

static bool leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

void test_day__every_day_goes_there_and_back(void **state)
{
    (void)state;
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    day_t day = DAY_MIN;
    for (int year = 1; year <= 9999; year++)
        for (int month = 1; month <= 12; month++)
            for (int d = 1; d <= length[month - 1] + (month == 2 && leap(year)); d++, day++) {
                struct ymd back = day_ymd(day);
                if (day_of((struct ymd){year, month, d}) != day || back.year != year || back.month != month ||
                    back.day != d)
                    wrong(day_text(day, (char[16]){0}), day);
            }
    assert_int_equal(day, DAY_MAX + 1);
    assert_int_equal(day_of((struct ymd){1970, 1, 1}), 0);
}

void test_day__weekdays_run_from_monday(void **state)
{
    (void)state;
    assert_int_equal(day_weekday(0), 3); /* a Thursday */
    assert_int_equal(day_weekday(day_of((struct ymd){2026, 11, 25})), 2);
    assert_int_equal(day_weekday(DAY_MIN), 0);
    assert_int_equal(day_weekday(DAY_MAX), 4);
    for (day_t day = -1000; day < 1000; day++) {
        assert_int_equal(day_weekday(day + 1), (day_weekday(day) + 1) % 7);
        assert_int_equal(day_weekday(day_monday(day)), 0);
        assert_in_range(day - day_monday(day), 0, 6);
    }
}

/* The years of 2001 to 2100 that have 53 weeks: a year does when its 1 January is a Thursday, or a Wednesday
 * in a leap year. */
void test_day__years_of_53_weeks(void **state)
{
    (void)state;
    static const int long_years[] = {2004, 2009, 2015, 2020, 2026, 2032, 2037, 2043, 2048,
                                     2054, 2060, 2065, 2071, 2076, 2082, 2088, 2093, 2099};
    size_t next = 0;
    for (int year = 2001; year <= 2100; year++) {
        int last = day_isoweek(day_of((struct ymd){year, 12, 28})).week;
        bool is_long = next < sizeof long_years / sizeof *long_years && long_years[next] == year;
        assert_int_equal(last, is_long ? 53 : 52);
        next += is_long;
    }
    assert_int_equal(next, sizeof long_years / sizeof *long_years);
}

void test_day__weeks_at_the_turn_of_the_year(void **state)
{
    (void)state;
    static const struct {
        struct ymd date;
        const char *week;
    } known[] = {
        {{2005, 1, 1}, "2004-W53"},   {{2005, 1, 2}, "2004-W53"},   {{2005, 12, 31}, "2005-W52"},
        {{2006, 1, 2}, "2006-W01"},   {{2007, 1, 1}, "2007-W01"},   {{2007, 12, 31}, "2008-W01"},
        {{2008, 12, 28}, "2008-W52"}, {{2008, 12, 29}, "2009-W01"}, {{2009, 12, 31}, "2009-W53"},
        {{2010, 1, 3}, "2009-W53"},   {{2010, 1, 4}, "2010-W01"},   {{2026, 11, 25}, "2026-W48"},
        {{2026, 12, 31}, "2026-W53"}, {{2027, 1, 3}, "2026-W53"},   {{1, 1, 1}, "0001-W01"},
        {{9999, 12, 31}, "9999-W52"}, {{1969, 12, 31}, "1970-W01"},
    };
    char text[16];
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        day_t day = day_of(known[i].date);
        assert_string_equal(isoweek_text(day, text), known[i].week);
        assert_int_equal(isoweek_monday(day_isoweek(day)), day_monday(day));
    }
}

void test_day__every_week_is_read_back(void **state)
{
    (void)state;
    struct err err = {0};
    char text[16];
    for (day_t monday = DAY_MIN; monday <= DAY_MAX; monday += 7) {
        day_t back;
        assert_ok(day_read(span_of(isoweek_text(monday, text)), &back, &err), &err);
        if (back != monday)
            wrong(text, back);
    }
}

void test_day__dates_are_read(void **state)
{
    (void)state;
    struct err err = {0};
    day_t day;
    char text[16];
    assert_ok(day_read(SPAN("2026-11-25"), &day, &err), &err);
    assert_string_equal(day_text(day, text), "2026-11-25");
    assert_ok(day_read(SPAN("2024-02-29"), &day, &err), &err);
    assert_ok(day_read(SPAN("0001-01-01"), &day, &err), &err);
    assert_int_equal(day, DAY_MIN);
    assert_ok(day_read(SPAN("9999-12-31"), &day, &err), &err);
    assert_int_equal(day, DAY_MAX);
    assert_ok(day_read(SPAN("2026-W53"), &day, &err), &err);
    assert_string_equal(day_text(day, text), "2026-12-28");
}

void test_day__what_is_no_date_is_refused_with_its_words(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2026",
        "2026-11",
        "2026-11-",
        "2026-11-2",
        "2026-11-255",
        "2026-11-25 ",
        " 2026-11-25",
        "2026-00-10",
        "2026-13-10",
        "2026-11-00",
        "2026-11-31",
        "2025-02-29",
        "1900-02-29",
        "0000-01-01",
        "26-11-25",
        "2026/11/25",
        "2026-1-5",
        "-2026-11-25",
        "2026-W00",
        "2026-W54",
        "2025-W53",
        "2026-W5",
        "2026-W480",
        "2026-w48",
        "2026W48",
        "0000-W01",
        "+026-11-25",
        "2026-11-2\t",
        "9999-W53",
        "2026-W0111-25",
        "２０２６-11-25",
        "tomorrow",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err = {0};
        day_t day = 77;
        assert_false(day_read(span_of(bad[i]), &day, &err));
        assert_int_equal(day, 77);
        assert_int_equal(err.code, E_USAGE);
        assert_non_null(strstr(err.text, "Write it as 2026-11-25"));
        if (bad[i][0] && bad[i][strlen(bad[i]) - 1] != '\t')
            assert_non_null(strstr(err.text, bad[i]));
    }
    struct err err = {0};
    day_t day;
    assert_false(day_read((struct span){NULL, 0}, &day, &err));
}

void test_day__moments_are_local_to_their_zone(void **state)
{
    (void)state;
    struct moment before_midnight = {86400 - 1, 0}, east = {86400 - 1, 60}, west = {0, -1};
    assert_int_equal(moment_day(before_midnight), 0);
    assert_int_equal(moment_minute(before_midnight), 1439);
    assert_int_equal(moment_hour(before_midnight), 23);
    assert_int_equal(moment_day(east), 1);
    assert_int_equal(moment_minute(east), 59);
    assert_int_equal(moment_hour(east), 24);
    assert_int_equal(moment_day(west), -1);
    assert_int_equal(moment_minute(west), 1439);
    assert_int_equal(moment_hour(west), -1);
    assert_int_equal(moment_hour((struct moment){1800, 330}), 6); /* half-hour zones: 06:00 at +05:30 */
}

void test_day__moments_beyond_the_calendar_are_its_edges(void **state)
{
    (void)state;
    static const int64_t epochs[] = {INT64_MIN, INT64_MIN + 1, -99999999999999, 99999999999999, INT64_MAX};
    static const int32_t zones[] = {INT32_MIN, -31080, 0, 31080, INT32_MAX};
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 5; j++) {
            struct moment m = {epochs[i], zones[j]};
            assert_int_equal(moment_day(m), i < 3 ? DAY_MIN : DAY_MAX);
            assert_int_equal(moment_minute(m), i < 3 ? 0 : 1439);
            assert_true(moment_hour(m) == (i < 3 ? (int64_t)DAY_MIN * 24 : (int64_t)DAY_MAX * 24 + 23));
        }
}

void test_day__working_days_are_those_of_a_plain_count(void **state)
{
    (void)state;
    const day_t friday = day_of((struct ymd){2026, 11, 27}), new_year = day_of((struct ymd){2027, 1, 1});
    assert_int_equal(day_working(friday, friday), 0);
    assert_int_equal(day_working(friday, friday - 3), 0);
    assert_int_equal(day_working(friday, friday + 2), 0); /* a Sunday */
    assert_int_equal(day_working(friday, friday + 3), 1); /* a Monday */
    assert_int_equal(day_working(friday, new_year), 25);  /* over the year's end: holidays are not known */
    assert_int_equal(day_working(friday, friday + 63), 45);
    assert_int_equal(day_working(DAY_MIN, DAY_MAX), (int64_t)(DAY_MAX - DAY_MIN) / 7 * 5 + 4);
    for (day_t from = friday - 9; from < friday; from++) {
        int64_t n = 0;
        for (day_t to = from + 1; to < from + 800; to++) {
            n += day_weekday(to) < 5;
            if (day_working(from, to) != n)
                wrong(day_text(to, (char[16]){0}), to);
        }
    }
}
