/* What left this computer, and whether the lab keeps its word. */
#include "anon/anon_cmd.h"

#include <inttypes.h>
#include <stdio.h>

#include "anon/again.h"
#include "anon/history.h"
#include "anon/sent.h"
#include "anon/turn.h"
#include "anon/verify.h"
#include "base/note.h"
#include "codec/json.h"
#include "codec/utf8.h"
#include "io/clock.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 64 << 20, COLUMNS = 80, KIND = 10 };

bool known_need(struct app *app, struct known **out, struct err *err)
{
    if (!known_load(app->db, app->arena, out, err))
        return false;
    return *out ||
           fail(err, E_MISSING,
                tr("err.anon.no_lab", "This computer is in no lab yet. `respite join URL` joins one, with "
                                      "the address that stands in your invitation."));
}

/* sent ----------------------------------------------------------------------------------------------- */
static void time_text(int64_t at, char out[static 8])
{
    int minute = moment_minute(clock_local(at)) % 1440;
    snprintf(out, 8, "%02d:%02d", minute / 60 % 24, minute % 60);
}

/* What the request was, in words; the path itself where there are none. */
static struct span what(struct stmt *q)
{
    struct span path = sent_path(db_text(q, 3));
    const char *words = sent_what(db_text(q, 2), path);
    return words ? span_of(words) : path;
}

static bool sent_json(struct stmt *q, json_t *list, struct err *err)
{
    char day[16], at[8] = "";
    if (db_int(q, 1))
        time_text(db_int(q, 1), at);
    json_t *o =
        json_pack("{s:s,s:s,s:o,s:o,s:o,s:I,s:I,s:I,s:o}", "day", day_text((day_t)db_int(q, 0), day), "time",
                  at, "method", json_shown(db_text(q, 2)), "to", json_shown(db_text(q, 3)), "kind",
                  json_shown(db_text(q, 4)), "bytes", (json_int_t)db_int(q, 5), "status",
                  (json_int_t)db_int(q, 6), "answer", (json_int_t)db_int(q, 7), "what", json_shown(what(q)));
    return (o && json_array_append_new(list, o) == 0) || fail_memory(err);
}

static const char *kind_shown(struct span kind)
{
    if (span_is(kind, "identified"))
        return tr("sent.identified", "identified");
    if (span_is(kind, "anonymous"))
        return tr("sent.anonymous", "anonymous");
    return tr("sent.public", "public");
}

static void sent_line(struct stmt *q, struct buf *out)
{
    char day[16], at[8] = "";
    if (db_int(q, 1))
        time_text(db_int(q, 1), at);
    const char *kind = kind_shown(db_text(q, 4));
    size_t width = utf8_width(span_of(kind));
    buf_printf(out, "%s %5s  %s%*s  %-6.*s ", day_text((day_t)db_int(q, 0), day), at, kind,
               width < KIND ? (int)(KIND - width) : 0, "", SPAN_ARG(db_text(q, 2)));
    utf8_clean(out, db_text(q, 3));
    buf_printf(out, "  %" PRId64 "  ", db_int(q, 5));
    utf8_clean(out, what(q));
    buf_add_byte(out, '\n');
}

static bool sent(struct app *app, struct buf *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    AUTO_JSON json_t *o = NULL;
    struct err inner = {0};
    json_t *list = json_array();
    bool json = cli_has(app->cli, "json"), any = false;
    o = json_pack("{s:o}", "requests", list);
    if (!o)
        return fail_memory(err);
    if (!db_query(app->db, &q, err,
                  "select day, at, method, address, kind, bytes, status, answer from sent order by id desc"))
        return false;
    while (db_next(q, &inner)) {
        if (!any && !json)
            wrap_text(out, tr("sent.head", "Everything that left this computer, newest first"), COLUMNS, 0);
        any = true;
        if (json && !sent_json(q, list, err))
            return false;
        if (!json)
            sent_line(q, out);
    }
    if (inner.code)
        return fail(err, inner.code, "%s", inner.text);
    if (json)
        return json_write(o, out, err);
    if (!any)
        wrap_text(out, tr("sent.none", "Nothing has left this computer."), COLUMNS, 0);
    return buf_ok(out, err);
}

