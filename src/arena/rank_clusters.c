/* Scores summed by cluster. Votes are laid out by cluster in passes of bounded memory: a pass takes as many
 * clusters as fit, by counting, and reads the spool once. */
#include <stdlib.h>

#include "arena/rank_votes.h"
#include "num/robust.h"

#include "base/banned.h"

enum { SLOTS_MOST = 2 << 20 };

bool rank_cluster_sizes(struct rank_votes *rv, int column, uint32_t *of, struct err *err)
{
    struct style_vote v;
    uint32_t c[CLUSTERS_MOST];
    bool any;
    for (rank_votes_rewind(rv);;) {
        if (!rank_votes_next(rv, &v, c, &any, err))
            return false;
        if (!any)
            return true;
        of[c[column]]++;
    }
}

static int by_other(const void *a, const void *b)
{
    const struct rank_slot *x = a, *y = b;
    return x->other < y->other ? -1 : x->other > y->other;
}

void rank_add_score(struct robust *sum, const struct rank_votes *rv, const struct style_vote *v)
{
    const struct bt_fit *fit = &rv->r->fit;
    double sx, st;
    size_t features = rv->style.features, tie = fit->ties != BT_HALF;
    style_score(fit, v, features, &sx, &st);
    robust_add(sum, v->a, sx);
    robust_add(sum, v->b, -sx);
    if (tie)
        robust_add(sum, (uint32_t)fit->models, st);
    for (size_t f = 0; f < features; f++)
        robust_add(sum, (uint32_t)(fit->models + tie + f), sx * (double)v->z[f]);
}

/* One cluster's votes, or, with `inner`, each run of the same second cluster among them. */
static void close_cluster(struct robust *sum, const struct rank_votes *rv, struct rank_slot *slot, size_t n,
                          bool inner)
{
    if (inner)
        qsort(slot, n, sizeof *slot, by_other);
    for (size_t i = 0; i < n; i++) {
        if (inner && i && slot[i].other != slot[i - 1].other)
            robust_close(sum);
        rank_add_score(sum, rv, &slot[i].vote);
    }
    robust_close(sum);
}

/* The votes of clusters from..to-1 into their places; next[c] is where cluster c's next one goes. */
bool rank_lay_out(struct rank_votes *rv, int column, uint32_t from, uint32_t to, size_t *next,
                  struct rank_slot *slots, struct err *err)
{
    struct style_vote v;
    uint32_t c[CLUSTERS_MOST] = {0};
    bool any;
    for (rank_votes_rewind(rv);;) {
        if (!rank_votes_next(rv, &v, c, &any, err))
            return false;
        if (!any)
            return true;
        if (c[column] >= from && c[column] < to)
            slots[next[c[column] - from]++] = (struct rank_slot){c[CLUSTERS_MOST - 1], v};
    }
}

static bool one_pass(struct rank_votes *rv, int column, bool inner, const uint32_t *of, uint32_t from,
                     uint32_t to, struct robust *sum, struct err *err)
{
    size_t n = 0;
    size_t *next = mem_get((to - from) * sizeof *next);
    for (uint32_t c = from; next && c < to; c++) {
        next[c - from] = n;
        n += of[c];
    }
    struct rank_slot *slots = mem_get((n + 1) * sizeof *slots);
    bool ok = (next && slots) || fail_memory(err);
    ok = ok && rank_lay_out(rv, column, from, to, next, slots, err);
    for (uint32_t c = from; ok && c < to; c++)
        close_cluster(sum, rv, slots + next[c - from] - of[c], of[c], inner);
    mem_free(slots);
    mem_free(next);
    return ok;
}

bool rank_clusters(struct rank_votes *rv, int which, double *out, size_t *clusters, struct err *err)
{
    int column = which == 2 ? 0 : which;
    struct arena *AUTO_ARENA own = arena_new();
    uint32_t many = (uint32_t)votes_clusters(rv->votes, column), from = 0;
    uint32_t *of = arena_array(own, (size_t)many + 1, sizeof *of);
    struct robust sum;
    if (!of)
        return fail_memory(err);
    if (!robust_begin(own, rv->r->fit.size, &sum, err) || !rank_cluster_sizes(rv, column, of, err))
        return false;
    while (from < many) {
        uint32_t to = from;
        size_t n = 0;
        while (to < many && (to == from || n + of[to] <= SLOTS_MOST))
            n += of[to++];
        if (!one_pass(rv, column, which == 2, of, from, to, &sum, err))
            return false;
        from = to;
    }
    robust_done(&sum, false);
    memcpy(out, sum.meat, sum.size * sum.size * sizeof *out);
    *clusters = sum.clusters;
    return true;
}
