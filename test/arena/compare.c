/* Changes between boards: causes add up, planted ones are found, chance alone is not taken for change by who
 * looks every day. */
#include "test/test.h"

#include <math.h>
#include <stdio.h>

#include "arena/compare.h"
#include "num/rng.h"
#include "test/arena/board.h"

#include "base/banned.h"

enum { MODELS = 6 };

struct stream {
    struct rng rng;
    double truth[MODELS];
    uint64_t id;
};

/* `n` more votes as rows of a CSV with ids. */
static void votes(struct stream *s, struct buf *out, size_t n, unsigned models)
{
    for (size_t v = 0; v < n; v++) {
        unsigned a = (unsigned)rng_below(&s->rng, models), b = (unsigned)rng_below(&s->rng, models - 1);
        double p[3], u = rng_unit(&s->rng);
        b += b >= a;
        bt_chances(BT_DAVIDSON, s->truth[a] - s->truth[b], -0.5, p);
        buf_printf(out, "%llu,m%u,m%u,%s\n", (unsigned long long)s->id++, a, b,
                   u < p[0]          ? "model_a"
                   : u < p[0] + p[1] ? "model_b"
                                     : "tie");
    }
}

struct pair {
    struct board old, new;
    struct comparison c;
};

static void compare(struct pair *p, const struct buf *old, const struct buf *new,
                    const struct compare_ask *ask)
{
    static const struct votes_ask votes_ask = {.clusters = 1, .cluster = {"row"}};
    struct err err = {0};
    *p = (struct pair){0};
    assert_ok(board_read(&p->old, buf_span(old), &votes_ask, &err), &err);
    struct votes_feed feed = {0};
    p->new.arena = arena_new();
    assert_ok(votes_begin(&p->new.votes, p->new.arena, &votes_ask, &err), &err);
    votes_share_clusters(&p->new.votes, &p->old.votes);
    buf_init(&feed.in, 1 << 26);
    buf_add(&feed.in, buf_span(new));
    assert_ok(votes_read_feed(&p->new.votes, &feed, &err), &err);
    buf_clear(&feed.in);
    assert_ok(compare_make(p->new.arena, &p->old.votes, &p->new.votes, ask, &p->c, &err), &err);
}

static void drop(struct pair *p)
{
    board_drop(&p->new);
    board_drop(&p->old);
}

static void begin(struct stream *s, struct buf *out, uint64_t seed)
{
    *s = (struct stream){.truth = {0.6, 0.3, 0.1, 0, -0.3, -0.7}};
    rng_seed(&s->rng, seed);
    buf_init(out, 1 << 24);
    buf_add_text(out, "question_id,model_a,model_b,winner\n");
}

void test_compare__the_same_board_does_not_change(void **state)
{
    (void)state;
    struct stream s;
    struct buf AUTO_BUF a;
    struct pair p;
    begin(&s, &a, 1);
    votes(&s, &a, 400, MODELS);
    compare(&p, &a, &a, &(struct compare_ask){.once = true});
    assert_int_equal(p.c.swaps, 0);
    assert_int_equal(p.c.shared, 400);
    assert_true(p.c.vanished == 0 && p.c.added == 0);
    for (size_t i = 0; i < p.c.n; i++)
        assert_true(fabs(p.c.at[i].delta) < 1e-9 && p.c.at[i].se < 1e-5 && !p.c.at[i].significant);
    drop(&p);
}

/* The standard error of a change is that of repeated histories. */
void test_compare__errors_of_changes_are_those_of_repetition(void **state)
{
    (void)state;
    enum { HISTORIES = 150 };
    double square[MODELS] = {0}, stated[MODELS] = {0};
    for (uint64_t h = 0; h < HISTORIES; h++) {
        struct stream s;
        struct buf AUTO_BUF a;
        struct buf AUTO_BUF b;
        struct pair p;
        begin(&s, &a, 1000 + h);
        votes(&s, &a, 250, MODELS);
        buf_init(&b, 1 << 24);
        buf_add(&b, buf_span(&a));
        votes(&s, &b, 250, MODELS);
        compare(&p, &a, &b, &(struct compare_ask){0});
        for (size_t i = 0; i < p.c.n; i++) {
            size_t m = (size_t)(p.c.at[i].name.p[1] - '0');
            square[m] += p.c.at[i].delta * p.c.at[i].delta / HISTORIES;
            stated[m] += p.c.at[i].se * p.c.at[i].se / HISTORIES;
        }
        drop(&p);
    }
    for (size_t m = 0; m < MODELS; m++)
        assert_true(fabs(sqrt(square[m] / stated[m]) - 1) < 0.2);
}

