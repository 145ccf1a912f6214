/* Records of a CSV text. A quote that begins a field opens a quoted one; a quote further in stands for
 * itself, as spreadsheets write it. A CR counts as part of the line end before LF alone. */
#include "codec/csv.h"

#include "base/vec.h"
#include "base/words.h"
#include "codec/scan.h"

#include "base/banned.h"

enum { COLUMNS_MOST = 512 };

void csv_init(struct csv *csv, struct span text)
{
    scan_lit(&text, SPAN("\xEF\xBB\xBF"));
    *csv =
        (struct csv){.rest = text, .separator = ',', .line = 1, .next_line = 1, .columns_most = COLUMNS_MOST};
}

static bool line_end(struct span *in, uint64_t *lines)
{
    if (!scan_byte(in, '\n') && !scan_lit(in, SPAN("\r\n")))
        return false;
    ++*lines;
    return true;
}

/* What was between the quotes, each "" made one. */
static bool unquote(struct span raw, struct arena *arena, struct span *out)
{
    char *p = arena_get(arena, raw.n);
    if (!p)
        return false;
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        p[n++] = raw.p[i];
        i += raw.p[i] == '"';
    }
    *out = (struct span){p, n};
    return true;
}

/* After the opening quote: up to the closing one. */
static bool quoted(const struct csv *csv, struct span *in, uint64_t *lines, struct arena *arena,
                   struct span *out, struct err *err)
{
    bool doubled = false;
    for (size_t i = 0; i < in->n; i++) {
        if (in->p[i] == '\n')
            ++*lines;
        if (in->p[i] != '"')
            continue;
        if (i + 1 < in->n && in->p[i + 1] == '"') {
            doubled = true;
            i++;
            continue;
        }
        struct span raw = span_first(*in, i);
        *in = span_from(*in, i + 1);
        *out = raw;
        return !doubled || unquote(raw, arena, out) || fail_memory(err);
    }
    return fail(err, E_FORMAT,
                tr("err.codec.csv_open",
                   "A quotation mark is opened but not closed in the record that begins on line %llu."),
                (unsigned long long)csv->line);
}

static void bare(const struct csv *csv, struct span *in, struct span *out)
{
    size_t n = 0;
    while (n < in->n && in->p[n] != csv->separator && in->p[n] != '\n')
        n++;
    if (n < in->n && in->p[n] == '\n' && n > 0 && in->p[n - 1] == '\r')
        n--;
    *out = span_first(*in, n);
    *in = span_from(*in, n);
}

static bool field_read(const struct csv *csv, struct span *in, uint64_t *lines, struct arena *arena,
                       struct span *out, struct err *err)
{
    if (!scan_byte(in, '"')) {
        bare(csv, in, out);
        return true;
    }
    return quoted(csv, in, lines, arena, out, err);
}

bool csv_next(struct csv *csv, struct arena *arena, struct csv_record *out, struct err *err)
{
    struct span in = csv->rest;
    uint64_t lines = csv->next_line;
    while (line_end(&in, &lines))
        ;
    csv->rest = in;
    csv->line = csv->next_line = lines;
    if (scan_end(&in))
        return false;
    for (out->n = 0;;) {
        if (out->n >= csv->columns_most)
            return fail(err, E_LIMIT, tr("err.codec.csv_wide", "Line %llu has more than %zu columns."),
                        (unsigned long long)csv->line, csv->columns_most);
        if (!vec_room(arena, (void **)&out->field, &out->n, &out->room, sizeof *out->field))
            return fail_memory(err);
        if (!field_read(csv, &in, &lines, arena, &out->field[out->n], err))
            return false;
        out->n++;
        if (scan_byte(&in, csv->separator))
            continue;
        if (scan_end(&in) || line_end(&in, &lines))
            break;
        return fail(err, E_FORMAT,
                    tr("err.codec.csv_after",
                       "On line %llu something stands between a closing quotation mark and the next column."),
                    (unsigned long long)lines);
    }
    csv->rest = in;
    csv->next_line = lines;
    return true;
}

void csv_more(struct csv *csv, struct span text)
{
    csv->rest = text;
}

/* A quote opens a field at its beginning alone; within quotes a doubled one stays inside. */
static size_t whole_with_quotes(struct span text, char separator)
{
    size_t whole = 0;
    bool begins = true, inside = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (inside) {
            inside = c != '"' || (i + 1 < text.n && text.p[i + 1] == '"');
            i += inside && c == '"';
            begins = false;
            continue;
        }
        inside = begins && c == '"';
        begins = c == separator || c == '\n';
        if (c == '\n')
            whole = i + 1;
    }
    return whole;
}

size_t csv_whole(struct span text, char separator)
{
    if (text.n && memchr(text.p, '"', text.n))
        return whole_with_quotes(text, separator);
    const char *end = text.n ? memrchr(text.p, '\n', text.n) : NULL;
    return end ? (size_t)(end - text.p) + 1 : 0;
}
