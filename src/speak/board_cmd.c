/* board: the threads in a terminal, one page or one thread, found by words or by the part of the board; with
 * --json as data. What others wrote is cleaned for a terminal and never obeyed by it. */
#include <inttypes.h>
#include <stdio.h>

#include "anon/anon_cmd.h"
#include "anon/item.h"
#include "anon/outbox_db.h"
#include "anon/turn.h"
#include "codec/json.h"
#include "codec/utf8.h"
#include "io/clock.h"
#include "speak/as_of.h"
#include "speak/board.h"
#include "speak/board_keep.h"
#include "speak/board_rest.h"
#include "speak/moderate_pages.h"
#include "speak/speak_cmd.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum {
    OUT_MOST = 64 << 20,
    COLUMNS = 80,
    LINE_MOST = 256 * 1024,
    ID_SHOWN = 8,
    ID_LEAST = 4,
    PAGE_MOST = 1000000,
    LINES_LISTED = 8 /* of a post in the list; the thread has it whole */
};

const struct cli_option board_options[] = {
    {"page", "N", N_("board.opt.page", "the Nth page, twenty threads each")},
    {"find", "WORDS", N_("board.opt.find", "threads with a post that holds these words")},
    {"room", "PART", N_("board.opt.room", "threads of this part of the board")},
    {"hidden", NULL, N_("board.opt.hidden", "show hidden posts too, each with its reason")},
    {"offline", NULL, N_("board.opt.offline", "show what is here; fetch nothing")},
    {0}};

/* Naming a post -------------------------------------------------------------------------------------- */
static bool hex_like(const char *text, size_t *n)
{
    for (*n = 0; text[*n]; ++*n)
        if (!((text[*n] >= '0' && text[*n] <= '9') || (text[*n] >= 'a' && text[*n] <= 'f')))
            return false;
    return true;
}

/* Ids that begin with these digits lie between two. */
static void bounds(const char *text, size_t n, uint8_t low[static 16], uint8_t high[static 16])
{
    char hex[33];
    for (int k = 0; k < 2; k++) {
        memset(hex, k ? 'f' : '0', 32);
        memcpy(hex, text, n);
        (void)item_hex_read((struct span){hex, 32}, k ? high : low);
    }
}

bool post_named(struct app *app, const char *text, uint8_t id[static 16], struct err *err)
{
    size_t n;
    uint8_t low[16], high[16];
    struct err inner = {0};
    int found = 0;
    AUTO_STMT struct stmt *q = NULL;
    if (item_hex_read(span_of(text), id))
        return true;
    if (!hex_like(text, &n) || n < ID_LEAST || n > 32)
        return fail(err, E_USAGE,
                    tr("err.speak.id_short", "A post is named by its digits and letters, at least the first "
                                             "four of them, as `respite board` shows them."));
    bounds(text, n, low, high);
    if (!board_keep(app->db, err) || !db_query(app->db, &q, err,
                                               "select id from post where id between $1 and $2 union all "
                                               "select id from circle_act where kind in "
                                               "(0, 1) and id between $1 and $2 limit 2",
                                               V_BLOB(span_bytes(low, 16)), V_BLOB(span_bytes(high, 16))))
        return false;
    for (; db_next(q, &inner); found++)
        if (db_text(q, 0).n == 16)
            memcpy(id, db_text(q, 0).p, 16);
    if (inner.code)
        return fail(err, inner.code, "%s", inner.text);
    if (found > 1)
        return fail(err, E_USAGE,
                    tr("err.speak.id_many", "More than one post begins with “%s”. Please give more of it."),
                    text);
    return found == 1 || fail(err, E_MISSING,
                              tr("err.speak.no_post_yet",
                                 "There is no such post here. `respite board` fetches what is new."));
}

/* JSON ----------------------------------------------------------------------------------------------- */
static bool hex_id(json_t *o, const uint8_t id[static 16])
{
    char hex[33];
    item_hex(id, hex);
    return json_object_set_new(o, "id", json_string(hex)) == 0;
}

