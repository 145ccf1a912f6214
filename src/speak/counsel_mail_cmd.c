/* counsel letters: a counsellor's conversations with those who took a time. A list shows what is here; --look
 * asks the lab, and so does writing, whose letter leaves at once. */
#include "anon/outbox_db.h"
#include "codec/json.h"
#include "codec/scan.h"
#include "speak/counsel_cmd.h"
#include "speak/counsel_mail.h"
#include "speak/letters.h"
#include "speak/letters_say.h"

#include "base/banned.h"

enum { OUT_MOST = 16 << 20, TYPED = 256 * 1024 };

const struct cli_option counsel_mail_options[] = {
    {"look", NULL, N_("counsel.opt.letters", "ask the lab for letters first, and who took a time")},
    {"end-talk", NULL, N_("counsel.opt.end", "end a conversation here; nothing is sent")},
    {"resend-all", NULL, N_("letters.opt.resend", "send letters of it again that the board did not take")},
    {0}};

static bool finding_said(struct app *app, struct buf *out, struct err *err)
{
    const char *text;
    if (!counsel_mail_finding(app, &text, err))
        return false;
    if (text)
        say_line(out, tr("counsel.finding", "What this lab shows does not fit its record:"), 0);
    say_line(out, text, 2);
    return true;
}

/* The list ------------------------------------------------------------------------------------------------
 */
static bool list_json(struct app *app, const struct counsel_mail *m, struct buf *out, struct err *err)
{
    json_t *talks = json_array();
    AUTO_JSON json_t *o = json_pack("{s:o}", "conversations", talks);
    const char *finding;
    if (!o || !counsel_mail_finding(app, &finding, err))
        return o ? false : fail_memory(err);
    if (json_object_set_new(o, "finding", finding ? json_string(finding) : json_null()) != 0)
        return fail_memory(err);
    for (size_t i = 0; i < m->all.n; i++)
        if (json_array_append_new(talks, talk_row_json(app, &m->all.at[i])) != 0)
            return fail_memory(err);
    return json_write(o, out, err);
}

static bool list_all(struct app *app, const struct counsel_mail *m, struct err *err)
{
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    if (cli_has(app->cli, "json"))
        return list_json(app, m, &out, err) && cmd_print(&out, err);
    for (size_t i = 0; i < m->all.n; i++)
        talk_say(app, &m->all.at[i], &out);
    if (m->all.n == 0)
        say_line(&out,
                 tr("counsel.letters.none",
                    "No letters. They can be written once somebody took a time: respite "
                    "counsel letters --look"),
                 0);
    if (!finding_said(app, &out, err))
        return false;
    return cmd_print(&out, err);
}

/* One -----------------------------------------------------------------------------------------------------
 */
static bool read_one(struct app *app, const struct counsel_mail *m, const struct conversation *c,
                     struct err *err)
{
    struct letters_kept kept = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    if (!letters_list(app->db, app->arena, c->id, m->today, &kept, err))
        return false;
    if (cli_has(app->cli, "json"))
        return talk_json(app, c, &kept, &out, err) && cmd_print(&out, err);
    for (size_t i = 0; i < kept.n; i++)
        if (!letter_say(app, c, &kept.at[i], NULL, &out, err))
            return false;
    if (kept.n == 0)
        talk_say(app, c, &out);
    say_line(&out, letters_days(c), 0);
    return cmd_print(&out, err);
}

static bool end_it(struct app *app, const struct conversation *c, struct err *err)
{
    bool there;
    return mailbox_end(app->db, c->id, &there, err) &&
           ok_said(app, tr("letters.ended", "Ended here. Nothing is sent, and nobody is told."), c->id, err);
}

static bool after(struct app *app, int64_t conversation, int64_t outbox, struct err *err)
{
    struct outbox one = {0};
    if (!outbox_list(app->db, app->arena, outbox, &one, err))
        return false;
    if (one.n == 1 && (one.at->state == ACT_REFUSED || one.at->state == ACT_GIVEN_UP))
        return fail(err, E_REFUSED, "%s",
                    tr("letters.failed", "The board did not take this letter. It is kept here."));
    return ok_said(
        app,
        one.n == 1 && one.at->state != ACT_KEPT
            ? tr("counsel.letters.later",
                 "The board could not be reached. The letter is kept here; `respite counsel letters "
                 "--look` on another day tries it again, three times in all.")
            : tr("letters.left", "It has left, and is among the letters with the next batch."),
        conversation, err);
}

static bool write_one(struct app *app, struct counsel_mail *m, int64_t id, struct err *err)
{
    int64_t outbox;
    AUTO_BUF struct buf text;
    buf_init(&text, TYPED);
    const struct conversation *c = counsel_mail_one(m, id);
    if (!c)
        return fail(err, E_MISSING, tr("err.letters.none", "There is no conversation of that number."));
    return words_typed(app, 1, &text, err) && counsel_mail_write(app, m, c, buf_span(&text), &outbox, err) &&
           after(app, id, outbox, err);
}

static bool resend(struct app *app, struct counsel_mail *m, const struct conversation *c, struct err *err)
{
    int n;
    return counsel_mail_resend(app, m, c, &n, err) &&
           ok_said(app,
                   n ? tr("letters.left", "It has left, and is among the letters with the next batch.")
                     : tr("letters.resend.none", "Every letter of this conversation has left or waits."),
                   c->id, err);
}

static bool with_one(struct app *app, struct counsel_mail *m, struct err *err)
{
    struct span word = span_of(app->cli->words[0]);
    uint64_t id;
    if (!scan_u64(&word, &id, INT64_MAX) || !scan_end(&word))
        return fail(err, E_USAGE,
                    tr("err.counsel.letters.usage",
                       "A conversation is named by its number: `respite counsel letters 3`, and to write: "
                       "`respite counsel letters 3 TEXT`."));
    const struct conversation *c = counsel_mail_one(m, (int64_t)id);
    if (!c)
        return fail(err, E_MISSING, tr("err.letters.none", "There is no conversation of that number."));
    if (cli_has(app->cli, "end-talk"))
        return end_it(app, c, err);
    if (cli_has(app->cli, "resend-all"))
        return resend(app, m, c, err);
    return app->cli->words_n > 1 ? write_one(app, m, c->id, err) : read_one(app, m, c, err);
}

int cmd_counsel_mail(struct app *app)
{
    struct err err = {0};
    struct counsel_mail m;
    bool asks = cli_has(app->cli, "look") || cli_has(app->cli, "resend-all") || app->cli->words_n > 1;
    bool ok = counsel_mail_load(app, &m, &err) && (!asks || counsel_mail_ask(app, &m, &err)) &&
              (app->cli->words_n ? with_one(app, &m, &err) : list_all(app, &m, &err));
    counsel_mail_clear(&m);
    return ok ? 0 : cmd_failed(&err);
}
