#ifndef TEST_ARENA_BOARD_H
#define TEST_ARENA_BOARD_H
/* Boards from text, for the tests of the arena. */
#include "test/test.h"

#include "arena/rank_draw.h"
#include "arena/votes_read.h"

struct board {
    struct arena *arena;
    struct votes votes;
    struct ranking r;
};

/* Read `text` (not copied). */
static inline bool board_read(struct board *b, struct span text, const struct votes_ask *ask, struct err *err)
{
    struct votes_feed feed = {0};
    if (!b->arena)
        b->arena = arena_new();
    if (!votes_begin(&b->votes, b->arena, ask, err))
        return false;
    buf_init(&feed.in, 1 << 26);
    buf_add(&feed.in, text);
    bool ok = votes_read_feed(&b->votes, &feed, err);
    buf_clear(&feed.in);
    return ok;
}

static inline void board_drop(struct board *b)
{
    votes_free(&b->votes);
    arena_free(b->arena);
    b->arena = NULL;
}

static inline const struct ranked *board_model(const struct board *b, const char *name)
{
    size_t at = rank_named(&b->r, span_of(name));
    assert_true(at < b->r.n);
    return &b->r.at[at];
}
#endif
