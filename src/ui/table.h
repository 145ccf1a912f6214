#ifndef UI_TABLE_H
#define UI_TABLE_H
/* A table, once described, drawn for a page or for a terminal of 80 columns. */
#include "ui/html.h"

struct table_column {
    const char *head;
    bool right; /* numbers to the right */
};
struct table {
    const char *caption; /* NULL: none */
    const struct table_column *columns;
    size_t columns_n;
    const char *const *cells; /* rows_n * columns_n, row by row; NULL is an empty cell */
    size_t rows_n;
    const char *const *paths; /* on a page the row's head leads there; NULL, or a path a row (NULL: none) */
};
/* <table> with scope on its heads; the first column is the row's head. */
void table_html(struct html *h, const struct table *t);
/* Plain text, two blanks between columns, wide characters counted (CJK). */
void table_text(struct buf *out, const struct table *t);
#endif
