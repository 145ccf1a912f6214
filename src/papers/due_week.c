/* Deadlines in This week and in the calendar feed. What is pinned stands there from the day it is pinned, in
 * weeks and working days, in one tone; what is chosen, in the week of its date. */
#include "base/map.h"
#include "base/vec.h"
#include "base/words.h"
#include "io/clock.h"
#include "papers/due_pages.h"
#include "papers/due_say.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { SHOWN = 5, DAYS = 7, WEEKS_FROM = 14, SENTENCE = 1 << 13, UID_MOST = 200 };

static day_t today_of(const struct app *app)
{
    return moment_day(clock_local(app->now));
}

/* "Deadline you follow: ICML, 9 weeks away. That is 45 working days." */
static const char *followed(struct app *app, const struct due *d)
{
    day_t day = due_day(d), today = today_of(app);
    AUTO_BUF struct buf out;
    buf_init(&out, SENTENCE);
    words_say(
        &out,
        day <= today ? tr("week.due.today", "Deadline you follow: {what}, today, {clock}.")
        : day - today < WEEKS_FROM
            ? tr("week.due.near", "Deadline you follow: {what}, {date}, {clock}. That is {days}.")
            : tr("week.due", "Deadline you follow: {what}, {date}, {weeks} weeks away. That is {days}."),
        {"what", due_title(app->arena, d)}, {"date", say_day(app->arena, day)},
        {"clock", say_clock(app->arena, moment_minute(clock_local(d->moment)))},
        {"weeks", say_number(app->arena, (day - today) / 7)}, {"days", due_far(app->arena, d, today)});
    return buf_keep(&out, app->arena);
}

static bool add(struct app *app, struct week *week, const char *text, struct err *err)
{
    return (text && week_line(app, week, NULL, text, "/deadlines")) || fail_memory(err);
}

bool week_pinned(struct app *app, struct week *week, struct err *err)
{
    struct dues dues;
    if (!dues_load(app->db, app->arena, DUE_PINNED, app->now, INT64_MAX, SHOWN, &dues, err))
        return false;
    for (size_t i = 0; i < dues.n; i++)
        if (!add(app, week, followed(app, &dues.at[i]), err))
            return false;
    return true;
}

bool week_deadlines(struct app *app, struct week *week, struct err *err)
{
    struct dues dues;
    if (!dues_load(app->db, app->arena, DUE_FOLLOWED, app->now, app->now + DAYS * 86400, SHOWN, &dues, err))
        return false;
    for (size_t i = 0; i < dues.n; i++) {
        AUTO_BUF struct buf text;
        buf_init(&text, SENTENCE);
        if (dues.at[i].pinned)
            continue;
        words_say(&text, tr("week.due.chosen", "{what}: {moment}."),
                  {"what", due_title(app->arena, &dues.at[i])},
                  {"moment", due_here(app->arena, &dues.at[i])});
        if (!add(app, week, buf_keep(&text, app->arena), err))
            return false;
    }
    return true;
}

/* The same date has the same name, whatever moment it moves to. */
static const char *uid_of(struct arena *arena, const struct due *d)
{
    AUTO_BUF struct buf out;
    const char *all =
        arena_printf(arena, "due-%.*s-%d-%.*s-%s", SPAN_ARG(d->venue), d->year, SPAN_ARG(d->entry), d->kind);
    buf_init(&out, UID_MOST + 40);
    for (const char *c = all; c && *c && out.n < UID_MOST; c++) {
        bool plain = (*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
        buf_add_byte(&out, plain ? *c : '-');
    }
    if (all) /* names in other letters would be alike */
        buf_printf(&out, "-%08x", (unsigned)(span_hash(span_of(all)) & 0xFFFFFFFFu));
    return buf_keep(&out, arena);
}

bool feed_deadlines(struct app *app, struct bookings *out, struct err *err)
{
    struct dues dues;
    if (!dues_load(app->db, app->arena, DUE_PINNED, app->now, INT64_MAX, DUE_PINS * 4, &dues, err))
        return false;
    for (size_t i = 0; i < dues.n; i++) {
        const struct due *d = &dues.at[i];
        struct booking *b = VEC_PUSH(app->arena, out);
        if (!b)
            return fail_memory(err);
        *b = (struct booking){.uid = uid_of(app->arena, d),
                              .from = d->moment,
                              .until = d->moment,
                              .open = true,
                              .summary = due_title(app->arena, d)};
        if (!b->uid || !b->summary)
            return fail_memory(err);
    }
    return true;
}
