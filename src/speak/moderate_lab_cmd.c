/* respite lab moderator, lab voucher, lab counsellor: put somebody's key into the record, or end its term;
 * and lab moderate: who may decide here and what was decided. DESIGN lists `lab moderate` among the
 * operator's commands. It shows and does not decide, since a decision by the lab's own key would be one that
 * no member can tell from the operator's wish. */
#include <stdio.h>
#include <unistd.h>

#include "anon/head_words.h"
#include "anon/item.h"
#include "anon/lab.h"
#include "base/vec.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "codec/utf8.h"
#include "io/clock.h"
#include "speak/counsel_lab.h"
#include "speak/lab_append.h"
#include "speak/moderate.h"
#include "speak/moderate_cmd.h"
#include "speak/moderate_key.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { COLUMNS = 80, DAY = 86400, ACTS_SHOWN = 20, OUT_MOST = 1 << 20, ID_SHOWN = 8 };

const struct cli_option lab_person_options[] = {
    {"db", "URL", N_("lab.opt.db", "the lab's database, when it is not its own file")},
    {"end-term", "NAME", N_("lab.opt.end", "end the term of who has this name, now")},
    {"reason", "TEXT", N_("lab.opt.end_reason", "with --end-term: why, for everybody to read")},
    {0}};
const struct cli_option lab_moderate_options[] = {
    {"db", "URL", N_("lab.opt.db", "the lab's database, when it is not its own file")}, {0}};

static void say(struct buf *out, const char *text)
{
    wrap_text(out, text, COLUMNS, 0);
}

static const char *clean(struct app *app, struct span text)
{
    AUTO_BUF struct buf out;
    buf_init(&out, ENTRY_MOST);
    utf8_clean(&out, text);
    const char *kept = arena_text(app->arena, buf_span(&out));
    return kept ? kept : "";
}

static const char *day_said(struct app *app, int64_t at)
{
    return say_day_year(app->arena, moment_day(clock_local(at)));
}

static const char *const names_of[][2] = {
    [ENTRY_MODERATOR] = {"moderator", "moderators"},
    [ENTRY_VOUCHER] = {"voucher", "vouchers"},
    [ENTRY_COUNSELLOR] = {"counsellor", "counsellors"},
    [ENTRY_LISTENER] = {"listener", "listeners"},
};

/* Appending ------------------------------------------------------------------------------------------- */
static bool append(struct app *app, const struct entry *entry, struct err *err)
{
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, ENTRY_MOST);
    return entry_write(entry, &bytes, err) && lab_append(app, buf_span(&bytes), err);
}

/* Who is there ---------------------------------------------------------------------------------------- */
struct people {
    struct history_person *at;
    size_t n, room;
};

static bool people_load(struct app *app, enum entry_kind kind, struct people *out, struct err *err)
{
    const struct history *issuer, *board;
    if (!lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    const struct history *h = board ? board : issuer;
    bool ok = true;
    for (size_t i = h->people.n; ok && i-- > 0;) {
        if (h->people.at[i].kind != kind || h->people.at[i].until <= app->now)
            continue;
        struct history_person *p = VEC_PUSH(app->arena, out);
        ok = p != NULL;
        if (ok) {
            *p = h->people.at[i];
            p->person.name = arena_span(app->arena, p->person.name);
            ok = p->person.name.p != NULL;
        }
    }
    lab_facts_done(app->lab);
    return ok || fail_memory(err);
}

static bool person_json(const struct history_person *p, const char *words, json_t *list, struct err *err)
{
    char from[16], to[16];
    json_t *o = json_pack("{s:o,s:s,s:s,s:s}", "name", json_shown(p->person.name), "from",
                          day_text((day_t)(p->from / DAY), from), "to",
                          day_text((day_t)(p->until / DAY) - 1, to), "words", words);
    return (o && json_array_append_new(list, o) == 0) || fail_memory(err);
}

static void person_said(struct app *app, const struct history_person *p, const char *words, struct buf *out)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    words_say(&line,
              p->from > app->now ? tr("lab.mods.from", "{name}, from {date}")
                                 : tr("lab.mods.since", "{name}, since {date}"),
              {"name", clean(app, p->person.name)}, {"date", day_said(app, p->from)});
    say(out, buf_text(&line));
    buf_reset(&line);
    buf_add_text(&line, "  ");
    words_say(&line, tr("listen.words", "The key in six words: {words}"), {"words", words});
    wrap_text(out, buf_text(&line), COLUMNS, 2);
}

