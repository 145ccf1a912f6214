/* Logistic regression with a penalty; AUC, Brier and calibration error. */
#include "num/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/dense.h"
#include "num/rng.h"
#include "num/special.h"
#include "num/stats.h"

#include "base/words.h"

#include "base/banned.h"

#define CLIP 4.0
#define SD_LEAST 1e-9
#define BAND 1.959963984540054
#define ENOUGH 1e-10
enum { STEPS = 60, BINS = 10 };

static double standard(const struct verdict_model *m, const double *x, size_t j)
{
    double value = isnan(x[j]) ? m->median[j] : x[j];
    return fmax(-CLIP, fmin(CLIP, (value - m->mean[j]) / m->sd[j]));
}

/* Medians of what is there, then means and sds with the gaps filled; `column` has a place a row. */
static void learn_scale(const struct verdict_rows *r, double *column, struct verdict_model *m)
{
    for (size_t j = 0; j < r->features; j++) {
        size_t n = 0;
        double sum = 0, squares = 0;
        for (size_t i = 0; i < r->rows; i++)
            if (!isnan(r->x[i * r->features + j]))
                column[n++] = r->x[i * r->features + j];
        m->median[j] = n ? stats_quantile(column, n, .5) : 0;
        for (size_t i = 0; i < r->rows; i++) {
            double value = r->x[i * r->features + j];
            sum += isnan(value) ? m->median[j] : value;
        }
        m->mean[j] = sum / (double)r->rows;
        for (size_t i = 0; i < r->rows; i++) {
            double value = r->x[i * r->features + j];
            value = (isnan(value) ? m->median[j] : value) - m->mean[j];
            squares += value * value;
        }
        m->sd[j] = sqrt(squares / (double)r->rows) + SD_LEAST;
    }
}

/* The work of a fit: z is rows by k (the last column 1). */
struct newton {
    const struct verdict_rows *r;
    double *z, *w, *gradient, *hessian, *tried, *score, *work, c;
    size_t k;
};

static double logit(const struct newton *f, const double *w, size_t row)
{
    double sum = 0;
    for (size_t j = 0; j < f->k; j++)
        sum += w[j] * f->z[row * f->k + j];
    return sum;
}

static double loss(const struct newton *f, const double *w)
{
    double sum = 0;
    for (size_t j = 0; j + 1 < f->k; j++)
        sum += w[j] * w[j] / 2;
    for (size_t i = 0; i < f->r->rows; i++) {
        double t = logit(f, w, i);
        sum -= f->c * special_log_logistic(f->r->lasting[i] ? t : -t);
    }
    return sum;
}

static void slopes(struct newton *f)
{
    size_t k = f->k;
    memset(f->hessian, 0, k * k * sizeof *f->hessian);
    for (size_t j = 0; j < k; j++) {
        f->gradient[j] = j + 1 < k ? f->w[j] : 0;
        f->hessian[j * k + j] = j + 1 < k ? 1 : 1e-12;
    }
    for (size_t i = 0; i < f->r->rows; i++) {
        const double *z = f->z + i * k;
        double p = special_logistic(logit(f, f->w, i)), g = f->c * (p - f->r->lasting[i]),
               h = f->c * p * (1 - p);
        for (size_t j = 0; j < k; j++) {
            f->gradient[j] += g * z[j];
            for (size_t l = j; l < k; l++)
                f->hessian[j * k + l] += h * z[j] * z[l];
        }
    }
}

/* Newton with halved steps until the loss falls. The Hessian is left factored at the end. */
static bool minimise(struct newton *f, struct err *err)
{
    double now = loss(f, f->w);
    for (int step = 0; step < STEPS; step++) {
        slopes(f);
        if (!dense_cholesky(f->hessian, f->k, NULL))
            return fail(err, E_LIMIT, tr("err.num.verdict_flat", "These cases do not settle any odds."));
        dense_solve(f->hessian, f->k, f->gradient);
        double next = now, by = 1;
        for (int halves = 0; halves < 30; halves++, by /= 2) {
            for (size_t j = 0; j < f->k; j++)
                f->tried[j] = f->w[j] - by * f->gradient[j];
            next = loss(f, f->tried);
            if (next <= now)
                break;
        }
        if (next <= now)
            memcpy(f->w, f->tried, f->k * sizeof *f->w);
        if (!(now - next > ENOUGH * (1 + fabs(now))))
            break;
        now = next;
    }
    slopes(f);
    return dense_cholesky(f->hessian, f->k, NULL)
               ? true
               : fail(err, E_LIMIT, tr("err.num.verdict_flat", "These cases do not settle any odds."));
}

