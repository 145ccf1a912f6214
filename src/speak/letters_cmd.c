/* letters: who listens, conversations, one of them, and writing. What others wrote is cleaned for a terminal
 * and never obeyed by it. A list shows what is here; --look asks the lab. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "anon/anon_cmd.h"
#include "anon/mark.h"
#include "anon/outbox_db.h"
#include "anon/turn.h"
#include "codec/json.h"
#include "codec/scan.h"
#include "codec/utf8.h"
#include "io/clock.h"
#include "speak/as_of.h"
#include "speak/counsel_letters.h"
#include "speak/letters_pages.h"
#include "speak/letters_say.h"
#include "speak/speak_cmd.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 16 << 20, TYPED = 256 * 1024 };

const struct cli_option letters_options[] = {
    {"to", "LISTENER", N_("letters.opt.to", "write to a listener: a name, or its number in the list")},
    {"look", NULL,
     N_("letters.opt.look", "fetch what is new first; the lab then sees that this computer was on")},
    {"now", NULL, N_("letters.opt.now", "let it leave at once, not within the next 12 sending hours")},
    {"unvouched", NULL, N_("letters.opt.unvouched", "list, and write to, cards that nobody has vouched for")},
    {"pass-on", "LISTENER",
     N_("letters.opt.pass", "ask whether this conversation may be passed on together, to this listener")},
    {"agree", NULL, N_("letters.opt.agree", "say yes to that: TEXT is what the other listener gets")},
    {"decline", NULL, N_("letters.opt.decline", "say no to that; nothing is sent")},
    {"end-talk", NULL,
     N_("letters.opt.end", "end a conversation here, or put a first letter aside; nothing is sent")},
    {"resend-all", NULL, N_("letters.opt.resend", "send letters of it again that the board did not take")},
    {0}};

/* Saying ----------------------------------------------------------------------------------------------------
 */
static void say_helper(struct app *app, const struct helper *h, size_t number, struct buf *out)
{
    AUTO_BUF struct buf line, topics;
    buf_init(&line, 8192);
    buf_init(&topics, 4096);
    buf_printf(&line, "%zu  %s  %s", number, h->name, languages_said(app, h->languages));
    say_line(out, buf_text(&line), 0);
    buf_reset(&line);
    if (h->vouched)
        words_say(&line, tr("card.vouched", "Vouched for by {name} since {date}. Key in six words: {words}"),
                  {"name", h->voucher}, {"date", say_day(app->arena, h->since)}, {"words", h->words});
    else
        buf_add_text(&line, tr("card.unvouched", "Nobody has vouched for this card. It may be anyone, also a "
                                                 "manager."));
    say_line(out, buf_text(&line), 3);
    utf8_clean(&topics, h->topics);
    if (topics.n)
        say_line(out, buf_text(&topics), 3);
    if (h->paused)
        say_line(out, tr("letters.paused", "Paused."), 3);
}

static void say_helpers(struct app *app, const struct letters *l, bool unvouched, bool ever, struct buf *out)
{
    size_t open = 0;
    for (size_t i = 0; i < l->helpers.n; i++) {
        const struct helper *h = &l->helpers.at[i];
        if (!h->vouched && !unvouched)
            break;
        say_helper(app, h, i + 1, out);
        open += h->vouched && !h->paused;
    }
    if (!open)
        say_line(out,
                 ever ? tr("listen.wait",
                           "No listener is free right now. One usually answers within a day. If you "
                           "cannot wait: Help now.")
                      : tr("counsel.wait", "If you cannot wait: Help now."),
                 0);
    if (!open)
        say_line(out, tr("help.how", "Help now, here: respite helpnow"), 0);
    if (!unvouched && l->helpers.n > l->helpers.vouched)
        say_line(out,
                 tr("letters.unvouched", "There are cards that nobody has vouched for: respite letters "
                                         "--unvouched"),
                 0);
}

