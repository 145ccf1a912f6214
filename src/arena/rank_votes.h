#ifndef ARENA_RANK_VOTES_H
#define ARENA_RANK_VOTES_H
/* Kept votes as the fit sees them: models numbered as on the board, style standardised, what the board does
 * not count passed over. */
#include "arena/rank.h"
#include "num/bt_style.h"

struct rank_votes {
    struct votes *votes;
    const struct ranking *r;
    size_t features;
    int column[STYLE_FEATURES]; /* which style column each feature is; STYLE_MOST: the side (always 1) */
    double mean[STYLE_FEATURES], by[STYLE_FEATURES]; /* z = (column - mean) * by */
    size_t block, at, n;                             /* where in the spool the next vote is */
    const void *records;
};
/* `features`: those that the fit took, in order; see arena/rank_style.c. */
void rank_votes_begin(struct rank_votes *rv, struct votes *votes, const struct ranking *r);
void rank_votes_rewind(struct rank_votes *rv);
/* The next vote that counts, and its clusters (may be NULL). *any is false at the end. */
MUST bool rank_votes_next(struct rank_votes *rv, struct style_vote *out, uint32_t *clusters, bool *any,
                          struct err *err);

/* arena/rank_style.c: fit strengths and style together; r->fit is replaced, and the meat of single votes left
 * in *meat. */
MUST bool rank_style_fit(struct arena *arena, struct votes *votes, struct ranking *r, struct rank_votes *rv,
                         double **meat, struct err *err);
/* arena/rank_clusters.c: the meat of clusters of column `which` (0, 1), or of both at once (2), in `out`
 * (size squared); *clusters is how many there were. */
MUST bool rank_clusters(struct rank_votes *rv, int which, double *out, size_t *clusters, struct err *err);
#endif
