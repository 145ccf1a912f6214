/* Jobs under leases, quiet times and the ledger of what they hold (REST 7.2). Each change is one transaction,
 * so that a kill at any instant leaves held + released + delivered = received. What is held (state 0) waits
 * for the end of the quiet time it fell into, joined over overlaps and neighbours; states go up only, so a
 * clock that goes back holds nothing again. */
#include "io/sched.h"

#include "base/vec.h"
#include "base/words.h"
#include "io/clock.h"

#include "base/banned.h"

enum {
    LEASE = 600,          /* seconds a job may take before another process may take it over */
    AHEAD_MOST = 120,     /* seconds the wall clock may gain on the time since boot between two ticks */
    DOUBT_MS = 60 * 1000, /* so long after such a gain nothing is released */
};

/* ---- leases ---- */

static bool period_of(const char *when, int64_t now, int64_t *period, struct err *err)
{
    day_t day = moment_day(clock_local(now));
    if (strcmp(when, "minute") == 0)
        *period = now / 60;
    else if (strcmp(when, "hour") == 0)
        *period = now / 3600;
    else if (strcmp(when, "day") == 0)
        *period = day;
    else if (strcmp(when, "week") == 0)
        *period = day_monday(day);
    else
        return fail(err, E_SYSTEM, "A job of Respite says “%s” where minute, hour, day or week is wanted.",
                    when);
    return true;
}

struct take {
    const char *job;
    int64_t period, now;
    bool ours;
};

/* Ours when nobody holds a lease and this period is not done. A lease further ahead than any lease reaches
 * was written by a clock that has been set back since: it binds nobody. */
static bool take_work(struct db *db, void *arg, struct err *err)
{
    struct take *t = arg;
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_alone(db, err) ||
        !db_query(db, &q, err, "select period, lease_until, done from job where name = $1", V_STR(t->job)))
        return false;
    t->ours = true;
    if (db_next(q, &inner)) {
        bool running = !db_int(q, 2) && db_int(q, 1) > t->now && db_int(q, 1) <= t->now + LEASE;
        bool done = db_int(q, 2) && db_int(q, 0) == t->period;
        t->ours = !running && !done;
    }
    if (inner.code)
        return fail(err, inner.code, "%s", inner.text);
    if (!t->ours)
        return true;
    return db_run(
        db, err,
        "insert into job(name, period, lease_until, done) values ($1, $2, $3, 0) on conflict(name) do update"
        " set period = excluded.period, lease_until = excluded.lease_until, done = 0",
        V_STR(t->job), V_INT(t->period), V_INT(t->now + LEASE));
}

bool sched_take(struct db *db, const char *job, const char *when, int64_t now, bool *ours, struct err *err)
{
    struct take t = {.job = job, .now = now};
    if (!period_of(when, now, &t.period, err) || !db_write(db, take_work, &t, err))
        return false;
    *ours = t.ours;
    return true;
}

bool sched_done(struct db *db, const char *job, const char *when, int64_t now, struct err *err)
{
    int64_t period = 0;
    return period_of(when, now, &period, err) &&
           db_run(db, err, "update job set done = 1 where name = $1 and period <= $2", V_STR(job),
                  V_INT(period));
}

/* ---- quiet times ---- */

/* The last day of the quiet time that holds `day`, or 0. */
static bool quiet_end(struct db *db, day_t day, day_t *until, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    bool inside = false;
    day_t end = day - 1; /* so that a time beginning on `day` is its neighbour, one beginning later is not */
    if (!db_query(db, &q, err,
                  "select from_day, to_day from quiet where ended = 0 and to_day >= $1 order by from_day",
                  V_INT(day)))
        return false;
    while (db_next(q, &inner) && db_int(q, 0) <= (int64_t)end + 1) {
        inside = true;
        if (db_int(q, 1) > end)
            end = (day_t)db_int(q, 1);
    }
    if (inner.code)
        return fail(err, inner.code, "%s", inner.text);
    *until = inside ? end : 0;
    return true;
}

bool sched_hushed(struct db *db, int64_t now, day_t *until, struct err *err)
{
    return quiet_end(db, moment_day(clock_local(now)), until, err);
}

static bool read_quiet(struct arena *arena, struct stmt *q, struct quiets *out)
{
    struct quiet *row = VEC_PUSH(arena, out);
    if (row)
        *row = (struct quiet){db_int(q, 0), (day_t)db_int(q, 1), (day_t)db_int(q, 2), false};
    return row != NULL;
}

bool sched_quiets(struct db *db, struct arena *arena, day_t day, struct quiets *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    struct quiets list = {0};
    if (!db_query(
            db, &q, err,
            "select id, from_day, to_day from quiet where ended = 0 and to_day >= $1 order by from_day, id",
            V_INT(day)))
        return false;
    while (db_next(q, &inner))
        if (!read_quiet(arena, q, &list))
            return fail_memory(err);
    if (inner.code)
        return fail(err, inner.code, "%s", inner.text);
    *out = list;
    return true;
}

