/* A lab's help line as it stands in the record: what is read is written again as it was, and is fit to be
 * shown; what is not read changes nothing. */
#include "fuzz/fuzz.h"

#include "anon/entry.h"
#include "speak/help_line.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    struct span bytes = {(const char *)data, size};
    struct help_lab_lines lines = {0};
    struct help_lab_line line;
    bool is;
    struct arena *AUTO_ARENA arena = arena_new();
    must(help_line_read(bytes, arena, &line, &is, &err));
    must(help_lines_add(&lines, bytes, arena, &err));
    must(lines.n == (is && line.numbers > 0));
    if (is) {
        AUTO_BUF struct buf again;
        buf_init(&again, ENTRY_MOST);
        must(line.numbers <= LINE_NUMBERS && line.name.n > 0);
        must(help_line_write(&line, &again, &err) && span_eq(buf_span(&again), bytes));
    }
    return 0;
}
