#ifndef NUM_SPECIAL_H
#define NUM_SPECIAL_H
/* Functions of probability that libm lacks. */

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
#endif
