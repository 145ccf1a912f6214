#ifndef PAPERS_TASTE_H
#define PAPERS_TASTE_H
/* What one reader keeps, learned on the machine from papers kept and papers said to be not for them (PAPERS
 * section 4): a closed form first, w = (mean of kept - mean of all) / (variance of all + lambda), then a few
 * passes of logistic regression over both and the hardest of all other papers. The same papers give the same
 * weights to the bit. Pure. */
#include "papers/traits.h"

enum { TASTE_POOL = 4000 /* papers that stand for all others */ };

/* All papers as a background: how many have each trait, and some of them. */
struct ground {
    uint32_t papers;
    uint32_t *df;
    float *idf;             /* after ground_settle() */
    float *mean, *variance; /* of the pool's values; after ground_settle() */
    struct traits *pool;    /* counts; values after ground_settle() */
    int64_t *pool_id;
    size_t pool_n;
};
MUST bool ground_begin(struct ground *g, struct err *err);
/* Count a paper; `pooled`: keep its traits too, up to TASTE_POOL. */
MUST bool ground_add(struct ground *g, const struct traits *counts, int64_t id, bool pooled, struct err *err);
void ground_settle(struct ground *g);
void ground_free(struct ground *g);
#define AUTO_GROUND __attribute__((cleanup(ground_free)))

struct example {
    struct traits traits; /* weighed */
    int64_t id;
    bool kept;    /* else: not for me */
    float weight; /* 1 now, half after a year */
};
struct taste {
    float *weight; /* TRAITS */
    float bias;
    bool known; /* something was kept */
};
/* `examples`: in an order that depends on nothing but them. */
MUST bool taste_learn(const struct ground *g, const struct example *examples, size_t n, struct taste *out,
                      struct err *err);
void taste_free(struct taste *t);
#define AUTO_TASTE __attribute__((cleanup(taste_free)))
/* How near a paper is to the kept ones, in [0, 1]: a half for one that is nearer than nine in ten of all
 * others. */
float taste_score(const struct taste *t, const struct traits *paper);
/* The same before it is squeezed into [0, 1]: for ranking. */
float taste_sum(const struct taste *t, const struct traits *paper);
/* Half after a year. */
float taste_age(int32_t days);
#endif
