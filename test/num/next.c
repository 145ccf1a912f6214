/* Which pair next: the gain is what a vote really takes from the variance, and every pair keeps a chance. */
#include "test/test.h"

#include <math.h>

#include "num/next.h"

#include "base/banned.h"

static struct bt_pair pair[] = {
    {0, 1, {30, 12, 0}}, {0, 2, {22, 25, 0}}, {1, 2, {14, 40, 0}}, {2, 3, {8, 4, 0}}};
static const struct bt_data data = {4, 4, pair};

void test_next__gain_is_the_fall_of_the_variance(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct bt_fit fit;
    struct err err = {0};
    assert_ok(bt_fit(arena, &data, BT_HALF, NULL, &fit, &err), &err);
    struct next_want want = {0, 3};
    /* Information with one vote more on (1, 3): by adding h (e1 - e3)(e1 - e3)ᵀ and inverting anew, which the
     * formula of Sherman and Morrison stands for. */
    double p = 1 / (1 + exp(fit.at[3] - fit.at[1])), h = p * (1 - p);
    const double *v = fit.inverse;
    double c = v[0 * 4 + 1] - v[0 * 4 + 3] - v[3 * 4 + 1] + v[3 * 4 + 3], s = v[5] + v[15] - 2 * v[7];
    assert_true(fabs(next_gain(&fit, 1, 3, &want, 1) - h * c * c / (1 + h * s)) < 1e-14);
    assert_true(next_gain(&fit, 0, 3, &want, 1) > next_gain(&fit, 0, 1, &want, 1));
}

void test_next__every_pair_is_drawn_with_its_chance(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct bt_fit fit;
    struct err err = {0};
    struct rng rng;
    struct next_want want = {0, 3};
    double share[4][4] = {{0}}, chance[4][4] = {{0}}, all = 0;
    enum { DRAWS = 40000 };
    rng_seed(&rng, 3);
    assert_ok(bt_fit(arena, &data, BT_HALF, NULL, &fit, &err), &err);
    for (int d = 0; d < DRAWS; d++) {
        uint32_t a, b;
        double p;
        assert_ok(next_pair(arena, &fit, &want, 1, &rng, &a, &b, &p, &err), &err);
        share[a][b] += 1.0 / DRAWS;
        chance[a][b] = p;
    }
    for (size_t a = 0; a < 4; a++)
        for (size_t b = 0; b < 4; b++) {
            if (a == b)
                continue;
            assert_true(chance[a][b] >= 0.2 / 12 - 1e-12);
            assert_true(fabs(share[a][b] - chance[a][b]) < 5 * sqrt(chance[a][b] / DRAWS));
            all += chance[a][b];
        }
    assert_true(fabs(all - 1) < 1e-9);
}

void test_next__the_best_pairs_are_those_of_most_gain(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct bt_fit fit;
    struct err err = {0};
    struct next_want want = {0, 3};
    struct next_best best[4], all[6];
    size_t n, many;
    double sum = 0;
    assert_ok(bt_fit(arena, &data, BT_HALF, NULL, &fit, &err), &err);
    assert_ok(next_best(arena, &fit, &want, 1, 4, best, &n, &err), &err);
    assert_ok(next_best(arena, &fit, &want, 1, 6, all, &many, &err), &err);
    assert_true(n == 4 && many == 6);
    for (size_t i = 0; i < 6; i++) {
        sum += all[i].chance;
        if (i < 4)
            assert_true(best[i].a == all[i].a && best[i].b == all[i].b);
        if (i)
            assert_true(next_gain(&fit, all[i - 1].a, all[i - 1].b, &want, 1) >=
                        next_gain(&fit, all[i].a, all[i].b, &want, 1));
    }
    assert_true(fabs(sum - 1) < 1e-12);
}

void test_next__votes_needed(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct bt_fit fit;
    struct err err = {0};
    assert_ok(bt_fit(arena, &data, BT_HALF, NULL, &fit, &err), &err);
    assert_true(next_votes(&fit, 0, 1, 0.01, 0.2, 1) == INFINITY); /* under 3 Elo */
    assert_true(next_votes(&fit, 0, 1, 2, 0.2, 1) == 0);           /* told apart already */
    assert_true(next_votes(&fit, 0, 1, 0.2, 0.3, 2) == 2 * next_votes(&fit, 0, 1, 0.2, 0.3, 1));
}
