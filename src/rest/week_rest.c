/* Rows the room gives to This week: how the last whole week looked from its signs, and the quiet week that
 * comes. */
#include "rest/week_rest.h"

#include "io/clock.h"
#include "rest/picture.h"
#include "rest/quiet.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { WEEKS_SHOWN = 12 };

bool week_rest(struct app *app, struct week *week, struct err *err)
{
    struct repo_set set;
    struct picture p;
    const char *evenings, *longest;
    if (!picture_chosen(app, &set, err))
        return false;
    if (set.n == 0)
        return true;
    if (!picture_load(app, set, week->monday - 7 * (WEEKS_SHOWN - 1), WEEKS_SHOWN, &p, err))
        return false;
    evenings = picture_evenings(app, &p);
    longest = picture_longest(app, &p);
    if ((evenings && !week_line(app, week, tr("week.last", "Last week"), evenings, "/rest/hours")) ||
        (longest && !week_line(app, week, NULL, longest, "/rest")))
        return fail_memory(err);
    return true;
}

bool week_quiet(struct app *app, struct week *week, struct err *err)
{
    struct quiets q = {0};
    if (!sched_quiets(app->db, app->arena, moment_day(clock_local(app->now)), &q, err))
        return false;
    day_t today = moment_day(clock_local(app->now));
    for (size_t i = 0; i < q.n && i < 3; i++)
        if (q.at[i].from > today && !week_line(app, week, NULL, quiet_text(app, &q.at[i]), "/rest"))
            return fail_memory(err);
    return true;
}
