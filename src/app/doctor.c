/* doctor: looks at what Respite stands on and says of each thing what was found and, where something is
 * wrong, the repair. It opens the database for reading only and changes nothing, so that it can run beside a
 * node and on data that nothing else can open. */
#include <stdlib.h>
#include <unistd.h>

#include "app/keep.h"
#include "app/schema.h"
#include "base/vec.h"
#include "codec/gitlog.h"
#include "codec/json.h"
#include "codec/scan.h"
#include "io/clock.h"
#include "io/disk.h"
#include "io/file.h"
#include "io/proc.h"
#include "io/sandbox.h"
#include "ui/wrap.h"

#include "base/banned.h"

const struct cli_option doctor_options[] = {
    {"schema", NULL, N_("cli.doctor.schema", "Print the tables of every room, and change nothing.")},
    {0},
};

enum { MIB = 1 << 20, SPACE_LEAST = 64 };

/* Add a finding; the text is a pattern with {a} and {b}. */
static bool found(struct app *app, struct findings *all, const char *name, bool ok, const char *pattern,
                  const char *a, const char *b)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 8000);
    words_say(&text, pattern, {"a", a}, {"b", b});
    struct finding *f = VEC_PUSH(app->arena, all);
    const char *said = arena_text(app->arena, buf_span(&text));
    if (!f || !said || text.failed)
        return false;
    *f = (struct finding){name, ok, said};
    return true;
}

bool doctor_found(struct app *app, struct findings *all, const char *name, bool ok, const char *text)
{
    return found(app, all, name, ok, "{a}", text, NULL);
}

static bool said(struct app *app, struct findings *all, const char *name, const struct err *err)
{
    return found(app, all, name, false, "{a}", err->text, NULL);
}

/* "git version 2.39.5" or "git version 2.39.5 (Apple Git-154)". */
static bool version_read(struct span line, const char **shown, bool *new_enough, struct arena *arena)
{
    uint64_t major, minor;
    struct span in = line, version;
    if (!span_starts(in, SPAN("git version ")))
        return false;
    in = span_trim(span_from(in, strlen("git version ")));
    version = in;
    if (!scan_u64(&in, &major, 1000) || !scan_byte(&in, '.') || !scan_u64(&in, &minor, 1000))
        return false;
    *new_enough = major > GIT_LEAST_MAJOR || (major == GIT_LEAST_MAJOR && minor >= GIT_LEAST_MINOR);
    *shown = arena_text(arena, version);
    return *shown != NULL;
}

static bool look_git(struct app *app, struct findings *all)
{
    static const char *const argv[] = {"git", "--version", NULL};
    const struct proc_spec spec = {.argv = argv, .drop_env = "GIT_"};
    struct err err = {0};
    struct proc_end end = {0};
    AUTO_BUF struct buf out;
    const char *version;
    char least[32];
    bool enough;
    buf_init(&out, 4096);
    snprintf(least, sizeof least, "%d.%d", GIT_LEAST_MAJOR, GIT_LEAST_MINOR);
    if (!proc_output(&spec, &out, &end, &err))
        return err.code == E_MISSING
                   ? found(app, all, "git", false,
                           tr("doctor.git.none", "git is not installed. Repair: apt install git."), NULL,
                           NULL)
                   : said(app, all, "git", &err);
    if (end.status != 0 || !version_read(buf_span(&out), &version, &enough, app->arena))
        return found(
            app, all, "git", false,
            tr("doctor.git.odd", "`git --version` did not give a version: {a}. Repair: install git anew."),
            end.errors, NULL);
    return enough ? found(app, all, "git", true, tr("doctor.git", "git {a}."), version, NULL)
                  : found(app, all, "git", false,
                          tr("doctor.git.old",
                             "git {a} is older than {b}. Repair: install a newer git; Debian 12 has one."),
                          version, least);
}

static const char *mib_text(struct arena *arena, uint64_t bytes)
{
    char text[32];
    snprintf(text, sizeof text, "%llu", (unsigned long long)(bytes / MIB));
    return arena_text(arena, span_of(text));
}

