#ifndef PAPERS_NEAR_TABLE_H
#define PAPERS_NEAR_TABLE_H
/* What was seen on public groups of concurrent work: how many papers asked, the share of their known others
 * that each way did not have in its first ten, and the regressions of the odds (num/verdict.h: medians for
 * what is missing, means, sds, weights; how well they told, groups left out). */
#include "papers/near_odds.h"

struct near_fit {
    double median[NEAR_FEATURES], mean[NEAR_FEATURES], sd[NEAR_FEATURES], weight[NEAR_FEATURES], intercept,
        auc;
};
extern const unsigned near_cases;
extern const double near_misses[NEAR_WAYS];
extern const struct near_fit near_fits[2]; /* NEAR_ABSTRACT, NEAR_TITLE */
#endif
