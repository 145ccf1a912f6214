/* Quantiles against published values; draws against their moments. */
#include "test/test.h"

#include <math.h>

#include "num/rng.h"
#include "num/special.h"

#include "base/banned.h"

void test_special__quantiles(void **state)
{
    (void)state;
    assert_true(fabs(special_normal_quantile(0.975) - 1.959963984540054) < 1e-13);
    assert_true(fabs(special_normal_quantile(1e-10) + 6.361340902404056) < 1e-12);
    assert_true(special_normal_quantile(0) == -INFINITY && special_normal_quantile(1) == INFINITY);
    assert_true(fabs(special_t_quantile(0.975, 12) - 2.178812829667229) < 1e-10);
    assert_true(fabs(special_t_quantile(0.975, 1) - 12.706204736432095) < 1e-8);
    assert_true(fabs(special_t_quantile(0.05, 5) + 2.01504837333302) < 1e-10);
    assert_true(fabs(special_normal(1.959963984540054) - 0.975) < 1e-14);
    assert_true(fabs(special_log_beta(2.5, 1.5) - log(0.19634954084936207)) < 1e-13);
}

/* Newcombe 1998, "Two-sided confidence intervals for the single proportion", method 3. */
void test_special__wilson(void **state)
{
    (void)state;
    double low, high;
    special_wilson(81, 263, 1.959963984540054, &low, &high);
    assert_true(fabs(low - 0.2553) < 5e-5 && fabs(high - 0.3662) < 5e-5);
    special_wilson(0, 20, 1.959963984540054, &low, &high);
    assert_true(low == 0 && fabs(high - 0.1611) < 5e-5);
    special_wilson(0, 0, 2, &low, &high);
    assert_true(low == 0 && high == 1);
}

void test_special__logistic_does_not_overflow(void **state)
{
    (void)state;
    assert_true(special_logistic(800) == 1 && special_logistic(-800) == 0);
    assert_true(special_log_logistic(-800) == -800 && special_log_logistic(800) == 0);
    assert_true(fabs(special_logistic(0.3) + special_logistic(-0.3) - 1) < 1e-15);
}

void test_special__draws_have_their_moments(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 11);
    enum { DRAWS = 200000 };
    static const double mean[] = {0.3, 7, 29, 31, 1000};
    for (size_t m = 0; m < 5; m++) {
        double sum = 0, square = 0;
        for (int i = 0; i < DRAWS; i++) {
            double k = (double)rng_poisson(&rng, mean[m]);
            sum += k, square += (k - mean[m]) * (k - mean[m]);
        }
        assert_true(fabs(sum / DRAWS - mean[m]) < 5 * sqrt(mean[m] / DRAWS));
        assert_true(fabs(square / DRAWS / mean[m] - 1) < 0.03);
    }
    double sum = 0, square = 0, chi = 0;
    for (int i = 0; i < DRAWS; i++) {
        double g = rng_normal(&rng);
        sum += g, square += g * g, chi += rng_chi_square(&rng, 0.7);
    }
    assert_true(fabs(sum / DRAWS) < 0.012 && fabs(square / DRAWS - 1) < 0.016 &&
                fabs(chi / DRAWS - 0.7) < 0.014);
}
