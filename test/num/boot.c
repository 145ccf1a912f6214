/* Bootstrap against the sandwich; draws that lose a model. */
#include "test/test.h"

#include <math.h>

#include "num/boot.h"
#include "num/robust.h"
#include "num/stats.h"

#include "base/banned.h"

static double spread(const struct boot *b, size_t model, double *lost)
{
    double sum = 0, square = 0, n = 0;
    for (size_t d = 0; d < b->draws; d++) {
        double x = b->at[d * b->models + model];
        if (isnan(x))
            continue;
        n++, sum += x, square += x * x;
    }
    *lost = (double)b->draws - n;
    return sqrt((square - sum * sum / n) / (n - 1));
}

void test_boot__both_kinds_agree_with_the_sandwich(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct bt_pair pair[] = {{0, 1, {300, 120, 90}},
                             {0, 2, {220, 250, 110}},
                             {1, 2, {140, 400, 60}},
                             {1, 3, {50, 90, 30}},
                             {2, 3, {80, 40, 70}}};
    struct bt_data data = {4, 5, pair};
    for (enum bt_ties ties = BT_HALF; ties <= BT_RAO_KUPPER; ties++) {
        struct bt_fit fit;
        struct boot full, step;
        struct err err = {0};
        double meat[25], cov[25], work[25], lost;
        assert_ok(bt_fit(arena, &data, ties, NULL, &fit, &err), &err);
        robust_meat(&data, &fit, meat);
        robust_cov(&fit, meat, cov, work);
        assert_ok(boot_refit(arena, &data, &fit, 4000, 3, &full, &err), &err);
        assert_ok(boot_step(arena, &data, &fit, 4000, 4, &step, &err), &err);
        for (size_t i = 0; i < 4; i++) {
            double se = sqrt(cov[i * fit.size + i]);
            assert_true(fabs(spread(&full, i, &lost) / se - 1) < 0.05 && lost == 0);
            assert_true(fabs(spread(&step, i, &lost) / se - 1) < 0.05);
        }
    }
}

/* A model with one loss is without it in about one draw of e. */
void test_boot__a_draw_without_its_one_loss_gives_a_model_no_value(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct bt_pair pair[] = {
        {0, 1, {50, 40, 0}}, {0, 2, {30, 35, 0}}, {1, 2, {25, 25, 0}}, {0, 3, {1, 12, 0}}};
    struct bt_data data = {4, 4, pair};
    struct bt_fit fit;
    struct boot b;
    struct err err = {0};
    double lost;
    assert_ok(bt_fit(arena, &data, BT_HALF, NULL, &fit, &err), &err);
    assert_ok(boot_refit(arena, &data, &fit, 1000, 5, &b, &err), &err);
    spread(&b, 3, &lost);
    assert_true(fabs(lost / 1000 - exp(-1)) < 0.05);
    spread(&b, 0, &lost);
    assert_true(lost == 0);
}