int cmd_sent(struct app *app)
{
    struct err err = {0};
    struct buf AUTO_BUF out;
    buf_init(&out, OUT_MOST);
    return sent(app, &out, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}

/* verify --------------------------------------------------------------------------------------------- */
const struct cli_option verify_options[] = {
    {"fetch", NULL, N_("verify.opt.fetch", "fetch first what is new; without it, nothing is sent")},
    {"again", NULL,
     N_("verify.opt.again", "ask a lab whose record did not fit once more; after a loss that the lab has "
                            "owned to, go on when you agree")},
    {0}};

/* What the lab says was lost, and whether to go on from there. */
static bool agree(struct app *app, const struct known *known, const struct follow_broken *broken,
                  struct err *err)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 16);
    wrap_text(&out, broken->said, COLUMNS, 0);
    wrap_text(&out,
              tr("again.what",
                 "If you go on, your passes and receipts stay; receipts of posts that were lost "
                 "are shown as lost."),
              COLUMNS, 0);
    if (!cli_has(app->cli, "json") && !cmd_print(&out, err))
        return false;
    if (!cli_has(app->cli, "yes") && !cli_agrees(app->cli, tr("again.ask", "Go on from the new record?")))
        return fail(err, E_REFUSED,
                    tr("again.no", "Nothing was changed. --yes goes on without a question. %s"),
                    broken->said);
    return again_go_on(app, known, broken->leaf, err);
}

static bool look_again(struct app *app, const struct known *known, struct err *err)
{
    struct follow_broken broken;
    bool there;
    if (!cli_has(app->cli, "again"))
        return true;
    if (!turn_take(app, TURN_SECONDS, err))
        return false;
    bool done = again(app, known, &broken, &there, err) && (!there || agree(app, known, &broken, err));
    turn_end();
    return done;
}

/* What could not be fetched is said, and what is here is looked at all the same. */
static bool fetch_first(struct app *app, const struct known *known, struct err *err)
{
    struct err why = {0};
    int items;
    if (!cli_has(app->cli, "fetch") && !known->trial)
        return true;
    if (turn_look(app, known, &items, &why))
        return true;
    if (why.code == E_MEMORY || why.code == E_STOPPED)
        return fail(err, why.code, "%s", why.text);
    if (why.code != E_REFUSED)
        complaint("%s", why.text);
    return true;
}

static bool verify_json(const struct verify_report *r, struct buf *out, struct err *err)
{
    json_t *findings = json_array(), *remarks = json_array();
    AUTO_JSON json_t *o =
        json_pack("{s:b,s:o,s:o,s:I,s:i}", "ok", r->findings == 0, "findings", findings, "remarks", remarks,
                  "entries", (json_int_t)r->entries, "witnesses", r->witnesses);
    if (!o)
        return fail_memory(err);
    for (size_t i = 0; i < r->lines.n; i++)
        if (json_array_append_new(r->lines.at[i].remark ? remarks : findings,
                                  json_shown(span_of(r->lines.at[i].text))) != 0)
            return fail_memory(err);
    return json_write(o, out, err);
}

static void say_ok(const struct verify_report *r, struct buf *out)
{
    char n[24], w[24], day[16];
    AUTO_BUF struct buf line;
    buf_init(&line, 1 << 16);
    snprintf(n, sizeof n, "%" PRIu64, r->entries ? r->entries - 1 : 0);
    snprintf(w, sizeof w, "%d", r->witnesses);
    words_say(&line,
              tr("verify.ok", "The lab keeps the same record for you as for everyone: entry {n}, {w} "
                              "witnesses."),
              {"n", n}, {"w", w});
    wrap_text(out, buf_text(&line), COLUMNS, 0);
    buf_reset(&line);
    wrap_text(out,
              tr("verify.cannot",
                 "What this cannot check: invented members; votes added by one operator with both "
                 "roles; the noise in a released number."),
              COLUMNS, 0);
    words_say(&line, tr("verify.as_of", "As of {date}."),
              {"date", day_text(moment_day(clock_local(r->fetched_at)), day)});
    wrap_text(out, buf_text(&line), COLUMNS, 0);
}

/* The first finding is the failure; remarks and what cannot be checked stand at a good end alone. */
static bool verify_said(const struct verify_report *r, struct buf *out, struct err *err)
{
    for (size_t i = 0; i < r->lines.n; i++)
        if (!r->lines.at[i].remark)
            return fail(err, E_REFUSED, "%s", r->lines.at[i].text);
    say_ok(r, out);
    for (size_t i = 0; i < r->lines.n; i++) {
        AUTO_BUF struct buf line;
        buf_init(&line, 4096);
        words_say(&line, tr("verify.remark", "Remark: {text}"), {"text", r->lines.at[i].text});
        wrap_text(out, buf_text(&line), COLUMNS, 0);
    }
    return buf_ok(out, err);
}

int cmd_verify(struct app *app)
{
    struct err err = {0};
    struct known *known;
    struct verify_report report;
    struct buf AUTO_BUF out;
    buf_init(&out, 1 << 20);
    if (!known_need(app, &known, &err) || !look_again(app, known, &err) || !fetch_first(app, known, &err) ||
        !verify(app, known, &report, &err))
        return cmd_failed(&err);
    if (cli_has(app->cli, "json"))
        return verify_json(&report, &out, &err) && cmd_print(&out, &err) ? report.findings > 0
                                                                         : cmd_failed(&err);
    return verify_said(&report, &out, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}
