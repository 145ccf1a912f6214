#ifndef PAPERS_TOLD_H
#define PAPERS_TOLD_H
/* What the kept verdicts say of single terms, for pages that are not about terms: the rows of This week, and
 * "what lasted" after a gap (PAPERS section 5). Nothing is worked out here. A term of which no odds are
 * known is not there. */
#include "base/map.h"
#include "papers/verdicts.h"
#include "ui/room.h"

enum { TOLD_TERM = 400 /* bytes of one */ };

struct told_term {
    const char *term, *field;
    int origin; /* a year, or a quarter_unit() */
    bool quarters;
    int64_t papers;            /* in the two years, or quarters, up to it */
    double p, low, high, base; /* base: what is usual of terms that rose */
    enum verdict verdict;
    int64_t here; /* titles it was seen in, told_count() */
    size_t last;  /* the title it was seen in last */
};
struct told {
    struct told_term *at; /* field by field, the one worked out last first; most papers first */
    size_t n, room, titles;
    struct map by_fold; /* folded spelling to place + 1 */
};
/* All that is kept; texts in the arena. */
MUST bool told_load(struct db *db, struct arena *arena, struct told *out, struct err *err);
/* Count a title at each term that stands in it. */
MUST bool told_count(struct told *told, struct span title, struct err *err);
/* The one of this verdict that is in most of the titles counted, then in most papers; NULL. */
const struct told_term *told_first(const struct told *told, enum verdict verdict);
/* The lasting term that a theme is about: the one of the same words whatever its verdict, else of the lasting
 * ones that hold these words the one with most papers; NULL where that is none, or not lasting. */
MUST bool told_theme(const struct told *told, const char *words, const struct told_term **out,
                     struct err *err);
/* "state-space hybrids: odds that it lasts …": odds, band, what is usual, papers; in the arena. */
const char *told_said(struct arena *arena, const struct told_term *t);
/* As an object, and back: of what a stored page says. A new reference, NULL: no memory. */
json_t *told_json(const struct told_term *t);
MUST bool told_read(struct arena *arena, const json_t *o, struct told_term *out, struct err *err);

/* This week: one lasting, one unclear, one faded. */
bool week_terms(struct app *app, struct week *week, struct err *err);
#endif
