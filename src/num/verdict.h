#ifndef NUM_VERDICT_H
#define NUM_VERDICT_H
/* Odds from a few features by logistic regression with a penalty, and how good odds were (PAPERS sections 6
 * and 9). Pure.
 *
 * Missing values (NAN) take the median of the training rows; each feature less its training mean, over its
 * training sd (population, + 1e-9), clipped to ±4; minimised is ‖w‖²/2 + C Σ logloss with a free intercept,
 * by Newton's method. The band is logit ± 1.96 √(xᵀVx), V the sandwich with cases of a cluster summed first
 * (Liang and Zeger 1986). */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

enum { VERDICT_FEATURES = 96 };

struct verdict_rows {
    const double *x; /* rows by features, NAN: missing */
    const bool *lasting;
    const uint32_t *cluster; /* below `clusters` */
    size_t rows, features, clusters;
};
struct verdict_model {
    size_t features;
    double *median, *mean, *sd, *weight, intercept;
    double *v;   /* (features + 1) squared, the intercept last */
    double base; /* share of lasting ones among the training rows */
};
/* Fit; all that the model holds is in the arena. At least one row of each outcome, else E_MISSING. */
MUST bool verdict_fit(struct arena *arena, const struct verdict_rows *rows, double c,
                      struct verdict_model *out, struct err *err);
/* The odds of a case, with its band where they are not NULL. */
double verdict_odds(const struct verdict_model *model, const double *x, double *low, double *high);

struct verdict_score {
    double auc, brier, ece; /* auc: ties count half; NAN when all came out alike. ece: ten equal bins */
};
/* How good `p` was, each case counted `times` (NULL: once). */
MUST bool verdict_score(const double *p, const bool *lasting, const uint32_t *times, size_t n,
                        struct verdict_score *out, struct err *err);
/* 2.5 and 97.5 % of the scores when clusters are drawn anew, `draws` times. */
MUST bool verdict_bootstrap(const double *p, const bool *lasting, const uint32_t *cluster, size_t n,
                            size_t clusters, size_t draws, uint64_t seed, struct verdict_score *low,
                            struct verdict_score *high, struct err *err);
#endif
