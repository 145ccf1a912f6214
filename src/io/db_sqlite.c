/* io/db.h over one SQLite file. A prepared statement is kept under the address of its
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
#include "io/db_driver.h"

#include "base/banned.h"

enum { KEPT = 32, HEAP_SOFT = 4 * 1024 * 1024, BUSY_MS = 5000 };

struct lite_stmt {
    struct stmt stmt;
    const char *sql; /* the literal's address is the key */
    sqlite3_stmt *s;
    struct lite *db;
    uint64_t used;
    bool busy, ended, alone; /* alone: not in the cache, freed when closed */
};

struct lite {
    struct db db;
    sqlite3 *h;
    uint64_t clock; /* counts statements, for the cache */
    struct lite_stmt kept[KEPT];
};

static const struct db_driver lite_driver;

static struct lite *lite(struct db *db)
{
    return (struct lite *)(void *)db;
}

static struct lite_stmt *lite_stmt(struct stmt *q)
{
    return (struct lite_stmt *)(void *)q;
}

static bool out_of_space(sqlite3 *h, int code)
{
    int system = sqlite3_system_errno(h);
    return code == SQLITE_FULL || (code == SQLITE_IOERR && (system == ENOSPC || system == EDQUOT));
}

/* Say what SQLite's code means for a person. */
static bool db_fail(struct lite *db, int code, struct err *err)
{
    code &= 0xff;
    if (out_of_space(db->h, code))
        return fail(err, E_FULL,
                    tr("err.io.db_full",
                       "The disk is full, so nothing more was written to %s. What was kept before is "
                       "all there. Make some room and try again."),
                    db->db.path);
    switch (code) {
    case SQLITE_NOMEM:
        return fail_memory(err);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fail(err, E_BUSY,
                    tr("err.io.db_busy",
                       "Another program is writing to %s and did not end within five seconds. "
                       "Try again in a moment."),
                    db->db.path);
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return fail(err, E_SYSTEM,
                    tr("err.io.db_readonly",
                       "%s can be read but not written. Make the file and its folder writable "
                       "for you, or name another folder with --data."),
                    db->db.path);
    case SQLITE_CANTOPEN:
        return fail(err, E_SYSTEM,
                    tr("err.io.db_open",
                       "%s cannot be opened. Make its folder readable and writable for you, or name "
                       "another folder with --data."),
                    db->db.path);
    case SQLITE_NOTADB:
        return fail(err, E_FORMAT,
                    tr("err.io.db_notadb",
                       "%s is not a database of Respite. Move that file away, or name another "
                       "folder with --data."),
                    db->db.path);
    case SQLITE_CORRUPT:
        return fail(err, E_FORMAT,
                    tr("err.io.db_corrupt",
                       "The database %s is damaged. Bring back a copy with `respite restore FILE`."),
                    db->db.path);
    case SQLITE_CONSTRAINT:
        return fail(err, E_REFUSED, tr("err.io.db_row", "The database %s refused a row: %s."), db->db.path,
                    sqlite3_errmsg(db->h));
    default:
        return fail(err, E_SYSTEM, tr("err.io.db", "The database %s did not do what was asked of it: %s."),
                    db->db.path, sqlite3_errmsg(db->h));
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

static struct lite *db_new(const char *path)
{
    struct lite *db = mem_get(sizeof *db);
    if (!db)
        return NULL;
    db->db = (struct db){.driver = &lite_driver, .path = mem_copy(path)};
    if (!db->db.path) {
        mem_free(db);
        return NULL;
    }
    return db;
}

static void lite_close(struct db *base)
{
    struct lite *db = lite(base);
    for (size_t i = 0; i < KEPT; i++)
        sqlite3_finalize(db->kept[i].s);
    sqlite3_close_v2(db->h);
    mem_free(db->db.path);
    mem_free(db);
}

static bool open_with(struct lite **out, const char *path, int flags, const char *pragmas, struct err *err)
{
    struct lite *db = db_new(path);
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
    lite_close(&db->db);
    return false;
}

bool db_open_sqlite(struct db **out, const char *path, struct err *err)
{
    bool there;
    if (strcmp(path, ":memory:") != 0 && !make_file(path, &there, err))
        return false;
    struct lite *db = NULL;
    if (!open_with(&db, path, SQLITE_OPEN_READWRITE,
                   "pragma cache_size = -1024; pragma mmap_size = 0; pragma temp_store = memory;"
                   "pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on;"
                   "pragma foreign_keys = on; pragma journal_size_limit = 4194304",
                   err))
        return false;
    *out = &db->db;
    return true;
}

bool db_open_sqlite_read(struct db **out, const char *path, struct err *err)
{
    if (strcmp(path, ":memory:") != 0 && access(path, F_OK) != 0)
        return fail(err, E_MISSING, tr("err.io.db_missing", "There is no database at %s."), path);
    struct lite *db = NULL;
    if (!open_with(&db, path, SQLITE_OPEN_READONLY,
                   "pragma cache_size = -1024; pragma mmap_size = 0; pragma temp_store = memory;"
                   "pragma query_only = on; select count(*) from sqlite_schema",
                   err))
        return false;
    *out = &db->db;
    return true;
}

/* ---- statements ---- */

/* A place for `sql`: the one that holds it, else a free one, else the one that rested longest. NULL when
 * `sql` is running already (a query inside itself) or all are running. */
static struct lite_stmt *place_for(struct lite *db, const char *sql)
{
    struct lite_stmt *oldest = NULL;
    for (size_t i = 0; i < KEPT; i++) {
        struct lite_stmt *q = &db->kept[i];
        if (q->sql == sql)
            return q->busy ? NULL : q;
        if (!q->busy && (!oldest || q->used < oldest->used))
            oldest = q;
    }
    return oldest;
}

static struct lite_stmt *stmt_take(struct lite *db, const char *sql, struct err *err)
{
    struct lite_stmt *q = place_for(db, sql);
    bool alone = !q;
    if (alone)
        q = mem_get(sizeof *q);
    if (!q) {
        fail_memory(err);
        return NULL;
    }
    if (q->sql != sql) {
        sqlite3_finalize(q->s);
        *q = (struct lite_stmt){.stmt.driver = &lite_driver, .alone = alone};
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
static bool bind_all(struct lite_stmt *q, const struct val *vals, size_t n, struct err *err)
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

static void lite_close_stmt(struct stmt *base)
{
    struct lite_stmt *q = lite_stmt(base);
    if (q->alone) {
        sqlite3_finalize(q->s);
        mem_free(q);
        return;
    }
    sqlite3_reset(q->s);
    sqlite3_clear_bindings(q->s);
    q->busy = false;
}

/* Nothing is ever put off. */
static bool lite_settle(struct db *db, struct err *err)
{
    (void)db;
    (void)err;
    return true;
}

static bool lite_query(struct db *db, struct stmt **out, struct err *err, const char *sql,
                       const struct val *vals, size_t n)
{
    struct lite_stmt *q = stmt_take(lite(db), sql, err);
    if (!q)
        return false;
    if (!bind_all(q, vals, n, err)) {
        lite_close_stmt(&q->stmt);
        return false;
    }
    *out = &q->stmt;
    return true;
}

static bool lite_next(struct stmt *base, struct err *err)
{
    struct lite_stmt *q = lite_stmt(base);
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

static int64_t lite_int(struct stmt *q, int column)
{
    return sqlite3_column_int64(lite_stmt(q)->s, column);
}

static double lite_real(struct stmt *q, int column)
{
    return sqlite3_column_double(lite_stmt(q)->s, column);
}

static struct span lite_text(struct stmt *q, int column)
{
    sqlite3_stmt *s = lite_stmt(q)->s;
    if (sqlite3_column_type(s, column) == SQLITE_NULL)
        return (struct span){NULL, 0};
    const void *p = sqlite3_column_type(s, column) == SQLITE_BLOB ? sqlite3_column_blob(s, column)
                                                                  : sqlite3_column_text(s, column);
    return (struct span){p ? p : "", (size_t)sqlite3_column_bytes(s, column)};
}

static bool lite_null(struct stmt *q, int column)
{
    return sqlite3_column_type(lite_stmt(q)->s, column) == SQLITE_NULL;
}

static bool lite_run(struct db *db, struct err *err, const char *sql, const struct val *vals, size_t n)
{
    AUTO_STMT
    struct stmt *q = NULL;
    if (!lite_query(db, &q, err, sql, vals, n))
        return false;
    int code;
    do
        code = sqlite3_step(lite_stmt(q)->s);
    while (code == SQLITE_ROW);
    return code == SQLITE_DONE || db_fail(lite(db), code, err);
}

static int64_t lite_changed(struct db *db)
{
    return sqlite3_changes64(lite(db)->h);
}

/* ---- transactions ---- */

/* Immediate: one writer at a time, in whatever process, so that what a work reads holds until it ends. */
static bool lite_begin(struct db *db, struct err *err)
{
    return lite_run(db, err, "begin immediate", NULL, 0);
}

static bool lite_alone(struct db *db, struct err *err)
{
    (void)db;
    (void)err;
    return true;
}

static enum db_state lite_state(struct db *db)
{
    return sqlite3_get_autocommit(lite(db)->h) ? DB_IDLE : DB_OPEN;
}

/* ---- the whole database ---- */

static bool copy_into(struct lite *from, struct lite *to, struct err *err)
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

static bool lite_backup(struct db *db, const char *path, struct err *err)
{
    bool there;
    if (!make_file(path, &there, err))
        return false;
    if (there)
        return fail(
            err, E_REFUSED,
            tr("err.io.backup_there", "There is a file at %s already. Name another one, or move it away."),
            path);
    struct lite *to = NULL;
    bool done = open_with(&to, path, SQLITE_OPEN_READWRITE, "pragma synchronous = full", err) &&
                copy_into(lite(db), to, err);
    if (to)
        lite_close(&to->db);
    if (!done)
        unlink(path);
    return done;
}

static bool lite_check(struct db *db, struct err *err)
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

static bool lite_script(struct db *db, const char *sql, struct err *err)
{
    int code = sqlite3_exec(lite(db)->h, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || db_fail(lite(db), code, err);
}

static const struct db_driver lite_driver = {
    .close = lite_close,
    .run = lite_run,
    .run_later = lite_run,
    .settle = lite_settle,
    .query = lite_query,
    .next = lite_next,
    .get_int = lite_int,
    .get_real = lite_real,
    .get_text = lite_text,
    .get_null = lite_null,
    .close_stmt = lite_close_stmt,
    .begin = lite_begin,
    .alone = lite_alone,
    .state = lite_state,
    .changed = lite_changed,
    .script = lite_script,
    .backup = lite_backup,
    .check = lite_check,
};
