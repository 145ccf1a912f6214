/* listen: being a listener. The lines that go from hand to hand, the card of the week, the pause. And, where
 * the lab is kept, putting a listener into the record. */
#include <stdio.h>

#include "anon/anon_cmd.h"
#include "anon/head_words.h"
#include "anon/lab.h"
#include "anon/mark.h"
#include "anon/outbox_db.h"
#include "anon/turn.h"
#include "codec/json.h"
#include "io/clock.h"
#include "speak/lab_append.h"
#include "speak/letters.h"
#include "speak/moderate_cmd.h"
#include "speak/moderate_key.h"
#include "speak/own_key.h"
#include "speak/speak_cmd.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { LINE_MOST = 16 * 1024, COLUMNS = 80, DAY = 86400, DAYS_OPEN = 28 };

const struct cli_option listen_options[] = {
    {"ask", "NAME", N_("listen.opt.ask", "make your key, and the line to give to who may vouch for you")},
    {"voucher", "NAME",
     N_("listen.opt.voucher", "make your key as somebody who vouches, and the line for the lab")},
    {"vouch", "LINE",
     N_("listen.opt.vouch", "vouch for a listener whose words you compared; prints the line for the lab")},
    {"weeks", "N", N_("listen.opt.weeks", "with --ask and --voucher: for so many weeks, at most 26")},
    {"open", NULL, N_("listen.opt.open", "be available: members see your card and can write")},
    {"until", "DAY", N_("listen.opt.until", "with --open: to the end of this day, four weeks unless said")},
    {"languages", "LIST", N_("listen.opt.languages", "with --open: en,zh")},
    {"topics", "LIST", N_("listen.opt.topics", "with --open: a few words, with commas between")},
    {"pause", NULL,
     N_("listen.opt.pause", "take no letters for now; no reason is asked for, and no one is told")},
    {"now", NULL, N_("letters.opt.now", "let it leave at once, not within the next 12 sending hours")},
    {0}};

static void say(struct buf *out, const char *text)
{
    if (text)
        wrap_text(out, text, COLUMNS, 0);
}

/* A line to be copied is never wrapped. */
static bool line_said(struct app *app, const char *what, struct span line, const uint8_t *pk, struct err *err)
{
    AUTO_BUF struct buf out, words;
    buf_init(&out, LINE_MOST);
    buf_init(&words, 4096);
    const char *six = pk ? key_in_words(app->arena, pk) : "";
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o = json_pack("{s:s%,s:s}", "line", line.p, line.n, "words", six);
        return (o || fail_memory(err)) && json_write(o, &out, err) && cmd_print(&out, err);
    }
    say(&out, what);
    buf_printf(&out, "\n%.*s\n\n", SPAN_ARG(line));
    if (pk) {
        words_say(&words, tr("listen.words", "The key in six words: {words}"), {"words", six});
        say(&out, buf_text(&words));
    }
    return cmd_print(&out, err);
}

static bool term(struct app *app, day_t *from, day_t *to, struct err *err)
{
    long weeks;
    if (!cli_number(app->cli, "weeks", 26, 1, 26, &weeks, err))
        return false;
    *from = (day_t)(app->now / DAY);
    *to = *from + (day_t)weeks * 7 - 1;
    return true;
}

static bool ask(struct app *app, struct err *err)
{
    struct own_key own;
    day_t from, to;
    return term(app, &from, &to, err) &&
           listener_ask(app->db, app->arena, span_trim(span_of(cli_value(app->cli, "ask"))), from, to, &own,
                        err) &&
           line_said(app,
                     tr("listen.ask.next", "Give this line to somebody who may vouch for listeners, and read "
                                           "the six words to them. Your key stays on this computer."),
                     own.line, own.pk, err);
}

static bool voucher(struct app *app, struct err *err)
{
    struct own_key own;
    day_t from, to;
    return term(app, &from, &to, err) &&
           voucher_line(app->db, app->arena, span_trim(span_of(cli_value(app->cli, "voucher"))), from, to,
                        &own, err) &&
           line_said(app,
                     tr("listen.voucher.next", "Give this line to whoever keeps the lab: respite lab voucher "
                                               "LINE. Your key stays on this computer."),
                     own.line, own.pk, err);
}

