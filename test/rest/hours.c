/* rest/hours.c: weeks, ranges and rests from signs, and the figures of people whose hours were written down.
 */
#include "test/test.h"

#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/vec.h"
#include "codec/scan.h"
#include "io/file.h"
#include "rest/hours.h"

enum { DAY = 86400, HOUR = 3600 };
#define MONDAY day_of((struct ymd){2026, 11, 16})

/* A sign on the given day of the week of MONDAY, at a clock time of zone +01:00. */
static struct sign at(int day, int hour, int minute)
{
    return (struct sign){.when = {((int64_t)MONDAY + day) * DAY + hour * HOUR + minute * 60 - HOUR, 60},
                         .class = CLASS_COUNTED};
}

static struct week_hours one_week(struct sign *signs, size_t n)
{
    struct arena *arena = arena_new();
    struct week_hours out[3];
    struct signs s = {signs, n, n};
    assert_true(hours_weeks(arena, &s, MONDAY - 7, 3, CONFORMAL_SEED_Q, INT32_MIN, out));
    arena_free(arena);
    return out[1];
}

void test_hours__two_commits_in_one_clock_hour_are_one_sign(void **state)
{
    (void)state;
    struct sign s[] = {at(0, 9, 0), at(0, 9, 59), at(0, 10, 0)};
    struct week_hours w = one_week(s, 3);
    assert_int_equal(w.signs, 2);
}

void test_hours__midnight_splits_nothing(void **state)
{
    (void)state;
    struct sign s[] = {at(0, 23, 30), at(1, 0, 10)};
    struct week_hours w = one_week(s, 2);
    assert_int_equal(w.signs, 2);
    assert_int_equal(w.evenings, 1);
}

void test_hours__local_time_is_the_commits_own(void **state)
{
    (void)state;
    struct sign s[] = {at(6, 23, 30)};
    s[0].when.zone = -8 * 60; /* the same instant, on a Sunday afternoon elsewhere */
    struct week_hours w = one_week(s, 1);
    assert_true(w.sunday);
    assert_int_equal(w.sunday_minute, 14 * 60 + 30);
    assert_int_equal(w.evenings, 0);
}

void test_hours__an_unknown_zone_counts_in_the_hours_and_nowhere_else(void **state)
{
    (void)state;
    struct sign s[] = {at(6, 20, 0), at(6, 22, 0)};
    s[0].class = s[1].class = CLASS_ZONE_UNKNOWN;
    struct week_hours w = one_week(s, 2);
    assert_int_equal(w.signs, 2);
    assert_int_equal(w.evenings, 0);
    assert_false(w.sunday);
    assert_false(w.rest.any);
}

void test_hours__what_is_set_apart_counts_nowhere(void **state)
{
    (void)state;
    for (enum sign_class c = CLASS_OTHERS; c < CLASS_ZONE_UNKNOWN; c++) {
        struct sign s[] = {at(6, 20, 0), at(6, 22, 0)};
        s[0].class = s[1].class = c;
        struct week_hours w = one_week(s, 2);
        assert_int_equal(w.signs, 0);
        assert_int_equal(w.evenings, 0);
        assert_false(w.sunday || w.rest.any);
    }
}

void test_hours__a_reflog_act_is_presence_and_no_sign(void **state)
{
    (void)state;
    struct sign s[] = {at(2, 9, 0), at(2, 20, 0)};
    s[1].presence = true;
    struct week_hours w = one_week(s, 2);
    assert_int_equal(w.signs, 1);
    assert_int_equal(w.evenings, 1);
    assert_int_equal(w.rest.seconds, 11 * HOUR);
}

void test_hours__the_longest_rest_reaches_into_the_weeks_beside(void **state)
{
    (void)state;
    struct sign s[] = {at(-2, 12, 0), at(0, 9, 0), at(0, 15, 0), at(8, 9, 0)};
    struct week_hours w = one_week(s, 4);
    assert_true(w.rest.any);
    assert_int_equal(w.rest.seconds, 8 * DAY - 6 * HOUR);
    assert_false(w.rest.open);
    struct sign far[] = {at(-9, 12, 0), at(0, 9, 0), at(0, 15, 0), at(15, 9, 0)};
    w = one_week(far, 4);
    assert_int_equal(w.rest.seconds, 6 * HOUR); /* two weeks away is no neighbour */
    assert_true(w.rest.open); /* and so nothing bounds the rests at the edges: no words claim it */
}

