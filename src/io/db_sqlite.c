/* The database behind io/db.h, as one SQLite file. A prepared statement is kept under the address of its
 * literal (32 of them, the one that rested longest makes room), so that a statement costs its planning once.
 * $1, $2 are bound by name: the same texts serve PostgreSQL. Memory stays small: 1 MB of pages, no mapping of
 * the file, temporary tables in memory (nothing personal in /tmp). */
#include "io/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/words.h"

#include "base/banned.h"

enum { KEPT = 32, HEAP_SOFT = 4 * 1024 * 1024, BUSY_MS = 5000 };

struct stmt {
    const char *sql; /* the literal's address is the key */
    sqlite3_stmt *s;
    struct db *db;
    uint64_t used;
    bool busy, ended, alone; /* alone: not in the cache, freed when closed */
};

struct db {
    sqlite3 *h;
    char *path;
    uint64_t clock; /* counts statements, for the cache */
    unsigned depth; /* of db_write */
    struct stmt kept[KEPT];
};

static bool out_of_space(sqlite3 *h, int code)
{
    int system = sqlite3_system_errno(h);
    return code == SQLITE_FULL || (code == SQLITE_IOERR && (system == ENOSPC || system == EDQUOT));
}

/* Say what SQLite's code means for a person. */
static bool db_fail(struct db *db, int code, struct err *err)
{
    code &= 0xff;
    if (out_of_space(db->h, code))
        return fail(err, E_FULL,
                    tr("err.io.db_full",
                       "The disk is full, so nothing more was written to %s. What was kept before is "
                       "all there. Make some room and try again."),
                    db->path);
    switch (code) {
    case SQLITE_NOMEM:
        return fail_memory(err);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fail(err, E_BUSY,
                    tr("err.io.db_busy",
                       "Another program is writing to %s and did not end within five seconds. "
                       "Try again in a moment."),
                    db->path);
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return fail(err, E_SYSTEM,
                    tr("err.io.db_readonly",
                       "%s can be read but not written. Make the file and its folder writable "
                       "for you, or name another folder with --data."),
                    db->path);
    case SQLITE_CANTOPEN:
        return fail(err, E_SYSTEM,
                    tr("err.io.db_open",
                       "%s cannot be opened. Make its folder readable and writable for you, or name "
                       "another folder with --data."),
                    db->path);
    case SQLITE_NOTADB:
        return fail(err, E_FORMAT,
                    tr("err.io.db_notadb",
                       "%s is not a database of Respite. Move that file away, or name another "
                       "folder with --data."),
                    db->path);
    case SQLITE_CORRUPT:
        return fail(err, E_FORMAT,
                    tr("err.io.db_corrupt",
                       "The database %s is damaged. Bring back a copy with `respite restore FILE`."),
                    db->path);
    case SQLITE_CONSTRAINT:
        return fail(err, E_REFUSED, tr("err.io.db_row", "The database %s refused a row: %s."), db->path,
                    sqlite3_errmsg(db->h));
    default:
        return fail(err, E_SYSTEM, tr("err.io.db", "The database %s did not do what was asked of it: %s."),
                    db->path, sqlite3_errmsg(db->h));
    }
}

/* The file with mode 0600 before SQLite sees it; its companions (-wal, -shm) take the same mode. O_EXCL so
 * that a file another handle of this process holds is never opened and closed here: closing it would drop
 * that handle's locks. */
/* `*there`: something of that name is there already, be it a link that leads nowhere. */
static bool make_file(const char *path, bool *there, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    *there = fd < 0 && errno == EEXIST;
    if (fd >= 0)
        close(fd);
    if (fd >= 0 || *there)
        return true;
    char words[128];
    int number = errno;
    return fail(err, number == ENOSPC || number == EDQUOT ? E_FULL : E_SYSTEM,
                tr("err.io.db_make",
                   "The database %s cannot be made: %s. Make some room or make its folder writable "
                   "for you, or name another folder with --data."),
                path, err_system(number, words, sizeof words));
}

