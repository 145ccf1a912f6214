#ifndef CODEC_B64_H
#define CODEC_B64_H
/* Base64 (RFC 4648), strict: one text for one run of bytes. Padding is there or not as the form says, unused
 * bits are zero, nothing else stands between. Keys pass here, so neither branch nor index depends on a byte
 * or a letter; only the lengths, and whether the text is good, show. */
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"

enum b64_form {
    B64,          /* + and /, padded: `b64` of PROTOCOL.md */
    B64_URL,      /* - and _, padded: `b64u` */
    B64_URL_BARE, /* - and _, no padding: credentials and parts of a URL */
};

/* Letters that `n` bytes take. */
size_t b64_size(enum b64_form form, size_t n);
/* Into a place with room for them, without a NUL. */
void b64_put(char *out, struct span bytes, enum b64_form form);
void b64_add(struct buf *out, struct span bytes, enum b64_form form);
/* Decode all of `text` into `out`, which has room for `most` bytes; *n says how many came. False when it is
 * not the form, or more than `most`: then neither `out` nor *n counts. */
bool b64_read(struct span text, enum b64_form form, void *out, size_t most, size_t *n);
/* The same where the size is known: exactly `n` bytes. */
bool b64_exact(struct span text, enum b64_form form, void *out, size_t n);
#endif
