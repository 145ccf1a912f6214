/* First place: by how much, how few votes would turn it round, and how many votes are needed where neighbours
 * cannot be told apart. */
#include <math.h>

#include "arena/rank.h"
#include "base/vec.h"
#include "num/always.h"
#include "num/next.h"

#include "base/banned.h"

enum { FLIP_MODELS_MOST = 600, NEXT_MODELS_MOST = 400, TIGHTEST_VOTES = 2000 };

static double variance(const struct ranking *r, uint32_t a, uint32_t b)
{
    size_t k = r->fit.models;
    return r->cov[a * k + a] + r->cov[b * k + b] - 2 * r->cov[a * k + b];
}

static void difference(const struct ranking *r, struct rank_lead *l)
{
    const struct ranked *a = &r->at[0], *b = &r->at[1];
    double var = variance(r, a->fit, b->fit), se = sqrt(fmax(var, 0)),
           pairs = (double)r->rated * (double)(r->rated - 1) / 2;
    double d = a->logit - b->logit, p = 1 / (1 + exp(-d));
    l->known = se > 0;
    l->difference = BT_ELO * d;
    l->se = BT_ELO * se;
    l->low = l->difference - r->quantile * l->se;
    l->high = l->difference + r->quantile * l->se;
    l->always_known = a->effective >= ALWAYS_LEAST_VOTES && b->effective >= ALWAYS_LEAST_VOTES;
    double alpha = 0.05 / pairs, rho = always_rho(alpha, TIGHTEST_VOTES * p * (1 - p));
    double half = BT_ELO * always_half_width(se, rho, alpha);
    l->always_low = l->difference - half;
    l->always_high = l->difference + half;
}

static bool needs(struct arena *arena, struct ranking *r, struct err *err)
{
    r->need = arena_array(arena, r->rated, sizeof *r->need);
    if (!r->need)
        return fail_memory(err);
    for (uint32_t i = 0; i + 1 < r->rated && r->sets_known; i++) {
        const struct ranked *a = &r->at[i], *b = a + 1;
        if (r->sets.above[a->fit * r->fit.models + b->fit])
            continue;
        double stand = a->effective > 0 ? (double)a->votes / a->effective : 1;
        double se = sqrt(fmax(variance(r, a->fit, b->fit), 1e-300));
        r->need[r->needs++] = (struct rank_need){
            i, i + 1, next_votes(&r->fit, a->fit, b->fit, a->logit - b->logit, se, fmax(stand, 1))};
    }
    return true;
}

/* By place on the board. */
static uint32_t *places(struct arena *arena, const struct ranking *r)
{
    uint32_t *out = arena_array(arena, r->rated + 1, sizeof *out);
    for (uint32_t i = 0; out && i < r->rated; i++)
        out[r->at[i].fit] = i;
    return out;
}

static bool nexts(struct ranking *r, struct err *err)
{
    struct arena *AUTO_ARENA own = arena_new();
    struct next_want *want = arena_array(own, r->needs + 1, sizeof *want);
    const uint32_t *place = places(own, r);
    struct next_best best[NEXT_MOST];
    if (!want || !place)
        return fail_memory(err);
    for (size_t i = 0; i < r->needs; i++)
        want[i] = (struct next_want){r->at[r->need[i].a].fit, r->at[r->need[i].b].fit};
    if (!next_best(own, &r->fit, want, r->needs, NEXT_MOST, best, &r->nexts, err))
        return false;
    for (size_t i = 0; i < r->nexts; i++) {
        uint32_t a = place[best[i].a], b = place[best[i].b];
        r->next[i] = (struct rank_next){a < b ? a : b, a < b ? b : a, best[i].chance};
    }
    return true;
}

bool rank_lead(struct arena *arena, const struct votes *votes, struct ranking *r, struct err *err)
{
    (void)votes;
    if (r->rated < 2)
        return true;
    difference(r, &r->lead);
    if (!needs(arena, r, err))
        return false;
    if (r->needs && r->rated <= NEXT_MODELS_MOST && !nexts(r, err))
        return false;
    if (r->style.features || r->rated > FLIP_MODELS_MOST)
        return true;
    r->lead.flip_known = true;
    return flip_find(arena, &r->data, &r->fit, r->at[0].fit, r->at[1].fit, &r->lead.flip, err);
}
