#ifndef PAPERS_CHOOSE_H
#define PAPERS_CHOOSE_H
/* Which papers of a week are shown: greedily .7 * score - .3 * the nearest cosine to one that is chosen, at
 * most two of one first author, an end where the score falls below the reader's floor (PAPERS section 5).
 * Pure: the same candidates, the same choice. */
#include "papers/traits.h"

enum { CHOOSE_MOST = 20, CHOOSE_USUAL = 7, CHOOSE_OF_ONE = 2 };
#define CHOOSE_FLOOR .5f

struct candidate {
    int64_t paper;
    struct traits traits; /* weighed */
    float score;          /* odds of being kept */
    uint64_t first;       /* a hash of the first author; 0: not known */
    uint32_t category;    /* number of its first category, from 0 */
};
/* Candidates ascend by paper. Places of the chosen ones into `out`, in their order; gives how many. */
size_t choose(const struct candidate *c, size_t n, size_t cap, uint32_t *out);
/* For a reader of whom nothing is known: the most usual paper of each category, the largest category first,
 * in turn. `categories`: how many there are. False when there is no memory. */
bool choose_spread(const struct candidate *c, size_t n, size_t categories, size_t cap, uint32_t *out,
                   size_t *chosen);
#endif
