/* What both databases share: which of them a name means, transactions and their nesting, single numbers,
 * settings. */
#include "io/db.h"

#include "base/words.h"
#include "io/db_driver.h"

#include "base/banned.h"

static bool is_pg(const char *path)
{
    return span_starts(span_of(path), SPAN("postgresql://")) ||
           span_starts(span_of(path), SPAN("postgres://"));
}

bool db_open(struct db **out, const char *path, struct err *err)
{
    return is_pg(path) ? db_open_pg(out, path, false, err) : db_open_sqlite(out, path, err);
}

bool db_open_read(struct db **out, const char *path, struct err *err)
{
    return is_pg(path) ? db_open_pg(out, path, true, err) : db_open_sqlite_read(out, path, err);
}

void db_close(struct db *db)
{
    if (db)
        db->driver->close(db);
}

/* ---- statements ---- */

bool db_run_(struct db *db, struct err *err, const char *sql, const struct val *vals, size_t n)
{
    return db->driver->run(db, err, sql, vals, n);
}

bool db_run_later_(struct db *db, struct err *err, const char *sql, const struct val *vals, size_t n)
{
    return db->driver->run_later(db, err, sql, vals, n);
}

bool db_settle(struct db *db, struct err *err)
{
    return db->driver->settle(db, err);
}

bool db_query_(struct db *db, struct stmt **out, struct err *err, const char *sql, const struct val *vals,
               size_t n)
{
    return db->driver->query(db, out, err, sql, vals, n);
}

bool db_next(struct stmt *q, struct err *err)
{
    return q->driver->next(q, err);
}

int64_t db_int(struct stmt *q, int column)
{
    return q->driver->get_int(q, column);
}

double db_real(struct stmt *q, int column)
{
    return q->driver->get_real(q, column);
}

struct span db_text(struct stmt *q, int column)
{
    return q->driver->get_text(q, column);
}

bool db_is_null(struct stmt *q, int column)
{
    return q->driver->get_null(q, column);
}

void db_close_stmt(struct stmt *q)
{
    if (q)
        q->driver->close_stmt(q);
}

bool db_number_(struct db *db, int64_t *out, int64_t otherwise, struct err *err, const char *sql,
                const struct val *vals, size_t n)
{
    AUTO_STMT struct stmt *q = NULL;
    if (!db_query_(db, &q, err, sql, vals, n))
        return false;
    struct err inner = {0};
    bool row = db_next(q, &inner);
    if (inner.code)
        return fail(err, inner.code, "%s", inner.text);
    *out = row && !db_is_null(q, 0) ? db_int(q, 0) : otherwise;
    return true;
}

int64_t db_changed(struct db *db)
{
    return db->driver->changed(db);
}

/* ---- transactions ---- */

static bool undone(struct db *db, struct err *err)
{
    return fail(err, E_SYSTEM, tr("err.io.db_undone", "The database %s undid this by itself. Try again."),
                db->path);
}

/* Undo down to the level we are at. The database may have undone everything by itself (disk full): then there
 * is nothing to do. What this says does not matter: the first failure is the one to tell. */
static void undo(struct db *db)
{
    struct err second = {0};
    if (!db_settle(db, &second)) /* else a statement that fails would take the rollback with it */
        err_clear(&second);
    if (db->driver->state(db) == DB_IDLE)
        return;
    bool done = db->depth == 0 ? db_run(db, &second, "rollback")
                               : db_run(db, &second, "rollback to inner_work") &&
                                     db_run(db, &second, "release inner_work");
    (void)done;
}

/* Inside a transaction that the database undid by itself, a savepoint would begin a new one. */
static bool begin(struct db *db, struct err *err)
{
    if (db->depth == 0)
        return db->driver->begin(db, err);
    return db->driver->state(db) == DB_IDLE ? undone(db, err) : db_run(db, err, "savepoint inner_work");
}

static bool keep(struct db *db, struct err *err)
{
    enum db_state state = db->driver->state(db);
    if (state == DB_IDLE) /* by a failure that the work went on from */
        return undone(db, err);
    if (state == DB_FAILED) /* a commit would say "done" and undo everything */
        return fail(err, E_SYSTEM, "A statement failed in %s and the work of Respite went on regardless.",
                    db->path);
    return db->depth == 0 ? db_run(db, err, "commit") : db_run(db, err, "release inner_work");
}

bool db_write(struct db *db, db_work *work, void *arg, struct err *err)
{
    if (!begin(db, err))
        return false;
    db->depth++;
    bool done = work(db, arg, err);
    db->depth--;
    if (done && keep(db, err))
        return true;
    undo(db);
    return false;
}

bool db_alone(struct db *db, struct err *err)
{
    return db->driver->alone(db, err);
}

bool db_is_pg(const struct db *db)
{
    return db->driver->pg;
}

bool db_is_writing(const struct db *db)
{
    return db->depth > 0;
}

/* ---- the whole database ---- */

bool db_backup(struct db *db, const char *path, struct err *err)
{
    return db->driver->backup(db, path, err);
}

bool db_check(struct db *db, struct err *err)
{
    return db->driver->check(db, err);
}

bool db_run_script(struct db *db, const char *sql, struct err *err)
{
    return db->driver->script(db, sql, err);
}

/* ---- settings ---- */

bool setting_get(struct db *db, struct arena *arena, const char *name, const char *otherwise,
                 const char **out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    if (!db_query(db, &q, err, "select value from setting where name = $1", V_STR(name)))
        return false;
    struct err inner = {0};
    if (!db_next(q, &inner)) {
        if (inner.code)
            return fail(err, inner.code, "%s", inner.text);
        *out = otherwise;
        return true;
    }
    char *copy = arena_text(arena, db_text(q, 0));
    if (!copy)
        return fail_memory(err);
    *out = copy;
    return true;
}

bool setting_put(struct db *db, const char *name, const char *value, struct err *err)
{
    return db_run(db, err,
                  "insert into setting(name, value) values ($1, $2) on conflict(name) do update set value = "
                  "excluded.value",
                  V_STR(name), V_STR(value));
}
