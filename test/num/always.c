/* Confidence under daily looks: the mixture holds its rate, the fixed threshold does not. */
#include "test/test.h"

#include <math.h>

#include "num/always.h"
#include "num/bt.h"
#include "num/rng.h"

#include "base/banned.h"

enum { MODELS = 8, PAIRS = MODELS * (MODELS - 1) / 2, LOOKS = 100, PER_LOOK = 100, RUNS = 200 };

/* One look: which rules would claim a difference between models 0 and 1, though all are equal. */
struct claims {
    bool naive, mixture, any_mixture;
};

static void look(const struct bt_data *data, struct bt_room *room, struct bt_fit *fit, struct claims *c)
{
    struct err err = {0};
    double alpha = 0.05, all = alpha / PAIRS;
    if (!bt_refit(data, BT_HALF, room, fit, &err) || !bt_invert(data, room, fit, &err))
        return;
    for (size_t i = 0; i < MODELS; i++)
        for (size_t j = i + 1; j < MODELS; j++) {
            const double *v = fit->inverse;
            double d = fabs(fit->at[i] - fit->at[j]),
                   se = sqrt(v[i * MODELS + i] + v[j * MODELS + j] - 2 * v[i * MODELS + j]);
            bool first = i == 0 && j == 1;
            c->naive |= first && d > 1.96 * se;
            c->mixture |= first && d > always_half_width(se, always_rho(alpha, 200), alpha);
            c->any_mixture |= d > always_half_width(se, always_rho(all, 200), all);
        }
}

void test_always__daily_looks_hold_the_rate(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct bt_room room;
    struct err err = {0};
    struct bt_fit fit = {.at = arena_array(arena, MODELS, sizeof(double)),
                         .inverse = arena_array(arena, MODELS * MODELS, sizeof(double))};
    struct bt_pair pair[PAIRS];
    struct bt_data data = {MODELS, PAIRS, pair};
    struct rng rng;
    int naive = 0, mixture = 0, any = 0;
    assert_ok(bt_room_make(arena, MODELS, &room, &err), &err);
    rng_seed(&rng, 42);
    for (int run = 0; run < RUNS; run++) {
        struct claims c = {0};
        size_t n = 0;
        for (uint32_t i = 0; i < MODELS; i++)
            for (uint32_t j = i + 1; j < MODELS; j++)
                pair[n++] = (struct bt_pair){i, j, {0}};
        for (int l = 0; l < LOOKS; l++) {
            for (int v = 0; v < PER_LOOK; v++)
                pair[rng_below(&rng, PAIRS)].count[rng_below(&rng, 2)]++;
            if (l >= 7) /* each model has some 175 votes by then */
                look(&data, &room, &fit, &c);
        }
        naive += c.naive, mixture += c.mixture, any += c.any_mixture;
    }
    double most = RUNS * (0.05 + 2 * sqrt(0.05 * 0.95 / RUNS));
    assert_true(mixture <= most && any <= most);
    assert_true(naive > 0.2 * RUNS);
}

void test_always__evidence_of_two_models_is_a_martingale(void **state)
{
    (void)state;
    assert_true(fabs(always_log_evidence(0, 0)) < 1e-12);
    for (double w = 0; w < 30; w += 7)
        for (double l = 0; l < 30; l += 5) /* the mean over the next vote is what it was */
            assert_true(fabs((exp(always_log_evidence(w + 1, l)) + exp(always_log_evidence(w, l + 1))) / 2 /
                                 exp(always_log_evidence(w, l)) -
                             1) < 1e-10);
    assert_true(always_log_evidence(40, 10) > log(20));
}

/* One contrast against a base board that is itself uncertain: looks after each 20 units of information. */
void test_always__changes_against_one_base(void **state)
{
    (void)state;
    enum { HISTORIES = 4000, DAYS = 60 };
    struct rng rng;
    int held = 0, fixed = 0;
    rng_seed(&rng, 9);
    for (int h = 0; h < HISTORIES; h++) {
        double base = 400, sum = rng_normal(&rng) * sqrt(base), first = sum / base;
        bool a = false, b = false;
        for (int d = 1; d <= DAYS; d++) {
            double now = base + 20 * d;
            sum += rng_normal(&rng) * sqrt(20);
            double z = fabs(sum / now - first) / sqrt(1 / base - 1 / now);
            a |= z > always_change(1 / base, 1 / now, 0.1, 0.05);
            b |= z > 1.96;
        }
        held += a, fixed += b;
    }
    assert_true(held <= 0.05 * HISTORIES);
    assert_true(fixed > 0.2 * HISTORIES);
    assert_true(always_change(0.01, 0.01, 0.1, 0.05) == INFINITY);
}
