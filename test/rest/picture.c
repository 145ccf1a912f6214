/* rest/picture.c: from what is kept to what is drawn. */
#include "test/test.h"

#include "io/clock.h"
#include "rest/picture.h"
#include "test/rest/ground.h"

#include "base/banned.h"

enum { WEEKS = 12 };

struct scene {
    struct ground g;
    struct batch b;
    int64_t repo, who;
    day_t first; /* Monday of the first week shown */
    unsigned ids;
};

static void scene_make(struct scene *s)
{
    struct err err = {0};
    struct mails mine = {(struct span[]){SPAN("wei@example.org")}, 1, 1};
    struct repo r = {.path = "/a", .common_dir = "/a", .name = "a"};
    struct repo_row row;
    *s = (struct scene){0};
    ground_make(&s->g);
    assert_ok(identity_save(s->g.db, &mine, &err) && repo_keep(s->g.db, s->g.arena, &r, &row, &err), &err);
    s->b.arena = s->g.arena;
    s->repo = row.id;
    s->who = HOW_MANY(&s->g, "select id from identity");
    s->first = this_monday(&s->g.app) - 7 * (WEEKS - 1);
}

/* A commit on `day` of week `week` (0: the first shown, -1 the one before) at `hour` local, an hour east of
 * UTC. */
static struct own_commit *at(struct scene *s, int week, int day, int hour)
{
    char id[41];
    int64_t epoch = ((int64_t)s->first + 7 * week + day) * 86400 + hour * 3600 - 3600;
    struct own_commit *c = VEC_PUSH(s->g.arena, &s->b.own);
    assert_non_null(c);
    snprintf(id, sizeof id, "%040x", ++s->ids);
    *c = (struct own_commit){.id = arena_span(s->g.arena, span_of(id)),
                             .when = {epoch, 60},
                             .zone_ok = true,
                             .class = CLASS_COUNTED,
                             .who = s->who};
    return c;
}

static struct picture picture(struct scene *s, int64_t cut)
{
    struct picture p = {0};
    struct err err = {0};
    struct repo_news news = {.repo = s->repo,
                             .batch = &s->b,
                             .log_read = true,
                             .whole_window = true,
                             .cut = cut,
                             .tips = SPAN("x\n")};
    assert_ok(commits_save(s->g.db, &news, &err) &&
                  picture_load(&s->g.app, (struct repo_set){&s->repo, 1}, s->first, WEEKS, &p, &err),
              &err);
    return p;
}

void test_picture__weeks_are_those_that_end_now_and_as_many_before(void **state)
{
    (void)state;
    struct scene s;
    scene_make(&s);
    at(&s, 0, 0, 0), at(&s, 0, 0, 0), at(&s, 11, 2, 9), at(&s, -1, 6, 23), at(&s, -12, 0, 8),
        at(&s, -13, 6, 23);
    struct picture p = picture(&s, INT64_MIN);
    assert_int_equal(p.first, s.first);
    assert_int_equal(p.week[WEEKS - 1].monday, this_monday(&s.g.app));
    assert_int_equal(p.week[0].monday, s.first);
    assert_int_equal(p.before[0].monday, s.first - 7 * WEEKS);
    assert_true(p.before + WEEKS == p.week);
    assert_int_equal(p.week[0].signs, 1); /* two commits in one hour */
    assert_int_equal(p.week[11].signs, 1);
    assert_int_equal(p.before[11].signs, 1);
    assert_int_equal(p.before[0].signs, 1);
    assert_true(p.before[11].sunday && p.earlier.sundays == 1 && p.shown.sundays == 0);
    assert_int_equal(p.events, 3);
    assert_int_equal(p.earlier.seen, 2);
    assert_int_equal(p.punch[0][0], 1);
    assert_int_equal(p.punch[2][9], 1);
    ground_clear(&s.g);
}

void test_picture__what_is_set_apart_is_counted_by_class(void **state)
{
    (void)state;
    struct scene s;
    scene_make(&s);
    for (int i = 0; i < 3; i++)
        at(&s, 2, 1, 10 + i)->class = CLASS_MERGE_CLICK;
    at(&s, 2, 1, 20)->class = CLASS_BOTS;
    at(&s, 2, 1, 21)->class = CLASS_AGENTS;
    at(&s, 2, 1, 22)->class = CLASS_AGENTS;
    at(&s, -3, 1, 22)->class = CLASS_AGENTS;    /* not in these weeks */
    at(&s, -900, 1, 10)->class = CLASS_CLOCK;   /* placed by its commit, in another year */
    struct own_commit *never = at(&s, 0, 0, 0); /* without any time that can be: in every picture */
    never->class = CLASS_CLOCK, never->when.epoch = 0;
    struct own_commit *odd = at(&s, 3, 1, 20); /* this machine's hour stands in */
    odd->zone_ok = false, odd->when.zone = 51800;
    at(&s, 3, 2, 20);
    *VEC_PUSH(s.g.arena, &s.b.others) = (struct others_week){s.first, 5};
    *VEC_PUSH(s.g.arena, &s.b.others) = (struct others_week){s.first - 7, 50};
    struct picture p = picture(&s, INT64_MIN);
    assert_int_equal(p.excluded[CLASS_MERGE_CLICK], 3);
    assert_int_equal(p.excluded[CLASS_BOTS], 1);
    assert_int_equal(p.excluded[CLASS_AGENTS], 2);
    assert_int_equal(p.excluded[CLASS_CLOCK], 1);
    assert_int_equal(p.excluded[CLASS_ZONE_UNKNOWN], 1);
    assert_int_equal(p.excluded[CLASS_OTHERS], 5);
    assert_int_equal(p.events, 2);
    assert_int_equal(p.week[2].signs, 0);
    assert_int_equal(p.week[3].signs, 2);    /* in the hours */
    assert_int_equal(p.week[3].evenings, 1); /* never in the evenings */
    assert_string_equal(picture_excluded(&s.g.app, &p),
                        "Set apart: 1 commit by a program, 1 with a time that cannot be, 3 merge clicks, "
                        "2 marked by coding agents, 1 with an unknown zone.");
    ground_clear(&s.g);
}

