/* Boundaries of mixtures, each a closed formula. */
#include "num/always.h"

#include <math.h>

#include "num/special.h"

#include "base/banned.h"

double always_rho(double alpha, double at)
{
    double l = 2 * log(1 / alpha);
    return at / (l + log1p(l));
}

double always_half_width(double se, double rho, double alpha)
{
    double information = 1 / (se * se);
    return se * sqrt((1 + rho / information) * log((information + rho) / (rho * alpha * alpha)));
}

double always_log_evidence(double wins, double losses)
{
    return special_log_beta(wins + 0.5, losses + 0.5) - special_log_beta(0.5, 0.5) +
           (wins + losses) * 0.69314718055994530942;
}

double always_change(double base, double now, double tau, double alpha)
{
    double came = 1 / now - 1 / base;
    if (!(came > 0))
        return INFINITY;
    double s = 1 / came + base, t = tau * tau;
    return sqrt((1 + s / t) * (log((s + t) / s) + 2 * log(1 / alpha)));
}
