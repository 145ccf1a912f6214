/* Two boards side by side. The causes come from boards in between, in a fixed order: the old votes by the new
 * method; without the models that were withdrawn; the new votes without newcomers; the new board. */
#include "arena/compare.h"

#include <math.h>
#include <stdlib.h>

#include "base/words.h"
#include "num/always.h"

#include "base/banned.h"

enum { BOARDS = 5, PAIR_VOTES = 2000 };
#define TAU (20 / BT_ELO)
#define ALPHA 0.05

/* Which models have votes at all. */
static bool *voted(struct arena *arena, const struct votes *v)
{
    bool *has = arena_array(arena, v->models.n + 1, sizeof *has);
    for (size_t p = 0; has && p < v->pairs; p++)
        has[v->pair[p].i] = has[v->pair[p].j] = true;
    return has;
}

/* Models of `a` that `b` has no votes for: marked, and named. */
static bool missing(struct arena *arena, const struct votes *a, const struct votes *b, bool **mask,
                    struct span **name, size_t *n)
{
    *mask = arena_array(arena, a->models.n + 1, 1);
    *name = arena_array(arena, a->models.n + 1, sizeof **name);
    const bool *in_a = voted(arena, a), *in_b = voted(arena, b);
    if (!*mask || !*name || !in_a || !in_b)
        return false;
    for (uint32_t i = 0; i < a->models.n; i++) {
        uint32_t there;
        if (!in_a[i] || (labels_find(&b->models, a->models.text[i], &there) && in_b[there]))
            continue;
        (*mask)[i] = true;
        (*name)[(*n)++] = a->models.text[i];
    }
    return true;
}

/* Votes in both files, by their ids. */
static bool count_shared(struct votes *old, struct votes *new, struct comparison *c, struct err *err)
{
    if (!old->spool || !new->spool)
        return compare_cells(old, new, c), true;
    int row = new->ask.clusters - 1;
    size_t many = votes_clusters(new, row) + 1;
    int32_t *left = mem_get(many * sizeof *left);
    if (!left)
        return fail_memory(err);
    bool ok = true;
    for (int pass = 0; ok && pass < 2; pass++) {
        struct votes *v = pass ? new : old;
        const void *records;
        size_t n = 1;
        for (size_t b = 0; ok && n; b++) {
            ok = votes_block(v, b, &records, &n, err);
            for (size_t i = 0; ok && i < n; i++) {
                struct kept_vote k;
                votes_at(v, records, i, &k);
                if (pass == 0)
                    left[k.cluster[row]]++;
                else if (left[k.cluster[row]] > 0 && left[k.cluster[row]]--)
                    c->shared++;
            }
        }
    }
    mem_free(left);
    c->vanished = spool_count(old->spool) - c->shared;
    c->added = spool_count(new->spool) - c->shared;
    return ok;
}

/* The models that both boards rate, by their new rating. */
static bool common(struct arena *arena, const struct votes *old, struct comparison *c, struct err *err)
{
    c->at = arena_array(arena, c->new.rated + 1, sizeof *c->at);
    if (!c->at)
        return fail_memory(err);
    for (size_t i = 0; i < c->new.rated; i++) {
        const struct ranked *m = &c->new.at[i];
        uint32_t there;
        if (labels_find(&old->models, m->name, &there) && c->old.fit_of[there] != UINT32_MAX)
            c->at[c->n++] = (struct change){.name = m->name, .old_model = there, .new_model = m->model};
    }
    return c->n >= 2 || fail(err, E_FORMAT,
                             tr("err.arena.no_common", "The two boards share fewer than two rated models."));
}

/* Strengths of the common models on a board, centred on those it rates; NAN where it rates one not. */
static void strengths(const struct comparison *c, const struct ranking *r, bool new, double *out)
{
    double mean = 0;
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        uint32_t k = r->fit_of[new ? c->at[i].new_model : c->at[i].old_model];
        out[i] = k == UINT32_MAX ? NAN : r->fit.at[k];
        if (k != UINT32_MAX) {
            mean += out[i];
            n++;
        }
    }
    for (size_t i = 0; i < c->n; i++)
        out[i] -= n ? mean / (double)n : 0;
}

