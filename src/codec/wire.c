/* Length-prefixed bytes, read and written. */
#include "codec/wire.h"

#include <assert.h>

#include "base/banned.h"

#define VARINT_END ((uint64_t)1 << 62)

/* A big-endian number of `n` bytes. */
static bool number(struct span *in, size_t n, uint64_t *out)
{
    struct span bytes;
    if (!wire_take(in, n, &bytes))
        return false;
    uint64_t value = 0;
    for (size_t i = 0; i < n; i++)
        value = value << 8 | (unsigned char)bytes.p[i];
    *out = value;
    return true;
}

static void put_number(struct buf *out, size_t n, uint64_t value)
{
    char bytes[8];
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)(value >> 8 * (n - 1 - i));
    buf_add(out, (struct span){bytes, n});
}

bool wire_u8(struct span *in, uint8_t *out)
{
    uint64_t value;
    if (!number(in, 1, &value))
        return false;
    *out = (uint8_t)value;
    return true;
}

bool wire_u16(struct span *in, uint16_t *out)
{
    uint64_t value;
    if (!number(in, 2, &value))
        return false;
    *out = (uint16_t)value;
    return true;
}

bool wire_u64(struct span *in, uint64_t *out)
{
    return number(in, 8, out);
}

bool wire_varint(struct span *in, uint64_t *out)
{
    if (in->n == 0)
        return false;
    unsigned log = (unsigned char)in->p[0] >> 6; /* two bits say the size */
    uint64_t value;
    if (!number(in, (size_t)1 << log, &value))
        return false;
    *out = value & (UINT64_MAX >> (64 - ((8u << log) - 2)));
    return true;
}

bool wire_take(struct span *in, size_t n, struct span *out)
{
    if (in->n < n)
        return false;
    *out = span_first(*in, n);
    *in = span_from(*in, n);
    return true;
}

bool wire_copy(struct span *in, void *out, size_t n)
{
    struct span bytes;
    if (!wire_take(in, n, &bytes))
        return false;
    if (n > 0)
        memcpy(out, bytes.p, n);
    return true;
}

bool wire_block(struct span *in, unsigned width, struct span *body)
{
    assert(width <= 2);
    struct span rest = *in, bytes;
    uint64_t n = 0;
    if (!(width == WIRE_VARINT ? wire_varint(&rest, &n) : number(&rest, width, &n)) || n > rest.n ||
        !wire_take(&rest, (size_t)n, &bytes))
        return false;
    *body = bytes;
    *in = rest;
    return true;
}

void wire_put_u8(struct buf *out, uint8_t n)
{
    put_number(out, 1, n);
}

void wire_put_u16(struct buf *out, uint16_t n)
{
    put_number(out, 2, n);
}

void wire_put_u64(struct buf *out, uint64_t n)
{
    put_number(out, 8, n);
}

void wire_put_varint(struct buf *out, uint64_t n)
{
    assert(n < VARINT_END);
    unsigned log = n < 1u << 6 ? 0 : n < 1u << 14 ? 1 : n < 1u << 30 ? 2 : 3;
    put_number(out, (size_t)1 << log, n | (uint64_t)log << ((8u << log) - 2));
}

void wire_put_block(struct buf *out, unsigned width, struct span body)
{
    assert(width <= 2);
    uint64_t end = width == WIRE_VARINT ? VARINT_END : (uint64_t)1 << 8 * width;
    if (body.n >= end) {
        out->failed = out->over = true;
        return;
    }
    if (width == WIRE_VARINT)
        wire_put_varint(out, body.n);
    else
        put_number(out, width, body.n);
    buf_add(out, body);
}
