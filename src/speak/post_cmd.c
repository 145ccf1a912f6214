/* post: a thread, a reply, "me too", taking back; what waits to leave, and notes. Before anything is put into
 * the outbox a person sees how large the crowd is, whether anybody outside the lab has confirmed the record,
 * what could tell it was them, and when it will leave. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "anon/anon_cmd.h"
#include "anon/item.h"
#include "anon/mark.h"
#include "anon/receipts.h"
#include "anon/spend.h"
#include "anon/turn.h"
#include "codec/json.h"
#include "codec/utf8.h"
#include "crypt/hash.h"
#include "crypt/key_words.h"
#include "io/clock.h"
#include "speak/act_words.h"
#include "speak/before.h"
#include "speak/board_keep.h"
#include "speak/drafts.h"
#include "speak/hints.h"
#include "speak/speak_cmd.h"
#include "speak/write.h"
#include "ui/lang.h"
#include "ui/word_list.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { COLUMNS = 80, OUT_MOST = 8 << 20, NUMBER_MOST = 1 << 30 };

const struct cli_option post_options[] = {
    {"title", "T", N_("post.opt.title", "a title; without one, lists show the first line")},
    {"room", "PART", N_("post.opt.room", "the part of the board it is for")},
    {"reply", "THREAD", N_("post.opt.reply", "answer in this thread")},
    {"keep-name", NULL, N_("post.opt.keep_name", "with --reply: the name you had in that thread before")},
    {"now", NULL, N_("post.opt.now", "send it at once, not at a drawn moment")},
    {"compare", NULL, N_("post.opt.compare", "compare the words with your own commit messages first")},
    {"note", NULL, N_("post.opt.note", "keep the text as a note; nothing is posted")},
    {"metoo", "POST", N_("post.opt.metoo", "say “me too” to this post")},
    {"take-back", "POST", N_("post.opt.take_back", "take your own post back")},
    {"waiting", NULL, N_("post.opt.waiting", "what waits to leave, how it ended, and your notes")},
    {"cancel", "N", N_("post.opt.cancel", "take number N out of what waits")},
    {"resend", "N", N_("post.opt.again", "post number N again, which was not taken")},
    {"drop-note", "N", N_("post.opt.drop_note", "remove note N")},
    {0}};

/* What is typed -------------------------------------------------------------------------------------- */
bool input_read(struct buf *out, struct err *err)
{
    for (;;) {
        char *room = buf_space(out, 4096);
        if (!room)
            return out->n + 4096 > WRITE_MOST
                       ? fail(err, E_LIMIT,
                              tr("err.speak.input_long",
                                 "The text from the input is longer than any post. Please "
                                 "make it shorter."))
                       : buf_ok(out, err);
        ssize_t n = read(STDIN_FILENO, room, 4096);
        if (n < 0)
            return fail(err, E_SYSTEM, tr("err.speak.read", "The text could not be read from the input."));
        if (n == 0)
            return true;
        buf_grew(out, (size_t)n);
    }
}

/* The words of the command with a blank between, or all that comes in for "-". */
static bool text_given(struct app *app, struct buf *out, struct err *err)
{
    const struct cli *cli = app->cli;
    if (cli->words_n == 0)
        return fail(err, E_USAGE,
                    tr("err.speak.post_usage",
                       "Say what to post: respite post TEXT, or respite post - to read "
                       "it from the input."));
    if (cli->words_n == 1 && strcmp(cli->words[0], "-") == 0)
        return input_read(out, err);
    for (size_t i = 0; i < cli->words_n; i++) {
        if (i)
            buf_add_byte(out, ' ');
        buf_add_text(out, cli->words[i]);
    }
    return buf_ok(out, err);
}

static struct span option(const struct app *app, const char *name)
{
    const char *value = cli_value(app->cli, name);
    return span_of(value ? value : "");
}

