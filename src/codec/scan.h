#ifndef CODEC_SCAN_H
#define CODEC_SCAN_H
/* Small readers of hostile bytes. Each looks at the front of *in, has a limit, and moves on only when it
 * succeeds, so that a format reads like its grammar (STYLE 5). */
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

bool scan_byte(struct span *in, char c);
bool scan_lit(struct span *in, struct span literal);
/* One run of bytes up to (not with) the first white space or end: 1 to `most` bytes. */
bool scan_word(struct span *in, struct span *out, size_t most);
/* Up to the byte `stop`, which is consumed too; at most `most` bytes, may be empty. */
bool scan_until(struct span *in, char stop, struct span *out, size_t most);
/* Lower-case hex digits, `least` to `most` of them. */
bool scan_hex(struct span *in, struct span *out, size_t least, size_t most);
/* A decimal number, "-" allowed for i64, no "+", no leading blanks; overflow fails. Not above `most`. */
bool scan_u64(struct span *in, uint64_t *out, uint64_t most);
bool scan_i64(struct span *in, int64_t *out);
bool scan_end(const struct span *in);
#endif