/* A hidden post keeps its text; that it is hidden, and why, stands beside it. */
static bool decided_json(json_t *post, const struct moderate_state *d)
{
    return d->entry < 0 || (json_object_set_new(post, "hidden", json_boolean(d->hidden)) == 0 &&
                            json_object_set_new(post, "muted", json_boolean(d->muted)) == 0 &&
                            json_object_set_new(post, "dropped", json_boolean(d->dropped)) == 0 &&
                            json_object_set_new(post, "reason", json_shown(d->reason)) == 0 &&
                            json_object_set_new(post, "entry", json_integer(d->entry)) == 0);
}

static bool post_json(const struct board_post *p, json_t *posts, struct err *err)
{
    char day[16];
    json_t *post =
        json_pack("{s:s,s:s,s:o,s:I,s:b,s:b}", "name", p->name, "day", day_text(p->day, day), "text",
                  json_shown(p->text), "metoo", (json_int_t)p->metoo, "gone", p->gone, "own", p->own);
    return (post && json_array_append_new(posts, post) == 0 && hex_id(post, p->id) &&
            (!p->decided || decided_json(post, p->decided))) ||
           fail_memory(err);
}

static bool thread_json(const struct board_thread *t, json_t *list, struct err *err)
{
    char day[16];
    json_t *posts = json_array();
    json_t *o =
        json_pack("{s:o,s:s,s:o,s:o,s:I}", "title", json_shown(t->title), "day", day_text(t->day, day),
                  "room", json_shown(t->part), "posts", posts, "posts_all", (json_int_t)t->posts_all);
    if (!o || json_array_append_new(list, o) != 0 || !hex_id(o, t->id))
        return fail_memory(err);
    for (size_t i = 0; i < t->posts.n; i++)
        if (!post_json(&t->posts.at[i], posts, err))
            return false;
    return true;
}

static bool board_json(const struct board_threads *all, struct buf *out, struct err *err)
{
    json_t *list = json_array();
    AUTO_JSON json_t *o = json_pack("{s:o,s:I}", "threads", list, "all", (json_int_t)all->all);
    if (!o)
        return fail_memory(err);
    for (size_t i = 0; i < all->n; i++)
        if (!thread_json(&all->at[i], list, err))
            return false;
    return json_write(o, out, err);
}

/* Text ----------------------------------------------------------------------------------------------- */
/* Text from outside, cleaned for a terminal, moved in. */
static void say_text(struct buf *out, struct span text, size_t indent)
{
    struct span line;
    while (text.n) {
        AUTO_BUF struct buf clean;
        buf_init(&clean, LINE_MOST);
        span_cut(&text, '\n', &line);
        for (size_t i = 0; i < indent; i++)
            buf_add_byte(&clean, ' ');
        utf8_clean(&clean, line);
        wrap_text(out, buf_text(&clean), COLUMNS, indent);
    }
}

static void say_note(struct buf *out, size_t indent, const char *text)
{
    AUTO_BUF struct buf line;
    buf_init(&line, LINE_MOST);
    for (size_t i = 0; i < indent; i++)
        buf_add_byte(&line, ' ');
    buf_add_text(&line, text);
    wrap_text(out, buf_text(&line), COLUMNS, indent);
}

/* The first lines of a post, and where the rest is. */
static void say_front(struct span text, const char *thread, struct buf *out)
{
    struct span rest, line;
    int lines = 0;
    AUTO_BUF struct buf all, more;
    buf_init(&all, OUT_MOST);
    buf_init(&more, 4096);
    say_text(&all, text, 4);
    rest = buf_span(&all);
    for (; rest.n && lines < LINES_LISTED; lines++) {
        span_cut(&rest, '\n', &line);
        buf_add(out, line);
        buf_add_byte(out, '\n');
    }
    if (!rest.n)
        return;
    words_say(&more, tr("board.more_text", "It goes on: respite board {id}"), {"id", thread});
    say_note(out, 4, buf_text(&more));
}

/* What stands on it, and the commands for reading it all the same and for asking the moderators. */
static void say_decided(struct app *app, const struct board_post *p, const char *id, struct buf *out)
{
    const char *why = decided_say(app, p->decided);
    if (!why)
        return;
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    say_note(out, 4, why);
    if (p->decided->hidden && !cli_has(app->cli, "hidden"))
        say_note(out, 4, tr("board.hidden.how", "To read it: respite board --hidden"));
    words_say(&line, tr("board.undo.how", "To ask for it to be undone: respite appeal {id} TEXT"),
              {"id", id});
    say_note(out, 4, buf_text(&line));
}

