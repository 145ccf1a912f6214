/* One description of a table, drawn twice: as markup, and as text for a terminal of 80 columns. */
#include "ui/table.h"

#include "codec/utf8.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { TERMINAL = 80, COLUMNS_MOST = 64, NARROW = 8 };

static const char *cell(const struct table *t, size_t row, size_t column)
{
    const char *text = t->cells[row * t->columns_n + column];
    return text ? text : "";
}

/* A wide table of more than numbers is drawn on a telephone as one block a row, each cell behind the head of
 * its column (the class and data-head are for the style sheet). */
static bool stacks(const struct table *t)
{
    size_t words = 0;
    for (size_t c = 1; c < t->columns_n; c++)
        words += !t->columns[c].right;
    return t->columns_n > 4 && words > 0;
}

static void row_head(struct html *h, const struct table *t, size_t row)
{
    if (t->columns[0].right)
        html_raw(h, "<th scope=\"row\" class=\"n\">");
    else
        html_raw(h, "<th scope=\"row\">");
    if (t->paths && t->paths[row]) {
        html_raw(h, "<a href=\"");
        html_text(h, t->paths[row]);
        html_raw(h, "\">");
        html_text(h, cell(t, row, 0));
        html_raw(h, "</a>");
    } else {
        html_text(h, cell(t, row, 0));
    }
    html_raw(h, "</th>");
}

static void row_cell(struct html *h, const struct table *t, size_t row, size_t column)
{
    if (t->columns[column].right)
        html_raw(h, "<td class=\"n\"");
    else
        html_raw(h, "<td");
    if (stacks(t)) {
        html_raw(h, " data-head=\"");
        html_text(h, t->columns[column].head);
        html_raw(h, "\"");
    }
    html_raw(h, ">");
    html_text(h, cell(t, row, column));
    html_raw(h, "</td>");
}

void table_html(struct html *h, const struct table *t)
{
    if (stacks(t))
        html_raw(h, "<table class=\"stack\">");
    else
        html_raw(h, "<table>");
    if (t->caption) {
        html_raw(h, "<caption>");
        html_text(h, t->caption);
        html_raw(h, "</caption>");
    }
    html_raw(h, "\n<thead><tr>");
    for (size_t c = 0; c < t->columns_n; c++) {
        if (t->columns[c].right)
            html_raw(h, "<th scope=\"col\" class=\"n\">");
        else
            html_raw(h, "<th scope=\"col\">");
        html_text(h, t->columns[c].head);
        html_raw(h, "</th>");
    }
    html_raw(h, "</tr></thead>\n<tbody>\n");
    for (size_t r = 0; r < t->rows_n; r++) {
        html_raw(h, "<tr>");
        row_head(h, t, r);
        for (size_t c = 1; c < t->columns_n; c++)
            row_cell(h, t, r, c);
        html_raw(h, "</tr>\n");
    }
    html_raw(h, "</tbody></table>\n");
}

static void widen(size_t *width, const char *text)
{
    size_t w = utf8_width(span_of(text));
    *width = w > *width ? w : *width;
}

/* The width of each column; where they do not fit, the widest one that is not of numbers gives way until they
 * do, as far as NARROW. */
static void measure(const struct table *t, size_t columns, size_t *widths)
{
    size_t sum = columns ? 2 * (columns - 1) : 0;
    for (size_t c = 0; c < columns; c++) {
        widths[c] = 1;
        widen(&widths[c], t->columns[c].head ? t->columns[c].head : "");
        for (size_t r = 0; r < t->rows_n; r++)
            widen(&widths[c], cell(t, r, c));
        sum += widths[c];
    }
    while (sum > TERMINAL) {
        size_t widest = columns;
        for (size_t c = 0; c < columns; c++)
            if (!t->columns[c].right && widths[c] > NARROW &&
                (widest == columns || widths[c] > widths[widest]))
                widest = c;
        if (widest == columns)
            return;
        widths[widest]--;
        sum--;
    }
}

static void blanks(struct buf *out, size_t n)
{
    while (n--)
        buf_add_byte(out, ' ');
}

/* One row of cells, in as many lines as its longest cell needs. */
static void text_row(struct buf *out, const struct table *t, size_t columns, const size_t *widths,
                     struct span *cells)
{
    bool more = true;
    while (more) {
        size_t owed = 0; /* blanks that are printed only when something follows */
        more = false;
        for (size_t c = 0; c < columns; c++) {
            struct span line = wrap_next(&cells[c], widths[c]);
            size_t width = utf8_width(line), pad = widths[c] > width ? widths[c] - width : 0;
            bool right = t->columns[c].right;
            if (line.n) {
                blanks(out, owed + (right ? pad : 0));
                buf_add(out, line);
                owed = right ? 0 : pad;
            } else {
                owed += pad;
            }
            owed += 2;
            more = more || cells[c].n;
        }
        buf_add_byte(out, '\n');
    }
}

void table_text(struct buf *out, const struct table *t)
{
    size_t columns = t->columns_n < COLUMNS_MOST ? t->columns_n : COLUMNS_MOST;
    size_t widths[COLUMNS_MOST];
    struct span cells[COLUMNS_MOST];
    measure(t, columns, widths);
    if (t->caption)
        wrap_text(out, t->caption, TERMINAL, 0);
    for (size_t c = 0; c < columns; c++)
        cells[c] = span_of(t->columns[c].head);
    text_row(out, t, columns, widths, cells);
    for (size_t r = 0; r < t->rows_n; r++) {
        for (size_t c = 0; c < columns; c++)
            cells[c] = span_of(cell(t, r, c));
        text_row(out, t, columns, widths, cells);
    }
}
