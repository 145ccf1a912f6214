#ifndef TEST_CODEC_VECTORS_H
#define TEST_CODEC_VECTORS_H
/* The published vectors of test/data/vectors, for the tests of codec/ and crypt/. What is missing or
 * malformed stops the test. */
#include "codec/b64.h"
#include "codec/json.h"
#include "test/codec/read.h"

/* All of vectors/NAME. jansson's integers end at 2^63 - 1, and some cases ask for leaf 2^64 - 1: they are
 * read as -1. */
static inline json_t *vectors_load(const char *name)
{
    char path[100];
    struct err err = {0};
    json_t *o = NULL;
    AUTO_BUF struct buf file;
    buf_init(&file, 1 << 20);
    snprintf(path, sizeof path, "vectors/%s", name);
    struct span text = read_data(path, &file), most = SPAN("18446744073709551615");
    for (ptrdiff_t at; (at = span_find(text, most)) >= 0;)
        memcpy(file.p + at, "-1                  ", most.n);
    assert_ok(json_read(text, 1 << 20, name, &o, &err), &err);
    return o;
}

static inline struct span vector_text(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));
    assert_non_null(text);
    return span_of(text);
}

static inline size_t vector_int(const json_t *o, const char *key)
{
    const json_t *n = json_object_get(o, key);
    assert_true(json_is_integer(n) && json_integer_value(n) >= -1);
    return (size_t)json_integer_value(n);
}

/* Hex digits, with or without 0x in front, into `room`; the bytes. */
static inline struct span unhex(struct span hex, uint8_t *room, size_t most)
{
    static const char digits[] = "0123456789abcdef";
    if (span_starts(hex, SPAN("0x")))
        hex = span_from(hex, 2);
    assert_true(hex.n % 2 == 0 && hex.n / 2 <= most);
    for (size_t i = 0; i < hex.n; i++) {
        const char *at = memchr(digits, hex.p[i], 16);
        assert_non_null(at);
        room[i / 2] = (uint8_t)(room[i / 2] << 4 | (at - digits));
    }
    return (struct span){(const char *)room, hex.n / 2};
}

static inline struct span vector_hex(const json_t *o, const char *key, uint8_t *room, size_t most)
{
    return unhex(vector_text(o, key), room, most);
}

/* A hash in base64. */
static inline void unhash(const json_t *text, uint8_t hash[static 32])
{
    assert_true(json_is_string(text) && b64_exact(span_of(json_string_value(text)), B64, hash, 32));
}

static inline struct span bytes_span(const void *p, size_t n)
{
    return (struct span){p, n};
}
#endif
