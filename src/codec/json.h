#ifndef CODEC_JSON_H
#define CODEC_JSON_H
/* JSON through jansson (but never json_dumps: what it gives is not free's to take): strict in, duplicate keys
 * refused, typed getters with limits; out as one line of text. */
#include <jansson.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

static inline void json_cleanup(json_t **o)
{
    json_decref(*o);
}
/* AUTO_JSON json_t *o = NULL; dropped at the end of the scope. */
#define AUTO_JSON __attribute__((cleanup(json_cleanup)))

/* Parse `text` (at most `most` bytes). The sentence names `what` and the line. */
MUST bool json_read(struct span text, size_t most, const char *what, json_t **out, struct err *err);
/* Append `o` as text with a final newline. Takes no ownership. */
MUST bool json_write(const json_t *o, struct buf *out, struct err *err);
/* The same with the digits of `real` that tell any two results apart (15), for numbers that are compared. */
MUST bool json_write_exact(const json_t *o, struct buf *out, struct err *err);
/* Typed getters: false with a sentence that names `key` when it is missing, of another type, or past the
 * limit. */
MUST bool json_get_text(const json_t *o, const char *key, size_t most, struct span *out, struct err *err);
MUST bool json_get_int(const json_t *o, const char *key, int64_t least, int64_t most, int64_t *out,
                       struct err *err);
MUST bool json_get_array(const json_t *o, const char *key, size_t most, const json_t **out, struct err *err);
/* Text that may not be UTF-8 (a path, a name from git) as a JSON string, cleaned by utf8_clean. New reference
 * or NULL. */
json_t *json_shown(struct span s);
#endif