static size_t place(const double *at, size_t n, size_t i)
{
    size_t out = 1;
    for (size_t j = 0; j < n; j++)
        out += at[j] > at[i];
    return out;
}

/* Whose place moved, and at which step it first did. */
static void places(struct comparison *c, const double *const *row, bool all)
{
    for (size_t i = 0; i < c->n; i++) {
        struct change *m = &c->at[i];
        m->old_place = place(row[0], c->n, i);
        m->new_place = place(row[4], c->n, i);
        if (m->old_place == m->new_place)
            continue;
        c->places_moved++;
        if (all && place(row[1], c->n, i) != m->old_place)
            c->by_method++;
        else if (all && place(row[3], c->n, i) != m->new_place)
            c->by_newcomers++;
    }
}

/* `at` holds the boards' strengths one after the other. */
static void split(struct comparison *c, const double *at, size_t n)
{
    const double *row[BOARDS];
    for (int b = 0; b < BOARDS; b++)
        row[b] = at + (size_t)b * n;
    bool all = true;
    for (int b = 0; b < BOARDS; b++)
        for (size_t i = 0; i < n; i++)
            all = all && !isnan(row[b][i]);
    for (size_t i = 0; i < n; i++) {
        c->at[i].delta = BT_ELO * (row[4][i] - row[0][i]);
        c->at[i].causes_known = all;
        for (int k = 0; all && k < CAUSES; k++)
            c->at[i].cause[k] = BT_ELO * (row[k + 1][i] - row[k][i]);
    }
    places(c, row, all);
}

/* The boards in between. */
static bool causes(struct arena *arena, struct votes *old, struct votes *new, const struct compare_ask *ask,
                   const bool *gone, const bool *come, struct comparison *c, struct err *err)
{
    struct rank_ask between = ask->new;
    struct ranking r[3];
    double *at = arena_array(arena, BOARDS * c->n + 1, sizeof *at);
    if (!at)
        return fail_memory(err);
    between.fit_only = true;
    if (!rank_make(arena, old, &between, &r[0], err))
        return false;
    between.without = gone;
    if (!rank_make(arena, old, &between, &r[1], err))
        return false;
    between.without = come;
    if (!rank_make(arena, new, &between, &r[2], err))
        return false;
    strengths(c, &c->old, false, at);
    strengths(c, &r[0], false, at + c->n);
    strengths(c, &r[1], false, at + 2 * c->n);
    strengths(c, &r[2], true, at + 3 * c->n);
    strengths(c, &c->new, true, at + 4 * c->n);
    split(c, at, c->n);
    return true;
}

static double pair_variance(const double *v, size_t n, size_t a, size_t b)
{
    return v[a * n + a] + v[b * n + b] - 2 * v[a * n + b];
}

/* The test for many looks is good from so many votes on, on both boards. */
bool compare_enough(const struct comparison *c, const struct change *m)
{
    size_t old = rank_named(&c->old, m->name), new = rank_named(&c->new, m->name);
    return c->old.at[old].effective >= ALWAYS_LEAST_VOTES && c->new.at[new].effective >= ALWAYS_LEAST_VOTES;
}

/* How many standard errors a change must have: one look, or one of many. */
static bool judge(struct arena *arena, const struct compare_ask *ask, struct comparison *c,
                  const struct compare_cov *v, struct err *err)
{
    struct ranks_ask how = {
        .level = 1 - ALPHA, .draws = c->new.ask.draws, .seed = c->new.ask.seed, .df = c->new.df};
    double critical = 0;
    if (ask->once && !ranks_largest(arena, v->change, c->n, NULL, &how, &critical, err))
        return false;
    for (size_t i = 0; i < c->n; i++) {
        struct change *m = &c->at[i];
        size_t at = i * c->n + i;
        double by = ask->once ? critical : always_change(v->old[at], v->new[at], TAU, ALPHA / (double)c->n);
        m->se = BT_ELO * sqrt(fmax(0, v->change[at]));
        m->low = m->delta - by * m->se;
        m->high = m->delta + by * m->se;
        m->significant = m->se > 0 && fabs(m->delta) > by * m->se && (ask->once || compare_enough(c, m));
    }
    return true;
}