static bool writing_read(struct app *app, struct buf *text, struct writing *out, struct err *err)
{
    const char *reply = cli_value(app->cli, "reply");
    *out = (struct writing){.title = option(app, "title"),
                            .part = option(app, "room"),
                            .is_reply = reply != NULL,
                            .keep_name = cli_has(app->cli, "keep-name"),
                            .now = cli_has(app->cli, "now")};
    if (!text_given(app, text, err) || (reply && !post_named(app, reply, out->thread, err)))
        return false;
    if (reply && (cli_has(app->cli, "title") || cli_has(app->cli, "room")))
        return fail(err, E_USAGE,
                    tr("err.speak.reply_title", "An answer has no title and no room of its own."));
    if (!reply && out->keep_name)
        return fail(err, E_USAGE,
                    tr("err.speak.keep_name", "--keep-name goes with --reply: a new thread has a "
                                              "new name always."));
    out->text = text->n ? buf_span(text) : SPAN("");
    return true;
}

/* Before it leaves ----------------------------------------------------------------------------------- */
static void say(struct buf *out, const char *text)
{
    if (text)
        wrap_text(out, text, COLUMNS, 0);
}

static bool say_words(struct app *app, const struct before *b, struct buf *out, struct err *err)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    (void)app;
    if (!b->words)
        return true;
    words_say(&line, tr("post.words", "This week's record in four words: {words}"), {"words", b->words});
    say(out, buf_text(&line));
    say(out, b->confirmed_by);
    if (!b->confirmed.enough)
        say(out, tr("post.unseen", "Nobody outside the lab has confirmed this week's record."));
    return buf_ok(out, err);
}

static bool say_hints(struct app *app, const struct hints *hints, bool compared, struct buf *out,
                      struct err *err)
{
    if (compared || hints->n)
        say(out, tr("post.check", "Could someone tell it was you? (checked here, not sent)"));
    for (size_t i = 0; i < hints->n; i++) {
        AUTO_BUF struct buf line;
        buf_init(&line, 1 << 17);
        buf_add_text(&line, "- ");
        hint_say(&line, app->arena, &hints->at[i]);
        wrap_text(out, buf_text(&line), COLUMNS, 2);
    }
    if (compared && !hints->commits)
        say(out, tr("post.compared.none", "No commit messages of yours are in the folders that were "
                                          "chosen, so there was nothing to compare with."));
    else if (compared) {
        AUTO_BUF struct buf line;
        buf_init(&line, 4096);
        words_say(&line,
                  trn("post.compared",
                      "Compared with {n} message of your own commits; nothing of it is kept.",
                      "Compared with {n} messages of your own commits; nothing of them is kept.",
                      (unsigned long)hints->commits),
                  {"n", say_number(app->arena, hints->commits)});
        say(out, buf_text(&line));
    }
    return buf_ok(out, err);
}

static bool say_before(struct app *app, const struct before *b, bool now, struct buf *out, struct err *err)
{
    bool at_once = now || b->known->trial; /* then what hinders it is the error */
    if (b->known->trial)
        say(out, tr("trial.bar", "Trial lab. Nothing here is protected as in a real one."));
    say(out, before_crowd(app, b));
    if (!say_words(app, b, out, err))
        return false;
    if (now && !b->known->trial)
        say(out, tr("post.now", "Now means: whoever watches the server sees it arrive this minute, from this "
                                "address."));
    else if (!now && !b->known->trial)
        say(out,
            tr("post.leaves", "It leaves some time in the next 12 sending hours (Monday to Friday, 9:00 to "
                              "18:00)."));
    if (!at_once)
        say(out, b->hindered);
    return buf_ok(out, err);
}

/* On a terminal it is asked once more, with the crowd in sight; a script has said it by its command. */
static bool agreed(struct app *app, struct err *err)
{
    if (cli_has(app->cli, "yes") || cli_has(app->cli, "no-input") || !isatty(STDIN_FILENO))
        return true;
    return cli_agrees(app->cli, tr("post.ask", "Post this?")) ||
           fail(err, E_REFUSED, "%s", tr("err.speak.post_no", "Nothing was posted, and nothing was kept."));
}

/* After ---------------------------------------------------------------------------------------------- */
static const char *state_name(enum act_state state)
{
    static const char *const names[] = {[ACT_WAITING] = "waiting",
                                        [ACT_TRIED] = "tried",
                                        [ACT_KEPT] = "kept",
                                        [ACT_REFUSED] = "refused",
                                        [ACT_GIVEN_UP] = "given up"};
    return names[state];
}

