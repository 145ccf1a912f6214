#ifndef NUM_NEXT_H
#define NUM_NEXT_H
/* Which pair to compare next, and how many votes a pair still needs. Every pair keeps a chance: connection
 * and honest errors need that. Pure; seeded. */
#include "num/bt.h"
#include "num/rng.h"

/* A difference that is wanted: strength a minus strength b. */
struct next_want {
    uint32_t a, b;
};
/* What one vote on (a, b) takes from the variances of the wanted differences, by Sherman and Morrison. */
double next_gain(const struct bt_fit *fit, uint32_t a, uint32_t b, const struct next_want *want,
                 size_t wants);
/* Draw a pair with chance .8 by gain and .2 even, left and right at random; *chance is that of this pair in
 * this order. At least two models. */
MUST bool next_pair(struct arena *arena, const struct bt_fit *fit, const struct next_want *want, size_t wants,
                    struct rng *rng, uint32_t *left, uint32_t *right, double *chance, struct err *err);
/* The `most` pairs whose next vote takes most from the wanted variances, best first, each with its chance in
 * next_pair (either order). *n may be less. */
struct next_best {
    uint32_t a, b;
    double chance;
};
MUST bool next_best(struct arena *arena, const struct bt_fit *fit, const struct next_want *want, size_t wants,
                    size_t most, struct next_best *out, size_t *n, struct err *err);
/* Direct votes still needed to tell a from b at 95 % with power .8: `difference` natural, `se` its error now,
 * `effect` how many votes stand for one (clusters). INFINITY below 3 Elo: not worth asking. */
double next_votes(const struct bt_fit *fit, uint32_t a, uint32_t b, double difference, double se,
                  double effect);
#endif