/* The new order of a pair is sure on the new board. */
static bool sure(const struct comparison *c, const struct compare_cov *v, bool once, size_t above,
                 size_t below)
{
    uint32_t a = c->new.fit_of[c->at[above].new_model], b = c->new.fit_of[c->at[below].new_model];
    if (once)
        return c->new.sets_known && c->new.sets.above[a * c->new.fit.models + b];
    size_t ia = rank_named(&c->new, c->at[above].name), ib = rank_named(&c->new, c->at[below].name);
    if (c->new.at[ia].effective < ALWAYS_LEAST_VOTES || c->new.at[ib].effective < ALWAYS_LEAST_VOTES)
        return false;
    double se = sqrt(fmax(1e-300, pair_variance(v->new, c->n, above, below)));
    double alpha = ALPHA / ((double)c->n * (double)(c->n - 1) / 2);
    return c->new.fit.at[a] - c->new.fit.at[b] >
           always_half_width(se, always_rho(alpha, PAIR_VOTES / 4.0), alpha);
}

static bool find_swaps(struct arena *arena, const struct compare_ask *ask, struct comparison *c,
                       const struct compare_cov *v, struct err *err)
{
    size_t n = c->n;
    uint8_t *swapped = arena_array(arena, n * n + 1, 1);
    for (size_t i = 0; swapped && i < n; i++)
        for (size_t j = i + 1; j < n; j++) /* i is above j now */
            if (c->at[i].old_place > c->at[j].old_place) {
                swapped[i * n + j] = 1;
                c->swaps++;
            }
    c->swap = arena_array(arena, c->swaps + 1, sizeof *c->swap);
    if (!swapped || !c->swap)
        return fail_memory(err);
    struct ranks_ask how = {
        .level = 1 - ALPHA, .draws = c->new.ask.draws, .seed = c->new.ask.seed, .df = c->new.df};
    double critical = 0, pairs = (double)n * (double)(n - 1) / 2;
    if (c->swaps && ask->once && !ranks_largest(arena, v->change, n, swapped, &how, &critical, err))
        return false;
    size_t at = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            if (!swapped[i * n + j])
                continue;
            double by = ask->once ? critical
                                  : always_change(pair_variance(v->old, n, i, j),
                                                  pair_variance(v->new, n, i, j), TAU, ALPHA / pairs);
            double se = BT_ELO * sqrt(fmax(0, pair_variance(v->change, n, i, j)));
            bool big = se > 0 && c->at[i].delta - c->at[j].delta > by * se;
            c->swap[at++] = (struct swap){i, j, big && sure(c, v, ask->once, i, j)};
            c->swaps_significant += c->swap[at - 1].significant;
        }
    return true;
}

bool compare_make(struct arena *arena, struct votes *old, struct votes *new, const struct compare_ask *ask,
                  struct comparison *out, struct err *err)
{
    bool *gone, *come;
    struct compare_cov v;
    struct rank_ask first = ask->old, second = ask->new;
    *out = (struct comparison){.daily = !ask->once, .method_known = ask->method_known};
    first.no_lead = second.no_lead = first.no_sets = true;
    second.no_sets = !ask->once;
    if (!missing(arena, old, new, &gone, &out->withdrawn, &out->withdrawns) ||
        !missing(arena, new, old, &come, &out->newcomer, &out->newcomers))
        return fail_memory(err);
    return rank_make(arena, old, &first, &out->old, err) && rank_make(arena, new, &second, &out->new, err) &&
           count_shared(old, new, out, err) && common(arena, old, out, err) &&
           causes(arena, old, new, ask, gone, come, out, err) &&
           compare_covariance(arena, old, new, out, &v, err) && judge(arena, ask, out, &v, err) &&
           find_swaps(arena, ask, out, &v, err);
}