/* JSON ------------------------------------------------------------------------------------------------------
 */
static bool helper_json(const struct helper *h, size_t number, json_t *list, struct err *err)
{
    char since[16];
    json_t *o = json_pack("{s:I,s:s,s:b,s:b,s:s,s:o,s:o}", "n", (json_int_t)number, "name", h->name,
                          "vouched", h->vouched, "paused", h->paused, "words", h->words, "languages",
                          json_shown(h->languages), "topics", json_shown(h->topics));
    if (!o || json_array_append_new(list, o) != 0)
        return fail_memory(err);
    return !h->vouched ||
           (json_object_set_new(o, "voucher", json_string(h->voucher)) == 0 &&
            json_object_set_new(o, "since", json_string(day_text(h->since, since))) == 0) ||
           fail_memory(err);
}

static bool list_json(struct app *app, const struct letters *l, bool unvouched, struct buf *out,
                      struct err *err)
{
    json_t *helpers = json_array(), *talks = json_array();
    AUTO_JSON json_t *o = json_pack("{s:o,s:o}", "listeners", helpers, "conversations", talks);
    if (!o)
        return fail_memory(err);
    for (size_t i = 0; i < l->helpers.n; i++)
        if ((unvouched || l->helpers.at[i].vouched) && !helper_json(&l->helpers.at[i], i + 1, helpers, err))
            return false;
    for (size_t i = 0; i < l->all.n; i++)
        if (json_array_append_new(talks, talk_row_json(app, &l->all.at[i])) != 0)
            return fail_memory(err);
    return json_write(o, out, err);
}

/* Reading ---------------------------------------------------------------------------------------------------
 */
/* Who a letter asks to pass the conversation on to; NULL: it asks nothing. */
static const char *asks_of(struct app *app, const struct letters *l, const struct letter_kept *k)
{
    const struct helper *h = k->asks ? letters_helper(l, k->ask) : NULL;
    return !k->asks ? NULL : h ? h->name : key_in_words(app->arena, k->ask);
}

static bool read_one(struct app *app, struct letters *l, const struct conversation *c, struct err *err)
{
    struct letters_kept kept = {0};
    const char *why;
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    if (!letters_list(app->db, app->arena, c->id, l->today, &kept, err) ||
        !counsel_letter_hindered(app, letters_log(l), c, &why, err))
        return false;
    if (cli_has(app->cli, "json"))
        return talk_json(app, c, &kept, &out, err) && cmd_print(&out, err);
    for (size_t i = 0; i < kept.n; i++)
        if (!letter_say(app, c, &kept.at[i], asks_of(app, l, &kept.at[i]), &out, err))
            return false;
    if (letters_asked(&kept))
        say_line(&out,
                 tr("letters.asked.how", "To say yes, write what the other is to know: respite letters N "
                                         "--agree TEXT. To say no: --decline. Nothing of this "
                                         "conversation goes along."),
                 0);
    say_line(&out, why, 0);
    say_line(&out, letters_days(c), 0);
    return cmd_print(&out, err);
}

static bool list_all(struct app *app, struct letters *l, struct err *err)
{
    AUTO_BUF struct buf out;
    bool unvouched = cli_has(app->cli, "unvouched");
    struct as_of when;
    buf_init(&out, OUT_MOST);
    if (cli_has(app->cli, "json"))
        return list_json(app, l, unvouched, &out, err) && cmd_print(&out, err);
    if (!as_of_load(app, &when, err))
        return false;
    say_line(&out, tr("listen.ask", "Talk to a listener. They will not know who you are unless you say so."),
             0);
    say_helpers(app, l, unvouched, when.at != 0, &out);
    say_line(&out,
             tr("letters.two", "A listener has two conversations at a time. No one sees how many write."), 0);
    if (l->all.n)
        say_line(&out, tr("letters.yours.how", "Your letters, to be read with respite letters N:"), 0);
    for (size_t i = 0; i < l->all.n; i++)
        talk_say(app, &l->all.at[i], &out);
    as_of_say(&when, cli_has(app->cli, "look"), "respite letters --look", &out);
    return cmd_print(&out, err);
}

