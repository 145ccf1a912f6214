#ifndef CODEC_MAILMAP_H
#define CODEC_MAILMAP_H
/* .mailmap of git: lines of "Proper Name <proper@mail> Commit Name <commit@mail>", names and the second part
 * optional, # begins a comment. It may suggest that two addresses are one person; it never decides it. */
#include "base/span.h"

struct mailmap_line {
    struct span proper, commit; /* commit is empty when the line names one address */
};
/* The next line that names an address; others are passed over. Spans point into the text. False at the end.
 */
bool mailmap_next(struct span *in, struct mailmap_line *out);
#endif
