#ifndef IO_DB_DRIVER_H
#define IO_DB_DRIVER_H
/* What io/db.c asks of a database: SQLite (io/db_sqlite.c) and PostgreSQL (io/db_pg.c) each fill one table.
 * For these three files alone; everybody else includes io/db.h. */
#include "base/buf.h"
#include "io/db.h"

enum db_state {
    DB_IDLE,   /* no transaction is open */
    DB_OPEN,   /* one is */
    DB_FAILED, /* one is, and takes nothing but its undoing (PostgreSQL after a failed statement) */
};

struct db_driver {
    bool pg;
    void (*close)(struct db *db);
    bool (*run)(struct db *db, struct err *err, const char *sql, const struct val *vals, size_t n);
    bool (*run_later)(struct db *db, struct err *err, const char *sql, const struct val *vals, size_t n);
    bool (*settle)(struct db *db, struct err *err);
    bool (*query)(struct db *db, struct stmt **out, struct err *err, const char *sql, const struct val *vals,
                  size_t n);
    bool (*next)(struct stmt *q, struct err *err);
    int64_t (*get_int)(struct stmt *q, int column);
    double (*get_real)(struct stmt *q, int column);
    struct span (*get_text)(struct stmt *q, int column);
    bool (*get_null)(struct stmt *q, int column);
    void (*close_stmt)(struct stmt *q);
    bool (*begin)(struct db *db, struct err *err); /* the outermost transaction */
    bool (*alone)(struct db *db, struct err *err);
    enum db_state (*state)(struct db *db);
    int64_t (*changed)(struct db *db);
    bool (*script)(struct db *db, const char *sql, struct err *err);
    bool (*backup)(struct db *db, const char *path, struct err *err);
    bool (*check)(struct db *db, struct err *err);
};

/* Each driver's own struct begins with this. */
struct db {
    const struct db_driver *driver;
    char *path;     /* for sentences; never a password */
    unsigned depth; /* of db_write */
};
struct stmt {
    const struct db_driver *driver;
};

MUST bool db_open_sqlite(struct db **out, const char *path, struct err *err);
MUST bool db_open_sqlite_read(struct db **out, const char *path, struct err *err);
MUST bool db_open_pg(struct db **out, const char *url, bool read_only, struct err *err);
/* Append `sql`, a migration's text, in PostgreSQL's words. */
void db_pg_words(struct buf *out, struct span sql);
#endif
