#ifndef PAPERS_INDEX_BUILD_H
#define PAPERS_INDEX_BUILD_H
/* Papers into one segment, in memory: texts are cut into words, each distinct word is stemmed once (Porter2,
 * libstemmer), a paper's words become (term, count) pairs in one long row, and at the end one counting sort
 * by term makes the lists. */
#include "papers/seg.h"

struct index_paper {
    uint32_t id;
    int32_t day; /* as in papers/seg.h */
    struct span title, abstract;
    struct span authors;    /* "A. Noether\nE. Lasker": one a line */
    struct span categories; /* "cs.LG cs.CL" */
};
struct index_build;

/* NULL and an error when there is no memory or no stemmer. */
struct index_build *index_build_new(struct err *err);
void index_build_free(struct index_build *b); /* NULL is fine */
/* Take in a paper; ids ascend. Nothing of it is borrowed afterwards. */
MUST bool index_build_add(struct index_build *b, const struct index_paper *paper, struct err *err);
/* True when it is time to end this segment and begin another: the row is at 64 MB. */
bool index_build_full(const struct index_build *b);
uint32_t index_build_docs(const struct index_build *b);

struct seg_made {
    uint32_t docs;
    uint64_t tokens; /* sum of lengths */
    struct buf dict, documents;
};
/* Write the segment: postings go to `sink`, the rest to `out` (freed with seg_made_free whatever comes). The
 * builder is empty again afterwards and keeps its memory. */
MUST bool index_build_end(struct index_build *b, struct seg_made *out, seg_chunk *sink, void *arg,
                          struct err *err);
void seg_made_free(struct seg_made *made);

/* A word as it stands in the index: its stem, or itself. `out` has TERM_MOST bytes; gives the length. For
 * queries; not for several threads at once. */
size_t index_stem(struct index_build *b, struct span word, char *out);
/* The term of a field: kind a, c or l, and its text folded to lower case. Gives the length, 0 when too long.
 */
size_t index_field(char kind, struct span text, char *out);
/* The word by which an author is found: the last of the name's words, folded; a name written "Noether, E."
 * gives what stands before the comma. */
struct span index_surname(struct span name, struct buf *folded);
/* Authors one a line, taken apart in `room` where a source wrote all into one line (author_list). */
struct span index_names(struct span authors, struct buf *room);
#endif