static bool people_print(struct app *app, enum entry_kind kind, struct err *err)
{
    struct people people = {0};
    AUTO_BUF struct buf out;
    AUTO_JSON json_t *list = json_array();
    buf_init(&out, OUT_MOST);
    if (!list)
        return fail_memory(err);
    if (!people_load(app, kind, &people, err))
        return false;
    for (size_t i = 0; i < people.n; i++) {
        const char *words;
        if (!key_words(span_bytes(people.at[i].person.pk, 32), app->arena, &words, err) ||
            !person_json(&people.at[i], words, list, err))
            return false;
        person_said(app, &people.at[i], words, &out);
    }
    if (cli_has(app->cli, "json")) {
        buf_reset(&out);
        AUTO_JSON json_t *o = json_pack("{s:O}", names_of[kind][1], list);
        return (o || fail_memory(err)) && json_write(o, &out, err) && cmd_print(&out, err);
    }
    if (people.n == 0)
        say(&out, kind == ENTRY_MODERATOR
                      ? tr("lab.mods.none", "Nobody moderates here yet. A moderator makes a key with "
                                            "`respite moderate --key NAME` and hands you the line.")
                  : kind == ENTRY_VOUCHER ? tr("lab.vouchers.none", "Nobody vouches here yet.")
                  : kind == ENTRY_LISTENER
                      ? tr("lab.listeners.none", "There is no listener in the record yet. A listener makes a "
                                                 "key with `respite listen --ask NAME`, and somebody who "
                                                 "vouches hands you the line.")
                      : tr("lab.counsellors.none",
                           "There is no counsellor here yet. A counsellor makes a key with `respite counsel "
                           "--key NAME --at ADDRESS` and hands you the line."));
    return cmd_print(&out, err);
}

/* Taking somebody in ---------------------------------------------------------------------------------- */
static bool show_person(struct app *app, struct entry *e, struct err *err)
{
    AUTO_BUF struct buf out, line;
    const char *words;
    const struct entry_person *p = entry_person_of(e);
    buf_init(&out, OUT_MOST);
    buf_init(&line, 4096);
    if (!key_words(span_bytes(p->pk, 32), app->arena, &words, err))
        return false;
    words_say(&line, tr("lab.mods.who", "{name}, from {from} to {to}."), {"name", clean(app, p->name)},
              {"from", say_day_year(app->arena, p->from)}, {"to", say_day_year(app->arena, p->to)});
    say(&out, buf_text(&line));
    if (e->kind == ENTRY_COUNSELLOR) {
        buf_reset(&line);
        words_say(
            &line, tr("lab.counsellors.who", "Employer: {employer}. The key can be compared at: {where}."),
            {"employer", clean(app, e->counsellor.employer)}, {"where", clean(app, e->counsellor.where)});
        say(&out, buf_text(&line));
    }
    buf_reset(&line);
    words_say(&line,
              tr("lab.mods.words",
                 "The key in six words: {words}. Have them read to you from the computer that "
                 "made it, not from a message."),
              {"words", words});
    say(&out, buf_text(&line));
    if (!app->lab->trial)
        say(&out, tr("lab.mods.wait", "Every member sees the entry. The key counts 72 hours after it."));
    return cmd_print(&out, err);
}

static bool agreed(struct app *app, struct err *err)
{
    return cli_has(app->cli, "yes") || cli_agrees(app->cli, tr("lab.mods.ask", "Put it into the record?")) ||
           fail(err, E_REFUSED,
                tr("err.lab.mods_no", "Nothing was put into the record. To agree without being asked, say "
                                      "--yes."));
}