static bool look_folder(struct app *app, struct findings *all)
{
    struct err err = {0};
    struct disk_state folder;
    const char *path = path_shown(app->arena, app->paths, app->paths->data);
    if (!disk_look(app->paths->data, &folder, &err))
        return said(app, all, "data", &err);
    if (!folder.there)
        return found(app, all, "data", true, tr("doctor.data.none", "{a} is made at the first start."), path,
                     NULL);
    if (!folder.folder)
        return found(app, all, "data", false,
                     tr("doctor.data.file", "{a} is not a folder. Repair: move it away, or give --data DIR."),
                     path, NULL);
    if (!folder.ours)
        return found(app, all, "data", false,
                     tr("doctor.data.other",
                        "{a} belongs to another user. Repair: chown it to you, or give --data DIR."),
                     path, NULL);
    if (folder.mode & 077)
        return found(
            app, all, "data", false,
            tr("doctor.data.mode", "Other users of this computer can look into {a}. Repair: chmod 700 {a}."),
            path, NULL);
    if (!folder.writable)
        return found(app, all, "data", false,
                     tr("doctor.data.readonly",
                        "{a} cannot be written. Repair: chmod 700 {a}, or make its disk writable."),
                     path, NULL);
    return found(app, all, "data", true, tr("doctor.data", "{a}, for you alone."), path, NULL);
}

static bool look_space(struct app *app, struct findings *all)
{
    struct err err = {0};
    struct disk_state folder;
    const char *path = file_is_dir(app->paths->data) ? app->paths->data : app->paths->home;
    if (!disk_look(path, &folder, &err))
        return said(app, all, "space", &err);
    if (!folder.there)
        return true;
    bool ok = folder.free >= (uint64_t)SPACE_LEAST * MIB;
    return found(app, all, "space", ok,
                 ok ? tr("doctor.space", "{a} MB free.")
                    : tr("doctor.space.low", "{a} MB free beside {b}. Repair: make room; 64 MB are enough."),
                 mib_text(app->arena, folder.free), path_shown(app->arena, app->paths, path));
}

/* Opens the database read only into *db; NULL when there is none, or it is not to be read. */
static bool look_database(struct app *app, struct findings *all, struct db **db)
{
    struct err err = {0};
    struct disk_state file = {0};
    const char *path = path_shown(app->arena, app->paths, app->paths->db);
    if (!file_exists(app->paths->db))
        return found(app, all, "database", true,
                     tr("doctor.db.none", "The database is made at the first start."), NULL, NULL);
    if (!disk_look(app->paths->db, &file, &err) || !db_open_read(db, app->paths->db, &err) ||
        !schema_is_ours(*db, path, &err) || !db_check(*db, &err)) {
        db_close(*db);
        *db = NULL;
        return found(app, all, "database", false,
                     tr("doctor.db.bad",
                        "{a} Repair: `respite restore FILE` puts a backup back and keeps the present file."),
                     err.text, NULL);
    }
    if (file.mode & 077)
        return found(
            app, all, "database", false,
            tr("doctor.db.mode", "Other users of this computer can read {a}. Repair: chmod 600 {a}."), path,
            NULL);
    return found(app, all, "database", true, tr("doctor.db", "{a} opens and is whole."), path, NULL);
}

static bool look_schema(struct app *app, struct findings *all, struct db *db)
{
    struct err err = {0};
    int64_t rows = 0;
    char count[32];
    if (!db)
        return true;
    if (!schema_not_newer(app, db, &err) || !migrate_count(db, &rows, &err))
        return said(app, all, "schema", &err);
    snprintf(count, sizeof count, "%lld", (long long)rows);
    return found(app, all, "schema", true,
                 tr("doctor.schema", "Its tables are known here; migrations run: {a}."), count, NULL);
}

static bool look_sandbox(struct app *app, struct findings *all)
{
    struct sandbox_report report = {0};
    char abi[16];
    sandbox_probe(&report);
    snprintf(abi, sizeof abi, "%d", report.landlock_abi);
    if (report.files && report.calls)
        return found(app, all, "sandbox", true,
                     tr("doctor.sandbox", "Landlock (ABI {a}) and seccomp are there."), abi, NULL);
    return found(
        app, all, "sandbox", false,
        tr("doctor.sandbox.less",
           "{a} Respite runs all the same, with less between it and your files. Repair: a kernel of 5.13 or "
           "newer, started with lsm=landlock,… and seccomp."),
        report.why, NULL);
}

/* A node that runs is no fault. Taking the lock and letting go at once tells. */
static bool look_running(struct app *app, struct findings *all)
{
    struct err err = {0};
    const char *lock = file_join(app->arena, app->paths->data, "lock");
    int fd;
    if (!lock)
        return false;
    if (!file_exists(lock))
        return found(app, all, "running", true,
                     tr("doctor.running.no", "No Respite is running on this data."), NULL, NULL);
    if (file_lock(lock, &fd, &err)) {
        close(fd);
        return found(app, all, "running", true,
                     tr("doctor.running.no", "No Respite is running on this data."), NULL, NULL);
    }
    if (err.code == E_BUSY)
        return found(app, all, "running", true, tr("doctor.running", "A Respite is running on this data."),
                     NULL, NULL);
    return said(app, all, "running", &err);
}

