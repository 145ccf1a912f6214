#ifndef CODEC_CANON_H
#define CODEC_CANON_H
/* Canonical JSON (PROTOCOL section 4): RFC 8785 restricted to what has one way of being written. Members are
 * sorted, nothing stands between them, keys are printable ASCII, numbers are integers below 2^53, there is no
 * null, text holds no control character but the line end, nothing lies deeper than 8. Everything that is
 * signed or hashed has this form; other bytes for the same thing would be a mark, so they are refused. */
#include <jansson.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

enum { CANON_DEPTH = 8 }; /* of objects and lists in one another, the outermost counted */
#define CANON_END ((int64_t)1 << 53)

/* True when `o` can be written so; else E_FORMAT or E_LIMIT. */
MUST bool canon_check(const json_t *o, struct err *err);
/* Append `o`, without a final newline. What canon_check refuses is refused, and `out` stays as it was. */
MUST bool canon_write(const json_t *o, struct buf *out, struct err *err);
/* Read an object or list of at most `most` bytes which are its canonical form and nothing else. New reference
 * in *out. */
MUST bool canon_read(struct span text, size_t most, json_t **out, struct err *err);

/* False when `o` is no object, or has a member that is not in the NULL-ended list `keys`. */
MUST bool canon_only(const json_t *o, const char *const *keys, struct err *err);
/* Member `key`: `n` bytes as padded base64. */
MUST bool canon_b64(const json_t *o, const char *key, uint8_t *out, size_t n, struct err *err);
/* Set it; false when there is no memory. What it passed through is wiped. */
MUST bool canon_put_b64(json_t *o, const char *key, const void *p, size_t n);
/* Member `key`: `n` bytes as 2n lower-case hex digits. */
MUST bool canon_hex(const json_t *o, const char *key, uint8_t *out, size_t n, struct err *err);
#endif
