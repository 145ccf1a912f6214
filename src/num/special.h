#ifndef NUM_SPECIAL_H
#define NUM_SPECIAL_H
/* Functions of probability that libm lacks. */
#include <stdint.h>
#include <string.h>

/* 1 / (1 + e^-x), without overflow. */
double special_logistic(double x);
/* log(1 / (1 + e^-x)), without overflow. */
double special_log_logistic(double x);
/* The p-quantile of the standard normal: Wichura 1988 (AS 241), 1e-15 relative. */
double special_normal_quantile(double p);
/* P(N(0,1) <= x). */
double special_normal(double x);
/* The p-quantile of Student's t with `df` > 0 degrees of freedom, by bisection on special_t. */
double special_t_quantile(double p, double df);
double special_t(double x, double df);
/* log of Euler's beta function; a, b > 0. */
double special_log_beta(double a, double b);
/* Wilson's interval (1927) for a share of `k` in `n` at the normal quantile `z`; n = 0 gives 0 and 1. */
void special_wilson(double k, double n, double z, double *low, double *high);
/* e^x for |x| <= 700 by 2^k e^r, |r| <= ln 2 / 2, r's part by its Taylor polynomial: 1e-15 relative. Written
 * so that a loop over it becomes vector code. */
static inline double special_exp_fast(double x)
{
    const double magic = 0x1.8p52;
    double k = x * 1.4426950408889634 + magic;
    int64_t bits;
    memcpy(&bits, &k, 8);
    k -= magic;
    double r = x - k * 0x1.62e42fefa3800p-1 - k * 0x1.ef35793c76730p-45;
    double p = 1.0 / 6227020800.0;
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r + 1;
    p = p * r + 1;
    uint64_t scale = ((uint64_t)bits + 1023) << 52;
    double two;
    memcpy(&two, &scale, 8);
    return p * two;
}
#endif
