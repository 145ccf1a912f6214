#ifndef PAPERS_NEAR_WORDS_H
#define PAPERS_NEAR_WORDS_H
/* How close a paper is to a draft by the words they share (PAPERS section 7 A): BM25F (Zaragoza and others
 * 2004) with the title's words counted several times, and 1 + ln tf for the draft's own. The ranking below
 * 5,000 papers and before vectors are there; always the explanation of a hit. */
#include "papers/stems.h"

struct near_words {
    struct stems_place place[STEMS_PLACES]; /* the draft's stems, ascending */
    double weight[STEMS_PLACES];            /* what each counts */
    size_t n;
    double title_average, abstract_average; /* stems of the papers' titles and abstracts */
    bool title_only;                        /* the draft is a title */
};
/* What a stem of the draft counts that stands `tf` times there and in `df` of `papers` papers. */
double near_words_weight(unsigned tf, double df, double papers);
double near_words_score(const struct near_words *draft, const struct stems_place *place, size_t n);
#endif
