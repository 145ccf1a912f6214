/* The board (screen i): the threads as they are here, a page of twenty, found by words. Opening it asks
 * nobody anything; "Look now" does. */
#include <inttypes.h>
#include <stdio.h>

#include "anon/errand.h"
#include "anon/fetched.h"
#include "anon/known.h"
#include "anon/outbox_db.h"
#include "io/clock.h"
#include "io/sched.h"
#include "speak/before.h"
#include "speak/board_draw.h"
#include "speak/board_errands.h"
#include "speak/board_keep.h"
#include "speak/board_pages.h"
#include "speak/board_rest.h"
#include "speak/moderate_pages.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { LOOK_SECONDS = 45, FIND_MOST = 200, PARTS_MOST = 12 };

struct view {
    const struct known *known;
    const char *words, *part; /* asked for, or NULL */
    int64_t page, waiting;    /* waiting: own acts that have not left */
    struct board_threads threads;
    struct board_parts parts;
    const char *locked; /* why nothing can be posted now, or NULL */
    const char *clock;  /* that this computer's clock is off, or NULL */
    int64_t fetched_at;
    day_t quiet; /* the last day of a quiet time, in which new posts rest; 0: none, or opened on purpose */
};

static const char *asked(struct app *app, const struct request *request, const char *name)
{
    struct span value = span_trim(request_query(request, name));
    return value.n && value.n <= FIND_MOST ? arena_text(app->arena, value) : NULL;
}

static bool view_load(struct app *app, const struct request *request, const struct known *known,
                      struct view *v, struct err *err)
{
    int64_t ahead;
    struct before b;
    *v = (struct view){.known = known,
                       .words = asked(app, request, "q"),
                       .part = asked(app, request, "room"),
                       .page = page_of(request)};
    if (v->page == 0)
        v->page = 1;
    if (!request_query(request, "open").n && !v->words && !sched_hushed(app->db, app->now, &v->quiet, err))
        return false;
    struct board_ask ask = {.words = v->words,
                            .part = v->part,
                            .rest = v->quiet != 0,
                            .skip = (v->page - 1) * BOARD_PAGE,
                            .most = BOARD_PAGE,
                            .posts_most = 1};
    if (!board_keep(app->db, err) || !board_list(app->db, app->arena, &ask, &v->threads, err) ||
        !board_shown(app->db, &v->threads, err) ||
        !board_parts(app->db, app->arena, PARTS_MOST, &v->parts, err) ||
        !fetched_last(app->db, &v->fetched_at, &ahead, err) ||
        !fetched_clock(app->db, app->arena, &v->clock, err) || !outbox_waiting(app->db, &v->waiting, err))
        return false;
    bool ok = before_load(app, known, true, &b, err);
    if (ok && before_locked(&b))
        v->locked = b.hindered;
    before_clear(&b);
    return ok;
}

/* The list ----------------------------------------------------------------------------------------------- */
static void replies_draw(struct html *h, struct app *app, const struct board_thread *t)
{
    AUTO_BUF struct buf names;
    buf_init(&names, 4096);
    for (size_t i = 0; t->names && t->names[i]; i++) {
        if (i)
            buf_add_text(&names, tr("board.comma", ", "));
        buf_add_text(&names, t->names[i]);
    }
    if (!names.n)
        return;
    html_raw(h, " · ");
    if (t->names_more)
        html_say(h, tr("board.replies_more", "Replies from {names} and {n} more."),
                 {"names", buf_text(&names)}, {"n", say_number(app->arena, (int64_t)t->names_more)});
    else
        html_say(h, tr("board.replies", "Replies from {names}."), {"names", buf_text(&names)});
}

static void thread_row(struct html *h, struct app *app, const struct board_thread *t)
{
    const struct board_post *first = t->posts.n ? &t->posts.at[0] : NULL;
    char hex[33];
    item_hex(t->id, hex);
    html_raw(h, "<li><p class=\"head\">");
    said_day(h, app, t->day);
    html_raw(h, " <a href=\"/board/");
    html_text(h, hex);
    html_raw(h, "\">");
    if (t->title.n && t->decided && t->decided->hidden) {
        html_text(h, decided_say(app, t->decided));
    } else if (t->title.n) {
        html_text(h, tr("board.quote", "“"));
        said_line(h, t->title);
        html_text(h, tr("board.unquote", "”"));
    } else {
        html_text(h, tr("board.untitled", "(a thread whose first post is gone)"));
    }
    html_raw(h, "</a></p>\n<p class=\"small\">");
    if (t->part.n) {
        said_line(h, t->part);
        html_raw(h, " · ");
    }
    if (first) {
        html_text(h, first->own ? tr("board.by_you", "by you") : first->name);
        if (first->metoo && !first->gone) {
            html_raw(h, " · ");
            said_metoo(h, app, first);
        }
    }
    replies_draw(h, app, t);
    html_raw(h, "</p></li>\n");
}

