#ifndef NUM_RANKS_H
#define NUM_RANKS_H
/* Simultaneous rank sets (Mogstad, Romano, Shaikh and Wilhelm 2023, "Inference for Ranks with Applications"):
 * for each model the places it may truly have, so that with probability `level` all sets hold at once.
 * Estimates are taken as normal (or Student's t) with their covariance; differences are judged against the
 * quantile of the largest of them all, found by simulation and then stepped down. Pure; seeded. */
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct ranks_ask {
    double level; /* 0.95 */
    size_t draws; /* 4000 */
    uint64_t seed;
    double df; /* degrees of freedom of Student's t when errors come from few clusters; 0: normal */
};
struct ranks {
    size_t *low, *high;       /* by model: places from 1; low is the best it may have */
    double first, last;       /* quantile before and after stepping down */
    size_t separated_at_once; /* pairs whose order is sure at `first` */
    size_t separated;         /* and at the end */
    int rounds;
    uint8_t *above; /* models by models: above[j * models + k]: j is surely above k */
};
/* Rank sets of `n` estimates with the covariance `cov` (n by n, whole). */
MUST bool ranks_find(struct arena *arena, const double *estimate, const double *cov, size_t n,
                     const struct ranks_ask *ask, struct ranks *out, struct err *err);
/* Largest |t| quantile over given contrasts: for each draw the largest of |Z_j - Z_k| / se over pairs with
 * use[j*n+k] set, or of |Z_j| / se_j when `use` is NULL. */
MUST bool ranks_largest(struct arena *arena, const double *cov, size_t n, const uint8_t *use,
                        const struct ranks_ask *ask, double *out, struct err *err);
#endif
