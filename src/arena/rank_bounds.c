/* A model that won or lost everything has no finite rating; how low (or high) it could be is what its votes
 * against rated models still say: the strength at which they would have happened with probability .05. */
#include <math.h>

#include "arena/rank.h"
#include "num/special.h"

#include "base/banned.h"

/* Log probability of the decided votes of model m against rated ones when its strength is `at`. */
static double chance(const struct votes *v, const struct ranking *r, uint32_t m, bool won, double at)
{
    double sum = 0;
    for (size_t p = 0; p < v->pairs; p++) {
        const struct pair_votes *q = &v->pair[p];
        if (q->i != m && q->j != m)
            continue;
        uint32_t other = r->fit_of[q->i == m ? q->j : q->i];
        if (other == UINT32_MAX)
            continue;
        double n = (double)(q->count[VOTE_A] + q->count[VOTE_B]), x = at - r->fit.at[other], p3[3];
        bt_chances(r->fit.ties, x, r->fit.ties == BT_HALF ? 0 : r->fit.at[r->fit.models], p3);
        sum += n * log(fmax(p3[won ? BT_WIN : BT_LOSS], 1e-300));
    }
    return sum;
}

/* Where its log chance is log .05: it rises with strength for a winner, falls for a loser. */
static double solve(const struct votes *v, const struct ranking *r, uint32_t m, bool won)
{
    double low = -60, high = 60;
    for (int i = 0; i < 100; i++) {
        double half = (low + high) / 2;
        bool below = (chance(v, r, m, won, half) < log(0.05)) == won;
        *(below ? &low : &high) = half;
    }
    return (low + high) / 2;
}

void rank_bounds(const struct votes *votes, struct ranking *r)
{
    double shift = NAN;
    for (size_t i = 0; i < r->n && isnan(shift); i++)
        if (r->at[i].rated)
            shift = r->at[i].rating - BT_ELO * r->at[i].logit;
    for (size_t i = 0; i < r->n && r->fit.models; i++) {
        struct ranked *m = &r->at[i];
        bool won = m->wins > 0;
        if (m->rated || m->ties > 0 || (m->wins > 0) == (m->losses > 0) ||
            chance(votes, r, m->model, won, 0) == 0)
            continue;
        m->bound = won ? BOUND_LEAST : BOUND_MOST;
        m->bound_rating = shift + BT_ELO * solve(votes, r, m->model, won);
    }
}