static void find_draw(struct html *h, const struct view *v)
{
    html_raw(h, "<form method=\"get\" action=\"/board\" role=\"search\" class=\"find\"><label for=\"q\">");
    html_text(h, tr("board.find", "Search the posts that are here"));
    html_raw(h, "</label> <input id=\"q\" name=\"q\" type=\"search\" maxlength=\"200\" autocomplete=\"off\" "
                "value=\"");
    if (v->words)
        said_line(h, span_of(v->words));
    html_raw(h, "\"> <button>");
    html_text(h, tr("board.find.go", "Search"));
    html_raw(h, "</button></form>\n");
}

static void parts_draw(struct html *h, const struct view *v)
{
    if (!v->parts.n)
        return;
    html_raw(h, "<ul class=\"links plain small\" aria-label=\"");
    html_text(h, tr("board.parts", "Parts of the board"));
    html_raw(h, "\"><li><a href=\"/board\"");
    if (!v->part)
        html_raw(h, " aria-current=\"page\"");
    html_raw(h, ">");
    html_text(h, tr("board.parts.all", "the whole lab"));
    html_raw(h, "</a></li>");
    for (size_t i = 0; i < v->parts.n; i++) {
        AUTO_BUF struct buf to;
        buf_init(&to, 4096);
        query_add(&to, v->parts.at[i]);
        html_raw(h, "<li><a href=\"/board?room=");
        html_text(h, buf_text(&to));
        html_raw(h, "\"");
        if (v->part && span_is(v->parts.at[i], v->part))
            html_raw(h, " aria-current=\"page\"");
        html_raw(h, ">");
        said_line(h, v->parts.at[i]);
        html_raw(h, "</a></li>");
    }
    html_raw(h, "</ul>\n");
}

static void buttons_draw(struct html *h, struct app *app, const struct view *v)
{
    html_raw(h, "<div class=\"buttons\">");
    bit_button_new(h, "/write", tr("board.write", "Write"));
    form_open(h, app, "/board/look");
    form_button(h, NULL, NULL, tr("look.now", "Look now"), false);
    form_close(h);
    if (v->waiting > 0)
        bit_button(h, "/board/mine", tr("board.mine", "What you wrote"));
    html_raw(h, "</div>\n");
    bit_small(h, tr("look.now.what", "The lab then sees that this computer was on this minute."));
}

static void list_draw(struct html *h, struct app *app, const struct view *v)
{
    const struct board_threads *all = &v->threads;
    AUTO_BUF struct buf query;
    buf_init(&query, 4096);
    if (v->words) {
        buf_add_text(&query, "q=");
        query_add(&query, span_of(v->words));
        buf_add_byte(&query, '&');
    }
    if (v->part) {
        buf_add_text(&query, "room=");
        query_add(&query, span_of(v->part));
        buf_add_byte(&query, '&');
    }
    if (all->n) {
        html_raw(h, "<ol class=\"lines board\">\n");
        for (size_t i = 0; i < all->n; i++)
            thread_row(h, app, &all->at[i]);
        html_raw(h, "</ol>\n");
    } else if (v->words) {
        html_raw(h, "<p>");
        html_say(h, tr("empty.search", "Nothing found for “{q}”."), {"q", v->words});
        html_raw(h, "</p>\n");
    } else if (v->part && !all->all) {
        bit_paragraph(h, tr("board.part_none", "No thread stands in this part of the board."));
    } else if (all->all) {
        bit_paragraph(h, tr("board.page_none", "There is no such page; the list ends before it."));
    } else if (!v->quiet && v->fetched_at) {
        bit_paragraph(h, tr("empty.speak", "No one has written yet. It is fine to only read."));
    }
    said_pages(h, app, "/board", buf_text(&query), v->page, (all->all + BOARD_PAGE - 1) / BOARD_PAGE);
}

static void as_of(struct html *h, struct app *app, const struct view *v)
{
    if (!v->fetched_at) {
        bit_small(h, tr("board.never", "Nothing was fetched from the lab yet."));
        return;
    }
    html_raw(h, "<p class=\"small\">");
    html_say(h, tr("board.as_of", "As of {date}."),
             {"date", say_weekday_clock(app->arena, clock_local(v->fetched_at))});
    bit_gap(h);
    html_text(h, tr("board.together", "New posts appear together."));
    html_raw(h, "</p>\n");
}

