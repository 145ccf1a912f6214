/* The screen holds its rate of false discoveries with honest voters of differing taste, and finds planted
 * ones. */
#include "test/test.h"

#include <math.h>

#include "num/rng.h"
#include "num/robust.h"
#include "num/screen.h"

#include "base/banned.h"

enum { MODELS = 20, PAIRS = MODELS * (MODELS - 1) / 2, HONEST = 200, EACH = 95, STUFFERS = 10, STUFFED = 60 };
enum { VOTERS = HONEST + STUFFERS, RUNS = 12 };

struct world {
    double truth[MODELS];
    struct screen_vote vote[VOTERS][EACH];
    size_t n[VOTERS];
    uint32_t order[MODELS]; /* strongest first */
};

static void honest(struct world *w, struct rng *rng, size_t voter, double taste)
{
    double own[MODELS];
    for (size_t i = 0; i < MODELS; i++)
        own[i] = w->truth[i] + taste * rng_normal(rng);
    for (size_t v = 0; v < EACH; v++) {
        uint32_t a = (uint32_t)rng_below(rng, MODELS), b = (uint32_t)rng_below(rng, MODELS - 1);
        double p[3], u = rng_unit(rng);
        b += b >= a;
        bt_chances(BT_DAVIDSON, own[a] - own[b], -0.3, p);
        w->vote[voter][v] = (struct screen_vote){a, b,
                                                 u < p[0]          ? BT_WIN
                                                 : u < p[0] + p[1] ? BT_LOSS
                                                                   : BT_TIE};
    }
    w->n[voter] = EACH;
}

/* Always for `model`, against others at random. */
static void stuffer(struct world *w, struct rng *rng, size_t voter, uint32_t model)
{
    for (size_t v = 0; v < STUFFED; v++) {
        uint32_t b = (uint32_t)rng_below(rng, MODELS - 1);
        b += b >= model;
        bool left = rng_below(rng, 2);
        w->vote[voter][v] =
            left ? (struct screen_vote){model, b, BT_WIN} : (struct screen_vote){b, model, BT_LOSS};
    }
    w->n[voter] = STUFFED;
}

static void make(struct world *w, struct rng *rng, double taste, size_t stuffers)
{
    for (size_t i = 0; i < MODELS; i++) {
        w->truth[i] = 0.6 * rng_normal(rng);
        size_t at = i;
        for (; at > 0 && w->truth[w->order[at - 1]] < w->truth[i]; at--)
            w->order[at] = w->order[at - 1];
        w->order[at] = (uint32_t)i;
    }
    for (size_t v = 0; v < HONEST; v++)
        honest(w, rng, v, taste);
    for (size_t v = 0; v < stuffers;
         v++) /* the first three: of the weakest, a middle and the strongest model */
        stuffer(w, rng, HONEST + v,
                w->order[v == 0   ? MODELS - 1
                         : v == 1 ? MODELS / 2
                         : v == 2 ? 0
                                  : rng_below(rng, MODELS)]);
}

static void board(struct arena *arena, const struct world *w, size_t voters, struct bt_fit *fit, double **cov)
{
    struct bt_pair *pair = arena_array(arena, PAIRS, sizeof *pair);
    struct bt_data data = {MODELS, PAIRS, pair};
    struct err err = {0};
    size_t n = 0, at[MODELS][MODELS];
    for (uint32_t i = 0; i < MODELS; i++)
        for (uint32_t j = i + 1; j < MODELS; j++) {
            at[i][j] = at[j][i] = n;
            pair[n++] = (struct bt_pair){i, j, {0}};
        }
    for (size_t v = 0; v < voters; v++)
        for (size_t k = 0; k < w->n[v]; k++) {
            const struct screen_vote *x = &w->vote[v][k];
            uint32_t y = x->a < x->b || x->y == BT_TIE ? x->y : x->y == BT_WIN ? BT_LOSS : BT_WIN;
            pair[at[x->a][x->b]].count[y]++;
        }
    assert_ok(bt_fit(arena, &data, BT_DAVIDSON, NULL, fit, &err), &err);
    double *meat = arena_array(arena, fit->size * fit->size, sizeof *meat),
           *work = arena_array(arena, fit->size * fit->size, sizeof *work);
    *cov = arena_array(arena, fit->size * fit->size, sizeof **cov);
    robust_meat(&data, fit, meat);
    robust_cov(fit, meat, *cov, work);
}

/* The detector in common use: the product over a voter's votes of 1/(2p), p the share of the others' votes on
 * the same pair that are at least as good for the left side; a voter is named when the product ever passes
 * 1/.05. */