static struct db *db_new(const char *path)
{
    struct db *db = mem_get(sizeof *db);
    if (!db)
        return NULL;
    db->path = mem_copy(path);
    if (!db->path) {
        mem_free(db);
        return NULL;
    }
    return db;
}

static bool open_with(struct db **out, const char *path, int flags, const char *pragmas, struct err *err)
{
    struct db *db = db_new(path);
    if (!db)
        return fail_memory(err);
    sqlite3_soft_heap_limit64(HEAP_SOFT);
    int code = sqlite3_open_v2(path, &db->h, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(db->h, BUSY_MS);
        sqlite3_db_config(db->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(db->h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        code = sqlite3_exec(db->h, pragmas, NULL, NULL, NULL);
    }
    if (code == SQLITE_OK) {
        *out = db;
        return true;
    }
    if (db->h)
        db_fail(db, code, err);
    else
        fail_memory(err);
    db_close(db);
    return false;
}

bool db_open(struct db **out, const char *path, struct err *err)
{
    bool there;
    if (strcmp(path, ":memory:") != 0 && !make_file(path, &there, err))
        return false;
    return open_with(out, path, SQLITE_OPEN_READWRITE,
                     "pragma cache_size = -1024; pragma mmap_size = 0; pragma temp_store = memory;"
                     "pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on;"
                     "pragma foreign_keys = on; pragma journal_size_limit = 4194304",
                     err);
}

bool db_open_read(struct db **out, const char *path, struct err *err)
{
    if (strcmp(path, ":memory:") != 0 && access(path, F_OK) != 0)
        return fail(err, E_MISSING, tr("err.io.db_missing", "There is no database at %s."), path);
    return open_with(out, path, SQLITE_OPEN_READONLY,
                     "pragma cache_size = -1024; pragma mmap_size = 0; pragma temp_store = memory;"
                     "pragma query_only = on; select count(*) from sqlite_schema",
                     err);
}

void db_close(struct db *db)
{
    if (!db)
        return;
    for (size_t i = 0; i < KEPT; i++)
        sqlite3_finalize(db->kept[i].s);
    sqlite3_close_v2(db->h);
    mem_free(db->path);
    mem_free(db);
}

/* ---- statements ---- */

/* A place for `sql`: the one that holds it, else a free one, else the one that rested longest. NULL when
 * `sql` is running already (a query inside itself) or all are running. */
static struct stmt *place_for(struct db *db, const char *sql)
{
    struct stmt *oldest = NULL;
    for (size_t i = 0; i < KEPT; i++) {
        struct stmt *q = &db->kept[i];
        if (q->sql == sql)
            return q->busy ? NULL : q;
        if (!q->busy && (!oldest || q->used < oldest->used))
            oldest = q;
    }
    return oldest;
}

static struct stmt *stmt_take(struct db *db, const char *sql, struct err *err)
{
    struct stmt *q = place_for(db, sql);
    bool alone = !q;
    if (alone)
        q = mem_get(sizeof *q);
    if (!q) {
        fail_memory(err);
        return NULL;
    }
    if (q->sql != sql) {
        sqlite3_finalize(q->s);
        *q = (struct stmt){.alone = alone};
        int code = sqlite3_prepare_v3(db->h, sql, -1, alone ? 0 : SQLITE_PREPARE_PERSISTENT, &q->s, NULL);
        if (code != SQLITE_OK || !q->s) {
            db_fail(db, code, err);
            if (alone)
                mem_free(q);
            return NULL;
        }
        q->sql = sql;
        q->db = db;
    }
    q->used = ++db->clock;
    q->busy = true;
    q->ended = false;
    return q;
}

static int bind(sqlite3_stmt *s, int at, const struct val *v)
{
    switch (v->kind) {
    case VAL_INT:
        return sqlite3_bind_int64(s, at, v->i);
    case VAL_REAL:
        return sqlite3_bind_double(s, at, v->r);
    case VAL_TEXT:
        return sqlite3_bind_text64(s, at, v->s.p ? v->s.p : "", v->s.n, SQLITE_STATIC, SQLITE_UTF8);
    case VAL_BLOB:
        return sqlite3_bind_blob64(s, at, v->s.p ? v->s.p : "", v->s.n, SQLITE_STATIC);
    case VAL_NULL:
        break;
    }
    return sqlite3_bind_null(s, at);
}

/* Every $n of the text gets value n, and every value is used: PostgreSQL would refuse anything else. */
static bool bind_all(struct stmt *q, const struct val *vals, size_t n, struct err *err)
{
    int count = sqlite3_bind_parameter_count(q->s);
    size_t highest = 0;
    for (int at = 1; at <= count; at++) {
        const char *name = sqlite3_bind_parameter_name(q->s, at);
        size_t which = name && name[0] == '$' ? strtoul(name + 1, NULL, 10) : 0;
        if (which == 0 || which > n)
            return fail(err, E_SYSTEM, "A statement of Respite names a value that it is not given: %s",
                        q->sql);
        if (which > highest)
            highest = which;
        int code = bind(q->s, at, &vals[which - 1]);
        if (code != SQLITE_OK)
            return db_fail(q->db, code, err);
    }
    if (highest != n)
        return fail(err, E_SYSTEM, "A statement of Respite is given more values than it names: %s", q->sql);
    return true;
}

bool db_query_(struct db *db, struct stmt **out, struct err *err, const char *sql, const struct val *vals,
               size_t n)
{
    struct stmt *q = stmt_take(db, sql, err);
    if (!q)
        return false;
    if (!bind_all(q, vals, n, err)) {
        db_close_stmt(q);
        return false;
    }
    *out = q;
    return true;
}

bool db_next(struct stmt *q, struct err *err)
{
    if (q->ended)
        return false;
    int code = sqlite3_step(q->s);
    if (code == SQLITE_ROW)
        return true;
    q->ended = true;
    if (code != SQLITE_DONE)
        db_fail(q->db, code, err);
    sqlite3_reset(q->s); /* ends the read, so that a checkpoint can pass */
    return false;
}

void db_close_stmt(struct stmt *q)
{
    if (!q)
        return;
    if (q->alone) {
        sqlite3_finalize(q->s);
        mem_free(q);
        return;
    }
    sqlite3_reset(q->s);
    sqlite3_clear_bindings(q->s);
    q->busy = false;
}

int64_t db_int(struct stmt *q, int column)
{
    return sqlite3_column_int64(q->s, column);
}

double db_real(struct stmt *q, int column)
{
    return sqlite3_column_double(q->s, column);
}

struct span db_text(struct stmt *q, int column)
{
    if (sqlite3_column_type(q->s, column) == SQLITE_NULL)
        return (struct span){NULL, 0};
    const void *p = sqlite3_column_type(q->s, column) == SQLITE_BLOB ? sqlite3_column_blob(q->s, column)
                                                                     : sqlite3_column_text(q->s, column);
    return (struct span){p ? p : "", (size_t)sqlite3_column_bytes(q->s, column)};
}

bool db_is_null(struct stmt *q, int column)
{
    return sqlite3_column_type(q->s, column) == SQLITE_NULL;
}

bool db_run_(struct db *db, struct err *err, const char *sql, const struct val *vals, size_t n)
{
    AUTO_STMT
    struct stmt *q = NULL;
    if (!db_query_(db, &q, err, sql, vals, n))
        return false;
    int code;
    do
        code = sqlite3_step(q->s);
    while (code == SQLITE_ROW);
    return code == SQLITE_DONE || db_fail(db, code, err);
}

bool db_number_(struct db *db, int64_t *out, int64_t otherwise, struct err *err, const char *sql,
                const struct val *vals, size_t n)
{
    AUTO_STMT
    struct stmt *q = NULL;
    if (!db_query_(db, &q, err, sql, vals, n))
        return false;
    struct err inner = {0};
    bool row = db_next(q, &inner);
    if (inner.code)
        return fail(err, inner.code, "%s", inner.text);
    *out = row && !db_is_null(q, 0) ? db_int(q, 0) : otherwise;
    return true;
}

/* ---- transactions ---- */

/* Undo down to the level we are at. SQLite may have rolled back by itself (disk full): then there is nothing
 * to do. What this says does not matter: the first failure is the one to tell. */
static void undo(struct db *db)
{
    struct err second = {0};
    if (sqlite3_get_autocommit(db->h))
        return;
    bool done = db->depth == 0 ? db_run(db, &second, "rollback")
                               : db_run(db, &second, "rollback to inner_work") &&
                                     db_run(db, &second, "release inner_work");
    (void)done;
}

static bool begin(struct db *db, struct err *err)
{
    return db->depth == 0 ? db_run(db, err, "begin immediate") : db_run(db, err, "savepoint inner_work");
}

static bool keep(struct db *db, struct err *err)
{
    if (sqlite3_get_autocommit(db->h)) /* rolled back underneath us by a failure the work went on from */
        return fail(err, E_SYSTEM, tr("err.io.db_undone", "The database %s undid this by itself. Try again."),
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

int64_t db_changed(struct db *db)
{
    return sqlite3_changes64(db->h);
}

/* ---- the whole database ---- */

static bool copy_into(struct db *from, struct db *to, struct err *err)
{
    sqlite3_backup *copy = sqlite3_backup_init(to->h, "main", from->h, "main");
    if (!copy)
        return db_fail(to, sqlite3_errcode(to->h), err);
    int step = sqlite3_backup_step(copy, -1);
    int code = sqlite3_backup_finish(copy);
    if (step != SQLITE_DONE || code != SQLITE_OK)
        return db_fail(to, code != SQLITE_OK ? code : step, err);
    /* The copy came with the mark of write-ahead logging: without it, a backup is one file, readable also
     * where nothing can be written. */
    code = sqlite3_exec(to->h, "pragma journal_mode = delete", NULL, NULL, NULL);
    return code == SQLITE_OK || db_fail(to, code, err);
}

bool db_backup(struct db *db, const char *path, struct err *err)
{
    bool there;
    if (!make_file(path, &there, err))
        return false;
    if (there)
        return fail(
            err, E_REFUSED,
            tr("err.io.backup_there", "There is a file at %s already. Name another one, or move it away."),
            path);
    struct db *to = NULL;
    bool done = open_with(&to, path, SQLITE_OPEN_READWRITE, "pragma synchronous = full", err) &&
                copy_into(db, to, err);
    db_close(to);
    if (!done)
        unlink(path);
    return done;
}

bool db_check(struct db *db, struct err *err)
{
    AUTO_STMT
    struct stmt *q = NULL;
    if (!db_query(db, &q, err, "pragma integrity_check(1)"))
        return false;
    struct err inner = {0};
    if (!db_next(q, &inner))
        return fail(err, inner.code ? inner.code : E_SYSTEM, "%s", inner.text);
    if (span_is(db_text(q, 0), "ok"))
        return true;
    return fail(
        err, E_FORMAT,
        tr("err.io.db_corrupt", "The database %s is damaged. Bring back a copy with `respite restore FILE`."),
        db->path);
}

bool db_run_script(struct db *db, const char *sql, struct err *err)
{
    int code = sqlite3_exec(db->h, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || db_fail(db, code, err);
}

/* ---- settings ---- */

bool setting_get(struct db *db, struct arena *arena, const char *name, const char *otherwise,
                 const char **out, struct err *err)
{
    AUTO_STMT
    struct stmt *q = NULL;
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
