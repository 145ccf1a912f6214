#ifndef UI_WRAP_H
#define UI_WRAP_H
/* Text for a terminal, broken into lines: at blanks, and between Chinese characters, but never so that a line
 * begins with a closing mark. Widths are columns (codec/utf8.h). */
#include "base/buf.h"

/* The next line of *rest, at most `columns` wide unless a single cluster is wider; *rest goes on behind it,
 * without the blanks at the break. Empty when *rest is. A line end in the text ends the line. */
struct span wrap_next(struct span *rest, size_t columns);
/* Append `text` in lines of at most `columns`, each line but the first moved in by `indent` blanks (they
 * count), and a line end. */
void wrap_text(struct buf *out, const char *text, size_t columns, size_t indent);
#endif
