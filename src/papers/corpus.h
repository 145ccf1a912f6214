#ifndef PAPERS_CORPUS_H
#define PAPERS_CORPUS_H
/* Papers as lines of JSON, one object a line, plain or packed (io/lines.h): venue, year, id, title, abstract,
 * authors, date, categories, vol (PAPERS section 1, "Respite JSON lines"). A file of any length is read line
 * by line; nothing but the line at hand is kept. */
#include "io/lines.h"

enum { CORPUS_LINE = 4 << 20, CORPUS_TEXT = 256 << 10, CORPUS_TITLE = 4000, CORPUS_AUTHORS = 128 << 10 };

struct corpus_paper {
    struct span venue, id, title, abstract, date, vol; /* empty where the line has none */
    struct span authors;                               /* "A. Noether; E. Lasker" */
    struct span categories;                            /* "cs.LG cs.CL" */
    int year;                                          /* 1900 to 2199; of `date` when there is none */
};
/* Room for the texts of one paper. Begins with corpus_texts_init. */
struct corpus_texts {
    struct buf venue, id, title, abstract, date, vol, authors, categories;
};
void corpus_texts_init(struct corpus_texts *texts);
void corpus_texts_clear(struct corpus_texts *texts);

/* Read one line: texts without their escapes, white space at both ends taken off. Lists (authors as a list of
 * names or of objects with a name, categories) are joined. E_FORMAT and E_LIMIT say what is wrong with it,
 * without its number. `out` points into `texts`. */
MUST bool corpus_read(struct span line, struct corpus_texts *texts, struct corpus_paper *out,
                      struct err *err);

struct corpus {
    struct lines *lines;
    struct corpus_texts texts;
    char name[200]; /* of the file, for sentences */
};
/* Open a file. E_MISSING, E_SYSTEM. */
MUST bool corpus_open(struct corpus *out, const char *path, struct err *err);
void corpus_close(struct corpus *corpus);
#define AUTO_CORPUS __attribute__((cleanup(corpus_close)))
/* The next paper, valid until the next call; empty lines are passed over. False at the end, or with a
 * sentence that names file and line: after E_FORMAT or E_LIMIT of a line (`*bad_line` is true then) the
 * caller may clear the error and go on behind it. */
bool corpus_next(struct corpus *corpus, struct corpus_paper *out, bool *bad_line, struct err *err);
#endif
