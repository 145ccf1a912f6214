/* Dates: what is read prints as it was typed; git's dates print and read the same; no moment leaves the
 * calendar. The first 12 bytes are a moment too. */
#include "fuzz/fuzz.h"

#include "base/day.h"
#include "codec/gitlog.h"

#include "base/banned.h"

static void look_moment(struct moment m)
{
    day_t day = moment_day(m);
    int minute = moment_minute(m);
    must(day >= DAY_MIN && day <= DAY_MAX && minute >= 0 && minute < 1440);
    must(moment_hour(m) == (int64_t)day * 24 + minute / 60);
    must(day_of(day_ymd(day)) == day);
    must(isoweek_monday(day_isoweek(day)) == day_monday(day));
}

static void look_day(struct span text)
{
    struct err err = {0};
    day_t day;
    char out[16], week[16];
    if (day_read(text, &day, &err))
        must(span_is(text, day_text(day, out)) ||
             (span_is(text, isoweek_text(day, week)) && day_weekday(day) == 0));
    else
        must(said(&err));
}

static void look_git(struct span text)
{
    int64_t at, at_again;
    int32_t zone, zone_again;
    bool ok, ok_again;
    if (!git_date(text, &at, &zone, &ok))
        return;
    look_moment((struct moment){at, zone});
    if (!ok)
        return;
    char out[64];
    int east = zone < 0 ? -zone : zone;
    int n = snprintf(out, sizeof out, "%lld %c%02d%02d", (long long)at, zone < 0 ? '-' : '+', east / 60,
                     east % 60);
    must(git_date((struct span){out, (size_t)n}, &at_again, &zone_again, &ok_again));
    must(at == at_again && zone == zone_again && ok_again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = {(const char *)data, size};
    look_day(text);
    look_git(text);
    struct moment m = {0, 0};
    if (size >= 12) {
        memcpy(&m.epoch, data, 8);
        memcpy(&m.zone, data + 8, 4);
    }
    look_moment(m);
    return 0;
}
