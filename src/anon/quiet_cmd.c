/* A quiet week of the lab is an entry of the record, {from, to}: every node knows it from there, and nothing
 * of the arena is published in it. It is said before it begins, so that nobody finds it made up afterwards.
 */
#include "anon/quiet_cmd.h"

#include "anon/lab.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "io/clock.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { COLUMNS = 80, ENTRY_ROOM = 4096, OUT_MOST = 1 << 20, DAYS_MOST = 28 };

const struct cli_option lab_quiet_options[] = {
    {"db", "URL", N_("lab.opt.db", "the lab's database, when it is not its own file")}, {0}};

static bool read_days(const char *text, day_t *from, day_t *to, struct err *err)
{
    struct span rest = span_of(text);
    ptrdiff_t dots = span_find(rest, SPAN(".."));
    if (dots < 0)
        return fail(err, E_USAGE,
                    tr("err.lab.quiet", "Say both days: respite lab quiet 2026-12-21..2026-12-27."));
    return day_read(span_first(rest, (size_t)dots), from, err) &&
           day_read(span_from(rest, (size_t)dots + 2), to, err);
}

static bool days_ok(struct app *app, day_t from, day_t to, struct err *err)
{
    day_t today = moment_day(clock_local(app->now));
    if (to < from || to - from >= DAYS_MOST)
        return fail(err, E_USAGE, tr("err.lab.quiet_long", "A quiet time has 1 to %d days."), DAYS_MOST);
    return from >= today ||
           fail(err, E_REFUSED,
                tr("err.lab.quiet_past", "A quiet week is put into the record before it begins."));
}

struct logging {
    const struct lab *lab;
    struct span bytes;
};

static bool log_work(struct db *db, void *arg, struct err *err)
{
    struct logging *w = arg;
    uint64_t at;
    return tlog_append(db, &w->lab->log, &w->bytes, 1, &at, err);
}

static bool put(struct app *app, day_t from, day_t to, struct err *err)
{
    char first[16], last[16];
    uint64_t size;
    AUTO_BUF struct buf bytes;
    AUTO_JSON json_t *o = json_pack("{s:I,s:s,s:s,s:s}", "at", (json_int_t)app->now, "from",
                                    day_text(from, first), "t", "quiet", "to", day_text(to, last));
    buf_init(&bytes, ENTRY_ROOM);
    if (!o)
        return fail_memory(err);
    if (!tlog_size(app->db, &size, err) || !canon_write(o, &bytes, err))
        return false;
    if (size == 0)
        return fail(err, E_REFUSED,
                    tr("err.lab.no_record", "The lab has no record yet: it begins when `respite lab serve` "
                                            "starts for the first time. Start it, then try again."));
    struct logging w = {app->lab, buf_span(&bytes)};
    return db_write(app->db, log_work, &w, err) && tlog_head_keep(app->db, app->lab->head_file, err);
}

/* From the record, the newest last. */
static bool list(struct app *app, json_t *weeks, struct buf *out, struct err *err)
{
    const struct history *issuer, *board;
    if (!lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    const struct history *h = board ? board : issuer;
    bool ok = true;
    for (size_t i = 0; ok && i < h->others.n; i++) {
        AUTO_JSON json_t *o = NULL;
        struct err none = {0};
        struct span from, to;
        day_t first, last;
        if (!span_is(h->others.at[i].t, "quiet") ||
            !json_read(h->others.at[i].bytes, ENTRY_ROOM, "entry", &o, &none) ||
            !json_get_text(o, "from", 12, &from, &none) || !json_get_text(o, "to", 12, &to, &none) ||
            !day_read(from, &first, &none) || !day_read(to, &last, &none))
            continue;
        wrap_text(out, say_days(app->arena, first, last), COLUMNS, 0);
        ok = json_array_append_new(
                 weeks, json_pack("{s:s#,s:s#}", "from", from.p, (int)from.n, "to", to.p, (int)to.n)) == 0;
    }
    lab_facts_done(app->lab);
    return ok || fail_memory(err);
}

static bool show(struct app *app, struct err *err)
{
    AUTO_BUF struct buf out;
    AUTO_JSON json_t *o = json_pack("{s:[]}", "weeks");
    buf_init(&out, OUT_MOST);
    if (!o)
        return fail_memory(err);
    if (!list(app, json_object_get(o, "weeks"), &out, err))
        return false;
    if (cli_has(app->cli, "json")) {
        buf_reset(&out);
        return json_write(o, &out, err) && cmd_print(&out, err);
    }
    if (!out.n)
        wrap_text(&out, tr("lab.quiet.none", "No quiet week of the lab is in the record."), COLUMNS, 0);
    return cmd_print(&out, err);
}

int cmd_lab_quiet(struct app *app)
{
    struct err err = {0};
    day_t from, to;
    bool ok;
    if (app->cli->words_n > 1)
        ok = fail(&err, E_USAGE,
                  tr("err.lab.quiet", "Say both days: respite lab quiet 2026-12-21..2026-12-27."));
    else
        ok = (!app->cli->words_n || (read_days(app->cli->words[0], &from, &to, &err) &&
                                     days_ok(app, from, to, &err) && put(app, from, to, &err))) &&
             show(app, &err);
    return ok ? 0 : cmd_failed(&err);
}