void test_hours__fewer_than_two_signs_have_no_rest(void **state)
{
    (void)state;
    struct sign s[] = {at(-1, 9, 0), at(3, 9, 0), at(7, 9, 0)};
    assert_false(one_week(s, 3).rest.any);
}

void test_hours__a_night_is_between_two_days_that_begin_at_four(void **state)
{
    (void)state;
    struct sign s[] = {at(1, 23, 14), at(2, 7, 50)};
    struct week_hours w = one_week(s, 2);
    assert_true(w.night.any);
    assert_int_equal(w.night.seconds, 8 * HOUR + 36 * 60);
    struct sign late[] = {at(2, 3, 59), at(2, 4, 1)};
    w = one_week(late, 2);
    assert_int_equal(w.night.seconds, 120);
    struct sign apart[] = {at(1, 23, 0), at(3, 9, 0)};
    assert_false(one_week(apart, 2).night.any);
}

void test_hours__weeks_that_begin_before_a_cut_and_hold_nothing_are_unknown(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct week_hours out[3];
    struct signs none = {0};
    assert_true(hours_weeks(arena, &none, MONDAY - 7, 3, CONFORMAL_SEED_Q, MONDAY + 2, out));
    assert_false(out[0].known);
    assert_false(out[1].known); /* two of its days are not there */
    assert_true(out[2].known);
    struct sign one[] = {at(3, 9, 0)};
    struct signs s = {one, 1, 1};
    assert_true(hours_weeks(arena, &s, MONDAY - 7, 3, CONFORMAL_SEED_Q, MONDAY + 2, out));
    assert_true(out[1].known); /* a sign that is there is shown */
    assert_true(hours_weeks(arena, &none, MONDAY - 7, 3, CONFORMAL_SEED_Q, MONDAY, out));
    assert_true(out[1].known);
    arena_free(arena);
}

void test_hours__a_rest_of_eleven_hours_is_missing_when_proved(void **state)
{
    (void)state;
    struct sign tight[] = {at(0, 8, 0), at(0, 16, 0), at(1, 0, 0), at(1, 8, 0)};
    struct signs s = {tight, 4, 4};
    assert_int_equal(hours_days_without_rest(&s, MONDAY), 1);
    struct sign rested[] = {at(0, 8, 0), at(0, 16, 0), at(0, 21, 0), at(1, 8, 0)};
    struct signs r = {rested, 4, 4};
    assert_int_equal(hours_days_without_rest(&r, MONDAY), 0); /* 21:00 to 08:00 */
    struct signs few = {rested, 1, 1};
    assert_int_equal(hours_days_without_rest(&few, MONDAY), 0); /* nothing proves anything */
}

void test_hours__ranges_are_whole_hours_rounded_outward(void **state)
{
    (void)state;
    const int s[] = {0, 1, 5, 10, 17, 20, 40, 60}; /* REST 4 */
    const int low[] = {0, 0, 0, 3, 8, 10, 27, 44}, high[] = {0, 4, 10, 17, 26, 30, 53, 76};
    for (size_t i = 0; i < sizeof s / sizeof *s; i++) {
        struct range r = hours_range(s[i], CONFORMAL_SEED_Q);
        assert_int_equal((int)r.low, low[i]);
        assert_int_equal((int)r.high, high[i]);
    }
}

void test_hours__the_usual_is_the_middle_half_of_weeks_with_signs(void **state)
{
    (void)state;
    struct week_hours w[8] = {0};
    const int evenings[] = {1, 2, 3, 4, 5, 6, 7, 0};
    for (int i = 0; i < 8; i++)
        w[i] = (struct week_hours){.known = true, .signs = i < 7, .evenings = evenings[i]};
    struct usual u = hours_usual_evenings(w, 8);
    assert_int_equal(u.weeks, 7);
    assert_int_equal(u.low, 2); /* quartiles 2.5 and 5.5, outward */
    assert_int_equal(u.high, 6);
    assert_int_equal(hours_usual_evenings(w, 3).weeks, 0);
}

