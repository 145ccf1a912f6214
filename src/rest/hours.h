#ifndef REST_HOURS_H
#define REST_HOURS_H
/* What signs say about weeks: distinct clock hours, the range of hours they stand for, and rest facts (REST 4
 * and 5). Pure: no clock, no database. A week is named by its Monday; all days and hours are local to each
 * sign's own zone. */
#include "base/mem.h"
#include "num/conformal.h"
#include "rest/signs.h"

enum { EVENING_FROM = 19 * 60, LATE_FROM = 21 * 60, NIGHT_ENDS = 4 * 60 }; /* minutes of the day */

struct rest_gap {
    bool any;        /* false: fewer than two signs */
    int64_t seconds; /* an upper bound: there may have been work in between that left no sign */
    struct moment from, to;
    bool open; /* a week beside holds no sign: a longer rest may lie at that edge, so no bound is claimed in
                  words */
};
struct week_hours {
    day_t monday;
    bool known;            /* false: the history is cut after it began, and it holds no sign */
    int signs;             /* distinct local clock hours that hold an own commit */
    struct range range;    /* whole hours, rounded outward; 0,0 when signs == 0 */
    int evenings;          /* days with a sign from EVENING_FROM on */
    int late;              /* days with a sign from LATE_FROM on */
    bool sunday;           /* a sign on its Sunday */
    int sunday_minute;     /* minute of the day of the first one, when sunday */
    struct rest_gap rest;  /* the longest between neighbouring signs, edges taken from the weeks beside it */
    struct rest_gap night; /* the shortest between neighbouring 04:00-days that both hold signs */
};

/* Fill `out[0 … weeks-1]` for the weeks from `first` (a Monday) on. `signs` are sorted by time and should
 * reach a week further on both sides. Weeks that begin before `cut` and hold no
 * sign are unknown (INT32_MIN: no cut). False when there is no memory. */
MUST bool hours_weeks(struct arena *arena, const struct signs *signs, day_t first, int weeks, double q,
                      day_t cut, struct week_hours *out);
/* The range for S signs and q: low rounded down, high rounded up, to whole hours. */
struct range hours_range(int signs, double q);
/* For the punch card: in how many of the weeks each clock hour of each weekday held a sign (Monday first).
 * False: no memory. */
MUST bool hours_punch(struct arena *arena, const struct signs *signs, day_t first, int weeks,
                      uint16_t out[7][24]);

/* Median and quartiles of a figure over weeks with signs, as whole numbers: "your own usual". n == 0: nothing
 * to compare with. */
struct usual {
    int weeks;
    int low, high; /* lower quartile rounded down, upper rounded up */
};
struct usual hours_usual_evenings(const struct week_hours *weeks, int n);

/* 24 hours that begin with a sign and hold no rest of 11 hours between neighbouring signs: the only case in
 * which a short rest is proved. Counts such starts on different 04:00-days in the week. */
int hours_days_without_rest(const struct signs *signs, day_t monday);
#endif
