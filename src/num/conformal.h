#ifndef NUM_CONFORMAL_H
#define NUM_CONFORMAL_H
/* Ranges of hours from signs by split conformal prediction (Vovk, Gammerman, Shafer 2005; Lei et al. 2018,
 * JASA 113:1094): the score of a week is |true - S| / sqrt(S + 1); q is the 80 % conformal quantile of past
 * scores; the range is S ± q·sqrt(S + 1), not below 0. Pure. */
#include <stddef.h>

/* 53 weeks of two people whose hours were written down (REST 4): used until a person has 8 answers of their
 * own. */
#define CONFORMAL_SEED_Q 2.0207

struct range {
    double low, high;
};
double conformal_score(double truth, double signs);
/* The ceil((n+1)·level)-th smallest of `scores` (sorted in place); the largest when that is beyond n. n > 0,
 * 0 < level < 1. */
double conformal_quantile(double *scores, size_t n, double level);
struct range conformal_range(double signs, double q);
#endif
