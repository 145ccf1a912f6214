#ifndef PAPERS_PAPER_ROW_H
#define PAPERS_PAPER_ROW_H
/* A row of the table `paper`, between the database and those who keep papers. */
#include "papers/paper.h"

#define PAPER_COLUMNS \
    "id, title, abstract, authors, categories, venue, year, day, announced, kind, version, withdrawn"
/* The row of a query that begins with PAPER_COLUMNS; texts are valid until the next row. */
void paper_of_row(struct stmt *q, struct paper *out);

/* How good the record was that a text is from; 0: there is none. */
enum paper_field {
    FIELD_TITLE,
    FIELD_ABSTRACT,
    FIELD_AUTHORS,
    FIELD_CATEGORIES,
    FIELD_VENUE,
    FIELD_YEAR,
    FIELD_DAY,
    FIELD_WITHDRAWN,
    PAPER_FIELDS
};
struct paper_row {
    struct paper p;
    uint32_t weight[PAPER_FIELDS];
};
/* What the record says, cleaned; texts in the arena. False when memory ends. */
MUST bool paper_row_of(struct arena *arena, const struct paper_record *record, struct paper_row *out,
                       struct err *err);
/* Take over from `other` what is better in it. Whatever the order in which rows are joined, the result is
 * the same. Texts are borrowed from both. */
void paper_row_join(struct paper_row *row, const struct paper_row *other);
bool paper_row_same(const struct paper_row *a, const struct paper_row *b);
/* Whether the index would hold the same of both. */
bool paper_row_same_words(const struct paper_row *a, const struct paper_row *b);
/* Read a row; texts in the arena. E_FORMAT when its bytes are damaged. */
MUST bool paper_row_load(struct db *db, struct arena *arena, int64_t id, struct paper_row *out,
                         struct err *err);
/* Write it under row->p.id: a new one, or in place of the old one. */
MUST bool paper_row_save(struct db *db, const struct paper_row *row, struct err *err);
#endif
