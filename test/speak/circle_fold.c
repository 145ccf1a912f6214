/* speak/circle_fold.c: circles worked out from acts. Members are letters: 'a' opens, others ask and are said
 * yes to. */
#include "test/test.h"

#include <stdlib.h>

#include "anon/epoch.h"
#include "base/vec.h"
#include "speak/circle_fold.h"

#include "base/banned.h"

enum { DAY = 20783 /* Thursday of 2026-W48 */ };

struct story {
    struct arena *arena;
    struct circle_rows rows;
    struct circles all;
    int64_t batch;
    day_t day;
};

static struct story story_of(void)
{
    return (struct story){.arena = arena_new(), .batch = 1, .day = DAY};
}

static void key(char who, uint8_t pk[static 32])
{
    memset(pk, 0, 32);
    pk[0] = (uint8_t)who;
}

static struct circle_row *act(struct story *s, enum circle_kind kind, char who)
{
    struct circle_row *r = VEC_PUSH(s->arena, &s->rows);
    *r = (struct circle_row){.batch = s->batch, .index = (int64_t)s->rows.n, .day = s->day};
    r->id[0] = kind == CIRCLE_OPEN ? 'C' : (uint8_t)s->rows.n;
    r->id[1] = kind != CIRCLE_OPEN;
    key(who, r->pk);
    r->act = (struct circle_act){.kind = kind,
                                 .circle = {'C'},
                                 .box_pk = {(uint8_t)who, 1},
                                 .week = epoch_of((int64_t)s->day * 86400),
                                 .theme = SPAN("parents"),
                                 .line = SPAN("")};
    return r;
}

static void say(struct story *s, char who, char about, bool yes)
{
    struct circle_row *r = act(s, CIRCLE_SAY, who);
    key(about, r->act.about);
    r->act.yes = yes;
}

static void next(struct story *s)
{
    s->batch++;
}

static const struct circle *fold(struct story *s)
{
    struct err err = {0};
    assert_ok(circles_fold(&s->rows, s->day, s->arena, &s->all, &err), &err);
    assert_int_equal(s->all.n, 1);
    return &s->all.at[0];
}

static bool in(const struct circle *c, char who)
{
    uint8_t pk[32];
    key(who, pk);
    return circle_member(c, pk) != NULL;
}

static bool asks(const struct circle *c, char who)
{
    uint8_t pk[32];
    key(who, pk);
    return circle_asker(c, pk) != NULL;
}

/* 'a' and so many more. */
static struct story circle_of(int n)
{
    struct story s = story_of();
    act(&s, CIRCLE_OPEN, 'a');
    for (int i = 1; i < n; i++) {
        next(&s);
        act(&s, CIRCLE_ASK, (char)('a' + i));
        next(&s);
        say(&s, 'a', (char)('a' + i), true);
        if (i > 1)
            say(&s, 'b', (char)('a' + i), true);
    }
    next(&s);
    return s;
}

void test_circle_fold__three_to_eight_held(void **state)
{
    (void)state;
    for (int n = 1; n <= CIRCLE_MOST + 1; n++) {
        struct story s = circle_of(n);
        const struct circle *c = fold(&s);
        assert_int_equal(c->n, n > CIRCLE_MOST ? CIRCLE_MOST : n);
        assert_int_equal(c->surplus, n > CIRCLE_MOST);
        assert_false(c->stranger);
        assert_true(span_is(c->theme, "parents"));
        arena_free(s.arena);
    }
}

void test_circle_fold__one_yes_at_first_two_after(void **state)
{
    (void)state;
    struct story s = circle_of(2);
    act(&s, CIRCLE_ASK, 'x');
    next(&s);
    say(&s, 'a', 'x', true);
    say(&s, 'a', 'x', true); /* twice is once */
    assert_true(asks(fold(&s), 'x') && !in(fold(&s), 'x'));
    next(&s);
    say(&s, 'x', 'x', true); /* nor oneself */
    assert_false(in(fold(&s), 'x'));
    next(&s);
    say(&s, 'b', 'x', true);
    assert_true(in(fold(&s), 'x'));
    arena_free(s.arena);
}

/* Seven are in, two are said yes to in one batch: the log's order decides, and the eighth place is one. */
void test_circle_fold__two_joining_at_once(void **state)
{
    (void)state;
    struct story s = circle_of(7);
    act(&s, CIRCLE_ASK, 'x');
    act(&s, CIRCLE_ASK, 'y');
    next(&s);
    say(&s, 'a', 'y', true);
    say(&s, 'a', 'x', true);
    say(&s, 'b', 'y', true);
    say(&s, 'b', 'x', true);
    const struct circle *c = fold(&s);
    assert_int_equal(c->n, 8);
    assert_true(in(c, 'y') && !in(c, 'x') && asks(c, 'x'));
    assert_true(c->surplus); /* a board that keeps to its rules refuses the second one */
    arena_free(s.arena);
}

/* Acts of one batch stand in the order of hashes: any order of them makes the same circle. */
void test_circle_fold__nothing_depends_on_the_order_in_a_batch(void **state)
{
    (void)state;
    for (size_t turn = 0; turn < 5; turn++) {
        struct story s = circle_of(4);
        act(&s, CIRCLE_ASK, 'x');
        next(&s);
        size_t from = s.rows.n;
        act(&s, CIRCLE_LEAVE, 'a');
        say(&s, 'a', 'x', true);
        say(&s, 'b', 'x', true);
        act(&s, CIRCLE_ASK, 'y');
        say(&s, 'b', 'y', true); /* who did not ask before this batch */
        say(&s, 'c', 'y', true);
        for (size_t i = 0; i < turn; i++) {
            struct circle_row first = s.rows.at[from];
            memmove(&s.rows.at[from], &s.rows.at[from + 1], (s.rows.n - from - 1) * sizeof first);
            s.rows.at[s.rows.n - 1] = first;
        }
        const struct circle *c = fold(&s);
        assert_int_equal(c->n, 3);
        assert_true(!in(c, 'a') && in(c, 'b') && in(c, 'c') && in(c, 'd') && asks(c, 'x') && asks(c, 'y'));
        arena_free(s.arena);
    }
}

