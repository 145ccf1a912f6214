/* moderate: a moderator's key, what waits for them, and their decisions. flag and appeal: what members tell
 * the moderators, each for a pass, on the same road as a post. */
#include "speak/moderate_cmd.h"

#include <stdio.h>
#include <unistd.h>

#include "anon/anon_cmd.h"
#include "anon/head_words.h"
#include "anon/item.h"
#include "anon/mark.h"
#include "anon/spend.h"
#include "anon/turn.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "codec/scan.h"
#include "codec/utf8.h"
#include "crypt/secret.h"
#include "io/clock.h"
#include "speak/before.h"
#include "speak/board_keep.h"
#include "speak/board_words.h"
#include "speak/moderate_desk.h"
#include "speak/moderate_tell.h"
#include "speak/speak_cmd.h"
#include "speak/write.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { COLUMNS = 80, OUT_MOST = 8 << 20, ID_SHOWN = 8, NAME_MOST = 120 };

const struct cli_option moderate_options[] = {
    {"key", "NAME",
     N_("moderate.opt.key", "make a moderator's key in this name, and print the line for "
                            "whoever runs the lab")},
    {"from", "DAY", N_("moderate.opt.from", "with --key: first day of the term (today)")},
    {"to", "DAY", N_("moderate.opt.to", "with --key: last day of the term (26 weeks later)")},
    {"offline", NULL, N_("moderate.opt.offline", "show what is here; fetch nothing")},
    {0}};
const struct cli_option flag_options[] = {
    {"now", NULL, N_("post.opt.now", "send it at once, not at a drawn moment")}, {0}};
const struct cli_option appeal_options[] = {
    {"now", NULL, N_("post.opt.now", "send it at once, not at a drawn moment")}, {0}};

static void say_in(struct buf *out, size_t indent, const char *text)
{
    AUTO_BUF struct buf line;
    buf_init(&line, OUT_MOST);
    for (size_t i = 0; i < indent; i++)
        buf_add_byte(&line, ' ');
    buf_add_text(&line, text);
    wrap_text(out, buf_text(&line), COLUMNS, indent);
}

/* What others wrote, cleaned for a terminal, each line moved in. */
static void say_text(struct buf *out, size_t indent, struct span text)
{
    struct span line;
    while (text.n) {
        AUTO_BUF struct buf clean;
        buf_init(&clean, OUT_MOST);
        span_cut(&text, '\n', &line);
        utf8_clean(&clean, line);
        say_in(out, indent, buf_text(&clean));
    }
}

/* The words behind the first `n`, with a blank between. */
static bool words_after(struct app *app, size_t n, struct buf *out, struct err *err)
{
    for (size_t i = n; i < app->cli->words_n; i++) {
        if (i > n)
            buf_add_byte(out, ' ');
        buf_add_text(out, app->cli->words[i]);
    }
    return buf_ok(out, err);
}

/* The key --------------------------------------------------------------------------------------------- */
static bool term(struct app *app, day_t *from, day_t *to, struct err *err)
{
    const char *first = cli_value(app->cli, "from"), *last = cli_value(app->cli, "to");
    *from = moment_day(clock_local(app->now));
    if (first && !day_read(span_of(first), from, err))
        return false;
    *to = *from + TERM_WEEKS * 7;
    if (last && !day_read(span_of(last), to, err))
        return false;
    return (*from <= *to && *to - *from <= 53 * 7) ||
           fail(err, E_USAGE,
                tr("err.mod.term", "A term begins before it ends and has at most 53 weeks; it can be "
                                   "renewed."));
}

/* One that is here is replaced only by somebody who says so. */
static bool may_replace(struct app *app, struct err *err)
{
    struct moderate_self self;
    bool there;
    if (!moderate_self_load(app->db, app->arena, &self, &there, err))
        return false;
    secret_wipe(&self.key, sizeof self.key);
    return !there || cli_has(app->cli, "yes") ||
           cli_agrees(app->cli, tr("moderate.ask_key", "This computer has a moderator's key. Make another in "
                                                       "its place?")) ||
           fail(err, E_REFUSED,
                tr("err.mod.has_key", "The key that is here stays. To replace it without being asked, say "
                                      "--yes."));
}

/* In a trial lab a key does not wait. */
static bool trial(struct app *app)
{
    struct known *known = NULL;
    struct err none = {0};
    return known_load(app->db, app->arena, &known, &none) && known && known->trial;
}

/* The line of the key that is here, once more, for who asks for a key of the same name: a line is easily lost
 * before it was handed over. */
