/* What moved > Search, and the page of one paper. */
#include <inttypes.h>

#include "base/words.h"
#include "codec/scan.h"
#include "papers/look_up.h"
#include "papers/moved.h"
#include "papers/papers_pages.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { FIND_MOST = 400 };

static void draw_field(struct html *h, struct span words)
{
    html_raw(h, "<form method=\"get\" action=\"/search\" role=\"search\" class=\"find\"><label "
                "for=\"q\">");
    html_text(h, tr("search.label", "Words, a \"phrase\", author:Noether, cat:cs.LG, lang:zh, date:2026-10"));
    html_raw(h, "</label> <input id=\"q\" name=\"q\" type=\"search\" maxlength=\"400\" autocomplete=\"off\" "
                "value=\"");
    html_span(h, words);
    html_raw(h, "\"> <button>");
    html_text(h, tr("search.go", "Search"));
    html_raw(h, "</button></form>\n");
}

static void draw_hits(struct html *h, struct app *app, struct look_up *l)
{
    html_raw(h, "<ul class=\"lines papers\">\n");
    for (size_t i = 0; i < l->n; i++) {
        const struct shown *s = &l->shown[i];
        html_raw(h, "<li>");
        moved_title(h, app, s);
        const char *excerpt = shown_excerpt(app->arena, l->index.stems, &l->search, s->abstract);
        if (*excerpt) {
            html_raw(h, "<p class=\"small\">");
            shown_marked(h, l->index.stems, &l->search, excerpt);
            html_raw(h, "</p>");
        }
        html_raw(h, "</li>\n");
    }
    html_raw(h, "</ul>\n");
}

/* `l` is NULL when nothing was asked for. */
static const char *draw_found(struct html *h, struct app *app, struct look_up *l, const char *words)
{
    AUTO_BUF struct buf end;
    buf_init(&end, 4096);
    if (!l)
        return NULL;
    if (!l->n) {
        html_raw(h, "<p>");
        html_say(h, tr("empty.search", "Nothing found for “{q}”."), {"q", words});
        html_raw(h, "</p>\n");
        return NULL;
    }
    draw_hits(h, app, l);
    words_say(&end, tr("search.end", "End of the list: the nearest {k}. Other words give another list."),
              {"k", say_number(app->arena, (int64_t)l->n)});
    return buf_keep(&end, app->arena);
}

void page_papers_search(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct look_up AUTO_LOOK_UP l = {0};
    struct span words = span_first(span_trim(request_query(request, "q")), FIND_MOST);
    bool asked = words.n > 0;
    int64_t papers;
    if (!shown_count(app->db, &papers, &err) ||
        (asked && !look_up(app, words, request_query(request, "all").n > 0, FOUND_USUAL, &l, &err))) {
        reply_error(app, request, reply, err.code == E_USAGE || err.code == E_LIMIT ? 400 : 500, &err);
        return;
    }
    moved_open(&h, app, request, reply, tr("nav.search", "Search"), "/search");
    draw_field(&h, words);
    html_raw(&h, "<p class=\"small\">");
    html_say(&h, tr("search.head", "{n} papers, searched on this computer. The words you type stay here."),
             {"n", say_number(app->arena, papers)});
    html_raw(&h, "</p>\n");
    if (!papers)
        bit_paragraph(&h, tr("trends.empty", "There are no papers here yet. `respite papers import FILE` "
                                             "takes some in, `respite papers fetch` asks for those of your "
                                             "categories."));
    const char *end = draw_found(&h, app, asked && papers ? &l : NULL, arena_text(app->arena, words));
    frame_close(&h, app, end);
}

static void draw_paper(struct html *h, struct app *app, const struct shown *s)
{
    struct span rest = span_of(s->authors), one;
    html_raw(h, "<p>");
    for (bool first = true; rest.n; first = false) {
        span_cut(&rest, '\n', &one);
        if (!first)
            html_text(h, tr("papers.comma", ", "));
        html_span(h, one);
    }
    html_raw(h, "</p>\n<p class=\"small\">");
    html_text(h, s->date);
    if (*s->date)
        html_raw(h, " · ");
    html_text(h, s->categories);
    if (*s->categories)
        html_raw(h, " · ");
    if (s->link) {
        html_raw(h, "<a rel=\"noreferrer\" href=\"");
        html_text(h, s->link);
        html_raw(h, "\">");
    }
    html_text(h, s->id);
    if (s->link)
        html_raw(h, "</a>");
    html_raw(h, "</p>\n<p>");
    html_text(h, *s->abstract ? s->abstract : tr("papers.no_abstract", "No abstract came with this one."));
    html_raw(h, "</p>\n");
    if (s->withdrawn) {
        html_raw(h, "<p class=\"notice\">");
        html_text(h, tr("papers.withdrawn", "Its authors have withdrawn this paper."));
        html_raw(h, "</p>\n");
    }
    moved_keep(h, app, s->paper, arena_printf(app->arena, "/paper/%" PRId64, s->paper));
}

void page_paper(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct shown s;
    uint64_t number;
    struct span in = span_from(request->path, strlen("/paper/"));
    if (!scan_u64(&in, &number, INT64_MAX) || in.n)
        number = 0;
    if (!shown_load(app, (int64_t)number, &s, &err)) {
        reply_error(app, request, reply, err.code == E_MISSING ? 404 : 500, &err);
        return;
    }
    moved_open(&h, app, request, reply, s.title, "/search");
    draw_paper(&h, app, &s);
    frame_close(&h, app, NULL);
}
