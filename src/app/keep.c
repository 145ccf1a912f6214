/* paths, backup, restore: where the data is, a copy of it in one file, and that file put back. A backup holds
 * everything, signs of work included; an export (export.c) is for reading and holds none. */
#include "app/keep.h"

#include <unistd.h>

#include "app/lab_keep.h"
#include "app/schema.h"
#include "codec/json.h"
#include "io/disk.h"
#include "io/file.h"

#include "base/banned.h"

int keep_said(struct app *app, json_t *json, const struct buf *text)
{
    struct err err = {0};
    AUTO_JSON json_t *mine = json;
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 20);
    if (!mine) {
        fail_memory(&err);
        return cmd_failed(&err);
    }
    if (!cli_has(app->cli, "json"))
        return cli_has(app->cli, "quiet") || cmd_print(text, &err) ? 0 : cmd_failed(&err);
    return json_write(mine, &out, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}

bool keep_word(struct app *app, const char *usage, const char **out, struct err *err)
{
    if (app->cli->words_n != 1 || !app->cli->words[0][0])
        return fail(err, E_USAGE, "%s", usage);
    *out = app->cli->words[0];
    return true;
}

/* One of the two locks; `busy` is what is said while somebody has it. */
static bool hold_one(struct app *app, const char *name, bool take(const char *, int *, struct err *), int *fd,
                     const char *busy, struct err *err)
{
    struct err mine = {0};
    const char *path = file_join(app->arena, app->paths->data, name);
    if (!path)
        return fail_memory(err);
    return take(path, fd, &mine) || fail(err, mine.code, "%s", mine.code == E_BUSY ? busy : mine.text);
}

bool keep_lock(struct app *app, struct keep_hold *out, struct err *err)
{
    struct keep_hold hold;
    if (!hold_one(
            app, "lock", file_lock, &hold.lock,
            tr("err.keep.running",
               "Respite is running on this data. Stop it first (Ctrl-C where it runs), then try again."),
            err))
        return false;
    if (!hold_one(app, "use", file_lock, &hold.use,
                  tr("err.keep.used", "A command of Respite is at work on this data at this moment. Wait for "
                                      "its end, then try again."),
                  err)) {
        close(hold.lock);
        return false;
    }
    *out = hold;
    return true;
}

void keep_unlock(const struct keep_hold *hold)
{
    close(hold->use);
    close(hold->lock);
}

bool keep_use(struct app *app, struct err *err)
{
    int for_life;
    return hold_one(app, "use", file_lock_shared, &for_life,
                    tr("err.keep.changing",
                       "The data is being put back or removed at this moment. Please try "
                       "again when that is done."),
                    err);
}

bool keep_open(struct app *app, struct err *err)
{
    const char *backup = file_join(app->arena, app->paths->data, "respite.db.before-upgrade");
    if (!backup)
        return fail_memory(err);
    return file_make_dir(app->paths->data, true, err) && keep_use(app, err) &&
           db_open(&app->db, app->paths->db, err) && schema_migrate(app, app->db, backup, err);
}

/* There is no file of settings: they are in the database, and go with it into a backup. */
int cmd_paths(struct app *app)
{
    struct err err = {0};
    AUTO_BUF struct buf text;
    const char *lock = file_join(app->arena, app->paths->data, "lock");
    buf_init(&text, 1 << 16);
    if (!lock) {
        fail_memory(&err);
        return cmd_failed(&err);
    }
    words_say(&text,
              tr("paths.text",
                 "Data       {data}\nDatabase   {db}\nSettings   in the database\nLock       {lock}\n"),
              {"data", path_shown(app->arena, app->paths, app->paths->data)},
              {"db", path_shown(app->arena, app->paths, app->paths->db)},
              {"lock", path_shown(app->arena, app->paths, lock)});
    return keep_said(app,
                     json_pack("{s:o,s:o,s:o,s:o}", "data", json_shown(span_of(app->paths->data)), "database",
                               json_shown(span_of(app->paths->db)), "config",
                               json_shown(span_of(app->paths->db)), "lock", json_shown(span_of(lock))),
                     &text);
}

/* What no copy may hold goes out of it; and what may not come back, when it is to take the place of the data.
 */
static bool rooms_on_copy(struct app *app, const char *path, bool back, struct err *err)
{
    struct db *copy = NULL;
    bool ok = db_open(&copy, path, err);
    for (const struct room *const *room = app->rooms; ok && *room; room++) {
        bool (*hook)(struct app *, struct db *, struct err *) = back ? (*room)->restored : (*room)->copied;
        ok = !hook || hook(app, copy, err);
    }
    db_close(copy);
    return ok;
}

