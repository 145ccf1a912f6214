/* Papers a year: how many papers people of a field publish. The reader's own name comes by POST and goes no
 * further than the answer: not into an address, the database or a log. */
#include "codec/scan.h"
#include "io/clock.h"
#include "papers/authors_say.h"
#include "papers/field.h"
#include "papers/moved.h"
#include "papers/papers_pages.h"
#include "papers/verdicts_keep.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { FIELDS_MOST = 40, YEAR_LEAST = 1900, YEAR_MOST = 2199 };

struct view {
    struct span field; /* as asked, "" when none is */
    int year;          /* 0: none is */
    struct span me;
    struct field_name here[FIELDS_MOST];
    size_t fields;
    bool any; /* there are papers at all */
    struct authors_found found;
};

static bool read_year(struct span text, int *out, struct err *err)
{
    uint64_t year;
    text = span_trim(text);
    *out = 0;
    if (!text.n)
        return true;
    if (!scan_u64(&text, &year, YEAR_MOST) || text.n || year < YEAR_LEAST)
        return fail(err, E_USAGE, tr("err.papers.which_year", "A year is a number from %d to %d."),
                    YEAR_LEAST, YEAR_MOST);
    *out = (int)year;
    return true;
}

static bool view_load(struct app *app, struct view *v, struct err *err)
{
    int this_year = day_ymd(moment_day(clock_local(app->now))).year;
    if (!fields_here(app->db, app->arena, FIELDS_MOST, v->here, &v->fields, err))
        return false;
    v->any = v->fields > 0;
    return !v->any || authors_of_db(app->db, app->arena, v->field, v->year, this_year, v->me, &v->found, err);
}

/* ---- the choice ---- */

static void draw_option(struct html *h, const char *value, const char *label, bool chosen)
{
    html_raw(h, "<option value=\"");
    html_text(h, value);
    html_raw(h, "\"");
    if (chosen)
        html_raw(h, " selected");
    html_raw(h, ">");
    html_text(h, label);
    html_raw(h, "</option>\n");
}

static void draw_fields(struct html *h, const struct view *v)
{
    struct span now = span_of(v->found.field);
    bool named = false;
    for (size_t i = 0; i < v->fields; i++)
        named = named || span_eq_nocase(now, span_of(v->here[i].name));
    if (!named && !span_is(now, FIELD_EVERY) && !span_is(now, "ml"))
        draw_option(h, v->found.field, v->found.field, true);
    draw_option(h, FIELD_EVERY, tr("authors.all", "all that is here"), span_is(now, FIELD_EVERY));
    draw_option(h, "ml", tr("authors.ml", "machine learning conferences"), span_is(now, "ml"));
    for (size_t i = 0; i < v->fields; i++)
        draw_option(h, v->here[i].name, v->here[i].name, span_eq_nocase(now, span_of(v->here[i].name)));
}

static void draw_choice(struct html *h, const struct view *v)
{
    html_raw(h, "<form method=\"get\" action=\"/authors\"><p><label for=\"field\">");
    html_text(h, tr("trends.field", "Field"));
    html_raw(h, "</label>\n<select id=\"field\" name=\"field\">\n");
    draw_fields(h, v);
    html_raw(h, "</select>\n<label for=\"year\">");
    html_text(h, tr("authors.year", "Year"));
    html_raw(h, "</label>\n<input id=\"year\" name=\"year\" inputmode=\"numeric\" maxlength=\"4\" size=\"5\" "
                "value=\"");
    html_int(h, v->found.y.year);
    html_raw(h, "\">\n<button>");
    html_text(h, tr("authors.show", "Show"));
    html_raw(h, "</button></p></form>\n");
}

/* ---- the reader ---- */

static void draw_me(struct html *h, struct app *app, const struct view *v)
{
    bit_heading(h, tr("authors.me", "Your own, if you like"));
    bit_paragraph(h, authors_own_line(app->arena, &v->found));
    form_open(h, app, "/authors");
    form_hidden(h, "field", v->found.field);
    form_hidden(h, "year", arena_printf(app->arena, "%d", v->found.y.year));
    html_raw(h, "<p><label for=\"me\">");
    html_text(h, tr("authors.me_label", "Your name, as it stands on your papers"));
    html_raw(h, "</label>\n<input id=\"me\" name=\"me\" maxlength=\"200\" autocomplete=\"off\">\n");
    form_button(h, NULL, NULL, tr("authors.show", "Show"), false);
    html_raw(h, "</p>\n");
    form_close(h);
    bit_small(h, tr("authors.me_note", "Looked up on this computer and not kept. The page never shows anyone "
                                       "else's."));
}

/* ---- the page ---- */

static bool draw_found(struct html *h, struct app *app, const struct view *v)
{
    struct table now, five, ages;
    struct intervals chart;
    const struct authors_found *f = &v->found;
    if (!authors_table_now(app->arena, f, &now) || !authors_table_five(app->arena, f, &five) ||
        !authors_table_ages(app->arena, f, &ages) || !authors_chart(app->arena, f, &chart))
        return false;
    chart_intervals(h, app->arena, &chart, &now);
    bit_paragraph(h, authors_venues(app->arena, f));
    bit_paragraph(h, authors_young(app->arena, f));
    table_html(h, &five);
    table_html(h, &ages);
    bit_small(h, authors_reading(app->arena, f));
    draw_me(h, app, v);
    return true;
}

static void draw(struct app *app, const struct request *request, struct reply *reply, struct view *v)
{
    struct html h;
    struct err err = {0};
    if (!view_load(app, v, &err)) {
        reply_error(app, request, reply,
                    err.code == E_MISSING                        ? 404
                    : err.code == E_USAGE || err.code == E_LIMIT ? 400
                                                                 : 500,
                    &err);
        return;
    }
    frame_open(&h, app, request, reply, tr("authors.title", "How many papers people really publish"),
               "/authors");
    html_raw(&h, "<h1>");
    html_text(&h, tr("authors.title", "How many papers people really publish"));
    html_raw(&h, "</h1>\n");
    if (!v->any)
        bit_paragraph(&h, tr("trends.empty", "There are no papers here yet. `respite papers import FILE` "
                                             "takes some in, `respite papers fetch` asks for those of your "
                                             "categories."));
    else {
        draw_choice(&h, v);
        if (!draw_found(&h, app, v))
            reply->body.failed = true;
    }
    frame_close(&h, app, tr("trends.end", "Nothing here has to be followed."));
}

void page_authors(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct view v = {.field = span_trim(request_query(request, "field"))};
    if (!read_year(request_query(request, "year"), &v.year, &err)) {
        reply_error(app, request, reply, 400, &err);
        return;
    }
    draw(app, request, reply, &v);
}

void page_authors_me(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form;
    struct view v = {0};
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    v.field = span_trim(form_value(&form, "field"));
    v.me = form_value(&form, "me");
    if (!read_year(form_value(&form, "year"), &v.year, &err)) {
        reply_error(app, request, reply, 400, &err);
        return;
    }
    draw(app, request, reply, &v);
}