static bool look_language(struct app *app, struct findings *all)
{
    enum lang before = words_lang();
    words_set(LANG_ZH);
    bool there = !span_is(span_of(tr("nav.week", "This week")), "This week");
    words_set(before);
    return found(app, all, "language", there,
                 there ? tr("doctor.language", "English and Chinese are there.")
                       : tr("doctor.language.none", "The Chinese catalogue (respite.mo) is not there. "
                                                    "Repair: `make`, or install the package anew."),
                 NULL, NULL);
}

/* Weeks and days are worked out from this clock; before the year of this program, or long after, it is not
 * set. */
static bool look_clock(struct app *app, struct findings *all)
{
    char day[16];
    day_t today = moment_day(clock_local(app->now));
    bool ok = today >= day_of((struct ymd){2026, 1, 1}) && today < day_of((struct ymd){2100, 1, 1});
    return found(app, all, "clock", ok,
                 ok ? tr("doctor.clock", "The clock says {a}.")
                    : tr("doctor.clock.odd", "The clock says {a}. Repair: timedatectl set-ntp true."),
                 day_text(today, day), NULL);
}

/* Rooms look after what they depend on; most of them ask the database, so without one they are not asked. */
static bool look_rooms(struct app *app, struct db *db, struct findings *all)
{
    struct app theirs = *app;
    theirs.db = db;
    for (const struct room *const *room = app->rooms; db && *room; room++) {
        struct err err = {0};
        if ((*room)->doctor && !(*room)->doctor(&theirs, all, &err) && !said(app, all, (*room)->name, &err))
            return false;
    }
    return true;
}

static bool look_all(struct app *app, struct findings *all)
{
    struct db *db = NULL;
    bool ok = look_git(app, all) && look_folder(app, all) && look_space(app, all) &&
              look_database(app, all, &db) && look_schema(app, all, db) && look_sandbox(app, all) &&
              look_running(app, all) && look_language(app, all) && look_clock(app, all) &&
              look_rooms(app, db, all);
    db_close(db);
    return ok;
}

static json_t *findings_json(const struct findings *all, size_t faults)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < all->n; i++)
        if (json_array_append_new(list,
                                  json_pack("{s:s,s:b,s:o}", "name", all->at[i].name, "ok", all->at[i].ok,
                                            "text", json_shown(span_of(all->at[i].text)))) != 0) {
            json_decref(list);
            return NULL;
        }
    return list ? json_pack("{s:b,s:o}", "ok", faults == 0, "findings", list) : NULL;
}

static void findings_draw(struct buf *out, const struct findings *all, size_t faults)
{
    for (size_t i = 0; i < all->n; i++) {
        AUTO_BUF struct buf line;
        buf_init(&line, 10000);
        buf_printf(&line, "%s %-11s %s", all->at[i].ok ? "  " : "* ", all->at[i].name, all->at[i].text);
        wrap_text(out, buf_text(&line), 79, 15);
    }
    char count[32];
    snprintf(count, sizeof count, "%zu", faults);
    if (faults)
        words_say(out,
                  trn("doctor.faults", "{n} thing to mend, marked with *.\n",
                      "{n} things to mend, marked with *.\n", faults),
                  {"n", count});
    else
        buf_add_text(out, tr("doctor.well", "Nothing to mend.\n"));
}

int doctor_said(struct app *app, const struct findings *all)
{
    size_t faults = 0;
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 20);
    for (size_t i = 0; i < all->n; i++)
        faults += !all->at[i].ok;
    findings_draw(&text, all, faults);
    int status = keep_said(app, findings_json(all, faults), &text);
    return status ? status : faults > 0;
}

int cmd_doctor(struct app *app)
{
    struct err err = {0};
    struct findings all = {0};
    if (app->cli->words_n) {
        fail(&err, E_USAGE, "%s", tr("err.doctor.usage", "The doctor takes no words: respite doctor."));
        return cmd_failed(&err);
    }
    if (cli_has(app->cli, "schema"))
        return schema_print(app);
    if (!look_all(app, &all)) {
        fail_memory(&err);
        return cmd_failed(&err);
    }
    return doctor_said(app, &all);
}
