/* Quantiles of counts against sorting, and what the bootstrap may not do. */
#include "test/test.h"

#include <math.h>
#include <stdlib.h>

#include "num/counts.h"
#include "num/rng.h"

#include "base/banned.h"

enum { SAMPLES = 300, THINGS = 200, GROUPS = 3 };

/* Things seen in samples; count 0 is possible where `times` is more. */
static size_t make(struct count_seen *seen, uint32_t *count, uint32_t *group, uint64_t seed)
{
    static bool in[SAMPLES][THINGS];
    uint32_t times[THINGS] = {0};
    struct rng rng;
    size_t n = 0;
    rng_seed(&rng, seed);
    memset(in, 0, sizeof in);
    for (size_t t = 0; t < THINGS; t++) {
        uint64_t want = 1 + rng_below(&rng, 1 + rng_below(&rng, 9));
        for (uint64_t i = 0; i < want; i++) {
            bool *at = &in[rng_below(&rng, SAMPLES)][t];
            times[t] += !*at;
            *at = true;
        }
        count[t] = (uint32_t)rng_below(&rng, times[t] + 1);
        group[t] = (uint32_t)rng_below(&rng, GROUPS);
    }
    for (uint32_t s = 0; s < SAMPLES; s++)
        for (size_t t = 0; t < THINGS; t++)
            if (in[s][t])
                seen[n++] = (struct count_seen){s, times[t], count[t], group[t]};
    return n;
}

static int order(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void same_as_sorted(const struct counts *c, const uint32_t *count, const uint32_t *group, uint32_t g)
{
    uint32_t sorted[THINGS];
    size_t n = 0;
    int64_t ones = 0;
    for (size_t t = 0; t < THINGS; t++)
        if (g == GROUPS || group[t] == g) {
            sorted[n++] = count[t];
            ones += count[t] == 1;
        }
    qsort(sorted, n, sizeof *sorted, order);
    assert_int_equal(c->n, n);
    assert_int_equal(c->ones, ones);
    for (int q = 0; q < COUNT_MARKS; q++) {
        size_t place = (size_t)ceil(counts_share((enum counts_mark)q) * (double)n - 1e-9);
        assert_int_equal(c->at[q], sorted[place ? place - 1 : 0]);
        assert_true(c->low[q] <= c->at[q] && c->at[q] <= c->high[q]);
    }
    assert_true(c->one_low <= c->one && c->one <= c->one_high);
}

void test_counts__quantiles_are_those_of_the_sorted_counts(void **state)
{
    (void)state;
    static struct count_seen seen[SAMPLES * THINGS];
    uint32_t count[THINGS], group[THINGS];
    struct counts out[GROUPS + 1];
    struct err err = {0};
    for (uint64_t seed = 1; seed <= 50; seed++) {
        size_t n = make(seen, count, group, seed);
        assert_ok(counts_make(seen, n, SAMPLES, GROUPS, 100, seed, out, &err), &err);
        for (uint32_t g = 0; g <= GROUPS; g++)
            same_as_sorted(&out[g], count, group, g);
    }
}

void test_counts__same_seed_same_intervals(void **state)
{
    (void)state;
    static struct count_seen seen[SAMPLES * THINGS];
    static struct counts a[GROUPS + 1], b[GROUPS + 1];
    uint32_t count[THINGS], group[THINGS];
    struct err err = {0};
    size_t n = make(seen, count, group, 7);
    memset(a, 0, sizeof a);
    memset(b, 0, sizeof b);
    assert_ok(counts_make(seen, n, SAMPLES, GROUPS, 60, 1, a, &err), &err);
    assert_ok(counts_make(seen, n, SAMPLES, GROUPS, 60, 1, b, &err), &err);
    assert_memory_equal(a, b, sizeof a);
    assert_ok(counts_make(seen, n, SAMPLES, GROUPS, 60, 2, b, &err), &err);
    assert_memory_not_equal(a, b, sizeof a);
}

void test_counts__nothing_seen_is_no_failure(void **state)
{
    (void)state;
    struct counts out[2];
    struct err err = {0};
    assert_ok(counts_make(NULL, 0, 0, 1, 100, 1, out, &err), &err);
    assert_int_equal(out[1].n, 0);
    assert_int_equal(out[1].at[COUNT_99], 0);
    assert_false(isnan(out[1].one));
}

/* A draw without anything of a group says nothing of it. */
void test_counts__a_rare_group_has_no_zero_in_its_interval(void **state)
{
    (void)state;
    struct count_seen seen[50];
    struct counts out[3];
    struct err err = {0};
    for (uint32_t s = 0; s < 50; s++)
        seen[s] = (struct count_seen){s, 1, 1, s == 7};
    assert_ok(counts_make(seen, 50, 50, 2, 200, 3, out, &err), &err);
    assert_int_equal(out[1].n, 1);
    assert_int_equal(out[1].low[COUNT_50], 1);
    assert_true(out[1].one_low >= 1);
}

/* Papers whose names all have one count, as a group that writes together has: the interval over papers holds
 * the population's share about as often as it says, which one over names would not. */
void test_counts__intervals_hold_the_truth_as_often_as_they_say(void **state)
{
    (void)state;
    static struct count_seen seen[4 * SAMPLES];
    struct rng rng;
    struct err err = {0};
    int held = 0;
    rng_seed(&rng, 11);
    for (int trial = 0; trial < 400; trial++) {
        struct counts out[2];
        size_t n = 0;
        for (uint32_t s = 0; s < SAMPLES; s++) {
            uint32_t count = rng_below(&rng, 10) < 7 ? 1 : 2;
            for (uint64_t names = 1 + rng_below(&rng, 4); names--;)
                seen[n++] = (struct count_seen){s, 1, count, 0};
        }
        assert_ok(counts_make(seen, n, SAMPLES, 1, 200, (uint64_t)trial, out, &err), &err);
        held += out[1].one_low <= .7 && .7 <= out[1].one_high;
    }
    assert_in_range(held, 366, 394);
}
