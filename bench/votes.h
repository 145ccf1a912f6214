#ifndef BENCH_VOTES_H
#define BENCH_VOTES_H
/* Votes made up from known strengths, the same on every machine: N votes among K models, four style columns,
 * ties by Davidson, voters of very different zeal. For tests and for timing. */
#include <math.h>
#include <stdint.h>

#include "num/rng.h"

enum { GENERATE_MODELS = 512 };
struct generator {
    struct rng rng;
    uint64_t votes, at;
    unsigned models;
    double theta[GENERATE_MODELS], share[GENERATE_MODELS]; /* share: sums of popularity */
};
struct generated {
    unsigned a, b;
    int outcome; /* 0 a, 1 b, 2 tie, 3 both bad */
    double style[4], when;
    uint64_t judge;
};
static const double generate_beta[4] = {0.25, 0.05, 0.08, 0.04};

static inline double generate_normal(struct rng *rng) /* Box and Muller */
{
    double u = 1 - rng_unit(rng), v = rng_unit(rng);
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

/* Strengths 0.6 N(0,1); the model of popularity rank r is drawn with weight r^-0.8. */
static inline void generate_begin(struct generator *g, unsigned models, uint64_t votes, uint64_t seed)
{
    unsigned rank[GENERATE_MODELS];
    double sum = 0;
    *g = (struct generator){.models = models, .votes = votes};
    rng_seed(&g->rng, seed);
    for (unsigned i = 0; i < models; i++) {
        g->theta[i] = 0.6 * generate_normal(&g->rng);
        rank[i] = i;
    }
    for (unsigned i = models; i-- > 1;) {
        unsigned j = (unsigned)rng_below(&g->rng, i + 1), t = rank[i];
        rank[i] = rank[j];
        rank[j] = t;
    }
    for (unsigned i = 0; i < models; i++)
        g->share[i] = sum += pow(rank[i] + 1, -0.8);
}

static inline unsigned generate_model(struct generator *g)
{
    double u = rng_unit(&g->rng) * g->share[g->models - 1];
    unsigned low = 0, high = g->models - 1;
    while (low < high) {
        unsigned half = (low + high) / 2;
        if (g->share[half] > u)
            high = half;
        else
            low = half + 1;
    }
    return low;
}

static inline struct generated generate_next(struct generator *g)
{
    struct generated v = {.a = generate_model(g)};
    do
        v.b = generate_model(g);
    while (v.b == v.a);
    double x = g->theta[v.a] - g->theta[v.b];
    for (int f = 0; f < 4; f++) {
        v.style[f] = generate_normal(&g->rng);
        x += generate_beta[f] * v.style[f];
    }
    double a = exp(x / 2), b = exp(-x / 2), u = rng_unit(&g->rng) * (a + b + 1);
    v.outcome = u < a ? 0 : u < a + b ? 1 : rng_unit(&g->rng) < 0.5 ? 2 : 3;
    double z = rng_unit(&g->rng);
    v.judge = (uint64_t)(z * z * z * (double)g->votes / 8);
    v.when = 1700000000 + 0.1 * (double)g->at++;
    return v;
}
#endif
