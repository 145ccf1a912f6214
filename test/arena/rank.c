/* What a board says where votes are few, one-sided, or apart; style against known truth. */
#include "test/test.h"

#include <math.h>
#include <stdio.h>

#include "bench/votes.h"
#include "test/arena/board.h"

#include "base/banned.h"

static void make(struct board *b, const char *text, const struct votes_ask *votes, const struct rank_ask *ask)
{
    struct err err = {0};
    *b = (struct board){0};
    assert_ok(board_read(b, span_of(text), votes, &err), &err);
    assert_ok(rank_make(b->arena, &b->votes, ask, &b->r, &err), &err);
    assert_ok(rank_warnings(b->arena, &b->votes, &b->r, &err), &err);
}

static const struct votes_ask plain = {0};
static const struct rank_ask usual = {.seed = 1, .draws = 500};
#define HEAD "model_a,model_b,winner\n"

void test_rank__two_islands_and_one_that_only_wins(void **state)
{
    (void)state;
    struct board b;
    make(&b,
         HEAD "a,b,model_a\nb,a,model_a\na,c,model_a\nc,a,model_a\nb,c,tie\nx,y,model_a\ny,x,model_a\n"
              "w,a,model_a\nw,a,model_a\nw,b,model_a\nl,a,model_b\n",
         &plain, &usual);
    assert_int_equal(b.r.rated, 3);
    assert_int_equal(b.r.connect.weak, 2);
    assert_int_equal(b.r.connect.strong, 4);
    const struct ranked *w = board_model(&b, "w"), *l = board_model(&b, "l"), *x = board_model(&b, "x");
    assert_true(!w->rated && w->bound == BOUND_LEAST && w->bound_rating > 800 &&
                w->bound_rating < 1000 + 300);
    assert_true(!l->rated && l->bound == BOUND_MOST);
    assert_true(!x->rated && x->island == 1 && x->component == board_model(&b, "y")->component &&
                fabs(x->apart) < 1e-9);
    /* The bound is where three wins have probability .05. */
    double at = (w->bound_rating - 1000) / BT_ELO, chance = 1;
    chance *=
        pow(1 / (1 + exp(board_model(&b, "a")->logit - at)), 2) / (1 + exp(board_model(&b, "b")->logit - at));
    assert_true(fabs(chance - 0.05) < 1e-9);
    struct buf AUTO_BUF out;
    struct err err = {0};
    buf_init(&out, 1 << 20);
    assert_ok(rank_text(b.arena, &b.votes, &b.r, &out, &err), &err);
    assert_non_null(strstr(buf_text(&out), "w won all 3 of its 3 battles"));
    assert_non_null(strstr(buf_text(&out), "nobody compared it"));
    board_drop(&b);
}

void test_rank__one_vote_and_nothing_but_self_battles(void **state)
{
    (void)state;
    struct board b;
    make(&b, HEAD "a,b,model_a\n", &plain, &usual);
    assert_int_equal(b.r.rated, 0);
    AUTO_JSON json_t *o = rank_json(&b.votes, &b.r);
    assert_int_equal(json_array_size(json_object_get(o, "models")), 2);
    board_drop(&b);
    struct err err = {0};
    b = (struct board){0};
    assert_ok(board_read(&b, SPAN(HEAD "a,a,model_a\n"), &plain, &err), &err);
    assert_false(rank_make(b.arena, &b.votes, &usual, &b.r, &err));
    board_drop(&b);
}

void test_rank__all_ties_are_equal_strengths(void **state)
{
    (void)state;
    for (enum bt_ties ties = BT_HALF; ties <= BT_RAO_KUPPER; ties++) {
        struct board b;
        make(&b, HEAD "a,b,tie\nb,c,tie\nc,a,tie\na,b,tie\n", &plain,
             &(struct rank_ask){.ties = ties, .seed = 1, .draws = 200});
        assert_int_equal(b.r.rated, 3);
        assert_int_equal(b.r.ask.ties, BT_HALF);
        assert_int_equal(b.r.warnings, ties == BT_HALF ? 0 : 1);
        for (size_t i = 0; i < 3; i++) {
            assert_true(fabs(b.r.at[i].rating - 1000) < 1e-9 && b.r.at[i].rating_se == 0);
            assert_true(b.r.at[i].place_low == 1 && b.r.at[i].place_high == 3);
        }
        board_drop(&b);
    }
}

