/* Fewest votes that flip an order, against trying every smaller number. */
#include "test/test.h"

#include <math.h>

#include "num/flip.h"

#include "base/banned.h"

void test_flip__is_the_fewest_of_its_kind(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct bt_pair pair[] = {{0, 1, {30, 20, 6}}, {0, 2, {30, 12, 9}}, {1, 2, {22, 14, 5}}};
    struct bt_data data = {3, 3, pair};
    struct bt_fit fit, again;
    struct flip f;
    struct err err = {0};
    assert_ok(bt_fit(arena, &data, BT_HALF, NULL, &fit, &err), &err);
    assert_ok(flip_find(arena, &data, &fit, 0, 1, &f, &err), &err);
    assert_true(f.gap > 0 && f.removed > 0 && f.added > 0);
    /* Direct wins have the largest influence here: taking one fewer keeps the order, that many turns it. */
    assert_int_equal(f.direct, f.removed);
    pair[0].count[BT_WIN] = 30 - f.removed;
    assert_ok(bt_fit(arena, &data, BT_HALF, NULL, &again, &err), &err);
    assert_true(again.at[0] < again.at[1]);
    pair[0].count[BT_WIN] = 30 - f.removed + 1;
    assert_ok(bt_fit(arena, &data, BT_HALF, NULL, &again, &err), &err);
    assert_true(again.at[0] >= again.at[1]);
    pair[0].count[BT_WIN] = 30;
    pair[0].count[BT_LOSS] = 20 + f.added;
    assert_ok(bt_fit(arena, &data, BT_HALF, NULL, &again, &err), &err);
    assert_true(again.at[0] < again.at[1]);
    pair[0].count[BT_LOSS] = 20 + f.added - 1;
    assert_ok(bt_fit(arena, &data, BT_HALF, NULL, &again, &err), &err);
    assert_true(again.at[0] >= again.at[1]);
}
