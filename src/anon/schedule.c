/* When the node speaks. Moments are drawn without looking at anything the person did or does, and kept, so
 * that asking twice gives the same; one at which the machine slept or was off is missed, for good. */
#include "anon/schedule.h"

#include <stdio.h>

#include "base/words.h"
#include "crypt/rand.h"
#include "io/clock.h"
#include "io/moments.h"

#include "base/banned.h"

enum {
    FETCH_FROM = 600, /* minutes of the day: rules may narrow these, never widen */
    FETCH_TO = 960,
    SEND_FROM = 540,
    SEND_TO = 1080,
    SPREAD = 12 * 3600, /* seconds of sending windows that an act's moment is drawn from */
    DAYS_MOST = 40,     /* to look ahead for them */
};

/* ---- days of the lab's zone ---- */

static bool lab_day(const char *zone, int64_t now, day_t *day, struct err *err)
{
    int minutes;
    if (!clock_zone_of(zone, now, &minutes, err))
        return false;
    *day = moment_day((struct moment){now, minutes});
    return true;
}

/* When the lab's clock shows that minute of that day. Zones change in the night, so the second look finds it.
 */
static bool lab_moment(const char *zone, day_t day, int64_t minute, int64_t *out, struct err *err)
{
    int64_t plain = (int64_t)day * 86400 + minute * 60;
    int first, second;
    if (!clock_zone_of(zone, plain, &first, err) ||
        !clock_zone_of(zone, plain - (int64_t)first * 60, &second, err))
        return false;
    *out = plain - (int64_t)second * 60;
    return true;
}

static int64_t at_least(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t at_most(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* ---- fetches ---- */

/* A number below `n` out of 32 bytes: n is small beside 2^64, so that none is likelier than another by more
 * than 1 in 2^40. */
static int64_t below(const uint8_t bytes[static 32], int64_t n)
{
    uint64_t x = 0;
    for (size_t i = 0; i < 8; i++)
        x = x << 8 | bytes[i];
    return (int64_t)(x % (uint64_t)n);
}

struct draw {
    const char *zone;
    const struct entry_rules *rules;
    day_t day;
};

static bool draw_work(struct db *db, void *arg, struct err *err)
{
    const struct draw *d = arg;
    int64_t from = at_least(d->rules->fetch_from, FETCH_FROM), to = at_most(d->rules->fetch_to, FETCH_TO),
            start;
    if (day_weekday(d->day) > 4 || from >= to)
        return true;
    return lab_moment(d->zone, d->day, from, &start, err) &&
           moments_draw(db, d->day, start, (to - from) * 60, err);
}

bool schedule_fetches(struct db *db, const char *zone, const struct entry_rules *rules, int64_t now,
                      int64_t awake_since, bool *due, struct err *err)
{
    struct draw d = {zone, rules, 0};
    int64_t drawn;
    struct err inner = {0};
    AUTO_STMT struct stmt *q = NULL;
    *due = false;
    if (!lab_day(zone, now, &d.day, err) ||
        !db_number(db, &drawn, 0, err, "select count(*) from fetch_moment where day = $1", V_INT(d.day)) ||
        (drawn == 0 && day_weekday(d.day) <= 4 && !db_write(db, draw_work, &d, err)) ||
        !db_query(db, &q, err, "select moment from fetch_moment where day = $1 and done = 0", V_INT(d.day)))
        return false;
    while (db_next(q, &inner))
        *due = *due || moments_due(db_int(q, 0), now, awake_since);
    return !inner.code || fail(err, inner.code, "%s", inner.text);
}

bool schedule_fetched(struct db *db, int64_t now, struct err *err)
{
    return db_run(db, err, "update fetch_moment set done = 1 where moment <= $1", V_INT(now));
}

/* ---- acts ---- */

/* The windows from `from` on, as far as SPREAD seconds of them. */
struct sending {
    int64_t from[DAYS_MOST], length[DAYS_MOST], all;
    size_t n;
};

static bool sending_days(const struct draw *d, int64_t from, day_t not_until, struct sending *out,
                         struct err *err)
{
    int64_t open = at_least(d->rules->send_from, SEND_FROM), shut = at_most(d->rules->send_to, SEND_TO);
    *out = (struct sending){0};
    for (int i = 0; i < DAYS_MOST && out->all < SPREAD; i++) {
        day_t day = d->day + i;
        int64_t begin, end;
        if (day_weekday(day) > 4 || day <= not_until || open >= shut)
            continue;
        if (!lab_moment(d->zone, day, open, &begin, err) || !lab_moment(d->zone, day, shut, &end, err))
            return false;
        begin = at_least(begin, from);
        if (begin >= end)
            continue;
        out->from[out->n] = begin;
        out->length[out->n] = at_most(end - begin, SPREAD - out->all);
        out->all += out->length[out->n++];
    }
    return out->all > 0 ||
           fail(err, E_REFUSED,
                tr("err.anon.no_sending", "The lab's rules leave no hours in which posts may be "
                                          "sent. Please tell those who run the lab."));
}

bool schedule_act(const char *zone, const struct entry_rules *rules, int64_t from, int64_t after,
                  int64_t *moment, struct err *err)
{
    struct draw d = {zone, rules, 0};
    struct sending s;
    uint8_t bytes[32];
    day_t not_until = DAY_MIN;
    if (!lab_day(zone, from, &d.day, err) || (after && !lab_day(zone, after, &not_until, err)) ||
        !sending_days(&d, from, not_until, &s, err))
        return false;
    rand_bytes(bytes, sizeof bytes);
    int64_t at = below(bytes, s.all);
    size_t i = 0;
    while (i + 1 < s.n && at >= s.length[i])
        at -= s.length[i++];
    *moment = s.from[i] + at;
    return true;
}
