#ifndef NUM_BURST_H
#define NUM_BURST_H
/* Bursts in a series of counts: Kleinberg 2003, "Bursty and hierarchical structure in streams", the batched
 * kind with two states. Pure. */
#include <stdbool.h>
#include <stddef.h>

enum { BURST_UNITS = 64 };

struct burst {
    double weight; /* sum of (cost of state 0 - cost of state 1) over the run of 1s that ends the series */
    unsigned length;
};
/* r[i] of d[i] > 0 papers hold the term, i < n <= BURST_UNITS. p0 = Σr/Σd, p1 = min(2 p0, .9999); going up
 * costs ln n, going down nothing; ties go to state 0, except staying in 1. True when the last unit is in
 * state
 * 1. Fewer than five papers in all: never. */
bool burst_fit(const double *r, const double *d, size_t n, struct burst *out);
#endif
