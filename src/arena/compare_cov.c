/* Covariance of a change. With psi the influence of a cluster on a board, H⁺ times its summed score, the
 * change's covariance is the sum over clusters of (psi_new - psi_old)(psi_new - psi_old)ᵀ: three products of
 * sums over scores, of which the mixed one needs the clusters of both files side by side. */
#include "arena/compare.h"
#include "arena/rank_votes.h"
#include "num/robust.h"

#include "base/banned.h"

enum { SLOTS_MOST = 1 << 20 };

struct side {
    struct rank_votes rv;
    uint32_t *of;
    size_t *next;
    struct rank_slot *slots;
    struct robust sum;
};

struct cross {
    struct side side[2]; /* old, new */
    double *mixed;       /* new's size by old's */
    size_t clusters;
};

static bool side_begin(struct arena *arena, struct side *s, struct votes *votes, const struct ranking *r,
                       size_t many, struct err *err)
{
    s->of = arena_array(arena, many + 1, sizeof *s->of);
    if (!s->of)
        return fail_memory(err);
    rank_votes_begin(&s->rv, votes, r);
    return robust_begin(arena, r->fit.size, &s->sum, err) && rank_cluster_sizes(&s->rv, 0, s->of, err);
}

static bool side_lay_out(struct side *s, uint32_t from, uint32_t to, struct err *err)
{
    size_t n = 0;
    s->next = mem_get((to - from) * sizeof *s->next);
    for (uint32_t c = from; s->next && c < to; c++) {
        s->next[c - from] = n;
        n += s->of[c];
    }
    s->slots = mem_get((n + 1) * sizeof *s->slots);
    return s->next && s->slots ? rank_lay_out(&s->rv, 0, from, to, s->next, s->slots, err) : fail_memory(err);
}

static void side_drop(struct side *s)
{
    mem_free(s->next);
    mem_free(s->slots);
    s->next = NULL;
    s->slots = NULL;
}

static void one_cluster(struct cross *x, uint32_t c, uint32_t from)
{
    for (int b = 0; b < 2; b++) {
        struct side *s = &x->side[b];
        for (size_t i = s->next[c - from] - s->of[c]; i < s->next[c - from]; i++)
            rank_add_score(&s->sum, &s->rv, &s->slots[i].vote);
    }
    struct robust *old = &x->side[0].sum, *new = &x->side[1].sum;
    x->clusters += old->touched_n || new->touched_n;
    for (size_t i = 0; i < new->touched_n; i++) {
        double *row = x->mixed + (size_t) new->touched[i] * old->size, by = new->sum[new->touched[i]];
        for (size_t j = 0; j < old->touched_n; j++)
            row[old->touched[j]] += by * old->sum[old->touched[j]];
    }
    robust_close(old);
    robust_close(new);
}

static bool sum_up(struct cross *x, uint32_t many, struct err *err)
{
    for (uint32_t from = 0; from < many;) {
        uint32_t to = from;
        size_t n = 0;
        while (to < many && (to == from || n + x->side[0].of[to] + x->side[1].of[to] <= SLOTS_MOST)) {
            n += x->side[0].of[to] + x->side[1].of[to];
            to++;
        }
        bool ok = side_lay_out(&x->side[0], from, to, err) && side_lay_out(&x->side[1], from, to, err);
        for (uint32_t c = from; ok && c < to; c++)
            one_cluster(x, c, from);
        side_drop(&x->side[0]);
        side_drop(&x->side[1]);
        if (!ok)
            return false;
        from = to;
    }
    robust_done(&x->side[0].sum, false);
    robust_done(&x->side[1].sum, false);
    return true;
}

/* out (rows by columns) = a (rows by inner) b (inner by columns). */
static void times(const double *a, const double *b, size_t rows, size_t inner, size_t columns, double *out)
{
    memset(out, 0, rows * columns * sizeof *out);
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < inner; k++) {
            double by = a[i * inner + k];
            for (size_t j = 0; j < columns && by != 0; j++)
                out[i * columns + j] += by * b[k * columns + j];
        }
}

