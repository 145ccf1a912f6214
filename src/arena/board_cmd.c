/* respite arena board [NAME]: the boards that are kept here, or one of them, as it was shown. */
#include <stdio.h>

#include "arena/arena_cmd.h"
#include "arena/kept.h"
#include "arena/rank_draw.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 256 << 20, COLUMNS = 3, WIDTH = 80 };

const struct cli_option arena_board_options[] = {
    {"day", "DAY", N_("board.opt.day", "as of this day, 2026-11-25; else the last one")},
    {"csv", NULL, N_("rank.opt.csv", "the board as CSV")},
    {"svg", NULL, N_("rank.opt.svg", "the board as a picture, SVG")},
    {0}};

static bool list_json(const struct kept_rows *rows, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *o = json_object();
    json_t *list = json_array();
    for (size_t i = 0; i < rows->n; i++) {
        char day[16];
        json_t *one = json_object();
        json_object_set_new(one, "name", json_shown(span_of(rows->at[i].name)));
        json_object_set_new(one, "day", json_string(day_text(rows->at[i].day, day)));
        json_object_set_new(one, "votes", json_integer(rows->at[i].votes));
        json_array_append_new(list, one);
    }
    return o && json_object_set_new(o, "boards", list) == 0 ? json_write(o, out, err) : fail_memory(err);
}

static bool list(struct app *app, struct buf *out, struct err *err)
{
    const struct table_column columns[COLUMNS] = {{tr("board.name", "board"), false},
                                                  {tr("board.day", "day"), false},
                                                  {tr("rank.votes", "votes"), true}};
    struct kept_rows rows = {0};
    if (!kept_list(app->db, app->arena, &rows, err))
        return false;
    if (cli_has(app->cli, "json"))
        return list_json(&rows, out, err);
    if (rows.n == 0) {
        wrap_text(out, tr("moved.none", "No board is kept here. Votes become one with `respite arena add`."),
                  WIDTH, 0);
        return buf_ok(out, err);
    }
    const char **cells = arena_array(app->arena, rows.n * COLUMNS, sizeof *cells);
    if (!cells)
        return fail_memory(err);
    for (size_t i = 0; i < rows.n; i++) {
        cells[i * COLUMNS] = rank_name(app->arena, span_of(rows.at[i].name));
        cells[i * COLUMNS + 1] = say_day_year(app->arena, rows.at[i].day);
        cells[i * COLUMNS + 2] = say_number(app->arena, rows.at[i].votes);
    }
    table_text(out,
               &(struct table){.columns = columns, .columns_n = COLUMNS, .cells = cells, .rows_n = rows.n});
    return buf_ok(out, err);
}

bool kept_show(struct app *app, const char *name, day_t day, struct buf *out, struct err *err)
{
    struct votes v;
    struct ranking r;
    struct kept_row row;
    struct span json;
    bool found;
    if (!kept_made(app->db, app->arena, name, day, &row, &v, &r, &json, &found, err))
        return false;
    if (!found)
        return fail(err, E_MISSING,
                    tr("err.arena.no_kept", "No board “%.100s” is kept here, or none of that day."), name);
    if (cli_has(app->cli, "json"))
        return buf_add(out, json), buf_ok(out, err);
    if (cli_has(app->cli, "csv"))
        return rank_csv(&r, out, err);
    if (cli_has(app->cli, "svg"))
        return rank_svg(app->arena, &r, out, err);
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    words_say(&line, tr("arena.of", "Board of {day}"), {"day", say_day_year(app->arena, row.day)});
    wrap_text(out, buf_text(&line), WIDTH, 0);
    return rank_text(app->arena, &v, &r, out, err);
}

static bool board(struct app *app, struct buf *out, struct err *err)
{
    const char *given = cli_value(app->cli, "day");
    day_t day = DAY_MAX;
    if (app->cli->words_n > 1)
        return fail(err, E_USAGE, tr("err.arena.boards", "Name one board: respite arena board NAME."));
    if (given && !day_read(span_of(given), &day, err))
        return false;
    return app->cli->words_n ? kept_show(app, app->cli->words[0], day, out, err) : list(app, out, err);
}

int cmd_arena_board(struct app *app)
{
    struct err err = {0};
    struct buf AUTO_BUF out;
    buf_init(&out, OUT_MOST);
    return board(app, &out, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}
