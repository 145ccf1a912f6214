/* The covariance of a board: the sandwich over single votes, over clusters, or over two kinds of clusters at
 * once (Cameron, Gelbach and Miller 2011: the first plus the second minus what both share). */
#include <math.h>
#include <stdio.h>

#include "arena/rank_votes.h"
#include "base/words.h"
#include "num/bt_style.h"
#include "num/dense.h"
#include "num/robust.h"
#include "num/special.h"

#include "base/banned.h"

enum { FEW = 40 };

struct errors_work {
    size_t n, models;
    double *meat, *whole, *work; /* fit->size squared */
    double *plain;               /* variances of single votes, by model */
};

/* V of the strengths out of a meat, times `by`, into `to`. */
static void covariance(const struct ranking *r, struct errors_work *w, const double *meat, double by,
                       double *to)
{
    robust_cov(&r->fit, meat, w->whole, w->work);
    for (size_t i = 0; i < w->models; i++)
        for (size_t j = 0; j < w->models; j++)
            to[i * w->models + j] = by * w->whole[i * w->n + j];
}

static double few(size_t clusters)
{
    return clusters > 1 ? (double)clusters / (double)(clusters - 1) : 1;
}

/* Take out what is negative of a two-way covariance. */
static bool repair(struct arena *arena, struct ranking *r, struct err *err)
{
    size_t k = r->fit.models;
    struct arena *AUTO_ARENA own = arena_new();
    double *a = arena_array(own, k * k, sizeof *a), *vector = arena_array(own, k * k, sizeof *vector),
           *value = arena_array(own, k, sizeof *value);
    if (!a || !vector || !value)
        return fail_memory(err);
    memcpy(a, r->cov, k * k * sizeof *a);
    dense_eigen(a, k, value, vector);
    bool negative = false;
    for (size_t e = 0; e < k; e++) {
        if (value[e] >= -1e-12)
            continue;
        negative = true;
        for (size_t i = 0; i < k; i++)
            for (size_t j = 0; j < k; j++)
                r->cov[i * k + j] -= value[e] * vector[e * k + i] * vector[e * k + j];
    }
    return !negative || rank_warn(arena, r,
                                  tr("arena.warn.two_way",
                                     "The errors by two kinds of clusters were negative in some direction; "
                                     "that was put to zero."),
                                  err);
}

/* Where there are few clusters, no model's two-way error is below the wider of its one-way errors. */
static void widen(struct ranking *r, const double *one_way)
{
    size_t k = r->fit.models;
    for (size_t i = 0; i < k; i++) {
        double by = sqrt(one_way[i] / r->cov[i * k + i]);
        if (!(by > 1) || !isfinite(by))
            continue;
        for (size_t j = 0; j < k; j++) {
            r->cov[i * k + j] *= by;
            r->cov[j * k + i] *= by;
        }
    }
}

static bool two_ways(struct arena *arena, struct rank_votes *rv, struct ranking *r, struct errors_work *w,
                     struct err *err)
{
    size_t k = w->models, both;
    struct arena *AUTO_ARENA own = arena_new();
    double *part = arena_array(own, k * k, sizeof *part), *wide = arena_array(own, k, sizeof *wide);
    if (!part || !wide)
        return fail_memory(err);
    memset(r->cov, 0, k * k * sizeof *r->cov);
    for (int c = 0; c < 3; c++) {
        if (!rank_clusters(rv, c, w->meat, c < 2 ? &r->clusters[c] : &both, err))
            return false;
        covariance(r, w, w->meat, few(c < 2 ? r->clusters[c] : both), part);
        for (size_t i = 0; i < k * k; i++)
            r->cov[i] += c < 2 ? part[i] : -part[i];
        for (size_t i = 0; i < k && c < 2; i++)
            wide[i] = fmax(wide[i], part[i * k + i]);
    }
    if (!repair(arena, r, err))
        return false;
    if (r->clusters[0] < FEW || r->clusters[1] < FEW)
        widen(r, wide);
    return true;
}

