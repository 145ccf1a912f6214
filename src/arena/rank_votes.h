#ifndef ARENA_RANK_VOTES_H
#define ARENA_RANK_VOTES_H
/* Kept votes as the fit sees them: models numbered as on the board, style standardised, what the board does
 * not count passed over. */
#include "arena/rank.h"
#include "num/bt_style.h"

struct rank_votes {
    struct votes *votes;
    const struct ranking *r;
    struct style_columns style;
    size_t block, at, n; /* where in the spool the next vote is */
    const void *records;
};
/* With the style columns that the board's fit took. */
void rank_votes_begin(struct rank_votes *rv, struct votes *votes, const struct ranking *r);
void rank_votes_rewind(struct rank_votes *rv);
/* Up to `most` votes that count, without their clusters; *n is 0 at the end. */
MUST bool rank_votes_some(struct rank_votes *rv, struct style_vote *out, size_t most, size_t *n,
                          struct err *err);
/* The next vote that counts, and its clusters (may be NULL). *any is false at the end. */
MUST bool rank_votes_next(struct rank_votes *rv, struct style_vote *out, uint32_t *clusters, bool *any,
                          struct err *err);

/* arena/rank_style.c: fit strengths and style together; r->fit is replaced, and the meat of single votes left
 * in *meat. */
MUST bool rank_style_fit(struct arena *arena, struct votes *votes, struct ranking *r, struct rank_votes *rv,
                         double **meat, struct err *err);
/* A vote laid out by cluster: `other` is its second cluster. */
struct rank_slot {
    uint32_t other;
    struct style_vote vote;
};
struct robust;
/* How many votes each cluster of `column` has, added to of[cluster]. */
MUST bool rank_cluster_sizes(struct rank_votes *rv, int column, uint32_t *of, struct err *err);
/* The votes of clusters from..to-1 into their places: next[c - from] is where the next one of c goes. */
MUST bool rank_lay_out(struct rank_votes *rv, int column, uint32_t from, uint32_t to, size_t *next,
                       struct rank_slot *slots, struct err *err);
/* Add a vote's score at r->fit. */
void rank_add_score(struct robust *sum, const struct rank_votes *rv, const struct style_vote *v);
/* arena/rank_clusters.c: the meat of clusters of column `which` (0, 1), or of both at once (2), in `out`
 * (size squared); *clusters is how many there were. */
MUST bool rank_clusters(struct rank_votes *rv, int which, double *out, size_t *clusters, struct err *err);
#endif
