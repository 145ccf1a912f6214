/* Intervals by the bootstrap. Clusters are drawn whole: a Poisson count each, then the votes are counted with
 * those weights. */
#include <math.h>

#include "arena/rank_votes.h"
#include "base/words.h"
#include "num/boot.h"
#include "num/rng.h"
#include "num/stats.h"

#include "base/banned.h"

/* Where in r->data the pair (i, j) stands: a table over models squared; SIZE_MAX: nowhere. */
static uint32_t *pair_places(struct arena *arena, const struct ranking *r)
{
    size_t k = r->fit.models;
    uint32_t *place = arena_array(arena, k * k, sizeof *place);
    for (size_t p = 0; place && p < r->data.n; p++) {
        place[r->data.pair[p].i * k + r->data.pair[p].j] = (uint32_t)p;
        place[r->data.pair[p].j * k + r->data.pair[p].i] = (uint32_t)p;
    }
    return place;
}

/* Count the votes, each as often as its cluster was drawn. */
static bool weigh(struct rank_votes *rv, const uint16_t *weight, const uint32_t *place, struct bt_pair *pair,
                  struct err *err)
{
    struct style_vote v;
    uint32_t c[CLUSTERS_MOST];
    bool any;
    size_t k = rv->r->fit.models;
    for (size_t p = 0; p < rv->r->data.n; p++)
        pair[p] = (struct bt_pair){rv->r->data.pair[p].i, rv->r->data.pair[p].j, {0}};
    for (rank_votes_rewind(rv);;) {
        if (!rank_votes_next(rv, &v, c, &any, err))
            return false;
        if (!any)
            return true;
        struct bt_pair *p = &pair[place[v.a * k + v.b]];
        uint32_t y = p->i == v.a || v.y == BT_TIE ? v.y : v.y == BT_WIN ? BT_LOSS : BT_WIN;
        p->count[y] += weight[c[0]];
    }
}

static bool by_cluster(struct arena *arena, struct votes *votes, struct ranking *r, struct boot *out,
                       struct err *err)
{
    size_t many = votes_clusters(votes, 0);
    uint16_t *weight = arena_array(arena, many + 1, sizeof *weight);
    struct bt_pair *pair = arena_array(arena, r->data.n + 1, sizeof *pair);
    uint32_t *place = pair_places(arena, r);
    struct bt_data drawn = {r->data.models, r->data.n, pair};
    struct rank_votes rv;
    struct rng rng;
    if (!weight || !pair || !place)
        return fail_memory(err);
    rank_votes_begin(&rv, votes, r);
    rng_seed(&rng, r->ask.seed);
    if (!boot_make(arena, r->ask.refits, r->fit.models, out, err))
        return false;
    for (size_t d = 0; d < r->ask.refits; d++) {
        for (size_t c = 0; c < many; c++)
            weight[c] = (uint16_t)rng_poisson(&rng, 1);
        if (!weigh(&rv, weight, place, pair, err) || !boot_one(&drawn, &r->fit, out, d, err))
            return false;
    }
    return true;
}

/* A draw without a value counts as beyond the end on the side where the model stands alone. */
static void interval(struct ranked *m, const struct boot *b, double *values)
{
    double beyond = m->wins >= m->losses ? INFINITY : -INFINITY, sum = 0, square = 0,
           shift = m->rating - BT_ELO * m->logit;
    size_t n = 0;
    for (size_t d = 0; d < b->draws; d++) {
        double x = b->at[d * b->models + m->fit];
        values[d] = isnan(x) ? beyond : x;
        if (isnan(x)) {
            m->draws_lost++;
            continue;
        }
        n++;
        sum += x;
        square += x * x;
    }
    double low = stats_quantile(values, b->draws, 0.025), high = stats_quantile(values, b->draws, 0.975);
    m->low = isnan(low) ? -INFINITY : shift + BT_ELO * low; /* between two infinite values */
    m->high = isnan(high) ? INFINITY : shift + BT_ELO * high;
    if (n > 1) {
        m->se = sqrt(fmax(0, (square - sum * sum / (double)n) / (double)(n - 1)));
        m->rating_se = BT_ELO * m->se;
    }
}

bool rank_boot(struct arena *arena, struct votes *votes, struct ranking *r, struct err *err)
{
    struct arena *AUTO_ARENA own = arena_new();
    struct boot b;
    size_t lost = 0;
    double *values = arena_array(own, r->ask.refits + 1, sizeof *values);
    if (!values)
        return fail_memory(err);
    if (r->style.features) {
        r->ask.bootstrap = false;
        return rank_warn(arena, r,
                         tr("arena.warn.boot_style",
                            "With style control the intervals are those of the sandwich; no "
                            "votes were drawn."),
                         err);
    }
    bool ok = votes->ask.clusters ? by_cluster(own, votes, r, &b, err)
                                  : boot_refit(own, &r->data, &r->fit, r->ask.refits, r->ask.seed, &b, err);
    for (size_t i = 0; ok && i < r->n; i++)
        if (r->at[i].rated) {
            interval(&r->at[i], &b, values);
            lost += r->at[i].draws_lost > 0;
        }
    return ok && (lost == 0 ||
                  rank_warn(arena, r,
                            tr("arena.warn.lost", "Some models had no finite rating in some of the draws; "
                                                  "their intervals are open on that side."),
                            err));
}