void test_rank__both_bad_is_apart_or_a_tie(void **state)
{
    (void)state;
    static const char text[] = HEAD "a,b,model_a\na,b,model_b\na,b,both_bad\na,b,both_bad\na,b,model_a\n";
    struct board b;
    make(&b, text, &plain, &usual);
    assert_int_equal(board_model(&b, "a")->votes, 3);
    assert_true(fabs(board_model(&b, "a")->bad_share - 0.4) < 1e-12);
    double apart = board_model(&b, "a")->logit;
    assert_true(fabs(apart - log(2) / 2) < 1e-9);
    board_drop(&b);
    make(&b, text, &plain, &(struct rank_ask){.bad_is_tie = true, .seed = 1});
    assert_int_equal(board_model(&b, "a")->votes, 5);
    assert_true(board_model(&b, "a")->logit < apart);
    board_drop(&b);
}

void test_rank__an_anchor_moves_the_scale_and_nothing_else(void **state)
{
    (void)state;
    static const char text[] = HEAD "a,b,model_a\na,b,model_b\na,b,model_a\nb,c,model_a\nc,a,model_a\n";
    struct board b, c;
    make(&b, text, &plain, &usual);
    make(&c, text, &plain, &(struct rank_ask){.anchor = "b", .seed = 1, .draws = 500});
    assert_true(fabs(board_model(&c, "b")->rating - 1000) < 1e-9);
    assert_true(fabs(board_model(&b, "a")->rating - board_model(&b, "b")->rating -
                     (board_model(&c, "a")->rating - 1000)) < 1e-9);
    board_drop(&b);
    board_drop(&c);
}

/* 100,000 models with one vote each: nothing is ranked, and it ends at once. */
void test_rank__a_hundred_thousand_models_with_one_vote(void **state)
{
    (void)state;
    struct buf AUTO_BUF text;
    struct board b = {0};
    struct err err = {0};
    buf_init(&text, 1 << 24);
    buf_add_text(&text, HEAD);
    for (int i = 0; i < 50000; i++)
        buf_printf(&text, "m%d,n%d,%s\n", i, i, i % 3 ? "model_a" : "tie");
    assert_ok(board_read(&b, buf_span(&text), &plain, &err), &err);
    assert_ok(rank_make(b.arena, &b.votes, &usual, &b.r, &err), &err);
    assert_int_equal(b.r.n, 100000);
    assert_int_equal(b.r.rated, 2);
    board_drop(&b);
}

/* Votes of the generator: style comes back unshrunk, by Davidson as it was put in. */
static void generated(struct board *b, size_t votes, bool collinear, const struct votes_ask *ask)
{
    static const enum vote_outcome outcomes[] = {VOTE_A, VOTE_B, VOTE_TIE, VOTE_BAD};
    struct generator g;
    struct err err = {0};
    *b = (struct board){.arena = arena_new()};
    assert_ok(votes_begin(&b->votes, b->arena, ask, &err), &err);
    generate_begin(&g, 20, votes, 20251123);
    for (size_t i = 0; i < votes; i++) {
        struct generated v = generate_next(&g);
        char names[2][12], judge[24];
        snprintf(names[0], sizeof names[0], "m%u", v.a);
        snprintf(names[1], sizeof names[1], "m%u", v.b);
        snprintf(judge, sizeof judge, "%llu", (unsigned long long)v.judge);
        struct vote vote = {.a = span_of(names[0]),
                            .b = span_of(names[1]),
                            .outcome = outcomes[v.outcome],
                            .many = 1,
                            .cluster = {span_of(judge)}};
        for (int f = 0; f < 4; f++)
            vote.style[f] = (float)v.style[f];
        if (collinear)
            vote.style[2] = 2 * vote.style[0];
        if (collinear)
            vote.style[3] = 5;
        assert_ok(votes_add(&b->votes, &vote, i, &err), &err);
    }
}

