#ifndef NUM_COUNTS_H
#define NUM_COUNTS_H
/* How a count is spread over things that are seen in samples: names over papers. Each thing has its count;
 * it is seen in `times` samples, once in each. Quantiles are the least count that so large a share of the
 * things does not exceed (the inverse of the empirical distribution).
 *
 * The bootstrap draws the samples anew, as many as there are. A thing keeps its count, and weighs as often as
 * its samples were drawn, over `times`: counting it anew in the drawn samples would make two papers of one
 * that was drawn twice, and the share of those with one paper would be .58 where it is .77. Intervals are the
 * 2.5 and 97.5 % points of the draws (of those that hold something of a group). Pure; seeded; Efron and
 * Tibshirani 1993, chapter 13. */
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

enum counts_mark { COUNT_25, COUNT_50, COUNT_75, COUNT_90, COUNT_99, COUNT_MARKS };

struct count_seen {
    uint32_t sample; /* ascending */
    uint32_t times;  /* > 0 */
    uint32_t count;
    uint32_t group;
};
struct counts {
    int64_t n, ones;           /* things; with a count of one */
    uint32_t at[COUNT_MARKS];  /* quantiles; 0 when n is 0 */
    uint32_t low[COUNT_MARKS]; /* equal to `at` when nothing was drawn */
    uint32_t high[COUNT_MARKS];
    double one, one_low, one_high; /* the share with a count of one */
};
/* Into out[0] … out[groups - 1] those of each group, into out[groups] all together. `draws` may be 0. */
MUST bool counts_make(const struct count_seen *seen, size_t n, uint32_t samples, uint32_t groups,
                      size_t draws, uint64_t seed, struct counts *out, struct err *err);
/* The share of the things at each mark. */
double counts_share(enum counts_mark mark);
#endif
