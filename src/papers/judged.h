#ifndef PAPERS_JUDGED_H
#define PAPERS_JUDGED_H
/* How good odds were: given for the candidates of past years as they would have been given then, and held
 * against what became of them. */
#include "papers/trends.h"

struct judged {
    size_t n, clusters;
    const struct trend_case **of;
    double *p, *base; /* the odds; the share of lasting ones among the cases they were learned from */
    bool *lasting;
    uint32_t *cluster;
    enum method method; /* of all the fits; METHODS: they differ; BY_SHIPPED: there is none */
    size_t trained;     /* cases the last of the fits learned from */
};
/* Walk-forward: origins T with at least TRENDS_LEAST cases resolved by T, each judged by a fit on those. In
 * the arena. n = 0 where no origin is of this kind. */
MUST bool judge_forward(struct arena *arena, const struct trends *t, enum method method, struct judged *out,
                        struct err *err);
/* Each resolved origin by a fit on all the others: it looks ahead. */
MUST bool judge_leave_out(struct arena *arena, const struct trends *t, enum method method, struct judged *out,
                          struct err *err);
#endif
