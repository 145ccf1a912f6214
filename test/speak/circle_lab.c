/* speak/circle_lab.c: what a board takes from whom. Members are numbers: the seed of their key. */
#include "test/test.h"

#include <stdlib.h>

#include "anon/epoch.h"
#include "codec/json.h"
#include "speak/circle.h"
#include "speak/speak_room.h"
#include "test/anon/board.h"

#include "base/banned.h"

static const struct room *const rooms[] = {&speak_room, NULL};
static char circle[33]; /* the one that was opened last */
static int64_t batch;

static void public_of(uint8_t who, uint8_t pk[static 32])
{
    struct sign_key key;
    sign_key_init(&key, (const uint8_t[32]){who, 1});
    sign_public(&key, pk);
}

static enum problem_type put(struct board *b, enum circle_kind kind, uint8_t who, uint8_t about, bool yes)
{
    struct board_act made;
    struct redeem r = {0};
    struct err err = {0};
    struct token token = board_token(BOARD_WEEK, -1);
    struct circle_act a = {.kind = kind,
                           .box_pk = {who},
                           .yes = yes,
                           .week = epoch_of(b->app.now),
                           .theme = SPAN("parents"),
                           .line = SPAN("")};
    AUTO_BUF struct buf text;
    public_of(about, a.about);
    if (kind != CIRCLE_OPEN)
        assert_true(item_hex_read(span_of(circle), a.circle));
    AUTO_JSON json_t *act = circle_act_write(&a);
    buf_init(&text, 1 << 16);
    assert_ok(canon_write(act, &text, &err), &err);
    board_act_make(b, &made, &token, circle_kind_name(kind), buf_text(&text), who);
    enum problem_type type = board_redeem(b, &made, &r);
    if (kind == CIRCLE_OPEN && type == PROBLEM_NONE)
        item_hex(r.item.id, circle);
    board_act_clear(&made);
    return type;
}

/* All that waits is published: as batch_publish does it, for what circles read. */
static void publish(struct board *b)
{
    struct err err = {0};
    batch++;
    assert_ok(
        db_run(b->db, &err,
               "insert into placed(id, kind, pk, n) select id, '', id, $1 from waiting where item is not "
               "null",
               V_INT(batch)) &&
            db_run(b->db, &err, "delete from waiting"),
        &err);
}

static void enter(struct board *b, uint8_t who, uint8_t n)
{
    assert_int_equal(put(b, CIRCLE_ASK, who, 0, false), PROBLEM_NONE);
    publish(b);
    for (uint8_t i = 1; i <= (n < 2 ? n : 2); i++)
        assert_int_equal(put(b, CIRCLE_SAY, i, who, true), PROBLEM_NONE);
    publish(b);
}

static void with(struct board *b, uint8_t members)
{
    b->app.rooms = rooms;
    batch = 0;
    assert_int_equal(put(b, CIRCLE_OPEN, 1, 0, false), PROBLEM_NONE);
    publish(b);
    for (uint8_t i = 2; i <= members; i++)
        enter(b, i, (uint8_t)(i - 1));
}

static void run(void (*check)(struct board *b))
{
    board_more = (struct migration_set){"speak", speak_room.migrations};
    board_both(check);
}

static void full(struct board *b)
{
    with(b, 7);
    for (uint8_t i = 8; i <= 10; i++)
        assert_int_equal(put(b, CIRCLE_ASK, i, 0, false), PROBLEM_NONE);
    publish(b);
    assert_int_equal(put(b, CIRCLE_SAY, 1, 8, true), PROBLEM_NONE);
    assert_int_equal(put(b, CIRCLE_SAY, 1, 9, true), PROBLEM_NONE);
    assert_int_equal(put(b, CIRCLE_SAY, 2, 8, true), PROBLEM_NONE); /* the eighth, who waits */
    assert_int_equal(put(b, CIRCLE_SAY, 2, 9, true), PROBLEM_TAKEN);
    assert_int_equal(put(b, CIRCLE_ASK, 11, 0, false), PROBLEM_TAKEN);
    publish(b);
    assert_int_equal(put(b, CIRCLE_SAY, 2, 9, true), PROBLEM_TAKEN);
    assert_int_equal(put(b, CIRCLE_LEAVE, 3, 0, false), PROBLEM_NONE);
    assert_int_equal(put(b, CIRCLE_SAY, 2, 9, true), PROBLEM_TAKEN); /* the leaving waits */
    publish(b);
    assert_int_equal(put(b, CIRCLE_SAY, 2, 9, true), PROBLEM_NONE);
    publish(b);
    assert_int_equal(put(b, CIRCLE_STAY, 9, 0, false), PROBLEM_BAD_FIELD); /* in, with this week's key */
    assert_int_equal(put(b, CIRCLE_SAY, 9, 4, false), PROBLEM_NONE);
}

