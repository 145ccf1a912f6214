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
#endif
