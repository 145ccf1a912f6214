/* Odds of a hit, from the shipped coefficients. */
#include "papers/near_odds.h"

#include <math.h>

#include "papers/near_table.h"

#include "base/banned.h"

/* Mean and sd of the ranks behind the ten shown. */
static bool behind(const struct near_seen *hits, size_t n, bool words, double *mean, double *sd)
{
    double sum = 0, squares = 0;
    for (size_t i = NEAR_SHOWN; i < n; i++)
        sum += words ? hits[i].words : hits[i].score;
    if (n < 2 * NEAR_SHOWN)
        return false;
    *mean = sum / (double)(n - NEAR_SHOWN);
    for (size_t i = NEAR_SHOWN; i < n; i++) {
        double off = (words ? hits[i].words : hits[i].score) - *mean;
        squares += off * off;
    }
    *sd = sqrt(squares / (double)(n - NEAR_SHOWN));
    return *sd > 0;
}

void near_features(const struct near_seen *hits, size_t n, size_t i, struct near_null null,
                   double x[static NEAR_FEATURES])
{
    double mean, sd;
    x[0] = behind(hits, n, false, &mean, &sd) ? (hits[i].score - mean) / sd : NAN;
    x[1] = hits[i].cosine;
    x[2] = null.sd > 0 ? (hits[i].cosine - null.mean) / null.sd : NAN;
    x[3] = log((double)i + 1);
    x[4] = behind(hits, n, true, &mean, &sd) ? (hits[i].words - mean) / sd : NAN;
    x[5] = hits[i].same_year;
}

bool near_tells(enum near_way way)
{
    return way <= NEAR_TITLE && near_fits[way].auc >= NEAR_TELLS;
}

double near_odds(enum near_way way, const double x[static NEAR_FEATURES])
{
    double none[(NEAR_FEATURES + 1) * (NEAR_FEATURES + 1)] = {0};
    if (!near_tells(way))
        return NAN;
    struct near_fit fit = near_fits[way];
    return verdict_odds(&(struct verdict_model){.features = NEAR_FEATURES,
                                                .median = fit.median,
                                                .mean = fit.mean,
                                                .sd = fit.sd,
                                                .weight = fit.weight,
                                                .intercept = fit.intercept,
                                                .v = none},
                        x, NULL, NULL);
}

double near_miss_rate(enum near_way way)
{
    return near_misses[way];
}

unsigned near_known(void)
{
    return near_cases;
}
