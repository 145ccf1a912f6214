/* What is due: every room's jobs, each under its lease, noisy ones never in a quiet week. The resident page
 * calls it each minute, a user timer hourly through `respite tick`. */
#include "anon/turn.h"
#include "app/home.h"
#include "base/note.h"
#include "codec/json.h"
#include "io/clock.h"
#include "io/proc.h"
#include "io/sched.h"
#include "ui/wrap.h"

#include "base/banned.h"

/* Its lease ends with it, so that the next tick, or the next serving process, takes it up again. The first
 * that failed is the caller's to say. */
static bool failed(struct app *app, const struct job *job, const struct err *why, struct err *first,
                   struct err *err)
{
    if (!sched_failed(app->db, job->name, job->when, app->now, err))
        return false;
    if (proc_stopped() || why->code == E_STOPPED)
        return fail(err, E_STOPPED, "%s", why->text);
    if (first->code)
        complaint("%s", why->text);
    else
        *first = *why;
    return true;
}

static bool run_one(struct app *app, const struct job *job, struct buf *done, struct err *first,
                    struct err *err)
{
    bool ours;
    struct err inner = {0};
    if (!sched_take(app->db, job->name, job->when, app->now, &ours, err))
        return false;
    if (!ours)
        return true;
    if (!job->run(app, &inner))
        return failed(app, job, &inner, first, err);
    if (done->n)
        buf_add_text(done, ", ");
    buf_add_text(done, job->name);
    return sched_done(app->db, job->name, job->when, app->now, err);
}

enum walk { ALL_ALONE, RESIDENT, ASKING };

/* Jobs that ask are for who has a way out, and wait while the person has switched them off. */
static bool wanted_here(const struct job *job, enum walk walk, bool off)
{
    if (job->asks)
        return walk != RESIDENT && !off;
    return walk == RESIDENT || (walk == ALL_ALONE && !job->resident);
}

static bool walk_jobs(struct app *app, enum walk walk, struct buf *done, struct err *err)
{
    day_t quiet;
    const char *drawn;
    struct err first = {0};
    if (!held_tick(app->db, app->now, clock_boot_ms(), err) ||
        !sched_hushed(app->db, app->now, &quiet, err) ||
        !setting_get(app->db, app->arena, "drawn", "on", &drawn, err))
        return false;
    bool off = strcmp(drawn, "off") == 0;
    for (const struct room *const *room = app->rooms; *room; room++)
        for (const struct job *job = (*room)->jobs; job && job->name; job++) {
            bool wanted =
                (job->roles & (unsigned)app->role) && wanted_here(job, walk, off) && !(job->noisy && quiet);
            if (wanted && !run_one(app, job, done, &first, err))
                return false;
        }
    return !first.code || fail(err, first.code, "%s", first.text);
}

bool tick(struct app *app, bool resident, struct buf *done, struct err *err)
{
    return walk_jobs(app, resident ? RESIDENT : ALL_ALONE, done, err);
}

bool errand_tick(struct app *app, const char *argument, struct buf *answer, struct err *err)
{
    (void)argument;
    return walk_jobs(app, ASKING, answer, err);
}

int cmd_tick(struct app *app)
{
    struct err err = {0};
    struct buf AUTO_BUF done, out;
    buf_init(&done, 1 << 16);
    buf_init(&out, 1 << 16);
    bool all = turn_take(app, TURN_SECONDS, &err) && tick(app, false, &done, &err);
    turn_end();
    if (!all)
        complaint("%s", err.text);
    err_clear(&err);
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o = json_pack("{s:s}", "done", buf_text(&done));
        if (!o || !json_write(o, &out, &err))
            return cmd_failed(&err);
    } else if (done.n) {
        words_say(&out, tr("cli.tick.done", "Done: {list}."), {"list", buf_text(&done)});
        buf_add_byte(&out, '\n');
    } else if (all) {
        wrap_text(&out, tr("cli.tick", "Nothing is due."), 80, 0);
    }
    if (!cmd_print(&out, &err))
        return cmd_failed(&err);
    return all ? 0 : 1;
}
