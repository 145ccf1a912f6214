#ifndef CODEC_WIRE_H
#define CODEC_WIRE_H
/* Numbers and nested blocks with their length in front, big-endian, as TLS writes them (RFC 8446 section 3):
 * passes, challenges and batches (RFC 9577, 9578) are read and written with these. Readers are those of
 * scan.h: each looks at the front of *in and moves on only when it succeeds. A block gives its body as a span
 * of its own; whoever has read it asks scan_end(), so that each block closes just where it said:
 *     wire_u16(in, &type) && wire_block(in, 2, &issuer) && wire_block(in, 1, &context) && scan_end(in) */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

bool wire_u8(struct span *in, uint8_t *out);
bool wire_u16(struct span *in, uint16_t *out);
bool wire_u64(struct span *in, uint64_t *out);
/* A QUIC integer (RFC 9000 section 16): 1, 2, 4 or 8 bytes, below 2^62; the short form is not asked for. */
bool wire_varint(struct span *in, uint64_t *out);
/* The next `n` bytes: borrowed, or copied. */
bool wire_take(struct span *in, size_t n, struct span *out);
bool wire_copy(struct span *in, void *out, size_t n);
/* A body with its length in front: `width` is 1 or 2 bytes, or WIRE_VARINT. */
#define WIRE_VARINT 0
bool wire_block(struct span *in, unsigned width, struct span *body);

void wire_put_u8(struct buf *out, uint8_t n);
void wire_put_u16(struct buf *out, uint16_t n);
void wire_put_u64(struct buf *out, uint64_t n);
/* In its shortest form; `n` is below 2^62. */
void wire_put_varint(struct buf *out, uint64_t n);
/* A body with its length in front; one too long for `width` marks `out` as over its ceiling. */
void wire_put_block(struct buf *out, unsigned width, struct span body);
#endif
