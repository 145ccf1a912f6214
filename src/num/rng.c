/* xoshiro256** 1.0 by Blackman and Vigna (2018, "Scrambled linear pseudorandom number generators"), its state
 * filled by splitmix64 as they advise: 256 bits of state, period 2^256 - 1, the same numbers on every
 * machine. */
#include "num/rng.h"

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