static bool has_this(struct app *app, struct span name, struct moderate_self *self, struct err *err)
{
    struct entry e;
    struct err none = {0};
    bool there;
    if (cli_has(app->cli, "yes") || cli_has(app->cli, "from") || cli_has(app->cli, "to") ||
        !moderate_self_load(app->db, app->arena, self, &there, err) || !there)
        return false;
    secret_wipe(&self->key, sizeof self->key);
    return person_line_read(self->line, ENTRY_MODERATOR, app->now, app->arena, &e, &none) &&
           span_eq(e.person.name, name);
}

static bool key_print(struct app *app, const struct moderate_self *self, struct err *err)
{
    AUTO_BUF struct buf out, line;
    const char *words;
    buf_init(&out, OUT_MOST);
    buf_init(&line, 4096);
    if (!key_words(span_bytes(self->pk, 32), app->arena, &words, err))
        return false;
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o = json_pack("{s:s%,s:s}", "line", self->line.p, self->line.n, "words", words);
        return (o || fail_memory(err)) && json_write(o, &out, err) && cmd_print(&out, err);
    }
    say_in(&out, 0, tr("moderate.key_line", "Hand this line to whoever runs the lab:"));
    buf_printf(&out, "%.*s\n", SPAN_ARG(self->line));
    words_say(&line,
              tr("moderate.key_words",
                 "The key in six words: {words}. Read them aloud to each other: then it "
                 "is your key that enters the record."),
              {"words", words});
    say_in(&out, 0, buf_text(&line));
    say_in(&out, 0,
           trial(app) ? tr("moderate.key_trial",
                           "The secret stays on this computer. The key counts as soon as it is in "
                           "the record, where every member sees it.")
                      : tr("moderate.key_wait",
                           "The secret stays on this computer. The key counts 72 hours after it is in "
                           "the record, where every member sees it."));
    return cmd_print(&out, err);
}

static bool make_key(struct app *app, const char *name, struct err *err)
{
    struct moderate_self self;
    day_t from, to;
    AUTO_BUF struct buf tidy;
    buf_init(&tidy, 4096);
    if (!term(app, &from, &to, err) || !plain_tidy(span_of(name), false, &tidy, err))
        return false;
    if (tidy.n == 0 || tidy.n > NAME_MOST)
        return fail(err, E_USAGE, tr("err.mod.name", "A name is one line of at most %d bytes."), NAME_MOST);
    if (has_this(app, buf_span(&tidy), &self, err))
        return key_print(app, &self, err);
    if (err->code || !may_replace(app, err) ||
        !moderate_self_make(app->db, app->arena, buf_span(&tidy), from, to, &self, err))
        return false;
    secret_wipe(&self.key, sizeof self.key);
    return key_print(app, &self, err);
}

/* What waits ------------------------------------------------------------------------------------------ */
static void say_words(struct app *app, const uint8_t id[static 16], size_t indent, struct buf *out)
{
    struct board_words words;
    struct err none = {0};
    bool there;
    if (!board_words(app->db, app->arena, id, &words, &there, &none) || !there || words.gone) {
        say_in(out, indent, tr("moderate.no_words", "(its words are not here)"));
        return;
    }
    if (words.of != WORDS_POST)
        say_in(out, indent, board_words_about(app->arena, &words));
    say_text(out, indent, words.text);
}

static void say_flagged(struct app *app, const struct desk_flagged *f, struct buf *out)
{
    char hex[33];
    item_hex(f->target, hex);
    buf_printf(out, "[%.*s]\n", ID_SHOWN, hex);
    say_words(app, f->target, 2, out);
    for (int i = 0; i < FLAG_REASONS; i++) {
        AUTO_BUF struct buf line;
        buf_init(&line, 1024);
        if (!f->n[i])
            continue;
        words_say(&line, tr("moderate.flags", "{n} × {reason}"), {"n", say_number(app->arena, f->n[i])},
                  {"reason", flag_say((enum flag_reason)i)});
        say_in(out, 4, buf_text(&line));
    }
    for (size_t i = 0; i < f->notes; i++) {
        AUTO_BUF struct buf line;
        buf_init(&line, 8192);
        buf_add_text(&line, "- ");
        utf8_clean(&line, f->note[i]);
        say_in(out, 4, buf_text(&line));
    }
}

static void say_held(const struct desk_held *held, struct buf *out)
{
    char hex[33];
    item_hex(held->id, hex);
    buf_printf(out, "[%s]\n", hex);
    say_text(out, 2, held->text);
}

