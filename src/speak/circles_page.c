/* Circles: those there are, by theme, and opening one. Finding reads what is here: the lab hears of no
 * search. */
#include "speak/circles_pages.h"

#include <inttypes.h>
#include <stdio.h>

#include "anon/errand.h"
#include "anon/item.h"
#include "codec/utf8.h"
#include "speak/as_of.h"
#include "speak/board_draw.h"
#include "speak/board_errands.h"
#include "speak/board_pages.h"
#include "speak/leave_draw.h"
#include "speak/moderate_pages.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { LOOK_SECONDS = 45, SHOWN = 20, WORDS_MOST = 200 };

/* Pieces --------------------------------------------------------------------------------------------- */
void circle_head_draw(struct html *h, struct app *app, const struct circles_here *here,
                      const struct circle *c)
{
    const struct moderate_state *hidden = circle_hidden(here, c->id);
    char hex[33];
    item_hex(c->id, hex);
    html_raw(h, "<p class=\"head\"><a href=\"/circles/");
    html_text(h, hex);
    html_raw(h, "\">");
    if (hidden)
        html_text(h, tr("circles.words_hidden", "(a circle whose words are hidden)"));
    else
        said_line(h, c->theme);
    html_raw(h, "</a></p>\n");
    if (hidden)
        bit_small(h, decided_say(app, hidden));
    else
        circle_line_draw(h, c->line);
    bit_small(h, circle_size_said(app, c));
}

void circle_line_draw(struct html *h, struct span line)
{
    if (!line.n)
        return;
    html_raw(h, "<p>");
    said_line(h, line);
    html_raw(h, "</p>\n");
}

void circle_field(struct html *h, const char *name, const char *label, int64_t most, struct span value)
{
    html_raw(h, "<p><label for=\"");
    html_text(h, name);
    html_raw(h, "\">");
    html_text(h, label);
    html_raw(h, "</label><br><input type=\"text\" size=\"48\" id=\"");
    html_text(h, name);
    html_raw(h, "\" name=\"");
    html_text(h, name);
    html_raw(h, "\" autocomplete=\"off\" maxlength=\"");
    html_int(h, most);
    html_raw(h, "\" value=\"");
    html_span(h, value);
    html_raw(h, "\"></p>\n");
}

void circle_send(struct app *app, const struct known *known, const int64_t *ids, size_t n, bool now,
                 const char **problem, struct err *err)
{
    struct errand send = {0};
    AUTO_BUF struct buf numbers;
    buf_init(&numbers, 400);
    *problem = NULL;
    if (!now && !known->trial)
        return;
    for (size_t i = 0; i < n; i++)
        buf_printf(&numbers, "%s%" PRId64, i ? " " : "", ids[i]);
    if (!buf_ok(&numbers, err) ||
        !errand_do(app, ERRAND_BOARD_SEND, buf_text(&numbers), LOOK_SECONDS, &send, err) ||
        send.state == ERRAND_FAILED)
        *problem = err->code ? err->text : send.text;
    for (size_t i = 0; !*problem && i < n; i++) {
        const char *state;
        bool refused;
        if (!circle_act_state(app, ids[i], &state, &refused, err))
            *problem = err->text;
        else if (refused)
            *problem = state;
    }
}

/* The list ------------------------------------------------------------------------------------------- */
static void row(struct html *h, struct app *app, const struct circles_here *here, const struct circle *c)
{
    const struct circle_own *own = circle_mine(here, c);
    html_raw(h, "<li>");
    circle_head_draw(h, app, here, c);
    if (own)
        bit_small(h, circle_place_said(own->place));
    html_raw(h, "</li>\n");
}

/* One's own first: those one is in, has asked, or has left and not forgotten. */
static bool own_draw(struct html *h, struct app *app, const struct circles_here *here, struct err *err)
{
    size_t n = 0;
    for (size_t i = 0; i < here->own.n; i++) {
        const struct circle_own *own = &here->own.at[i];
        const char *state;
        char hex[33];
        bool refused;
        if (!n++) {
            bit_heading(h, tr("circles.yours", "Yours"));
            html_raw(h, "<ul class=\"lines plain\">\n");
        }
        if (own->c && own->place != PLACE_ASKS) {
            row(h, app, here, own->c);
            continue;
        }
        if (!circle_act_state(app, own->outbox, &state, &refused, err))
            return false;
        html_raw(h, "<li>");
        if (own->c)
            circle_head_draw(h, app, here, own->c);
        bit_paragraph(h, circle_place_said(own->place));
        bit_small(h, state);
        form_open(h, app, "/circles/open");
        item_hex(own->seed, hex);
        form_button(h, "drop", hex, tr("circles.take_back", "Take it back"), false);
        form_close(h);
        html_raw(h, "</li>\n");
    }
    if (n)
        html_raw(h, "</ul>\n");
    return true;
}

