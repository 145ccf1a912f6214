/* Bits of pages. */
#include "papers/moved.h"

#include <inttypes.h>

#include "base/words.h"
#include "papers/marks.h"
#include "ui/form.h"
#include "ui/frame.h"

#include "base/banned.h"

void moved_open(struct html *h, struct app *app, const struct request *request, struct reply *reply,
                const char *title, const char *here)
{
    frame_open(h, app, request, reply, title, MOVED);
    html_raw(h, "<h1>");
    html_text(h, title);
    html_raw(h, "</h1>\n");
    frame_under(h, app, MOVED, here);
}

void moved_title(struct html *h, struct app *app, const struct shown *s)
{
    html_raw(h, "<p class=\"head\"><a href=\"/papers/paper/");
    html_int(h, s->paper);
    html_raw(h, "\">");
    html_text(h, s->title);
    html_raw(h, "</a></p>\n<p class=\"small\">");
    if (*s->date) {
        html_raw(h, "<time>");
        html_text(h, s->date);
        html_raw(h, "</time> · ");
    }
    html_text(h, shown_authors(app->arena, s->authors));
    html_raw(h, "</p>\n");
}

static void button(struct html *h, const char *value, const char *label, bool pressed)
{
    html_raw(h, "<button type=\"submit\" name=\"do\" value=\"");
    html_text(h, value);
    html_raw(h, "\" aria-pressed=\"");
    html_text(h, pressed ? "true" : "false");
    html_raw(h, "\">");
    html_text(h, label);
    html_raw(h, "</button>\n");
}

void moved_keep(struct html *h, struct app *app, int64_t paper, const char *back)
{
    enum mark mark = MARK_NONE;
    struct err err = {0};
    if (!paper_mark_of(app->db, paper, &mark, &err))
        arena_lose(app->arena);
    form_open(h, app, "/papers/keep");
    html_raw(h, "<p class=\"buttons\"><input type=\"hidden\" name=\"paper\" value=\"");
    html_int(h, paper);
    html_raw(h, "\"><input type=\"hidden\" name=\"back\" value=\"");
    html_text(h, back);
    html_raw(h, "\">");
    button(h, mark == MARK_KEPT ? "none" : "keep", tr("digest.keep", "Keep"), mark == MARK_KEPT);
    button(h, mark == MARK_NOT ? "none" : "not", tr("digest.not", "Not for me"), mark == MARK_NOT);
    html_raw(h, "</p>\n");
    form_close(h);
}
