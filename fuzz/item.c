/* Acts and receipts: what is read is read once more from its padded body, and nothing of it lies outside. */
#include "fuzz/fuzz.h"

#include "anon/item.h"

#include "base/banned.h"

static void try_receipt(struct span body)
{
    struct err err = {0};
    uint8_t id[16];
    struct span note;
    struct arena *AUTO_ARENA arena = arena_new();
    AUTO_BUF struct buf again;
    buf_init(&again, 1024);
    if (!receipt_read(body, arena, id, &note, &err)) {
        must(said(&err));
        return;
    }
    must(receipt_write(id, note, &again, &err) && span_eq(buf_span(&again), body));
    struct promise promise;
    must(!promise_read(note, SPAN("a/respite"), SPAN("a/respite/promise+00000000+AQ=="), &promise, &err));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    struct problem p = {0};
    AUTO_ITEM struct item item = {0};
    struct span bytes = {(const char *)data, size}, taken;
    AUTO_BUF struct buf body;
    buf_init(&body, ITEM_LARGE);
    try_receipt(bytes);
    if (!item_read(bytes, &item, &p, &err)) {
        must(p.type != PROBLEM_NONE || said(&err));
        return 0;
    }
    must(p.type == PROBLEM_NONE && item.kind.n > 0 && item.lab.n > 0 && json_is_object(item.act));
    must(memcmp(item.id, item.leaf, sizeof item.id) == 0);
    buf_add(&body, bytes);
    must(item_pad(&body, 0, &err) && item_unpad(buf_span(&body), &taken, &p) && span_eq(taken, bytes));
    return 0;
}
