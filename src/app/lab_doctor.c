/* `respite lab doctor`: what an operator can look after. A lab says "kept" to people it cannot ask again, so
 * what would lose that on a power cut, or keep the order in which things came, is a fault here. */
#include <string.h>

#include "anon/rotate_plan.h"
#include "app/keep.h"
#include "app/lab.h"
#include "app/schema.h"
#include "io/sandbox.h"

#include "base/banned.h"

const struct cli_option lab_doctor_options[] = {
    {"db", "URL", N_("lab.serve.opt.db", "postgresql://…: a database that several processes share")}, {0}};

static bool look_key(struct app *app, struct findings *all)
{
    return doctor_found(app, all, "key", true,
                        tr("lab.doctor.key", "The key file is read, and nobody else may read it. Is there a "
                                             "copy in a safe place? Without it the lab cannot go on."));
}

static bool look_database(struct app *app, struct findings *all)
{
    struct err err = {0};
    bool ok = schema_not_newer(app, app->db, &err) && db_check(app->db, &err);
    return doctor_found(app, all, "database", ok,
                        ok ? tr("lab.doctor.db", "The database answers and is whole.") : err.text);
}

static bool look_head(struct app *app, struct findings *all)
{
    struct err err = {0};
    bool ok = tlog_head_check(app->db, &app->lab->log, app->lab->head_file, &err);
    return doctor_found(app, all, "record", ok,
                        ok ? tr("lab.doctor.head", "The record is as long as it ever was.") : err.text);
}

static bool look_log(struct app *app, struct findings *all)
{
    struct err err = {0};
    const struct history *issuer, *board;
    uint64_t size;
    if (!tlog_size(app->db, &size, &err) || (size && !lab_facts(app->lab, app->db, &issuer, &board, &err)))
        return doctor_found(app, all, "entries", false, err.text);
    if (!size)
        return doctor_found(app, all, "entries", true,
                            tr("lab.doctor.empty", "The record begins with the first `respite lab serve`."));
    const struct history *own = board ? board : issuer;
    bool ok = own->findings.n == 0;
    const char *text = ok ? tr("lab.doctor.entries", "All its entries fit together.")
                          : arena_text(app->arena, span_of(own->findings.at[0].text));
    lab_facts_done(app->lab);
    return text && doctor_found(app, all, "entries", ok, text);
}

/* Weeks whose key stands in the record and not in this database: "2026-W48, 2026-W49". */
static bool lost_weeks(struct app *app, const struct history *h, struct buf *out, struct err *err)
{
    char week[16];
    for (size_t i = 0; i < h->keys.n; i++) {
        const struct history_key *k = &h->keys.at[i];
        int64_t n;
        if (!k->good || k->key.survey || app->now >= k->key.windows.issue_to)
            continue;
        if (!db_number(app->db, &n, 0, err, "select count(*) from issuing where key_id = $1",
                       V_BLOB(span_bytes(k->key.key_id, 32))))
            return false;
        if (!n)
            buf_printf(out, "%s%s", out->n ? ", " : "", epoch_text(k->key.epoch, week));
    }
    return buf_ok(out, err);
}

/* A key that was lost is not made a second time: two keys of one week would be a mark. */
static bool look_passes(struct app *app, struct findings *all)
{
    struct err err = {0};
    const struct history *issuer, *board;
    AUTO_BUF struct buf weeks, text;
    char next[16];
    uint64_t size;
    buf_init(&weeks, 1024);
    buf_init(&text, 4096);
    if (!tlog_size(app->db, &size, &err) || (size && !lab_facts(app->lab, app->db, &issuer, &board, &err)))
        return doctor_found(app, all, "passes", false, err.text);
    if (!size)
        return true;
    bool looked = lost_weeks(app, issuer, &weeks, &err);
    epoch_text(rotate_next_key(issuer, app->now), next);
    lab_facts_done(app->lab);
    if (looked && weeks.n)
        words_say(&text,
                  tr("lab.doctor.lost",
                     "The keys for the passes of {weeks} were lost with the database, and no second one can "
                     "be made for a week. Passes that members have stay good; the next are those of {next}. "
                     "Repair: invite the members again (`respite lab invite`), and leave the rest to the "
                     "calendar. docs/lab.md says what members meet until then."),
                  {"weeks", buf_text(&weeks)}, {"next", next});
    else if (looked)
        buf_add_text(&text, tr("lab.doctor.passes", "The keys for the passes of these weeks are here."));
    const char *said = looked && !text.failed ? buf_keep(&text, app->arena) : NULL;
    return doctor_found(app, all, "passes", looked && !weeks.n, said ? said : err.text);
}

