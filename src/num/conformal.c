/* Ranges of hours from signs. Let s_i = |t_i - S_i| / sqrt(S_i + 1) be the scores of n past weeks. For a new
 * week that is exchangeable with them, its score is at most the k-th smallest, k = ceil((n + 1) level), with
 * a chance of at least `level` (Lei et al. 2018, section 2.2); solved for t that is S ± q sqrt(S + 1). */
#include "num/conformal.h"

#include <math.h>

#include "num/stats.h"

#include "base/banned.h"

double conformal_score(double truth, double signs)
{
    return fabs(truth - signs) / sqrt(signs + 1);
}

double conformal_quantile(double *scores, size_t n, double level)
{
    stats_sort(scores, n);
    /* A level such as 0.8 is not exact in binary: without the small step down a whole product could be
     * rounded up to the next. */
    double k = ceil((double)(n + 1) * level - 1e-9);
    if (k < 1)
        k = 1;
    return k > (double)n ? scores[n - 1] : scores[(size_t)k - 1];
}

struct range conformal_range(double signs, double q)
{
    double half = q * sqrt(signs + 1);
    return (struct range){fmax(0, signs - half), signs + half};
}
