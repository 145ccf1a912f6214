#ifndef NUM_BT_H
#define NUM_BT_H
/* Strengths from paired comparisons, by Newton's method on pair counts: what it costs depends on models and
 * pairs, not on votes. Three ways to take a tie:
 *   BT_HALF       Bradley and Terry 1952, a tie half a win for each: quasi-likelihood
 *   BT_DAVIDSON   Davidson 1970: p(tie) = nu / Z, the parameter is kappa = ln nu
 *   BT_RAO_KUPPER Rao and Kupper 1967: a threshold eta > 0
 * Strengths are natural logits that sum to 0 over the models. The maximum is there and unique when the graph
 * of wins and ties is strongly connected (Ford 1957; num/connect.h); nothing is shrunk, so a caller looks
 * first. Pure. */
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

enum bt_ties { BT_HALF, BT_DAVIDSON, BT_RAO_KUPPER };
enum bt_outcome { BT_WIN, BT_LOSS, BT_TIE };

/* Votes between two models, i < j, as i sees them. */
struct bt_pair {
    uint32_t i, j;
    int64_t count[3]; /* by enum bt_outcome */
};
struct bt_data {
    size_t models, n; /* n pairs, in any order, each once */
    const struct bt_pair *pair;
};

/* Log-likelihood of one pair and its derivatives by the difference x = theta_i - theta_j and by the parameter
 * of ties; the second ones with a minus sign: information. */
struct bt_slope {
    double x, tie, xx, xtie, tietie;
};
/* The derivatives for counts of wins, losses, ties (need not be whole). `tie` is kappa or eta. */
struct bt_slope bt_slope(enum bt_ties ties, double x, double tie, double win, double loss, double tied);
/* The first derivatives of one vote: by x, and by the parameter of ties (0 when there is none). */
void bt_score(enum bt_ties ties, double x, double tie, enum bt_outcome y, double *by_x, double *by_tie);
/* Its log-likelihood. */
double bt_likelihood(enum bt_ties ties, double x, double tie, double win, double loss, double tied);
/* p[BT_WIN], p[BT_LOSS], p[BT_TIE]; BT_HALF: no ties, p[BT_TIE] is 0. */
void bt_chances(enum bt_ties ties, double x, double tie, double p[static 3]);

/* Fitted: at[0..models-1] strengths; then, but for BT_HALF, kappa or eta. */
struct bt_fit {
    enum bt_ties ties;
    size_t models, size; /* size: models, and one more where ties have a parameter */
    double *at;
    double likelihood; /* of all votes, natural log */
    double votes;
    int steps;
    double *inverse; /* the information's inverse on strengths that sum to 0, size by size */
};

/* Room to fit boards of the same size again and again without asking for memory. */
struct bt_room {
    size_t size;
    double *a, *b, *slope, *step, *trial;
    double pinned;       /* what bt_pin added */
    const double *fresh; /* `a` holds the information at these strengths, as bt_refit left it */
};
MUST bool bt_room_make(struct arena *arena, size_t size, struct bt_room *room, struct err *err);
size_t bt_size(enum bt_ties ties, size_t models);

/* Fit into fit->at, which has bt_size places; it holds the start (all 0 is good). Likelihood and votes are
 * left alone. False when Newton finds no maximum: the votes do not fix one. */
MUST bool bt_refit(const struct bt_data *data, enum bt_ties ties, struct bt_room *room, struct bt_fit *fit,
                   struct err *err);
/* The same from scratch or from `start` (bt_size places, may be NULL), with memory of its own and the
 * inverse. */
MUST bool bt_fit(struct arena *arena, const struct bt_data *data, enum bt_ties ties, const double *start,
                 struct bt_fit *out, struct err *err);
/* The inverse of the information at fit->at into fit->inverse, which has size*size places. */
MUST bool bt_invert(const struct bt_data *data, struct bt_room *room, struct bt_fit *fit, struct err *err);
/* Give the direction in which all strengths move together, which votes cannot fix, the size of the others: a
 * number is added to all of their entries (upper triangle). Returns it; times models squared it is that
 * direction's eigenvalue. */
double bt_pin(double *info, size_t size, size_t models);
/* The parameter of ties as it is written: kappa, or ln eta; 0 for BT_HALF. */
double bt_tie_parameter(const struct bt_fit *fit);
/* Elo points of one natural logit: 400 / ln 10. */
#define BT_ELO 173.71779276130073
#endif
