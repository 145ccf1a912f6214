#ifndef NUM_STATS_H
#define NUM_STATS_H
/* Order statistics of small samples. Pure. */
#include <stddef.h>

/* Ascending, in place. No NaN. */
void stats_sort(double *values, size_t n);
/* The `p`-quantile (0..1) of n > 0 values, sorted in place: type 7 of Hyndman and Fan 1996 (linear between
 * order statistics). */
double stats_quantile(double *values, size_t n, double p);
#endif
