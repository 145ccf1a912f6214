/* speak/card.c: cards as they are signed, read and taken by the board. */
#include "test/test.h"

#include <stdlib.h>

#include "anon/epoch.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "speak/card.h"
#include "speak/speak_room.h"
#include "test/anon/board.h"

#include "base/banned.h"

static struct sign_key key_of(uint8_t seed)
{
    struct sign_key key;
    uint8_t bytes[32] = {seed};
    sign_key_init(&key, bytes);
    return key;
}

static struct card card_of(uint8_t seed)
{
    struct err err = {0};
    struct sign_key key = key_of(seed);
    struct card c = {.week = epoch_of(BOARD_NOW),
                     .n = 1,
                     .box_pk = {9},
                     .languages = 2,
                     .language = {SPAN("en"), SPAN("zh")},
                     .topics = 1,
                     .topic = {SPAN("leaving")}};
    assert_ok(card_sign(&c, SPAN(BOARD_LAB), &key, &err), &err);
    return c;
}

void test_card__signed_for_one_lab(void **state)
{
    (void)state;
    struct err err = {0};
    struct card read, c = card_of(1);
    bool good;
    AUTO_JSON json_t *act = card_act(&c);
    assert_ok(card_read(act, &read, &err), &err);
    assert_int_equal(read.languages, 2);
    assert_true(span_is(read.topic[0], "leaving") && !read.paused && read.week == c.week);
    assert_ok(card_good(&read, SPAN(BOARD_LAB), &good, &err), &err);
    assert_true(good);
    assert_ok(card_good(&read, SPAN("other.example"), &good, &err), &err);
    assert_false(good);
    read.box_pk[0] ^= 1; /* a swapped key */
    assert_ok(card_good(&read, SPAN(BOARD_LAB), &good, &err), &err);
    assert_false(good);
    read.box_pk[0] ^= 1;
    read.n++;
    assert_ok(card_good(&read, SPAN(BOARD_LAB), &good, &err), &err);
    assert_false(good);
}

void test_card__lists_have_limits(void **state)
{
    (void)state;
    struct err err = {0};
    struct span list[CARD_LIST];
    size_t n;
    assert_ok(card_list(SPAN(" leaving, first paper rejected ,, 换方向"), list, &n, &err), &err);
    assert_int_equal(n, 3);
    assert_true(span_is(list[1], "first paper rejected"));
    assert_false(card_list(SPAN("a,b,c,d,e,f,g"), list, &n, &err));
    err_clear(&err);
    assert_false(card_list(SPAN("12345678901234567890123456789012345678901"), list, &n, &err));
    err_clear(&err);
    assert_true(card_list(SPAN("1234567890123456789012345678901234567890"), list, &n, &err));
    assert_false(card_list(SPAN("a\u202eb"), list, &n, &err));
}

static enum problem_type put(struct board *b, const struct card *c, const char *without)
{
    struct board_act made;
    struct redeem r = {0};
    struct err err = {0};
    struct token token = board_token(BOARD_WEEK, -1);
    AUTO_BUF struct buf text;
    AUTO_JSON json_t *act = card_act(c);
    buf_init(&text, 1 << 16);
    if (without)
        json_object_del(act, without);
    assert_ok(canon_write(act, &text, &err), &err);
    board_act_make(b, &made, &token, "card", buf_text(&text), 1);
    enum problem_type type = board_redeem(b, &made, &r);
    board_act_clear(&made);
    return type;
}

void test_card__the_board_takes_what_its_listener_signed(void **state)
{
    (void)state;
    struct board b;
    struct err err = {0};
    struct sign_key key = key_of(1);
    struct card c = card_of(1);
    board_make(&b, NULL);
    b.app.rooms = (const struct room *const[]){&speak_room, NULL};
    assert_int_equal(put(&b, &c, NULL), PROBLEM_NONE);
    assert_int_equal(put(&b, &c, "topics"), PROBLEM_BAD_FIELD);
    c.box_pk[3] ^= 1;
    assert_int_equal(put(&b, &c, NULL), PROBLEM_BAD_FIELD);
    c.week += 14;
    assert_ok(card_sign(&c, SPAN(BOARD_LAB), &key, &err), &err);
    assert_int_equal(put(&b, &c, NULL), PROBLEM_BAD_FIELD); /* of a week that is not near */
    c.week -= 21;
    assert_ok(card_sign(&c, SPAN(BOARD_LAB), &key, &err), &err);
    assert_int_equal(put(&b, &c, NULL), PROBLEM_NONE);
    board_clear(&b);
}
