/* A published board: written and read as the same bytes, ranked from its rows on either side, compared with
 * the one before by the rows they share, and never taken with other figures than its own. */
#include "test/test.h"

#include "arena/blind.h"
#include "arena/compare.h"
#include "num/rng.h"

#include "base/banned.h"

enum { ROWS = 400 };

/* Three models, votes drawn from strengths .4, 0, -.4; the first half came with board 1. */
static void make(struct arena *arena, struct blind_doc *d)
{
    static const double strength[3] = {0.4, 0, -0.4};
    struct rng rng;
    rng_seed(&rng, 7);
    *d = (struct blind_doc){.n = 2, .day = 20800, .next = 20830, .models = 3, .rows = ROWS};
    d->model = arena_array(arena, 3, sizeof *d->model);
    d->row = arena_array(arena, ROWS, sizeof *d->row);
    d->model[0] = (struct blind_model){SPAN("east"), 20700, 0};
    d->model[1] = (struct blind_model){SPAN("north"), 20700, 20790};
    d->model[2] = (struct blind_model){SPAN("south"), 20701, 0};
    for (int i = 0; i < ROWS; i++) {
        int64_t a = (int64_t)rng_below(&rng, 3), b = (a + 1 + (int64_t)rng_below(&rng, 2)) % 3;
        double x = strength[a] - strength[b] + 0.8 * rng_normal(&rng);
        d->row[i] = (struct blind_row){a,
                                       b,
                                       x > 0.4    ? VOTE_A
                                       : x < -0.4 ? VOTE_B
                                       : i % 7    ? VOTE_TIE
                                                  : VOTE_BAD,
                                       (day_t)(20750 + i / 20),
                                       {(int64_t)rng_below(&rng, 2001) - 1000, 0, 10, -10},
                                       16,
                                       166667,
                                       i < ROWS / 2 ? 1 : 2};
    }
}

void test_blind__what_is_written_reads_the_same(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct blind_doc d, again;
    struct err err = {0};
    AUTO_BUF struct buf one, two;
    buf_init(&one, 1 << 20);
    buf_init(&two, 1 << 20);
    make(arena, &d);
    assert_ok(blind_work(&d, arena, &d.figures, &err) && blind_write(&d, &one, &err) &&
                  blind_read(buf_span(&one), arena, &again, &err) && blind_write(&again, &two, &err),
              &err);
    assert_true(span_eq(buf_span(&one), buf_span(&two)));
    assert_int_equal(again.rows, ROWS);
    assert_int_equal(again.model[1].to, 20790);
    assert_true(again.figures.style);
    assert_int_equal(again.figures.places, 3);
}

void test_blind__figures_come_out_of_the_rows_again(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct blind_doc d;
    struct blind_figures found;
    struct err err = {0};
    make(arena, &d);
    assert_ok(blind_work(&d, arena, &d.figures, &err) && blind_work(&d, arena, &found, &err), &err);
    assert_true(blind_agrees(&d.figures, &found));
    assert_int_equal(d.figures.place[0].model, 0);
    assert_int_equal(d.figures.place[2].model, 2);
    /* one vote turned round, one place moved, one vote more: each is seen */
    d.row[3].outcome = d.row[3].outcome == VOTE_A ? VOTE_B : VOTE_A;
    for (int i = 0; i < 60; i++)
        d.row[i].outcome = VOTE_B;
    assert_ok(blind_work(&d, arena, &found, &err), &err);
    assert_false(blind_agrees(&d.figures, &found));
    make(arena, &d);
    assert_ok(blind_work(&d, arena, &d.figures, &err) && blind_work(&d, arena, &found, &err), &err);
    found.place[0].rating += 3;
    assert_false(blind_agrees(&d.figures, &found));
    found.place[0].rating -= 3;
    found.place[1].votes++;
    assert_false(blind_agrees(&d.figures, &found));
}

void test_blind__the_board_before_is_in_it(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct votes AUTO_VOTES old = {0};
    struct votes AUTO_VOTES new = {0};
    struct blind_doc d;
    struct comparison c;
    struct err err = {0};
    struct compare_ask ask = {.old = blind_ask(), .new = blind_ask(), .method_known = true};
    make(arena, &d);
    assert_ok(blind_votes(&d, 1, BLIND_BY_ROW, arena, &old, NULL, &err) &&
                  blind_votes(&d, 2, BLIND_BY_ROW, arena, &new, &old, &err) &&
                  compare_make(arena, &old, &new, &ask, &c, &err),
              &err);
    assert_int_equal(c.shared, ROWS / 2);
    assert_int_equal(c.added, ROWS / 2);
    assert_int_equal(c.vanished, 0);
    assert_int_equal(c.n, 3);
}

static void refused(const char *text)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct blind_doc d;
    struct err err = {0};
    assert_false(blind_read(span_of(text), arena, &d, &err));
    assert_int_not_equal(err.code, E_NONE);
}

#define BOARD(rows, n) \
    "{\"day\":\"2026-12-01\",\"flagged\":0,\"flip\":0,\"models\":[{\"from\":\"2026-11-01\",\"name\":\"a\"}," \
    "{\"from\":" \
    "\"2026-11-01\",\"name\":\"b\"}],\"n\":" n ",\"places\":[],\"rows\":[" rows \
    "],\"style\":false,\"tags\":1,\"v\":1}"

void test_blind__other_bytes_are_refused(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct blind_doc d;
    struct err err = {0};
    assert_ok(blind_read(SPAN(BOARD("[0,1,2,20780,0,0,0,0,16,5,1]", "1")), arena, &d, &err), &err);
    refused("");
    refused("[]");
    refused(BOARD("[0,1,2,20780,0,0,0,0,16,5]", "1"));                                /* a number short */
    refused(BOARD("[0,2,2,20780,0,0,0,0,16,5,1]", "1"));                              /* no such model */
    refused(BOARD("[0,0,2,20780,0,0,0,0,16,5,1]", "1"));                              /* against itself */
    refused(BOARD("[0,1,4,20780,0,0,0,0,16,5,1]", "1"));                              /* no such outcome */
    refused(BOARD("[0,1,2,20780,0,0,0,-1001,16,5,1]", "1"));                          /* out of its bounds */
    refused(BOARD("[0,1,2,20780,0,0,0,0,16,5,2]", "1"));                              /* of a board to come */
    refused(BOARD("[0,1,2,20780,0,0,0,0,16,5,2],[0,1,2,20780,0,0,0,0,16,5,1]", "2")); /* out of order */
    refused(BOARD("[0,1,-1,20780,0,0,0,0,16,5,1]", "1"));
}
