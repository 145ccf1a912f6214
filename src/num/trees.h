#ifndef NUM_TREES_H
#define NUM_TREES_H
/* Extremely randomised trees for odds of two outcomes: Geurts, Ernst and Wehenkel 2006. Each tree sees all
 * rows; at a node some features are drawn, each with one cut drawn evenly between its least and largest value
 * there, and the cut that parts the outcomes best (Gini) is taken. A leaf's odds are its share; the trees'
 * are averaged. Pure; seeded: the same rows in the same order give the same bits. */
#include <stdint.h>

#include "num/verdict.h"

struct trees_node {
    double cut;      /* of a leaf: its share of lasting rows */
    uint32_t higher; /* node for values above the cut; the other one follows this node. 0: a leaf */
    uint32_t feature;
};
struct trees_model {
    size_t n, features;
    double *median; /* stands for what is missing */
    struct trees_node **tree;
};
struct trees_how {
    size_t trees, leaf; /* how many; the fewest rows of a leaf */
    double share;       /* of the features are drawn at a node */
    uint64_t seed;
};
/* Grow them; all is in the arena. At least one row of each outcome, else E_MISSING. */
MUST bool trees_grow(struct arena *arena, const struct verdict_rows *rows, const struct trees_how *how,
                     struct trees_model *out, struct err *err);
double trees_odds(const struct trees_model *trees, const double *x);
#endif
