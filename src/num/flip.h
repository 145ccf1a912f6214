#ifndef NUM_FLIP_H
#define NUM_FLIP_H
/* The fewest votes that change the order of two models: those whose removal turns it round, chosen by their
 * influence (Broderick, Giordano and Meager 2020; Huang and others 2025, arXiv 2508.11847) and then proven by
 * refitting, and those that somebody would have to add. Pure. */
#include "num/bt.h"

struct flip {
    double gap;          /* strength of a minus that of b, natural */
    int64_t first_order; /* votes to remove by influence alone */
    int64_t removed; /* the smallest number, in that order, whose removal turns the order round in a refit; 0:
                        none found */
    int64_t direct;  /* of these, wins of a over b */
    double gap_after; /* the gap after removing first_order, refitted */
    int64_t added;    /* votes "b beats a" to add; 0: none found */
    int64_t votes;    /* of how many */
};
/* `fit` is a fit of `data` with its inverse; a is ahead of b. */
MUST bool flip_find(struct arena *arena, const struct bt_data *data, const struct bt_fit *fit, uint32_t a,
                    uint32_t b, struct flip *out, struct err *err);
#endif
