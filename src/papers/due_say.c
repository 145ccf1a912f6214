/* Deadlines in words: by this computer's clock first, by the venue's beside it. */
#include "papers/due_say.h"

#include "base/words.h"
#include "io/clock.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { DAY = 86400, SENTENCE = 4000, AOE = -12 * 60 };

day_t due_day(const struct due *d)
{
    return moment_day(clock_local(d->moment));
}

const char *due_title(struct arena *arena, const struct due *d)
{
    const char *kind = strcmp(d->kind, "paper") == 0      ? tr("due.kind.paper", "paper")
                       : strcmp(d->kind, "abstract") == 0 ? tr("due.kind.abstract", "abstract")
                                                          : d->kind;
    AUTO_BUF struct buf out;
    buf_init(&out, SENTENCE);
    if (!*kind)
        return d->name;
    words_say(&out, tr("due.title", "{venue}, {kind}"), {"venue", d->name}, {"kind", kind});
    return buf_keep(&out, arena);
}

static const char *clock_said(struct arena *arena, day_t day, int minute, const char *zone)
{
    AUTO_BUF struct buf out;
    buf_init(&out, SENTENCE);
    words_say(&out,
              *zone ? tr("due.moment.zone", "{weekday} {date}, {clock} {zone}")
                    : tr("due.moment", "{weekday} {date}, {clock}"),
              {"weekday", say_weekday(arena, day_weekday(day))}, {"date", say_day_year(arena, day)},
              {"clock", say_clock(arena, minute)}, {"zone", zone});
    return buf_keep(&out, arena);
}

const char *due_here(struct arena *arena, const struct due *d)
{
    struct moment m = clock_local(d->moment);
    return clock_said(arena, moment_day(m), moment_minute(m), "");
}

/* "AoE" for what it is called by everybody. */
static const char *zone_said(struct arena *arena, const struct due *d)
{
    AUTO_BUF struct buf out;
    int minutes;
    buf_init(&out, SENTENCE);
    if (deadline_zone(span_of(d->zone), &minutes) && minutes == AOE)
        return "AoE";
    if (!*d->zone)
        return "UTC";
    if (d->zone_known)
        return d->zone;
    words_say(&out, tr("due.zone_unknown", "at the earliest (nobody here knows the zone “{zone}”)"),
              {"zone", d->zone});
    return buf_keep(&out, arena);
}

const char *due_there(struct arena *arena, const struct due *d)
{
    struct moment here = clock_local(d->moment), there = {d->moment, (int32_t)((d->wall - d->moment) / 60)};
    if (d->zone_known && here.zone == there.zone)
        return NULL;
    return clock_said(arena, moment_day(there), moment_minute(there), zone_said(arena, d));
}

const char *due_far(struct arena *arena, const struct due *d, day_t today)
{
    int64_t days = day_working(today, due_day(d));
    AUTO_BUF struct buf out;
    buf_init(&out, SENTENCE);
    if (due_day(d) <= today)
        return tr("due.today", "today");
    if (days == 0)
        return tr("due.weekend", "before the next working day");
    words_say(&out, trn("due.days", "{n} working day", "{n} working days", (unsigned long)days),
              {"n", say_number(arena, days)});
    return buf_keep(&out, arena);
}

const char *due_meeting(struct arena *arena, const struct due *d)
{
    if (d->start == DEADLINE_NO_DAY)
        return *d->place ? d->place : NULL;
    const char *days =
        d->end == DEADLINE_NO_DAY ? say_day(arena, d->start) : say_days(arena, d->start, d->end);
    return *d->place ? arena_printf(arena, "%s, %s", d->place, days) : days;
}

const char *due_head(struct arena *arena, const struct due_counts *c, size_t shown)
{
    AUTO_BUF struct buf out;
    buf_init(&out, SENTENCE);
    if (c->coming + c->over == 0)
        return tr("due.none",
                  "No list of deadlines is here. `respite papers import FILE` takes one in: YAML as "
                  "ai-deadlines and its kin keep it.");
    if (c->coming == 0)
        return tr("due.all_over", "All dates that are here are over. A newer list brings the next.");
    if (shown == 0)
        return tr("due.chosen.none", "No date of the venues you chose is to come.");
    if (c->chosen)
        return tr("due.chosen", "Dates of the venues you chose, the nearest first.");
    words_say(&out,
              trn("due.all", "{n} date is to come. You chose no venues, so it is of any.",
                  "{n} dates are to come. You chose no venues, so these are the nearest of all.",
                  (unsigned long)c->coming),
              {"n", say_number(arena, c->coming)});
    return buf_keep(&out, arena);
}

const char *due_about(void)
{
    return tr("due.about",
              "Working days are Mondays to Fridays, from tomorrow up to the day itself; holidays "
              "are not known here. A list may be out of date: the venue's own page decides.");
}
