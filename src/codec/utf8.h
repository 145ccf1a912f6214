#ifndef CODEC_UTF8_H
#define CODEC_UTF8_H
/* Unicode by utf8proc. */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/* The code point at the front of *s, taken off; -1 for a byte that is not UTF-8 (it alone is taken off).
 * s->n > 0. */
int32_t utf8_next(struct span *s);
bool utf8_valid(struct span s);
/* Append `s` fit to be shown: invalid bytes become U+FFFD, control bytes (line ends too), bidi controls and
 * zero-width characters become U+FFFD as well, so that no name from outside can break a line or turn the text
 * round. */
void utf8_clean(struct buf *out, struct span s);
/* Columns on a terminal: CJK is two wide, combining marks none. */
size_t utf8_width(struct span s);
/* The longest front of `s` that is at most `columns` wide, cut between grapheme clusters. */
struct span utf8_front(struct span s, size_t columns);
/* Append `s` in the form in which texts are compared: NFKC, case folded, accents taken off (a TeX accent and
 * the letter it makes are then the same), invisible characters gone. Bytes that are not UTF-8 become blanks.
 */
void utf8_fold(struct buf *out, struct span s);
enum utf8_kind { UTF8_OTHER, UTF8_LETTER, UTF8_DIGIT, UTF8_CJK }; /* CJK: Han, kana, Hangul */
enum utf8_kind utf8_kind(int32_t code);
/* Number of code points (invalid bytes count one each). */
size_t utf8_length(struct span s);
#endif
