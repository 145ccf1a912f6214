/* Components against reachability worked out the slow way. */
#include "test/test.h"

#include "num/connect.h"
#include "num/rng.h"

#include "base/banned.h"

enum { MODELS = 9, PAIRS = MODELS * (MODELS - 1) / 2 };

static void reach(const struct bt_data *d, bool both, bool to[MODELS][MODELS])
{
    memset(to, 0, MODELS * sizeof *to);
    for (size_t i = 0; i < MODELS; i++)
        to[i][i] = true;
    for (size_t p = 0; p < d->n; p++) {
        const struct bt_pair *q = &d->pair[p];
        to[q->i][q->j] |= q->count[BT_LOSS] || q->count[BT_TIE] || (both && q->count[BT_WIN]);
        to[q->j][q->i] |= q->count[BT_WIN] || q->count[BT_TIE] || (both && q->count[BT_LOSS]);
    }
    for (size_t k = 0; k < MODELS; k++)
        for (size_t i = 0; i < MODELS; i++)
            for (size_t j = 0; j < MODELS; j++)
                to[i][j] |= to[i][k] && to[k][j];
}

void test_connect__components_are_those_of_reachability(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 7);
    for (int round = 0; round < 400; round++) {
        struct arena *AUTO_ARENA arena = arena_new();
        struct bt_pair pair[PAIRS];
        struct bt_data d = {MODELS, 0, pair};
        for (uint32_t i = 0; i < MODELS; i++)
            for (uint32_t j = i + 1; j < MODELS; j++)
                if (rng_below(&rng, 4) == 0)
                    pair[d.n++] = (struct bt_pair){
                        i, j, {rng_below(&rng, 2), rng_below(&rng, 2), rng_below(&rng, 8) == 0}};
        struct connect c;
        struct err err = {0};
        bool strong[MODELS][MODELS], weak[MODELS][MODELS];
        assert_ok(connect_find(arena, &d, &c, &err), &err);
        reach(&d, false, strong);
        reach(&d, true, weak);
        for (size_t i = 0; i < MODELS; i++)
            for (size_t j = 0; j < MODELS; j++) {
                assert_int_equal(c.of_strong[i] == c.of_strong[j], strong[i][j] && strong[j][i]);
                assert_int_equal(c.of_weak[i] == c.of_weak[j], weak[i][j]);
            }
        for (size_t k = 1; k < c.strong; k++)
            assert_true(c.strong_size[k] <= c.strong_size[k - 1]);
    }
}