static bool product_detector(const struct world *w, size_t voters, size_t who)
{
    static const double worth[3] = {1, 0, 0.5};
    double log_product = 0;
    bool named = false;
    for (size_t k = 0; k < w->n[who]; k++) {
        const struct screen_vote *x = &w->vote[who][k];
        double at_least = 1, all = 1;
        for (size_t v = 0; v < voters; v++)
            for (size_t i = 0; v != who && i < w->n[v]; i++) {
                const struct screen_vote *o = &w->vote[v][i];
                if (!((o->a == x->a && o->b == x->b) || (o->a == x->b && o->b == x->a)))
                    continue;
                double got = o->a == x->a ? worth[o->y] : 1 - worth[o->y];
                at_least += got >= worth[x->y];
                all++;
            }
        log_product -= log(2 * at_least / all);
        named |= log_product > log(20);
    }
    return named;
}

struct tally {
    double false_share;
    int caught[3], product_strong;
};

static void screen_all(const struct world *w, size_t stuffers, struct tally *t)
{
    struct arena *AUTO_ARENA arena = arena_new();
    size_t voters = HONEST + stuffers;
    struct bt_fit fit;
    struct screen s = {&fit, NULL, 0.05};
    struct screen_room room;
    struct err err = {0};
    double *cov, log_e[VOTERS];
    bool flag[VOTERS] = {false};
    board(arena, w, voters, &fit, &cov);
    s.cov = cov;
    assert_ok(screen_room_make(arena, &s, &room, &err), &err);
    for (size_t v = 0; v < voters; v++) {
        struct screen_found f;
        screen_voter(&s, &room, w->vote[v], w->n[v], &f);
        log_e[v] = f.log_e;
        if (v >= HONEST && v < HONEST + 3 && f.log_e > log(1000)) {
            assert_int_equal(f.kind, SCREEN_FOR);
            assert_int_equal(f.model, w->order[v == HONEST ? MODELS - 1 : v == HONEST + 1 ? MODELS / 2 : 0]);
        }
    }
    size_t flagged = screen_flag(arena, log_e, voters, 0.05, flag), wrong = 0;
    for (size_t v = 0; v < HONEST; v++)
        wrong += flag[v];
    t->false_share += flagged ? (double)wrong / (double)flagged : 0;
    for (size_t k = 0; k < 3 && stuffers; k++)
        t->caught[k] += flag[HONEST + k];
    if (stuffers)
        t->product_strong += product_detector(w, voters, HONEST + 2);
}

void test_screen__false_discoveries_stay_below_the_level(void **state)
{
    (void)state;
    static struct world w;
    struct rng rng;
    rng_seed(&rng, 77);
    for (int spread = 0; spread < 2; spread++)
        for (size_t stuffers = 0; stuffers <= STUFFERS; stuffers += STUFFERS) {
            struct tally t = {0};
            for (int r = 0; r < RUNS; r++) {
                make(&w, &rng, 0.3 * spread, stuffers);
                screen_all(&w, stuffers, &t);
            }
            assert_true(t.false_share / RUNS <= 0.05);
            for (int k = 0; k < 3 && stuffers; k++)
                assert_true(t.caught[k] >= 0.9 * RUNS);
            if (stuffers) /* what the product detector sees of the strongest model's stuffer */
                assert_true(t.product_strong < t.caught[2]);
        }
}

void test_screen__ties_alone_and_single_votes_are_no_trouble(void **state)
{
    (void)state;
    static struct world w;
    struct rng rng;
    struct arena *AUTO_ARENA arena = arena_new();
    struct bt_fit fit;
    struct screen s = {&fit, NULL, 0.05};
    struct screen_room room;
    struct screen_found f;
    struct err err = {0};
    double *cov;
    rng_seed(&rng, 5);
    make(&w, &rng, 0, 0);
    for (size_t v = 0; v < EACH; v++)
        w.vote[0][v].y = BT_TIE;
    w.n[1] = 1;
    board(arena, &w, HONEST, &fit, &cov);
    s.cov = cov;
    assert_ok(screen_room_make(arena, &s, &room, &err), &err);
    screen_voter(&s, &room, w.vote[0], w.n[0], &f);
    assert_true(isfinite(f.log_e));
    screen_voter(&s, &room, w.vote[1], 1, &f);
    assert_true(isfinite(f.log_e) && f.log_e < log(20));
    screen_voter(&s, &room, w.vote[1], 0, &f);
    assert_true(fabs(f.log_e) < 1e-9); /* no votes, no evidence: all weights together are 1 */
    assert_true(screen_cell(&s, &room, w.vote[2], w.n[2], 3) < log(20));
}

void test_screen__e_bh_against_its_definition(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    double log_e[] = {log(50), log(1), log(30), log(300), log(2)};
    bool flag[5] = {false};
    /* m = 5, alpha = .05: thresholds 100, 50, 33.3 … ; the second largest is 50 */
    assert_int_equal(screen_flag(arena, log_e, 5, 0.05, flag), 2);
    assert_true(flag[0] && flag[3] && !flag[2]);
}