/* By way of a copy in the data folder, so that what a backup may not hold was never in `file`. */
static bool backup_write(struct app *app, const char *file, struct err *err)
{
    struct err ignored = {0};
    struct db *from = NULL;
    const char *copy = file_join(app->arena, app->paths->data, "respite.db.copying");
    if (!copy)
        return fail_memory(err);
    bool ok = file_remove(copy, err) && db_backup(app->db, copy, err) &&
              rooms_on_copy(app, copy, false, err) && db_open(&from, copy, err) && db_backup(from, file, err);
    db_close(from);
    return file_remove(copy, ok ? err : &ignored) && ok;
}

static bool backup_run(struct app *app, bool lab, const char **file, struct err *err)
{
    if (!keep_word(app, tr("err.backup.usage", "Name the file to write: respite backup FILE."), file, err))
        return false;
    if (file_exists(*file))
        return fail(err, E_REFUSED,
                    tr("err.backup.there",
                       "“%s” is there already, and nothing was written. Please choose another name."),
                    path_shown(app->arena, app->paths, *file));
    return lab ? lab_keep_backup(app, *file, err)
               : (app->db || keep_open(app, err)) && backup_write(app, *file, err);
}

static void backup_say(struct app *app, bool lab, const char *file, struct buf *out)
{
    const char *shown = path_shown(app->arena, app->paths, file);
    if (lab)
        words_say(out,
                  tr("backup.lab", "Written: {file}\nIt holds what the lab has published and who its members "
                                   "are, and is not encrypted: keep it where nobody else can read it. Acts "
                                   "that wait for their batch are not in it; members' computers send them "
                                   "again. The lab's key file is not in it either: keep a copy of that in "
                                   "another place.\n`respite restore {file}` puts it back.\n"),
                  {"file", shown});
    else
        words_say(out,
                  tr("backup.done", "Written: {file}\nIt holds everything, signs of work too, and is not "
                                    "encrypted: keep it where nobody else "
                                    "can read it.\n`respite restore {file}` puts it back.\n"),
                  {"file", shown});
}

int cmd_backup(struct app *app)
{
    struct err err = {0};
    AUTO_BUF struct buf text;
    const char *file = NULL;
    bool lab = lab_keep_is(app);
    buf_init(&text, 1 << 16);
    if (!backup_run(app, lab, &file, &err))
        return cmd_failed(&err);
    backup_say(app, lab, file, &text);
    return keep_said(app, json_pack("{s:b,s:o}", "ok", 1, "file", json_shown(span_of(file))), &text);
}

/* respite.db.before-restore-N, the first that is free. */
static bool kept_name(struct app *app, const char *db, const char **out, struct err *err)
{
    for (int n = 1; n < 10000; n++) {
        AUTO_BUF struct buf name;
        buf_init(&name, 1 << 16);
        buf_printf(&name, "%s.before-restore-%d", db, n);
        const char *path = buf_ok(&name, err) ? arena_text(app->arena, buf_span(&name)) : NULL;
        if (!path)
            return fail_memory(err);
        if (!file_exists(path)) {
            *out = path;
            return true;
        }
    }
    return fail(
        err, E_LIMIT,
        tr("err.restore.many", "There are too many files named “%s.before-restore-…”; please remove some."),
        path_shown(app->arena, app->paths, db));
}

/* `file`, open for reading, found whole and ours. */
bool keep_backup_open(struct app *app, struct db **out, const char *file, struct err *err)
{
    struct err mine = {0};
    const char *shown = path_shown(app->arena, app->paths, file);
    if (db_open_read(out, file, &mine) && schema_is_ours(*out, shown, &mine) && db_check(*out, &mine))
        return true;
    if (mine.code == E_FORMAT)
        return fail(err, E_FORMAT,
                    tr("err.restore.other", "“%s” is not a whole backup of Respite. Nothing was changed."),
                    shown);
    return fail(err, mine.code, "%s", mine.text);
}

/* A copy of `file` at `fresh`, brought to the shape of this program. `file` itself is not touched. */
static bool fresh_make(struct app *app, const char *file, const char *fresh, struct err *err)
{
    struct db *from = NULL, *copy = NULL;
    bool ok =
        file_remove(fresh, err) && keep_backup_open(app, &from, file, err) && db_backup(from, fresh, err);
    db_close(from);
    ok = ok && db_open(&copy, fresh, err) && schema_migrate(app, copy, NULL, err);
    db_close(copy);
    return ok && rooms_on_copy(app, fresh, true, err);
}

