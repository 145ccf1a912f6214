/* Deadlines: the moment each zone means, working days by this computer's clock, which edition a name means.
 */
#include "test/test.h"

#include <stdlib.h>
#include <time.h>

#include "io/clock.h"
#include "papers/due_say.h"
#include "papers/papers_db.h"

#include "base/banned.h"

enum { NOW = 1795003200 /* Wed 2026-11-18 12:00 UTC */, DAY = 86400 };

struct stage {
    struct db *db;
    struct arena *arena;
};

static void stage_make(struct stage *s)
{
    struct err err = {0};
    struct migration_set set = {"papers", papers_migrations};
    s->arena = arena_new();
    setenv("TZ", "Europe/Berlin", 1);
    tzset();
    assert_ok(db_open(&s->db, ":memory:", &err) && migrate(s->db, &set, 1, 1, NULL, &err), &err);
}

static void stage_clear(struct stage *s)
{
    db_close(s->db);
    arena_free(s->arena);
}

static void put(struct stage *s, const char *venue, int year, const char *id, const char *kind,
                struct ymd day, int hour, const char *zone)
{
    struct err err = {0};
    struct deadline d = {.title = span_of(venue),
                         .id = span_of(id),
                         .kind = span_of(kind),
                         .year = year,
                         .wall = (int64_t)day_of(day) * DAY + hour * 3600,
                         .zone = span_of(zone),
                         .place = SPAN(""),
                         .link = SPAN(""),
                         .subject = SPAN(""),
                         .start = DEADLINE_NO_DAY,
                         .end = DEADLINE_NO_DAY};
    assert_ok(due_keep(s->db, &d, &err), &err);
}

static void load(struct stage *s, enum due_which which, struct dues *out)
{
    struct err err = {0};
    assert_ok(dues_load(s->db, s->arena, which, NOW, INT64_MAX, 100, out, &err), &err);
}

void test_due__anywhere_on_earth_ends_on_the_next_day_here(void **state)
{
    (void)state;
    struct stage s;
    struct dues d;
    stage_make(&s);
    put(&s, "ICML", 2027, "icml27", "paper", (struct ymd){2027, 1, 28}, 23, "AoE");
    load(&s, DUE_ALL, &d);
    assert_int_equal(d.n, 1);
    assert_int_equal(d.at[0].moment, (int64_t)day_of((struct ymd){2027, 1, 29}) * DAY + 11 * 3600);
    assert_string_equal(due_here(s.arena, &d.at[0]), "Fri 29 January 2027, 12:00");
    assert_string_equal(due_there(s.arena, &d.at[0]), "Thu 28 January 2027, 23:00 AoE");
    assert_string_equal(due_title(s.arena, &d.at[0]), "ICML 2027, paper");
    /* Friday is a day on which one can work at it, by the clock here. */
    assert_string_equal(due_far(s.arena, &d.at[0], day_of((struct ymd){2026, 11, 27})), "45 working days");
    assert_string_equal(due_far(s.arena, &d.at[0], day_of((struct ymd){2027, 1, 28})), "1 working day");
    assert_string_equal(due_far(s.arena, &d.at[0], day_of((struct ymd){2027, 1, 29})), "today");
    stage_clear(&s);
}

void test_due__clocks_that_change_are_followed(void **state)
{
    (void)state;
    struct stage s;
    struct dues d;
    stage_make(&s);
    /* New York goes forward on 14 March 2027, Berlin on the 28th: five hours apart in between. */
    put(&s, "A", 2027, "a27", "paper", (struct ymd){2027, 3, 13}, 12, "America/New_York");
    put(&s, "B", 2027, "b27", "paper", (struct ymd){2027, 3, 20}, 12, "America/New_York");
    put(&s, "C", 2027, "c27", "paper", (struct ymd){2027, 3, 29}, 12, "America/New_York");
    /* 02:30 does not exist on that night; whatever it is taken for, it is within the hour. */
    put(&s, "D", 2027, "d27", "paper", (struct ymd){2027, 3, 28}, 2, "Europe/Berlin");
    load(&s, DUE_ALL, &d);
    assert_string_equal(due_here(s.arena, &d.at[0]), "Sat 13 March 2027, 18:00");
    assert_string_equal(due_here(s.arena, &d.at[1]), "Sat 20 March 2027, 17:00");
    assert_string_equal(due_here(s.arena, &d.at[3]), "Mon 29 March 2027, 18:00");
    assert_string_equal(due_there(s.arena, &d.at[1]), "Sat 20 March 2027, 12:00 America/New_York");
    assert_null(due_there(s.arena, &d.at[2]));
    assert_string_equal(due_far(s.arena, &d.at[0], day_of((struct ymd){2027, 3, 12})),
                        "before the next working day");
    stage_clear(&s);
}

void test_due__an_unknown_zone_is_the_earliest_and_says_so(void **state)
{
    (void)state;
    struct stage s;
    struct dues d;
    stage_make(&s);
    put(&s, "A", 2027, "a27", "", (struct ymd){2027, 3, 13}, 12, "Middle/Earth\x1b[2J");
    load(&s, DUE_ALL, &d);
    assert_int_equal(d.at[0].moment, (int64_t)day_of((struct ymd){2027, 3, 13}) * DAY - 2 * 3600);
    assert_false(d.at[0].zone_known);
    assert_non_null(strstr(due_there(s.arena, &d.at[0]), "at the earliest"));
    assert_null(strchr(due_there(s.arena, &d.at[0]), '\x1b'));
    assert_string_equal(due_title(s.arena, &d.at[0]), "A 2027");
    stage_clear(&s);
}