/* What is held may wait longer now: a quiet time was added to, and what waits for the end of one that another
 * continues waits for the later end. Never shorter. */
static bool hold_longer(struct db *db, struct err *err)
{
    int64_t release = 0;
    for (;;) { /* usually one end, at most a few: each pass deals with the earliest not looked at */
        day_t until;
        if (!db_number(db, &release, INT64_MAX, err,
                       "select min(release_at) from held where state = 0 and release_at > $1",
                       V_INT(release)))
            return false;
        if (release == INT64_MAX)
            return true;
        if (!quiet_end(db, moment_day(clock_local(release - 1)), &until, err))
            return false;
        int64_t later = until ? clock_day_start(until + 1) : release;
        if (later > release &&
            !db_run(db, err, "update held set release_at = $1 where state = 0 and release_at = $2",
                    V_INT(later), V_INT(release)))
            return false;
    }
}

/* After an end came nearer: what is held waits for the end that holds now, or for nothing. */
static bool hold_anew(struct db *db, int64_t now, struct err *err)
{
    day_t until;
    if (!sched_hushed(db, now, &until, err))
        return false;
    if (until)
        return db_run(db, err, "update held set release_at = $1 where state = 0",
                      V_INT(clock_day_start(until + 1)));
    return db_run(db, err, "update held set release_at = $1, state = 1 where state = 0", V_INT(now));
}

struct hush {
    int64_t id, now;
    day_t from, to;
};

static bool wrong_order(struct err *err)
{
    return fail(err, E_USAGE,
                tr("err.io.quiet_order", "A quiet time ends on the day it begins or later. Write it as "
                                         "2026-02-09..2026-02-15."));
}

static bool hush_work(struct db *db, void *arg, struct err *err)
{
    struct hush *h = arg;
    return db_number(db, &h->id, 0, err, "insert into quiet(from_day, to_day) values ($1, $2) returning id",
                     V_INT(h->from), V_INT(h->to)) &&
           hold_longer(db, err);
}

bool sched_hush(struct db *db, day_t from, day_t to, int64_t *id, struct err *err)
{
    struct hush h = {.from = from, .to = to};
    if (to < from)
        return wrong_order(err);
    if (!db_write(db, hush_work, &h, err))
        return false;
    *id = h.id;
    return true;
}

static bool find_quiet(struct db *db, int64_t id, struct quiet *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err, "select from_day, to_day, ended from quiet where id = $1", V_INT(id)))
        return false;
    if (!db_next(q, &inner))
        return inner.code ? fail(err, inner.code, "%s", inner.text)
                          : fail(err, E_MISSING,
                                 tr("err.io.no_quiet", "There is no such quiet time. Load the page again to "
                                                       "see those there are."));
    *out = (struct quiet){id, (day_t)db_int(q, 0), (day_t)db_int(q, 1), db_int(q, 2) != 0};
    return true;
}

static bool end_work(struct db *db, void *arg, struct err *err)
{
    struct hush *h = arg;
    struct quiet quiet = {0};
    if (!find_quiet(db, h->id, &quiet, err))
        return false;
    if (quiet.ended)
        return true;
    bool begun = quiet.from <= moment_day(clock_local(h->now)); /* one that is to come holds nothing yet */
    return db_run(db, err, "update quiet set ended = 1 where id = $1", V_INT(h->id)) &&
           (!begun || hold_anew(db, h->now, err));
}

bool sched_end(struct db *db, int64_t id, int64_t now, struct err *err)
{
    struct hush h = {.id = id, .now = now};
    return db_write(db, end_work, &h, err);
}

static bool extend_work(struct db *db, void *arg, struct err *err)
{
    struct hush *h = arg;
    struct quiet quiet = {0};
    if (!find_quiet(db, h->id, &quiet, err))
        return false;
    if (quiet.ended)
        return fail(err, E_REFUSED,
                    tr("err.io.quiet_ended", "This quiet time was ended. Begin a new one instead."));
    if (h->to < quiet.from)
        return wrong_order(err);
    if (!db_run(db, err, "update quiet set to_day = $1 where id = $2", V_INT(h->to), V_INT(h->id)))
        return false;
    bool begun = quiet.from <= moment_day(clock_local(h->now));
    return h->to >= quiet.to ? hold_longer(db, err) : !begun || hold_anew(db, h->now, err);
}

bool sched_extend(struct db *db, int64_t id, day_t to, int64_t now, struct err *err)
{
    struct hush h = {.id = id, .now = now, .to = to};
    return db_write(db, extend_work, &h, err);
}

/* ---- the ledger ---- */

struct arrival {
    const char *source;
    const struct span *keys;
    size_t n;
    int64_t now;
};