static bool promise_of(struct app *app, const struct outbox_act *act, day_t *day, struct err *err)
{
    struct receipts all = {0};
    if (!receipts_list(app->db, app->arena, &all, err))
        return false;
    for (size_t i = 0; i < all.n; i++)
        if (memcmp(all.at[i].leaf, act->leaf, sizeof act->leaf) == 0) {
            *day = all.at[i].day;
            return true;
        }
    return fail(err, E_MISSING, tr("err.speak.no_receipt", "There is no receipt of this post here."));
}

/* It was taken: by when it will be in the record, and the receipt in words. */
static bool say_done(struct app *app, const struct outbox_act *act, struct buf *out, struct err *err)
{
    day_t day = 0;
    char text[16];
    uint8_t hash[32];
    uint16_t word[KEY_WORDS];
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    if (!promise_of(app, act, &day, err))
        return false;
    words_say(&line,
              tr("post.done",
                 "It will be in the lab's public record by the end of {day}. These six words prove "
                 "it; they are kept here only."),
              {"day", day_text(day, text)});
    say(out, buf_text(&line));
    hash_sha256((struct span){(const char *)act->item, sizeof act->item}, hash);
    key_words_six(hash, word);
    return word_list_say(out, words_lang(), word, KEY_WORDS) && (buf_add_byte(out, '\n'), buf_ok(out, err));
}

static bool say_after(struct app *app, int64_t id, struct buf *out, struct err *err)
{
    struct outbox one = {0};
    char hex[33] = "";
    if (!outbox_list(app->db, app->arena, id, &one, err))
        return false;
    if (one.n != 1)
        return fail(err, E_MISSING, tr("err.anon.outbox_none", "Nothing of that number waits to be sent."));
    const struct outbox_act *act = &one.at[0];
    if (act->tries)
        item_hex(act->item, hex);
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o = json_pack(
            "{s:b,s:s,s:s,s:i,s:I}", "ok", act->state != ACT_REFUSED && act->state != ACT_GIVEN_UP, "state",
            state_name(act->state), "id", hex, "status", act->status, "n", (json_int_t)act->id);
        return o ? json_write(o, out, err) : fail_memory(err);
    }
    if (act->state == ACT_KEPT)
        return say_done(app, act, out, err);
    if (act->state == ACT_TRIED)
        say(out, tr("post.tried", "The board could not be reached, or did not take it. It is tried again on "
                                  "another day, at most three times in all."));
    if (act->state == ACT_WAITING)
        say(out, tr("post.waits", "It waits in the outbox of this computer until then."));
    return buf_ok(out, err);
}

/* What the board refused is a failure, also in a script. */
static bool was_taken(struct app *app, int64_t id, struct err *err)
{
    const char *said;
    return act_left(app->db, app->arena, id, "", &said, err);
}

/* Posting -------------------------------------------------------------------------------------------- */
struct wanted {
    enum { WANT_WRITE, WANT_METOO, WANT_BACK } what;
    struct writing writing;
    uint8_t target[16];
};

static bool put(struct app *app, const struct known *known, const struct wanted *w, int64_t *id,
                struct err *err)
{
    bool now = cli_has(app->cli, "now");
    if (w->what == WANT_METOO)
        return metoo_put(app->db, app->arena, known, w->target, now, app->now, id, err);
    if (w->what == WANT_BACK)
        return retract_put(app->db, app->arena, known, w->target, now, app->now, id, err);
    return writing_put(app->db, app->arena, known, &w->writing, app->now, id, err);
}

/* Everything once it is known what: shown, agreed to, put in, sent when it is to leave now. */
static bool post_it(struct app *app, const struct before *b, const struct wanted *w, struct err *err)
{
    AUTO_BUF struct buf out;
    int64_t id;
    int sent;
    struct hints hints = {0};
    bool json = cli_has(app->cli, "json"), now = cli_has(app->cli, "now"), at_once = now || b->known->trial;
    bool compare = cli_has(app->cli, "compare");
    buf_init(&out, OUT_MOST);
    if (w->what == WANT_WRITE && (!writing_check(app->db, app->arena, &w->writing, err) ||
                                  !hints_find(app, b->known, w->writing.text, 0, compare, &hints, err)))
        return false;
    const char *taken = w->what == WANT_WRITE ? writing_taken(app->arena, &w->writing) : NULL;
    if (taken)
        say(&out, taken);
    if (!say_hints(app, &hints, compare, &out, err) || !say_before(app, b, now, &out, err) ||
        (!json && !cmd_print(&out, err)))
        return false;
    if (b->hindered && at_once)
        return fail(err, E_REFUSED, "%s", b->hindered);
    buf_reset(&out);
    if (!agreed(app, err) || !put(app, b->known, w, &id, err) ||
        (at_once && !turn_spend(app, b->known, id, &sent, err)))
        return false;
    return say_after(app, id, &out, err) && cmd_print(&out, err) && was_taken(app, id, err);
}

