/* Draws of the errors are kept as floats, a row a draw; each round looks for the largest of the weighted
 * differences that are left. The loop over k keeps one running maximum a column, so that it becomes vector
 * code without any licence to reorder. */
#include "num/ranks.h"

#include <math.h>
#include <string.h>

#include "num/dense.h"
#include "num/rng.h"
#include "num/stats.h"

#include "base/banned.h"

struct draws {
    size_t n, count;
    float *z; /* count by n */
};

/* count draws of N(0, cov), or of Student's t with that scale. */
static bool draw(struct arena *arena, const double *cov, size_t n, const struct ranks_ask *ask,
                 struct draws *d)
{
    double *left = arena_array(arena, n * n, sizeof *left),
           *factor = arena_array(arena, n * n, sizeof *factor);
    double *row = arena_array(arena, n, sizeof *row);
    *d = (struct draws){.n = n, .count = ask->draws, .z = arena_array(arena, ask->draws * n, sizeof(float))};
    if (!left || !factor || !row || !d->z)
        return false;
    memcpy(left, cov, n * n * sizeof *left);
    size_t rank = dense_factor(left, n, factor);
    struct rng rng;
    rng_seed(&rng, ask->seed);
    for (size_t v = 0; v < d->count; v++) {
        memset(row, 0, n * sizeof *row);
        for (size_t r = 0; r < rank; r++) {
            double g = rng_normal(&rng);
            const double *f = factor + r * n;
            for (size_t k = 0; k < n; k++)
                row[k] += g * f[k];
        }
        double by = 1;
        if (ask->df > 0)
            by = sqrt(ask->df / rng_chi_square(&rng, ask->df));
        for (size_t k = 0; k < n; k++)
            d->z[v * n + k] = (float)(by * row[k]);
    }
    return true;
}

/* 1 / the standard error of estimate j - estimate k; 0 on the diagonal and where there is none. */
static void weights(const double *cov, size_t n, float *w)
{
    for (size_t j = 0; j < n; j++)
        for (size_t k = 0; k < n; k++) {
            double var = cov[j * n + j] + cov[k * n + k] - 2 * cov[j * n + k];
            bool any = j != k && var > 1e-12 * (cov[j * n + j] + cov[k * n + k]);
            w[j * n + k] = any ? (float)(1 / sqrt(var)) : 0;
        }
}

/* The largest (z_j - z_k) w_jk of one draw. */
static float largest(const float *restrict z, const float *restrict w, size_t n, float *restrict most)
{
    memset(most, 0, n * sizeof *most);
    for (size_t j = 0; j < n; j++) {
        const float *restrict row = w + j * n;
        float zj = z[j];
        for (size_t k = 0; k < n; k++) {
            float t = (zj - z[k]) * row[k];
            most[k] = t > most[k] ? t : most[k];
        }
    }
    float out = 0;
    for (size_t k = 0; k < n; k++)
        out = most[k] > out ? most[k] : out;
    return out;
}

static double quantile(const struct draws *d, const float *w, double level, float *most, double *values)
{
    for (size_t v = 0; v < d->count; v++)
        values[v] = (double)largest(d->z + v * d->n, w, d->n, most);
    return stats_quantile(values, d->count, level);
}

struct rank_work {
    float *w, *left, *most;
    double *values;
};

static bool room(struct arena *arena, size_t n, size_t draws, struct rank_work *out)
{
    *out = (struct rank_work){.w = arena_array(arena, n * n, sizeof(float)),
                              .left = arena_array(arena, n * n, sizeof(float)),
                              .most = arena_array(arena, n, sizeof(float)),
                              .values = arena_array(arena, draws, sizeof(double))};
    return out->w && out->left && out->most && out->values;
}

/* Reject what lies beyond `crit`; how many pairs were added. */
static size_t reject(const double *estimate, size_t n, const float *w, double crit, float *left,
                     uint8_t *above)
{
    size_t added = 0;
    for (size_t j = 0; j < n; j++)
        for (size_t k = 0; k < n; k++) {
            if (above[j * n + k] || !((estimate[j] - estimate[k]) * (double)w[j * n + k] > crit))
                continue;
            above[j * n + k] = 1;
            left[j * n + k] = 0;
            added++;
        }
    return added;
}

bool ranks_find(struct arena *arena, const double *estimate, const double *cov, size_t n,
                const struct ranks_ask *ask, struct ranks *out, struct err *err)
{
    struct draws d;
    struct rank_work work;
    *out = (struct ranks){.low = arena_array(arena, n + 1, sizeof *out->low),
                          .high = arena_array(arena, n + 1, sizeof *out->high),
                          .above = arena_array(arena, n * n + 1, 1)};
    if (!out->low || !out->high || !out->above || !draw(arena, cov, n, ask, &d) ||
        !room(arena, n, ask->draws, &work))
        return fail_memory(err);
    weights(cov, n, work.w);
    memcpy(work.left, work.w, n * n * sizeof *work.left);
    for (size_t added = 1; added && out->rounds < 50; out->rounds++) {
        out->last = quantile(&d, work.left, ask->level, work.most, work.values);
        added = reject(estimate, n, work.w, out->last, work.left, out->above);
        out->separated += added;
        if (out->rounds == 0) {
            out->first = out->last;
            out->separated_at_once = added;
        }
    }
    for (size_t j = 0; j < n; j++) {
        out->low[j] = 1;
        out->high[j] = n;
        for (size_t k = 0; k < n; k++) {
            out->low[j] += out->above[k * n + j];
            out->high[j] -= out->above[j * n + k];
        }
    }
    return true;
}

bool ranks_largest(struct arena *arena, const double *cov, size_t n, const uint8_t *use,
                   const struct ranks_ask *ask, double *out, struct err *err)
{
    struct draws d;
    struct rank_work work;
    if (!draw(arena, cov, n, ask, &d) || !room(arena, n, ask->draws, &work))
        return fail_memory(err);
    if (use) {
        weights(cov, n, work.w);
        for (size_t i = 0; i < n * n; i++)
            work.left[i] = use[i] || use[i % n * n + i / n] ? work.w[i] : 0;
        *out = quantile(&d, work.left, ask->level, work.most, work.values);
        return true;
    }
    for (size_t v = 0; v < d.count; v++) {
        work.values[v] = 0;
        for (size_t k = 0; k < n; k++)
            if (cov[k * n + k] > 0)
                work.values[v] = fmax(work.values[v], fabs((double)d.z[v * n + k]) / sqrt(cov[k * n + k]));
    }
    *out = stats_quantile(work.values, d.count, ask->level);
    return true;
}
