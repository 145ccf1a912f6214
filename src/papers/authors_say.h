#ifndef PAPERS_AUTHORS_SAY_H
#define PAPERS_AUTHORS_SAY_H
/* What people publish, in words and tables, for page and terminal. Texts in the arena; NULL: nothing to say.
 */
#include "papers/authors_db.h"
#include "ui/chart.h"

/* "In 2018, half of the names in these venues had one paper; one in a hundred had eight or more." */
const char *authors_sentence(struct arena *arena, const struct authors_found *f);
/* Which venues, how many papers, how many names. */
const char *authors_venues(struct arena *arena, const struct authors_found *f);
/* The year is not over. */
const char *authors_young(struct arena *arena, const struct authors_found *f);
/* How to read the columns. */
const char *authors_reading(struct arena *arena, const struct authors_found *f);
/* The reader's own line. */
const char *authors_own_line(struct arena *arena, const struct authors_found *f);
/* Half of the authors published so many papers or fewer last year; NULL when `median` is 0. */
const char *authors_norm_line(struct arena *arena, const char *field, int64_t median);

/* The year's names, those of five years, those of the year by years since their first paper. False: no
 * memory.
 */
MUST bool authors_table_now(struct arena *arena, const struct authors_found *f, struct table *out);
MUST bool authors_table_five(struct arena *arena, const struct authors_found *f, struct table *out);
MUST bool authors_table_ages(struct arena *arena, const struct authors_found *f, struct table *out);
/* A bar for each quantile of the year, from split to merged, a dot at the names as they are written. */
MUST bool authors_chart(struct arena *arena, const struct authors_found *f, struct intervals *out);
#endif