void test_picture__agents_count_once_the_person_says_so(void **state)
{
    (void)state;
    struct scene s;
    struct err err = {0};
    scene_make(&s);
    at(&s, 2, 1, 21)->class = CLASS_AGENTS;
    struct picture p = picture(&s, INT64_MIN);
    assert_int_equal(p.week[2].signs, 0);
    assert_ok(setting_put(s.g.db, "rest.agents", "yes", &err), &err);
    p = picture(&s, INT64_MIN);
    assert_int_equal(p.week[2].signs, 1);
    assert_int_equal(p.excluded[CLASS_AGENTS], 0);
    ground_clear(&s.g);
}

void test_picture__nothing_is_set_apart_then_nothing_is_said(void **state)
{
    (void)state;
    struct scene s;
    scene_make(&s);
    at(&s, 2, 1, 10);
    struct picture p = picture(&s, INT64_MIN);
    assert_null(picture_excluded(&s.g.app, &p));
    assert_null(picture_cut(&s.g.app, &p));
    ground_clear(&s.g);
}

void test_picture__weeks_before_a_cut_are_unknown_not_empty(void **state)
{
    (void)state;
    struct scene s;
    scene_make(&s);
    at(&s, 4, 3, 10), at(&s, 5, 0, 10);
    struct picture p = picture(&s, ((int64_t)s.first + 7 * 4 + 3) * 86400 + 36000);
    assert_false(p.week[3].known);
    assert_true(p.week[5].known);
    assert_int_equal(p.cut, s.first + 7 * 4 + 3);
    assert_int_equal(p.earlier.seen, 0);
    assert_non_null(strstr(picture_cut(&s.g.app, &p), "1 October 2026"));
    ground_clear(&s.g);
}

void test_picture__the_usual_is_of_weeks_with_signs_and_leaves_the_last_out(void **state)
{
    (void)state;
    struct scene s;
    scene_make(&s);
    for (int week = -8; week < 11; week += 2)
        for (int day = 0; day < 3; day++)
            at(&s, week, day, 20);
    for (int day = 0; day < 7; day++)
        at(&s, 11, day, 20); /* the week that runs */
    struct picture p = picture(&s, INT64_MIN);
    assert_int_equal(p.usual.weeks, 9); /* the week before this one is what is compared */
    assert_int_equal(p.usual.low, 3);
    assert_int_equal(p.usual.high, 3);
    ground_clear(&s.g);
}

void test_picture__the_card_compares_with_the_weeks_before_where_there_are_any(void **state)
{
    (void)state;
    struct scene s;
    scene_make(&s);
    for (int week = 0; week < WEEKS; week++)
        for (int day = 3; day < 7; day++)
            at(&s, week, day, 22);
    struct picture p = picture(&s, INT64_MIN);
    assert_string_equal(
        picture_card(&s.g.app, &p),
        "There were signs of work on 12 of 12 Sundays, and after 21:00 on about 4 evenings a week.");
    at(&s, -2, 6, 22);
    p = picture(&s, INT64_MIN);
    assert_non_null(strstr(picture_card(&s.g.app, &p), "Before that: on 1 of 12 Sundays"));
    ground_clear(&s.g);
}

void test_picture__it_reads_back_far_enough_for_what_it_shows(void **state)
{
    (void)state;
    day_t first = 20000 - 20000 % 7 + 4; /* a Monday */
    assert_int_equal(day_weekday(first), 0);
    int64_t usual = picture_since(first, 12), wide = picture_since(first, 60);
    assert_true(usual <= clock_day_start(first - 7 * 14) &&
                usual > clock_day_start(first - 7 * 17)); /* 26 weeks */
    assert_true(wide <= clock_day_start(first - 7 * 60) && wide > clock_day_start(first - 7 * 61));
    assert_true(picture_since(-300, 520) >= 1); /* 0 would mean the whole history */
}
