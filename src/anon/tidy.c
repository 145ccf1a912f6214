/* A row that was written last lies last in the file, and a log of changes is a list of arrivals. So after
 * each batch both go: the tables are written anew, sorted by keys that are hashes. Between two batches the
 * file shows what came since the last one, and in which order; `respite lab sees` says so. */
#include "anon/tidy.h"

#include <stdatomic.h>

#include "anon/lab.h"
#include "base/words.h"

#include "base/banned.h"

static bool tidy_sqlite(struct db *db, struct err *err)
{
    int64_t in_use;
    if (!db_run(db, err, "vacuum") || !db_number(db, &in_use, 1, err, "pragma wal_checkpoint(truncate)"))
        return false;
    return in_use == 0 ||
           fail(err, E_BUSY,
                tr("err.anon.tidy", "The database is being read, so that it could not be put in order."));
}

/* A table that is emptied by `truncate` gets a new file, so its rows lie as they are put in now, and all have
 * this transaction's number. */
static bool rewrite_pg(struct db *db, void *arg, struct err *err)
{
    (void)arg;
    return db_run(db, err, "lock table spent, waiting in access exclusive mode") &&
           db_run(db, err, "create temporary table spent_kept on commit drop as select * from spent") &&
           db_run(db, err, "create temporary table waiting_kept on commit drop as select * from waiting") &&
           db_run(db, err, "truncate spent, waiting") &&
           db_run(db, err, "insert into spent select * from spent_kept order by nonce") &&
           db_run(db, err, "insert into waiting select * from waiting_kept order by id");
}

static bool tidy_pg(struct db *db, struct err *err)
{
    return db_write(db, rewrite_pg, NULL, err) && db_run(db, err, "vacuum spent") &&
           db_run(db, err, "vacuum waiting");
}

bool tidy(struct db *db, struct err *err)
{
    return db_is_pg(db) ? tidy_pg(db, err) : tidy_sqlite(db, err);
}

static bool forget_waiting(struct db *db, void *arg, struct err *err)
{
    (void)arg;
    return db_run(db, err, "delete from spent where c in (select c from waiting)") &&
           db_run(db, err, "delete from waiting");
}

bool tidy_copy(struct db *copy, struct err *err)
{
    return db_write(copy, forget_waiting, NULL, err) && tidy(copy, err);
}

static bool tidy_work(struct db *db, void *arg, struct err *err)
{
    (void)arg;
    return tidy(db, err);
}

bool tidy_when_due(struct app *app, bool now, struct err *err)
{
    static atomic_bool untidy = true;
    if (now)
        untidy = true;
    if (!untidy)
        return true;
    bool done = app->lab && app->lab->writer ? writer_between(app->lab->writer, tidy_work, NULL, err)
                                             : tidy(app->db, err);
    if (done)
        untidy = false;
    else if (err->code == E_BUSY)
        err_clear(err); /* the next beat tries again */
    return done || err->code == E_NONE;
}