static void find_draw(struct html *h, const char *words)
{
    html_raw(h, "<form method=\"get\" action=\"/circles\" role=\"search\" class=\"find\"><label for=\"q\">");
    html_text(h, tr("circles.find", "Words of a theme; looked up on this computer"));
    html_raw(h, "</label> <input id=\"q\" name=\"q\" type=\"search\" maxlength=\"200\" autocomplete=\"off\" "
                "value=\"");
    html_text(h, words);
    html_raw(h, "\"> <button>");
    html_text(h, tr("board.find.go", "Search"));
    html_raw(h, "</button></form>\n");
}

static void list_draw(struct html *h, struct app *app, const struct circles_here *here,
                      const struct circle_list *all, const struct as_of *when, const char *words,
                      int64_t page)
{
    AUTO_BUF struct buf query;
    int64_t pages = ((int64_t)all->n + SHOWN - 1) / SHOWN;
    buf_init(&query, 4096);
    page = page < 1 || page > pages ? 1 : page;
    if (*words) {
        buf_add_text(&query, "q=");
        query_add(&query, span_of(words));
        buf_add_byte(&query, '&');
    }
    bit_heading(h, tr("circles.all", "Circles in this lab"));
    find_draw(h, words);
    if (all->n == 0 && when->at)
        bit_paragraph(h, *words
                             ? tr("circles.none.found", "There is no circle with these words here.")
                             : tr("circles.none", "There is no circle here yet. One begins with a theme."));
    if (all->n)
        html_raw(h, "<ul class=\"lines plain\">\n");
    for (size_t i = (size_t)(page - 1) * SHOWN; i < all->n && i < (size_t)page * SHOWN; i++)
        row(h, app, here, all->at[i]);
    if (all->n)
        html_raw(h, "</ul>\n");
    said_pages(h, app, "/circles", buf_text(&query), page, pages);
}

static void look_draw(struct html *h, struct app *app)
{
    html_raw(h, "<div class=\"buttons\">");
    bit_button(h, "/circles/open", tr("circles.open", "Open a circle"));
    form_open(h, app, "/circles/look");
    form_button(h, NULL, NULL, tr("look.now", "Look now"), false);
    form_close(h);
    html_raw(h, "</div>\n");
    bit_small(h, tr("look.now.what", "The lab then sees that this computer was on this minute."));
}

static const char *words_of_query(struct app *app, const struct request *request)
{
    struct span q = request_query(request, "q");
    AUTO_BUF struct buf clean;
    buf_init(&clean, 4 * WORDS_MOST);
    if (q.n && q.n <= WORDS_MOST)
        utf8_clean(&clean, q);
    const char *words = buf_keep(&clean, app->arena);
    return words ? words : "";
}

static bool draw_into(struct app *app, const struct request *request, struct reply *reply,
                      const struct circles_here *here, const char *problem, struct err *err)
{
    struct html h = {&reply->body};
    struct circle_list all = {0};
    const char *words = words_of_query(app, request);
    struct as_of when;
    if (!circles_find(app, here, words, &all, err) || !as_of_load(app, &when, err))
        return false;
    frame_open(&h, app, request, reply, tr("circles.title", "Circles"), "/board");
    html_raw(&h, "<h1>");
    html_text(&h, tr("circles.title", "Circles"));
    html_raw(&h, "</h1>\n<p class=\"lead\">");
    html_text(&h,
              tr("circles.lead", "Three to eight people around a theme, for as long as they like. Names are "
                                 "made up, one for each circle."));
    html_raw(&h, "</p>\n");
    bit_problem(&h, problem);
    as_of_draw(&h, &when);
    if (!own_draw(&h, app, here, err))
        return false;
    list_draw(&h, app, here, &all, &when, words, page_of(request));
    look_draw(&h, app);
    frame_close(&h, app, NULL);
    return true;
}

static void draw(struct app *app, const struct request *request, struct reply *reply, const char *problem)
{
    struct err err = {0};
    struct known *known;
    struct circles_here here = {0};
    if (!board_known(app, request, reply, &known))
        return;
    if (!circles_load(app, known, false, &here, &err) ||
        !draw_into(app, request, reply, &here, problem, &err)) {
        buf_reset(&reply->body);
        reply_error(app, request, reply, 500, &err);
    }
    circles_clear(&here);
}

void page_circles(struct app *app, const struct request *request, struct reply *reply)
{
    draw(app, request, reply, NULL);
}

