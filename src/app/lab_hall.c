/* A request of the lab: its route, whether its kind is let in, then the room. No answer here is HTML, sets a
 * cookie or sends elsewhere, and nothing is written about who asked what. */
#include "app/lab_hall.h"

#include "anon/kinds.h"
#include "base/note.h"
#include "base/vec.h"
#include "io/clock.h"
#include "ui/problem.h"

#include "base/banned.h"

enum { IDLE_MS = 10 * 1000, COMPLAIN_MS = 60 * 1000, ANONYMOUS_PAD = 1024 };

/* ---- database handles ---- */

static bool take_handle(struct lab_hall *h, struct db **out, struct err *err)
{
    pthread_mutex_lock(&h->lock);
    *out = h->idles ? h->idle[--h->idles].db : NULL;
    pthread_mutex_unlock(&h->lock);
    return *out || db_open(out, h->app.lab->db_url, err);
}

static void give_handle(struct lab_hall *h, struct db *db)
{
    bool kept = false;
    pthread_mutex_lock(&h->lock);
    if (h->idles < LAB_HANDLES) {
        h->idle[h->idles].db = db;
        h->idle[h->idles++].used_ms = clock_boot_ms();
        kept = true;
    }
    pthread_mutex_unlock(&h->lock);
    if (!kept)
        db_close(db);
}

/* One that was not asked for in a while: the lowest of the stack have waited longest. */
static struct db *oldest(struct lab_hall *h, int64_t before_ms)
{
    struct db *db = NULL;
    pthread_mutex_lock(&h->lock);
    if (h->idles && h->idle[0].used_ms < before_ms) {
        db = h->idle[0].db;
        h->idles--;
        memmove(&h->idle[0], &h->idle[1], h->idles * sizeof h->idle[0]);
    }
    pthread_mutex_unlock(&h->lock);
    return db;
}

static void close_idle(struct lab_hall *h, int64_t before_ms)
{
    for (struct db *db; (db = oldest(h, before_ms));)
        db_close(db);
}

/* ---- what went wrong on our side ---- */

/* Once a minute at most: whoever reads the journal learns of it, and a flood of requests writes nothing. */
static void complain(struct lab_hall *h, const struct err *err)
{
    int64_t now = clock_boot_ms(), last = h->complained_ms;
    if ((last == 0 || now - last >= COMPLAIN_MS) &&
        atomic_compare_exchange_strong(&h->complained_ms, &last, now))
        complaint("%s", err->text);
}

/* ---- the head outside the database ---- */

static bool keep_head(struct lab_hall *h, struct db *db, struct err *err)
{
    uint64_t size;
    if (!tlog_size(db, &size, err))
        return false;
    if (size <= h->head)
        return true;
    pthread_mutex_lock(&h->heading);
    bool done = size <= h->head || tlog_head_keep(db, h->app.lab->head_file, err);
    if (done && size > h->head)
        h->head = size;
    pthread_mutex_unlock(&h->heading);
    return done;
}

/* ---- routes ---- */

static bool has_path(const struct route *r, const struct app *app, struct span path)
{
    struct app one = *app;
    bool other;
    const struct route rows[] = {*r, {0}};
    const struct room room = {.routes = rows};
    const struct room *const rooms[] = {&room, NULL};
    one.rooms = rooms;
    return route_find(&one, span_of(r->method), path, &other) != NULL;
}

/* The methods that a path takes, for Allow. */
static const char *allowed(const struct app *app, struct span path)
{
    struct buf AUTO_BUF out;
    buf_init(&out, 256);
    for (const struct room *const *room = app->rooms; *room; room++)
        for (const struct route *r = (*room)->routes; r && r->path; r++)
            if (has_path(r, app, path) && span_find(buf_span(&out), span_of(r->method)) < 0)
                buf_printf(&out, "%s%s%s", out.n ? ", " : "", r->method,
                           span_is(span_of(r->method), "GET") ? ", HEAD" : "");
    return buf_keep(&out, app->arena);
}

