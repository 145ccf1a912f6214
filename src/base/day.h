#ifndef BASE_DAY_H
#define BASE_DAY_H
/* Civil days, ISO weeks and minutes of zone, as integers. A day is counted from 1970-01-01 (a Thursday) = 0;
 * a week is named by the day number of its Monday. Pure: no clock, no zone database (io/clock.h has both).
 * Proleptic Gregorian calendar, years 1 to 9999. */
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

typedef int32_t day_t;
#define DAY_MIN (-719162) /* 0001-01-01 */
#define DAY_MAX 2932896   /* 9999-12-31 */

struct ymd {
    int year, month, day; /* month 1..12, day 1..31 */
};
struct isoweek {
    int year, week; /* ISO 8601 week-numbering year, week 1..53 */
};

day_t day_of(struct ymd date);
struct ymd day_ymd(day_t day);
/* 0 = Monday … 6 = Sunday. */
int day_weekday(day_t day);
/* The Monday of the week that holds `day`. */
day_t day_monday(day_t day);
struct isoweek day_isoweek(day_t day);
/* Mondays to Fridays after `from`, up to and with `to`; 0 when `to` is not after `from`. */
int64_t day_working(day_t from, day_t to);
/* The Monday of an ISO week. */
day_t isoweek_monday(struct isoweek week);
/* "2026-11-25", "2026-W48": written into `out`, returned. */
char *day_text(day_t day, char out[static 16]);
char *isoweek_text(day_t day, char out[static 16]);
/* Read "2026-11-25" or "2026-W48" (then its Monday), whole. False with a sentence naming what was given. */
MUST bool day_read(struct span text, day_t *out, struct err *err);

/* A moment on a wall clock: seconds since 1970 and minutes east of UTC. */
struct moment {
    int64_t epoch;
    int32_t zone; /* minutes, -14*60 … +14*60 for real places */
};
day_t moment_day(struct moment m);
/* Minute of the local day, 0..1439. */
int moment_minute(struct moment m);
/* Local hours since 1970-01-01 00:00: day * 24 + hour. Two moments in one local clock hour have the same. */
int64_t moment_hour(struct moment m);
#endif