static void title_draw(struct html *h)
{
    html_raw(h, "<h1>");
    html_text(h, tr("nav.speak", "Speak"));
    html_raw(h, "</h1>\n");
}

static void listeners_draw(struct html *h, const struct app *app)
{
    if (!has_page(app, "/letters"))
        return;
    html_raw(h, "<p><a href=\"/letters\">");
    html_text(h, tr("listen.link", "Talk to a listener"));
    html_raw(h, "</a></p>\n<p><a href=\"/circles\">");
    html_text(h, tr("circles.link", "Circles: a few people around a theme"));
    html_raw(h, "</a></p>\n");
    if (!has_page(app, "/counsellors"))
        return;
    html_raw(h, "<p><a href=\"/counsellors\">");
    html_text(h, tr("help.counsellor", "See a counsellor"));
    html_raw(h, "</a></p>\n");
}

/* No number: one that grows is what people fear to miss. */
static void quiet_draw(struct html *h, struct app *app, const struct view *v)
{
    if (!v->quiet)
        return;
    html_raw(h, "<div class=\"notice\" role=\"note\"><p>");
    html_say(h, tr("quiet.until", "Quiet until {day}"), {"day", say_day(app->arena, v->quiet)});
    html_raw(h, "</p>\n");
    bit_paragraph(h,
                  tr("board.quiet", "New posts are resting until then. Listeners and Help now stay open."));
    html_raw(h, "<p><a href=\"/board?open=1\">");
    html_text(h, tr("quiet.need", "I need one thing today"));
    html_raw(h, "</a></p></div>\n");
}

static void view_draw(struct html *h, struct app *app, const struct view *v, const char *problem)
{
    title_draw(h);
    quiet_draw(h, app, v);
    bit_problem(h, problem);
    bit_notice(h, v->locked);
    bit_notice(h, v->clock);
    buttons_draw(h, app, v);
    find_draw(h, v);
    parts_draw(h, v);
    as_of(h, app, v);
    list_draw(h, app, v);
    listeners_draw(h, app);
    html_raw(h, "<p class=\"small\"><a href=\"/board/moderation\">");
    html_text(h, tr("board.decided", "What the moderators did"));
    html_raw(h, "</a></p>\n");
    bit_small(h, tr("board.names", "Names are made up, new for each thread and week; nobody can join two of "
                                   "them."));
}

static void none_draw(struct html *h)
{
    title_draw(h);
    bit_paragraph(h, tr("empty.lab", "You are not in a lab. Everything else works without one."));
    html_raw(h, "<div class=\"buttons\">");
    bit_button(h, "/lab", tr("nav.lab", "Lab"));
    html_raw(h, "</div>\n");
}

static void draw(struct app *app, const struct request *request, struct reply *reply, const char *problem)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct known *known;
    struct view v;
    if (!known_load(app->db, app->arena, &known, &err) ||
        (known && !view_load(app, request, known, &v, &err))) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    frame_open(&h, app, request, reply, tr("nav.speak", "Speak"), "/board");
    if (known)
        view_draw(&h, app, &v, problem);
    else
        none_draw(&h);
    frame_close(&h, app, known ? tr("board.end", "That is all. It is fine to only read.") : NULL);
}

void page_board(struct app *app, const struct request *request, struct reply *reply)
{
    draw(app, request, reply, NULL);
}

void page_board_look(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct errand look = {0};
    if (!form_read(app, request, &form, &err))
        reply_error(app, request, reply, 403, &err);
    else if (!errand_do(app, ERRAND_BOARD_LOOK, "", LOOK_SECONDS, &look, &err) || look.state == ERRAND_FAILED)
        draw(app, request, reply, err.code ? err.text : look.text);
    else
        reply_to(reply, request, "/board");
}

/* For the other pages of the board ------------------------------------------------------------------------
 */
bool board_known(struct app *app, const struct request *request, struct reply *reply, struct known **known)
{
    struct err err = {0};
    if (!known_load(app->db, app->arena, known, &err)) {
        reply_error(app, request, reply, 500, &err);
        return false;
    }
    if (!*known)
        reply_to(reply, request, "/board");
    return *known != NULL;
}

void board_sent(struct app *app, const struct request *request, struct reply *reply,
                const struct known *known, int64_t outbox, bool now, const char *path)
{
    struct err err = {0};
    struct errand send = {0};
    char number[24];
    snprintf(number, sizeof number, "%" PRId64, outbox);
    if ((now || known->trial) && (!errand_do(app, ERRAND_BOARD_SEND, number, LOOK_SECONDS, &send, &err) ||
                                  send.state == ERRAND_FAILED)) {
        mine_again(app, request, reply, err.code ? err.text : send.text);
    } else {
        reply_to(reply, request, path);
    }
}