/* V = H⁻¹ (Σ over clusters of g gᵀ) H⁻¹ into `v`. */
static void sandwich(struct newton *f, double *cluster_g, double *v)
{
    size_t k = f->k;
    memset(cluster_g, 0, f->r->clusters * k * sizeof *cluster_g);
    for (size_t i = 0; i < f->r->rows; i++) {
        double g = f->c * (special_logistic(logit(f, f->w, i)) - f->r->lasting[i]);
        for (size_t j = 0; j < k; j++)
            cluster_g[f->r->cluster[i] * k + j] += g * f->z[i * k + j];
    }
    memset(f->score, 0, k * k * sizeof *f->score);
    for (size_t c = 0; c < f->r->clusters; c++)
        for (size_t j = 0; j < k; j++)
            for (size_t l = 0; l < k; l++)
                f->score[j * k + l] += cluster_g[c * k + j] * cluster_g[c * k + l];
    double *inverse = f->tried; /* k by k from here on */
    dense_invert(f->hessian, k, inverse, f->work);
    dense_sandwich(inverse, f->score, k, v, f->work);
}

static bool both_there(const struct verdict_rows *r)
{
    size_t yes = 0;
    for (size_t i = 0; i < r->rows; i++)
        yes += r->lasting[i];
    return yes && yes < r->rows;
}

bool verdict_fit(struct arena *arena, const struct verdict_rows *r, double c, struct verdict_model *out,
                 struct err *err)
{
    size_t k = r->features + 1, yes = 0;
    struct verdict_model m = {.features = r->features};
    struct newton f = {.r = r, .c = c, .k = k};
    AUTO_ARENA struct arena *work = arena_new();
    if (!both_there(r))
        return fail(err, E_MISSING,
                    tr("err.num.verdict_few", "There are no resolved cases to learn odds from yet."));
    double *column = arena_array(work, r->rows, sizeof *column);
    double *groups = arena_array(work, r->clusters * k, sizeof *groups);
    m.median = arena_array(arena, r->features + 1, sizeof *m.median);
    m.mean = arena_array(arena, r->features + 1, sizeof *m.mean);
    m.sd = arena_array(arena, r->features + 1, sizeof *m.sd);
    m.v = arena_array(arena, k * k, sizeof *m.v);
    f.w = m.weight = arena_array(arena, k, sizeof *m.weight);
    f.z = arena_array(work, r->rows * k, sizeof *f.z);
    f.gradient = arena_array(work, k, sizeof *f.gradient);
    f.hessian = arena_array(work, k * k, sizeof *f.hessian);
    f.tried = arena_array(work, k * k, sizeof *f.tried);
    f.score = arena_array(work, k * k, sizeof *f.score);
    f.work = arena_array(work, k * k, sizeof *f.work);
    if (!work || !arena_ok(work) || !arena_ok(arena))
        return fail_memory(err);
    learn_scale(r, column, &m);
    for (size_t i = 0; i < r->rows; i++) {
        yes += r->lasting[i];
        for (size_t j = 0; j < r->features; j++)
            f.z[i * k + j] = standard(&m, r->x + i * r->features, j);
        f.z[i * k + k - 1] = 1;
    }
    m.base = (double)yes / (double)r->rows;
    f.w[k - 1] = log(m.base / (1 - m.base));
    if (!minimise(&f, err))
        return false;
    sandwich(&f, groups, m.v);
    m.intercept = f.w[k - 1];
    *out = m;
    return true;
}

double verdict_odds(const struct verdict_model *m, const double *x, double *low, double *high)
{
    double z[VERDICT_FEATURES + 1], t = m->intercept, v = 0;
    size_t k = m->features + 1;
    for (size_t j = 0; j < m->features; j++) {
        z[j] = standard(m, x, j);
        t += m->weight[j] * z[j];
    }
    z[k - 1] = 1;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            v += z[i] * z[j] * m->v[i * k + j];
    double half = BAND * sqrt(fmax(v, 0));
    if (low)
        *low = special_logistic(t - half);
    if (high)
        *high = special_logistic(t + half);
    return special_logistic(t);
}

struct ranked {
    double p;
    uint32_t times;
    bool lasting;
};

static int ranked_order(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return (x->p > y->p) - (x->p < y->p);
}

