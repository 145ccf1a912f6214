/* Rows the room gives to This week: how the last whole week looked from its signs, and the quiet week that
 * comes. */
#include "rest/week_rest.h"

#include "io/clock.h"
#include "rest/picture.h"
#include "rest/quiet.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { WEEKS_SHOWN = 12 };

static bool add(struct app *app, struct week *week, struct buf *text, const char *path, struct err *err)
{
    if (buf_ok(text, err) && week_line(app, week, NULL, buf_text(text), path))
        return true;
    return fail_memory(err);
}

bool week_rest(struct app *app, struct week *week, struct err *err)
{
    struct repo_set set;
    struct picture p;
    struct buf AUTO_BUF line;
    buf_init(&line, 4096);
    if (!picture_chosen(app, &set, err))
        return false;
    if (set.n == 0)
        return true;
    if (!picture_load(app, set, week->monday - 7 * (WEEKS_SHOWN - 1), WEEKS_SHOWN, &p, err))
        return false;
    const struct week_hours *last = &p.week[p.weeks - 2];
    if (!last->known)
        return true;
    if (p.usual.weeks)
        words_say(&line,
                  tr("week.evenings", "Signs of work on {n} of 7 evenings. Your own usual: {a} to {b}."),
                  {"n", say_number(app->arena, last->evenings)}, {"a", say_number(app->arena, p.usual.low)},
                  {"b", say_number(app->arena, p.usual.high)});
    else
        words_say(&line, tr("week.evenings.plain", "Signs of work on {n} of 7 evenings."),
                  {"n", say_number(app->arena, last->evenings)});
    if (!add(app, week, &line, "/rest/hours", err))
        return false;
    if (!last->rest.any)
        return true;
    buf_reset(&line);
    words_say(&line, tr("rest.lately", "Longest rest last week: at most {h} hours ({a}, {b})."),
              {"h", say_number(app->arena, (last->rest.seconds + 3599) / 3600)},
              {"a", say_weekday_clock(app->arena, last->rest.from)},
              {"b", say_weekday_clock(app->arena, last->rest.to)});
    return add(app, week, &line, "/rest", err);
}

bool week_quiet(struct app *app, struct week *week, struct err *err)
{
    struct quiets q = {0};
    if (!sched_quiets(app->db, app->arena, moment_day(clock_local(app->now)), &q, err))
        return false;
    for (size_t i = 0; i < q.n && i < 3; i++)
        if (!week_line(app, week, NULL, quiet_text(app, &q.at[i]), "/rest"))
            return fail_memory(err);
    return true;
}
