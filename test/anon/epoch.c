#include "test/test.h"

#include "anon/epoch.h"

enum { MONDAY = 20780 }; /* 2026-11-23, W48 */

void test_epoch__the_week_that_holds_a_time(void **state)
{
    (void)state;
    assert_int_equal(epoch_of((int64_t)MONDAY * 86400), MONDAY);
    assert_int_equal(epoch_of((int64_t)MONDAY * 86400 - 1), MONDAY - 7);
    assert_int_equal(epoch_of((int64_t)(MONDAY + 7) * 86400 - 1), MONDAY);
    assert_int_equal(epoch_of(-1), day_monday(-1));
}

void test_epoch__the_name_is_read_as_it_is_written(void **state)
{
    (void)state;
    char text[16];
    day_t day;
    assert_string_equal(epoch_text(MONDAY, text), "2026-W48");
    assert_true(epoch_read(SPAN("2026-W48"), &day));
    assert_int_equal(day, MONDAY);
    assert_false(epoch_read(SPAN("2026-W54"), &day));
    assert_false(epoch_read(SPAN("2026-w48"), &day));
    assert_false(epoch_read(SPAN("2026-11-23"), &day));
    assert_false(epoch_read(SPAN(" 2026-W48"), &day));
}

/* Issued from the Tuesday of the week before, late to the end of the week; spent in the week and 12 hours. */
void test_epoch__windows_are_those_of_the_table(void **state)
{
    (void)state;
    struct windows w = epoch_windows(MONDAY);
    assert_int_equal(w.issue_from, (int64_t)(MONDAY - 6) * 86400);
    assert_int_equal(w.issue_to, (int64_t)(MONDAY + 7) * 86400);
    assert_int_equal(w.spend_from, (int64_t)MONDAY * 86400);
    assert_int_equal(w.spend_to, (int64_t)(MONDAY + 7) * 86400 + 12 * 3600);
}
