/* post and board. Before anything is put into the outbox a person sees how large the crowd is, whether
 * anybody outside the lab has confirmed the record, and when it will leave. */
#include "speak/speak_cmd.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "anon/anon_cmd.h"
#include "anon/fetched.h"
#include "anon/follow.h"
#include "anon/head_words.h"
#include "anon/mark.h"
#include "anon/outbox_db.h"
#include "anon/receipts.h"
#include "anon/spend_rule.h"
#include "anon/turn.h"
#include "base/note.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "codec/utf8.h"
#include "crypt/hash.h"
#include "crypt/key_words.h"
#include "io/clock.h"
#include "speak/board.h"
#include "speak/board_keep.h"
#include "speak/post.h"
#include "ui/word_list.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 64 << 20, COLUMNS = 80, INDENT = 2, READ_MOST = 256 * 1024 };

const struct cli_option post_options[] = {
    {"title", "T", N_("post.opt.title", "a title; without one, lists show the first line")},
    {"reply", "THREAD", N_("post.opt.reply", "answer in this thread")},
    {"now", NULL, N_("post.opt.now", "send it at once, not at a drawn moment")},
    {0}};
const struct cli_option board_options[] = {
    {"offline", NULL, N_("board.opt.offline", "show what is here; fetch nothing")}, {0}};

/* What is posted ------------------------------------------------------------------------------------- */
static bool read_input(struct buf *out, struct err *err)
{
    for (;;) {
        char *room = buf_space(out, 4096);
        if (!room)
            return buf_ok(out, err);
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
        return read_input(out, err);
    for (size_t i = 0; i < cli->words_n; i++) {
        if (i)
            buf_add_byte(out, ' ');
        buf_add_text(out, cli->words[i]);
    }
    return buf_ok(out, err);
}

static bool make_act(struct app *app, json_t **act, struct err *err)
{
    AUTO_BUF struct buf given, text, title;
    struct post post, read;
    const char *named = cli_value(app->cli, "title");
    buf_init(&given, READ_MOST);
    buf_init(&text, READ_MOST);
    buf_init(&title, READ_MOST);
    if (!text_given(app, &given, err) || !plain_tidy(buf_span(&given), true, &text, err) ||
        !plain_tidy(span_of(named ? named : ""), false, &title, err))
        return false;
    post = (struct post){buf_span(&title), buf_span(&text), SPAN("")};
    if (!post.title.p)
        post.title = SPAN("");
    if (!post.text.p)
        post.text = SPAN("");
    *act = post_act(&post);
    return *act ? post_check(*act, &read, err) : fail_memory(err);
}

/* The crowd ------------------------------------------------------------------------------------------ */
struct facts {
    struct history *issuer, *board;
    struct spend_crowd crowd;
    const char *hindered; /* why nothing can leave at this moment, or NULL */
};

static void facts_free(struct facts *f)
{
    history_free(f->issuer);
    history_free(f->board);
}

static bool facts_load(struct app *app, const struct known *known, bool at_once, struct facts *f,
                       struct err *err)
{
    int items;
    return (!known->trial || turn_look(app, known, &items, err)) &&
           follow_load(app->db, known, &f->issuer, &f->board, err) &&
           spend_crowd(app->db, f->issuer, app->now, &f->crowd, err) &&
           spend_hindered(app->db, known, f->issuer, f->board, app->now, at_once, app->arena, &f->hindered,
                          err);
}

static void say(struct buf *out, const struct buf *line)
{
    wrap_text(out, buf_text(line), COLUMNS, 0);
}

static bool say_words(struct app *app, const struct facts *f, struct buf *out, struct err *err)
{
    uint8_t head[32];
    bool confirmed;
    AUTO_BUF struct buf words, line;
    buf_init(&words, 1024);
    buf_init(&line, 4096);
    if (!history_head(f->issuer, f->board, f->crowd.epoch, NULL, head))
        return true;
    if (!head_words(app->db, head, &words, err) || !spend_confirmed(app->db, head, &confirmed, err))
        return false;
    words_say(&line, tr("post.in_words", "This week's record in four words: {words}"),
              {"words", buf_text(&words)});
    say(out, &line);
    if (!confirmed)
        wrap_text(out, tr("post.unseen", "Nobody outside the lab has confirmed this week's record."), COLUMNS,
                  0);
    return buf_ok(out, err);
}

static bool say_before(struct app *app, const struct known *known, const struct facts *f, bool now,
                       struct buf *out, struct err *err)
{
    char n[24];
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    if (known->trial)
        wrap_text(out, tr("trial.bar", "Trial lab. Nothing here is protected as in a real one."), COLUMNS, 0);
    if (f->crowd.holders >= 0) {
        snprintf(n, sizeof n, "%" PRId64, f->crowd.holders);
        words_say(&line,
                  trn("post.crowd", "{n} member collected this week's passes.",
                      "{n} members collected this week's passes.", (unsigned long)f->crowd.holders),
                  {"n", n});
        buf_printf(&line, " %s", tr("post.crowd.small", "The lab could have invented some."));
        say(out, &line);
    }
    if (!say_words(app, f, out, err))
        return false;
    if (now && !known->trial)
        wrap_text(out,
                  tr("post.now",
                     "Now means: whoever watches the server sees it arrive this minute, from this "
                     "address."),
                  COLUMNS, 0);
    else if (!now && !known->trial)
        wrap_text(out,
                  tr("post.leaves",
                     "It leaves some time in the next 12 sending hours (Monday to Friday, 9:00 to "
                     "18:00)."),
                  COLUMNS, 0);
    if (f->hindered)
        wrap_text(out, f->hindered, COLUMNS, 0);
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

/* post ----------------------------------------------------------------------------------------------- */
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
    day_t day;
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
    say(out, &line);
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
        AUTO_JSON json_t *o =
            json_pack("{s:b,s:s,s:s,s:i}", "ok", act->state != ACT_REFUSED && act->state != ACT_GIVEN_UP,
                      "state", state_name(act->state), "id", hex, "status", act->status);
        return o ? json_write(o, out, err) : fail_memory(err);
    }
    if (act->state == ACT_KEPT)
        return say_done(app, act, out, err);
    if (act->state == ACT_TRIED)
        wrap_text(out,
                  tr("post.tried", "The board could not be reached, or did not take it. It is tried again on "
                                   "another day, at most three times in all."),
                  COLUMNS, 0);
    if (act->state == ACT_WAITING)
        wrap_text(out, tr("post.waits", "It waits in the outbox of this computer until then."), COLUMNS, 0);
    return buf_ok(out, err);
}