/* `thread`: the first digits of its thread in a list, where posts are cut; NULL: whole. */
static void say_post(struct app *app, const struct board_post *p, const char *thread, struct buf *out)
{
    char day[16], hex[33];
    item_hex(p->id, hex);
    hex[ID_SHOWN] = '\0';
    AUTO_BUF struct buf name;
    buf_init(&name, 1024);
    if (p->own)
        words_say(&name, tr("board.you", "{name} (you)"), {"name", p->name});
    else
        buf_add_text(&name, p->name);
    buf_add_text(out, "  ");
    if (p->day)
        words_say(out, tr("said.name_day", "{name}, {day}"), {"name", buf_text(&name)},
                  {"day", day_text(p->day, day)});
    else
        buf_add_text(out, buf_text(&name));
    buf_printf(out, "  [%s]\n", hex);
    if (p->gone)
        say_note(out, 4,
                 tr("board.gone", "Taken back, or removed: the words are gone, its place in the record "
                                  "is not."));
    say_decided(app, p, hex, out);
    if (!p->decided || !p->decided->hidden || cli_has(app->cli, "hidden")) {
        if (thread)
            say_front(p->text, thread, out);
        else
            say_text(out, p->text, 4);
    }
    if (p->metoo && !p->gone)
        say_note(out, 4,
                 say_counted(app->arena,
                             trn("board.metoo", "me too, once", "me too, {n} times", (unsigned long)p->metoo),
                             p->metoo));
}

static void say_thread(struct app *app, const struct board_thread *t, bool whole, struct buf *out)
{
    char hex[33];
    item_hex(t->id, hex);
    hex[ID_SHOWN] = '\0';
    if (t->title.n && t->decided && t->decided->hidden && !cli_has(app->cli, "hidden"))
        say_note(out, 0, tr("board.hidden.title", "(a thread whose first post is hidden)"));
    else if (t->title.n)
        say_text(out, t->title, 0);
    else
        say_note(out, 0, tr("board.untitled", "(a thread whose first post is gone)"));
    if (t->part.n)
        say_text(out, t->part, 2);
    for (size_t i = 0; i < t->posts.n; i++)
        say_post(app, &t->posts.at[i], whole ? NULL : hex, out);
    int64_t rest = t->posts_all - t->first_post - (int64_t)t->posts.n;
    if (rest > 0) {
        AUTO_BUF struct buf line;
        buf_init(&line, 4096);
        words_say(&line,
                  trn("board.more_posts", "{n} more post: respite board {id}",
                      "{n} more posts: respite board {id}", (unsigned long)rest),
                  {"n", say_number(app->arena, rest)}, {"id", hex});
        say_note(out, 2, buf_text(&line));
    }
    buf_add_byte(out, '\n');
}

/* Own acts that have not arrived. */
static bool say_own(struct app *app, struct buf *out, struct err *err)
{
    struct outbox all = {0};
    unsigned long waiting = 0;
    if (!outbox_list(app->db, app->arena, -1, &all, err))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        waiting += all.at[i].state == ACT_WAITING || all.at[i].state == ACT_TRIED;
        if (all.at[i].state == ACT_GIVEN_UP && !all.at[i].told)
            wrap_text(out,
                      tr("post.failed", "The board did not take this post in three tries. It is kept here."),
                      COLUMNS, 0);
    }
    if (waiting)
        say_note(out, 0,
                 say_counted(app->arena,
                             trn("board.own", "{n} post of yours waits to leave.",
                                 "{n} posts of yours wait to leave.", waiting),
                             (int64_t)waiting));
    return buf_ok(out, err);
}

struct asked {
    struct board_ask ask;
    bool one, first; /* one: a thread was named; first: no page was asked for */
    uint8_t id[16];
    long page;
    int64_t per;
};

