/* The screen from a file to what it says, by voter and, without voters, by day. */
#include "test/test.h"

#include <math.h>
#include <stdio.h>

#include "arena/screen.h"
#include "num/rng.h"
#include "test/arena/board.h"

#include "base/banned.h"

enum { MODELS = 6, VOTERS = 40, EACH = 50, DAYS = 20 };

static void honest(struct rng *rng, struct buf *out, const char *voter, int day, size_t n)
{
    static const double truth[MODELS] = {0.8, 0.4, 0.1, -0.1, -0.4, -0.8};
    for (size_t v = 0; v < n; v++) {
        unsigned a = (unsigned)rng_below(rng, MODELS), b = (unsigned)rng_below(rng, MODELS - 1);
        double p[3], u = rng_unit(rng);
        b += b >= a;
        bt_chances(BT_DAVIDSON, truth[a] - truth[b], -0.3, p);
        buf_printf(out, "m%u,m%u,%s,%s,%d\n", a, b,
                   u < p[0]          ? "model_a"
                   : u < p[0] + p[1] ? "model_b"
                                     : "tie",
                   voter, 1764028800 + 86400 * day);
    }
}

static void stuffed(struct rng *rng, struct buf *out, const char *voter, int day, size_t n)
{
    for (size_t v = 0; v < n; v++) {
        unsigned other = (unsigned)rng_below(rng, MODELS - 1);
        if (v % 2)
            buf_printf(out, "m%u,m5,model_b,%s,%d\n", other, voter, 1764028800 + 86400 * day);
        else
            buf_printf(out, "m5,m%u,model_a,%s,%d\n", other, voter, 1764028800 + 86400 * day);
    }
}

static void screen(struct board *b, const struct buf *text, struct screening *s)
{
    struct err err = {0};
    *b = (struct board){0};
    assert_ok(board_read(b, buf_span(text),
                         &(struct votes_ask){
                             .clusters = 1, .cluster = {"voter"}, .cluster_texts = true, .or_day = true},
                         &err),
              &err);
    assert_ok(screen_make(b->arena, &b->votes, 0.05, 1, s, &err), &err);
}

void test_screen__names_the_stuffer_and_shows_the_board_without(void **state)
{
    (void)state;
    struct rng rng;
    struct buf AUTO_BUF text;
    struct buf AUTO_BUF out;
    struct board b;
    struct screening s;
    struct err err = {0};
    rng_seed(&rng, 3);
    buf_init(&text, 1 << 22);
    buf_init(&out, 1 << 20);
    buf_add_text(&text, "model_a,model_b,winner,judge,tstamp\n");
    for (int v = 0; v < VOTERS; v++) {
        char name[16];
        snprintf(name, sizeof name, "voter-%d", v);
        honest(&rng, &text, name, v % DAYS, EACH);
    }
    stuffed(&rng, &text, "mallory", 3, 60);
    screen(&b, &text, &s);
    assert_false(s.by_day);
    assert_int_equal(s.tested, VOTERS + 1);
    assert_int_equal(s.flagged, 1);
    assert_string_equal(s.at[0].name, "mallory");
    assert_int_equal(s.at[0].kind, SCREEN_FOR);
    assert_true(span_is(s.at[0].model, "m5") && s.at[0].votes == 60 && s.votes_flagged == 60);
    assert_true(s.without_known);
    size_t with = rank_named(&s.with, SPAN("m5")), without = rank_named(&s.without, SPAN("m5"));
    assert_true(s.with.at[with].rating > s.without.at[without].rating + 20);
    assert_ok(screen_text(b.arena, &s, &out, &err), &err);
    assert_non_null(strstr(buf_text(&out), "mallory"));
    assert_non_null(strstr(buf_text(&out), "Nothing was taken out"));
    AUTO_JSON json_t *o = screen_json(&s);
    assert_int_equal(json_integer_value(json_object_get(o, "flagged")), 1);
    board_drop(&b);
}

void test_screen__without_voters_days_stand_out(void **state)
{
    (void)state;
    struct rng rng;
    struct buf AUTO_BUF text;
    struct board b;
    struct screening s;
    rng_seed(&rng, 4);
    buf_init(&text, 1 << 22);
    buf_add_text(&text, "model_a,model_b,winner,unused,tstamp\n");
    for (int d = 0; d < DAYS; d++)
        honest(&rng, &text, "-", d, 150);
    screen(&b, &text, &s);
    assert_true(s.by_day && s.tested > 100 && s.flagged == 0);
    board_drop(&b);
    stuffed(&rng, &text, "-", 7, 120);
    screen(&b, &text, &s);
    assert_true(s.flagged > 0);
    assert_true(span_is(s.at[0].model, "m5"));
    assert_non_null(strstr(s.at[0].name, "2025-12-02"));
    board_drop(&b);
}