static bool receive_work(struct db *db, void *arg, struct err *err)
{
    const struct arrival *a = arg;
    day_t until;
    int64_t came = 0;
    if (!sched_hushed(db, a->now, &until, err))
        return false;
    for (size_t i = 0; i < a->n; i++) {
        if (!db_run(
                db, err,
                "insert into held(source, key, received_at, release_at, state) values ($1, $2, $3, $4, $5)"
                " on conflict(source, key) do nothing",
                V_STR(a->source), V_BLOB(a->keys[i]), V_INT(a->now),
                V_INT(until ? clock_day_start(until + 1) : a->now), V_INT(until ? 0 : 1)))
            return false;
        came += db_changed(db);
    }
    return came == 0 || db_run(db, err, "update received set n = n + $1", V_INT(came));
}

bool held_receive_all(struct db *db, const char *source, const struct span *keys, size_t n, int64_t now,
                      struct err *err)
{
    struct arrival a = {source, keys, n, now};
    return n == 0 || db_write(db, receive_work, &a, err);
}

bool held_receive(struct db *db, const char *source, struct span key, int64_t now, struct err *err)
{
    return held_receive_all(db, source, &key, 1, now, err);
}

struct tick {
    int64_t now, boot_ms;
};

struct seen {
    int64_t wall, boot_ms, doubt_ms; /* doubt_ms: since when the wall clock is not believed; -1: it is */
    bool any;
};

static bool load_seen(struct db *db, struct seen *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err, "select wall, boot_ms, doubt_ms from clock_seen where one = 1"))
        return false;
    if (db_next(q, &inner))
        *out = (struct seen){db_int(q, 0), db_int(q, 1), db_int(q, 2), true};
    return !inner.code || fail(err, inner.code, "%s", inner.text);
}

/* Is the wall clock to be believed? Within one boot it may not gain two minutes on the time since boot; when
 * it did, it is doubted until a tick a minute later agrees with this one. After a new boot there is nothing
 * to compare with. */
static int64_t doubt_since(const struct seen *s, const struct tick *t)
{
    if (!s->any || t->boot_ms < s->boot_ms)
        return -1;
    int64_t ahead = (t->now - s->wall) - (t->boot_ms - s->boot_ms) / 1000;
    if (ahead > AHEAD_MOST)
        return t->boot_ms;
    return s->doubt_ms >= 0 && t->boot_ms - s->doubt_ms < DOUBT_MS ? s->doubt_ms : -1;
}

static bool tick_work(struct db *db, void *arg, struct err *err)
{
    const struct tick *t = arg;
    struct seen seen = {0};
    if (!load_seen(db, &seen, err))
        return false;
    int64_t doubt = doubt_since(&seen, t);
    if (!db_run(db, err,
                "insert into clock_seen(one, wall, boot_ms, doubt_ms) values (1, $1, $2, $3) on "
                "conflict(one) do update"
                " set wall = excluded.wall, boot_ms = excluded.boot_ms, doubt_ms = excluded.doubt_ms",
                V_INT(t->now), V_INT(t->boot_ms), V_INT(doubt)))
        return false;
    return doubt >= 0 ||
           db_run(db, err, "update held set state = 1 where state = 0 and release_at <= $1", V_INT(t->now));
}

bool held_tick(struct db *db, int64_t now, int64_t boot_ms, struct err *err)
{
    struct tick t = {now, boot_ms};
    return db_write(db, tick_work, &t, err);
}

bool held_since(struct db *db, const char *source, struct span key, int64_t since, bool *out, struct err *err)
{
    int64_t n;
    if (!db_number(
            db, &n, 0, err,
            "select count(*) from held where source = $1 and key = $2 and state > 0 and release_at >= $3",
            V_STR(source), V_BLOB(key), V_INT(since)))
        return false;
    *out = n > 0;
    return true;
}

bool held_deliver(struct db *db, const char *source, struct span key, struct err *err)
{
    return db_run(db, err, "update held set state = 2 where source = $1 and key = $2 and state < 2",
                  V_STR(source), V_BLOB(key));
}

bool held_sums(struct db *db, struct held_sums *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(
            db, &q, err,
            "select (select count(*) from held where state = 0), (select count(*) from held where state = 1),"
            " (select count(*) from held where state = 2), (select n from received where one = 1)"))
        return false;
    if (!db_next(q, &inner))
        return fail(err, inner.code ? inner.code : E_SYSTEM, "%s", inner.text);
    *out = (struct held_sums){db_int(q, 0), db_int(q, 1), db_int(q, 2), db_int(q, 3)};
    return true;
}

/* ---- a job that was not done ---- */

bool sched_failed(struct db *db, const char *job, const char *when, int64_t now, struct err *err)
{
    int64_t period = 0;
    return period_of(when, now, &period, err) &&
           db_run(db, err, "update job set lease_until = 0 where name = $1 and period = $2 and done = 0",
                  V_STR(job), V_INT(period));
}
