#ifndef ARENA_RANK_H
#define ARENA_RANK_H
/* A board from counted votes: which models stand on one scale, their ratings with errors, and the places each
 * may truly have. Everything is worked out here once; terminal, JSON and pages draw it. */
#include "arena/votes.h"
#include "num/bt.h"
#include "num/connect.h"
#include "num/flip.h"
#include "num/ranks.h"

struct rank_ask {
    enum bt_ties ties;
    bool ties_auto;     /* Davidson or Rao-Kupper, whichever is likelier per vote */
    bool bad_is_tie;    /* count "both are bad" as a tie; else apart */
    bool bootstrap;     /* intervals from refits of drawn votes */
    const char *anchor; /* this model's rating is 1000; NULL: the mean is */
    uint64_t seed;
    size_t draws;  /* of the rank sets; 0: 4000 */
    size_t refits; /* of the bootstrap; 0: 100 */
    bool no_sets;  /* leave rank sets out */
    bool no_lead;  /* leave out what concerns first place and next votes */
    bool fit_only; /* strengths alone: no errors, no places, no warnings on them */
    const double
        *start; /* strengths by model to start the fit from (NaN: none), start_n of them; NULL: none */
    size_t start_n;
    const bool *without; /* by model: leave its votes out; NULL: none */
};

/* What can be said of a model that has no rating, from its votes against rated ones. */
enum rank_bound { BOUND_NONE, BOUND_LEAST, BOUND_MOST };

struct ranked {
    uint32_t model; /* its number among votes->models */
    struct span name;
    size_t component; /* 0: the board; others stand apart */
    size_t island;    /* 0: compared, through others, with the board; others: nobody compared them */
    bool rated;
    uint32_t fit;                        /* its number in the fit, when rated */
    double logit, se;                    /* natural; mean 0 */
    double rating, rating_se, low, high; /* Elo points; 95 % */
    size_t place_low, place_high;        /* simultaneous rank set, 95 % */
    size_t tier;                         /* models with the same rank set share it, from 1 */
    int64_t votes, wins, losses, ties, bad;
    double bad_share, bad_low,
        bad_high;     /* of its battles, those in which both were called bad; Wilson 95 % */
    double effective; /* votes that errors by cluster leave it; = votes without clusters */
    double apart;     /* not rated, in a component of its own: natural logit within that, mean 0 */
    enum rank_bound bound;
    double bound_rating;
    size_t draws_lost; /* bootstrap: draws in which it had no finite rating */
};

struct rank_style {
    bool used; /* columns of style were asked for */
    bool side; /* the left side's advantage was fitted: the last of `at` */
    size_t features;
    struct {
        const char *name;
        double value, se; /* natural logits per standard deviation */
        bool dropped;     /* no spread, or a mixture of the others */
    } at[STYLE_MOST + 1];
};

/* How style columns were turned into features: z = (column - mean) * by; column STYLE_MOST is the side. */
struct style_columns {
    size_t features;
    int column[STYLE_MOST + 1];
    double mean[STYLE_MOST + 1], by[STYLE_MOST + 1];
};

/* First place against the second. */
struct rank_lead {
    bool known;
    double difference, se, low, high; /* Elo points; 95 %, one look */
    double always_low, always_high;   /* valid however often one looks, for any pair of the board */
    bool always_known;                /* both have the votes that takes */
    bool flip_known;
    struct flip flip;
};

/* What a pair of neighbours in rank, not told apart, still needs. */
struct rank_need {
    uint32_t a, b; /* by their place in ranking->at */
    double votes;  /* direct ones; INFINITY: too near each other to be worth asking */
};

/* What to ask next: a pair whose vote takes most from the errors of open orders. */
enum { NEXT_MOST = 5 };
struct rank_next {
    uint32_t a, b; /* by their place in ranking->at */
    double chance; /* with which the pair is drawn when pairs are drawn by use (num/next.h) */
};

struct ranking {
    struct ranked *at; /* rated ones first, best first; then the others by component */
    size_t n, rated;
    struct bt_data data; /* pair counts of the board's models, numbered as in the fit */
    struct bt_fit fit;
    const uint32_t *model_of; /* by number in the fit: the model */
    uint32_t *fit_of;         /* by model; UINT32_MAX: not rated */
    double *cov;              /* rated by rated, in the order of the fit */
    struct ranks sets;
    bool sets_known;
    struct rank_style style;
    struct style_columns style_columns;
    struct rank_lead lead;
    struct rank_need *need;
    size_t needs;
    struct rank_next next[NEXT_MOST]; /* best first */
    size_t nexts;
    struct connect connect;
    struct rank_ask ask; /* with defaults filled in, ties chosen */
    double per_vote[3];  /* likelihood a vote of each model of ties that was fitted; NAN: not */
    size_t clusters[CLUSTERS_MOST];
    double df;       /* of Student's t; 0: normal */
    double quantile; /* what 95 % intervals are made with */
    double few;      /* G/(G-1): how much variances were raised for few clusters; `se` is without it */
    const char **warning;
    size_t warnings, warnings_room;
};

/* Work the board out. Everything is in `arena`. E_FORMAT when there is nothing to rank. */
MUST bool rank_make(struct arena *arena, struct votes *votes, const struct rank_ask *ask, struct ranking *out,
                    struct err *err);
/* One more warning (copied). */
MUST bool rank_warn(struct arena *arena, struct ranking *r, const char *text, struct err *err);
/* Where `name` stands in out->at, or SIZE_MAX. */
size_t rank_named(const struct ranking *r, struct span name);
const char *rank_ties_name(enum bt_ties ties);

/* arena/rank_bounds.c: what won (or lost) everything gets a bound. */
MUST bool rank_bounds(const struct votes *votes, struct ranking *r, struct err *err);
/* arena/rank_lead.c: first place, and votes still needed. Once r->at is sorted. */
MUST bool rank_lead(struct arena *arena, const struct votes *votes, struct ranking *r, struct err *err);
/* arena/rank_boot.c: intervals by drawn votes instead of the normal ones. Once r->at is rated. */
MUST bool rank_boot(struct arena *arena, struct votes *votes, struct ranking *r, struct err *err);
/* arena/rank_errors.c: covariance of the board, plain or by cluster. */
MUST bool rank_errors(struct arena *arena, struct votes *votes, struct ranking *r, struct err *err);
#endif
