/* A lab's database, copied and put back. A copy is kept for long and seen by many, so it holds no more than
 * the order of hashes: acts that wait are not in it, and their passes not as spent ones, so that the nodes
 * that have receipts for them can send them again. A database that is put back is older than what members
 * have seen: the file `head` beside it says by how much, and what is missing comes from a member.
 *
 * DATA/lab/lab.db.lock is shared by every process that has the database open, and held alone by a restore. */
#include "app/lab_keep.h"

#include <stdlib.h>
#include <unistd.h>

#include "anon/lab_key.h"
#include "anon/tidy.h"
#include "app/keep.h"
#include "app/lab.h"
#include "app/schema.h"

#include "base/banned.h"

const struct cli_option backup_options[] = {
    {"lab", NULL, N_("backup.opt.lab", "the lab's database, where a node and a lab share the folder")},
    {"db", "URL", N_("backup.opt.db", "postgresql://…: says which program copies that one")},
    {0}};

static const char *lab_file(struct app *app, const char *name)
{
    const char *dir = file_join(app->arena, app->paths->data, "lab");
    return dir ? file_join(app->arena, dir, name) : NULL;
}

bool lab_keep_is(struct app *app)
{
    const char *db = lab_file(app, "lab.db"), *key = lab_file(app, "lab.key");
    return cli_has(app->cli, "lab") || cli_value(app->cli, "db") ||
           (!file_exists(app->paths->db) && ((db && file_exists(db)) || (key && file_exists(key))));
}

bool lab_keep_made(const char *file)
{
    struct db *db = NULL;
    struct err none = {0};
    int64_t n = 0;
    bool made = db_open_read(&db, file, &none) &&
                db_number(db, &n, 0, &none,
                          "select count(*) from sqlite_schema where type = 'table' and name = 'log_tile'") &&
                n == 1;
    db_close(db);
    return made;
}

/* ---- the lock ---- */

static bool hold(struct app *app, bool take(const char *, int *, struct err *), int *fd, const char *busy,
                 struct err *err)
{
    struct err mine = {0};
    const char *path = lab_file(app, "lab.db.lock");
    if (!path)
        return fail_memory(err);
    return take(path, fd, &mine) || fail(err, mine.code, "%s", mine.code == E_BUSY ? busy : mine.text);
}

bool lab_keep_use(struct app *app, struct err *err)
{
    int for_life;
    return cli_value(app->cli, "db") ||
           hold(app, file_lock_shared, &for_life,
                tr("err.lab.changing",
                   "The lab's database is being put back at this moment. Please try again "
                   "when that is done."),
                err);
}

/* ---- backup ---- */

/* The lab of this folder; its database is at `path`, and E_REFUSED when that is another lab's. */
static bool load(struct app *app, const char *path, struct err *err)
{
    const char *dir = file_join(app->arena, app->paths->data, "lab");
    if (!dir || !path)
        return fail_memory(err);
    setenv("SQLITE_TMPDIR", dir, 1); /* VACUUM writes a copy: into the one folder that is ours */
    if (!lab_load(app->arena, app->paths, path, &app->lab, err))
        return false;
    app->role = app->lab->role;
    return true;
}

static bool elsewhere(struct err *err)
{
    return fail(err, E_REFUSED,
                tr("err.backup.pg",
                   "There is no database of a lab in this folder. One in PostgreSQL is copied with pg_dump, "
                   "which comes with PostgreSQL, soon after a batch: until the next one it holds what waits, "
                   "in the order in which it came. `respite lab doctor --db …` says whether the server keeps "
                   "such an order elsewhere."));
}

static bool rooms_on_copy(struct app *app, struct db *copy, struct err *err)
{
    bool ok = true;
    for (const struct room *const *room = app->rooms; ok && *room; room++)
        ok = !(*room)->lab_copied || (*room)->lab_copied(app, copy, err);
    return ok;
}

static bool copy_tidy(struct app *app, const char *path, struct err *err)
{
    struct db *copy = NULL;
    bool done = db_open(&copy, path, err) &&
                ((unsigned)app->role & BOARD ? rooms_on_copy(app, copy, err) && tidy_copy(copy, err)
                                             : tidy(copy, err));
    db_close(copy);
    return done;
}

