/* Trees: what parts the outcomes is found, noise stays near the base rate, the same seed gives the same bits.
 */
#include "test/test.h"

#include <math.h>

#include "num/rng.h"
#include "num/trees.h"

#include "base/banned.h"

enum { N = 600, K = 4 };
static const struct trees_how how = {.trees = 100, .leaf = 8, .share = .4, .seed = 1};

static void draw(double *x, bool *lasting, uint64_t seed)
{
    struct rng rng;
    rng_seed(&rng, seed);
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < K; j++)
            x[i * K + j] = rng_normal(&rng);
        /* neither feature says anything alone */
        lasting[i] = rng_unit(&rng) < ((x[i * K] > 0) == (x[i * K + 1] > 0) ? .9 : .2);
        x[i * K + 3] = i % 7 ? x[i * K + 3] : NAN;
    }
}

void test_trees__two_features_together_are_found(void **state)
{
    (void)state;
    static double x[N * K], y[N * K], p[N];
    static bool lasting[N], other[N];
    struct trees_model t;
    struct verdict_score s;
    struct err err = {0};
    AUTO_ARENA struct arena *a = arena_new();
    draw(x, lasting, 1);
    draw(y, other, 2);
    struct verdict_rows rows = {x, lasting, NULL, N, K, 0};
    struct trees_how all = how; /* features drawn, as many as there are */
    all.share = 1;
    assert_ok(trees_grow(a, &rows, &all, &t, &err), &err);
    for (size_t i = 0; i < N; i++) {
        p[i] = trees_odds(&t, y + i * K);
        assert_true(p[i] >= 0 && p[i] <= 1);
    }
    assert_ok(verdict_score(p, other, NULL, N, &s, &err), &err);
    assert_true(s.auc > .75 && s.brier < .2);
}

void test_trees__the_same_seed_gives_the_same_bits(void **state)
{
    (void)state;
    static double x[N * K];
    static bool lasting[N];
    struct trees_model t, u;
    struct err err = {0};
    AUTO_ARENA struct arena *a = arena_new();
    draw(x, lasting, 3);
    struct verdict_rows rows = {x, lasting, NULL, N, K, 0};
    assert_ok(trees_grow(a, &rows, &how, &t, &err), &err);
    assert_ok(trees_grow(a, &rows, &how, &u, &err), &err);
    for (size_t i = 0; i < N; i++) {
        double p = trees_odds(&t, x + i * K), q = trees_odds(&u, x + i * K);
        assert_memory_equal(&p, &q, sizeof p);
    }
}

void test_trees__one_leaf_is_the_base_rate(void **state)
{
    (void)state;
    const double x[] = {1, 2, 3, 4, 5, 6};
    const bool lasting[] = {true, false, true, true, false, true};
    struct trees_model t;
    struct err err = {0};
    AUTO_ARENA struct arena *a = arena_new();
    struct verdict_rows rows = {x, lasting, NULL, 6, 1, 0};
    assert_ok(trees_grow(a, &rows, &how, &t, &err), &err);
    assert_true(fabs(trees_odds(&t, x) - 4.0 / 6) < 1e-12);
}
