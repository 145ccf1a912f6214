/* The picture of the weeks, drawn. Every number stands in a table too; a range is never one number. */
#include "rest/hours_draw.h"

#include <math.h>
#include <stdio.h>

#include "ui/chart.h"
#include "ui/lang.h"
#include "ui/table.h"
#include "ui/wrap.h"

#include "base/banned.h"

/* "19 to 43", "nothing seen", "not known". */
static const char *range_text(struct app *app, const struct week_hours *w)
{
    struct buf AUTO_BUF out = {0};
    if (!w->known)
        return tr("hours.unknown", "not known");
    if (w->signs == 0)
        return tr("hours.nothing", "nothing seen");
    buf_init(&out, 256);
    words_say(&out, tr("hours.range", "{a} to {b}"), {"a", say_number(app->arena, (int64_t)w->range.low)},
              {"b", say_number(app->arena, (int64_t)w->range.high)});
    return buf_keep(&out, app->arena);
}

static const char *of_seven(struct app *app, const struct week_hours *w)
{
    struct buf AUTO_BUF out = {0};
    if (!w->known)
        return "";
    buf_init(&out, 256);
    words_say(&out, tr("hours.ofseven", "{n} of 7"), {"n", say_number(app->arena, w->evenings)});
    return buf_keep(&out, app->arena);
}

static const char *sunday_text(const struct week_hours *w, day_t today)
{
    if (!w->known || (!w->sunday && w->monday + 6 > today))
        return "";
    return w->sunday ? tr("hours.sunday.signs", "signs") : tr("hours.sunday.nothing", "nothing");
}

/* "at most 14 h" */
static const char *longest_text(struct app *app, const struct week_hours *w)
{
    struct buf AUTO_BUF out = {0};
    if (!w->rest.any || w->rest.open || !w->known)
        return "";
    buf_init(&out, 256);
    words_say(&out, tr("hours.atmost", "at most {h} h"),
              {"h", say_number(app->arena, (w->rest.seconds + 3599) / 3600)});
    return buf_keep(&out, app->arena);
}

enum { COLUMNS = 6 };

static bool week_cells(struct app *app, const struct picture *p, struct table *t)
{
    struct table_column *columns = arena_array(app->arena, COLUMNS, sizeof *columns);
    const char **cells = arena_array(app->arena, (size_t)p->weeks * COLUMNS, sizeof *cells);
    if (!columns || !cells)
        return false;
    columns[0] = (struct table_column){tr("hours.head.week", "week of"), false};
    columns[1] = (struct table_column){tr("hours.head.signs", "signs"), true};
    columns[2] = (struct table_column){tr("hours.head.range", "likely, hours"), true};
    columns[3] = (struct table_column){tr("hours.head.evenings", "evenings with signs"), true};
    columns[4] = (struct table_column){tr("hours.head.sunday", "Sunday"), false};
    columns[5] = (struct table_column){tr("hours.head.rest", "longest rest"), false};
    for (int i = 0; i < p->weeks; i++) {
        const struct week_hours *w = &p->week[p->weeks - 1 - i];
        const char **row = cells + (size_t)i * COLUMNS;
        row[0] = say_day_short(app->arena, w->monday);
        row[1] = w->known ? say_number(app->arena, w->signs) : "";
        row[2] = range_text(app, w);
        row[3] = of_seven(app, w);
        row[4] = sunday_text(w, p->today);
        row[5] = longest_text(app, w);
    }
    *t = (struct table){.columns = columns, .columns_n = COLUMNS, .cells = cells, .rows_n = (size_t)p->weeks};
    return true;
}

static const char *wish_sentence(struct app *app, const struct picture *p)
{
    struct buf AUTO_BUF out;
    buf_init(&out, 1024);
    words_say(&out,
              trn("hours.wish", "Your hours are {hours}; {n} of the last {weeks} Sunday had signs.",
                  "Your hours are {hours}; {n} of the last {weeks} Sundays had signs.",
                  (unsigned long)p->shown.sundays_of),
              {"hours", wish_text(app->arena, &p->wish)}, {"n", say_number(app->arena, p->shown.sundays)},
              {"weeks", say_number(app->arena, p->shown.sundays_of)});
    return buf_keep(&out, app->arena);
}

/* "2 folders", "12 weeks" */
static const char *counted(struct app *app, const char *pattern, int n)
{
    struct buf AUTO_BUF out;
    buf_init(&out, 256);
    words_say(&out, pattern, {"n", say_number(app->arena, n)});
    return buf_keep(&out, app->arena);
}

static void draw_punch(struct html *h, struct app *app, const struct picture *p)
{
    struct punch punch = {.weeks = p->weeks, .sentence = picture_card(app, p)};
    memcpy(punch.at, p->punch, sizeof punch.at);
    for (int d = 0; d < 7; d++)
        for (int hour = 0; hour < 24; hour++)
            punch.own[d][hour] = p->wish.day[d] && hour * 60 + 60 > p->wish.from && hour * 60 < p->wish.to;
    chart_punch(h, app->arena, &punch);
}