void test_due__a_name_means_one_edition(void **state)
{
    (void)state;
    struct stage s;
    struct due d;
    struct err err = {0};
    stage_make(&s);
    put(&s, "ICML", 2025, "icml25", "paper", (struct ymd){2025, 1, 30}, 23, "AoE");
    put(&s, "ICML", 2027, "icml27", "abstract", (struct ymd){2027, 1, 21}, 23, "AoE");
    put(&s, "ICML", 2027, "icml27", "paper", (struct ymd){2027, 1, 28}, 23, "AoE");
    put(&s, "ICML", 2028, "icml28", "paper", (struct ymd){2028, 1, 28}, 23, "AoE");
    put(&s, "A & B", 2027, "", "paper", (struct ymd){2027, 5, 1}, 23, "AoE");
    put(&s, "One", 2027, "same", "paper", (struct ymd){2027, 5, 1}, 23, "AoE");
    put(&s, "Two", 2027, "same", "paper", (struct ymd){2027, 5, 2}, 23, "AoE");
    assert_ok(due_named(s.db, s.arena, NOW, "icml", &d, &err), &err);
    assert_string_equal(d.id, "icml27"); /* the next */
    assert_ok(due_named(s.db, s.arena, NOW, " Icml 2028", &d, &err), &err);
    assert_string_equal(d.id, "icml28");
    assert_ok(due_named(s.db, s.arena, NOW, "a-b-2027", &d, &err), &err);
    assert_string_equal(d.name, "A & B 2027");
    assert_ok(due_named(s.db, s.arena, NOW, "Two 2027", &d, &err), &err);
    static const struct {
        const char *name;
        enum err_code code;
        const char *says;
    } bad[] = {{"icml25", E_REFUSED, "over"},
               {"iclm27", E_MISSING, "icml27"},
               {"same", E_USAGE, "Two 2027"},
               {"", E_MISSING, "no deadlines"},
               {"zzzzzz", E_MISSING, "no deadlines"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err_clear(&err);
        assert_false(due_named(s.db, s.arena, NOW, bad[i].name, &d, &err));
        assert_int_equal(err.code, bad[i].code);
        assert_non_null(strstr(err.text, bad[i].says));
    }
    stage_clear(&s);
}

void test_due__a_pin_follows_the_edition_through_newer_lists(void **state)
{
    (void)state;
    struct stage s;
    struct dues d;
    struct err err = {0};
    stage_make(&s);
    put(&s, "ICML", 2027, "icml27", "paper", (struct ymd){2027, 1, 28}, 23, "AoE");
    put(&s, "ICML", 2028, "icml28", "paper", (struct ymd){2028, 1, 28}, 23, "AoE");
    put(&s, "Old", 2020, "old20", "paper", (struct ymd){2020, 1, 28}, 23, "AoE");
    assert_ok(due_pin(s.db, SPAN("ICML"), 2027, SPAN("icml27"), true, &err) &&
                  due_pin(s.db, SPAN("ICML"), 2027, SPAN("icml27"), true, &err),
              &err);
    put(&s, "ICML", 2027, "icml27", "paper", (struct ymd){2027, 2, 4}, 23, "AoE");
    load(&s, DUE_PINNED, &d);
    assert_int_equal(d.n, 1);
    assert_string_equal(due_there(s.arena, &d.at[0]), "Thu 4 February 2027, 23:00 AoE");
    assert_ok(due_choose(s.db, s.arena, SPAN("icml"), true, &err), &err);
    load(&s, DUE_FOLLOWED, &d);
    assert_int_equal(d.n, 2);
    assert_true(d.at[0].pinned && d.at[0].chosen && !d.at[1].pinned && d.at[1].chosen);
    assert_ok(due_pin(s.db, SPAN("ICML"), 2027, SPAN("icml27"), false, &err), &err);
    assert_false(due_pin(s.db, SPAN("ICML"), 2027, SPAN("icml27"), false, &err));
    assert_int_equal(err.code, E_MISSING);
    err_clear(&err);
    assert_false(due_pin(s.db, SPAN("ICML"), 2031, SPAN("icml27"), true, &err));
    assert_int_equal(err.code, E_MISSING);
    err_clear(&err);
    assert_false(due_choose(s.db, s.arena, SPAN("IMCL"), true, &err));
    assert_non_null(strstr(err.text, "“ICML”"));
    err_clear(&err);
    assert_false(due_choose(s.db, s.arena, SPAN("Old"), false, &err));
    load(&s, DUE_PINNED, &d);
    assert_int_equal(d.n, 0);
    stage_clear(&s);
}

void test_due__venues_without_a_deadline_are_read(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct due_frees f;
    struct err err = {0};
    bool tmlr = false;
    assert_ok(due_frees(arena, &f, &err), &err);
    for (size_t i = 0; i < f.n; i++) {
        tmlr |= strcmp(f.at[i].name, "TMLR") == 0 && strcmp(f.at[i].when, "any") == 0;
        assert_true(strncmp(f.at[i].link, "https://", 8) == 0);
        assert_true(strcmp(f.at[i].when, "any") == 0 || strcmp(f.at[i].when, "month") == 0 ||
                    strcmp(f.at[i].when, "two") == 0);
    }
    assert_true(tmlr && f.n < 20);
}
