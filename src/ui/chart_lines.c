/* Lines over days. Days stand as far apart as they are; the name stands at the last point, moved where
 * another name is in its way, and each line has its own dashes, so that colour is not needed. */
#include <math.h>

#include "ui/chart.h"
#include "ui/chart_draw.h"
#include "ui/lang.h"

#include "base/banned.h"

enum {
    LEFT = 52,
    RIGHT = 446,
    TOP = 34,
    PLOT = 240,
    HEIGHT = TOP + PLOT + 34,
    NAME_LEAST = 17,
    NAME_COLUMNS = 18
};

static struct axis axis_of(const struct lines_chart *c)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t r = 0; r < c->rows; r++)
        for (size_t d = 0; d < c->days; d++)
            if (c->row[r].at[d].known) {
                low = fmin(low, c->row[r].at[d].low);
                high = fmax(high, c->row[r].at[d].high);
            }
    return low <= high ? draw_axis_of(low, high, 4) : (struct axis){0, 1, 1};
}

static double y_of(const struct axis *a, double value)
{
    return TOP + PLOT - PLOT * fmin(fmax((value - a->low) / (a->high - a->low), 0), 1);
}

static double x_of(const struct lines_chart *c, size_t d)
{
    double wide = c->days > 1 ? (double)(c->day[c->days - 1] - c->day[0]) : 0;
    return wide > 0 ? LEFT + (RIGHT - LEFT) * (double)(c->day[d] - c->day[0]) / wide : (LEFT + RIGHT) / 2.0;
}

static void draw_grid(struct html *h, struct arena *arena, const struct lines_chart *c, const struct axis *a)
{
    draw_text(h, "unit", 0, 14, c->unit);
    for (int i = 0; a->low + i * a->step <= a->high + a->step / 2 && i < 50; i++) {
        double y = y_of(a, a->low + i * a->step);
        draw_line(h, "grid", LEFT, y, RIGHT, y);
        draw_text(h, "side", LEFT - 8, y + 5, draw_value(arena, a, a->low + i * a->step));
    }
    size_t last = c->days - 1;
    draw_text(h, "week first", x_of(c, 0), TOP + PLOT + 22, say_day_short(arena, c->day[0]));
    if (last)
        draw_text(h, "week", x_of(c, last), TOP + PLOT + 22, say_day_short(arena, c->day[last]));
}

/* One unbroken run of known days: its band and its line. */
static void draw_run(struct html *h, struct arena *arena, const struct lines_chart *c, const struct axis *a,
                     size_t r, size_t from, size_t to)
{
    size_t n = to - from;
    double *xy = arena_array(arena, 4 * n + 1, sizeof *xy);
    if (!xy) {
        h->out->failed = true;
        return;
    }
    const struct line_point *at = c->row[r].at + from;
    for (size_t i = 0; i < n; i++) {
        xy[2 * i] = xy[2 * (2 * n - 1 - i)] = x_of(c, from + i);
        xy[2 * i + 1] = y_of(a, at[i].low);
        xy[2 * (2 * n - 1 - i) + 1] = y_of(a, at[i].high);
    }
    if (n > 1)
        draw_path(h, "band", xy, 2 * n, true);
    else
        draw_line(h, "reach", xy[0], xy[1], xy[2], xy[3]);
    for (size_t i = 0; i < n; i++)
        xy[2 * i + 1] = y_of(a, at[i].at);
    draw_path(h, (const char *const[]){"line l1", "line l2", "line l3", "line l4"}[r % LINES_MOST], xy, n,
              false);
    if (n == 1)
        draw_circle(h, "estimate", xy[0], xy[1], 4);
}

static void draw_row(struct html *h, struct arena *arena, const struct lines_chart *c, const struct axis *a,
                     size_t r)
{
    for (size_t from = 0, to; from < c->days; from = to) {
        for (to = from; to < c->days && c->row[r].at[to].known; to++)
            ;
        if (to > from)
            draw_run(h, arena, c, a, r, from, to);
        else
            to++;
    }
}

/* Names at the last points, from the highest down, each at least a line below the one before. */
static void draw_names(struct html *h, struct arena *arena, const struct lines_chart *c, const struct axis *a)
{
    bool done[LINES_MOST] = {false};
    double above = -INFINITY;
    for (size_t k = 0; k < c->rows; k++) {
        size_t best = SIZE_MAX;
        double top = INFINITY;
        for (size_t r = 0; r < c->rows; r++) {
            const struct line_point *p = &c->row[r].at[c->days - 1];
            double y = p->known ? y_of(a, p->at) : TOP + PLOT;
            if (!done[r] && y < top) {
                top = y;
                best = r;
            }
        }
        if (best == SIZE_MAX)
            return;
        done[best] = true;
        above = fmax(top + 5, above + NAME_LEAST);
        draw_line(h, (const char *const[]){"line l1", "line l2", "line l3", "line l4"}[best % LINES_MOST],
                  RIGHT + 6, above - 5, RIGHT + 34, above - 5);
        draw_text(h, "label", RIGHT + 40, above, draw_cut(arena, c->row[best].label, NAME_COLUMNS));
    }
}

void chart_lines(struct html *h, struct arena *arena, const struct lines_chart *c, const struct table *table)
{
    struct axis a = axis_of(c);
    draw_begin(h, "over", c->sentence, HEIGHT);
    if (c->days) {
        draw_grid(h, arena, c, &a);
        for (size_t r = 0; r < c->rows && r < LINES_MOST; r++)
            draw_row(h, arena, c, &a, r);
        draw_names(h, arena, c, &a);
    }
    draw_end(h);
    draw_table(h, table);
}