/* Everything once the act is there: shown, agreed to, put in, sent when it is to leave now. */
static bool post_it(struct app *app, const struct known *known, json_t *act, const struct facts *f, bool now,
                    struct err *err)
{
    AUTO_BUF struct buf out;
    int64_t id;
    int sent;
    bool json = cli_has(app->cli, "json"), at_once = now || known->trial;
    buf_init(&out, 1 << 20);
    if (!say_before(app, known, f, now, &out, err) || (!json && !cmd_print(&out, err)))
        return false;
    if (f->hindered && at_once)
        return fail(err, E_REFUSED, "%s", f->hindered);
    buf_reset(&out);
    struct spend_wish wish = {.kind = "thread", .act = act, .new_thread = true, .now = now};
    if (!agreed(app, err) || !spend(app->db, known, &wish, app->now, &id, err) ||
        (at_once && !turn_spend(app, known, id, &sent, err)))
        return false;
    return say_after(app, id, &out, err) && cmd_print(&out, err);
}

int cmd_post(struct app *app)
{
    struct err err = {0};
    struct known *known;
    struct facts f = {0};
    AUTO_JSON json_t *act = NULL;
    bool now = cli_has(app->cli, "now");
    if (cli_has(app->cli, "reply")) {
        (void)fail(&err, E_USAGE,
                   tr("err.speak.no_reply", "Answers in a thread cannot be written from here yet. Without "
                                            "--reply, a new thread is begun."));
        return cmd_failed(&err);
    }
    bool ok = known_need(app, &known, &err) && make_act(app, &act, &err) &&
              mark_step(app->db, app->paths, &err) && facts_load(app, known, now, &f, &err) &&
              post_it(app, known, act, &f, now, &err);
    facts_free(&f);
    return ok ? 0 : cmd_failed(&err);
}

/* board ---------------------------------------------------------------------------------------------- */
static bool hex_id(json_t *o, const uint8_t id[static 16])
{
    char hex[33];
    item_hex(id, hex);
    return json_object_set_new(o, "id", json_string(hex)) == 0;
}

static bool thread_json(const struct board_thread *t, json_t *list, struct err *err)
{
    char day[16];
    json_t *posts = json_array();
    json_t *o = json_pack("{s:o,s:s,s:o}", "title", json_shown(t->title), "day", day_text(t->day, day),
                          "posts", posts);
    if (!o || json_array_append_new(list, o) != 0 || !hex_id(o, t->id))
        return fail_memory(err);
    for (size_t i = 0; i < t->posts.n; i++) {
        const struct board_post *p = &t->posts.at[i];
        json_t *post = json_pack("{s:s,s:s,s:o,s:I}", "name", p->name, "day", day_text(p->day, day), "text",
                                 json_shown(p->text), "metoo", (json_int_t)p->metoo);
        if (!post || json_array_append_new(posts, post) != 0 || !hex_id(post, p->id))
            return fail_memory(err);
    }
    return true;
}

