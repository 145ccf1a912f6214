#ifndef PAPERS_VEC_LEARN_H
#define PAPERS_VEC_LEARN_H
/* Learning vectors from the papers that are here, in slices: each begins from rows, goes on for some time and
 * keeps how far it came as one transaction, so that a kill loses one slice and the old model serves
 * meanwhile. Whatever the slices, the same papers give the same bits. */
#include "papers/vec_model.h"

enum { LEARN_PAPERS = 200000 /* the newest so many */, LEARN_AGAIN = 30 /* days */ };

/* Whether there is something to learn: begun and not done, or a model without its papers' vectors, or
 * VEC_LEAST papers and no model, or one older than LEARN_AGAIN days with papers since. */
MUST bool vec_learn_due(struct db *db, int32_t today, bool *due, struct err *err);

struct vec_progress {
    uint64_t done, of; /* batches */
    bool ready;        /* a model serves and nothing is left to do */
};
/* Go on for about `ms` milliseconds; begin when nothing is begun (E_MISSING below VEC_LEAST papers with an
 * abstract). hands: threads, 0: one for each processor. The clock is asked for nothing but the time that is
 * left. */
MUST bool vec_learn(struct db *db, int32_t today, int64_t ms, unsigned hands, struct vec_progress *out,
                    struct err *err);
/* Within db_write: forget what was begun, so that learning begins anew; the model that serves stays. */
MUST bool vec_learn_forget(struct db *db, struct err *err);
#endif
