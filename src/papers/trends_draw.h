#ifndef PAPERS_TRENDS_DRAW_H
#define PAPERS_TRENDS_DRAW_H
/* What page and terminal say of a field's terms, from verdicts_json(). */
#include "base/mem.h"
#include "codec/json.h"
#include "papers/verdicts.h"
#include "ui/table.h"

enum {
    TRENDS_SHOWN = 40 /* terms, those with most papers */,
    TRENDS_EARLY = 5,
    TRENDS_TERM = 400 /* bytes of one */
};

struct term_shown {
    const char *term, *papers, *verdict, *odds, *band; /* translated; "" where nothing is said */
    const json_t *row;
    int64_t papers_n, like, like_lasting;
    bool told; /* there are odds */
};
struct trends_shown {
    const char *field;
    int origin; /* a year, or a quarter_unit() */
    bool quarters;
    const char *when; /* the origin in words */
    bool complete;
    int64_t candidates, cases, lasting; /* cases: that the odds were learned from */
    struct term_shown *at;
    size_t n, all; /* all: how many there are, shown or not */
    size_t rows;   /* n, and behind them TRENDS_EARLY at most that have too few papers for odds */
    int64_t norm;  /* half of the authors published at most so many papers in norm_year; 0: not known */
    int norm_year;
};
/* Read it; texts in the arena, rows borrowed. E_FORMAT when something is missing. */
MUST bool trends_shown(struct arena *arena, const json_t *verdicts, struct trends_shown *out,
                       struct err *err);
/* The same of this term alone: `rows` is 1, or 0 when it is not there. */
MUST bool trends_shown_term(struct arena *arena, const json_t *verdicts, struct span term,
                            struct trends_shown *out, struct err *err);
/* "1,204 papers …" "Of 20 terms that rose like …": what stands above and under the table; NULL: nothing. */
const char *trends_head(struct arena *arena, const struct trends_shown *t);
const char *trends_base(struct arena *arena, const struct trends_shown *t, const struct term_shown *term);
/* "2025", "the second quarter of 2025". */
const char *trends_when(struct arena *arena, int unit, bool quarters);
/* "212 papers in the two years up to 2025."; of quarters too. */
const char *trends_papers(struct arena *arena, int64_t papers, int origin, bool quarters);
/* Append the address of a term's page. */
void trends_address(struct buf *out, const char *field, const char *term);
/* What is usual to publish, while norm_year is last year; NULL: nothing. */
const char *trends_norm(struct arena *arena, const struct trends_shown *t, int this_year);
/* The table of all that is shown; false when there is no memory. */
MUST bool trends_table(struct arena *arena, const struct trends_shown *t, struct table *out);
#endif