static bool vouch(struct app *app, struct letters *l, struct err *err)
{
    AUTO_BUF struct buf line;
    struct entry_person who;
    buf_init(&line, LINE_MOST);
    struct span asked = span_of(cli_value(app->cli, "vouch"));
    return listener_ask_read(asked, app->arena, &who, err) &&
           listener_vouch(app->db, app->arena, letters_log(l), asked, &line, err) &&
           line_said(app,
                     tr("listen.vouch.next", "Compare these words with the listener's own. When they are the "
                                             "same, give this line to whoever keeps the lab: respite lab "
                                             "listener LINE"),
                     buf_span(&line), who.pk, err);
}

/* The card --------------------------------------------------------------------------------------------------
 */
static bool want_open(struct app *app, const struct letters *l, struct listening *want, struct err *err)
{
    const char *until = cli_value(app->cli, "until"), *languages = cli_value(app->cli, "languages");
    const char *topics = cli_value(app->cli, "topics");
    day_t today = moment_day(clock_local(app->now));
    *want = l->listening;
    want->open = true;
    want->until = today + DAYS_OPEN;
    if (until && !day_read(span_of(until), &want->until, err))
        return false;
    if (want->until < today || want->until > today + LISTEN_DAYS)
        return fail(err, E_USAGE,
                    tr("err.listen.until", "The last day lies between today and half a year "
                                           "from now."));
    if (languages)
        want->languages = span_of(languages);
    if (topics)
        want->topics = span_of(topics);
    return true;
}

static bool card(struct app *app, struct letters *l, struct err *err)
{
    struct listening want = l->listening;
    struct outbox one = {0};
    int64_t outbox;
    int sent;
    bool now = cli_has(app->cli, "now"), at_once = now || l->known->trial;
    const char *hindered = letters_hindered(l, now);
    if (hindered)
        return fail(err, E_REFUSED, "%s", hindered);
    want.open = false;
    if (cli_has(app->cli, "open") && !want_open(app, l, &want, err))
        return false;
    if (!listen_card(app->db, l->known, &want, now, app->now, &outbox, err) ||
        (at_once && !turn_spend(app, l->known, outbox, &sent, err)) ||
        !outbox_list(app->db, app->arena, outbox, &one, err) ||
        !listening_load(app->db, app->arena, &l->listening, err))
        return false;
    return (one.n == 1 && one.at->state != ACT_REFUSED && one.at->state != ACT_GIVEN_UP) ||
           fail(err, E_REFUSED,
                tr("err.listen.refused", "The board did not take the card. Please try again "
                                         "later."));
}

/* How things stand ------------------------------------------------------------------------------------------
 */
static void say_entry(struct app *app, const struct letters *l, struct buf *out)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 8192);
    if (!l->has_key) {
        say(out, tr("listen.none", "You are not a listener. To become one: respite listen --ask NAME"));
        return;
    }
    words_say(&line, tr("listen.words", "The key in six words: {words}"), {"words", l->key_words});
    say(out, buf_text(&line));
    buf_reset(&line);
    if (!l->entry)
        buf_add_text(&line, tr("listen.unvouched", "Nobody has vouched for you in the record yet. Your card "
                                                   "stands last, with a warning."));
    else
        words_say(&line,
                  l->entry->from > app->now
                      ? tr("listen.vouched.from", "Vouched for by {name}; it counts from {date}.")
                      : tr("listen.vouched.since", "Vouched for by {name} since {date}."),
                  {"name", arena_text(app->arena, l->entry->voucher)},
                  {"date", say_day(app->arena, moment_day(clock_local(l->entry->from)))});
    say(out, buf_text(&line));
}

