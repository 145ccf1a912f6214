#ifndef NUM_TWIN_H
#define NUM_TWIN_H
/* Words as vectors, learned so that two texts of one paper lie close together and far from the others'
 * (PAPERS section 7 B). A text is a bag of words with weights x of unit length; its vector is u = xE / |xE|.
 * In a batch of n papers, each with two texts, Z = 20 u vᵀ should have its diagonal on top, by rows and by
 * columns: the loss is the mean of half of both cross-entropies (van den Oord, Li and Vinyals 2018). Rows of
 * E move by Adagrad with one sum of squares a row (Duchi, Hazan and Singer 2011).
 *
 * A step is split into parts that may run at the same time; each sum is made by one of them, in a fixed
 * order, so that the bits do not depend on how many there are. Pure; seeded. */
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "num/rng.h"

enum { TWIN_BATCH = 1024, TWIN_DIMS = 200, TWIN_PARTS = 8 };

struct twin {
    size_t words, dims; /* dims: a multiple of 8 */
    float *e;           /* words by dims */
    float *squares;     /* by word */
};
/* Start at random: N(0, 1/dims) from `seed`. All of it is freed by twin_free. */
MUST bool twin_make(struct twin *out, size_t words, size_t dims, uint64_t seed, struct err *err);
void twin_free(struct twin *twin);
#define AUTO_TWIN __attribute__((cleanup(twin_free)))

/* The texts of a batch: text i of `2 n` has the places start[i] … start[i + 1]; paper k has the texts k and
 * n + k. x of a text has unit length. */
struct twin_batch {
    size_t n, room;
    uint32_t *start, *word;
    float *x;
};

/* Who runs `work` for part 0 … parts - 1, at the same time or one after the other, and returns when all are
 * done; parts <= TWIN_PARTS. */
struct twin_crew {
    unsigned parts;
    void (*run)(void *crew, void (*work)(void *arg, unsigned part, unsigned parts), void *arg);
    void *crew;
};
struct twin_work;
/* Room for the steps of one batch size; NULL when there is no memory. */
struct twin_work *twin_work_new(size_t batch, size_t dims, size_t words, struct err *err);
void twin_work_free(struct twin_work *work);
/* One step with rate `rate` on a batch of 2 … TWIN_BATCH papers; *loss is the loss before it. crew: NULL for
 * one part. */
MUST bool twin_step(struct twin *twin, const struct twin_batch *batch, float rate, struct twin_work *work,
                    const struct twin_crew *crew, double *loss, struct err *err);
#endif