static void draw_ranges(struct html *h, struct app *app, const struct picture *p)
{
    struct range_bar *bars = arena_array(app->arena, (size_t)p->weeks, sizeof *bars);
    if (!bars)
        return;
    for (int i = 0; i < p->weeks; i++) {
        const struct week_hours *w = &p->week[i];
        bars[i] = (struct range_bar){.label = say_day_short(app->arena, w->monday),
                                     .known = w->known,
                                     .any = w->signs > 0,
                                     .low = w->range.low,
                                     .high = w->range.high,
                                     .own = -1};
    }
    struct ranges ranges = {
        .at = bars,
        .n = (size_t)p->weeks,
        .sentence = tr("hours.ranges", "For each week, the hours your signs suggest. It is a range, because "
                                       "commits do not hold more."),
        .unit = tr("hours.unit", "hours, likely")};
    chart_ranges(h, app->arena, &ranges);
}

static void paragraph(struct html *h, const char *text)
{
    if (!text)
        return;
    html_raw(h, "<p>");
    html_text(h, text);
    html_raw(h, "</p>\n");
}

#define SIGNS_ARE \
    tr("hours.about", "Signs: clock hours that hold a commit of yours. The range is where the true hours " \
                      "of 8 weeks in 10 lay for " \
                      "people whose hours were known; it is wide, because commits do not hold more.")
#define CARD_BLIND \
    tr("card.blind", "What I cannot see: reading, meetings, worry, and jobs that ran while you slept.")

void hours_draw(struct html *h, struct app *app, const struct picture *p)
{
    struct table table;
    draw_punch(h, app, p);
    paragraph(h, CARD_BLIND);
    html_raw(h, "<h2>");
    html_text(h, tr("hours.weeks", "Week by week"));
    html_raw(h, "</h2>\n");
    draw_ranges(h, app, p);
    html_raw(h, "<details><summary>");
    html_text(h, tr("hours.more", "Evenings, Sundays and rests"));
    html_raw(h, "</summary>\n");
    if (week_cells(app, p, &table))
        table_html(h, &table);
    html_raw(h, "</details>\n");
    paragraph(h, wish_sentence(app, p));
    paragraph(h, SIGNS_ARE);
    paragraph(h, picture_cut(app, p));
    paragraph(h, picture_excluded(app, p));
    paragraph(h, picture_clicks(p));
}

enum { TERMINAL_COLUMNS = 80 };

static void wrapped(struct buf *out, const char *text)
{
    if (text)
        wrap_text(out, text, TERMINAL_COLUMNS, 0);
}

void hours_print(struct buf *out, struct app *app, const struct picture *p)
{
    struct buf AUTO_BUF line;
    struct table table;
    buf_init(&line, 4096);
    words_say(&line,
              tr("hours.cli.head",
                 "Signs of work in {folders}, {weeks}. Dates and times of your own commits; nothing else was "
                 "read, nothing was sent."),
              {"folders",
               counted(app, trn("hours.cli.folders", "{n} folder", "{n} folders", (unsigned long)p->repos),
                       p->repos)},
              {"weeks", counted(app, trn("hours.cli.weeks", "{n} week", "{n} weeks", (unsigned long)p->weeks),
                                p->weeks)});
    wrapped(out, buf_text(&line));
    if (week_cells(app, p, &table))
        table_text(out, &table);
    wrapped(out, SIGNS_ARE);
    wrapped(out, picture_cut(app, p));
    wrapped(out, picture_excluded(app, p));
    wrapped(out, picture_clicks(p));
    wrapped(out, CARD_BLIND);
    wrapped(out, picture_card(app, p));
    wrapped(out, wish_sentence(app, p));
}

/* `value`, or null where it is not known. */
static void put(json_t *o, const char *key, bool known, json_t *value)
{
    json_object_set_new(o, key, known ? value : json_null());
    if (!known)
        json_decref(value);
}

static json_t *week_json(const struct week_hours *w)
{
    char name[16];
    json_t *o = json_pack("{s:s,s:b}", "week", isoweek_text(w->monday, name), "known", w->known);
    if (!o)
        return NULL;
    put(o, "signs", w->known, json_integer(w->signs));
    put(o, "low", w->known && w->signs, json_integer((json_int_t)w->range.low));
    put(o, "high", w->known && w->signs, json_integer((json_int_t)w->range.high));
    put(o, "evenings", w->known, json_integer(w->evenings));
    put(o, "sundays", w->known, json_integer(w->sunday));
    put(o, "rest_open", w->known && w->rest.any, json_boolean(w->rest.open));
    put(o, "longest_rest_hours", w->known && w->rest.any,
        json_real(ceil((double)w->rest.seconds / 36) / 100));
    return o;
}

json_t *hours_json(const struct picture *p, const struct look *look)
{
    json_t *weeks = json_array(), *excluded = json_object(), *problems = json_array(), *mine = json_array();
    for (int i = 0; i < p->weeks; i++)
        json_array_append_new(weeks, week_json(&p->week[i]));
    for (enum sign_class c = 0; c < CLASS_N; c++)
        if (class_key(c))
            json_object_set_new(excluded, class_key(c), json_integer(p->excluded[c]));
    for (size_t i = 0; i < look->repos.n; i++)
        if (look->repos.at[i].problem)
            json_array_append_new(problems, json_shown(span_of(look->repos.at[i].problem)));
    for (size_t i = 0; i < look->mine.n; i++)
        json_array_append_new(mine, json_shown(look->mine.at[i]));
    return json_pack("{s:o,s:I,s:o,s:i,s:o,s:o}", "weeks", weeks, "events", (json_int_t)p->events, "excluded",
                     excluded, "repositories", p->repos, "identities", mine, "problems", problems);
}