void test_compare__causes_add_up(void **state)
{
    (void)state;
    struct stream s;
    struct buf AUTO_BUF a;
    struct buf AUTO_BUF b;
    struct pair p;
    begin(&s, &a, 5);
    buf_add_text(&a, "x1,gone,m0,model_a\nx2,m0,gone,model_a\nx3,gone,m1,model_b\nx4,gone,m2,model_a\n");
    votes(&s, &a, 500, 5);
    buf_init(&b, 1 << 24);
    buf_add(&b, span_first(buf_span(&a), 35)); /* the head */
    buf_add(&b, span_from(buf_span(&a), 35 + 4 * 19));
    votes(&s, &b, 500, MODELS); /* m5 is new */
    compare(&p, &a, &b, &(struct compare_ask){.new = {.ties = BT_DAVIDSON}, .method_known = true});
    assert_int_equal(p.c.withdrawns, 1);
    assert_int_equal(p.c.newcomers, 1);
    assert_int_equal(p.c.n, 5);
    for (size_t i = 0; i < p.c.n; i++) {
        const struct change *m = &p.c.at[i];
        double sum = 0;
        for (int k = 0; k < CAUSES; k++) {
            assert_true(fabs(m->cause[k]) > 1e-9);
            sum += m->cause[k];
        }
        assert_true(m->causes_known && fabs(sum - m->delta) < 1e-9);
    }
    AUTO_JSON json_t *o = compare_json(&p.c);
    assert_int_equal(json_array_size(json_object_get(o, "changes")), 5);
    struct buf AUTO_BUF out;
    struct err err = {0};
    buf_init(&out, 1 << 20);
    assert_ok(compare_text(p.new.arena, &p.c, &out, &err), &err);
    assert_true(span_starts(buf_span(&out), SPAN("Not changed:")));
    drop(&p);
}

void test_compare__sixty_daily_looks_raise_few_false_alarms(void **state)
{
    (void)state;
    enum { HISTORIES = 12, DAYS = 60, BASE = 300, A_DAY = 15 };
    int held = 0, fixed = 0;
    for (uint64_t h = 0; h < HISTORIES; h++) {
        struct stream s;
        struct buf AUTO_BUF a;
        struct buf AUTO_BUF b;
        bool moved = false, naive = false;
        begin(&s, &a, 100 + h);
        votes(&s, &a, BASE, MODELS);
        buf_init(&b, 1 << 24);
        buf_add(&b, buf_span(&a));
        for (int d = 0; d < DAYS; d++) {
            struct pair p;
            votes(&s, &b, A_DAY, MODELS);
            compare(&p, &a, &b, &(struct compare_ask){0});
            moved |= p.c.swaps_significant > 0;
            for (size_t i = 0; i < p.c.n; i++) {
                moved |= p.c.at[i].significant;
                naive |= fabs(p.c.at[i].delta) > 1.96 * p.c.at[i].se;
            }
            drop(&p);
        }
        held += moved, fixed += naive;
    }
    assert_true(held <= 0.05 * HISTORIES);
    assert_true(fixed > 0.2 * HISTORIES);
}

void test_compare__a_planted_shift_is_found(void **state)
{
    (void)state;
    enum { HISTORIES = 10 };
    int found = 0, once = 0;
    for (uint64_t h = 0; h < HISTORIES; h++) {
        struct stream s;
        struct buf AUTO_BUF a;
        struct buf AUTO_BUF b;
        struct pair p;
        begin(&s, &a, 500 + h);
        votes(&s, &a, 1500, MODELS);
        buf_init(&b, 1 << 24);
        buf_add(&b, buf_span(&a));
        s.truth[4] += 1; /* some six standard errors of its change */
        votes(&s, &b, 1500, MODELS);
        for (int one = 0; one < 2; one++) {
            compare(&p, &a, &b, &(struct compare_ask){.once = one});
            for (size_t i = 0; i < p.c.n; i++)
                *(one ? &once : &found) += span_is(p.c.at[i].name, "m4") && p.c.at[i].significant;
            drop(&p);
        }
    }
    assert_true(found >= 8 && once >= 8);
}

/* Kept boards have pair counts alone: of votes that are all shared or new, counts say the same as rows. */
void test_compare__counts_say_the_same_as_votes(void **state)
{
    (void)state;
    struct stream s = {.truth = {.8, .5, .2, 0, -.3, -.6}};
    struct buf AUTO_BUF old, new;
    struct err err = {0};
    struct compare_ask ask = {.method_known = true, .once = true};
    ask.old = ask.new = (struct rank_ask){.seed = 1, .draws = 500, .ties = BT_DAVIDSON};
    buf_init(&old, 1 << 24);
    buf_init(&new, 1 << 24);
    rng_seed(&s.rng, 11);
    buf_add_text(&old, "question_id,model_a,model_b,winner\n");
    votes(&s, &old, 900, 5);
    buf_add(&new, buf_span(&old));
    votes(&s, &new, 700, MODELS);
    struct pair rows;
    compare(&rows, &old, &new, &ask);
    struct board a = {0}, b = {0};
    struct comparison c;
    assert_ok(board_read(&a, buf_span(&old), &(struct votes_ask){0}, &err), &err);
    assert_ok(board_read(&b, buf_span(&new), &(struct votes_ask){0}, &err), &err);
    assert_ok(compare_make(b.arena, &a.votes, &b.votes, &ask, &c, &err), &err);
    assert_true(c.n == rows.c.n && c.shared == 900 && c.vanished == 0 && c.added == 700);
    assert_true(rows.c.shared == 900 && c.swaps == rows.c.swaps && c.newcomers == 1);
    for (size_t i = 0; i < c.n; i++) {
        const struct change *x = &c.at[i], *y = &rows.c.at[i];
        assert_true(span_eq(x->name, y->name) && fabs(x->delta - y->delta) < 1e-8);
        assert_true(fabs(x->se - y->se) < 1e-6 * y->se && x->significant == y->significant);
    }
    drop(&rows);
    board_drop(&a);
    board_drop(&b);
}
