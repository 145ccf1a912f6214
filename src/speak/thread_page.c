/* One thread: its posts in the order of the record, "me too", taking back. */
#include <stdio.h>

#include "anon/item.h"
#include "anon/known.h"
#include "speak/before.h"
#include "speak/board_draw.h"
#include "speak/board_keep.h"
#include "speak/board_pages.h"
#include "speak/board_rest.h"
#include "speak/moderate_pages.h"
#include "speak/write.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

/* Drawing ------------------------------------------------------------------------------------------------ */
static void back_link(struct html *h, const char *hex)
{
    html_raw(h, "<a class=\"button\" href=\"/board/back?post=");
    html_text(h, hex);
    html_raw(h, "\">");
    html_text(h, tr("board.take_back", "Take it back"));
    html_raw(h, "</a>\n");
}

/* "Me too" is for what others wrote; what one wrote can be taken back. */
static void post_buttons(struct html *h, struct app *app, const struct board_post *p)
{
    char hex[33];
    item_hex(p->id, hex);
    if (p->gone)
        return;
    html_raw(h, "<div class=\"buttons\">");
    if (p->own) {
        back_link(h, hex);
    } else if (!p->metoo_here) {
        form_open(h, app, "/board/metoo");
        form_hidden(h, "post", hex);
        form_button(h, NULL, NULL, tr("board.say_metoo", "Me too"), false);
        form_close(h);
    }
    if (!p->own)
        flag_link_draw(h, p->id);
    html_raw(h, "</div>\n");
}

static void words_draw(struct html *h, const struct board_post *p)
{
    bool hidden = p->decided && p->decided->hidden && !p->gone;
    hidden_open(h, hidden);
    said_text(h, p->text);
    hidden_close(h, hidden);
}

static void post_draw(struct html *h, struct app *app, const struct board_post *p)
{
    char hex[33];
    item_hex(p->id, hex);
    html_raw(h, "<article class=\"post\" id=\"p");
    html_text(h, hex);
    html_raw(h, "\">\n<p class=\"small\">");
    said_name(h, p);
    html_raw(h, " · ");
    said_day(h, app, p->day);
    html_raw(h, "</p>\n");
    if (p->gone)
        bit_paragraph(h,
                      tr("board.gone", "Taken back, or removed: the words are gone, its place in the record "
                                       "is not."));
    decided_draw(h, app, p->id, p->decided);
    words_draw(h, p);
    if (!p->gone && (p->metoo || p->metoo_here)) {
        html_raw(h, "<p class=\"small\">");
        said_metoo(h, app, p);
        if (p->metoo_here) {
            if (p->metoo)
                bit_gap(h);
            html_text(h, tr("board.metoo_here", "You said so too; it counts when new posts appear."));
        }
        html_raw(h, "</p>\n");
    }
    post_buttons(h, app, p);
    html_raw(h, "</article>\n");
}

static void thread_draw(struct html *h, struct app *app, const struct board_thread *t, int64_t page)
{
    char hex[33], path[48];
    item_hex(t->id, hex);
    snprintf(path, sizeof path, "/board/%s", hex);
    html_raw(h, "<h1>");
    if (t->title.n && t->decided && t->decided->hidden)
        html_text(h, tr("board.hidden.title", "(a thread whose first post is hidden)"));
    else if (t->title.n)
        said_line(h, t->title);
    else
        html_text(h, tr("board.untitled", "(a thread whose first post is gone)"));
    html_raw(h, "</h1>\n");
    if (t->part.n) {
        html_raw(h, "<p class=\"small\">");
        said_line(h, t->part);
        html_raw(h, "</p>\n");
    }
    for (size_t i = 0; i < t->posts.n; i++)
        post_draw(h, app, &t->posts.at[i]);
    said_pages(h, app, path, "", page, (t->posts_all + BOARD_POSTS - 1) / BOARD_POSTS);
    html_raw(h, "<div class=\"buttons\"><a class=\"button\" data-key=\"n\" href=\"/write?reply=");
    html_text(h, hex);
    html_raw(h, "\">");
    html_text(h, tr("board.answer", "Answer"));
    html_raw(h, "</a>\n");
    bit_button(h, "/board", tr("board.all", "All threads"));
    html_raw(h, "</div>\n");
    bit_small(h, tr("board.names", "Names are made up, new for each thread and week; nobody can join two of "
                                   "them."));
}

static bool none_here(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    (void)fail(&err, E_MISSING,
               tr("err.speak.no_thread",
                  "There is no such thread here. It may be one that you have not fetched "
                  "yet, or one that never was."));
    reply_error(app, request, reply, 404, &err);
    return false;
}