static bool state_said(struct app *app, const struct letters *l, struct err *err)
{
    AUTO_BUF struct buf out, line;
    char until[16];
    const struct listening *me = &l->listening;
    buf_init(&out, LINE_MOST);
    buf_init(&line, 4096);
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o =
            json_pack("{s:b,s:b,s:b,s:s,s:I}", "listener", l->has_key, "vouched",
                      l->entry && l->entry->from <= app->now, "open", me->there && me->open, "until",
                      me->open ? day_text(me->until, until) : "", "conversations", (json_int_t)l->busy);
        return (o || fail_memory(err)) && json_write(o, &out, err) && cmd_print(&out, err);
    }
    say_entry(app, l, &out);
    if (me->there && me->open) {
        words_say(&line, tr("listen.available", "You: available until {date}, 2 at a time."),
                  {"date", say_day(app->arena, me->until)});
        say(&out, buf_text(&line));
    } else if (me->there)
        say(&out, tr("listen.paused", "You: paused."));
    if (l->has_key)
        say(&out, tr("listen.role", "You do not need to solve it, advise, or take notes. Listening is "
                                    "enough."));
    return cmd_print(&out, err);
}

static bool run(struct app *app, const struct known *known, struct err *err)
{
    struct letters l;
    bool changes = cli_has(app->cli, "open") || cli_has(app->cli, "pause");
    bool ok = letters_load(app, known, cli_has(app->cli, "now"), &l, err) &&
              (cli_has(app->cli, "vouch") ? vouch(app, &l, err)
                                          : (!changes || card(app, &l, err)) && state_said(app, &l, err));
    letters_clear(&l);
    return ok;
}

int cmd_listen(struct app *app)
{
    struct err err = {0};
    struct known *known;
    int items;
    bool changes = cli_has(app->cli, "open") || cli_has(app->cli, "pause");
    bool ok = known_need(app, &known, &err);
    if (ok && cli_has(app->cli, "ask"))
        ok = ask(app, &err);
    else if (ok && cli_has(app->cli, "voucher"))
        ok = voucher(app, &err);
    else
        ok = ok && (!changes || mark_step(app->db, app->paths, &err)) &&
             (!(changes && known->trial) || turn_look(app, known, &items, &err)) && run(app, known, &err);
    return ok ? 0 : cmd_failed(&err);
}

/* Where the lab is kept -------------------------------------------------------------------------------------
 */
/* What members would find wrong with it is refused here. */
static bool fits(struct app *app, const struct entry *e, struct err *err)
{
    const struct history *issuer, *board;
    bool good;
    if (!entry_vouched(e, &good, err) || !lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    const struct history_person *by =
        history_in_force(board ? board : issuer, ENTRY_VOUCHER, e->listener.voucher_pk, app->now);
    good = good && by && span_eq(by->person.name, e->listener.voucher) &&
           memcmp(e->listener.voucher_pk, e->listener.person.pk, 32) != 0;
    lab_facts_done(app->lab);
    return good ||
           fail(err, E_REFUSED,
                tr("err.listen.lab", "Whoever vouched here may not, or not yet: their key has to be in the "
                                     "record for 72 hours (`respite lab voucher`), and nobody vouches for "
                                     "themselves."));
}

static bool log_listener(struct app *app, struct err *err)
{
    struct entry e;
    AUTO_BUF struct buf bytes, out;
    buf_init(&bytes, ENTRY_MOST);
    buf_init(&out, LINE_MOST);
    if (app->cli->words_n != 1)
        return fail(err, E_USAGE,
                    tr("err.listen.lab_usage", "Give the line of who vouched, whole: respite lab "
                                               "listener LINE"));
    if (!person_line_read(span_of(app->cli->words[0]), ENTRY_LISTENER, app->now, app->arena, &e, err) ||
        !fits(app, &e, err) || !entry_write(&e, &bytes, err))
        return false;
    if (!lab_append(app, buf_span(&bytes), err))
        return false;
    if (cli_has(app->cli, "json"))
        buf_add_text(&out, "{\"ok\":true}\n");
    else
        say(&out, app->lab->trial ? tr("listen.logged.trial", "It is in the record, and counts at once.")
                                  : tr("listen.logged", "It is in the record, and counts in 72 hours."));
    return cmd_print(&out, err);
}

int cmd_lab_listener(struct app *app)
{
    struct err err = {0};
    if (app->cli->words_n == 0 || cli_value(app->cli, "end-term"))
        return lab_listeners(app);
    return log_listener(app, &err) ? 0 : cmd_failed(&err);
}