/* Writing ---------------------------------------------------------------------------------------------------
 */
/* Into the outbox it went: send it when it is to leave at once, and say how it stands. */
static bool after(struct app *app, const struct letters *l, int64_t conversation, int64_t outbox,
                  struct err *err)
{
    struct outbox one = {0};
    int sent;
    bool now = cli_has(app->cli, "now") || l->known->trial;
    if (now && !turn_spend(app, l->known, outbox, &sent, err))
        return false;
    if (!outbox_list(app->db, app->arena, outbox, &one, err))
        return false;
    if (one.n == 1 && (one.at->state == ACT_REFUSED || one.at->state == ACT_GIVEN_UP))
        return fail(err, E_REFUSED, "%s",
                    tr("letters.failed", "The board did not take this letter. It is kept here."));
    const char *said =
        one.n == 1 && one.at->state == ACT_KEPT
            ? tr("letters.left", "It has left, and is among the letters with the next batch.")
        : one.n == 1 && one.at->state == ACT_TRIED
            ? tr("post.tried", "The board could not be reached, or did not take it. It is tried again on "
                               "another day, at most three times in all.")
            : tr("post.leaves", "It leaves some time in the next 12 sending hours (Monday to Friday, 9:00 to "
                                "18:00).");
    return ok_said(app, said, conversation, err);
}

/* Whether anything may be written, and the text. */
static bool ready(struct app *app, const struct letters *l, size_t from, struct buf *text, struct err *err)
{
    const char *hindered = letters_hindered(l, cli_has(app->cli, "now"));
    return (!hindered || fail(err, E_REFUSED, "%s", hindered)) && words_typed(app, from, text, err);
}

static bool write_first(struct app *app, struct letters *l, struct err *err)
{
    const struct helper *to;
    int64_t conversation, outbox;
    AUTO_BUF struct buf text;
    buf_init(&text, TYPED);
    if (!helper_named(app, &l->helpers, cli_value(app->cli, "to"), &to, err))
        return false;
    if (!to->vouched && !cli_has(app->cli, "unvouched"))
        return fail(
            err, E_REFUSED, "%s %s",
            tr("card.unvouched", "Nobody has vouched for this card. It may be anyone, also a manager."),
            tr("err.letters.unvouched", "To write all the same, add --unvouched."));
    return ready(app, l, 0, &text, err) &&
           letters_first(app, l, to, buf_span(&text), cli_has(app->cli, "now"), &conversation, &outbox,
                         err) &&
           after(app, l, conversation, outbox, err);
}

static bool pass_on(struct app *app, struct letters *l, const struct conversation *c, struct err *err)
{
    const struct helper *to;
    int64_t outbox;
    AUTO_BUF struct buf text;
    buf_init(&text, TYPED);
    return helper_named(app, &l->helpers, cli_value(app->cli, "pass-on"), &to, err) &&
           ready(app, l, 1, &text, err) &&
           letters_pass_on(app, l, c->id, to, text.n ? buf_span(&text) : SPAN(""), cli_has(app->cli, "now"),
                           &outbox, err) &&
           after(app, l, c->id, outbox, err);
}

static bool no_question(struct err *err)
{
    return fail(err, E_MISSING,
                tr("err.letters.no_question", "No letter of this conversation asks to pass it "
                                              "on."));
}

