/* Bursts against a brute force over all paths of states. */
#include "test/test.h"

#include <math.h>

#include "num/burst.h"
#include "num/rng.h"

#include "base/banned.h"

/* The cheapest of all 2^n paths: is its last state 1, and the weight and length of the run that ends it.
 * `margin` is how much dearer the cheapest path with the other end is. */
static bool brute(const double *r, const double *d, unsigned n, struct burst *out, double *margin)
{
    double r_sum = 0, d_sum = 0, best[2] = {INFINITY, INFINITY};
    unsigned path[2] = {0, 0};
    for (unsigned i = 0; i < n; i++) {
        r_sum += r[i];
        d_sum += d[i];
    }
    double p[2] = {r_sum / d_sum, fmin(2 * r_sum / d_sum, .9999)};
    for (unsigned states = 0; states < 1u << n; states++) {
        double cost = 0;
        for (unsigned i = 0; i < n; i++) {
            unsigned now = states >> i & 1, before = i ? states >> (i - 1) & 1 : 0;
            cost -= r[i] * log(p[now]) + (d[i] - r[i]) * log1p(-p[now]);
            cost += now > before ? log(n) : 0;
        }
        unsigned end = states >> (n - 1) & 1;
        if (cost < best[end]) {
            best[end] = cost;
            path[end] = states;
        }
    }
    *margin = fabs(best[1] - best[0]);
    *out = (struct burst){0};
    for (unsigned i = n; i-- > 0 && path[1] >> i & 1; out->length++)
        out->weight += r[i] * log(p[1] / p[0]) + (d[i] - r[i]) * (log1p(-p[1]) - log1p(-p[0]));
    return best[1] < best[0];
}

void test_burst__equals_brute_force_over_all_paths(void **state)
{
    (void)state;
    struct rng rng;
    unsigned bursts = 0;
    rng_seed(&rng, 12);
    for (int k = 0; k < 1000; k++) {
        double r[12], d[12], sum = 0, margin;
        unsigned n = 2 + (unsigned)rng_below(&rng, 11);
        for (unsigned i = 0; i < n; i++) {
            d[i] = 20 + (double)rng_below(&rng, 300);
            r[i] = (double)rng_below(&rng, i + 2 > n - 1 && k % 2 ? 20 : 6);
            sum += r[i];
        }
        struct burst slow, fast;
        bool in = burst_fit(r, d, n, &fast);
        if (sum < 5) {
            assert_false(in);
            continue;
        }
        bool want = brute(r, d, n, &slow, &margin);
        if (margin < 1e-9)
            continue;
        assert_int_equal(in, want);
        bursts += in;
        if (in) {
            assert_int_equal(fast.length, slow.length);
            assert_true(fabs(fast.weight - slow.weight) < 1e-9);
        }
    }
    assert_true(bursts > 100 && bursts < 900);
}

void test_burst__nothing_bursts_from_nothing(void **state)
{
    (void)state;
    double r[] = {0, 0, 0, 4}, all[] = {9, 9, 9, 9}, d[] = {9, 9, 9, 9};
    struct burst b;
    assert_false(burst_fit(r, d, 4, &b)); /* four papers are too few */
    assert_false(burst_fit(all, d, 4, &b));
    assert_false(burst_fit(r, d, 0, &b));
}