static void say_open(struct app *app, const struct moderate_act *a, struct buf *out)
{
    char hex[33];
    AUTO_BUF struct buf line;
    buf_init(&line, OUT_MOST);
    item_hex(a->target, hex);
    buf_printf(&line, "[%.*s] ", ID_SHOWN, hex);
    buf_add_text(&line, moderate_say(a->act));
    buf_add_text(&line, ": ");
    utf8_clean(&line, a->reason);
    say_in(out, 0, buf_text(&line));
    say_words(app, a->target, 2, out);
    say_text(out, 4, a->appeal->text);
}

static void say_desk(struct app *app, const struct moderate_desk *d, struct buf *out)
{
    if (d->flagged.n)
        say_in(out, 0,
               tr("moderate.flagged", "What members wrote to the moderators. No other member reads it."));
    for (size_t i = 0; i < d->flagged.n; i++)
        say_flagged(app, &d->flagged.at[i], out);
    if (d->held.n)
        say_in(out, 0,
               tr("moderate.held",
                  "Posts of a new name in a thread where somebody is muted. Without a "
                  "decision they appear by themselves, after three times that new posts did."));
    for (size_t i = 0; i < d->held.n; i++)
        say_held(&d->held.at[i], out);
    if (d->open.n)
        say_in(out, 0, tr("moderate.open", "Members ask for this to be undone:"));
    for (size_t i = 0; i < d->open.n; i++)
        say_open(app, &d->open.at[i], out);
    if (!d->flagged.n && !d->held.n && !d->open.n)
        say_in(out, 0, tr("moderate.nothing", "Nothing waits for a moderator."));
    say_in(out, 0,
           tr("moderate.how",
              "To decide: respite moderate hide|show|mute|drop POST REASON. `show` undoes what "
              "stands; `drop` is for what the law forbids."));
}

static bool desk_json(const struct moderate_desk *d, struct buf *out, struct err *err)
{
    json_t *flagged = json_array(), *held = json_array(), *open = json_array();
    AUTO_JSON json_t *o = json_pack("{s:o,s:o,s:o}", "flagged", flagged, "held", held, "appeals", open);
    char hex[33];
    if (!o)
        return fail_memory(err);
    for (size_t i = 0; i < d->flagged.n; i++) {
        const struct desk_flagged *f = &d->flagged.at[i];
        json_t *notes = json_array();
        item_hex(f->target, hex);
        for (size_t k = 0; k < f->notes; k++)
            (void)json_array_append_new(notes, json_shown(f->note[k]));
        json_t *one = json_pack("{s:s,s:I,s:I,s:I,s:I,s:o}", "post", hex, "harm", (json_int_t)f->n[FLAG_HARM],
                                "name", (json_int_t)f->n[FLAG_NAME], "spam", (json_int_t)f->n[FLAG_SPAM],
                                "other", (json_int_t)f->n[FLAG_OTHER], "notes", notes);
        if (!one || json_array_append_new(flagged, one) != 0)
            return fail_memory(err);
    }
    for (size_t i = 0; i < d->held.n; i++) {
        item_hex(d->held.at[i].id, hex);
        json_t *one = json_pack("{s:s,s:o}", "post", hex, "text", json_shown(d->held.at[i].text));
        if (!one || json_array_append_new(held, one) != 0)
            return fail_memory(err);
    }
    for (size_t i = 0; i < d->open.n; i++) {
        item_hex(d->open.at[i].target, hex);
        json_t *one = json_pack("{s:s,s:I,s:o}", "post", hex, "entry", (json_int_t)d->open.at[i].index,
                                "text", json_shown(d->open.at[i].appeal->text));
        if (!one || json_array_append_new(open, one) != 0)
            return fail_memory(err);
    }
    return json_write(o, out, err);
}

static bool show_desk(struct app *app, const struct known *known, struct err *err)
{
    struct moderate_desk desk;
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    if ((!cli_has(app->cli, "offline") && !desk_fetch(app, known, err)) ||
        !desk_load(app->db, app->arena, &desk, err))
        return false;
    if (cli_has(app->cli, "json"))
        return desk_json(&desk, &out, err) && cmd_print(&out, err);
    say_desk(app, &desk, &out);
    return cmd_print(&out, err);
}

/* Deciding -------------------------------------------------------------------------------------------- */
/* Posts, words of circles, appeals, and posts that are held back. */
static bool find_target(struct app *app, const char *text, uint8_t id[static 16], struct err *err)
{
    return item_hex_read(span_of(text), id) || post_named(app, text, id, err);
}

static bool agreed_drop(struct app *app, enum moderation_do act, struct err *err)
{
    return act != MODERATION_DROP || cli_has(app->cli, "yes") ||
           cli_agrees(app->cli, tr("moderate.ask_drop", "Removing is for what the law forbids: the words go "
                                                        "from every computer and do not come back. To keep "
                                                        "them behind a reason, hide them. Remove them?")) ||
           fail(err, E_REFUSED,
                tr("err.mod.no_drop", "Nothing was removed. To remove without being asked, say --yes."));
}

