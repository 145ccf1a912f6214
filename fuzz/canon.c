/* Canonical JSON: read is what our own writing of the same tree is, byte for byte, and nothing else. */
#include "fuzz/fuzz.h"

#include "codec/canon.h"
#include "codec/json.h"

#include "base/banned.h"

enum { MOST = 65535 };

/* What canon_read should say of `text`, by another way: parse, walk, write, compare. */
static bool expected(struct span text)
{
    AUTO_JSON json_t *o = NULL;
    AUTO_BUF struct buf again;
    buf_init(&again, 8 * (text.n + 1));
    return json_read(text, MOST, "It", &o, NULL) && canon_check(o, NULL) && canon_write(o, &again, NULL) &&
           span_eq(buf_span(&again), text);
}

static void try_members(const json_t *o)
{
    static const char *const keys[] = {"a", "b", NULL};
    struct err err = {0};
    uint8_t bytes[4];
    if (canon_only(o, keys, &err))
        must(json_object_size(o) <= 2);
    else
        must(said(&err));
    err_clear(&err);
    if (canon_b64(o, "a", bytes, 3, &err))
        must(json_string_length(json_object_get(o, "a")) == 4);
    else
        must(said(&err));
    err_clear(&err);
    if (canon_hex(o, "b", bytes, 4, &err))
        must(json_string_length(json_object_get(o, "b")) == 8);
    else
        must(said(&err));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = {(const char *)data, size};
    struct err err = {0};
    AUTO_JSON json_t *o = NULL;
    bool read = canon_read(text, MOST, &o, &err);
    must(read == (o != NULL) && read != said(&err) && read == expected(text));
    if (read)
        try_members(o);
    return 0;
}
