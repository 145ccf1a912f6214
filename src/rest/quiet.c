/* Quiet weeks of one's own. */
#include "rest/quiet.h"

#include "codec/scan.h"
#include "io/clock.h"
#include "ui/form.h"
#include "ui/lang.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { DAYS_MOST = 90 };

static day_t today(const struct app *app)
{
    return moment_day(clock_local(app->now));
}

bool quiet_plan(struct app *app, day_t from, day_t to, struct quiet *out, struct err *err)
{
    if (to < from)
        return fail(
            err, E_USAGE,
            tr("err.quiet.order", "The last day is before the first. Write the first day, then the last."));
    if (to < today(app))
        return fail(err, E_USAGE,
                    tr("err.quiet.past", "Those days are over already. A quiet week can begin today."));
    if (to - from >= DAYS_MOST)
        return fail(err, E_USAGE,
                    tr("err.quiet.long", "That is more than ninety days. For a longer time, plan several."));
    int64_t id;
    struct quiets planned = {0};
    if (!sched_quiets(app->db, app->arena, from, &planned, err))
        return false;
    for (size_t i = 0; i < planned.n; i++)
        if (planned.at[i].from <= from && to <= planned.at[i].to) { /* it is there already */
            *out = planned.at[i];
            return true;
        }
    if (!sched_hush(app->db, from, to, &id, err))
        return false;
    *out = (struct quiet){.id = id, .from = from, .to = to};
    return true;
}

bool quiet_end(struct app *app, day_t day, size_t *ended, struct err *err)
{
    struct quiets q = {0};
    *ended = 0;
    if (!sched_quiets(app->db, app->arena, today(app), &q, err))
        return false;
    for (size_t i = 0; i < q.n; i++)
        if (q.at[i].from <= day && day <= q.at[i].to) {
            if (!sched_end(app->db, q.at[i].id, app->now, err))
                return false;
            ++*ended;
        }
    return true;
}

const char *quiet_text(struct app *app, const struct quiet *q)
{
    struct buf AUTO_BUF out;
    buf_init(&out, 512);
    words_say(&out, tr("quiet.own", "Quiet week, {days}."), {"days", say_days(app->arena, q->from, q->to)});
    return buf_keep(&out, app->arena);
}

void page_quiet_plan(struct app *app, const struct request *request, struct reply *reply)
{
    struct form form;
    struct err err = {0};
    struct quiet q;
    day_t from, to;
    if (!form_read(app, request, &form, &err) || !day_read(form_value(&form, "from"), &from, &err) ||
        !day_read(form_value(&form, "to"), &to, &err) || !quiet_plan(app, from, to, &q, &err)) {
        reply_error(app, request, reply, err.code == E_REFUSED ? 403 : 400, &err);
        return;
    }
    reply_to(reply, request, "/rest");
}

void page_quiet_end(struct app *app, const struct request *request, struct reply *reply)
{
    struct form form;
    struct err err = {0};
    struct quiets q = {0};
    if (!form_read(app, request, &form, &err) || !sched_quiets(app->db, app->arena, today(app), &q, &err)) {
        reply_error(app, request, reply, err.code == E_REFUSED ? 403 : 500, &err);
        return;
    }
    struct span field = form_value(&form, "id");
    int64_t id = 0;
    if (!scan_i64(&field, &id))
        id = 0;
    for (size_t i = 0; i < q.n; i++)
        if (q.at[i].id == id && !sched_end(app->db, q.at[i].id, app->now, &err)) {
            reply_error(app, request, reply, 500, &err);
            return;
        }
    reply_to(reply, request, "/rest");
}
