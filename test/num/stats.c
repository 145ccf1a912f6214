/* Quantiles of type 7, with the values R prints for quantile(x, p). */
#include "test/test.h"

#include <math.h>

#include "num/stats.h"

#include "base/banned.h"

void test_stats__quantiles_of_type_7(void **state)
{
    (void)state;
    static const struct {
        double p, q;
    } known[] = {
        /* x <- c(2, 3, 5, 7, 11, 13, 17, 19, 23, 29); h = 9p + 1 */
        {0, 2},       {0.1, 2.9},  {0.25, 5.5},  {1.0 / 3, 7}, {0.5, 12},
        {0.75, 18.5}, {0.9, 23.6}, {0.95, 26.3}, {1, 29},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        double x[] = {29, 2, 3, 23, 5, 7, 19, 11, 13, 17};
        assert_true(fabs(stats_quantile(x, 10, known[i].p) - known[i].q) < 1e-12);
        for (size_t j = 1; j < 10; j++)
            assert_true(x[j - 1] < x[j]);
    }
}

void test_stats__small_samples(void **state)
{
    (void)state;
    double one[] = {4}, two[] = {10, 2}, same[] = {3, 3, 3};
    assert_true(stats_quantile(one, 1, 0.3) == 4);
    assert_true(stats_quantile(two, 2, 0.25) == 4);
    assert_true(stats_quantile(two, 2, 1.5) == 10); /* beyond the ends is the end */
    assert_true(stats_quantile(two, 2, -1) == 2);
    assert_true(stats_quantile(same, 3, 0.9) == 3);
}