static bool decide(struct app *app, const struct known *known, struct err *err)
{
    struct desk_decision d;
    int64_t index;
    AUTO_BUF struct buf reason, out;
    buf_init(&reason, 1 << 16);
    buf_init(&out, 4096);
    if (!moderation_named(span_of(app->cli->words[0]), &d.act) || app->cli->words_n < 3)
        return fail(err, E_USAGE,
                    tr("err.mod.usage", "Say hide, show, mute or drop, then the post, then the reason in "
                                        "quotation marks."));
    if (!find_target(app, app->cli->words[1], d.target, err) || !words_after(app, 2, &reason, err) ||
        !agreed_drop(app, d.act, err))
        return false;
    d.reason = buf_span(&reason);
    if (!desk_decide(app, known, &d, &index, err))
        return false;
    if (cli_has(app->cli, "json"))
        buf_printf(&out, "{\"ok\":true,\"index\":%lld}\n", (long long)index);
    else {
        words_say(&out, tr("moderate.done", "It is entry {n} of the record, with its reason."),
                  {"n", say_number(app->arena, index)});
        buf_add_byte(&out, '\n');
    }
    return cmd_print(&out, err);
}

int cmd_moderate(struct app *app)
{
    struct err err = {0};
    struct known *known;
    const char *name = cli_value(app->cli, "key");
    bool ok;
    if (name)
        ok = make_key(app, name, &err);
    else
        ok = known_need(app, &known, &err) &&
             (app->cli->words_n ? decide(app, known, &err) : show_desk(app, known, &err));
    return ok ? 0 : cmd_failed(&err);
}

/* Telling the moderators ------------------------------------------------------------------------------ */
static bool tell(struct app *app, const struct telling *telling, struct err *err)
{
    struct known *known;
    struct before b = {0};
    bool now = cli_has(app->cli, "now");
    int64_t id;
    int items, sent;
    const char *said = tr("post.waits", "It waits in the outbox of this computer until then.");
    AUTO_BUF struct buf out;
    buf_init(&out, 4096);
    bool ok = known_need(app, &known, err) && mark_step(app->db, app->paths, err) &&
              (!known->trial || turn_look(app, known, &items, err)) && before_load(app, known, now, &b, err);
    bool at_once = ok && (now || known->trial);
    if (ok && b.hindered && (at_once || before_locked(&b)))
        ok = fail(err, E_REFUSED, "%s", b.hindered);
    ok = ok && telling_put(app->db, app->arena, known, telling, now, app->now, &id, err) &&
         (!at_once ||
          (turn_spend(app, known, id, &sent, err) &&
           act_left(app->db, app->arena, id,
                    tr("tell.gone", "It has left. It is read when new posts appear."), &said, err)));
    before_clear(&b);
    if (!ok)
        return false;
    if (cli_has(app->cli, "json"))
        buf_add_text(&out, "{\"ok\":true}\n");
    else
        say_in(&out, 0, said);
    return cmd_print(&out, err);
}

int cmd_flag(struct app *app)
{
    struct err err = {0};
    struct telling t = {.is_flag = true};
    AUTO_BUF struct buf note;
    buf_init(&note, 1 << 16);
    if (app->cli->words_n < 2 || !flag_named(span_of(app->cli->words[1]), &t.reason))
        (void)fail(&err, E_USAGE,
                   tr("err.flag.usage", "Say which post, then harm, name, spam or other, then a note if you "
                                        "want to."));
    bool ok =
        !err.code && words_after(app, 2, &note, &err) && post_named(app, app->cli->words[0], t.target, &err);
    t.text = note.n ? buf_span(&note) : SPAN("");
    return ok && tell(app, &t, &err) ? 0 : cmd_failed(&err);
}

int cmd_appeal(struct app *app)
{
    struct err err = {0};
    struct telling t = {0};
    struct moderate_state state;
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 16);
    if (app->cli->words_n < 2)
        (void)fail(&err, E_USAGE, tr("err.appeal.usage", "Say which post, then why it should be undone."));
    bool ok = !err.code && words_after(app, 1, &text, &err) &&
              post_named(app, app->cli->words[0], t.target, &err) && board_keep(app->db, &err) &&
              moderate_state(app->db, app->arena, t.target, &state, &err);
    if (ok)
        t.entry = state.entry;
    t.text = text.n ? buf_span(&text) : SPAN("");
    return ok && tell(app, &t, &err) ? 0 : cmd_failed(&err);
}
