/* Matrices against their definitions. */
#include "test/test.h"

#include <math.h>

#include "num/dense.h"
#include "num/rng.h"

#include "base/banned.h"

enum { N = 23 };

static void make(double *a, double *copy)
{
    struct rng rng;
    double root[N * N];
    rng_seed(&rng, 3);
    for (size_t i = 0; i < N * N; i++)
        root[i] = rng_normal(&rng);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            a[i * N + j] = i == j;
            for (size_t k = 0; k < N; k++)
                a[i * N + j] += root[i * N + k] * root[j * N + k];
        }
    memcpy(copy, a, N * N * sizeof *a);
}

void test_dense__cholesky_solves_and_inverts(void **state)
{
    (void)state;
    double a[N * N], u[N * N], inverse[N * N], work[N * N], b[N], x[N];
    make(a, u);
    assert_true(dense_cholesky(u, N, NULL));
    for (size_t i = 0; i < N; i++)
        b[i] = x[i] = (double)i - 4;
    dense_solve(u, N, x);
    double back[N];
    dense_times(a, N, x, back);
    for (size_t i = 0; i < N; i++)
        assert_true(fabs(back[i] - b[i]) < 1e-10);
    dense_invert(u, N, inverse, work);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            double sum = 0;
            for (size_t k = 0; k < N; k++)
                sum += a[i * N + k] * inverse[k * N + j];
            assert_true(fabs(sum - (i == j)) < 1e-9);
        }
}

void test_dense__what_is_not_positive_is_refused(void **state)
{
    (void)state;
    double a[9] = {4, 2, 2, 2, 1, 1, 2, 1, 5};
    size_t at = 9;
    assert_false(dense_cholesky(a, 3, &at));
    assert_int_equal(at, 1);
}

void test_dense__eigenvalues_and_factors_make_the_matrix_again(void **state)
{
    (void)state;
    double a[N * N], copy[N * N], value[N], vector[N * N], factor[N * N];
    make(a, copy);
    dense_eigen(copy, N, value, vector);
    memcpy(copy, a, sizeof a);
    size_t rank = dense_factor(copy, N, factor);
    assert_int_equal(rank, N);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            double e = 0, f = 0;
            for (size_t k = 0; k < N; k++) {
                e += value[k] * vector[k * N + i] * vector[k * N + j];
                f += factor[k * N + i] * factor[k * N + j];
            }
            assert_true(fabs(e - a[i * N + j]) < 1e-9);
            assert_true(fabs(f - a[i * N + j]) < 1e-9);
        }
}

void test_dense__sandwich_is_the_product(void **state)
{
    (void)state;
    double a[N * N], s[N * N], out[N * N], work[N * N];
    make(a, s);
    for (size_t i = 0; i < N * N; i++)
        s[i] *= 0.5;
    dense_sandwich(a, s, N, out, work);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            double sum = 0;
            for (size_t k = 0; k < N; k++)
                for (size_t l = 0; l < N; l++)
                    sum += a[i * N + k] * s[k * N + l] * a[l * N + j];
            assert_true(fabs(sum - out[i * N + j]) < 1e-9 * fabs(sum) + 1e-9);
        }
}
