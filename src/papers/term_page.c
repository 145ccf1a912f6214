/* One term: its share of the field's papers over the years, with a band, and what is said of it. */
#include <math.h>
#include <stdio.h>

#include "codec/form.h"
#include "papers/papers_pages.h"
#include "papers/trends_draw.h"
#include "papers/verdicts_keep.h"
#include "ui/chart.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { YEARS_MOST = 25, OF = 10000 };
#define Z 1.96

/* [[2009, 3], …] of a year or a quarter; 0 when it is not there. */
static double count_of(const json_t *years, int year)
{
    size_t i;
    json_t *pair;
    int unit;
    bool quarters;
    json_array_foreach(years, i, pair)
    {
        if (verdicts_unit(json_array_get(pair, 0), &unit, &quarters) && unit == year)
            return json_number_value(json_array_get(pair, 1));
    }
    return 0;
}

/* A share with its 95 % interval (Wilson 1927), in OF-ths. */
static struct range_bar share(const char *label, double k, double n)
{
    struct range_bar b = {.label = label, .known = n > 0, .any = k > 0, .own = -1};
    if (n <= 0)
        return b;
    double p = k / n, z2 = Z * Z / n, middle = (p + z2 / 2) / (1 + z2),
           half = Z * sqrt(p * (1 - p) / n + z2 / n / 4) / (1 + z2);
    b.low = OF * fmax(0, middle - half);
    b.high = OF * fmin(1, middle + half);
    b.own = OF * p;
    return b;
}

static const char *label(struct arena *arena, int unit, bool quarters)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 16);
    unit_add(&text, unit, quarters);
    return buf_keep(&text, arena);
}

static void draw_curve(struct html *h, struct app *app, const struct trends_shown *t,
                       const struct term_shown *term, const json_t *verdicts)
{
    const json_t *own = json_object_get(term->row, "years"), *all = json_object_get(verdicts, "years");
    int first = t->origin - YEARS_MOST + 1;
    int began;
    bool quarters;
    if (verdicts_unit(json_array_get(json_array_get(own, 0), 0), &began, &quarters) && began > first + 1)
        first = began - 1;
    struct range_bar *bar = arena_array(app->arena, YEARS_MOST + 1, sizeof *bar);
    if (!bar) {
        h->out->failed = true;
        return;
    }
    size_t n = 0;
    for (int y = first; y <= t->origin; y++)
        bar[n++] = share(label(app->arena, y, t->quarters), count_of(own, y), count_of(all, y));
    chart_ranges(
        h, app->arena,
        &(struct ranges){
            .at = bar,
            .n = n,
            .sentence = t->quarters ? tr("trends.curve.quarters", "How many of each 10,000 papers of the "
                                                                  "field have this term, quarter by "
                                                                  "quarter.")
                                    : tr("trends.curve", "How many of each 10,000 papers of the field "
                                                         "have this term, year by year."),
            .unit = tr("trends.curve.unit", "of 10,000 papers, likely"),
            .head = t->quarters ? tr("trends.curve.quarter", "Quarter") : tr("trends.curve.year", "Year"),
            .own_name = tr("trends.curve.counted", "as counted here"),
            .none = tr("trends.curve.none", "none")});
}

static void draw_also(struct html *h, const json_t *row)
{
    size_t i;
    json_t *one;
    const json_t *also = json_object_get(row, "also");
    if (json_array_size(also) == 0)
        return;
    AUTO_BUF struct buf list;
    buf_init(&list, 1 << 16);
    json_array_foreach(also, i, one) buf_printf(&list, "%s%s", i ? ", " : "", json_string_value(one));
    h->out->failed |= list.failed;
    html_raw(h, "<p class=\"small\">");
    html_say(h, tr("trends.also", "Counted with it: {list}."), {"list", buf_text(&list)});
    html_raw(h, "</p>\n");
}

static void draw(struct html *h, struct app *app, const struct trends_shown *t, const struct term_shown *term,
                 const json_t *verdicts)
{
    const char *papers = trends_papers(app->arena, term->papers_n, t->origin, t->quarters);
    html_raw(h, "<h1>");
    html_text(h, term->term);
    html_raw(h, "</h1>\n<p>");
    if (term->told)
        html_say(h, tr("trends.told", "{verdict}: odds that it lasts {odds}, likely {band}. {papers}"),
                 {"verdict", term->verdict}, {"odds", term->odds}, {"band", term->band}, {"papers", papers});
    else
        html_say(h, tr("trends.told.early", "{verdict}. {papers}"), {"verdict", term->verdict},
                 {"papers", papers});
    html_raw(h, "</p>\n");
    draw_also(h, term->row);
    draw_curve(h, app, t, term, verdicts);
    bit_paragraph(h, trends_base(app->arena, t, term));
    bit_small(h, tr("trends.words",
                    "A verdict is about words in titles and abstracts, never about a person or a lab."));
    AUTO_BUF struct buf path;
    buf_init(&path, 4096);
    buf_add_text(&path, "/terms?field=");
    form_write(&path, span_of(t->field));
    h->out->failed |= path.failed;
    html_raw(h, "<div class=\"buttons\">");
    bit_button(h, buf_text(&path), tr("trends.all", "All terms of the field"));
    html_raw(h, "</div>\n");
}

void page_term(struct app *app, const struct request *request, struct reply *reply)
{
    struct html h;
    struct err err = {0};
    struct trends_shown t;
    const struct term_shown *term = NULL;
    AUTO_JSON json_t *verdicts = NULL;
    day_t made;
    struct span name = request_query(request, "term");
    if (!verdicts_kept(app->db, span_first(request_query(request, "field"), FIELD_MOST), &verdicts, &made,
                       &err) ||
        (verdicts && !trends_shown_term(app->arena, verdicts, name, &t, &err))) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    if (verdicts && t.rows)
        term = &t.at[0];
    if (!term) {
        fail(
            &err, E_MISSING,
            tr("err.papers.term", "Nothing is kept of this term. The page of its field works it out again."));
        reply_error(app, request, reply, 404, &err);
        return;
    }
    frame_open(&h, app, request, reply, term->term, "/terms");
    draw(&h, app, &t, term, verdicts);
    frame_close(&h, app, tr("trends.end", "Nothing here has to be followed."));
}