void test_circle_lab__two_joining_at_once_and_one_place(void **state)
{
    (void)state;
    run(full);
}

static void rules(struct board *b)
{
    with(b, 2);
    assert_int_equal(put(b, CIRCLE_SAY, 7, 1, true), PROBLEM_BAD_FIELD); /* who is not in */
    assert_int_equal(put(b, CIRCLE_STAY, 7, 0, false), PROBLEM_BAD_FIELD);
    assert_int_equal(put(b, CIRCLE_LEAVE, 7, 0, false), PROBLEM_BAD_FIELD);
    assert_int_equal(put(b, CIRCLE_SAY, 1, 7, true), PROBLEM_BAD_FIELD);  /* who did not ask */
    assert_int_equal(put(b, CIRCLE_SAY, 1, 1, false), PROBLEM_BAD_FIELD); /* oneself */
    assert_int_equal(put(b, CIRCLE_ASK, 1, 0, false), PROBLEM_BAD_FIELD); /* who is in */
    assert_int_equal(put(b, CIRCLE_ASK, 5, 0, false), PROBLEM_NONE);
    assert_int_equal(put(b, CIRCLE_SAY, 1, 5, true), PROBLEM_BAD_FIELD); /* not published yet */
    publish(b);
    assert_int_equal(put(b, CIRCLE_ASK, 5, 0, false), PROBLEM_BAD_FIELD); /* asked already */
    assert_int_equal(put(b, CIRCLE_SAY, 1, 5, true), PROBLEM_NONE);
    publish(b);
    assert_int_equal(put(b, CIRCLE_SAY, 1, 5, true), PROBLEM_BAD_FIELD); /* said already */
    assert_int_equal(put(b, CIRCLE_LEAVE, 5, 0, false), PROBLEM_NONE);   /* an ask is taken back */
    publish(b);
    assert_int_equal(put(b, CIRCLE_SAY, 2, 5, true), PROBLEM_BAD_FIELD);
    b->app.now += 7 * 86400; /* the next week: its key, once */
    struct redeem none;
    (void)none;
    assert_int_equal(put(b, CIRCLE_LEAVE, 1, 0, false), PROBLEM_BAD_PASS); /* this week's pass is over */
    b->app.now -= 7 * 86400;
    assert_int_equal(put(b, CIRCLE_LEAVE, 1, 0, false), PROBLEM_NONE);
    assert_int_equal(put(b, CIRCLE_LEAVE, 1, 0, false), PROBLEM_BAD_FIELD); /* it waits already */
    assert_int_equal(put(b, CIRCLE_LEAVE, 2, 0, false), PROBLEM_NONE);
    publish(b);
    assert_int_equal(put(b, CIRCLE_ASK, 9, 0, false), PROBLEM_BAD_FIELD); /* nobody is in: it is over */
    memset(circle, '0', 32);
    assert_int_equal(put(b, CIRCLE_ASK, 9, 0, false), PROBLEM_BAD_FIELD); /* there is none */
}

void test_circle_lab__who_has_a_say(void **state)
{
    (void)state;
    run(rules);
}

/* Rows hold no words and no time. */
static void rows(struct board *b)
{
    with(b, 3);
    assert_int_equal(board_number(b, "select count(*) from circle_row where day <> 20783"), 0);
    assert_int_equal(board_number(b, "select count(*) from circle_row"), 1 + 2 + 1 + 2);
}

void test_circle_lab__a_refused_act_leaves_no_row(void **state)
{
    (void)state;
    run(rows);
}
