/* The three models of ties: derivatives against finite differences, and fits against published numbers. */
#include "test/test.h"

#include <math.h>

#include "num/bt.h"
#include "num/bt_style.h"
#include "num/robust.h"

#include "base/banned.h"

static const double where[] = {-3, -0.7, 0, 0.4, 2.5};

static bool near(double a, double b, double by)
{
    return fabs(a - b) <= by * fmax(1, fmax(fabs(a), fabs(b)));
}

void test_bt__slopes_are_those_of_the_likelihood(void **state)
{
    (void)state;
    const double h = 1e-5, w = 7, l = 3, t = 4;
    for (enum bt_ties ties = BT_HALF; ties <= BT_RAO_KUPPER; ties++)
        for (size_t i = 0; i < 5; i++)
            for (double tie = 0.2; tie < 1.5; tie += 0.6) {
                double x = where[i];
                struct bt_slope s = bt_slope(ties, x, tie, w, l, t), up = bt_slope(ties, x + h, tie, w, l, t),
                                down = bt_slope(ties, x - h, tie, w, l, t),
                                more = bt_slope(ties, x, tie + h, w, l, t),
                                less = bt_slope(ties, x, tie - h, w, l, t);
                double by_x =
                    (bt_likelihood(ties, x + h, tie, w, l, t) - bt_likelihood(ties, x - h, tie, w, l, t)) /
                    (2 * h);
                assert_true(near(s.x, by_x, 1e-6));
                assert_true(near(s.xx, -(up.x - down.x) / (2 * h), 1e-6));
                if (ties == BT_HALF)
                    continue;
                double by_tie =
                    (bt_likelihood(ties, x, tie + h, w, l, t) - bt_likelihood(ties, x, tie - h, w, l, t)) /
                    (2 * h);
                assert_true(near(s.tie, by_tie, 1e-6));
                assert_true(near(s.tietie, -(more.tie - less.tie) / (2 * h), 1e-6));
                assert_true(near(s.xtie, -(more.x - less.x) / (2 * h), 1e-6));
                assert_true(near(s.xtie, -(up.tie - down.tie) / (2 * h), 1e-6));
            }
}

void test_bt__chances_sum_to_one_and_fit_the_likelihood(void **state)
{
    (void)state;
    for (enum bt_ties ties = BT_HALF; ties <= BT_RAO_KUPPER; ties++)
        for (size_t i = 0; i < 5; i++) {
            double p[3];
            bt_chances(ties, where[i], 0.8, p);
            assert_true(near(p[0] + p[1] + p[2], 1, 1e-12));
            assert_true(near(log(p[BT_WIN]), bt_likelihood(ties, where[i], 0.8, 1, 0, 0), 1e-12));
            if (ties != BT_HALF)
                assert_true(near(log(p[BT_TIE]), bt_likelihood(ties, where[i], 0.8, 0, 0, 1), 1e-12));
        }
}

/* Agresti 2002, "Categorical Data Analysis", section 10.6: home and away teams of the American League in
 * 1987, wins at home, wins away. */
enum { BALTIMORE, BOSTON, CLEVELAND, DETROIT, MILWAUKEE, NEW_YORK, TORONTO, TEAMS };
static const struct {
    uint32_t home, away;
    int64_t won, lost;
} baseball[] = {
    {4, 3, 4, 3}, {4, 6, 4, 2}, {4, 5, 4, 3}, {4, 1, 6, 1}, {4, 2, 4, 2}, {4, 0, 6, 0}, {3, 4, 3, 3},
    {3, 6, 4, 2}, {3, 5, 4, 3}, {3, 1, 6, 0}, {3, 2, 6, 1}, {3, 0, 4, 3}, {6, 4, 2, 5}, {6, 3, 4, 3},
    {6, 5, 2, 4}, {6, 1, 4, 3}, {6, 2, 4, 2}, {6, 0, 6, 0}, {5, 4, 3, 3}, {5, 3, 5, 1}, {5, 6, 2, 5},
    {5, 1, 4, 3}, {5, 2, 4, 2}, {5, 0, 6, 1}, {1, 4, 5, 1}, {1, 3, 2, 5}, {1, 6, 3, 3}, {1, 5, 4, 2},
    {1, 2, 5, 2}, {1, 0, 6, 0}, {2, 4, 2, 5}, {2, 3, 3, 3}, {2, 6, 3, 4}, {2, 5, 4, 3}, {2, 1, 4, 2},
    {2, 0, 2, 4}, {0, 4, 2, 5}, {0, 3, 1, 5}, {0, 6, 1, 6}, {0, 5, 2, 4}, {0, 1, 1, 6}, {0, 2, 3, 4},
};
enum { GAMES = sizeof baseball / sizeof *baseball };

static double against(const struct bt_fit *f, size_t i, size_t base)
{
    return f->at[i] - f->at[base];
}

static double se_against(const struct bt_fit *f, size_t i, size_t base)
{
    const double *v = f->inverse;
    return sqrt(v[i * f->size + i] + v[base * f->size + base] - 2 * v[i * f->size + base]);
}

void test_bt__baseball_of_agresti(void **state)
{
    (void)state;
    static const struct {
        size_t team;
        double at, se;
    } known[] = {{BOSTON, 1.1076977, .3338779},   {CLEVELAND, .6838528, .3318764},
                 {DETROIT, 1.4364084, .3395682},  {MILWAUKEE, 1.5813559, .3432557},
                 {NEW_YORK, 1.2476178, .3358606}, {TORONTO, 1.2944851, .3366691}};
    struct arena *AUTO_ARENA arena = arena_new();
    struct bt_pair pair[GAMES];
    for (size_t g = 0; g < GAMES; g++)
        pair[g] =
            (struct bt_pair){baseball[g].home, baseball[g].away, {baseball[g].won, baseball[g].lost, 0}};
    struct bt_data data = {TEAMS, GAMES, pair};
    struct bt_fit fit;
    struct err err = {0};
    assert_ok(bt_fit(arena, &data, BT_HALF, NULL, &fit, &err), &err);
    for (size_t i = 0; i < 6; i++) {
        assert_true(fabs(against(&fit, known[i].team, BALTIMORE) - known[i].at) < 1e-6);
        assert_true(fabs(se_against(&fit, known[i].team, BALTIMORE) - known[i].se) < 1e-6);
    }
}

