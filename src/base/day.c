/* Civil days and ISO weeks. The conversions follow the 400-year cycle of the Gregorian calendar with March as
 * first month, so that the leap day is the last of the year (the arithmetic of Richards 2013, "Calendars",
 * Explanatory Supplement to the Astronomical Almanac, ch. 15). */
#include "base/day.h"

#include <stdio.h>

#include "base/ckd.h"
#include "base/words.h"

#include "base/banned.h"

enum { DAYS_400 = 146097, DAYS_TO_1970 = 719468 }; /* days from 0000-03-01 to 1970-01-01 */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

day_t day_of(struct ymd d)
{
    int64_t year = d.month <= 2 ? d.year - 1 : d.year;
    int64_t era = floor_div(year, 400), of_era = year - era * 400;
    int64_t of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
    return (day_t)(era * DAYS_400 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - DAYS_TO_1970);
}

struct ymd day_ymd(day_t day)
{
    int64_t z = (int64_t)day + DAYS_TO_1970, era = floor_div(z, DAYS_400), of_era = z - era * DAYS_400;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / (DAYS_400 - 1)) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100), m = (5 * of_year + 2) / 153;
    int month = (int)(m < 10 ? m + 3 : m - 9);
    return (struct ymd){(int)(year + era * 400 + (month <= 2)), month,
                        (int)(of_year - (153 * m + 2) / 5 + 1)};
}

int day_weekday(day_t day)
{
    return (int)(((int64_t)day % 7 + 7 + 3) % 7);
}

day_t day_monday(day_t day)
{
    return day - day_weekday(day);
}

/* Mondays to Fridays from a Monday long ago up to and with `day`. */
static int64_t working_until(day_t day)
{
    int weekday = day_weekday(day);
    return ((int64_t)day - weekday - (day_monday(DAY_MIN) - 7)) / 7 * 5 + (weekday < 5 ? weekday + 1 : 5);
}

int64_t day_working(day_t from, day_t to)
{
    return to > from ? working_until(to) - working_until(from) : 0;
}

struct isoweek day_isoweek(day_t day)
{
    day_t thursday = day_monday(day) + 3;
    int year = day_ymd(thursday).year;
    return (struct isoweek){year, (thursday - day_of((struct ymd){year, 1, 1})) / 7 + 1};
}

day_t isoweek_monday(struct isoweek w)
{
    return day_monday(day_of((struct ymd){w.year, 1, 4})) + 7 * (w.week - 1);
}

char *day_text(day_t day, char out[static 16])
{
    struct ymd d = day_ymd(day);
    snprintf(out, 16, "%04d-%02d-%02d", d.year % 10000, d.month % 100, d.day % 100);
    return out;
}

char *isoweek_text(day_t day, char out[static 16])
{
    struct isoweek w = day_isoweek(day);
    snprintf(out, 16, "%04d-W%02d", w.year % 10000, w.week % 100);
    return out;
}

static bool digits(struct span *s, size_t count, int *out)
{
    if (s->n < count)
        return false;
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (s->p[i] < '0' || s->p[i] > '9')
            return false;
        value = value * 10 + (s->p[i] - '0');
    }
    *out = value;
    *s = span_from(*s, count);
    return true;
}

static bool byte(struct span *s, char c)
{
    if (s->n == 0 || s->p[0] != c)
        return false;
    *s = span_from(*s, 1);
    return true;
}

/* What follows the year of a week, "W48", whole. */
static bool week_rest(struct span s, int year, day_t *out)
{
    struct isoweek w = {year, 0};
    if (!byte(&s, 'W') || !digits(&s, 2, &w.week) || s.n || w.week < 1)
        return false;
    *out = isoweek_monday(w);
    return day_isoweek(*out).week == w.week; /* a week 53 that the year does not have is week 1 of the next */
}

/* What follows the year of a day, "11-25", whole. */
static bool day_rest(struct span s, int year, day_t *out)
{
    struct ymd d = {year, 0, 0};
    if (!digits(&s, 2, &d.month) || !byte(&s, '-') || !digits(&s, 2, &d.day) || s.n)
        return false;
    if (d.month < 1 || d.month > 12 || d.day < 1)
        return false;
    *out = day_of(d);
    return day_ymd(*out).month == d.month && day_ymd(*out).day == d.day; /* else the month is shorter */
}

bool day_read(struct span text, day_t *out, struct err *err)
{
    struct span s = text;
    int year;
    day_t day;
    if (digits(&s, 4, &year) && year >= 1 && byte(&s, '-') &&
        (week_rest(s, year, &day) || day_rest(s, year, &day))) {
        *out = day;
        return true;
    }
    return fail(err, E_USAGE,
                tr("err.base.day", "“%.*s” is not a date. Write it as 2026-11-25, or a week as 2026-W48."),
                SPAN_ARG(span_first(text, 40)));
}

/* Seconds on the wall clock; what lies outside the years 1 to 9999 (clocks and git hold such times) counts as
 * their edge. */
static int64_t local_second(struct moment m)
{
    const int64_t least = (int64_t)DAY_MIN * 86400, most = (int64_t)DAY_MAX * 86400 + 86399;
    int64_t local;
    if (ckd_add(&local, m.epoch, (int64_t)m.zone * 60))
        return m.epoch < 0 ? least : most;
    return local < least ? least : local > most ? most : local;
}

day_t moment_day(struct moment m)
{
    return (day_t)floor_div(local_second(m), 86400);
}

int moment_minute(struct moment m)
{
    int64_t local = local_second(m);
    return (int)((local - floor_div(local, 86400) * 86400) / 60);
}

int64_t moment_hour(struct moment m)
{
    return floor_div(local_second(m), 3600);
}
