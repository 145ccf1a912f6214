/* Times of day as a person writes and reads them, in the zone of this machine. */
#include <stdio.h>

#include "base/words.h"
#include "codec/scan.h"
#include "io/clock.h"
#include "speak/counsel_cmd.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { DAY = 86400, MINUTE = 60, DAY_LETTERS = 10 };

/* "14:00" */
static bool clock_read(struct span text, int64_t *minute)
{
    uint64_t h, m;
    if (text.n != 5 || !scan_u64(&text, &h, 23) || !scan_byte(&text, ':') || !scan_u64(&text, &m, 59))
        return false;
    *minute = (int64_t)(h * 60 + m);
    return scan_end(&text);
}

/* The zone is asked at the moment itself: on the day when clocks change, the first guess may be an hour off.
 */
bool time_read(struct span text, int64_t *out, struct err *err)
{
    struct span rest = span_trim(text);
    int64_t minute;
    day_t day;
    struct err odd = {0};
    if (rest.n != DAY_LETTERS + 6 || (rest.p[DAY_LETTERS] != 'T' && rest.p[DAY_LETTERS] != ' ') ||
        !day_read(span_first(rest, DAY_LETTERS), &day, &odd) ||
        !clock_read(span_from(rest, DAY_LETTERS + 1), &minute))
        return fail(
            err, E_USAGE,
            tr("err.counsel.time", "“%.*s” is not a time. Write the day and the clock so: 2026-11-26T14:00."),
            SPAN_ARG(span_first(text, 40)));
    int64_t wall = (int64_t)day * DAY + minute * MINUTE, at = wall;
    for (int i = 0; i < 2; i++)
        at = wall - (int64_t)clock_zone(at) * MINUTE;
    *out = at;
    return true;
}

const char *time_said(struct arena *arena, int64_t at)
{
    struct moment m = clock_local(at);
    day_t day = moment_day(m);
    AUTO_BUF struct buf out;
    buf_init(&out, 256);
    words_say(&out, tr("counsel.time", "{weekday} {date} {clock}"),
              {"weekday", say_weekday(arena, day_weekday(day))}, {"date", say_day(arena, day)},
              {"clock", say_clock(arena, moment_minute(m))});
    return buf_keep(&out, arena);
}

const char *time_text(int64_t at, char out[static 24])
{
    char day[16];
    struct moment m = clock_local(at);
    int minute = moment_minute(m);
    snprintf(out, 24, "%sT%02d:%02d", day_text(moment_day(m), day), minute / 60 % 24, minute % 60);
    return out;
}
