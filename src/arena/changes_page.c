/* What changed on a kept board between two of its days, and first what did not. */
#include <math.h>

#include "arena/compare.h"
#include "arena/pages.h"
#include "arena/rank_draw.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { DRAWN_MOST = 40, COLUMNS = 5 };

struct view {
    struct asked_board asked;
    day_t old, new;
    struct comparison c;
};

static const char *points(struct arena *arena, double x)
{
    return arena_printf(arena, "%+.0f", x);
}

static const char *cause_text(struct arena *arena, const struct change *m)
{
    static const struct words names[CAUSES] = {
        N_("changed.cause.method", "method {d}"), N_("changed.cause.withdrawn", "withdrawn models {d}"),
        N_("changed.cause.votes", "new votes {d}"), N_("changed.cause.new", "new models {d}")};
    AUTO_BUF struct buf line;
    buf_init(&line, 1000);
    for (int k = 0; m->causes_known && k < CAUSES; k++) {
        if (fabs(m->cause[k]) < 0.5)
            continue;
        if (line.n)
            buf_add_text(&line, tr("changed.and", ", "));
        words_say(&line, words_of(names[k]), {"d", points(arena, m->cause[k])});
    }
    return buf_keep(&line, arena);
}

static bool draw_chart(struct html *h, struct arena *arena, const struct comparison *c, struct err *err)
{
    const struct table_column columns[COLUMNS] = {{tr("rank.model", "model"), false},
                                                  {tr("changed.points", "points"), true},
                                                  {tr("changed.between", "between"), true},
                                                  {tr("changed.beyond", "beyond chance"), false},
                                                  {tr("changed.because", "because of"), false}};
    size_t drawn = c->n < DRAWN_MOST ? c->n : DRAWN_MOST;
    struct interval_row *row = arena_array(arena, drawn + 1, sizeof *row);
    const char **cells = arena_array(arena, c->n * COLUMNS + 1, sizeof *cells);
    if (!row || !cells)
        return fail_memory(err);
    for (size_t i = 0; i < c->n; i++) {
        const struct change *m = &c->at[i];
        bool bounded = isfinite(m->low) && isfinite(m->high);
        const char *name = rank_name(arena, m->name);
        if (i < drawn)
            row[i] = (struct interval_row){.label = name,
                                           .low = bounded ? m->low : m->delta,
                                           .at = m->delta,
                                           .high = bounded ? m->high : m->delta};
        cells[i * COLUMNS] = name;
        cells[i * COLUMNS + 1] = points(arena, m->delta);
        cells[i * COLUMNS + 2] = bounded ? arena_printf(arena, "%+.0f .. %+.0f", m->low, m->high)
                                         : tr("changed.open", "not known");
        cells[i * COLUMNS + 3] = m->significant ? tr("changed.yes", "yes") : tr("changed.no", "no");
        cells[i * COLUMNS + 4] = cause_text(arena, m);
    }
    struct intervals chart = {.at = row,
                              .n = drawn,
                              .change = true,
                              .unit = tr("changed.unit", "change in points"),
                              .sentence =
                                  tr("changed.picture", "A bar that reaches over the line at 0 is no change "
                                                        "that can be told from chance.")};
    chart_intervals(
        h, arena, &chart,
        &(struct table){.columns = columns, .columns_n = COLUMNS, .cells = cells, .rows_n = c->n});
    return true;
}

static bool draw(struct html *h, struct app *app, const struct view *v, struct err *err)
{
    struct sayings said = {0};
    if (!compare_say(app->arena, &v->c, &said))
        return fail_memory(err);
    html_raw(h, "<h1>");
    html_say(h, tr("changed.title", "{new} against {old}"), {"new", say_day_year(app->arena, v->new)},
             {"old", say_day_year(app->arena, v->old)});
    html_raw(h, "</h1>\n<p class=\"small\">");
    arena_link(h, "/arena", tr("arena.title", "Arena"));
    arena_link(h, board_path(app->arena, "/arena/board", v->asked.name, DAY_MAX),
               arena_name(app->arena, v->asked.name));
    html_raw(h, "</p>\n");
    arena_say(h, &said, 0, said.n);
    return draw_chart(h, app->arena, &v->c, err);
}

/* Without days: the last board against the one before; a day that has no board: the one before it. */
static bool choose_days(const struct request *request, struct view *v, struct err *err)
{
    const struct kept_rows *days = &v->asked.days;
    v->new = asked_day(request, "new", DAY_MAX);
    v->old = asked_day(request, "old", DAY_MAX);
    size_t at = 0;
    while (at < days->n && days->at[at].day > v->new)
        at++;
    if (at + 1 >= days->n)
        return fail(err, E_MISSING,
                    tr("err.arena.one_day", "This board has no earlier day to compare with."));
    size_t before = at + 1;
    while (before < days->n && days->at[before].day > v->old)
        before++;
    if (before == days->n)
        return fail(err, E_MISSING,
                    tr("err.arena.one_day", "This board has no earlier day to compare with."));
    v->new = days->at[at].day;
    v->old = days->at[before].day;
    return true;
}

void page_arena_changes(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct view v = {.old = 0};
    struct votes AUTO_VOTES old = {0};
    struct votes AUTO_VOTES new = {0};
    if (!asked_board(app, request, reply, &v.asked))
        return;
    if (!choose_days(request, &v, &err) ||
        !kept_compare(app->db, app->arena, v.asked.name, v.old, v.new, &old, &new, &v.c, &err)) {
        reply_error(app, request, reply,
                    err.code == E_MISSING  ? 404
                    : err.code == E_FORMAT ? 200
                                           : 500,
                    &err);
        return;
    }
    frame_open(&h, app, request, reply, tr("arena.changed", "What changed"), "/arena");
    if (!draw(&h, app, &v, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    frame_close(&h, app, NULL);
}