static bool board_json(const struct board_threads *all, struct buf *out, struct err *err)
{
    json_t *list = json_array();
    AUTO_JSON json_t *o = json_pack("{s:o}", "threads", list);
    if (!o)
        return fail_memory(err);
    for (size_t i = 0; i < all->n; i++)
        if (!thread_json(&all->at[i], list, err))
            return false;
    return json_write(o, out, err);
}

/* Text from outside, cleaned for a terminal, moved in. */
static void say_text(struct buf *out, struct span text, size_t indent)
{
    struct span line;
    while (text.n) {
        AUTO_BUF struct buf clean;
        buf_init(&clean, READ_MOST);
        span_cut(&text, '\n', &line);
        for (size_t i = 0; i < indent; i++)
            buf_add_byte(&clean, ' ');
        utf8_clean(&clean, line);
        wrap_text(out, buf_text(&clean), COLUMNS, indent);
    }
}

static void say_thread(struct app *app, const struct board_thread *t, struct buf *out)
{
    char day[16], n[24];
    (void)app;
    say_text(out, t->title, 0);
    for (size_t i = 0; i < t->posts.n; i++) {
        const struct board_post *p = &t->posts.at[i];
        buf_printf(out, "  %s, %s\n", p->name, day_text(p->day, day));
        say_text(out, p->text, 2 * (size_t)INDENT);
        if (p->metoo) {
            AUTO_BUF struct buf line;
            buf_init(&line, 256);
            snprintf(n, sizeof n, "%" PRId64, p->metoo);
            buf_add_text(&line, "    ");
            words_say(&line, trn("board.metoo", "me too, once", "me too, {n} times", (unsigned long)p->metoo),
                      {"n", n});
            say(out, &line);
        }
    }
    buf_add_byte(out, '\n');
}

/* Own acts that have not arrived. */
static bool say_own(struct app *app, struct buf *out, struct err *err)
{
    struct outbox all = {0};
    unsigned long waiting = 0;
    char n[24];
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    if (!outbox_list(app->db, app->arena, -1, &all, err))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        waiting += all.at[i].state == ACT_WAITING || all.at[i].state == ACT_TRIED;
        if (all.at[i].state == ACT_GIVEN_UP)
            wrap_text(out,
                      tr("post.failed", "The board did not take this post in three tries. It is kept here."),
                      COLUMNS, 0);
    }
    if (!waiting)
        return true;
    snprintf(n, sizeof n, "%lu", waiting);
    words_say(
        &line,
        trn("board.own", "{n} post of yours waits to leave.", "{n} posts of yours wait to leave.", waiting),
        {"n", n});
    say(out, &line);
    return buf_ok(out, err);
}

static bool say_as_of(struct app *app, struct buf *out, struct err *err)
{
    int64_t at, ahead;
    char day[16];
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    if (!fetched_last(app->db, &at, &ahead, err))
        return false;
    if (at)
        words_say(&line, tr("cli.offline", "As of {date}; nothing was fetched."),
                  {"date", day_text(moment_day(clock_local(at)), day)});
    else
        buf_add_text(&line, tr("board.never", "Nothing was fetched from the lab yet."));
    say(out, &line);
    return buf_ok(out, err);
}

static bool board_said(struct app *app, const struct board_threads *all, bool fetched, struct buf *out,
                       struct err *err)
{
    for (size_t i = 0; i < all->n; i++)
        say_thread(app, &all->at[i], out);
    if (all->n == 0)
        wrap_text(out, tr("board.none", "There is nothing on the board yet. New posts appear together."),
                  COLUMNS, 0);
    else
        wrap_text(out,
                  tr("board.names", "Names are made up, new for each thread and week; nobody can join two of "
                                    "them."),
                  COLUMNS, 0);
    return say_own(app, out, err) && (fetched || say_as_of(app, out, err)) && buf_ok(out, err);
}

int cmd_board(struct app *app)
{
    struct err err = {0}, why = {0};
    struct known *known;
    struct board_threads all = {0};
    struct buf AUTO_BUF out;
    int items;
    buf_init(&out, OUT_MOST);
    if (!known_need(app, &known, &err))
        return cmd_failed(&err);
    bool fetched = !cli_has(app->cli, "offline") && turn_look(app, known, &items, &why);
    static const struct board_ask everything = {.most = -1, .posts_most = -1};
    if (!board_keep(app->db, &err) || !board_list(app->db, app->arena, &everything, &all, &err))
        return cmd_failed(&err);
    bool said =
        cli_has(app->cli, "json") ? board_json(&all, &out, &err) : board_said(app, &all, fetched, &out, &err);
    if (!said || !cmd_print(&out, &err))
        return cmd_failed(&err);
    return why.code ? cmd_failed(&why) : 0;
}
