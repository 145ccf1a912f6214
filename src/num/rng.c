/* xoshiro256** 1.0 by Blackman and Vigna (2018, "Scrambled linear pseudorandom number generators"), its state
 * filled by splitmix64 as they advise: 256 bits of state, period 2^256 - 1, the same numbers on every
 * machine. */
#include "num/rng.h"

#include <math.h>

#include "base/banned.h"

static uint64_t turn(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

void rng_seed(struct rng *rng, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        rng->s[i] = splitmix64(&seed);
}

uint64_t rng_next(struct rng *rng)
{
    uint64_t *s = rng->s, out = turn(s[1] * 5, 7) * 9, shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = turn(s[3], 45);
    return out;
}

uint64_t rng_below(struct rng *rng, uint64_t n)
{
    /* 2^64 mod n numbers too many: those below that are drawn anew, so that each remainder is as likely as
     * the others. */
    uint64_t surplus = (0 - n) % n, r;
    do
        r = rng_next(rng);
    while (r < surplus);
    return r % n;
}

double rng_unit(struct rng *rng)
{
    return (double)(rng_next(rng) >> 11) * 0x1p-53;
}

double rng_normal(struct rng *rng)
{
    double u, v, s;
    do {
        u = 2 * rng_unit(rng) - 1;
        v = 2 * rng_unit(rng) - 1;
        s = u * u + v * v;
    } while (s >= 1 || s == 0);
    return u * sqrt(-2 * log(s) / s);
}

/* By inversion: the sum of chances passes one uniform number. */
static uint64_t poisson_small(struct rng *rng, double mean, double exp_minus)
{
    static const double over[] = {1.0 / 1,  1.0 / 2,  1.0 / 3,  1.0 / 4,  1.0 / 5,  1.0 / 6,
                                  1.0 / 7,  1.0 / 8,  1.0 / 9,  1.0 / 10, 1.0 / 11, 1.0 / 12,
                                  1.0 / 13, 1.0 / 14, 1.0 / 15, 1.0 / 16};
    enum { TABLE = sizeof over / sizeof *over };
    double u = rng_unit(rng), chance = exp_minus, sum = chance;
    uint64_t k = 0;
    while (u > sum && k < 200) { /* beyond 200 the chance is below what a double holds */
        chance *= k < TABLE ? mean * over[k] : mean / (double)(k + 1);
        sum += chance;
        k++;
    }
    return k;
}

/* Transformed rejection: a hat over the density of which a share of more than 0.9 is taken at once. */
uint64_t rng_poisson(struct rng *rng, double mean)
{
    return rng_poisson_known(rng, mean, mean < 30 ? exp(-mean) : 0);
}

uint64_t rng_poisson_known(struct rng *rng, double mean, double exp_minus)
{
    if (mean < 30)
        return poisson_small(rng, mean, exp_minus);
    double root = sqrt(mean), b = 0.931 + 2.53 * root, a = -0.059 + 0.02483 * b;
    double inverse = 1.1239 + 1.1328 / (b - 3.4), quick = 0.9277 - 3.6224 / (b - 2), logs = log(mean);
    for (;;) {
        double u = rng_unit(rng) - 0.5, v = rng_unit(rng), us = 0.5 - fabs(u);
        double k = floor((2 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= quick)
            return (uint64_t)k;
        if (k < 0 || (us < 0.013 && v > us))
            continue;
        int sign;
        if (log(v) + log(inverse) - log(a / (us * us) + b) <= -mean + k * logs - lgamma_r(k + 1, &sign))
            return (uint64_t)k;
    }
}

double rng_gamma(struct rng *rng, double shape)
{
    if (shape < 1) {
        double u = rng_unit(rng);
        return rng_gamma(rng, shape + 1) * pow(u > 0 ? u : 0x1p-53, 1 / shape);
    }
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = rng_normal(rng), v = 1 + c * x, u = rng_unit(rng);
        if (v <= 0)
            continue;
        v = v * v * v;
        if (u < 1 - 0.0331 * x * x * x * x || log(u) < 0.5 * x * x + d * (1 - v + log(v)))
            return d * v;
    }
}
