#ifndef NUM_RNG_H
#define NUM_RNG_H
/* Seeded pseudo-random numbers, the same on every machine: xoshiro256** (Blackman and Vigna 2018), seeded by
 * splitmix64. Not for secrets (crypt/rand.h). */
#include <stdint.h>

struct rng {
    uint64_t s[4];
};
void rng_seed(struct rng *rng, uint64_t seed);
uint64_t rng_next(struct rng *rng);
/* Uniform in 0..n-1 without bias; n > 0. */
uint64_t rng_below(struct rng *rng, uint64_t n);
/* Uniform in [0, 1) with 53 bits. */
double rng_unit(struct rng *rng);
/* Standard normal: Marsaglia's polar method (1964), one of its two numbers used. */
double rng_normal(struct rng *rng);
/* Poisson with mean >= 0: by inversion below 30, above it Hormann's PTRS (1993). */
uint64_t rng_poisson(struct rng *rng, double mean);
/* The same where e^-mean is known: for drawing from one mean again and again. */
uint64_t rng_poisson_known(struct rng *rng, double mean, double exp_minus);
/* Gamma with shape > 0 and scale 1: Marsaglia and Tsang 2000. */
double rng_gamma(struct rng *rng, double shape);
static inline double rng_chi_square(struct rng *rng, double df)
{
    return 2 * rng_gamma(rng, df / 2);
}
#endif
