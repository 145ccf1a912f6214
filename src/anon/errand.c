/* Errands are rows of one table. What was asked and what came stay until the next of that kind, or until the
 * page that needed them drops them. */
#include "anon/errand.h"

#include <time.h>

#include "base/buf.h"
#include "ui/room.h"

#include "base/banned.h"

enum { LOOK_MS = 40 };

struct putting {
    const char *what, *argument;
    int64_t id;
};

static bool put_work(struct db *db, void *arg, struct err *err)
{
    struct putting *p = arg;
    return db_run(db, err, "delete from errand where what = $1", V_STR(p->what)) &&
           db_run(db, err, "insert into errand(what, argument, lang) values ($1, $2, $3)", V_STR(p->what),
                  V_STR(p->argument), V_INT(words_lang())) &&
           db_number(db, &p->id, 0, err, "select max(id) from errand where what = $1", V_STR(p->what));
}

bool errand_put(struct db *db, const char *what, const char *argument, int64_t *id, struct err *err)
{
    struct putting p = {.what = what, .argument = argument};
    if (!db_write(db, put_work, &p, err))
        return false;
    *id = p.id;
    return true;
}

static bool row_read(struct stmt *q, struct arena *arena, struct errand *out, struct err *err)
{
    struct errand e = {.id = db_int(q, 0),
                       .state = (enum errand_state)db_int(q, 1),
                       .what = arena_text(arena, db_text(q, 2)),
                       .argument = arena_text(arena, db_text(q, 3)),
                       .text = arena_text(arena, db_text(q, 4)),
                       .lang = db_int(q, 5) == LANG_ZH ? LANG_ZH : LANG_EN};
    if (!e.what || !e.argument || !e.text)
        return fail_memory(err);
    *out = e;
    return true;
}

bool errand_last(struct db *db, struct arena *arena, const char *what, struct errand *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *out = (struct errand){0};
    if (!db_query(db, &q, err,
                  "select id, state, what, argument, text, lang from errand where what = $1 order by id desc "
                  "limit 1",
                  V_STR(what)))
        return false;
    if (db_next(q, &inner))
        return row_read(q, arena, out, err);
    return !inner.code || fail(err, inner.code, "%s", inner.text);
}

bool errand_wait(struct db *db, struct arena *arena, const char *what, int seconds, struct errand *out,
                 struct err *err)
{
    for (int left = seconds * 1000 / LOOK_MS; left >= 0; left--) {
        int64_t state;
        if (!db_number(db, &state, ERRAND_FAILED, err,
                       "select state from errand where what = $1 order by id desc limit 1", V_STR(what)))
            return false;
        if (state >= ERRAND_DONE)
            break;
        nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
    }
    return errand_last(db, arena, what, out, err);
}

bool errand_do(struct app *app, const char *what, const char *argument, int seconds, struct errand *out,
               struct err *err)
{
    int64_t id;
    if (!app->wake)
        return fail(
            err, E_SYSTEM, "%s",
            tr("err.errand.nobody", "There is nobody here who could send it. Please start Respite again."));
    if (!errand_put(app->db, what, argument, &id, err))
        return false;
    if (!app->wake(app))
        return fail(
            err, E_SYSTEM, "%s",
            tr("err.errand.nobody", "There is nobody here who could send it. Please start Respite again."));
    return errand_wait(app->db, app->arena, what, seconds, out, err);
}

bool errand_drop(struct db *db, const char *what, struct err *err)
{
    return db_run(db, err, "delete from errand where what = $1", V_STR(what));
}

struct taking {
    struct arena *arena;
    struct errand *out;
    bool there;
};

static bool take_work(struct db *db, void *arg, struct err *err)
{
    struct taking *t = arg;
    struct err inner = {0};
    AUTO_STMT struct stmt *q = NULL;
    if (!db_query(
            db, &q, err,
            "select id, state, what, argument, text, lang from errand where state = $1 order by id limit "
            "1",
            V_INT(ERRAND_WAITS)))
        return false;
    if (!db_next(q, &inner))
        return !inner.code || fail(err, inner.code, "%s", inner.text);
    if (!row_read(q, t->arena, t->out, err))
        return false;
    db_close_stmt(q);
    q = NULL;
    if (!db_run(db, err, "update errand set state = $1 where id = $2 and state = $3", V_INT(ERRAND_RUNS),
                V_INT(t->out->id), V_INT(ERRAND_WAITS)))
        return false;
    t->there = db_changed(db) == 1;
    return true;
}

bool errand_take(struct db *db, struct arena *arena, struct errand *out, bool *there, struct err *err)
{
    struct taking t = {.arena = arena, .out = out};
    *there = false;
    if (!db_write(db, take_work, &t, err))
        return false;
    *there = t.there;
    return true;
}

bool errand_end(struct db *db, int64_t id, bool done, const char *text, struct err *err)
{
    return db_run(db, err, "update errand set state = $1, text = $2 where id = $3",
                  V_INT(done ? ERRAND_DONE : ERRAND_FAILED), V_STR(text), V_INT(id));
}