static bool may_come(struct app *app, struct entry *e, struct err *err)
{
    const struct entry_person *p = entry_person_of(e);
    if ((int64_t)(p->to + 1) * DAY <= app->now)
        return fail(err, E_REFUSED,
                    tr("err.lab.mods_over", "The term in this line is over. Ask for a new one."));
    if (p->to - p->from > 53 * 7)
        return fail(err, E_REFUSED,
                    tr("err.lab.mods_term",
                       "The term in this line is longer than 53 weeks. Ask for a shorter "
                       "one; it can be renewed."));
    return true;
}

static bool done(struct app *app, const char *text, struct err *err)
{
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    if (cli_has(app->cli, "json"))
        buf_add_text(&out, "{\"ok\":true}\n");
    else
        say(&out, text);
    return cmd_print(&out, err);
}

static bool take_in(struct app *app, enum entry_kind kind, struct err *err)
{
    struct entry e;
    return person_line_read(span_of(app->cli->words[0]), kind, app->now, app->arena, &e, err) &&
           may_come(app, &e, err) && (cli_has(app->cli, "json") || show_person(app, &e, err)) &&
           agreed(app, err) && append(app, &e, err) &&
           done(app, tr("lab.mods.done", "It is in the record."), err);
}

/* Ending a term --------------------------------------------------------------------------------------- */
/* The one whose term is to end: by name, or by the six words of the key, since two may have one name
 * (somebody who lost a computer, and is back with another) and a listener none. */
static bool person_named(struct app *app, const struct people *people, const char *name,
                         const struct history_person **out, struct err *err)
{
    size_t n = 0;
    for (size_t i = 0; i < people->n; i++) {
        const struct history_person *p = &people->at[i];
        const char *words;
        if (!key_words(span_bytes(p->person.pk, 32), app->arena, &words, err))
            return false;
        if (strcmp(words, name) == 0) {
            *out = p;
            return true;
        }
        if (p->person.name.n && span_is(p->person.name, name)) {
            *out = p;
            n++;
        }
    }
    if (n == 1)
        return true;
    return n ? fail(err, E_USAGE,
                    tr("err.lab.end_many",
                       "More than one term of this name runs. Say which by the six words of its "
                       "key, in quotation marks."))
             : fail(err, E_MISSING, tr("err.lab.end_none", "Nobody of this name has a term that runs: %.80s"),
                    name);
}

static bool end_term(struct app *app, enum entry_kind kind, const char *name, struct err *err)
{
    const char *reason = cli_value(app->cli, "reason");
    struct people people = {0};
    const struct history_person *who = NULL;
    AUTO_BUF struct buf tidy;
    buf_init(&tidy, 4096);
    if (!reason || !plain_tidy(span_of(reason), false, &tidy, err) || tidy.n == 0)
        return err->code != E_NONE
                   ? false
                   : fail(err, E_USAGE,
                          tr("err.lab.end_reason", "Say why, for everybody to read: --reason TEXT."));
    if (!people_load(app, kind, &people, err))
        return false;
    if (!person_named(app, &people, name, &who, err))
        return false;
    struct entry e = {.kind = ENTRY_END,
                      .at = app->now,
                      .end = {.what = span_of(names_of[kind][0]), .reason = buf_span(&tidy)}};
    memcpy(e.end.pk, who->person.pk, sizeof e.end.pk);
    return append(app, &e, err) && (kind != ENTRY_COUNSELLOR || counsel_ended(app->db, e.end.pk, err)) &&
           done(app,
                tr("lab.mods.ended", "The term is ended, and the record says so. What was signed with the "
                                     "key before stays as it is."),
                err);
}

static int person(struct app *app, enum entry_kind kind)
{
    struct err err = {0};
    const char *end = cli_value(app->cli, "end-term");
    bool ok;
    if (app->cli->words_n > 1 || (end && app->cli->words_n))
        ok = fail(&err, E_USAGE,
                  tr("err.lab.mods_usage", "Give the one line that was handed to you, or --end-term NAME, or "
                                           "nothing to see who is there."));
    else
        ok = end                 ? end_term(app, kind, end, &err)
             : app->cli->words_n ? take_in(app, kind, &err)
                                 : people_print(app, kind, &err);
    return ok ? 0 : cmd_failed(&err);
}

int cmd_lab_moderator(struct app *app)
{
    return person(app, ENTRY_MODERATOR);
}

int cmd_lab_voucher(struct app *app)
{
    return person(app, ENTRY_VOUCHER);
}