static void say_end(struct app *app, const struct asked *a, int64_t all, struct buf *out)
{
    int64_t pages = (all + a->per - 1) / a->per;
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    if (pages > 1) {
        words_say(&line, tr("board.pages", "Page {n} of {all}."), {"n", say_number(app->arena, a->page)},
                  {"all", say_number(app->arena, pages)});
        if (a->page < pages)
            buf_printf(&line, " --page %ld", a->page + 1);
        say_note(out, 0, buf_text(&line));
    }
    say_note(out, 0,
             tr("board.names", "Names are made up, new for each thread and week; nobody can join two of "
                               "them."));
    if (a->page >= pages)
        say_note(out, 0, tr("board.end", "That is all. It is fine to only read."));
}

static bool board_said(struct app *app, const struct asked *a, const struct board_threads *all, bool fetched,
                       struct buf *out, struct err *err)
{
    struct as_of when;
    if (!as_of_load(app, &when, err))
        return false;
    for (size_t i = 0; i < all->n; i++)
        say_thread(app, &all->at[i], a->one, out);
    if (all->n)
        say_end(app, a, a->one ? all->at[0].posts_all : all->all, out);
    else if (a->ask.words) {
        AUTO_BUF struct buf line;
        buf_init(&line, 4096);
        words_say(&line, tr("empty.search", "Nothing found for “{q}”."), {"q", a->ask.words});
        say_note(out, 0, buf_text(&line));
    } else if (a->ask.part && !all->all)
        say_note(out, 0, tr("board.part_none", "No thread stands in this part of the board."));
    else if (all->all)
        say_note(out, 0, tr("board.page_none", "There is no such page; the list ends before it."));
    else if (when.at)
        say_note(out, 0, tr("empty.speak", "No one has written yet. It is fine to only read."));
    if (!say_own(app, out, err))
        return false;
    as_of_say(&when, fetched, NULL, out);
    return buf_ok(out, err);
}

/* The command ---------------------------------------------------------------------------------------- */
static bool ask_read(struct app *app, struct asked *a, struct err *err)
{
    bool json = cli_has(app->cli, "json");
    *a = (struct asked){.first = !cli_has(app->cli, "page"), .one = app->cli->words_n > 0};
    if (app->cli->words_n > 1)
        return fail(err, E_USAGE,
                    tr("err.speak.one_thread", "Name one thread, or none for the whole board."));
    if (!cli_number(app->cli, "page", 1, 1, PAGE_MOST, &a->page, err))
        return false;
    a->per = a->one ? BOARD_POSTS : BOARD_PAGE;
    a->ask = (struct board_ask){.words = cli_value(app->cli, "find"),
                                .part = cli_value(app->cli, "room"),
                                .skip = (a->page - 1) * a->per,
                                .most = json && a->first ? -1 : a->per,
                                .posts_most = json ? -1 : BOARD_PAGE};
    return true;
}

static bool load(struct app *app, struct asked *a, struct board_threads *out, struct err *err)
{
    bool there;
    if (!board_keep(app->db, err))
        return false;
    if (!a->one)
        return board_list(app->db, app->arena, &a->ask, out, err);
    if (!post_named(app, app->cli->words[0], a->id, err))
        return false;
    struct board_thread *t = ARENA_NEW(app->arena, struct board_thread);
    if (!t)
        return fail_memory(err);
    if (!board_thread(app->db, app->arena, a->id, a->ask.skip, a->ask.most, t, &there, err))
        return false;
    *out = (struct board_threads){.at = t, .n = 1, .all = 1};
    return there ||
           fail(err, E_MISSING,
                tr("err.speak.no_thread", "There is no such thread here. It may be one that you have "
                                          "not fetched yet, or one that never was."));
}

int cmd_board(struct app *app)
{
    struct err err = {0}, why = {0};
    struct known *known;
    struct board_threads all = {0};
    struct asked a;
    struct buf AUTO_BUF out;
    int items;
    buf_init(&out, OUT_MOST);
    if (!known_need(app, &known, &err) || !ask_read(app, &a, &err))
        return cmd_failed(&err);
    bool fetched = !cli_has(app->cli, "offline") && turn_look(app, known, &items, &why);
    if (!load(app, &a, &all, &err) || !board_shown(app->db, &all, &err))
        return cmd_failed(&err);
    bool said = cli_has(app->cli, "json") ? board_json(&all, &out, &err)
                                          : board_said(app, &a, &all, fetched, &out, &err);
    if (!said || !cmd_print(&out, &err))
        return cmd_failed(&err);
    return why.code ? cmd_failed(&why) : 0;
}
