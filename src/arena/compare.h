#ifndef ARENA_COMPARE_H
#define ARENA_COMPARE_H
/* What changed between two boards, and what did not. The boards share votes, so their errors go together: the
 * covariance of a change is summed over clusters (of voters, or of single votes by their ids) from what each
 * adds to both. A change is split into four causes that add up to it. */
#include "arena/rank.h"
#include "arena/sayings.h"
#include "codec/json.h"

enum compare_cause { CAUSE_METHOD, CAUSE_WITHDRAWN, CAUSE_VOTES, CAUSE_NEWCOMERS, CAUSES };

struct change {
    struct span name;
    uint32_t old_model, new_model; /* numbers among each file's models */
    double delta, se, low, high;   /* Elo points, centred on the models common to both */
    bool significant;
    double cause[CAUSES];        /* Elo points; they sum to delta */
    bool causes_known;           /* every board in between rates it */
    size_t old_place, new_place; /* by rating, among the common models */
};
struct swap {
    size_t above, below; /* places in changes->at: now above, now below; it was the other way round */
    bool significant;
};
struct comparison {
    struct change *at; /* by new rating */
    size_t n;
    struct swap *swap;
    size_t swaps, swaps_significant;
    struct span *newcomer, *withdrawn;
    size_t newcomers, withdrawns;
    uint64_t shared, vanished, added; /* votes */
    bool daily, method_known;
    size_t places_moved, by_newcomers,
        by_method; /* places among the common models; the rest by votes alone */
    struct ranking old, new;
};
struct compare_ask {
    struct rank_ask old, new;
    bool method_known; /* `old` was said, not assumed */
    bool once;         /* one look, not one of many against the same base */
};
/* `old` and `new` are read with the same clusters, the last of which is "row", and share their numbers
 * (votes_share_clusters). */
MUST bool compare_make(struct arena *arena, struct votes *old, struct votes *new,
                       const struct compare_ask *ask, struct comparison *out, struct err *err);
/* Whether both boards have the votes of this model from which on looking every day is allowed: 100 that
 * count. Fewer are never called a change. */
bool compare_enough(const struct comparison *c, const struct change *m);
/* arena/compare_cov.c: the covariance of the changes of the `n` common models (natural logits, n by n),
 * centred; and each board's own. */
struct compare_cov {
    double *change, *old, *new;
};
MUST bool compare_covariance(struct arena *arena, struct votes *old, struct votes *new,
                             const struct comparison *c, struct compare_cov *out, struct err *err);
/* arena/compare_cells.c: the same from pair counts, for boards whose votes are not kept one by one: of each
 * pair and outcome as many votes are shared as both have. Fills shared, vanished and added. */
void compare_cells(const struct votes *old, const struct votes *new, struct comparison *c);
/* `mixed`, new's size by old's, has room and is zero: the sum over shared votes of their scores on both. */
void compare_cells_mixed(const struct votes *old, const struct votes *new, const struct comparison *c,
                         double *mixed);
/* In plain sentences: before `head` what did not change, which comes first. */
MUST bool compare_say(struct arena *arena, const struct comparison *c, struct sayings *out);
json_t *compare_json(const struct comparison *c);
MUST bool compare_text(struct arena *arena, const struct comparison *c, struct buf *out, struct err *err);
#endif