static bool post(struct app *app, struct err *err)
{
    struct known *known;
    struct before b = {0};
    struct wanted w = {0};
    int items;
    const char *metoo = cli_value(app->cli, "metoo"), *back = cli_value(app->cli, "take-back");
    AUTO_BUF struct buf text;
    buf_init(&text, WRITE_MOST);
    w.what = metoo ? WANT_METOO : back ? WANT_BACK : WANT_WRITE;
    bool ok = known_need(app, &known, err) &&
              (w.what == WANT_WRITE ? writing_read(app, &text, &w.writing, err)
                                    : post_named(app, metoo ? metoo : back, w.target, err)) &&
              mark_step(app->db, app->paths, err) && (!known->trial || turn_look(app, known, &items, err)) &&
              before_load(app, known, cli_has(app->cli, "now"), &b, err) && post_it(app, &b, &w, err);
    before_clear(&b);
    return ok;
}

/* What is kept here ---------------------------------------------------------------------------------- */
static bool note(struct app *app, struct err *err)
{
    AUTO_BUF struct buf text, out;
    struct draft draft = {.day = moment_day(clock_local(app->now)), .part = option(app, "room")};
    const char *reply = cli_value(app->cli, "reply");
    int64_t id;
    buf_init(&text, WRITE_MOST);
    buf_init(&out, 4096);
    draft.is_reply = reply != NULL;
    if (!text_given(app, &text, err) || (reply && !post_named(app, reply, draft.thread, err)))
        return false;
    draft.text = text.n ? buf_span(&text) : SPAN("");
    if (!draft_put(app->db, &draft, &id, err))
        return false;
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o = json_pack("{s:b,s:I}", "ok", 1, "note", (json_int_t)id);
        return (o || fail_memory(err)) && json_write(o, &out, err) && cmd_print(&out, err);
    }
    words_say(&out, tr("note.kept", "Kept as note {n}. Stays on this computer."),
              {"n", say_number(app->arena, id)});
    buf_add_byte(&out, '\n');
    return cmd_print(&out, err);
}

static bool act_json(struct app *app, const struct outbox_act *act, json_t *list, struct err *err)
{
    struct span text;
    char hex[33], kind[17], moment[16];
    if (!act_text(app->arena, act, &text, err))
        return false;
    item_hex(act->item, hex);
    snprintf(kind, sizeof kind, "%.*s", SPAN_ARG(act->kind));
    json_t *o = json_pack("{s:I,s:s,s:s,s:o,s:s,s:s}", "n", (json_int_t)act->id, "kind", kind, "state",
                          state_name(act->state), "text", json_shown(text), "id", act->tries ? hex : "",
                          "leaves", day_text(moment_day(clock_local(act->moment)), moment));
    return (o && json_array_append_new(list, o) == 0) || fail_memory(err);
}

static bool waiting_json(struct app *app, const struct outbox *acts, const struct drafts *notes,
                         struct err *err)
{
    AUTO_BUF struct buf out;
    char day[16];
    json_t *list = json_array(), *kept = json_array();
    AUTO_JSON json_t *o = json_pack("{s:o,s:o}", "acts", list, "notes", kept);
    buf_init(&out, OUT_MOST);
    if (!o)
        return fail_memory(err);
    for (size_t i = 0; i < acts->n; i++)
        if (!acts->at[i].told && !act_json(app, &acts->at[i], list, err))
            return false;
    for (size_t i = 0; i < notes->n; i++) {
        const struct draft *d = &notes->at[i];
        json_t *n = json_pack("{s:I,s:s,s:o}", "n", (json_int_t)d->id, "day", day_text(d->day, day), "text",
                              json_shown(d->text));
        if (!n || json_array_append_new(kept, n) != 0)
            return fail_memory(err);
    }
    return json_write(o, &out, err) && cmd_print(&out, err);
}

