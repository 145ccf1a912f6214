#ifndef PAPERS_DRAFT_H
#define PAPERS_DRAFT_H
/* A draft's title and the first words behind it, out of a file of the person's: plain text, TeX, BibTeX (its
 * first entry), or PDF by way of the program pdftotext. Nothing of it is kept or sent: it lives in the
 * caller's memory until the work at hand is done. */
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

enum { DRAFT_FILE = 8 << 20, DRAFT_WORDS = 400, DRAFT_TITLE_WORDS = 40 };

enum draft_kind { DRAFT_TEXT, DRAFT_TEX, DRAFT_BIB, DRAFT_PDF };

struct draft {
    struct span title, text; /* text: "" when the file holds no more than a title */
};
/* By the end of the file's name: .tex, .bib, .pdf, else text. */
enum draft_kind draft_kind_of(struct span path);
/* Take apart `bytes` (not a PDF). In the arena. E_FORMAT when there are no words in it. Any bytes are taken.
 */
MUST bool draft_parse(struct arena *arena, struct span bytes, enum draft_kind kind, struct draft *out,
                      struct err *err);
/* Read the file at `path` ("-": standard input, as text). E_MISSING, E_LIMIT over 8 MB; of a PDF, E_MISSING
 * where pdftotext is not installed, E_FORMAT where it finds no text. */
MUST bool draft_read(struct arena *arena, const char *path, struct draft *out, struct err *err);
#endif
