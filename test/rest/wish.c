/* rest/wish.c: the hours a person would like to keep, kept and read back. */
#include "test/test.h"

#include "io/migrate.h"
#include "rest/wish.h"

void test_wish__a_time_is_hours_and_minutes(void **state)
{
    (void)state;
    int m;
    assert_true(wish_time(SPAN("09:00"), &m) && m == 540);
    assert_true(wish_time(SPAN("23:59"), &m) && m == 23 * 60 + 59);
    assert_true(wish_time(SPAN("24:00"), &m) && m == 1440);
    static const char *const bad[] = {"", "9:00", "24:01", "12:60", "ab:cd", "12.30", "12:3"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(wish_time(span_of(bad[i]), &m));
}

void test_wish__what_was_saved_is_loaded(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct db *db = NULL;
    struct err err = {0};
    struct wish w = {{true, false, true, false, false, false, true}, 8 * 60 + 30, 24 * 60}, back;
    assert_ok(db_open(&db, ":memory:", &err), &err);
    assert_ok(migrate(db, NULL, 0, 1, NULL, &err), &err);
    assert_ok(wish_load(db, arena, &back, &err), &err);
    assert_true(back.day[0] && back.day[4] && !back.day[5] && back.from == 540 && back.to == 1080);
    assert_ok(wish_save(db, &w, &err) && wish_load(db, arena, &back, &err), &err);
    assert_memory_equal(w.day, back.day, sizeof w.day);
    assert_int_equal(back.from, w.from);
    assert_int_equal(back.to, w.to);
    assert_ok(setting_put(db, "rest.hours", "nonsense", &err) && wish_load(db, arena, &back, &err), &err);
    assert_int_equal(back.from, 540);
    db_close(db);
    arena_free(arena);
}

void test_wish__days_in_a_row_are_said_as_a_span(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    assert_string_equal(wish_text(arena, &WISH_DEFAULT), "Mon-Fri 09:00 to 18:00");
    struct wish w = {{true, false, true, false, false, true, true}, 600, 960};
    assert_string_equal(wish_text(arena, &w), "Mon, Wed, Sat, Sun 10:00 to 16:00");
    arena_free(arena);
}
