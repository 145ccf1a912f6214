/* Bits of pages. */
#include "papers/moved.h"

#include <inttypes.h>

#include "base/words.h"
#include "codec/scan.h"
#include "io/clock.h"
#include "papers/marks.h"
#include "papers/papers_pages.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/reply.h"

#include "base/banned.h"

void moved_open(struct html *h, struct app *app, const struct request *request, struct reply *reply,
                const char *title, const char *here)
{
    frame_open(h, app, request, reply, title, here);
    html_raw(h, "<h1>");
    html_text(h, title);
    html_raw(h, "</h1>\n");
}

void moved_title(struct html *h, struct app *app, const struct shown *s)
{
    html_raw(h, "<p class=\"head\"><a href=\"/paper/");
    html_int(h, s->paper);
    html_raw(h, "\">");
    html_text(h, s->title);
    html_raw(h, "</a></p>\n<p class=\"small\">");
    if (*s->date) {
        html_raw(h, "<time>");
        html_text(h, s->date);
        html_raw(h, "</time>");
    }
    if (*s->date && *s->authors)
        html_raw(h, " · ");
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
    form_open(h, app, "/paper/keep");
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

/* One of our own pages, with nothing in it that a header may not hold. */
const char *moved_back(struct app *app, const struct form *form)
{
    struct span back = form_value(form, "back");
    bool ours = back.n > 1 && back.n < 400 && back.p[0] == '/' && back.p[1] != '/';
    for (size_t i = 0; i < back.n && ours; i++)
        ours = back.p[i] > ' ' && back.p[i] < 0x7F && back.p[i] != '\\';
    const char *path = ours ? arena_text(app->arena, back) : "/moved";
    return path ? path : "/moved";
}

void page_paper_keep(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form;
    int64_t number = 0, paper = 0;
    day_t today = moment_day(clock_local(app->now));
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    struct span field = form_value(&form, "paper"), what = form_value(&form, "do");
    if (!scan_i64(&field, &number) || field.n)
        number = 0;
    enum mark mark = span_is(what, "keep") ? MARK_KEPT : span_is(what, "not") ? MARK_NOT : MARK_NONE;
    if (!paper_now(app->db, number, &paper, &err) ||
        (!paper && !fail(&err, E_MISSING, "%s",
                         tr("err.papers.missing", "There is no such paper on this computer."))) ||
        !paper_mark_put(app->db, paper, mark, today, &err)) {
        reply_error(app, request, reply, err.code == E_MISSING ? 404 : 500, &err);
        return;
    }
    reply_to(reply, request, moved_back(app, &form));
}
