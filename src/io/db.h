#ifndef IO_DB_H
#define IO_DB_H
/* One database, whichever it is: SQLite (io/db_sqlite.c) or PostgreSQL (io/db_pg.c). SQL texts are string
 * literals only: the macros below write "" sql "" , so anything else does not compile ("expected '}' before
 * …" or a like complaint is this rule speaking). Values come in by $1, $2, … and a struct val each; $n may be
 * used twice.
 *
 * One text serves both, when it keeps to this. Migrations say integer, real, text, blob, `integer primary
 * key` (numbered by the database; then no insert names it, or each does) and `without rowid`: io/db_pg.c puts
 * PostgreSQL's words for them; an integer has 64 bits in both. What may be there already is `on conflict do
 * nothing`, then db_changed() says whether it was kept: a statement that fails inside db_write ends that
 * work, which returns false then (PostgreSQL takes no further statement; an inner db_write undoes its own
 * part and no more). Yes and no are integers. Two processes on one PostgreSQL write at the same time: what a
 * work has read may have changed before it writes, unless it first took the row with an `update` (SQLite has
 * no `for update`), or a unique key decides. A query's rows are fetched at once there, so ask for long tables
 * in pieces. */
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/span.h"

struct db;
struct stmt;

enum val_kind { VAL_NULL, VAL_INT, VAL_REAL, VAL_TEXT, VAL_BLOB };
struct val {
    enum val_kind kind;
    int64_t i;
    double r;
    struct span s; /* borrowed until db_close_stmt, or the end of db_run */
};
#define V_NULL ((struct val){.kind = VAL_NULL})
#define V_INT(x) ((struct val){.kind = VAL_INT, .i = (x)})
#define V_REAL(x) ((struct val){.kind = VAL_REAL, .r = (x)})
#define V_TEXT(x) ((struct val){.kind = VAL_TEXT, .s = (x)})       /* a struct span */
#define V_STR(x) ((struct val){.kind = VAL_TEXT, .s = span_of(x)}) /* a NUL-ended string */
#define V_BLOB(x) ((struct val){.kind = VAL_BLOB, .s = (x)})

/* Open the SQLite file at `path` (made with mode 0600 when it is not there), or ":memory:": WAL,
 * synchronous=FULL, secure_delete, foreign_keys, busy_timeout 5 s, cache of 1 MB. Or the PostgreSQL database
 * at postgresql://[user[:password]@]host[:port]/name[?…]: synchronous_commit, lock_timeout 5 s; a connection
 * that was lost is made anew for the next statement outside a transaction. `*out` is closed with db_close
 * (NULL is fine). A handle belongs to one thread. Errors in whole sentences: E_FULL, E_NEWER (by
 * migrate), E_BUSY, E_SYSTEM (read-only), E_FORMAT (not a database, damaged), E_REFUSED (a row against a rule
 * of its table). */
MUST bool db_open(struct db **out, const char *path, struct err *err);
/* The same, read only, nothing created: for looking at a database that another process holds. */
MUST bool db_open_read(struct db **out, const char *path, struct err *err);
void db_close(struct db *db);

/* Run a statement that gives no rows. `changed` of db_changed() counts the rows it touched. */
#define db_run(db, err, sql, ...) \
    db_run_((db), (err), "" sql "", (const struct val[]){__VA_ARGS__ __VA_OPT__(, ){0}}, \
            DB_COUNT_(__VA_ARGS__))
/* The same, when nothing depends on whether it was done: within db_write PostgreSQL gets it together with the
 * next statement, which saves a way there and back. A failure is that of the next statement, of db_settle()
 * or of the end of the work; db_changed() does not count it. */
#define db_run_later(db, err, sql, ...) \
    db_run_later_((db), (err), "" sql "", (const struct val[]){__VA_ARGS__ __VA_OPT__(, ){0}}, \
                  DB_COUNT_(__VA_ARGS__))
