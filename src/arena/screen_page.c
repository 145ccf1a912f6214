/* Whose votes stand out, from the last screen that was kept with a board: its error rate first, then each
 * with its reason, then the board with and without. Nothing is taken out; a person decides. */
#include <math.h>

#include "arena/pages.h"
#include "arena/screen_kept.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"
#include "ui/table.h"

#include "base/banned.h"

enum { SHOWN_MOST = 100, COLUMNS = 4 };

static int64_t number(const json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

static double real(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_number(v) ? json_number_value(v) : NAN;
}

static const char *text(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

static void draw_rate(struct html *h, struct arena *arena, const json_t *o, bool by_day)
{
    html_raw(h, "<p>");
    html_say(h,
             by_day ? tr("screen.tested_days", "{n} cells of days and weeks looked at, {k} stand out.")
                    : tr("screen.tested", "{n} voters looked at, {k} stand out."),
             {"n", say_number(arena, number(o, "tested"))}, {"k", say_number(arena, number(o, "flagged"))});
    html_raw(h, "</p>\n<p>");
    html_say(h,
             tr("screen.rate", "Of those named, on average at most {p} in a hundred are honest: that is the "
                               "error rate of this list."),
             {"p", arena_printf(arena, "%.0f", 100 * real(o, "false_discovery_rate"))});
    html_raw(h, "</p>\n");
}

static void draw_suspects(struct html *h, struct arena *arena, const json_t *o, bool by_day)
{
    const json_t *list = json_object_get(o, "suspects");
    html_raw(h, "<ul class=\"lines\">\n");
    for (size_t i = 0; i < json_array_size(list) && i < SHOWN_MOST; i++) {
        const json_t *p = json_array_get(list, i);
        if (!json_is_true(json_object_get(p, "flagged")))
            continue;
        html_raw(h, "<li>");
        html_text(h, screen_reason(arena, by_day, text(p, "alternative"), text(p, by_day ? "when" : "voter"),
                                   text(p, "model"), number(p, "votes"), real(p, "log10_e")));
        html_raw(h, "</li>\n");
    }
    html_raw(h, "</ul>\n");
}

/* Ratings with these votes and without, where they differ by a point or more. */
static bool draw_without(struct html *h, struct arena *arena, const json_t *o, struct err *err)
{
    const struct table_column columns[COLUMNS] = {{tr("rank.model", "model"), false},
                                                  {tr("screen.with", "with them"), true},
                                                  {tr("screen.without", "without"), true},
                                                  {tr("screen.less", "difference"), true}};
    const json_t *list = json_object_get(o, "board");
    size_t n = json_array_size(list), rows = 0;
    const char **cells = arena_array(arena, n * COLUMNS + 1, sizeof *cells);
    if (!cells)
        return fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        const json_t *m = json_array_get(list, i);
        double with = real(m, "rating"), without = real(m, "rating_without");
        if (!(fabs(with - without) >= 1))
            continue;
        const char **row = cells + rows++ * COLUMNS;
        row[0] = arena_name(arena, text(m, "name"));
        row[1] = arena_printf(arena, "%.0f", with);
        row[2] = arena_printf(arena, "%.0f", without);
        row[3] = arena_printf(arena, "%+.0f", without - with);
    }
    if (rows == 0)
        return true;
    html_raw(h, "<h2>");
    html_text(h, tr("screen.board", "The board with and without them"));
    html_raw(h, "</h2>\n");
    table_html(h, &(struct table){.columns = columns, .columns_n = COLUMNS, .cells = cells, .rows_n = rows});
    return true;
}

static bool draw(struct html *h, struct app *app, const struct asked_board *asked, day_t day, const json_t *o,
                 struct err *err)
{
    bool by_day = strcmp(text(o, "unit"), "day") == 0;
    html_raw(h, "<h1>");
    html_text(h, tr("arena.screen", "Votes that stand out"));
    html_raw(h, "</h1>\n<p class=\"small\">");
    arena_link(h, "/arena", tr("arena.title", "Arena"));
    arena_link(h, board_path(app->arena, "/arena/board", asked->name, DAY_MAX),
               arena_name(app->arena, asked->name));
    html_say(h, tr("screen.of", "Looked at on {day}"), {"day", say_day_year(app->arena, day)});
    html_raw(h, "</p>\n");
    if (by_day)
        bit_paragraph(
            h, tr("screen.no_voters", "No column says who voted, so days and weeks are looked at instead."));
    draw_rate(h, app->arena, o, by_day);
    if (number(o, "flagged") > 0) {
        draw_suspects(h, app->arena, o, by_day);
        if (!draw_without(h, app->arena, o, err))
            return false;
    }
    bit_paragraph(
        h, tr("screen.decide", "Nothing was taken out. Whether these votes stay is for a person to decide."));
    bit_paragraph(
        h, tr("screen.no_guarantee", "A few hundred careful votes can go unseen: this is no guarantee."));
    return true;
}

void page_arena_screen(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct asked_board asked;
    AUTO_JSON json_t *o = NULL;
    day_t day = 0;
    if (!asked_board(app, request, reply, &asked))
        return;
    if (!screen_kept(app->db, asked.name, &day, &o, &err) ||
        (!o &&
         !fail(&err, E_MISSING,
               tr("err.arena.no_screened", "No screen is kept with this board: respite arena screen FILE "
                                           "--keep BOARD makes one.")))) {
        reply_error(app, request, reply, err.code == E_MISSING ? 404 : 500, &err);
        return;
    }
    frame_open(&h, app, request, reply, tr("arena.screen", "Votes that stand out"), "/arena");
    if (!draw(&h, app, &asked, day, o, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    frame_close(&h, app, NULL);
}