void test_circle_fold__who_left_has_no_say(void **state)
{
    (void)state;
    struct story s = circle_of(3);
    act(&s, CIRCLE_ASK, 'x');
    next(&s);
    say(&s, 'a', 'x', true);
    next(&s);
    act(&s, CIRCLE_LEAVE, 'a');
    next(&s);
    say(&s, 'b', 'x', true);
    assert_false(in(fold(&s), 'x')); /* the yes of 'a' went along */
    next(&s);
    say(&s, 'c', 'x', true);
    assert_true(in(fold(&s), 'x'));
    next(&s);
    act(&s, CIRCLE_ASK, 'a'); /* the same name again: another key is needed */
    assert_false(asks(fold(&s), 'a'));
    arena_free(s.arena);
}

void test_circle_fold__out_by_more_than_half_of_the_others(void **state)
{
    (void)state;
    struct story s = circle_of(5);
    say(&s, 'a', 'e', false);
    say(&s, 'b', 'e', false);
    assert_true(in(fold(&s), 'e')); /* two of four */
    next(&s);
    say(&s, 'c', 'e', false);
    const struct circle *c = fold(&s);
    assert_false(in(c, 'e'));
    assert_int_equal(c->past.n, 1);
    assert_false(c->stranger);
    arena_free(s.arena);
    s = circle_of(2);
    say(&s, 'a', 'b', false); /* of two nobody can put the other out */
    next(&s);
    say(&s, 'b', 'a', false);
    assert_int_equal(fold(&s)->n, 2);
    arena_free(s.arena);
}

void test_circle_fold__who_gives_no_sign_has_left_after_four_weeks(void **state)
{
    (void)state;
    struct story s = circle_of(3);
    s.day += 4 * 7;
    act(&s, CIRCLE_STAY, 'a');
    assert_int_equal(fold(&s)->n, 3);
    s.day += 7;
    const struct circle *c = fold(&s);
    assert_true(in(c, 'a') && !in(c, 'b') && !in(c, 'c'));
    /* a week that has not come holds nobody in for longer */
    struct circle_row *r = act(&s, CIRCLE_STAY, 'a');
    r->act.week += 700;
    s.day += 6 * 7;
    assert_int_equal(fold(&s)->n, 0);
    arena_free(s.arena);
}

void test_circle_fold__the_weeks_key_takes_the_place_of_the_one_before(void **state)
{
    (void)state;
    struct story s = circle_of(2);
    s.day += 7;
    struct circle_row *r = act(&s, CIRCLE_STAY, 'b');
    r->act.box_pk[1] = 9;
    r = act(&s, CIRCLE_STAY, 'b'); /* a second one of a week counts for nothing */
    r->act.box_pk[1] = 8;
    uint8_t pk[32];
    key('b', pk);
    assert_int_equal(circle_member(fold(&s), pk)->box_pk[1], 9);
    arena_free(s.arena);
}

void test_circle_fold__asks_end_after_14_days_and_by_number(void **state)
{
    (void)state;
    struct story s = circle_of(1);
    for (int i = 0; i < CIRCLE_ASKS + 3; i++)
        act(&s, CIRCLE_ASK, (char)('b' + i));
    const struct circle *c = fold(&s);
    assert_int_equal(c->askers.n, CIRCLE_ASKS);
    assert_true(!asks(c, 'b') && !asks(c, 'd') && asks(c, 'e'));
    s.day += CIRCLE_ASK_DAYS;
    assert_int_equal(fold(&s)->askers.n, CIRCLE_ASKS);
    s.day++;
    assert_int_equal(fold(&s)->askers.n, 0);
    arena_free(s.arena);
}

void test_circle_fold__a_stranger_is_seen(void **state)
{
    (void)state;
    struct story s = circle_of(3);
    act(&s, CIRCLE_STAY, 'z');
    assert_true(fold(&s)->stranger && fold(&s)->n == 3);
    arena_free(s.arena);
    s = circle_of(3);
    act(&s, CIRCLE_ASK, 'z');
    next(&s);
    say(&s, 'y', 'z', true);
    assert_true(fold(&s)->stranger && !in(fold(&s), 'z'));
    arena_free(s.arena);
    s = circle_of(3);
    act(&s, CIRCLE_LEAVE, 'z'); /* an ask that was too old */
    assert_false(fold(&s)->stranger);
    arena_free(s.arena);
}

void test_circle_fold__acts_of_no_circle_are_nothing(void **state)
{
    (void)state;
    struct err err = {0};
    struct story s = story_of();
    act(&s, CIRCLE_ASK, 'z');
    say(&s, 'y', 'z', true);
    assert_ok(circles_fold(&s.rows, s.day, s.arena, &s.all, &err), &err);
    assert_int_equal(s.all.n, 0);
    arena_free(s.arena);
}

void test_circle_fold__names_are_told_apart(void **state)
{
    (void)state;
    struct story s = circle_of(CIRCLE_MOST);
    const struct circle *c = fold(&s);
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < i; k++)
            assert_false(c->member[i].word == c->member[k].word &&
                         c->member[i].number == c->member[k].number);
    arena_free(s.arena);
}
