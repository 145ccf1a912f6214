/* Signs of work from commit times: the distinct clock hours, in each commit's own zone, that hold a commit of
 * mine. What the hours were is not in the data, so every total is a range (num/conformal.h). Rest facts bound
 * a rest from above, never from below. Pure. */
#include "rest/hours.h"

#include <math.h>
#include <stdlib.h>

#include "num/stats.h"

#include "base/banned.h"

struct hours_set { /* distinct local clock hours, ascending */
    int64_t *at;
    size_t n;
};

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool is_commit(const struct sign *s)
{
    return !s->presence && (s->class == CLASS_COUNTED || s->class == CLASS_ZONE_UNKNOWN);
}

/* Signs whose local day and clock can be believed: commits and other acts alike. */
static bool is_witness(const struct sign *s)
{
    return s->class == CLASS_COUNTED;
}

static bool distinct_hours(struct arena *arena, const struct signs *signs, struct hours_set *out)
{
    *out = (struct hours_set){.at = arena_array(arena, signs->n, sizeof(int64_t))};
    if (!out->at)
        return false;
    size_t n = 0;
    for (size_t i = 0; i < signs->n; i++)
        if (is_commit(&signs->at[i]))
            out->at[n++] = moment_hour(signs->at[i].when);
    if (n)
        qsort(out->at, n, sizeof *out->at, by_value);
    for (size_t i = 0; i < n; i++)
        if (out->n == 0 || out->at[out->n - 1] != out->at[i])
            out->at[out->n++] = out->at[i];
    return true;
}

struct range hours_range(int signs, double q)
{
    if (signs == 0)
        return (struct range){0, 0};
    struct range r = conformal_range(signs, q);
    return (struct range){floor(r.low + 1e-9), ceil(r.high - 1e-9)};
}

/* Which of the `weeks` from `first` holds the local day, or -1. */
static int week_of(day_t first, int weeks, day_t day)
{
    if (day < first || (int64_t)day - first >= 7 * (int64_t)weeks)
        return -1;
    return (day - first) / 7;
}

/* A day of the week's bit each: a day counts once however often one travels across midnight. */
struct week_days {
    uint8_t evening, late;
};

static void add_days(const struct signs *signs, day_t first, int weeks, struct week_days *days,
                     struct week_hours *out)
{
    for (size_t i = 0; i < signs->n; i++) {
        const struct sign *s = &signs->at[i];
        day_t day = moment_day(s->when);
        int w = is_witness(s) ? week_of(first, weeks, day) : -1;
        if (w < 0)
            continue;
        int minute = moment_minute(s->when), weekday = day_weekday(day);
        days[w].evening |= (uint8_t)((minute >= EVENING_FROM) << weekday);
        days[w].late |= (uint8_t)((minute >= LATE_FROM) << weekday);
        if (weekday == 6 && (!out[w].sunday || minute < out[w].sunday_minute)) {
            out[w].sunday = true;
            out[w].sunday_minute = minute;
        }
    }
    for (int w = 0; w < weeks; w++) {
        out[w].evenings = __builtin_popcount(days[w].evening);
        out[w].late = __builtin_popcount(days[w].late);
    }
}

static void longer(struct rest_gap *rest, const struct sign *a, const struct sign *b)
{
    int64_t gap = b->when.epoch - a->when.epoch;
    if (!rest->any || gap > rest->seconds)
        *rest = (struct rest_gap){.any = true, .seconds = gap, .from = a->when, .to = b->when};
}

/* Gaps between neighbours: each belongs to the week of either end, when that week holds two signs or more and
 * the other end lies in it or in the week beside it. `witnesses` begins with the week before the first. */
static void add_rests(const struct signs *signs, day_t first, int weeks, const int *witnesses,
                      struct week_hours *out)
{
    const struct sign *before = NULL;
    for (size_t i = 0; i < signs->n; i++) {
        const struct sign *s = &signs->at[i];
        if (!is_witness(s))
            continue;
        if (before) {
            int a = week_of(first - 7, weeks + 2, moment_day(before->when)) - 1;
            int b = week_of(first - 7, weeks + 2, moment_day(s->when)) - 1;
            bool near = a >= -1 && b >= -1 && b - a <= 1;
            if (near && a >= 0 && a < weeks && witnesses[a + 1] >= 2)
                longer(&out[a].rest, before, s);
            if (near && b != a && b >= 0 && b < weeks && witnesses[b + 1] >= 2)
                longer(&out[b].rest, before, s);
        }
        before = s;
    }
    for (int w = 0; w < weeks; w++)
        out[w].rest.open = witnesses[w] == 0 || witnesses[w + 2] == 0;
}

/* The local day that begins at 04:00. */
static day_t night_day(struct moment m)
{
    return moment_day((struct moment){m.epoch - NIGHT_ENDS * 60, m.zone});
}