/* ---- PostgreSQL ---- */

/* The setting as a new connection would have it, whatever ours says; "" when the server has none. */
static const char *pg_setting(struct app *app, const char *name)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err none = {0};
    const char *value = NULL;
    if (db_query(app->db, &q, &none, "select reset_val from pg_settings where name = $1", V_STR(name)) &&
        db_next(q, &none))
        value = arena_text(app->arena, db_text(q, 0));
    return value ? value : "";
}

static bool pg_rule(struct app *app, struct findings *all, const char *name, bool ok, const char *fault)
{
    return doctor_found(app, all, name, ok,
                        ok ? tr("lab.doctor.pg.good", "As it has to be, so that what is said to be kept is "
                                                      "kept, and no order shows.")
                           : fault);
}

/* A copy that may lag is promoted one day: then acknowledged acts are gone. */
static bool standby_waits(struct app *app)
{
    int64_t copies = 0;
    struct err none = {0};
    if (!db_number(app->db, &copies, 0, &none, "select count(*) from pg_stat_replication"))
        return true;
    return copies == 0 || pg_setting(app, "synchronous_standby_names")[0];
}

static bool look_postgres(struct app *app, struct findings *all)
{
    const char *commit = pg_setting(app, "synchronous_commit");
    bool sync = strcmp(commit, "off") != 0 && strcmp(commit, "local") != 0,
         disk = strcmp(pg_setting(app, "fsync"), "on") == 0 &&
                strcmp(pg_setting(app, "full_page_writes"), "on") == 0,
         times = strcmp(pg_setting(app, "track_commit_timestamp"), "on") == 0,
         archive = strcmp(pg_setting(app, "archive_mode"), "off") != 0;
    return pg_rule(app, all, "sync", sync,
                   tr("lab.doctor.pg.sync",
                      "synchronous_commit is off on this server: what a member was told "
                      "is kept may be lost. Repair: set it to on.")) &&
           pg_rule(app, all, "disk", disk,
                   tr("lab.doctor.pg.fsync",
                      "fsync or full_page_writes is off on this server: a power cut may "
                      "damage the record. Repair: set both to on.")) &&
           pg_rule(app, all, "standby", standby_waits(app),
                   tr("lab.doctor.pg.standby",
                      "There is a standby that is not waited for. Repair: name it in "
                      "synchronous_standby_names.")) &&
           pg_rule(app, all, "times", !times,
                   tr("lab.doctor.pg.times", "track_commit_timestamp is on: the server keeps when each act "
                                             "came. Repair: set it to off.")) &&
           pg_rule(app, all, "archive", !archive,
                   tr("lab.doctor.pg.archive",
                      "archive_mode is on: the archive holds the order in which acts "
                      "came. Repair: set it to off, and keep backups instead."));
}

static bool look_sandbox(struct app *app, struct findings *all)
{
    struct sandbox_report report = {0};
    sandbox_probe(&report);
    return doctor_found(app, all, "sandbox", !report.why[0],
                        report.why[0] ? report.why
                                      : tr("lab.doctor.sandbox", "Landlock and seccomp are there."));
}

int cmd_lab_doctor(struct app *app)
{
    struct err err = {0};
    struct findings all = {0};
    bool pg = cli_value(app->cli, "db") != NULL;
    if (look_key(app, &all) && look_database(app, &all) && look_head(app, &all) && look_log(app, &all) &&
        (!(app->lab->role & ISSUER) || look_passes(app, &all)) && (!pg || look_postgres(app, &all)) &&
        look_sandbox(app, &all))
        return doctor_said(app, &all);
    fail_memory(&err);
    return cmd_failed(&err);
}
