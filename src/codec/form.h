#ifndef CODEC_FORM_H
#define CODEC_FORM_H
/* application/x-www-form-urlencoded, as forms send it and queries carry it (WHATWG URL, 5.1). */
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/span.h"

struct form_field {
    struct span name, value; /* decoded, in the arena; any bytes */
};
/* The next field of *in. False at the end; or with err: a broken %XX, more than `most` bytes in one field, no
 * memory. */
bool form_next(struct span *in, struct arena *arena, size_t most, struct form_field *out, struct err *err);
/* Append a name or a value in the form in which form_next reads it back, whatever its bytes. */
void form_write(struct buf *out, struct span value);
#endif
