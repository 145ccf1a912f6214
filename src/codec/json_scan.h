#ifndef CODEC_JSON_SCAN_H
#define CODEC_JSON_SCAN_H
/* JSON read without building anything: long files give up one record after the other, and of a record the few
 * members that are wanted; the rest is passed over by its brackets and never kept. For files of hundreds of
 * megabytes; what must be held strictly goes through codec/json.h. */
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/* Where a value in a growing text is being looked for. Begins as {0} at the value's first byte. */
struct json_cut {
    size_t at;
    unsigned depth;
    bool string, escaped;
};
/* True when the value (an object or a list) that begins at text.p[0] ends within `text`; *n is its length.
 * Call again with more text otherwise; what was seen is not looked at twice. */
bool json_cut_next(struct json_cut *cut, struct span text, size_t *n);

/* Past white space. */
void json_blank(struct span *in);
/* One value of any kind off the front; false when there is none, or it breaks off. Nesting to 64 levels is
 * followed, deeper is false. */
bool json_value(struct span *in, struct span *value);
/* Go through an object: *in is the whole of it first, then what is left. *key is raw (between its quotes).
 * False at the end; then *bad says whether it was no good. */
bool json_member(struct span *in, struct span *key, struct span *value, bool *bad);
/* The same for a list. */
bool json_element(struct span *in, struct span *value, bool *bad);
/* The value under `key` of an object, raw; false when there is none. */
bool json_find(struct span object, const char *key, struct span *value);

/* What a raw value says; false when it is of another kind. Text is appended without its escapes; a lone
 * surrogate becomes U+FFFD. */
bool json_text(struct span value, struct buf *out);
bool json_number(struct span value, double *out);
bool json_int(struct span value, int64_t *out);
bool json_bool(struct span value, bool *out);
#endif