/* Begin a query; then db_next() until false; the statement closes by scope: AUTO_STMT struct stmt *q = NULL;
 *     if (!db_query(db, &q, err, "select day from leave where day >= $1", V_INT(day))) return false;
 *     while (db_next(q, err)) … db_int(q, 0) …;   if (err->code) return false;        (err must be clean at
 * the start) */
#define db_query(db, stmt, err, sql, ...) \
    db_query_((db), (stmt), (err), "" sql "", (const struct val[]){__VA_ARGS__ __VA_OPT__(, ){0}}, \
              DB_COUNT_(__VA_ARGS__))
#define DB_COUNT_(...) (sizeof((const struct val[]){__VA_ARGS__ __VA_OPT__(, ){0}}) / sizeof(struct val) - 1)

MUST bool db_run_(struct db *db, struct err *err, const char *sql, const struct val *vals, size_t n);
MUST bool db_run_later_(struct db *db, struct err *err, const char *sql, const struct val *vals, size_t n);
/* Wait for what was put off: false when one of it failed. */
MUST bool db_settle(struct db *db, struct err *err);
MUST bool db_query_(struct db *db, struct stmt **out, struct err *err, const char *sql,
                    const struct val *vals, size_t n);
/* The next row. False at the end or on an error (then err->code is set). */
bool db_next(struct stmt *q, struct err *err);
int64_t db_int(struct stmt *q, int column);
double db_real(struct stmt *q, int column);
struct span db_text(struct stmt *q, int column); /* also blobs; valid until the next db_next */
bool db_is_null(struct stmt *q, int column);
void db_close_stmt(struct stmt *q);
static inline void db_stmt_cleanup(struct stmt **q)
{
    db_close_stmt(*q);
}
#define AUTO_STMT __attribute__((cleanup(db_stmt_cleanup)))

/* A single number: `*out` is the first column of the first row, or `otherwise` when there is no row or it is
 * null. */
#define db_number(db, out, otherwise, err, sql, ...) \
    db_number_((db), (out), (otherwise), (err), "" sql "", \
               (const struct val[]){__VA_ARGS__ __VA_OPT__(, ){0}}, DB_COUNT_(__VA_ARGS__))
MUST bool db_number_(struct db *db, int64_t *out, int64_t otherwise, struct err *err, const char *sql,
                     const struct val *vals, size_t n);

/* Everything `work` does is one transaction: kept when it returns true, else undone. Nests by savepoints. */
typedef bool db_work(struct db *db, void *arg, struct err *err);
MUST bool db_write(struct db *db, db_work *work, void *arg, struct err *err);
/* Within db_write, before anything else: wait until no other process is in work that said the same, and keep
 * others out until this work ends (PostgreSQL; SQLite's writers are alone always). Migrations and the taking
 * of leases do. */
MUST bool db_alone(struct db *db, struct err *err);
/* True within db_write. */
bool db_is_writing(const struct db *db);
/* Which of the two it is: for what one text cannot say to both. */
bool db_is_pg(const struct db *db);
/* How many rows the last statement that was run touched. */
int64_t db_changed(struct db *db);

/* Copy the whole database into a new file at `path` (mode 0600, must not exist) through SQLite's backup. Of
 * PostgreSQL: E_REFUSED, naming pg_dump. */
MUST bool db_backup(struct db *db, const char *path, struct err *err);
/* True when SQLite's own check finds nothing wrong; of PostgreSQL, that it answers. */
MUST bool db_check(struct db *db, struct err *err);

/* Run a migration's text, which comes from a room's table and so is not a literal here: io/migrate.c alone
 * calls this. */
MUST bool db_run_script(struct db *db, const char *sql, struct err *err);

/* Settings: small texts by name ("theme", "lang", "hours"), in the table `setting` of io's own migration. A
 * missing one gives `otherwise` (may be NULL). The copy lives in `arena`. */
MUST bool setting_get(struct db *db, struct arena *arena, const char *name, const char *otherwise,
                      const char **out, struct err *err);
MUST bool setting_put(struct db *db, const char *name, const char *value, struct err *err);
#endif