/* By way of a copy in the lab's folder, so that what a backup may not hold was never in `file`. */
static bool copy_out(struct app *app, const char *db, const char *copy, const char *file, struct err *err)
{
    struct db *from = NULL, *tidied = NULL;
    bool done = file_remove(copy, err) && db_open_read(&from, db, err) && db_backup(from, copy, err);
    db_close(from);
    done = done && copy_tidy(app, copy, err) && db_open(&tidied, copy, err) && db_backup(tidied, file, err);
    db_close(tidied);
    return done;
}

/* A copy that was opened may have left its log. */
static bool remove_copy(const char *copy, struct err *err)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        AUTO_BUF struct buf path;
        buf_init(&path, 1 << 16);
        buf_printf(&path, "%s%s", copy, ends[i]);
        if (!buf_ok(&path, err) || !file_remove(buf_text(&path), err))
            return false;
    }
    return true;
}

bool lab_keep_backup(struct app *app, const char *file, struct err *err)
{
    struct err ignored = {0};
    const char *db = lab_file(app, "lab.db"), *copy = lab_file(app, "lab.db.copying");
    if (!db || !copy)
        return fail_memory(err);
    if (cli_value(app->cli, "db") || !file_exists(db))
        return elsewhere(err);
    if (!lab_keep_use(app, err) || !load(app, db, err))
        return false;
    bool done = copy_out(app, db, copy, file, err);
    return remove_copy(copy, done ? err : &ignored) && done;
}

/* ---- restore ---- */

/* A copy of `file` at `fresh`, in the shape of this program. */
static bool make_fresh(struct app *app, const char *file, const char *fresh, struct err *err)
{
    struct db *from = NULL, *copy = NULL;
    bool done =
        remove_copy(fresh, err) && keep_backup_open(app, &from, file, err) && db_backup(from, fresh, err);
    db_close(from);
    done = done && db_open(&copy, fresh, err) && schema_migrate(app, copy, NULL, err);
    db_close(copy);
    return done;
}

/* What is to be done before members may be served from it: they have seen more than it holds. */
static bool ask_head(struct app *app, const char *path, const char **next, struct err *err)
{
    struct db *db = NULL;
    struct err older = {0};
    *next = NULL;
    if (!file_exists(app->lab->head_file)) {
        *next = tr("restore.no_head",
                   "The file `head` of this lab is not here, so it is not known how much its members have "
                   "seen since this backup. Before you serve it, let a member write their copy (`respite "
                   "export --log FILE`) and read it with `respite lab recover FILE`; else members' computers "
                   "will say that the lab has two histories.");
        return true;
    }
    if (!db_open(&db, path, err))
        return false;
    bool whole = tlog_head_check(db, &app->lab->log, app->lab->head_file, &older);
    db_close(db);
    if (!whole && older.code != E_REFUSED)
        return fail(err, older.code, "%s", older.text);
    if (!whole)
        *next = arena_text(app->arena, span_of(older.text));
    return whole || *next || fail_memory(err);
}

static bool swap(struct app *app, const char *file, const char *db, const char **kept, struct err *err)
{
    struct err ignored = {0};
    const char *fresh = lab_file(app, "lab.db.restoring");
    if (!fresh)
        return fail_memory(err);
    if (make_fresh(app, file, fresh, err) && keep_swap(app, db, fresh, kept, err))
        return true;
    (void)!remove_copy(fresh, &ignored);
    return false;
}

bool lab_keep_restore(struct app *app, const char *file, const char **kept, const char **next,
                      struct err *err)
{
    int fd;
    const char *db = lab_file(app, "lab.db");
    if (!load(app, file, err) || !keep_agreed(app, db, err) ||
        !file_make_dir(file_join(app->arena, app->paths->data, "lab"), true, err) ||
        !hold(app, file_lock, &fd,
              tr("err.lab.running", "The lab is served from this folder, or a command has its database open. "
                                    "Stop it first, then try again."),
              err))
        return false;
    bool done = swap(app, file, db, kept, err) && ask_head(app, db, next, err);
    close(fd);
    return done;
}
