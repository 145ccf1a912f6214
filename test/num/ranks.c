/* Rank sets cover: simulated boards, all of whose true places must lie within their sets in 95 of 100. */
#include "test/test.h"

#include <math.h>

#include "num/bt.h"
#include "num/dense.h"
#include "num/ranks.h"
#include "num/rng.h"
#include "num/robust.h"

#include "base/banned.h"

enum { MODELS = 7, PAIRS = MODELS * (MODELS - 1) / 2, BOARDS = 1000, VOTES = 40 };

static void simulate(struct rng *rng, const double *truth, struct bt_pair *pair)
{
    size_t n = 0;
    for (uint32_t i = 0; i < MODELS; i++)
        for (uint32_t j = i + 1; j < MODELS; j++) {
            double p[3];
            pair[n] = (struct bt_pair){i, j, {0}};
            bt_chances(BT_DAVIDSON, truth[i] - truth[j], -0.5, p);
            for (int v = 0; v < VOTES; v++) {
                double u = rng_unit(rng);
                pair[n].count[u < p[0] ? BT_WIN : u < p[0] + p[1] ? BT_LOSS : BT_TIE]++;
            }
            n++;
        }
}

/* Every true place is within the set: with equal strengths all places are true. */
static bool covers(const double *truth, const struct ranks *r)
{
    for (size_t j = 0; j < MODELS; j++) {
        size_t best = 1, worst = MODELS;
        for (size_t k = 0; k < MODELS; k++) {
            best += truth[k] > truth[j];
            worst -= truth[k] < truth[j];
        }
        if (r->low[j] > best || r->high[j] < worst)
            return false;
    }
    return true;
}

static size_t covered(double spread, uint64_t seed, bool naive)
{
    struct rng rng;
    size_t good = 0;
    rng_seed(&rng, seed);
    for (int b = 0; b < BOARDS; b++) {
        struct arena *AUTO_ARENA arena = arena_new();
        double truth[MODELS], meat[64], whole[64], work[64], cov[MODELS * MODELS];
        struct bt_pair pair[PAIRS];
        struct bt_data data = {MODELS, PAIRS, pair};
        struct bt_fit fit;
        struct ranks r;
        struct err err = {0};
        for (size_t i = 0; i < MODELS; i++)
            truth[i] = spread * rng_normal(&rng);
        simulate(&rng, truth, pair);
        assert_ok(bt_fit(arena, &data, BT_DAVIDSON, NULL, &fit, &err), &err);
        robust_meat(&data, &fit, meat);
        robust_cov(&fit, meat, whole, work);
        for (size_t i = 0; i < MODELS; i++)
            for (size_t j = 0; j < MODELS; j++)
                cov[i * MODELS + j] = naive && i != j ? 0 : whole[i * fit.size + j] * (naive ? 0.5 : 1);
        struct ranks_ask ask = {.level = 0.95, .draws = 500, .seed = (uint64_t)b};
        assert_ok(ranks_find(arena, fit.at, cov, MODELS, &ask, &r, &err), &err);
        good += covers(truth, &r);
    }
    return good;
}

void test_ranks__sets_cover_all_true_places_at_once(void **state)
{
    (void)state;
    const double least = BOARDS * (0.95 - 2 * sqrt(0.95 * 0.05 / BOARDS));
    assert_true((double)covered(0, 1, false) >= least);
    assert_true((double)covered(0.6, 2, false) >= least);
    assert_true((double)covered(0, 3, true) < least); /* the simulation can fail: errors taken too small */
}

void test_ranks__stepping_down_separates_no_less(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    double at[5] = {3, 1.2, 0.9, -1, -4}, cov[25] = {0};
    for (size_t i = 0; i < 5; i++)
        cov[i * 6] = 0.05;
    struct ranks r;
    struct err err = {0};
    struct ranks_ask ask = {.level = 0.95, .draws = 4000, .seed = 5};
    assert_ok(ranks_find(arena, at, cov, 5, &ask, &r, &err), &err);
    assert_true(r.last <= r.first && r.separated >= r.separated_at_once);
    assert_int_equal(r.low[0], 1);
    assert_int_equal(r.high[0], 1);
    assert_int_equal(r.low[1], 2);
    assert_int_equal(r.high[1], 3);
    assert_int_equal(r.low[4], 5);
    /* Of five independent means the largest of 10 studentised differences: Tukey's q(5, inf) / sqrt 2 = 2.728
     */
    assert_true(fabs(r.first - 2.728) < 0.09);
}

void test_ranks__largest_of_some_contrasts(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    double cov[9] = {1, 0, 0, 0, 4, 0, 0, 0, 9}, q;
    uint8_t one[9] = {0, 1, 0, 0, 0, 0, 0, 0, 0};
    struct err err = {0};
    struct ranks_ask ask = {.level = 0.95, .draws = 20000, .seed = 6};
    assert_ok(ranks_largest(arena, cov, 3, one, &ask, &q, &err), &err);
    assert_true(fabs(q - 1.96) < 0.05);
    assert_ok(ranks_largest(arena, cov, 3, NULL, &ask, &q, &err), &err);
    assert_true(fabs(q - 2.388) < 0.06); /* the 1 - (1 - 0.95^(1/3))/2 quantile of the normal */
    ask.df = 5;
    assert_ok(ranks_largest(arena, cov, 3, one, &ask, &q, &err), &err);
    assert_true(fabs(q - 2.571) < 0.1); /* Student's t */
}
