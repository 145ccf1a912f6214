/* Ranges against the table of section 4 of the hours reference, the quantile against its rule. */
#include "test/test.h"

#include <math.h>

#include "num/conformal.h"
#include "num/rng.h"

#include "base/banned.h"

void test_conformal__ranges_of_the_table(void **state)
{
    (void)state;
    static const struct {
        double signs, low, high;
    } table[] = {
        {1, 0, 3.86},       {5, 0.05, 9.95},    {10, 3.30, 16.70},  {17, 8.43, 25.57},
        {20, 10.74, 29.26}, {40, 27.06, 52.94}, {60, 44.22, 75.78},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct range r = conformal_range(table[i].signs, CONFORMAL_SEED_Q);
        assert_true(fabs(r.low - table[i].low) < 0.005);
        assert_true(fabs(r.high - table[i].high) < 0.005);
    }
}

void test_conformal__score_and_range_are_one_formula(void **state)
{
    (void)state;
    for (double signs = 1; signs < 100; signs++) {
        struct range r = conformal_range(signs, 1.5);
        assert_true(fabs(conformal_score(r.high, signs) - 1.5) < 1e-12);
        if (r.low > 0)
            assert_true(fabs(conformal_score(r.low, signs) - 1.5) < 1e-12);
    }
    assert_true(conformal_score(8, 3) == 2.5);
    assert_true(conformal_score(0, 3) == 1.5);
}

/* With scores 1, 2, …, n the quantile is its own rank, which whole numbers give too: ceil(4 (n + 1) / 5). */
void test_conformal__rank_is_that_of_the_rule_for_every_n(void **state)
{
    (void)state;
    static double scores[2000];
    for (size_t n = 1; n <= 2000; n++) {
        for (size_t i = 0; i < n; i++)
            scores[i] = (double)(n - i);
        size_t rank = (4 * (n + 1) + 4) / 5;
        assert_true(conformal_quantile(scores, n, 0.8) == (double)(rank > n ? n : rank));
    }
    for (size_t i = 0; i < 99; i++)
        scores[i] = (double)i + 1;
    assert_true(conformal_quantile(scores, 99, 0.55) ==
                55); /* 100 · 0.55 is a little more than 55 in binary */
    double eight[] = {3, 1, 4, 1.5, 9, 2, 6, 5};
    assert_true(conformal_quantile(eight, 8, 0.8) == 9); /* the largest of eight answers */
    double nine[] = {3, 1, 4, 1.5, 9, 2, 6, 5, 7};
    assert_true(conformal_quantile(nine, 9, 0.8) == 7);
    double few[] = {2, 1};
    assert_true(conformal_quantile(few, 2, 0.001) == 1);
}

/* What split conformal prediction promises: a new exchangeable score is covered with a chance of at least the
 * level. */
void test_conformal__covers_what_it_promises(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 3);
    int covered = 0;
    enum { TRIES = 40000, N = 24 };
    for (int t = 0; t < TRIES; t++) {
        double scores[N];
        for (int i = 0; i < N; i++)
            scores[i] = rng_unit(&rng);
        double q = conformal_quantile(scores, N, 0.8);
        covered += rng_unit(&rng) <= q;
    }
    double share = (double)covered / TRIES; /* exactly 20/25 = 0.8 */
    assert_true(fabs(share - 0.8) < 0.008);
}
