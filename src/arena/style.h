#ifndef ARENA_STYLE_H
#define ARENA_STYLE_H
/* How an answer is laid out: its length, and how many headers, list items and bold passages of Markdown it
 * has, blocks of code taken out first. Pure. */
#include "base/span.h"

struct style_counts {
    double length, headers, lists, bold; /* length in tokens, or in words where no tokens are counted */
};
/* Count `text` (words for the length) on top of what is in `out`. */
void style_count(struct span text, struct style_counts *out);
/* (A - B) / (A + B + 1), one for each count: length, headers, lists, bold. */
void style_compare(const struct style_counts *a, const struct style_counts *b, float out[static 4]);
#endif