int cmd_lab_counsellor(struct app *app)
{
    return person(app, ENTRY_COUNSELLOR);
}

/* A listener's line is taken in where listeners are known (speak/listen_cmd.c); the list and the end of a
 * term are the same for all. */
int lab_listeners(struct app *app)
{
    return person(app, ENTRY_LISTENER);
}

/* What was decided ------------------------------------------------------------------------------------ */
struct decided {
    struct history_moderation *at;
    size_t n, room;
    size_t all;
};

static bool decided_load(struct app *app, struct decided *out, struct span *who, struct err *err)
{
    const struct history *issuer, *board;
    if (!lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    const struct history *h = board ? board : issuer;
    bool ok = true;
    out->all = h->moderations.n;
    for (size_t i = h->moderations.n; ok && i-- > 0 && out->n < ACTS_SHOWN;) {
        struct history_moderation *m = VEC_PUSH(app->arena, out);
        ok = m != NULL;
        if (!ok)
            break;
        *m = h->moderations.at[i];
        m->moderation.reason = arena_span(app->arena, m->moderation.reason);
        who[out->n - 1] = arena_span(app->arena, m->by >= 0 ? h->people.at[m->by].person.name : SPAN(""));
        ok = m->moderation.reason.p && who[out->n - 1].p;
    }
    lab_facts_done(app->lab);
    return ok || fail_memory(err);
}

static bool decided_json(const struct decided *d, const struct span *who, struct buf *out, struct err *err)
{
    json_t *list = json_array();
    AUTO_JSON json_t *o = json_pack("{s:o,s:I}", "decisions", list, "all", (json_int_t)d->all);
    if (!o)
        return fail_memory(err);
    for (size_t i = 0; i < d->n; i++) {
        char day[16], post[33];
        item_hex(d->at[i].moderation.target, post);
        json_t *one = json_pack("{s:I,s:s,s:s,s:o,s:o,s:s}", "index", (json_int_t)d->at[i].index, "post",
                                post, "do", moderation_name(d->at[i].moderation.act), "reason",
                                json_shown(d->at[i].moderation.reason), "by", json_shown(who[i]), "day",
                                day_text(moment_day(clock_local(d->at[i].at)), day));
        if (!one || json_array_append_new(list, one) != 0)
            return fail_memory(err);
    }
    return json_write(o, out, err);
}

static void decided_said(struct app *app, const struct decided *d, const struct span *who, struct buf *out)
{
    for (size_t i = 0; i < d->n; i++) {
        char post[33];
        AUTO_BUF struct buf line;
        buf_init(&line, 8192);
        item_hex(d->at[i].moderation.target, post);
        post[ID_SHOWN] = '\0';
        words_say(&line, tr("lab.mods.act", "{day}, {who}: {what}: {reason} [{post}]"), {"post", post},
                  {"day", day_said(app, d->at[i].at)}, {"who", clean(app, who[i])},
                  {"what", moderate_say(d->at[i].moderation.act)},
                  {"reason", clean(app, d->at[i].moderation.reason)});
        say(out, buf_text(&line));
    }
    say(out, tr("lab.mods.own_key", "Decisions are made on the moderators' own computers, with `respite "
                                    "moderate` and their own keys. This machine shows them and makes none."));
}

static bool lab_moderate(struct app *app, struct err *err)
{
    struct decided d = {0};
    struct span who[ACTS_SHOWN];
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    if (app->cli->words_n)
        return fail(err, E_USAGE,
                    tr("err.lab.moderate", "`lab moderate` shows what was decided and takes no words. A "
                                           "decision is made with `respite moderate`, on a moderator's own "
                                           "computer."));
    if (!decided_load(app, &d, who, err))
        return false;
    if (cli_has(app->cli, "json"))
        return decided_json(&d, who, &out, err) && cmd_print(&out, err);
    if (!people_print(app, ENTRY_MODERATOR, err))
        return false;
    decided_said(app, &d, who, &out);
    return cmd_print(&out, err);
}

int cmd_lab_moderate(struct app *app)
{
    struct err err = {0};
    return lab_moderate(app, &err) ? 0 : cmd_failed(&err);
}