void page_thread(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct known *known;
    struct board_thread t;
    struct span hex = span_from(request->path, strlen("/board/"));
    uint8_t id[16];
    bool there = false;
    int64_t page = page_of(request);
    if (!board_known(app, request, reply, &known))
        return;
    if (!id_of(hex, id) || page == 0) {
        none_here(app, request, reply);
    } else if (!board_keep(app->db, &err) || !board_thread(app->db, app->arena, id, (page - 1) * BOARD_POSTS,
                                                           BOARD_POSTS, &t, &there, &err)) {
        reply_error(app, request, reply, 500, &err);
    } else if (!there || (t.posts.n == 0 && page > 1)) {
        none_here(app, request, reply);
    } else if (!board_shown(app->db, &(struct board_threads){.at = &t, .n = 1}, &err)) {
        reply_error(app, request, reply, 500, &err);
    } else {
        frame_open(&h, app, request, reply, tr("nav.speak", "Speak"), "/board");
        thread_draw(&h, app, &t, page);
        frame_close(&h, app, tr("board.end", "That is all. It is fine to only read."));
    }
}

/* Me too ------------------------------------------------------------------------------------------------- */
/* Nothing is put into the outbox that the crowd is too small for. */
static bool may_post(struct app *app, const struct known *known, struct err *err)
{
    struct before b;
    bool ok = before_load(app, known, true, &b, err);
    if (ok && before_locked(&b))
        ok = fail(err, E_REFUSED, "%s", b.hindered);
    before_clear(&b);
    return ok;
}

static const char *thread_path(struct app *app, const uint8_t id[static 16])
{
    struct board_post post;
    uint8_t thread[16];
    char hex[33], path[64];
    struct err none = {0};
    bool there;
    if (!board_one(app->db, app->arena, id, &post, thread, &there, &none) || !there)
        return "/board";
    item_hex(thread, hex);
    snprintf(path, sizeof path, "/board/%s", hex);
    const char *kept = arena_text(app->arena, span_of(path));
    return kept ? kept : "/board";
}

/* What both forms begin with: the lab this is about, and the post that is named. False: it was answered. */
static bool form_about(struct app *app, const struct request *request, struct reply *reply,
                       struct known **known, uint8_t id[static 16])
{
    struct err err = {0};
    struct form form = {0};
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return false;
    }
    if (!board_known(app, request, reply, known))
        return false;
    if (id_of(form_value(&form, "post"), id))
        return true;
    none_here(app, request, reply);
    return false;
}

void page_metoo(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct known *known;
    uint8_t id[16];
    int64_t outbox;
    if (!form_about(app, request, reply, &known, id))
        return;
    if (may_post(app, known, &err) &&
        metoo_put(app->db, app->arena, known, id, false, app->now, &outbox, &err))
        board_sent(app, request, reply, known, outbox, false, thread_path(app, id));
    else
        reply_error(app, request, reply, 409, &err);
}

/* Taking back, which is asked once ----------------------------------------------------------------------- */
static void back_draw(struct html *h, struct app *app, const struct board_post *p, const char *path)
{
    char hex[33];
    item_hex(p->id, hex);
    html_raw(h, "<h1>");
    html_text(h, tr("back.title", "Take this post back?"));
    html_raw(h, "</h1>\n<blockquote>");
    said_text(h, p->text);
    html_raw(h, "</blockquote>\n");
    bit_paragraph(h, tr("back.what",
                        "Its words go from the board and from every member's computer that looks for "
                        "new posts. Its place in the record stays, without the words. What others "
                        "have read, they have read."));
    bit_small(h, tr("back.how",
                    "This is sent like a post: with a pass, at a drawn moment, and signed by the name "
                    "you had in this thread."));
    form_open(h, app, "/board/back");
    form_hidden(h, "post", hex);
    html_raw(h, "<div class=\"buttons\">");
    form_button(h, NULL, NULL, tr("board.take_back", "Take it back"), false);
    bit_button(h, path, tr("post.no", "Not today"));
    html_raw(h, "</div>\n");
    form_close(h);
}

void page_back(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct known *known;
    struct board_post post;
    uint8_t id[16], thread[16];
    bool there = false;
    if (!board_known(app, request, reply, &known))
        return;
    if (!id_of(request_query(request, "post"), id)) {
        none_here(app, request, reply);
    } else if (!board_keep(app->db, &err) ||
               !board_one(app->db, app->arena, id, &post, thread, &there, &err)) {
        reply_error(app, request, reply, 500, &err);
    } else if (!there || !post.own || post.gone) {
        none_here(app, request, reply);
    } else {
        frame_open(&h, app, request, reply, tr("back.title", "Take this post back?"), "/board");
        back_draw(&h, app, &post, thread_path(app, id));
        frame_close(&h, app, NULL);
    }
}

void page_back_go(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct known *known;
    uint8_t id[16];
    int64_t outbox;
    if (!form_about(app, request, reply, &known, id))
        return;
    if (may_post(app, known, &err) &&
        retract_put(app->db, app->arena, known, id, false, app->now, &outbox, &err))
        board_sent(app, request, reply, known, outbox, false, "/board/mine");
    else
        reply_error(app, request, reply, 409, &err);
}