void test_hours__the_punch_card_counts_weeks(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    uint16_t punch[7][24];
    struct sign s[] = {at(0, 9, 0), at(0, 9, 30), at(7, 9, 0), at(6, 23, 0), at(40, 9, 0)};
    struct signs signs = {s, 5, 5};
    assert_true(hours_punch(arena, &signs, MONDAY, 2, punch));
    assert_int_equal(punch[0][9], 2);
    assert_int_equal(punch[6][23], 1);
    int sum = 0;
    for (int i = 0; i < 7 * 24; i++)
        sum += punch[i / 24][i % 24];
    assert_int_equal(sum, 3);
    arena_free(arena);
}

/* ---- people whose hours were written down (REST 9) ---- */

struct logged {
    struct {
        struct sign *at;
        size_t n, room;
    } signs;
    day_t first, last;
    double hours[64][7];
    int weeks;
};

static bool number(struct span *in, double *out)
{
    char text[32] = "", *end;
    size_t n = 0;
    while (n < in->n && n + 1 < sizeof text &&
           (in->p[n] == '.' || in->p[n] == '-' || (in->p[n] >= '0' && in->p[n] <= '9')))
        text[n] = in->p[n], n++;
    *out = strtod(text, &end);
    *in = span_from(*in, n);
    return n > 0;
}

/* False when the files are not there. */
static bool read_person(struct arena *arena, const char *commits, const char *hours, struct logged *out)
{
    struct buf AUTO_BUF a, b;
    struct err err = {0};
    struct span rest, line;
    double at_s, zone_s, h;
    buf_init(&a, 1 << 20);
    buf_init(&b, 1 << 20);
    if (!file_read(commits, &a, &err) || !file_read(hours, &b, &err))
        return false;
    rest = buf_span(&b);
    span_cut(&rest, '\n', &line);
    for (bool first = true; span_cut(&rest, '\n', &line); first = false) {
        day_t day;
        struct span date = span_first(line, 10), value = span_from(line, 11);
        assert_true(day_read(date, &day, &err) && number(&value, &h));
        if (first)
            out->first = day;
        out->last = day;
        assert_in_range((day - out->first) / 7, 0, 63);
        out->hours[(day - out->first) / 7][(day - out->first) % 7] += h;
    }
    out->weeks = (out->last - out->first) / 7 + 1;
    rest = buf_span(&a);
    span_cut(&rest, '\n', &line);
    while (span_cut(&rest, '\n', &line)) {
        assert_true(number(&line, &at_s) && scan_byte(&line, '\t') && number(&line, &zone_s));
        struct sign *s = VEC_PUSH(arena, &out->signs);
        *s = (struct sign){.when = {(int64_t)at_s, (int32_t)zone_s / 60}, .class = CLASS_COUNTED};
        day_t day = moment_day(s->when);
        if (day < out->first || day > out->last)
            out->signs.n--;
    }
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct sign *x = a, *y = b;
    return (x->when.epoch > y->when.epoch) - (x->when.epoch < y->when.epoch);
}

/* Weeks of the diary begin on the first logged day; hours_weeks takes any first day. */
static struct week_hours *estimate(struct arena *arena, struct logged *p)
{
    struct week_hours *w = arena_array(arena, (size_t)p->weeks, sizeof *w);
    struct signs s = {p->signs.at, p->signs.n, p->signs.room};
    qsort(s.at, s.n, sizeof *s.at, by_time);
    assert_true(hours_weeks(arena, &s, p->first, p->weeks, CONFORMAL_SEED_Q, INT32_MIN, w));
    return w;
}

static double logged_week(const struct logged *p, int w)
{
    double sum = 0;
    for (int d = 0; d < 7; d++)
        sum += p->hours[w][d];
    return sum;
}

struct figures {
    double logged, total, ratio, week, month;
};

static struct figures figures(const struct logged *p, const struct week_hours *w)
{
    struct figures f = {0};
    double month = 0;
    for (int i = 0; i < p->weeks; i++) {
        double difference = w[i].signs - logged_week(p, i);
        f.logged += logged_week(p, i);
        f.total += w[i].signs;
        f.week += fabs(difference);
        month += difference;
        if (i % 4 == 3 || i + 1 == p->weeks) {
            f.month += fabs(month);
            month = 0;
        }
    }
    f.ratio = f.total / f.logged;
    f.week /= f.logged;
    f.month /= f.logged;
    return f;
}