struct list {
    struct style_vote *at;
    size_t n, made;
};

static bool list_block(void *from, size_t block, struct style_vote *out, size_t *n, struct err *err)
{
    (void)err;
    struct list *l = from;
    size_t first = block * STYLE_BLOCK;
    *n = first >= l->n ? 0 : l->n - first < STYLE_BLOCK ? l->n - first : STYLE_BLOCK;
    if (*n)
        memcpy(out, l->at + first, *n * sizeof *out);
    return true;
}

void test_bt__baseball_with_the_home_side(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct style_vote vote[400];
    struct list list = {vote, 0, 0};
    for (size_t g = 0; g < GAMES; g++)
        for (int64_t i = 0; i < baseball[g].won + baseball[g].lost; i++)
            vote[list.n++] = (struct style_vote){
                baseball[g].home, baseball[g].away, i < baseball[g].won ? BT_WIN : BT_LOSS, {1}};
    struct style_votes votes = {&list, list_block, 1};
    struct bt_fit fit;
    struct err err = {0};
    double *meat;
    size_t weak;
    assert_ok(style_fit(arena, &votes, TEAMS, BT_HALF, NULL, &fit, &meat, &weak, &err), &err);
    assert_true(fabs(fit.at[TEAMS] - .3022607) < 1e-6);
    assert_true(fabs(sqrt(fit.inverse[TEAMS * fit.size + TEAMS]) - .1309436) < 1e-6);
    assert_true(fabs(against(&fit, BOSTON, BALTIMORE) - 1.1438027) < 1e-6);
    assert_true(fabs(against(&fit, MILWAUKEE, BALTIMORE) - 1.6195550) < 1e-6);
}

/* Stigler 1994: citations among four journals of statistics; the row is cited (wins) by the column. */
void test_bt__citations_of_stigler(void **state)
{
    (void)state;
    static const int64_t cited[4][4] = {
        {714, 730, 498, 221}, {33, 425, 68, 17}, {320, 813, 1072, 142}, {284, 276, 325, 188}};
    struct bt_pair pair[6];
    size_t n = 0;
    for (uint32_t i = 0; i < 4; i++)
        for (uint32_t j = i + 1; j < 4; j++)
            pair[n++] = (struct bt_pair){i, j, {cited[i][j], cited[j][i], 0}};
    struct arena *AUTO_ARENA arena = arena_new();
    struct bt_data data = {4, n, pair};
    struct bt_fit fit;
    struct err err = {0};
    assert_ok(bt_fit(arena, &data, BT_HALF, NULL, &fit, &err), &err);
    static const double at[4] = {0, -2.9490725, -.4795698, .2689541},
                        se[4] = {0, .1025453, .0605887, .0708300};
    double saturated = 0;
    for (size_t i = 1; i < 4; i++) {
        assert_true(fabs(against(&fit, i, 0) - at[i]) < 1e-6);
        assert_true(fabs(se_against(&fit, i, 0) - se[i]) < 1e-6);
    }
    for (size_t p = 0; p < n; p++) {
        double w = (double)pair[p].count[0], l = (double)pair[p].count[1];
        saturated += w * log(w / (w + l)) + l * log(l / (w + l));
    }
    assert_true(fabs(2 * (saturated - fit.likelihood) - 4.2933839) < 1e-6);
}

/* A fit of votes one by one is the fit of their counts, errors too, for each model of ties. */
void test_bt__votes_and_counts_say_the_same(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct bt_pair pair[] = {
        {0, 1, {30, 12, 9}}, {0, 2, {22, 25, 11}}, {1, 2, {14, 40, 6}}, {1, 3, {5, 9, 3}}, {2, 3, {8, 4, 7}}};
    struct bt_data data = {4, 5, pair};
    struct style_vote vote[400];
    struct list list = {vote, 0, 0};
    for (size_t p = 0; p < 5; p++)
        for (uint32_t y = 0; y < 3; y++)
            for (int64_t i = 0; i < pair[p].count[y]; i++)
                vote[list.n++] = (struct style_vote){pair[p].i, pair[p].j, y, {0}};
    for (enum bt_ties ties = BT_HALF; ties <= BT_RAO_KUPPER; ties++) {
        struct bt_fit one, two;
        struct err err = {0};
        struct style_votes votes = {&list, list_block, 0};
        double *meat, plain[25];
        size_t weak;
        assert_ok(bt_fit(arena, &data, ties, NULL, &one, &err), &err);
        assert_ok(style_fit(arena, &votes, 4, ties, NULL, &two, &meat, &weak, &err), &err);
        assert_int_equal(one.size, two.size);
        robust_meat(&data, &one, plain);
        assert_true(near(one.likelihood, two.likelihood, 1e-12));
        for (size_t i = 0; i < one.size; i++)
            assert_true(fabs(one.at[i] - two.at[i]) < 1e-9);
        for (size_t i = 0; i < one.size * one.size; i++) {
            assert_true(near(one.inverse[i], two.inverse[i], 1e-6));
            assert_true(near(plain[i], meat[i], 1e-6));
        }
    }
}
