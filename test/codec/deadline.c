/* Lists of deadlines in both forms, with their odd rows. */
#include "test/test.h"

#include "codec/deadline.h"

#include "base/banned.h"

static const char list[] =
    "- title: One\n  year: 2026\n  id: one26\n  deadline: '2026-05-06 23:59:59'\n  abstract_deadline: "
    "2026-05-01\n"
    "  timezone: UTC-12\n  data: May 2026\n  sub: ['ML', 'CV']\n  start: 2026-12-09\n  end: 2025-12-15\n"
    "- title: Two\n  deadlines:\n    - {type: paper, date: '2026-06-01 12:00', timezone: AoE}\n"
    "    - {type: camera_ready, date: soon}\n"
    "- title: No date\n- just a text\n- year: 2026\n  deadline: 2026-01-01\n";

void test_deadline__both_forms_give_moments(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct deadlines d;
    struct err err = {0};
    assert_ok(deadlines_read(arena, span_of(list), &d, &err), &err);
    assert_int_equal(d.n, 3);
    assert_int_equal(d.odd, 3);
    assert_span(d.at[0].title, "One");
    assert_span(d.at[0].kind, "paper");
    assert_span(d.at[0].subject, "ML CV");
    assert_span(d.at[0].zone, "UTC-12");
    assert_int_equal(d.at[0].wall, (int64_t)day_of((struct ymd){2026, 5, 6}) * 86400 + 86399);
    assert_int_equal(d.at[0].end, DEADLINE_NO_DAY);
    assert_span(d.at[1].kind, "abstract");
    assert_int_equal(d.at[1].wall, (int64_t)day_of((struct ymd){2026, 5, 1}) * 86400 + 86399);
    assert_span(d.at[2].title, "Two");
    assert_int_equal(d.at[2].wall, (int64_t)day_of((struct ymd){2026, 6, 1}) * 86400 + 43200);
}

void test_deadline__zones_are_hours_or_places(void **state)
{
    (void)state;
    int minutes;
    assert_true(deadline_zone(SPAN("AoE"), &minutes) && minutes == -720);
    assert_true(deadline_zone(SPAN("UTC-12"), &minutes) && minutes == -720);
    assert_true(deadline_zone(SPAN("GMT+5:30"), &minutes) && minutes == 330);
    assert_true(deadline_zone(SPAN(""), &minutes) && minutes == 0);
    assert_false(deadline_zone(SPAN("America/Los_Angeles"), &minutes));
    assert_false(deadline_zone(SPAN("UTC+99"), &minutes));
}

void test_deadline__broken_yaml_is_said(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct deadlines d;
    struct err err = {0};
    assert_false(deadlines_read(arena, SPAN("- title: [\n- deadline: {"), &d, &err));
    assert_int_equal(err.code, E_FORMAT);
    assert_non_null(strstr(err.text, "line"));
}
