#ifndef PAPERS_PAPER_TEXT_H
#define PAPERS_PAPER_TEXT_H
/* What of a record's texts is compared and kept. Pure. */
#include "papers/paper.h"

/* Append `text` fit to be kept: runs of white space are one blank and none at the ends, the rest as
 * utf8_clean leaves it. */
void paper_clean(struct buf *out, struct span text);
/* The same for a list, one a line: empty lines and "others" go. */
void paper_clean_lines(struct buf *out, struct span lines);

/* Surnames of authors (one a line) as ascending hashes, each once; the lowest PAPER_NAMES of them. Gives how
 * many. */
enum { PAPER_NAMES = 64 };
size_t paper_surnames(struct span authors, uint32_t out[static PAPER_NAMES]);
/* Whether two such lists, as 4 bytes each, low byte first, have one in common. */
bool paper_names_meet(struct span a, struct span b);
#endif
