#ifndef UI_CHART_DRAW_H
#define UI_CHART_DRAW_H
/* What all charts are drawn with; for ui/chart_*.c. Coordinates are the units of the drawing (640 wide),
 * sizes and colours are classes of web/theme.css. */
#include "ui/html.h"
#include "ui/table.h"

/* <figure>, the sentence, and <svg role=img> of 640 by `height` named by the sentence. */
void draw_begin(struct html *h, const char *kind, const char *sentence, int height);
/* The beginning of an SVG file: the same drawing without a page around it, its colours those of paper. */
void draw_file(struct html *h, const char *kind, const char *sentence, int height);
/* The end of the picture; what stands below it (a key) may follow. */
void draw_end(struct html *h);
/* "Show as a table" with the same numbers, and the end of the figure. */
void draw_table(struct html *h, const struct table *table);

void draw_rect(struct html *h, const char *class, double x, double y, double width, double height,
               double radius);
void draw_circle(struct html *h, const char *class, double x, double y, double r);
void draw_line(struct html *h, const char *class, double x1, double y1, double x2, double y2);
void draw_text(struct html *h, const char *class, double x, double y, const char *text);
/* "M x y L x y …" through the points; `close` makes an area of it. */
void draw_path(struct html *h, const char *class, const double *xy, size_t points, bool close);
/* A text of at most `columns` columns of a terminal, cut with "…"; in the arena. */
const char *draw_cut(struct arena *arena, const char *text, int columns);
/* Turned so that it reads upwards. */
void draw_text_up(struct html *h, const char *class, double x, double y, const char *text);

/* An axis from `low` to `high`, both moved out to whole steps of 1, 2 or 5 times a power of ten; about
 * `lines` of them. */
struct axis {
    double low, high, step;
};
struct axis draw_axis_of(double low, double high, int lines);
/* "1,120", "-15", "0.5": a value on an axis with such steps. */
const char *draw_value(struct arena *arena, const struct axis *a, double value);
#endif
