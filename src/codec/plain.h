#ifndef CODEC_PLAIN_H
#define CODEC_PLAIN_H
/* Text as acts, letters and notes hold it (PROTOCOL section 4): UTF-8 in NFC, without what cannot be seen:
 * such characters could mark who wrote or who read a thing. Node and board ask with the same code. */
#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

enum { PLAIN_MOST = 1 << 20 }; /* bytes: more than any form or act brings */

/* True when `text` may be signed as it stands. Refused (E_FORMAT; the sentence says what kind of character
 * it was): other bytes than UTF-8, control characters (with `lines`, the line end is none), separators of
 * lines and paragraphs, private and unassigned code points, bidi controls, what Unicode calls default
 * ignorable and other invisible format characters, and text that is not in NFC. */
MUST bool plain_ok(struct span text, bool lines, struct err *err);
/* What a node does to a person's words before it signs them: append `text` in NFC, without what plain_taken
 * counts, with every kind of blank (tabs too) as U+0020 and every kind of line end as \n, blanks at the end
 * of lines and blank lines at both ends cut, several blank lines made one. Without `lines`, a line end is a
 * blank, and blanks in front are cut. What plain_ok refuses in the result is refused: then `out` stays as it
 * was. */
MUST bool plain_tidy(struct span text, bool lines, struct buf *out, struct err *err);
/* Invisible characters that plain_tidy takes out, since the words read the same without them: variation
 * selectors, soft hyphens, zero width spaces, word joiners, byte order marks. joins: zero width joiners
 * between two emoji, which then stand side by side. (Those that decide how letters are written, or in which
 * direction, are not taken out: their text is refused.) */
struct plain_taken {
    size_t signs, joins;
};
struct plain_taken plain_taken(struct span text);
/* Bytes that `text` takes inside a JSON text, escapes counted, without the quotation marks. */
size_t plain_json_size(struct span text);
#endif