/* `sorted` by odds. */
static struct verdict_score score_sorted(const struct ranked *sorted, size_t n)
{
    struct verdict_score s = {0};
    double won = 0, yes = 0, no = 0, count[BINS] = {0}, sum_p[BINS] = {0}, sum_y[BINS] = {0};
    for (size_t i = 0, j; i < n; i = j) {
        double tied_yes = 0, tied_no = 0;
        for (j = i; j < n && sorted[j].p == sorted[i].p; j++) {
            double times = sorted[j].times, miss = sorted[j].p - sorted[j].lasting;
            int bin = (int)(sorted[j].p * BINS);
            bin = bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
            *(sorted[j].lasting ? &tied_yes : &tied_no) += times;
            s.brier += times * miss * miss;
            count[bin] += times;
            sum_p[bin] += times * sorted[j].p;
            sum_y[bin] += times * sorted[j].lasting;
        }
        won += tied_yes * (no + tied_no / 2);
        yes += tied_yes;
        no += tied_no;
    }
    s.auc = yes > 0 && no > 0 ? won / (yes * no) : NAN;
    s.brier /= yes + no;
    for (int b = 0; b < BINS; b++)
        s.ece += fabs(sum_p[b] - sum_y[b]) / (yes + no);
    return s;
}

bool verdict_score(const double *p, const bool *lasting, const uint32_t *times, size_t n,
                   struct verdict_score *out, struct err *err)
{
    struct ranked *sorted = mem_get((n + 1) * sizeof *sorted);
    if (!sorted)
        return fail_memory(err);
    for (size_t i = 0; i < n; i++)
        sorted[i] = (struct ranked){p[i], times ? times[i] : 1, lasting[i]};
    qsort(sorted, n, sizeof *sorted, ranked_order);
    *out = score_sorted(sorted, n);
    mem_free(sorted);
    return true;
}

/* Sorted once; a draw changes how often each case counts. */
struct drawing {
    struct ranked *sorted;
    uint32_t *cluster,
        *times; /* cluster: of each case in sorted order; times: of each cluster in this draw */
    double *auc, *brier, *ece;
};

static int pair_order(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void draw_all(struct drawing *d, size_t n, size_t clusters, size_t draws, uint64_t seed)
{
    struct rng rng;
    rng_seed(&rng, seed);
    for (size_t k = 0; k < draws; k++) {
        memset(d->times, 0, clusters * sizeof *d->times);
        for (size_t c = 0; c < clusters; c++)
            d->times[rng_below(&rng, clusters)]++;
        for (size_t i = 0; i < n; i++)
            d->sorted[i].times = d->times[d->cluster[i]];
        struct verdict_score s = score_sorted(d->sorted, n);
        d->auc[k] = isnan(s.auc) ? .5 : s.auc;
        d->brier[k] = isnan(s.brier) ? 0 : s.brier;
        d->ece[k] = isnan(s.ece) ? 0 : s.ece;
    }
}

bool verdict_bootstrap(const double *p, const bool *lasting, const uint32_t *cluster, size_t n,
                       size_t clusters, size_t draws, uint64_t seed, struct verdict_score *low,
                       struct verdict_score *high, struct err *err)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct drawing d = {
        arena_array(a, n + 1, sizeof *d.sorted),       arena_array(a, n + 1, sizeof *d.cluster),
        arena_array(a, clusters + 1, sizeof *d.times), arena_array(a, draws, sizeof *d.auc),
        arena_array(a, draws, sizeof *d.brier),        arena_array(a, draws, sizeof *d.ece)};
    struct order {
        double p;
        size_t i;
    } *order = arena_array(a, n + 1, sizeof *order);
    if (!a || !arena_ok(a))
        return fail_memory(err);
    for (size_t i = 0; i < n; i++)
        order[i] = (struct order){p[i], i};
    qsort(order, n, sizeof *order, pair_order);
    for (size_t i = 0; i < n; i++) {
        d.sorted[i] = (struct ranked){order[i].p, 1, lasting[order[i].i]};
        d.cluster[i] = cluster[order[i].i];
    }
    draw_all(&d, n, clusters, draws, seed);
    *low = (struct verdict_score){stats_quantile(d.auc, draws, .025), stats_quantile(d.brier, draws, .025),
                                  stats_quantile(d.ece, draws, .025)};
    *high = (struct verdict_score){stats_quantile(d.auc, draws, .975), stats_quantile(d.brier, draws, .975),
                                   stats_quantile(d.ece, draws, .975)};
    return true;
}
