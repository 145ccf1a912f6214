#ifndef UI_CHART_H
#define UI_CHART_H
/* Charts as inline SVG: one sentence of text, the picture (role=img, titled by the sentence), and under "Show
 * as a table" (a <details>) a table with the same numbers. No script, no style attribute; colours by class
 * from web/theme.css; readable in black and white. EXPERIENCE section 6. */
#include <stdint.h>

#include "base/day.h"
#include "base/mem.h"
#include "ui/table.h"

/* (a) Punch card: how many weeks held a sign in each clock hour of each weekday. Filled dot inside the
 * person's own hours, ring outside; the block of own hours tinted; size by value; blank paper is rest; no
 * sum. */
struct punch {
    int weeks;            /* of how many weeks (for the dot's size) */
    uint16_t at[7][24];   /* Monday first */
    bool own[7][24];      /* inside the hours the person would like to keep */
    const char *sentence; /* the sentence beside it, plain text */
};
void chart_punch(struct html *h, struct arena *arena, const struct punch *p);

/* (b) One range per week (or year, with `head`): a bar from low to high, with a dot at the person's own
 * answer when there is one. Weeks without a range (nothing seen) and unknown weeks (history is cut) are drawn
 * as a gap with a word. y from 0. */
struct range_bar {
    const char *label; /* "17 Nov" */
    bool known, any;   /* unknown weeks; weeks with no sign */
    double low, high;
    double own; /* < 0: none */
};
struct ranges {
    const struct range_bar *at;
    size_t n;
    const char *sentence;
    const char *unit; /* "hours, likely", for the table's head and the axis */
    /* NULL: "Week of", "your own answer", "no signs". */
    const char *head, *own_name, *none;
};
void chart_ranges(struct html *h, struct arena *arena, const struct ranges *r);

/* (c) Rows with an interval each: a bar from low to high, a dot at the estimate, in the caller's order;
 * neighbours of one group are bracketed with a word. The axis takes in what the rows need, with a line at
 * `zero` when it is one of change. */
struct interval_row {
    const char *place; /* "1 to 3", before the label; may be NULL */
    const char *label;
    double low, at, high;
    size_t group; /* rows of the same group stand together; 0: none */
};
struct intervals {
    const struct interval_row *at;
    size_t n;
    const char *sentence;
    const char *unit;    /* "rating", over the axis */
    const char *bracket; /* "cannot be told apart"; may be NULL */
    bool change;         /* a line at 0 */
};
/* `table` has the same numbers, in the caller's columns. */
void chart_intervals(struct html *h, struct arena *arena, const struct intervals *c,
                     const struct table *table);
/* The same as a whole SVG file of its own, with its style inside. */
void chart_intervals_file(struct html *h, struct arena *arena, const struct intervals *c);

/* (d) Lines over days, at most four: each a line with its band from low to high, told apart by its dashes and
 * by its name at the last point. Days without a value are a gap. */
enum { LINES_MOST = 4 };
struct line_point {
    bool known;
    double low, at, high;
};
struct line_row {
    const char *label;
    const struct line_point *at; /* as many as there are days */
};
struct lines_chart {
    const day_t *day;
    size_t days;
    const struct line_row *row;
    size_t rows; /* LINES_MOST at most */
    const char *sentence, *unit;
};
void chart_lines(struct html *h, struct arena *arena, const struct lines_chart *c, const struct table *table);
#endif