void page_circles_look(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct errand look = {0};
    if (!form_read(app, request, &form, &err))
        reply_error(app, request, reply, 403, &err);
    else if (!errand_do(app, ERRAND_BOARD_LOOK, "", LOOK_SECONDS, &look, &err) || look.state == ERRAND_FAILED)
        draw(app, request, reply, err.code ? err.text : look.text);
    else
        reply_to(reply, request, "/circles");
}

/* Opening one ---------------------------------------------------------------------------------------- */
struct opening {
    struct circles_here here;
    struct span theme, line;
    bool now;
    const char *problem;
};

static void open_draw(struct app *app, const struct request *request, struct reply *reply,
                      const struct opening *o)
{
    struct html h = {&reply->body};
    const char *hindered = circles_hindered(&o->here, o->now);
    frame_open(&h, app, request, reply, tr("circles.open", "Open a circle"), "/board");
    html_raw(&h, "<h1>");
    html_text(&h, tr("circles.open", "Open a circle"));
    html_raw(&h, "</h1>\n<p class=\"lead\">");
    html_text(&h,
              tr("circles.open.lead", "Everybody in the lab can read the theme and the line beside it, and "
                                      "how many are in. Nobody can read what is said in it but those who "
                                      "are in."));
    html_raw(&h, "</p>\n");
    bit_problem(&h, o->problem);
    form_open(&h, app, "/circles/open");
    circle_field(&h, "theme",
                 tr("circles.theme", "The theme, in a few words (first paper rejected; parents)"),
                 CIRCLE_THEME, o->theme);
    circle_field(&h, "line", tr("circles.line", "A line beside it (may stay empty)"), CIRCLE_LINE, o->line);
    leave_when_draw(&h, o->now);
    leave_facts_draw(&h, app, &o->here.before);
    bit_notice(&h, hindered);
    html_raw(&h, "<div class=\"buttons\">");
    if (!hindered)
        form_button(&h, "do", "open", tr("circles.open", "Open a circle"), true);
    bit_button(&h, "/circles", tr("post.no", "Not today"));
    html_raw(&h, "</div>\n");
    form_close(&h);
    bit_small(&h,
              tr("circles.open.what",
                 "Who asks to join may be anyone in the lab, also a manager; you say yes to the first, and "
                 "two of those who are in to each after that. Your computer writes a new key for letters "
                 "each week; without one for four weeks you have left."));
    frame_close(&h, app, NULL);
}

void page_circle_open(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct known *known;
    struct opening o = {.theme = SPAN(""), .line = SPAN("")};
    if (!board_known(app, request, reply, &known))
        return;
    if (!circles_load(app, known, false, &o.here, &err))
        reply_error(app, request, reply, 500, &err);
    else
        open_draw(app, request, reply, &o);
    circles_clear(&o.here);
}

/* *left: what was typed has gone into the outbox. */
static bool open_it(struct app *app, const struct known *known, struct opening *o, bool *left,
                    struct err *err)
{
    int64_t outbox;
    const char *hindered = circles_hindered(&o->here, o->now);
    if (hindered)
        return fail(err, E_REFUSED, "%s", hindered);
    if (!circles_open(app, &o->here, o->theme, o->line, o->now, &outbox, err))
        return false;
    *left = true;
    circle_send(app, known, &outbox, 1, o->now, &o->problem, err);
    return !o->problem;
}

/* One's own that is not published, by what its key is made of. */
static bool drop(struct app *app, struct opening *o, struct span hex, struct err *err)
{
    uint8_t seed[16];
    int64_t outbox;
    for (size_t i = 0; item_hex_read(hex, seed) && i < o->here.own.n; i++) {
        const struct circle_own *own = &o->here.own.at[i];
        if (memcmp(own->seed, seed, 16) == 0 && (own->place == PLACE_OPENS || own->place == PLACE_ASKS))
            return circles_leave(app, &o->here, own, false, &outbox, err);
    }
    return true;
}

void page_circle_open_do(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct known *known;
    struct opening o = {.theme = SPAN(""), .line = SPAN("")};
    bool left = false;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    if (!board_known(app, request, reply, &known))
        return;
    o.now = form_has(&form, "when", "now");
    if (form_value(&form, "theme").p)
        o.theme = form_value(&form, "theme");
    if (form_value(&form, "line").p)
        o.line = form_value(&form, "line");
    if (!circles_load(app, known, o.now, &o.here, &err)) {
        reply_error(app, request, reply, 500, &err);
    } else if (form_value(&form, "drop").p ? drop(app, &o, form_value(&form, "drop"), &err)
                                           : open_it(app, known, &o, &left, &err)) {
        reply_to(reply, request, "/circles");
    } else if (left || form_value(&form, "drop").p) {
        draw(app, request, reply, left ? o.problem : err.text);
    } else {
        o.problem = err.text;
        open_draw(app, request, reply, &o);
    }
    circles_clear(&o.here);
}
