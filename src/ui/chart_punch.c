/* The punch card: seven days by twenty-four clock hours. Area of a dot by the number of weeks; shape says
 * inside or outside the person's own hours, colour says it a second time; what is blank is rest. */
#include <math.h>

#include "ui/chart.h"
#include "ui/chart_draw.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { LEFT = 58, TOP = 30, WIDE = 24, HIGH = 30, HEIGHT = TOP + 7 * HIGH + 6 };

static double x_of(int hour)
{
    return LEFT + hour * WIDE;
}

static double y_of(int day)
{
    return TOP + day * HIGH;
}

/* The end of the run of own hours that begins at `hour` of `day`. */
static int run_end(const struct punch *p, int day, int hour)
{
    while (hour < 24 && p->own[day][hour])
        hour++;
    return hour;
}

/* Is [from, to) a whole run of own hours on that day? */
static bool has_run(const struct punch *p, int day, int from, int to)
{
    return day >= 0 && day < 7 && p->own[day][from] && (from == 0 || !p->own[day][from - 1]) &&
           run_end(p, day, from) == to;
}

/* The tinted blocks: the same run on days that follow each other is one block. */
static void draw_own(struct html *h, const struct punch *p)
{
    for (int day = 0; day < 7; day++)
        for (int hour = 0; hour < 24; hour++) {
            if (!p->own[day][hour])
                continue;
            int end = run_end(p, day, hour), last = day;
            if (!has_run(p, day - 1, hour, end)) {
                while (has_run(p, last + 1, hour, end))
                    last++;
                draw_rect(h, "own", x_of(hour), y_of(day), (end - hour) * WIDE, (last - day + 1) * HIGH, 6);
            }
            hour = end;
        }
}

static void draw_axes(struct html *h, struct arena *arena)
{
    for (int hour = 0; hour < 24; hour += 3) {
        char text[8] = {(char)('0' + hour / 10), (char)('0' + hour % 10), '\0'};
        draw_text(h, hour % 6 ? "hour odd" : "hour", x_of(hour), TOP - 10, text);
        draw_line(h, "tick", x_of(hour), TOP - 5, x_of(hour), TOP);
    }
    for (int day = 0; day < 7; day++) {
        draw_text(h, "day", 0, y_of(day) + HIGH / 2.0 + 5, say_weekday(arena, day));
        draw_line(h, "row", LEFT, y_of(day) + HIGH / 2.0, x_of(24), y_of(day) + HIGH / 2.0);
    }
}

static void draw_dots(struct html *h, const struct punch *p)
{
    for (int day = 0; day < 7; day++)
        for (int hour = 0; hour < 24; hour++) {
            if (p->at[day][hour] == 0)
                continue;
            double share = p->weeks > 0 ? fmin(1, (double)p->at[day][hour] / p->weeks) : 1;
            double r = fmax(2.6, 10.8 * sqrt(share)), x = x_of(hour) + WIDE / 2.0, y = y_of(day) + HIGH / 2.0;
            if (p->own[day][hour])
                draw_circle(h, "dot", x, y, r);
            else
                draw_circle(h, "ring", x, y, fmax(1.8, r - 1));
        }
}

/* What the two shapes mean, in words below the picture. */
static void draw_key(struct html *h)
{
    html_raw(h, "<p class=\"key\"><span><svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><circle "
                "class=\"dot\" cx=\"8\" cy=\"8\" "
                "r=\"5.5\"/></svg> ");
    html_text(h, tr("chart.inside", "in your hours"));
    html_raw(h, "</span> <span><svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><circle class=\"ring\" "
                "cx=\"8\" cy=\"8\" "
                "r=\"5\"/></svg> ");
    html_text(h, tr("chart.outside", "outside them"));
    html_raw(h, "</span> <span>");
    html_text(h, tr("chart.size", "the larger, the more weeks"));
    html_raw(h, "</span></p>\n");
}

/* Hours down, days across: eight narrow columns fit on a telephone. */
static void draw_numbers(struct html *h, struct arena *arena, const struct punch *p)
{
    struct table_column columns[8] = {{tr("chart.hour", "Hour"), true}};
    const char **cells = arena_array(arena, 24 * 8, sizeof *cells);
    if (!cells) {
        h->out->failed = true;
        return;
    }
    for (int day = 0; day < 7; day++)
        columns[day + 1] = (struct table_column){say_weekday(arena, day), true};
    for (int hour = 0; hour < 24; hour++) {
        cells[hour * 8] = say_clock(arena, hour * 60);
        for (int day = 0; day < 7; day++)
            cells[hour * 8 + day + 1] = say_number(arena, p->at[day][hour]);
    }
    AUTO_BUF struct buf caption;
    buf_init(&caption, 400);
    words_say(&caption, tr("chart.punch.caption", "In how many of {n} weeks each hour held a sign of work"),
              {"n", say_number(arena, p->weeks)});
    draw_table(h, &(struct table){.caption = buf_keep(&caption, arena),
                                  .columns = columns,
                                  .columns_n = 8,
                                  .cells = cells,
                                  .rows_n = 24});
}

void chart_punch(struct html *h, struct arena *arena, const struct punch *p)
{
    draw_begin(h, "punch", p->sentence, HEIGHT);
    draw_own(h, p);
    draw_axes(h, arena);
    draw_dots(h, p);
    draw_end(h);
    draw_key(h);
    draw_numbers(h, arena, p);
}
