/* Dates of feeds, good and odd. */
#include "test/test.h"

#include "codec/date.h"

#include "base/banned.h"

static void is(const char *text, int year, int month, int day)
{
    day_t got;
    assert_true(date_read(span_of(text), &got));
    assert_int_equal(got, day_of((struct ymd){year, month, day}));
}

void test_date__both_forms_are_days(void **state)
{
    (void)state;
    is("2024-08-01T17:01:29Z", 2024, 8, 1);
    is("2024-08-01", 2024, 8, 1);
    is("2024-6-01 23:59", 2024, 6, 1);
    is("Mon, 2 Apr 2007 19:18:42 GMT", 2007, 4, 2);
    is("Fri, 23 Feb 2024 00:00:00 -0500", 2024, 2, 23);
    is("24 Jul 99", 1999, 7, 24);
    is(" 29 Feb 2024", 2024, 2, 29);
}

void test_date__what_the_calendar_does_not_have_is_none(void **state)
{
    (void)state;
    static const char *const none[] = {"2007-04-999", "2023-02-29",       "2024-13-01", "0000-01-01",
                                       "29 Feb 2023", "Mon, 32 Jan 2024", "2024",       "",
                                       "yesterday",   "2024-01-01x",      "1 Foo 2024"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        day_t day;
        assert_false(date_read(span_of(none[i]), &day));
    }
}

void test_date__moments_have_zones(void **state)
{
    (void)state;
    int64_t a, b;
    assert_true(date_moment(SPAN("Fri, 23 Feb 2024 00:00:00 -0500"), &a));
    assert_true(date_moment(SPAN("Fri, 23 Feb 2024 05:00:00 GMT"), &b));
    assert_int_equal(a, b);
    assert_false(date_moment(SPAN("Fri, 23 Feb 2024"), &a));
    assert_false(date_moment(SPAN("Fri, 23 Feb 2024 25:00:00 GMT"), &a));
    assert_false(date_moment(SPAN("Fri, 23 Feb 2024 05:00:00 ABC"), &a));
}