static bool say_few(struct arena *arena, const struct votes *v, struct ranking *r, size_t least, int which,
                    struct err *err)
{
    AUTO_BUF struct buf line;
    char number[24];
    snprintf(number, sizeof number, "%zu", least);
    buf_init(&line, 4096);
    words_say(&line,
              tr("arena.warn.few", "Only {n} clusters of the column “{column}”: intervals are wider for it."),
              {"n", number},
              {"column", v->cluster_column[which] ? v->cluster_column[which] : v->ask.cluster[which]});
    if (!rank_warn(arena, r, buf_text(&line), err))
        return false;
    if (least > r->fit.models)
        return true;
    r->ask.no_sets = true;
    return rank_warn(arena, r,
                     tr("arena.warn.no_sets",
                        "There are fewer clusters than models, so no places are given: the "
                        "errors of some differences would come out as zero."),
                     err);
}

/* Student's t instead of the normal when clusters are few. */
static bool degrees(struct arena *arena, const struct votes *v, struct ranking *r, struct err *err)
{
    size_t least = SIZE_MAX;
    int which = 0;
    for (int c = 0; c < v->ask.clusters; c++)
        if (r->clusters[c] < least) {
            least = r->clusters[c];
            which = c;
        }
    if (least >= FEW)
        return true;
    if (least < 2)
        return fail(err, E_FORMAT,
                    tr("err.arena.one_cluster",
                       "All votes belong to one cluster, so nothing can be said about errors."));
    r->df = (double)least - 1;
    r->quantile = special_t_quantile(0.975, r->df);
    return say_few(arena, v, r, least, which, err);
}

static bool clustered(struct arena *arena, struct votes *votes, struct rank_votes *rv, struct ranking *r,
                      struct errors_work *w, struct err *err)
{
    if (votes->ask.clusters == 2) {
        if (!two_ways(arena, rv, r, w, err))
            return false;
    } else {
        if (!rank_clusters(rv, 0, w->meat, &r->clusters[0], err))
            return false;
        r->few = few(r->clusters[0]);
        covariance(r, w, w->meat, r->few, r->cov);
    }
    for (size_t i = 0; i < r->n; i++) {
        uint32_t k = r->fit_of[r->at[i].model];
        if (k != UINT32_MAX && r->cov[k * w->models + k] > 0)
            r->at[i].effective = (double)r->at[i].votes * w->plain[k] / r->cov[k * w->models + k];
    }
    return degrees(arena, votes, r, err);
}

static void style_errors(struct ranking *r, const struct errors_work *w)
{
    size_t at = r->fit.models + (r->fit.ties != BT_HALF);
    for (size_t f = 0; f < r->style.features; f++)
        if (!r->style.at[f].dropped) {
            r->style.at[f].se = sqrt(w->whole[at * w->n + at]);
            at++;
        }
}

bool rank_errors(struct arena *arena, struct votes *votes, struct ranking *r, struct err *err)
{
    struct rank_votes rv;
    struct arena *AUTO_ARENA own = arena_new();
    double *meat = NULL;
    rank_votes_begin(&rv, votes, r);
    r->few = 1;
    if ((votes->ask.style || votes->ask.side) && !rank_style_fit(arena, votes, r, &rv, &meat, err))
        return false;
    if (r->ask.fit_only)
        return true;
    size_t n = r->fit.size, k = r->fit.models;
    struct errors_work w = {n,
                            k,
                            arena_array(own, n * n, sizeof(double)),
                            arena_array(own, n * n, sizeof(double)),
                            arena_array(own, n * n, sizeof(double)),
                            arena_array(own, k, sizeof(double))};
    if (!w.meat || !w.whole || !w.work || !w.plain)
        return fail_memory(err);
    if (!meat) {
        meat = w.meat;
        robust_meat(&r->data, &r->fit, meat);
    }
    covariance(r, &w, meat, 1, r->cov);
    for (size_t i = 0; i < k; i++)
        w.plain[i] = r->cov[i * k + i];
    if (votes->ask.clusters && !clustered(arena, votes, &rv, r, &w, err))
        return false;
    style_errors(r, &w);
    return true;
}
