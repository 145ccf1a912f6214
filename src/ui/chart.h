#ifndef UI_CHART_H
#define UI_CHART_H
/* Charts as inline SVG: one sentence of text, the picture (role=img, titled by the sentence), and under "Show
 * as a table" (a <details>) a table with the same numbers. No script, no style attribute; colours by class
 * from web/theme.css; readable in black and white. EXPERIENCE section 6. */
#include <stdint.h>

#include "base/mem.h"
#include "ui/html.h"

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

/* (b) One range per week (or year, with `head`): a bar from low to high, with a dot at the person's own answer when there is one.
 * Weeks without a range (nothing seen) and unknown weeks (history is cut) are drawn as a gap with a word. y
 * from 0. */
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
#endif
