/* Rows with an interval each, best first. What stands in one group is bracketed: the picture says first who
 * cannot be told apart, and then where the dots lie. */
#include <math.h>

#include "ui/chart.h"
#include "ui/chart_draw.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { PLACE = 0, NAME = 62, LEFT = 232, RIGHT = 486, BRACKET = 496, TOP = 46, ROW = 28, NAME_COLUMNS = 22 };

static int height_of(const struct intervals *c)
{
    return TOP + (int)c->n * ROW + 6;
}

static struct axis axis_of(const struct intervals *c)
{
    double low = c->change ? 0 : INFINITY, high = c->change ? 0 : -INFINITY;
    for (size_t i = 0; i < c->n; i++) {
        low = fmin(low, c->at[i].low);
        high = fmax(high, c->at[i].high);
    }
    return c->n ? draw_axis_of(low, high, 4) : (struct axis){0, 1, 1};
}

static double x_of(const struct axis *a, double value)
{
    double wide = a->high > a->low ? a->high - a->low : 1;
    return LEFT + (RIGHT - LEFT) * fmin(fmax((value - a->low) / wide, 0), 1);
}

static void draw_grid(struct html *h, struct arena *arena, const struct intervals *c, const struct axis *a)
{
    double bottom = TOP + (double)c->n * ROW;
    draw_text(h, "unit", LEFT, 12, c->unit);
    for (int i = 0; a->low + i * a->step <= a->high + a->step / 2 && i < 50; i++) {
        double value = a->low + i * a->step, x = x_of(a, value);
        draw_line(h, c->change && fabs(value) < a->step / 2 ? "base" : "grid", x, TOP - 12, x, bottom);
        draw_text(h, i % 2 ? "value odd" : "value", x, TOP - 18, draw_value(arena, a, value));
    }
}

static void draw_row(struct html *h, struct arena *arena, const struct interval_row *row,
                     const struct axis *a, double y)
{
    double from = x_of(a, row->low), to = x_of(a, row->high);
    if (row->place)
        draw_text(h, "place", PLACE, y + 5, row->place);
    draw_text(h, "label", row->place ? NAME : PLACE, y + 5,
              draw_cut(arena, row->label, row->place ? NAME_COLUMNS : NAME_COLUMNS + 6));
    draw_rect(h, "interval", from, y - 6, fmax(to - from, 2), 12, 3);
    draw_circle(h, "estimate", x_of(a, row->at), y, 3.5);
}

/* One bracket behind rows from..to-1, and its word beside the first of its kind. */
static void draw_bracket(struct html *h, const struct intervals *c, size_t from, size_t to)
{
    double top = TOP + (double)from * ROW + 4, end = TOP + (double)to * ROW - 4;
    const double line[] = {BRACKET, top, BRACKET + 6, top, BRACKET + 6, end, BRACKET, end};
    draw_path(h, "bracket", line, 4, false);
    if (c->bracket)
        draw_text(h, "word odd", BRACKET + 12, (top + end) / 2 + 5, c->bracket);
}

static void draw_all(struct html *h, struct arena *arena, const struct intervals *c)
{
    struct axis a = axis_of(c);
    draw_grid(h, arena, c, &a);
    for (size_t i = 0; i < c->n; i++)
        draw_row(h, arena, &c->at[i], &a, TOP + ((double)i + 0.5) * ROW);
    for (size_t i = 0, to; i < c->n; i = to) {
        for (to = i + 1; to < c->n && c->at[i].group && c->at[to].group == c->at[i].group; to++)
            ;
        if (to - i > 1)
            draw_bracket(h, c, i, to);
    }
}

void chart_intervals(struct html *h, struct arena *arena, const struct intervals *c,
                     const struct table *table)
{
    draw_begin(h, "intervals", c->sentence, height_of(c));
    draw_all(h, arena, c);
    draw_end(h);
    draw_table(h, table);
}

void chart_intervals_file(struct html *h, struct arena *arena, const struct intervals *c)
{
    draw_file(h, "intervals", c->sentence, height_of(c));
    draw_all(h, arena, c);
    draw_end(h);
}
