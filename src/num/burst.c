/* The cheapest of all 2^n paths of states, by dynamic programming with back-pointers (Viterbi). */
#include "num/burst.h"

#include <math.h>

#include "base/banned.h"

#define RATE 2.0
#define RATE_MOST .9999
enum { PAPERS_LEAST = 5 };

static double cost(double r, double d, double p)
{
    return -(r * log(p) + (d - r) * log1p(-p));
}

bool burst_fit(const double *r, const double *d, size_t n, struct burst *out)
{
    double r_sum = 0, d_sum = 0, f0[BURST_UNITS], f1[BURST_UNITS];
    bool from1_to0[BURST_UNITS], from1_to1[BURST_UNITS]; /* where the cheapest path into a state came from */
    *out = (struct burst){0};
    for (size_t i = 0; i < n; i++) {
        r_sum += r[i];
        d_sum += d[i];
    }
    if (n == 0 || n > BURST_UNITS || r_sum < PAPERS_LEAST || r_sum >= d_sum)
        return false;
    double p0 = r_sum / d_sum, p1 = fmin(RATE * p0, RATE_MOST), up = log((double)n), c0 = 0, c1 = up;
    for (size_t i = 0; i < n; i++) {
        f0[i] = cost(r[i], d[i], p0);
        f1[i] = cost(r[i], d[i], p1);
        if (i > 0) {
            from1_to0[i] = c1 < c0;
            from1_to1[i] = c1 <= c0 + up;
            double a = from1_to0[i] ? c1 : c0, b = from1_to1[i] ? c1 : c0 + up;
            c0 = a;
            c1 = b;
        }
        c0 += f0[i];
        c1 += f1[i];
    }
    if (!(c1 < c0))
        return false;
    for (size_t i = n; i-- > 0;) {
        out->weight += f0[i] - f1[i];
        out->length++;
        if (i > 0 && !from1_to1[i])
            break;
    }
    return true;
}