/* "3  reply, waiting  The first line …" */
static void say_line(struct buf *out, int64_t number, const char *what, struct span text)
{
    struct span line;
    AUTO_BUF struct buf clean, all;
    buf_init(&clean, WRITE_MOST);
    buf_init(&all, 2 * (size_t)WRITE_MOST);
    span_cut(&text, '\n', &line);
    utf8_clean(&clean, line);
    buf_printf(&all, "%" PRId64 "  %s  ", number, what);
    buf_add(&all, utf8_front(buf_span(&clean), 56));
    wrap_text(out, buf_text(&all), COLUMNS, 4);
}

static bool waiting_said(struct app *app, const struct outbox *acts, const struct drafts *notes,
                         struct err *err)
{
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    for (size_t i = 0; i < acts->n; i++) {
        const struct outbox_act *act = &acts->at[i];
        struct span text;
        AUTO_BUF struct buf what;
        buf_init(&what, 1024);
        if (act->told)
            continue;
        if (!act_text(app->arena, act, &text, err))
            return false;
        words_say(&what, tr("said.kind_state", "{kind}, {state}"), {"kind", act_kind_said(act)},
                  {"state", act_state_said(act->state)});
        say_line(&out, act->id, buf_text(&what), text);
    }
    if (!out.n)
        say(&out, tr("mine.none", "Nothing was posted from this computer."));
    for (size_t i = 0; i < notes->n; i++)
        say_line(&out, notes->at[i].id, tr("note.one", "note"), notes->at[i].text);
    return cmd_print(&out, err);
}

static bool waiting(struct app *app, struct err *err)
{
    struct outbox acts = {0};
    struct drafts notes = {0};
    return outbox_list(app->db, app->arena, -1, &acts, err) &&
           drafts_list(app->db, app->arena, -1, &notes, err) &&
           (cli_has(app->cli, "json") ? waiting_json(app, &acts, &notes, err)
                                      : waiting_said(app, &acts, &notes, err));
}

/* --cancel, --resend, --drop-note ---------------------------------------------------------------------- */
static bool say_ok(struct app *app, const char *sentence, struct err *err)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 4096);
    if (cli_has(app->cli, "json"))
        buf_add_text(&out, "{\"ok\":true}\n");
    else
        say(&out, sentence);
    return cmd_print(&out, err);
}

static bool cancel(struct app *app, struct err *err)
{
    long id;
    bool there;
    return cli_number(app->cli, "cancel", 0, 1, NUMBER_MOST, &id, err) &&
           outbox_cancel(app->db, id, &there, err) &&
           (there ||
            fail(err, E_REFUSED,
                 tr("err.speak.cancel", "Nothing of that number waits to leave; what has left cannot be "
                                        "called back. A post can be taken back."))) &&
           say_ok(app, tr("post.cancelled", "It was taken out. Nothing of it was sent."), err);
}

static bool drop_note(struct app *app, struct err *err)
{
    long id;
    bool there;
    return cli_number(app->cli, "drop-note", 0, 1, NUMBER_MOST, &id, err) &&
           draft_drop(app->db, id, &there, err) &&
           (there || fail(err, E_MISSING, tr("err.speak.no_note", "There is no note of that number."))) &&
           say_ok(app, tr("note.dropped", "The note is gone."), err);
}

static bool again(struct app *app, struct err *err)
{
    long id;
    int64_t fresh;
    int sent;
    struct known *known;
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    return cli_number(app->cli, "resend", 0, 1, NUMBER_MOST, &id, err) && known_need(app, &known, err) &&
           mark_step(app->db, app->paths, err) && spend_again(app->db, known, id, app->now, &fresh, err) &&
           (!(cli_has(app->cli, "now") || known->trial) || turn_spend(app, known, fresh, &sent, err)) &&
           say_after(app, fresh, &out, err) && cmd_print(&out, err) && was_taken(app, fresh, err);
}

int cmd_post(struct app *app)
{
    static const struct {
        const char *option;
        bool (*run)(struct app *, struct err *);
    } others[] = {{"waiting", waiting},
                  {"cancel", cancel},
                  {"resend", again},
                  {"drop-note", drop_note},
                  {"note", note}};
    struct err err = {0};
    bool (*run)(struct app *, struct err *) = post;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (cli_has(app->cli, others[i].option))
            run = others[i].run;
    return run(app, &err) ? 0 : cmd_failed(&err);
}