/* Closing the last handle writes SQLite's log into the database. Where even that fails the log keeps its
 * place beside the kept file, so that nothing is lost and the new database does not meet a log that is not
 * its own. */
static bool present_settle(const char *path, const char *kept, struct err *err)
{
    struct err ignored = {0};
    struct db *db = NULL;
    if (file_exists(path) && db_open(&db, path, &ignored))
        db_close(db);
    static const char *const ends[] = {"-wal", "-shm"};
    for (size_t i = 0; i < 2; i++) {
        AUTO_BUF struct buf from, to;
        buf_init(&from, 1 << 16);
        buf_init(&to, 1 << 16);
        buf_printf(&from, "%s%s", path, ends[i]);
        buf_printf(&to, "%s%s", kept, ends[i]);
        if (!buf_ok(&from, err) || !buf_ok(&to, err) || !disk_rename(buf_text(&from), buf_text(&to), err))
            return false;
    }
    return true;
}

bool keep_swap(struct app *app, const char *db, const char *fresh, const char **kept, struct err *err)
{
    bool was_there = file_exists(db);
    if (!kept_name(app, db, kept, err) || !present_settle(db, *kept, err) ||
        !disk_swap(db, *kept, fresh, err))
        return false;
    if (!was_there)
        *kept = NULL;
    return true;
}

/* With the lock held: the file made fit, the present one kept, the one put in the place of the other. */
static bool restore_swap(struct app *app, const char *file, const char **kept, struct err *err)
{
    struct err ignored = {0};
    const char *fresh = file_join(app->arena, app->paths->data, "respite.db.restoring");
    if (!fresh)
        return fail_memory(err);
    if (fresh_make(app, file, fresh, err) && keep_swap(app, app->paths->db, fresh, kept, err))
        return true;
    (void)!file_remove(fresh, &ignored);
    return false;
}

/* Where something is here already, it is asked first. */
bool keep_agreed(struct app *app, const char *db, struct err *err)
{
    if (!file_exists(db) || cli_has(app->cli, "yes"))
        return true;
    if (cli_has(app->cli, "no-input") || !isatty(STDIN_FILENO))
        return fail(err, E_USAGE, "%s",
                    tr("err.restore.ask",
                       "There is data here already, and nobody can be asked whether the backup may take its "
                       "place. --yes agrees to it; what is here is kept beside it."));
    return cli_agrees(app->cli, tr("restore.ask",
                                   "Put the backup in the place of what is here? What is here is kept.")) ||
           fail(err, E_REFUSED, "%s", tr("err.restore.no", "Nothing was changed."));
}

static bool restore_node(struct app *app, const char *file, const char **kept, struct err *err)
{
    struct keep_hold hold;
    if (!keep_agreed(app, app->paths->db, err) || !file_make_dir(app->paths->data, true, err) ||
        !keep_lock(app, &hold, err))
        return false;
    bool ok = restore_swap(app, file, kept, err);
    keep_unlock(&hold);
    return ok;
}

static bool restore_run(struct app *app, const char **file, const char **kept, const char **next,
                        struct err *err)
{
    if (!keep_word(app, tr("err.restore.usage", "Name the file to put back: respite restore FILE."), file,
                   err))
        return false;
    if (!file_exists(*file))
        return fail(err, E_MISSING, tr("err.restore.missing", "There is no file “%s”."),
                    path_shown(app->arena, app->paths, *file));
    return lab_keep_made(*file) ? lab_keep_restore(app, *file, kept, next, err)
                                : restore_node(app, *file, kept, err);
}

int cmd_restore(struct app *app)
{
    struct err err = {0};
    AUTO_BUF struct buf text;
    const char *file = NULL, *kept = NULL, *next = NULL;
    buf_init(&text, 1 << 16);
    if (!restore_run(app, &file, &kept, &next, &err))
        return cmd_failed(&err);
    words_say(&text, tr("restore.done", "Restored from {file}.\n"),
              {"file", path_shown(app->arena, app->paths, file)});
    if (kept)
        words_say(&text, tr("restore.kept", "What was here before is kept as {file}.\n"),
                  {"file", path_shown(app->arena, app->paths, kept)});
    if (next)
        buf_printf(&text, "%s\n", next);
    return keep_said(app,
                     json_pack("{s:b,s:o,s:o,s:o}", "ok", 1, "file", json_shown(span_of(file)), "kept",
                               kept ? json_shown(span_of(kept)) : json_null(), "next",
                               next ? json_string(next) : json_null()),
                     &text);
}
