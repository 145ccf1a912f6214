/* Odds by logistic regression: the slopes vanish at the minimum, scores by hand, bands that hold what they
 * say. */
#include "test/test.h"

#include <math.h>

#include "num/rng.h"
#include "num/special.h"
#include "num/verdict.h"

#include "base/banned.h"

enum { N = 400, K = 3 };

struct drawn {
    double x[N * K];
    bool lasting[N];
    uint32_t cluster[N];
};

/* Cases in clusters of two that share their features and lean the same way. */
static void draw(struct drawn *d, struct rng *rng)
{
    double lean = 0;
    for (size_t i = 0; i < N; i++) {
        double t = .8;
        d->cluster[i] = (uint32_t)(i / 2);
        lean = i % 2 ? lean : rng_normal(rng) * .7;
        for (size_t j = 0; j < K; j++) {
            d->x[i * K + j] = i % 2 ? d->x[(i - 1) * K + j] : rng_normal(rng) * (double)(j + 1) + 5;
            t += (j == 0 ? .9 : j == 1 ? -.25 : 0) * (d->x[i * K + j] - 5);
        }
        d->lasting[i] = rng_unit(rng) < special_logistic(t + lean);
    }
}

void test_verdict__slopes_vanish_at_the_minimum(void **state)
{
    (void)state;
    struct rng rng;
    static struct drawn d;
    struct verdict_model m;
    struct err err = {0};
    AUTO_ARENA struct arena *a = arena_new();
    rng_seed(&rng, 3);
    draw(&d, &rng);
    d.x[7 * K] = d.x[9 * K + 1] = NAN; /* missing ones take the median */
    struct verdict_rows rows = {d.x, d.lasting, d.cluster, N, K, N / 2};
    assert_ok(verdict_fit(a, &rows, .1, &m, &err), &err);
    double slope[K + 1] = {m.weight[0], m.weight[1], m.weight[2], 0};
    for (size_t i = 0; i < N; i++) {
        double miss = .1 * (verdict_odds(&m, d.x + i * K, NULL, NULL) - d.lasting[i]);
        for (size_t j = 0; j < K; j++) {
            double v = d.x[i * K + j];
            v = isnan(v) ? m.median[j] : v;
            slope[j] += miss * fmax(-4, fmin(4, (v - m.mean[j]) / m.sd[j]));
        }
        slope[K] += miss;
    }
    for (size_t j = 0; j <= K; j++)
        assert_true(fabs(slope[j]) < 1e-7);
}

void test_verdict__scores_by_hand(void **state)
{
    (void)state;
    struct err err = {0};
    struct verdict_score s;
    const double p[] = {.9, .8, .8, .3, .1};
    const bool lasting[] = {true, true, false, true, false};
    assert_ok(verdict_score(p, lasting, NULL, 5, &s, &err), &err);
    /* pairs (lasting, not): .9>.8 .9>.1 .8=.8 .8>.1 .3<.8 .3>.1: 4.5 of 6 */
    assert_true(fabs(s.auc - .75) < 1e-12);
    assert_true(fabs(s.brier - (.01 + .04 + .64 + .49 + .01) / 5) < 1e-12);
    assert_true(fabs(s.ece - (.1 + .6 + .7 + .1) / 5) < 1e-12);
    const uint32_t times[] = {2, 1, 0, 1, 1};
    assert_ok(verdict_score(p, lasting, times, 5, &s, &err), &err);
    assert_true(fabs(s.auc - 1) < 1e-12);
}

/* A fit with little penalty over many draws: the band of one case holds the odds that made it, cluster or
 * not. */
void test_verdict__the_band_holds_in_clusters(void **state)
{
    (void)state;
    struct rng rng;
    static struct drawn d;
    enum { DRAWS = 200 };
    const double x[K] = {5.8, 4, 5};
    double truth = 0;
    unsigned held = 0;
    rng_seed(&rng, 8);
    for (int i = 0; i < 200000; i++) /* the lean averaged over */
        truth += special_logistic(.8 + .9 * .8 + .25 + rng_normal(&rng) * .7) / 200000;
    for (int k = 0; k < DRAWS; k++) {
        struct verdict_model m;
        struct err err = {0};
        double low, high;
        AUTO_ARENA struct arena *a = arena_new();
        draw(&d, &rng);
        struct verdict_rows rows = {d.x, d.lasting, d.cluster, N, K, N / 2};
        assert_ok(verdict_fit(a, &rows, 10, &m, &err), &err);
        verdict_odds(&m, x, &low, &high);
        held += low <= truth && truth <= high;
    }
    assert_true(held >= DRAWS * 90 / 100);
}

void test_verdict__a_bootstrap_surrounds_what_was_seen(void **state)
{
    (void)state;
    struct rng rng;
    struct err err = {0};
    static double p[N];
    static bool lasting[N];
    static uint32_t cluster[N];
    struct verdict_score s, low, high;
    rng_seed(&rng, 5);
    for (size_t i = 0; i < N; i++) {
        p[i] = rng_unit(&rng);
        lasting[i] = rng_unit(&rng) < p[i];
        cluster[i] = (uint32_t)(i / 4);
    }
    assert_ok(verdict_score(p, lasting, NULL, N, &s, &err), &err);
    assert_ok(verdict_bootstrap(p, lasting, cluster, N, N / 4, 500, 1, &low, &high, &err), &err);
    assert_true(low.auc < s.auc && s.auc < high.auc && high.auc - low.auc < .15);
    assert_true(low.brier < s.brier && s.brier < high.brier);
}

void test_verdict__one_outcome_teaches_nothing(void **state)
{
    (void)state;
    struct verdict_model m;
    struct err err = {0};
    const double x[] = {1, 2};
    const bool lasting[] = {true, true};
    const uint32_t cluster[] = {0, 1};
    AUTO_ARENA struct arena *a = arena_new();
    struct verdict_rows rows = {x, lasting, cluster, 2, 1, 2};
    assert_false(verdict_fit(a, &rows, .1, &m, &err));
    assert_int_equal(err.code, E_MISSING);
}
