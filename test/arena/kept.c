/* A kept board is the same board, and grows as if all votes were read at once. */
#include "test/test.h"

#include <math.h>

#include "arena/arena_db.h"
#include "arena/kept.h"
#include "arena/rank_draw.h"
#include "io/sched.h"
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
    const struct migration_set sets[] = {{"arena", arena_migrations}};
    assert_ok(db_open(&db, ":memory:", &err) && migrate(db, sets, 1, 1 /* NODE */, NULL, &err), &err);
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

/* What was shown comes back whole: the JSON that a board read back makes is the one it was read from, but for
 * what belongs to the fit. */
void test_kept__a_board_comes_back_as_it_was_shown(void **state)
{
    (void)state;
    struct db *db = opened();
    struct board b;
    struct err err = {0};
    struct rank_ask ask = {.ties = BT_DAVIDSON, .bad_is_tie = true, .seed = 1, .draws = 200};
    struct arena *AUTO_ARENA arena = arena_new();
    struct kept_row row;
    struct votes v;
    struct ranking r;
    struct span json;
    struct buf AUTO_BUF before, after, kept;
    bool found;
    buf_init(&before, 1 << 20);
    buf_init(&after, 1 << 20);
    buf_init(&kept, 1 << 20);
    make(&b, first, &ask);
    assert_ok(kept_save(db, b.arena, "ours", 10, &b.votes, &b.r, &err), &err);
    assert_ok(kept_made(db, arena, "ours", 9, &row, &v, &r, &json, &found, &err), &err);
    assert_false(found);
    assert_ok(kept_made(db, arena, "ours", DAY_MAX, &row, &v, &r, &json, &found, &err), &err);
    assert_true(found && row.day == 10 && r.rated == b.r.rated && r.ask.ties == BT_DAVIDSON);
    AUTO_JSON json_t *o = rank_json(&b.votes, &b.r);
    assert_ok(json_write_exact(o, &kept, &err), &err);
    assert_true(span_eq(buf_span(&kept), json));
    assert_ok(rank_csv(&b.r, &before, &err) && rank_csv(&r, &after, &err), &err);
    assert_string_equal(buf_text(&before), buf_text(&after));
    buf_reset(&before);
    buf_reset(&after);
    assert_ok(rank_text(arena, &b.votes, &b.r, &before, &err) && rank_text(arena, &v, &r, &after, &err),
              &err);
    assert_string_equal(buf_text(&before), buf_text(&after));
    board_drop(&b);
    db_close(db);
}

/* Made of any text that is not a board: one sentence, never a crash. */
void test_kept__what_is_no_board_is_refused(void **state)
{
    (void)state;
    static const char *const made[] = {
        "{}",
        "[]",
        "{\"pairs\":1,\"input\":{\"kept\":1},\"models\":[{}]}",
        "{\"pairs\":1,\"input\":{\"kept\":1},\"models\":[{\"name\":\"a\",\"rank_low\":3,\"rank_high\":1}]}",
        "{\"pairs\":1,\"input\":{\"kept\":1},\"models\":[{\"name\":\"a\",\"rating\":null},{\"name\":\"b\","
        "\"rating\":1.0,\"low\":0.0,\"high\":2.0}]}",
        "no json"};
    struct db *db = opened();
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        struct arena *AUTO_ARENA arena = arena_new();
        struct kept_row row;
        struct votes v;
        struct ranking r;
        struct span json;
        struct err err = {0};
        bool found;
        assert_ok(
            db_run(db, &err,
                   "insert into arena_board(name, day, ties, bad_is_tie, votes, models, pairs, made) values "
                   "('b', $1, 0, 0, 1, x'', x'', $2)",
                   V_INT((int64_t)i), V_STR(made[i])),
            &err);
        assert_false(kept_made(db, arena, "b", (day_t)i, &row, &v, &r, &json, &found, &err));
        assert_int_not_equal(err.code, E_NONE);
    }
    db_close(db);
}

/* ---- what is told ---- */

enum { NOON = 43200, DAY = 86400 };

/* Keep a board of `n` votes an edge, x better than y by `lead` of them, and look at it as `add` does. */
static void keep_day(struct db *db, day_t day, int64_t n, int64_t lead)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct votes AUTO_VOTES v = {0};
    struct ranking r;
    struct err err = {0};
    static const char *const names[] = {"x", "y", "z"};
    assert_ok(votes_begin(&v, arena, &(struct votes_ask){0}, &err), &err);
    for (int e = 0; e < 3; e++)
        for (int y = 0; y < 2; y++) {
            struct vote vote = {.a = span_of(names[e]),
                                .b = span_of(names[(e + 1) % 3]),
                                .outcome = y ? VOTE_B : VOTE_A,
                                .many = n + (e == 0 ? (y ? -lead : lead) : 0)};
            assert_ok(votes_add(&v, &vote, 1, &err), &err);
        }
    assert_ok(rank_make(arena, &v, &(struct rank_ask){.seed = 1, .draws = 100}, &r, &err) &&
                  kept_save(db, arena, "ours", day, &v, &r, &err) &&
                  kept_watch(db, arena, "ours", day, (int64_t)day * DAY + NOON, &err),
              &err);
}

static size_t told_since(struct db *db, day_t day, struct told *last)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct tolds t = {0};
    struct err err = {0};
    assert_ok(kept_told(db, arena, (int64_t)day * DAY, &t, &err), &err);
    if (t.n)
        *last = t.at[0];
    return t.n;
}

void test_kept__a_change_is_told_once_and_chance_is_not(void **state)
{
    (void)state;
    struct db *db = opened();
    struct told last;
    keep_day(db, 20000, 1000, 0);
    keep_day(db, 20001, 1100, 20); /* within chance */
    assert_int_equal(told_since(db, 20000, &last), 0);
    keep_day(db, 20002, 2000, 700); /* a great deal more for x */
    assert_int_equal(told_since(db, 20000, &last), 1);
    assert_true(last.day == 20002 && last.base == 20000 && last.moved >= 2 && last.models == 3);
    keep_day(db, 20003, 2010, 704); /* nothing more: the new base is the last one told */
    assert_int_equal(told_since(db, 20000, &last), 1);
    assert_int_equal(told_since(db, 20003, &last), 0);
    db_close(db);
}

/* A board of a few votes is no base: what it says of strengths is hardly anything. */
void test_kept__few_votes_are_no_base(void **state)
{
    (void)state;
    struct db *db = opened();
    struct told last;
    int64_t base;
    struct err err = {0};
    keep_day(db, 20000, 8, 6);
    keep_day(db, 20001, 2000, 700);
    assert_int_equal(told_since(db, 20000, &last), 0);
    assert_ok(db_number(db, &base, 0, &err, "select day from arena_base where name = 'ours'"), &err);
    assert_int_equal(base, 20001);
    db_close(db);
}

void test_kept__in_a_quiet_week_a_change_is_held(void **state)
{
    (void)state;
    struct db *db = opened();
    struct told last;
    struct err err = {0};
    int64_t id;
    keep_day(db, 20000, 1000, 0);
    assert_ok(sched_hush(db, 20001, 20007, &id, &err), &err);
    keep_day(db, 20002, 2000, 700);
    assert_int_equal(told_since(db, 19990, &last), 0);
    assert_ok(held_tick(db, (int64_t)20009 * DAY, 1000, &err), &err);
    assert_int_equal(told_since(db, 20005, &last), 1); /* after it: on the page of the week it ended in */
    db_close(db);
}
