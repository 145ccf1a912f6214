/* Terms (screen m): what is said of a field's rising terms, as it was worked out last. Opening the page works
 * nothing out; the button does. */
#include "codec/form.h"
#include "io/clock.h"
#include "papers/papers_pages.h"
#include "papers/trends_draw.h"
#include "papers/verdicts_keep.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { FIELDS_MOST = 40, ADDRESS_MOST = 4096 };

struct view {
    struct span asked; /* the field in the address, "" when none is */
    json_t *verdicts;  /* NULL: none were worked out */
    day_t made;
    struct trends_shown shown;
    struct field_name field[FIELDS_MOST];
    size_t fields;
};

static bool view_load(struct app *app, const struct request *request, struct view *v, struct err *err)
{
    v->asked = span_first(span_trim(request_query(request, "field")), FIELD_MOST);
    return fields_here(app->db, app->arena, FIELDS_MOST, v->field, &v->fields, err) &&
           verdicts_kept(app->db, v->asked, &v->verdicts, &v->made, err) &&
           (!v->verdicts || trends_shown(app->arena, v->verdicts, &v->shown, err));
}

static void draw_option(struct html *h, struct app *app, const struct field_name *f, bool chosen)
{
    html_raw(h, "<option value=\"");
    html_text(h, f->name);
    html_raw(h, "\"");
    if (chosen)
        html_raw(h, " selected");
    html_raw(h, ">");
    html_text(h, f->name);
    html_raw(h, " (");
    html_text(h, say_number(app->arena, f->papers));
    html_raw(h, ")</option>\n");
}

/* Which field: those with most papers here. */
static void draw_choice(struct html *h, struct app *app, const struct view *v)
{
    const char *now = v->verdicts ? v->shown.field : "";
    form_open(h, app, "/terms");
    html_raw(h, "<p><label for=\"field\">");
    html_text(h, tr("trends.field", "Field"));
    html_raw(h, "</label>\n<select id=\"field\" name=\"field\">\n");
    for (size_t i = 0; i < v->fields; i++)
        draw_option(h, app, &v->field[i],
                    span_is(v->asked, v->field[i].name) ||
                        (!v->asked.n && strcmp(now, v->field[i].name) == 0));
    html_raw(h, "</select>\n");
    form_button(h, NULL, NULL, tr("trends.make", "Work it out"), !v->verdicts);
    html_raw(h, "</p>");
    form_close(h);
}

/* The page of each term. */
static const char *const *paths_of(struct arena *arena, const struct trends_shown *t)
{
    const char **path = arena_array(arena, t->rows + 1, sizeof *path);
    for (size_t i = 0; path && i < t->rows; i++) {
        AUTO_BUF struct buf text;
        buf_init(&text, ADDRESS_MOST);
        trends_address(&text, t->field, t->at[i].term);
        path[i] = buf_keep(&text, arena);
    }
    return path;
}

static bool draw_verdicts(struct html *h, struct app *app, const struct view *v)
{
    struct table table;
    if (!trends_table(app->arena, &v->shown, &table) || !(table.paths = paths_of(app->arena, &v->shown)))
        return false;
    html_raw(h, "<h2>");
    html_text(h, v->shown.field);
    html_raw(h, "</h2>\n");
    bit_paragraph(h, trends_head(app->arena, &v->shown));
    if (v->shown.rows)
        table_html(h, &table);
    bit_paragraph(h, trends_base(app->arena, &v->shown, v->shown.n ? &v->shown.at[0] : NULL));
    bit_paragraph(h, trends_norm(app->arena, &v->shown, day_ymd(moment_day(clock_local(app->now))).year));
    if (v->shown.all > v->shown.n) {
        html_raw(h, "<p class=\"small\">");
        html_say(h, tr("trends.shown", "Shown are the {n} with most papers of {all}."),
                 {"n", say_number(app->arena, (int64_t)v->shown.n)},
                 {"all", say_number(app->arena, (int64_t)v->shown.all)});
        html_raw(h, "</p>\n");
    }
    html_raw(h, "<p class=\"small\">");
    html_say(h, tr("trends.made", "Worked out on {day} from the papers that are here."),
             {"day", say_day_year(app->arena, v->made)});
    html_raw(h, "</p>\n");
    bit_small(h, tr("trends.words",
                    "A verdict is about words in titles and abstracts, never about a person or a lab."));
    return true;
}

void page_terms(struct app *app, const struct request *request, struct reply *reply)
{
    struct html h;
    struct err err = {0};
    struct view v = {0};
    if (!view_load(app, request, &v, &err)) {
        json_decref(v.verdicts);
        reply_error(app, request, reply, 500, &err);
        return;
    }
    frame_open(&h, app, request, reply, tr("trends.title", "Terms"), "/terms");
    html_raw(&h, "<h1>");
    html_text(&h, tr("trends.title", "Terms"));
    html_raw(&h, "</h1>\n");
    if (v.fields)
        draw_choice(&h, app, &v);
    else
        bit_paragraph(&h, tr("trends.empty", "There are no papers here yet. `respite papers import FILE` "
                                             "takes some in, `respite papers fetch` asks for those of your "
                                             "categories."));
    if (v.verdicts && !draw_verdicts(&h, app, &v))
        reply->body.failed = true;
    else if (!v.verdicts && v.asked.n)
        bit_paragraph(&h, tr("trends.not_made", "Nothing has been worked out for this field yet."));
    frame_close(&h, app, tr("trends.end", "Nothing here has to be followed."));
    json_decref(v.verdicts);
}

/* The page of this field. */
static void go_to(struct app *app, const struct request *request, struct reply *reply, struct span field)
{
    AUTO_BUF struct buf path;
    buf_init(&path, ADDRESS_MOST);
    buf_add_text(&path, "/terms?field=");
    form_write(&path, field);
    const char *to = buf_keep(&path, app->arena);
    reply_to(reply, request, to ? to : "/terms");
}

void page_terms_make(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form;
    day_t today = moment_day(clock_local(app->now));
    AUTO_JSON json_t *verdicts = NULL;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    struct span field = span_first(span_trim(form_value(&form, "field")), FIELD_MOST);
    struct verdicts_asked asked = {.field = field, .today = today};
    if (!verdicts_of_db(app->db, &asked, &verdicts, &err) ||
        !verdicts_keep(app->db, field, today, verdicts, &err)) {
        reply_error(app, request, reply, err.code == E_MISSING ? 404 : 500, &err);
        return;
    }
    go_to(app, request, reply, field);
}
