#ifndef PAPERS_TRENDS_DRAW_H
#define PAPERS_TRENDS_DRAW_H
/* What page and terminal say of a field's terms, from verdicts_json(). */
#include "base/mem.h"
#include "codec/json.h"
#include "papers/verdicts.h"
#include "ui/table.h"

enum { TRENDS_SHOWN = 40 /* terms, those with most papers */, TRENDS_TERM = 400 /* bytes of one */ };

struct term_shown {
    const char *term, *papers, *verdict, *odds, *band; /* translated; "" where nothing is said */
    const json_t *row;
    int64_t like, like_lasting;
    bool told; /* there are odds */
};
struct trends_shown {
    const char *field;
    int origin;
    bool complete;
    int64_t candidates, cases, lasting; /* cases: that the odds were learned from */
    struct term_shown *at;
    size_t n, all; /* all: how many there are, shown or not */
};
/* Read it; texts in the arena, rows borrowed. E_FORMAT when something is missing. */
MUST bool trends_shown(struct arena *arena, const json_t *verdicts, struct trends_shown *out,
                       struct err *err);
/* "1,204 papers …" "Of 20 terms that rose like …": what stands above and under the table; NULL: nothing. */
const char *trends_head(struct arena *arena, const struct trends_shown *t);
const char *trends_base(struct arena *arena, const struct trends_shown *t, const struct term_shown *term);
/* "212 papers in the two years up to 2025."; origin: "2025" or "2025Q2". */
const char *trends_papers(struct arena *arena, int64_t papers, const char *origin);
/* Append the address of a term's page. */
void trends_address(struct buf *out, const char *field, const char *term);
/* The table of all that is shown; false when there is no memory. */
MUST bool trends_table(struct arena *arena, const struct trends_shown *t, struct table *out);
#endif
