/* CSV: records written again with every field quoted read the same. First byte: the separator. */
#include "fuzz/fuzz.h"

#include "base/buf.h"
#include "codec/csv.h"

#include "base/banned.h"

static void quote(struct buf *b, struct span s)
{
    buf_add_byte(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        buf_add_byte(b, s.p[i]);
        if (s.p[i] == '"')
            buf_add_byte(b, '"');
    }
    buf_add_byte(b, '"');
}

static void check(struct arena *arena, char separator, const struct csv_record *r, struct buf *b)
{
    buf_reset(b);
    for (size_t i = 0; i < r->n; i++) {
        if (i)
            buf_add_byte(b, separator);
        quote(b, r->field[i]);
    }
    must(!b->failed);
    struct csv csv;
    struct csv_record again = {0};
    struct err err = {0};
    csv_init(&csv, buf_span(b));
    csv.separator = separator;
    must(csv_next(&csv, arena, &again, &err));
    must(again.n == r->n);
    for (size_t i = 0; i < r->n; i++)
        must(span_eq(again.field[i], r->field[i]));
    must(!csv_next(&csv, arena, &again, &err) && err.code == E_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct arena *AUTO_ARENA arena = arena_new();
    struct csv csv;
    struct csv_record r = {0};
    struct err err = {0};
    AUTO_BUF struct buf b;
    buf_init(&b, size * 4 + 10);
    csv_init(&csv, (struct span){(const char *)data + 1, size - 1});
    csv.separator = ",;\t|"[data[0] % 4];
    uint64_t line = 0;
    while (csv_next(&csv, arena, &r, &err)) {
        must(csv.line > line && csv.next_line >= csv.line);
        must(r.n >= 1 && r.n <= csv.columns_most);
        line = csv.line;
        check(arena, csv.separator, &r, &b);
    }
    must(err.code == E_NONE ? csv.rest.n == 0 : said(&err));
    return 0;
}
