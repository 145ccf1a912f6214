/* A model that won or lost everything has no finite rating; how low (or high) it could be is what its votes
 * against rated models still say: the strength at which they would have happened with probability .05. */
#include <math.h>

#include "arena/rank.h"
#include "num/special.h"

#include "base/banned.h"

/* Votes of one unrated model against a rated one, as the model sees them. */
struct met {
    double strength, votes;
};
struct lists {
    size_t *from; /* by model, one more at the end */
    struct met *met;
};

/* The unrated model of a pair whose other model is rated; UINT32_MAX: none. */
static uint32_t unrated(const struct ranking *r, const struct pair_votes *q, uint32_t *other)
{
    bool i = r->fit_of[q->i] != UINT32_MAX, j = r->fit_of[q->j] != UINT32_MAX;
    *other = i ? q->i : q->j;
    return i == j ? UINT32_MAX : i ? q->j : q->i;
}

static bool lists_make(struct arena *arena, const struct votes *v, const struct ranking *r, struct lists *l)
{
    size_t *next = arena_array(arena, v->models.n + 1, sizeof *next);
    uint32_t other;
    *l = (struct lists){arena_array(arena, v->models.n + 2, sizeof *l->from),
                        arena_array(arena, v->pairs + 1, sizeof *l->met)};
    if (!next || !l->from || !l->met)
        return false;
    for (size_t p = 0; p < v->pairs; p++) {
        uint32_t m = unrated(r, &v->pair[p], &other);
        if (m != UINT32_MAX)
            l->from[m + 1]++;
    }
    for (size_t m = 0; m < v->models.n; m++) {
        l->from[m + 1] += l->from[m];
        next[m] = l->from[m];
    }
    for (size_t p = 0; p < v->pairs; p++) {
        const struct pair_votes *q = &v->pair[p];
        uint32_t m = unrated(r, q, &other);
        if (m != UINT32_MAX)
            l->met[next[m]++] =
                (struct met){r->fit.at[r->fit_of[other]], (double)(q->count[VOTE_A] + q->count[VOTE_B])};
    }
    return true;
}

/* Log probability of a model's decided votes against rated ones when its strength is `at`. */
static double chance(const struct lists *l, const struct ranking *r, uint32_t m, bool won, double at)
{
    double sum = 0, tie = r->fit.ties == BT_HALF ? 0 : r->fit.at[r->fit.models];
    for (size_t i = l->from[m]; i < l->from[m + 1]; i++) {
        double p[3];
        bt_chances(r->fit.ties, at - l->met[i].strength, tie, p);
        sum += l->met[i].votes * log(fmax(p[won ? BT_WIN : BT_LOSS], 1e-300));
    }
    return sum;
}

/* Where its log chance is log .05: it rises with strength for a winner, falls for a loser. */
static double solve(const struct lists *l, const struct ranking *r, uint32_t m, bool won)
{
    double low = -60, high = 60;
    for (int i = 0; i < 100; i++) {
        double half = (low + high) / 2;
        bool below = (chance(l, r, m, won, half) < log(0.05)) == won;
        *(below ? &low : &high) = half;
    }
    return (low + high) / 2;
}

bool rank_bounds(const struct votes *votes, struct ranking *r, struct err *err)
{
    struct arena *AUTO_ARENA own = arena_new();
    struct lists l;
    double shift = NAN;
    for (size_t i = 0; i < r->n && isnan(shift); i++)
        if (r->at[i].rated)
            shift = r->at[i].rating - BT_ELO * r->at[i].logit;
    if (isnan(shift)) /* nobody is rated */
        return true;
    if (!lists_make(own, votes, r, &l))
        return fail_memory(err);
    for (size_t i = 0; i < r->n; i++) {
        struct ranked *m = &r->at[i];
        bool won = m->wins > 0;
        if (m->rated || m->ties > 0 || (m->wins > 0) == (m->losses > 0) ||
            chance(&l, r, m->model, won, 0) == 0)
            continue;
        m->bound = won ? BOUND_LEAST : BOUND_MOST;
        m->bound_rating = shift + BT_ELO * solve(&l, r, m->model, won);
    }
    return true;
}
