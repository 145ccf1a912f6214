/* Dates of feeds: RFC 3339 days and RFC 822 dates. What the calendar does not have is refused, so that
 * "2007-04-999" is no day. */
#include "codec/date.h"

#include <string.h>

#include "codec/scan.h"

#include "base/banned.h"

static bool number(struct span *in, size_t least, size_t most, int *out)
{
    size_t n = 0;
    int value = 0;
    while (n < in->n && n < most && in->p[n] >= '0' && in->p[n] <= '9')
        value = value * 10 + (in->p[n++] - '0');
    if (n < least || (n < in->n && in->p[n] >= '0' && in->p[n] <= '9'))
        return false;
    *out = value;
    *in = span_from(*in, n);
    return true;
}

static bool make(int year, int month, int day, day_t *out)
{
    struct ymd date = {year, month, day}, back;
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    back = day_ymd(day_of(date));
    if (back.month != month || back.day != day)
        return false;
    *out = day_of(date);
    return true;
}

static bool month_read(struct span *in, int *month)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (in->n < 3)
        return false;
    for (int i = 0; i < 12; i++)
        if (span_eq_nocase(span_first(*in, 3), (struct span){names + 3 * i, 3})) {
            *month = i + 1;
            *in = span_from(*in, 3);
            return true;
        }
    return false;
}

static void blanks(struct span *in)
{
    while (in->n && (in->p[0] == ' ' || in->p[0] == '\t' || in->p[0] == ','))
        *in = span_from(*in, 1);
}

static bool iso(struct span in, day_t *out)
{
    int year, month, day;
    if (!number(&in, 4, 4, &year) || !scan_byte(&in, '-') || !number(&in, 1, 2, &month) ||
        !scan_byte(&in, '-') || !number(&in, 1, 2, &day))
        return false;
    return (in.n == 0 || in.p[0] == 'T' || in.p[0] == 't' || in.p[0] == ' ') && make(year, month, day, out);
}

/* The day; *in is then what stands behind the year. */
static bool mail(struct span *in, day_t *out)
{
    int year, month, day;
    if (in->n > 4 && in->p[3] == ',')
        *in = span_from(*in, 4);
    blanks(in);
    if (!number(in, 1, 2, &day))
        return false;
    blanks(in);
    if (!month_read(in, &month))
        return false;
    blanks(in);
    if (!number(in, 2, 4, &year))
        return false;
    year += year >= 100 ? 0 : year < 70 ? 2000 : 1900;
    return make(year, month, day, out);
}

bool date_read(struct span text, day_t *out)
{
    text = span_trim(text);
    return iso(text, out) || mail(&text, out);
}

/* "+0100", "GMT" and its like; anything else is no zone. */
static bool zone_read(struct span in, int *minutes)
{
    int hours, rest;
    *minutes = 0;
    in = span_trim(in);
    if (in.n == 0 || span_eq_nocase(in, SPAN("GMT")) || span_eq_nocase(in, SPAN("UT")) ||
        span_eq_nocase(in, SPAN("UTC")) || span_eq_nocase(in, SPAN("Z")))
        return true;
    int sign = in.p[0] == '-' ? -1 : 1;
    if (!scan_byte(&in, '-') && !scan_byte(&in, '+'))
        return false;
    if (in.n < 4)
        return false;
    struct span head = span_first(in, 2), tail = span_first(span_from(in, 2), 2);
    if (!number(&head, 2, 2, &hours) || !number(&tail, 2, 2, &rest) || hours > 14 || rest > 59)
        return false;
    *minutes = sign * (hours * 60 + rest);
    return true;
}

bool date_moment(struct span text, int64_t *out)
{
    day_t day;
    int hour, minute, second = 0, zone;
    text = span_trim(text);
    if (!mail(&text, &day))
        return false;
    blanks(&text);
    if (!number(&text, 1, 2, &hour) || !scan_byte(&text, ':') || !number(&text, 2, 2, &minute) ||
        (scan_byte(&text, ':') && !number(&text, 2, 2, &second)) || hour > 23 || minute > 59 || second > 60 ||
        !zone_read(text, &zone))
        return false;
    *out = (int64_t)day * 86400 + hour * 3600 + minute * 60 + second - (int64_t)zone * 60;
    return true;
}
