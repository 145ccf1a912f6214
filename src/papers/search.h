#ifndef PAPERS_SEARCH_H
#define PAPERS_SEARCH_H
/* Searching the index: any of the words, best first by BM25, the best `k` exactly (PAPERS section 3). Windows
 * of 4,096 documents are gone through; in each, the words whose bounds together cannot reach the k-th score
 * are looked up for candidates alone (MaxScore: Turtle and Flood 1995, with the bounds of blocks). Scores are
 * sums of whole numbers, so no order of adding changes one, and ties go to the lower paper id. */
#include "papers/index.h"

enum { SEARCH_TERMS = 64, SEARCH_PHRASES = 8, SEARCH_MOST = 1000, SCORE_ONE = 1 << 18 };

struct search_term {
    char text[TERM_MOST];
    size_t n;
    bool must; /* each hit has it: a field, a word of a phrase, or all words are asked for */
    bool field;
};
struct search {
    struct search_term term[SEARCH_TERMS];
    size_t terms;
    struct span phrase[SEARCH_PHRASES]; /* as typed, borrowed */
    size_t phrases;
    int32_t from, to; /* days, both ends in; INT32_MIN and INT32_MAX: no bound. A paper of which the year
                       * alone is known is found when the whole year is in them */
    bool all;
};
/* Read what a person typed: words; "a phrase"; author:NAME, cat:cs.LG, lang:zh, each of which every hit has;
 * since:2026-09, until:2026-10-02, date:2026-W40 (days, as search_days). `words` is borrowed. E_USAGE when
 * nothing is left to look for, E_LIMIT for more than 64 words. */
MUST bool search_read(struct search *out, struct index *index, struct span words, struct err *err);
/* Narrow [*from, *to] by the days a text names: 2026-10-02, 2026-W40, 2026-10, 2026, or two of them with ".."
 * between, one of which may be left out. E_USAGE. */
MUST bool search_days(struct span text, int32_t *from, int32_t *to, struct err *err);
/* Look for `all` words instead of any: AND. */
void search_all(struct search *search);

struct search_hit {
    uint32_t paper, score; /* score: in SCORE_ONE-ths */
};
/* The best `k` <= SEARCH_MOST hits, best first; `*n` of them. A search that has fields or days alone gives
 * the newest days first, with score 0. */
MUST bool search_run(const struct search *search, struct index *index, size_t k, struct search_hit *hits,
                     size_t *n, struct err *err);
/* What `tf` occurrences add to a score. */
uint32_t search_adds(float weight, unsigned tf, float norm);
float search_weight(const struct index *index, uint64_t df);
/* True when the words of `phrase` stand one after another in `text`. */
bool search_has_phrase(struct index_build *stems, struct span text, struct span phrase);
#endif
