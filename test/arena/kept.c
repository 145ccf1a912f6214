/* A kept board is the same board, and grows as if all votes were read at once. */
#include "test/test.h"

#include <math.h>

#include "arena/arena_db.h"
#include "arena/kept.h"
#include "test/arena/board.h"

#include "base/banned.h"

#define HEAD "model_a,model_b,winner\n"
static const char first[] =
    HEAD "a,b,model_a\nb,c,model_a\nc,a,model_a\na,b,tie\na,c,both_bad\nb,a,model_a\n",
                  second[] = HEAD "a,b,model_b\nd,a,model_a\na,d,tie\nc,b,model_a\n";

static struct db *opened(void)
{
    struct db *db;
    struct err err = {0};
    assert_ok(db_open(&db, ":memory:", &err) && db_run_script(db, arena_migrations[0].sql, &err) &&
                  db_run_script(db, arena_migrations[3].sql, &err),
              &err);
    return db;
}

static void make(struct board *b, const char *text, const struct rank_ask *ask)
{
    struct err err = {0};
    *b = (struct board){0};
    assert_ok(board_read(b, span_of(text), &(struct votes_ask){0}, &err), &err);
    assert_ok(rank_make(b->arena, &b->votes, ask, &b->r, &err), &err);
}

void test_kept__a_board_grows_as_if_read_at_once(void **state)
{
    (void)state;
    struct db *db = opened();
    struct board b, all, now = {.arena = arena_new()};
    struct err err = {0};
    struct rank_ask ask = {.ties = BT_DAVIDSON, .bad_is_tie = true, .seed = 1, .draws = 200},
                    read = {.seed = 1, .draws = 200};
    struct votes_feed feed = {0};
    double *start;
    bool found;
    make(&b, first, &ask);
    assert_ok(kept_save(db, b.arena, "ours", 10, &b.votes, &b.r, &err), &err);
    assert_ok(votes_begin(&now.votes, now.arena, &(struct votes_ask){0}, &err), &err);
    assert_ok(kept_load(db, now.arena, "ours", 11, &now.votes, &start, &read, &found, &err), &err);
    assert_true(found && read.ties == BT_DAVIDSON && read.bad_is_tie);
    assert_int_equal(now.votes.kept, b.votes.kept);
    for (size_t i = 0; i < 3; i++)
        assert_true(start[i] == b.r.fit.at[b.r.fit_of[i]]);
    read.start = start;
    read.start_n = now.votes.models.n;
    buf_init(&feed.in, 1 << 20);
    buf_add_text(&feed.in, second);
    assert_ok(votes_read_feed(&now.votes, &feed, &err), &err);
    buf_clear(&feed.in);
    assert_ok(rank_make(now.arena, &now.votes, &read, &now.r, &err), &err);
    struct buf AUTO_BUF both;
    buf_init(&both, 1 << 20);
    buf_add_text(&both, first);
    buf_add_text(&both, second + sizeof HEAD - 1);
    make(&all, buf_text(&both), &ask);
    assert_int_equal(all.r.rated, 4);
    for (size_t i = 0; i < 4; i++) {
        const struct ranked *x = &all.r.at[i], *y = board_model(&now, arena_text(all.arena, x->name));
        assert_true(fabs(x->logit - y->logit) < 1e-9 && fabs(x->se - y->se) < 1e-9 && x->votes == y->votes);
    }
    assert_ok(kept_save(db, now.arena, "ours", 12, &now.votes, &now.r, &err), &err);
    struct kept_rows rows = {0};
    assert_ok(kept_list(db, now.arena, &rows, &err), &err);
    assert_int_equal(rows.n, 2);
    assert_true(rows.at[0].day == 12 && rows.at[1].day == 10 && rows.at[0].votes == 10);
    board_drop(&b);
    board_drop(&all);
    board_drop(&now);
    db_close(db);
}

void test_kept__damaged_rows_are_refused(void **state)
{
    (void)state;
    struct db *db = opened();
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    static const char *const pairs[] = {"\x01\x00\x01\x01\x01\x01", "\x00\x05\x01\x01\x01\x01",
                                        "\x00\x01\xff"};
    static const size_t sizes[] = {6, 6, 3};
    for (size_t i = 0; i < 3; i++) {
        struct votes AUTO_VOTES v = {0};
        struct rank_ask ask = {0};
        double *start;
        bool found;
        err_clear(&err);
        assert_ok(db_run(db, &err, "delete from arena_board"), &err);
        assert_ok(db_run(db, &err,
                         "insert into arena_board(name, day, ties, bad_is_tie, votes, models, pairs) values "
                         "('x', 1, 0, 0, 1, $1, $2)",
                         V_BLOB(span_bytes("\x01\0a\0\0\0\0\0\0\0\0\x01\0b\0\0\0\0\0\0\0\0", 22)),
                         V_BLOB(span_bytes(pairs[i], sizes[i]))),
                  &err);
        assert_ok(votes_begin(&v, arena, &(struct votes_ask){0}, &err), &err);
        assert_false(kept_load(db, arena, "x", 1, &v, &start, &ask, &found, &err));
        assert_non_null(strstr(err.text, "damaged"));
    }
    db_close(db);
}