static void no_route(struct app *app, const struct request *request, struct reply *reply, bool other_method)
{
    struct problem p = {.type = other_method ? PROBLEM_METHOD : PROBLEM_NOT_FOUND};
    reply_problem(reply, request, &p, 0);
    if (other_method)
        reply_header(reply, request->arena, "Allow", allowed(app, request->path));
}

static void busy(const struct request *request, struct reply *reply)
{
    struct problem p = {.type = PROBLEM_BUSY};
    reply_problem(reply, request, &p, span_is(request->path, "/v1/acts") ? ANONYMOUS_PAD : 0);
}

static bool serve(struct lab_hall *h, struct app *app, const struct request *request, struct reply *reply,
                  struct err *err)
{
    bool other_method;
    struct problem p = {0};
    if (!lab_now(app->db, &app->now, err))
        return false;
    const struct route *route = route_find(app, request->method, request->path, &other_method);
    if (!route) {
        no_route(app, request, reply, other_method);
        return true;
    }
    if (!kind_let_in(app, route, request, &p, err)) {
        if (p.type == PROBLEM_NONE)
            return false;
        kind_refuse(app, route, request, &p, reply);
        return true;
    }
    if (span_is(request->path, "/log/checkpoint") && !keep_head(h, app->db, err))
        return false;
    route->serve(app, request, reply);
    return true;
}

void lab_hall_serve(void *arg, const struct request *request, struct reply *reply)
{
    struct lab_hall *h = arg;
    struct app app = h->app;
    struct err err = {0};
    words_set(LANG_EN);
    app.arena = request->arena;
    reply->type = "application/json";
    if (take_handle(h, &app.db, &err)) {
        if (!serve(h, &app, request, reply, &err)) {
            complain(h, &err);
            busy(request, reply);
        }
        give_handle(h, app.db);
        return;
    }
    complain(h, &err);
    busy(request, reply);
}

void lab_hall_refused(void *arg, const struct request *request, int status, struct reply *reply)
{
    (void)arg;
    struct problem p = {.type = status == 413   ? PROBLEM_TOO_LARGE
                                : status >= 500 ? PROBLEM_BUSY
                                                : PROBLEM_BAD_REQUEST};
    reply_problem(reply, request, &p, span_is(request->path, "/v1/acts") ? ANONYMOUS_PAD : 0);
}

/* ---- what is due ---- */

static void run_job(struct lab_hall *h, struct app *app, const struct job *job)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct err err = {0};
    app->arena = arena;
    bool done = arena ? lab_now(app->db, &app->now, &err) && job->run(app, &err) : fail_memory(&err);
    if (!done)
        complain(h, &err);
}

void lab_hall_beat(struct lab_hall *h, struct app *app)
{
    struct arena *kept = app->arena;
    struct err err = {0};
    words_set(LANG_EN);
    for (const struct room *const *room = app->rooms; *room; room++)
        for (const struct job *job = (*room)->jobs; job && job->name; job++)
            if ((job->roles & (unsigned)app->role & LAB) && span_is(span_of(job->when), "beat"))
                run_job(h, app, job);
    app->arena = kept;
    if (!keep_head(h, app->db, &err))
        complain(h, &err);
    close_idle(h, clock_boot_ms() - IDLE_MS);
    mem_give_back(); /* what a flood took goes back */
}

/* ---- beginning and end ---- */

void lab_hall_open(struct lab_hall *h, const struct app *app)
{
    h->app = *app;
    h->app.db = NULL;
    h->app.cli = NULL;
    h->app.theme = "auto";
    pthread_mutex_init(&h->lock, NULL);
    pthread_mutex_init(&h->heading, NULL);
}

void lab_hall_close(struct lab_hall *h)
{
    close_idle(h, INT64_MAX);
}
