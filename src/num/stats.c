/* Order statistics of small samples. */
#include "num/stats.h"

#include <math.h>
#include <stdlib.h>

#include "base/banned.h"

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void stats_sort(double *values, size_t n)
{
    if (n > 1)
        qsort(values, n, sizeof *values, by_value);
}

double stats_quantile(double *values, size_t n, double p)
{
    stats_sort(values, n);
    /* Type 7: the h-th order statistic, h = (n - 1) p + 1, between its neighbours by linear interpolation. */
    double h = (double)(n - 1) * fmin(fmax(p, 0), 1), below = floor(h);
    size_t i = (size_t)below, j = i + 1 < n ? i + 1 : i;
    return values[i] + (h - below) * (values[j] - values[i]);
}
