#ifndef NUM_ROBUST_H
#define NUM_ROBUST_H
/* Errors that do not trust the model's own variance: V = H⁺ S H⁺ (Huber 1967; White 1982), where S sums the
 * squared scores of single votes, or of clusters of votes that may hang together (Liang and Zeger 1986). A
 * tie counted as half varies less than a coin, so the model's own variance is too wide there: the sandwich is
 * what boards show. Pure. */
#include "num/bt.h"

/* S of single votes, from pair counts: upper and lower triangle into `meat` (fit->size squared). */
void robust_meat(const struct bt_data *data, const struct bt_fit *fit, double *meat);

/* S of clusters, a vote at a time: all votes of one cluster, then robust_close. */
struct robust {
    size_t size;
    double *sum;       /* of the cluster that is open */
    uint32_t *touched; /* which places of it */
    bool *is_touched;
    size_t touched_n, clusters;
    double *meat; /* size by size, upper triangle until robust_done */
};
MUST bool robust_begin(struct arena *arena, size_t size, struct robust *out, struct err *err);
void robust_add(struct robust *r, uint32_t place, double score);
void robust_close(struct robust *r);
/* Mirror the meat and multiply it by G/(G-1), the correction for few clusters, when `corrected`. */
void robust_done(struct robust *r, bool corrected);

/* V = H⁺ S H⁺ into `out`; `work` as large. */
void robust_cov(const struct bt_fit *fit, const double *meat, double *out, double *work);
#endif