void test_rank__style_comes_back_unshrunk(void **state)
{
    (void)state;
    struct board b;
    struct err err = {0};
    generated(&b, 60000, false, &(struct votes_ask){.style = true, .clusters = 1, .cluster = {"judge"}});
    assert_ok(rank_make(b.arena, &b.votes,
                        &(struct rank_ask){.ties = BT_DAVIDSON, .bad_is_tie = true, .seed = 1, .draws = 500},
                        &b.r, &err),
              &err);
    assert_true(b.r.style.used);
    for (int f = 0; f < 4; f++) /* the columns' standard deviation is 1 */
        assert_true(fabs(b.r.style.at[f].value - generate_beta[f]) <
                    4 * b.r.style.at[f].se + 0.01 * generate_beta[f]);
    assert_true(fabs(b.r.style.at[4].value) < 4 * b.r.style.at[4].se);
    assert_true(fabs(bt_tie_parameter(&b.r.fit)) < 0.05); /* nu = 1 */
    struct generator g;
    generate_begin(&g, 20, 1, 20251123);
    double mean = 0;
    for (int i = 0; i < 20; i++)
        mean += g.theta[i] / 20;
    for (size_t i = 0; i < 20; i++) {
        char name[8];
        snprintf(name, 8, "m%zu", i);
        const struct ranked *m = board_model(&b, name);
        assert_true(fabs(m->logit - (g.theta[i] - mean)) < 4 * m->se);
    }
    board_drop(&b);
}

void test_rank__style_columns_that_say_nothing_are_dropped(void **state)
{
    (void)state;
    struct board b;
    struct err err = {0};
    generated(&b, 5000, true, &(struct votes_ask){.style = true});
    assert_ok(rank_make(b.arena, &b.votes, &usual, &b.r, &err), &err);
    assert_false(b.r.style.at[0].dropped || b.r.style.at[1].dropped || b.r.style.at[4].dropped);
    assert_true(b.r.style.at[2].dropped && b.r.style.at[3].dropped);
    assert_int_equal(b.r.warnings, 2);
    board_drop(&b);
}

void test_rank__bootstrap_agrees_with_the_sandwich(void **state)
{
    (void)state;
    for (int clusters = 0; clusters < 2; clusters++) {
        struct board b, c;
        struct err err = {0};
        struct votes_ask ask = {.clusters = clusters, .cluster = {"judge"}};
        generated(&b, 6000, false, &ask);
        generated(&c, 6000, false, &ask);
        struct rank_ask boot = {.bootstrap = true,
                                .refits = 400,
                                .seed = 2,
                                .no_sets = true,
                                .no_lead = true},
                        sand = boot;
        sand.bootstrap = false;
        assert_ok(rank_make(b.arena, &b.votes, &boot, &b.r, &err), &err);
        assert_ok(rank_make(c.arena, &c.votes, &sand, &c.r, &err), &err);
        double ratio = 0;
        for (size_t i = 0; i < b.r.rated; i++)
            ratio += b.r.at[i].rating_se / c.r.at[i].rating_se / (double)b.r.rated;
        assert_true(fabs(ratio - 1) < 0.05);
        board_drop(&b);
        board_drop(&c);
    }
}

void test_rank__fewest_votes_that_flip_chatbot_arena(void **state)
{
    (void)state;
    struct board b = {.arena = arena_new()};
    struct err err = {0};
    assert_ok(votes_begin(&b.votes, b.arena, &plain, &err), &err);
    assert_ok(votes_read(&b.votes, TEST_DATA "/arena/arena20240814/chatbotarena_20240814_leaderbot_v4.json",
                         false, &err),
              &err);
    assert_ok(
        rank_make(b.arena, &b.votes, &(struct rank_ask){.bad_is_tie = true, .no_sets = true}, &b.r, &err),
        &err);
    const struct flip *f = &b.r.lead.flip;
    assert_int_equal(f->first_order, 489);
    assert_true(f->removed >= 460 && f->removed <= 464);
    assert_true(f->direct >= 279 && f->direct <= 283);
    assert_true(fabs(BT_ELO * f->gap - 16.74) < 0.01 && fabs(BT_ELO * f->gap_after + 0.735) < 0.01);
    board_drop(&b);
}