static bool agree(struct app *app, struct letters *l, const struct conversation *c, struct err *err)
{
    struct letters_kept kept = {0};
    int64_t begun, outbox;
    AUTO_BUF struct buf text;
    buf_init(&text, TYPED);
    if (!letters_list(app->db, app->arena, c->id, l->today, &kept, err))
        return false;
    const struct letter_kept *asked = letters_asked(&kept);
    if (!asked)
        return no_question(err);
    bool no = cli_has(app->cli, "decline");
    if (no)
        return mailbox_told(app->db, c->id, asked->n, err) &&
               ok_said(app, tr("letters.declined", "Nothing was sent, and nobody is told."), c->id, err);
    return ready(app, l, 1, &text, err) &&
           letters_agree(app, l, c->id, asked, buf_span(&text), cli_has(app->cli, "now"), &begun, &outbox,
                         err) &&
           after(app, l, begun, outbox, err);
}

static bool resend(struct app *app, struct letters *l, const struct conversation *c, struct err *err)
{
    int n;
    int64_t outbox = -1;
    if (!letters_resend(app, l, c->id, &n, &outbox, err))
        return false;
    return n ? after(app, l, c->id, outbox, err)
             : ok_said(app, tr("letters.resend.none", "Every letter of this conversation has left or waits."),
                       c->id, err);
}

static bool answer(struct app *app, struct letters *l, const struct conversation *c, struct err *err)
{
    int64_t outbox;
    AUTO_BUF struct buf text;
    buf_init(&text, TYPED);
    return ready(app, l, 1, &text, err) &&
           letters_answer(app, l, c, buf_span(&text), cli_has(app->cli, "now"), &outbox, err) &&
           after(app, l, c->id, outbox, err);
}

static bool end_it(struct app *app, const struct conversation *c, struct err *err)
{
    bool there;
    return mailbox_end(app->db, c->id, &there, err) &&
           ok_said(app, tr("letters.ended", "Ended here. Nothing is sent, and nobody is told."), c->id, err);
}

static bool with_one(struct app *app, struct letters *l, struct err *err)
{
    struct span word = span_of(app->cli->words[0]);
    uint64_t id;
    const struct cli *cli = app->cli;
    if (!scan_u64(&word, &id, INT64_MAX) || !scan_end(&word))
        return fail(err, E_USAGE,
                    tr("err.letters.usage", "A conversation is named by its number: `respite "
                                            "letters 3`, and to answer: `respite letters 3 "
                                            "TEXT`. A first letter: `respite letters --to "
                                            "LISTENER TEXT`."));
    const struct conversation *c = letters_one(l, (int64_t)id);
    if (!c)
        return fail(err, E_MISSING, tr("err.letters.none", "There is no conversation of that number."));
    if (cli_has(cli, "end-talk"))
        return end_it(app, c, err);
    if (cli_has(cli, "resend-all"))
        return resend(app, l, c, err);
    if (cli_has(cli, "pass-on"))
        return pass_on(app, l, c, err);
    if (cli_has(cli, "agree") || cli_has(cli, "decline"))
        return agree(app, l, c, err);
    return cli->words_n > 1 ? answer(app, l, c, err) : read_one(app, l, c, err);
}

static bool run(struct app *app, const struct known *known, struct err *err)
{
    struct letters l;
    bool to = cli_has(app->cli, "to");
    bool ok = letters_load(app, known, cli_has(app->cli, "now"), &l, err) &&
              (to                      ? write_first(app, &l, err)
               : app->cli->words_n > 0 ? with_one(app, &l, err)
                                       : list_all(app, &l, err));
    letters_clear(&l);
    return ok;
}

int cmd_letters(struct app *app)
{
    struct err err = {0};
    struct known *known;
    int items;
    bool writes = cli_has(app->cli, "to") || app->cli->words_n > 1 || cli_has(app->cli, "pass-on");
    bool ok =
        known_need(app, &known, &err) && (!writes || mark_step(app->db, app->paths, &err)) &&
        (!(cli_has(app->cli, "look") || (writes && known->trial)) || turn_look(app, known, &items, &err)) &&
        run(app, known, &err);
    return ok ? 0 : cmd_failed(&err);
}