/* P a P with P = I - 11ᵀ/n. */
static void centre(double *a, size_t n)
{
    for (int side = 0; side < 2; side++)
        for (size_t i = 0; i < n; i++) {
            double mean = 0;
            for (size_t j = 0; j < n; j++)
                mean += (side ? a[j * n + i] : a[i * n + j]) / (double)n;
            for (size_t j = 0; j < n; j++)
                *(side ? &a[j * n + i] : &a[i * n + j]) -= mean;
        }
}

/* The three parts at the common models. */
static void gather(const struct comparison *c, const struct ranking *old, const struct ranking *new,
                   const double *vo, const double *vn, const double *vx, double few, struct compare_cov *out)
{
    size_t so = old->fit.size, sn = new->fit.size;
    for (size_t i = 0; i < c->n; i++)
        for (size_t j = 0; j < c->n; j++) {
            size_t io = old->fit_of[c->at[i].old_model], in = new->fit_of[c->at[i].new_model],
                   jo = old->fit_of[c->at[j].old_model], jn = new->fit_of[c->at[j].new_model],
                   at = i * c->n + j;
            out->old[at] = few * vo[io * so + jo];
            out->new[at] = few *vn[in * sn + jn];
            out->change[at] = out->old[at] + out->new[at] - few *(vx[in * so + jo] + vx[jn * so + io]);
        }
    centre(out->old, c->n);
    centre(out->new, c->n);
    centre(out->change, c->n);
}

/* The meat of each board, and the mixed sums, by votes or by counts. */
static bool sums(struct arena *own, struct votes *old, struct votes *new, const struct comparison *c,
                 struct cross *x, double *meat[2], struct err *err)
{
    size_t so = c->old.fit.size, sn = c->new.fit.size, many = votes_clusters(new, 0);
    if (old->spool && new->spool) {
        if (!side_begin(own, &x->side[0], old, &c->old, many, err) ||
            !side_begin(own, &x->side[1], new, &c->new, many, err) || !sum_up(x, (uint32_t)many, err))
            return false;
        meat[0] = x->side[0].sum.meat;
        meat[1] = x->side[1].sum.meat;
        return true;
    }
    meat[0] = arena_array(own, so * so, sizeof(double));
    meat[1] = arena_array(own, sn * sn, sizeof(double));
    if (!meat[0] || !meat[1])
        return fail_memory(err);
    robust_meat(&c->old.data, &c->old.fit, meat[0]);
    robust_meat(&c->new.data, &c->new.fit, meat[1]);
    x->clusters = (size_t) new->kept;
    compare_cells_mixed(old, new, c, x->mixed);
    return true;
}

bool compare_covariance(struct arena *arena, struct votes *old, struct votes *new, const struct comparison *c,
                        struct compare_cov *out, struct err *err)
{
    struct arena *AUTO_ARENA own = arena_new();
    struct cross x = {0};
    double *meat[2];
    size_t so = c->old.fit.size, sn = c->new.fit.size, most = so > sn ? so : sn;
    x.mixed = arena_array(own, so * sn, sizeof *x.mixed);
    double *vo = arena_array(own, so * so, sizeof *vo), *vn = arena_array(own, sn * sn, sizeof *vn),
           *vx = arena_array(own, so * sn, sizeof *vx), *work = arena_array(own, most * most, sizeof *work);
    *out = (struct compare_cov){arena_array(arena, c->n * c->n + 1, sizeof(double)),
                                arena_array(arena, c->n * c->n + 1, sizeof(double)),
                                arena_array(arena, c->n * c->n + 1, sizeof(double))};
    if (!x.mixed || !vo || !vn || !vx || !work || !out->change || !out->old || !out->new)
        return fail_memory(err);
    if (!sums(own, old, new, c, &x, meat, err))
        return false;
    robust_cov(&c->old.fit, meat[0], vo, work);
    robust_cov(&c->new.fit, meat[1], vn, work);
    times(c->new.fit.inverse, x.mixed, sn, sn, so, work);
    times(work, c->old.fit.inverse, sn, so, so, vx);
    double few = x.clusters > 1 ? (double)x.clusters / (double)(x.clusters - 1) : 1;
    gather(c, &c->old, &c->new, vo, vn, vx, few, out);
    return true;
}