static double own_q(struct arena *arena, const struct logged *p, const struct week_hours *w)
{
    double *scores = arena_array(arena, (size_t)p->weeks, sizeof *scores);
    size_t n = 0;
    for (int i = 0; i < p->weeks; i++)
        if (w[i].signs > 0 || logged_week(p, i) > 0)
            scores[n++] = conformal_score(logged_week(p, i), w[i].signs);
    return conformal_quantile(scores, n, 0.8);
}

void test_hours__person_two_has_the_published_figures(void **state)
{
    (void)state;
    static const int first[] = {15, 10, 6, 5, 4, 18, 2, 0, 1, 0, 0, 1};
    struct arena *arena = arena_new();
    struct logged p = {0};
    assert_true(read_person(arena, TEST_DATA "/hours/gt_person2_commits.tsv",
                            TEST_DATA "/hours/gt_person2_hours.csv", &p));
    struct week_hours *w = estimate(arena, &p);
    struct figures f = figures(&p, w);
    for (int i = 0; i < 12; i++)
        assert_int_equal(w[i].signs, first[i]);
    assert_int_equal((int)f.logged, 156);
    assert_int_equal((int)f.total, 165);
    assert_true(fabs(f.ratio - 1.0577) < .0005);
    assert_true(fabs(f.week - .3013) < .0005);
    assert_true(fabs(f.month - .2115) < .0005);
    assert_true(fabs(own_q(arena, &p, w) - 1.3416) < .0005);
    arena_free(arena);
}

void test_hours__person_two_has_the_published_rest_facts(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct logged p = {0};
    int evenings = 0, nights_short = 0;
    assert_true(read_person(arena, TEST_DATA "/hours/gt_person2_commits.tsv",
                            TEST_DATA "/hours/gt_person2_hours.csv", &p));
    struct week_hours *w = estimate(arena, &p);
    for (int i = 0; i < p.weeks; i++) {
        evenings += w[i].evenings;
        nights_short += w[i].night.any && w[i].night.seconds < 11 * HOUR;
    }
    assert_int_equal(evenings, 48);
    assert_int_equal(nights_short, 0);
    arena_free(arena);
}

/* The diary of person one may not be copied here; where it lies beside the project its figures are checked.
 */
void test_hours__person_one_has_the_published_figures(void **state)
{
    (void)state;
    static const int first[] = {7, 9, 11, 12, 8, 8, 11, 6, 9, 9, 9, 9};
    struct arena *arena = arena_new();
    struct logged p = {0}, two = {0};
    if (!read_person(arena, TEST_DATA "/../../../shared/data/hours/gt_person1_commits.tsv",
                     TEST_DATA "/../../../shared/data/hours/gt_person1_hours.csv", &p)) {
        arena_free(arena);
        skip();
    }
    struct week_hours *w = estimate(arena, &p);
    struct figures f = figures(&p, w);
    for (int i = 0; i < 12; i++)
        assert_int_equal(w[i].signs, first[i]);
    assert_int_equal((int)f.total, 240);
    assert_true(fabs(f.ratio - .8481) < .0005 && fabs(f.week - .4276) < .0005 &&
                fabs(f.month - .4134) < .0005);
    double q1 = own_q(arena, &p, w);
    assert_true(fabs(q1 - 2.3238) < .0005);
    assert_true(read_person(arena, TEST_DATA "/hours/gt_person2_commits.tsv",
                            TEST_DATA "/hours/gt_person2_hours.csv", &two));
    struct week_hours *v = estimate(arena, &two);
    int covered = 0, all = 0; /* q of one, judged on two */
    for (int i = 0; i < two.weeks; i++) {
        double hours = logged_week(&two, i);
        struct range r = conformal_range(v[i].signs, q1);
        if (v[i].signs == 0 && hours == 0)
            continue;
        all++;
        covered += hours >= r.low && hours <= r.high;
    }
    assert_int_equal(all, 22);
    assert_int_equal(covered, 21);
    arena_free(arena);
}
