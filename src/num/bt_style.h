#ifndef NUM_BT_STYLE_H
#define NUM_BT_STYLE_H
/* Strengths fitted together with what an answer's style adds: x = theta_a - theta_b + z · beta, one Newton
 * over all of it, nothing shrunk. Goes through the votes once a step, in blocks that the caller hands over,
 * so that they may lie in a file. Pure. */
#include "num/bt.h"

enum { STYLE_FEATURES = 5, STYLE_BLOCK = 2048 };

/* One vote; a stood on the left; `y` is what a got. */
struct style_vote {
    uint32_t a, b, y;
    float z[STYLE_FEATURES];
};
struct style_votes {
    void *from;
    /* Up to STYLE_BLOCK votes of block `block` (from 0 on) into `out`; *n is 0 behind the last. */
    bool (*block)(void *from, size_t block, struct style_vote *out, size_t *n, struct err *err);
    size_t features; /* the first so many of z are used */
};
/* Fit into out->at: strengths, the parameter of ties, features; start: strengths of a fit without style, may
 * be NULL. out->inverse and `meat` (out->size squared, of single votes) are made in `arena`. *weak is the
 * feature that cannot be told from the others or from the models (E_FORMAT and *weak < features then), else
 * features. */
MUST bool style_fit(struct arena *arena, const struct style_votes *votes, size_t models, enum bt_ties ties,
                    const double *start, struct bt_fit *out, double **meat, size_t *weak, struct err *err);
/* The score of one vote at the fit: by x, and by the parameter of ties. */
void style_score(const struct bt_fit *fit, const struct style_vote *v, size_t features, double *by_x,
                 double *by_tie);
#endif