static void add_nights(const struct signs *signs, day_t first, int weeks, struct week_hours *out)
{
    const struct sign *before = NULL;
    for (size_t i = 0; i < signs->n; i++) {
        const struct sign *s = &signs->at[i];
        if (!is_witness(s))
            continue;
        if (before && night_day(s->when) == night_day(before->when) + 1) {
            int w = week_of(first, weeks, night_day(s->when));
            int64_t gap = s->when.epoch - before->when.epoch;
            if (w >= 0 && (!out[w].night.any || gap < out[w].night.seconds))
                out[w].night =
                    (struct rest_gap){.any = true, .seconds = gap, .from = before->when, .to = s->when};
        }
        before = s;
    }
}

bool hours_weeks(struct arena *arena, const struct signs *signs, day_t first, int weeks, double q, day_t cut,
                 struct week_hours *out)
{
    struct hours_set hours;
    int *witnesses = arena_array(arena, (size_t)weeks + 2, sizeof *witnesses);
    struct week_days *days = arena_array(arena, (size_t)weeks, sizeof *days);
    if (!witnesses || !days || !distinct_hours(arena, signs, &hours))
        return false;
    for (int w = 0; w < weeks; w++)
        out[w] = (struct week_hours){.monday = first + 7 * w};
    for (size_t i = 0; i < hours.n; i++) {
        int w = week_of(first, weeks, (day_t)((hours.at[i] - (hours.at[i] < 0 ? 23 : 0)) / 24));
        if (w >= 0)
            out[w].signs++;
    }
    for (size_t i = 0; i < signs->n; i++) {
        const struct sign *s = &signs->at[i];
        int w = is_witness(s) ? week_of(first - 7, weeks + 2, moment_day(s->when)) : -1;
        if (w >= 0)
            witnesses[w]++;
    }
    for (int w = 0; w < weeks; w++) {
        out[w].range = hours_range(out[w].signs, q);
        out[w].known = out[w].monday >= cut || out[w].signs > 0 || witnesses[w + 1] > 0;
    }
    add_days(signs, first, weeks, days, out);
    add_rests(signs, first, weeks, witnesses, out);
    add_nights(signs, first, weeks, out);
    return true;
}

bool hours_punch(struct arena *arena, const struct signs *signs, day_t first, int weeks, uint16_t out[7][24])
{
    struct hours_set hours;
    struct signs placed = {.at = arena_array(arena, signs->n, sizeof(struct sign))};
    if (!placed.at)
        return false;
    for (size_t i = 0; i < signs->n; i++) /* a clock that is not to be believed has no place on a clock */
        if (is_witness(&signs->at[i]) && !signs->at[i].presence)
            placed.at[placed.n++] = signs->at[i];
    if (!distinct_hours(arena, &placed, &hours))
        return false;
    memset(out, 0, 7 * 24 * sizeof(uint16_t));
    for (size_t i = 0; i < hours.n; i++) {
        day_t day = (day_t)((hours.at[i] - (hours.at[i] < 0 ? 23 : 0)) / 24);
        if (week_of(first, weeks, day) >= 0)
            out[day_weekday(day)][hours.at[i] - (int64_t)day * 24]++;
    }
    return true;
}

struct usual hours_usual_evenings(const struct week_hours *weeks, int n)
{
    double values[64];
    int kept = 0;
    for (int i = n - 1; i >= 0 && kept < 26; i--)
        if (weeks[i].known && weeks[i].signs > 0)
            values[kept++] = weeks[i].evenings;
    if (kept < 4)
        return (struct usual){.weeks = 0};
    double low = stats_quantile(values, (size_t)kept, 0.25),
           high = stats_quantile(values, (size_t)kept, 0.75);
    return (struct usual){.weeks = kept, .low = (int)floor(low), .high = (int)ceil(high)};
}

int hours_days_without_rest(const struct signs *signs, day_t monday)
{
    enum { DAY = 86400, REST = 11 * 3600 };
    int days = 0;
    day_t counted = DAY_MIN;
    for (size_t i = 0; i < signs->n; i++) {
        const struct sign *start = &signs->at[i];
        day_t day = night_day(start->when);
        if (!is_witness(start) || day < monday || day >= monday + 7 || day == counted)
            continue;
        int64_t last = start->when.epoch, end = last + DAY;
        bool proved = false;
        for (size_t j = i + 1; j < signs->n; j++) {
            if (!is_witness(&signs->at[j]))
                continue;
            int64_t at = signs->at[j].when.epoch;
            if (at - last >= REST)
                break;
            last = at;
            if (last > end - REST) { /* no room left for eleven hours before the 24 are over */
                proved = true;
                break;
            }
        }
        if (proved)
            days++, counted = day;
    }
    return days;
}
