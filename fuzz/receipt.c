/* A board's receipt for an act, under a key that is known here so that a good one is read to its end. Behind
 * a
 * '-': the promise alone. */
#include "fuzz/fuzz.h"

#include "anon/item.h"
#include "anon/lab_key.h"

#include "base/banned.h"

static void try_promise(struct span note)
{
    static const uint8_t seed[32] = {7};
    struct promise promise, again;
    struct sign_key key;
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    AUTO_BUF struct buf text;
    buf_init(&text, 1024);
    sign_key_init(&key, seed);
    const char *vkey = lab_vkey(arena, "a/respite/promise", &key);
    if (!vkey)
        return;
    if (!promise_read(note, SPAN("a/respite"), span_of(vkey), &promise, &err)) {
        must(said(&err));
        return;
    }
    must(promise_write(SPAN("a/respite"), &key, &promise, &text, &err));
    must(promise_read(buf_span(&text), SPAN("a/respite"), span_of(vkey), &again, &err));
    must(again.day == promise.day && memcmp(again.leaf, promise.leaf, 32) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    uint8_t id[16];
    struct span body = {(const char *)data, size}, note;
    struct arena *AUTO_ARENA arena = arena_new();
    AUTO_BUF struct buf again;
    buf_init(&again, 1024);
    if (!arena)
        return 0;
    if (size > 0 && data[0] == '-') {
        try_promise(span_from(body, 1));
        return 0;
    }
    if (!receipt_read(body, arena, id, &note, &err)) {
        must(said(&err));
        return 0;
    }
    must(receipt_write(id, note, &again, &err) && span_eq(buf_span(&again), body));
    try_promise(note);
    return 0;
}
