/* `respite lab recover`: what was lost comes back from a member's file, or is said to be lost for good. */
#include "anon/recover.h"

#include "anon/lab.h"
#include "base/note.h"
#include "codec/json.h"
#include "io/file.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { REASON_MOST = 2000 };

const struct cli_option recover_options[] = {
    {"lost", "REASON",
     N_("lab.recover.opt.lost",
        "say in the log that entries are lost for good, and why; members' computers stop until they agree")},
    {"db", "URL", N_("lab.recover.opt.db", "postgresql://…: the database that the lab's processes share")},
    {0}};

/* The head that was shown and that the database does not have. */
static bool lost_head(struct app *app, struct checkpoint *out, struct err *err)
{
    struct err mine = {0};
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, NOTE_SIG_MOST);
    if (tlog_head_check(app->db, &app->lab->log, app->lab->head_file, &mine))
        return fail(
            err, E_REFUSED,
            tr("err.anon.nothing_lost", "Nothing is lost: the database has all that the lab has shown."));
    if (!file_read(app->lab->head_file, &bytes, err))
        return false;
    struct span note = arena_span(app->arena, buf_span(&bytes));
    return note.p ? tlog_own(&app->lab->log, note, app->arena, out, err) : fail_memory(err);
}

struct giving_up {
    struct app *app;
    struct checkpoint lost;
    struct span reason;
};

static bool give_up(struct db *db, void *arg, struct err *err)
{
    const struct giving_up *g = arg;
    struct entry e = {
        .kind = ENTRY_BREAK, .at = g->app->now, .broken = {.size = g->lost.size, .reason = g->reason}};
    uint64_t first;
    AUTO_BUF struct buf text;
    buf_init(&text, ENTRY_MOST);
    memcpy(e.broken.root, g->lost.root, sizeof e.broken.root);
    if (!entry_write(&e, &text, err))
        return false;
    struct span entry = buf_span(&text);
    return tlog_append(db, &g->app->lab->log, &entry, 1, &first, err);
}

bool recover_give_up(struct app *app, const char *reason, struct err *err)
{
    struct giving_up g = {.app = app, .reason = span_trim(span_of(reason))};
    if (g.reason.n == 0 || g.reason.n > REASON_MOST)
        return fail(err, E_USAGE,
                    tr("err.anon.lost_reason", "--lost wants a sentence of at most %d bytes that says why."),
                    REASON_MOST);
    /* The old head is put away when the log has said so, not before. */
    return lost_head(app, &g.lost, err) && db_write(app->db, give_up, &g, err) &&
           file_unlink(app->lab->head_file, err) && tlog_head_keep(app->db, app->lab->head_file, err);
}

static bool say(struct app *app, const struct recovered *r, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 4096);
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o = json_pack("{s:I,s:I,s:I}", "entries", (json_int_t)r->entries, "batches",
                                        (json_int_t)r->batches, "passes", (json_int_t)r->passes);
        if (!o)
            return fail_memory(err);
        return json_write(o, &text, err) && cmd_print(&text, err);
    }
    words_say(&text,
              tr("lab.recover.done",
                 "Brought back: {entries} entries, {batches} batches. {passes} passes are "
                 "marked as spent.\nMembers' computers send again what is missing, when "
                 "they have a receipt for it.\n"),
              {"entries", say_number(app->arena, (int64_t)r->entries)},
              {"batches", say_number(app->arena, r->batches)}, {"passes", say_number(app->arena, r->passes)});
    return cmd_print(&text, err);
}

int cmd_lab_recover(struct app *app)
{
    struct err err = {0};
    struct recovered r;
    const char *lost = cli_value(app->cli, "lost");
    if (app->cli->words_n != (lost ? 0 : 1)) {
        fail(&err, E_USAGE,
             tr("err.anon.recover_usage", "Give one file, as `respite export --log` writes it on a member's "
                                          "computer; or --lost with a reason."));
        return cmd_failed(&err);
    }
    bool done = lost ? recover_give_up(app, lost, &err)
                     : recover_file(app, app->cli->words[0], &r, &err) && say(app, &r, &err);
    return done ? 0 : cmd_failed(&err);
}
