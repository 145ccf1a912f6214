/* speak/board_words.c: a post, a circle's words and those of an ask are told about, decided and undone alike.
 */
#include "test/test.h"

#include "anon/outbox_db.h"
#include "speak/board_words.h"
#include "speak/moderate_desk.h"
#include "speak/moderate_tell.h"
#include "test/speak/circle_nodes.h"

#include "base/banned.h"

static const uint8_t the_circle[16] = {'C'};

static struct board_words found(struct group *g, const uint8_t id[static 16], bool wanted)
{
    struct err err = {0};
    struct board_words w;
    bool there = !wanted;
    assert_ok(board_words(g->node[0].db, g->node[0].arena, id, &w, &there, &err), &err);
    assert_int_equal(there, wanted);
    return w;
}

/* The first act of that kind. */
static void id_of_kind(struct group *g, enum circle_kind kind, uint8_t out[static 16])
{
    struct err err = {0};
    AUTO_STMT struct stmt *q = NULL;
    assert_ok(db_query(g->node[0].db, &q, &err, "select id from circle_act where kind = $1 order by idx",
                       V_INT(kind)),
              &err);
    assert_true(db_next(q, &err));
    memcpy(out, db_text(q, 0).p, 16);
}

void test_board_words__of_a_circle_and_of_an_ask(void **state)
{
    (void)state;
    struct err err = {0};
    struct group g;
    uint8_t ask[16];
    group_make(&g, 2, 2);
    assert_ok(db_run(g.node[0].db, &err, "update circle_act set line = 'with small ones' where kind = 0") &&
                  db_run(g.node[0].db, &err,
                         "update circle_act set theme = '', line = 'mine came back' where kind = 1"),
              &err);
    id_of_kind(&g, CIRCLE_ASK, ask);
    struct board_words w = found(&g, the_circle, true);
    assert_int_equal(w.of, WORDS_CIRCLE);
    assert_true(span_is(w.text, "parents\nwith small ones") && !w.gone && !w.decided && !w.name);
    assert_string_equal(w.path, "/circles/43000000000000000000000000000000");
    assert_string_equal(board_words_about(g.node[0].arena, &w), "the words of a circle");
    w = found(&g, ask, true);
    assert_int_equal(w.of, WORDS_ASK);
    assert_true(span_is(w.text, "mine came back"));
    assert_string_equal(w.path, "/circles/43000000000000000000000000000000");
    group_clear(&g);
}

/* A yes, a sign of life, a leaving: acts without words are nothing that anybody can be told about. */
void test_board_words__acts_without_words_are_none(void **state)
{
    (void)state;
    struct group g;
    uint8_t yes[16];
    group_make(&g, 2, 2);
    id_of_kind(&g, CIRCLE_SAY, yes);
    (void)found(&g, yes, false);
    (void)found(&g, (const uint8_t[16]){9}, false);
    group_clear(&g);
}

void test_board_words__what_was_decided_stands_beside_them(void **state)
{
    (void)state;
    struct err err = {0};
    struct group g;
    group_make(&g, 2, 2);
    assert_ok(
        db_run(g.node[0].db, &err,
               "insert into moderation(idx, target, act, reason, who, day) values (7, $1, $2, 'it names a "
               "person', 'S. Okoro', 1)",
               V_BLOB(span_bytes(the_circle, 16)), V_INT(MODERATION_HIDE)),
        &err);
    struct board_words w = found(&g, the_circle, true);
    assert_true(w.decided && w.decided->hidden && w.decided->entry == 7);
    assert_true(span_is(w.decided->reason, "it names a person"));
    assert_true(span_is(w.text, "parents")); /* hidden is not gone */
    assert_ok(circle_gone(g.node[0].db, the_circle, &err), &err);
    w = found(&g, the_circle, true);
    assert_true(w.gone && w.text.n == 0);
    group_clear(&g);
}

/* A made-up name is muted in a thread; a circle has none. */
void test_board_words__nobody_is_muted_in_a_circle(void **state)
{
    (void)state;
    struct err err = {0};
    struct group g;
    bool yes = true;
    group_make(&g, 1, 1);
    assert_ok(desk_can_mute(g.node[0].db, g.node[0].arena, the_circle, &yes, &err), &err);
    assert_false(yes);
    assert_ok(desk_can_mute(g.node[0].db, g.node[0].arena, (const uint8_t[16]){9}, &yes, &err), &err);
    assert_true(yes); /* one that is held back is not here */
    group_clear(&g);
}

static bool tell_of(struct group *g, struct telling *t, struct err *err)
{
    int64_t outbox;
    return telling_put(g->node[0].db, g->node[0].arena, &g->node[0].known, t, false, NOON, &outbox, err);
}

void test_board_words__a_circle_is_told_about_like_a_post(void **state)
{
    (void)state;
    struct err err = {0};
    struct group g;
    struct outbox all = {0};
    struct telling t = {.is_flag = true, .reason = FLAG_NAME, .text = SPAN("everybody knows who")};
    group_make(&g, 2, 2);
    memcpy(t.target, the_circle, 16);
    assert_ok(tell_of(&g, &t, &err), &err);
    assert_ok(outbox_list(g.node[0].db, g.node[0].arena, -1, &all, &err), &err);
    assert_int_equal(all.n, 1);
    assert_true(span_is(all.at[0].kind, "flag"));
    assert_non_null(strstr(arena_text(g.node[0].arena, all.at[0].act), "43000000000000000000000000000000"));
    assert_ok(circle_gone(g.node[0].db, the_circle, &err), &err);
    assert_false(tell_of(&g, &t, &err));
    assert_int_equal(err.code, E_REFUSED);
    group_clear(&g);
}
