/* Entries of the record: one of a kind that has a struct is written again as the same bytes. */
#include "fuzz/fuzz.h"

#include "anon/entry.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    struct entry entry;
    struct span bytes = {(const char *)data, size};
    struct arena *AUTO_ARENA arena = arena_new();
    AUTO_BUF struct buf again;
    buf_init(&again, ENTRY_MOST + 1);
    if (!entry_read(bytes, arena, &entry, &err)) {
        must(said(&err));
        return 0;
    }
    must(size <= ENTRY_MOST && span_eq(entry.bytes, bytes) && entry.at >= 0);
    if (entry.kind == ENTRY_OTHER || entry.kind == ENTRY_SURVEY)
        return 0;
    if (entry.kind == ENTRY_GENESIS && span_find(bytes, SPAN("\"vouchers\":[]")) < 0)
        return 0; /* names of people are not kept here */
    must(entry_write(&entry, &again, &err));
    must(span_eq(buf_span(&again), bytes));
    return 0;
}
