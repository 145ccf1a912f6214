/* speak/circle_keep.c: members of a circle on computers of their own. Acts stand in the tables as they are
 * published; letters go by batches that everybody reads. */
#include "test/test.h"

#include <stdlib.h>

#include "test/speak/circle_nodes.h"

#include "base/banned.h"

void test_circle_keep__a_letter_to_each_of_the_others(void **state)
{
    (void)state;
    struct group g;
    group_make(&g, 4, 3);
    struct circle_outs out = tell(&g, 0, "hello", NULL);
    assert_int_equal(out.n, 2);
    publish_all(&g, 0, &out);
    look_all(&g);
    assert_int_equal(heard(&g, 1, "hello"), 1);
    assert_int_equal(heard(&g, 2, "hello"), 1);
    assert_int_equal(heard(&g, 3, "hello"), 0);
    struct circle_saids own = said(&g, 0);
    assert_int_equal(own.n, 1); /* one on the page, two on the way */
    assert_true(own.at[0].own && own.at[0].to == 2);
    /* Answered by another one: in the conversation that is there, and a new one with the third. */
    out = tell(&g, 1, "and from me", NULL);
    publish_all(&g, 1, &out);
    look_all(&g);
    assert_int_equal(heard(&g, 0, "and from me"), 1);
    assert_int_equal(heard(&g, 2, "and from me"), 1);
    assert_int_equal(number(&g, 1, "select count(*) from conversation"), 2);
    group_clear(&g);
}

/* What the lab gets of letters that were written as one: nothing that any two of them share. */
void test_circle_keep__letters_of_one_have_nothing_in_common(void **state)
{
    (void)state;
    struct group g;
    struct outbox all = {0};
    struct err err = {0};
    group_make(&g, 8, 8);
    struct circle_outs out = tell(&g, 0, "the same words", NULL);
    assert_int_equal(out.n, 7);
    assert_ok(outbox_list(g.node[0].db, g.node[0].arena, -1, &all, &err), &err);
    assert_int_equal(all.n, 7);
    for (size_t i = 0; i < all.n; i++) {
        assert_true(span_is(all.at[i].kind, "letter") && !all.at[i].has_thread);
        for (size_t k = 0; k < i; k++) {
            assert_memory_not_equal(all.at[i].salt, all.at[k].salt, 16);
            assert_int_equal(all.at[i].act.n, all.at[k].act.n);
            size_t same = 0, n = all.at[i].act.n;
            for (size_t b = 0; b < n; b++)
                same += all.at[i].act.p[b] == all.at[k].act.p[b];
            assert_true(same < n / 16); /* one of 64 letters by chance */
        }
    }
    group_clear(&g);
}

void test_circle_keep__a_removed_member_reads_nothing_later(void **state)
{
    (void)state;
    struct group g;
    group_make(&g, 3, 3);
    struct circle_outs out = tell(&g, 0, "before", NULL);
    publish_all(&g, 0, &out);
    look_all(&g);
    out = tell(&g, 2, "from who goes", NULL);
    publish_all(&g, 2, &out);
    look_all(&g);
    assert_int_equal(heard(&g, 2, "before"), 1);
    out = tell(&g, 0, "written before, not sent yet", NULL);
    assert_int_equal(out.n, 2);
    act(&g, CIRCLE_LEAVE, 2, 0, false); /* the others, or he himself: it is the same from here on */
    look_all(&g);
    assert_int_equal(number(&g, 0, "select count(*) from outbox where kind = 'letter' and state = 0"), 1);
    publish_all(&g, 0, &out);
    out = tell(&g, 0, "after", NULL);
    assert_int_equal(out.n, 1);
    publish_all(&g, 0, &out);
    /* And he is not heard: neither in the conversation that was, nor in a new one. */
    struct circle_outs his = force(&g, 2, "let me in");
    publish_all(&g, 2, &his);
    look_all(&g);
    assert_int_equal(heard(&g, 2, "after"), 0);
    assert_int_equal(heard(&g, 2, "written before, not sent yet"), 0);
    assert_int_equal(heard(&g, 1, "after"), 1);
    assert_int_equal(heard(&g, 0, "let me in") + heard(&g, 1, "let me in"), 0);
    assert_int_equal(heard(&g, 1, "from who goes"), 1); /* what was said then stays its 14 days */
    assert_int_equal(number(&g, 2, "select count(*) from box_key"), 0);
    group_clear(&g);
}

/* Anybody can seal a box to a key that stands in the record. */
void test_circle_keep__who_is_not_in_is_not_heard(void **state)
{
    (void)state;
    struct group g;
    group_make(&g, 4, 3);
    struct circle_outs out = force(&g, 3, "a stranger");
    assert_int_equal(out.n, 3);
    publish_all(&g, 3, &out);
    look_all(&g);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(heard(&g, i, "a stranger"), 0);
        assert_int_equal(number(&g, i, "select count(*) from conversation"), 0);
    }
    group_clear(&g);
}

void test_circle_keep__times_told_last_stand(void **state)
{
    (void)state;
    struct group g;
    struct meets meets = {.count = 2,
                          .at = {{NOON + 86400, NOON + 90000}, {NOON + 2 * 86400, NOON + 180000}}};
    group_make(&g, 3, 3);
    struct circle_outs out = tell(&g, 0, "", &meets);
    publish_all(&g, 0, &out);
    look_all(&g);
    assert_int_equal(meets_at(&g, 1).count, 2);
    assert_int_equal(meets_at(&g, 2).at[1].until, NOON + 180000);
    meets.count = 0;
    out = tell(&g, 1, "not this month", &meets);
    publish_all(&g, 1, &out);
    look_all(&g);
    for (int i = 0; i < 3; i++)
        assert_true(meets_at(&g, i).count == 0 && meets_at(&g, i).n == 2);
    /* Two at once: the same one stands on all computers. */
    struct meets one = {.count = 1, .at = {{NOON + 3600, NOON + 7200}}};
    struct meets two = {.count = 1, .at = {{NOON + 9000, NOON + 12600}}};
    struct circle_outs a = tell(&g, 0, "", &one), b = tell(&g, 1, "", &two);
    publish_all(&g, 0, &a);
    publish_all(&g, 1, &b);
    look_all(&g);
    for (int i = 1; i < 3; i++)
        assert_int_equal(meets_at(&g, i).at[0].from, meets_at(&g, 0).at[0].from);
    group_clear(&g);
}

/* Meetings stand in one's own feed by a click alone; it says "Away"; a quiet week holds nothing of it. */
void test_circle_keep__the_feed_says_away(void **state)
{
    (void)state;
    struct group g;
    struct err err = {0};
    struct bookings feed = {0};
    struct meets meets = {.count = 2, .at = {{NOON - 7200, NOON - 3600}, {NOON + 86400, NOON + 90000}}};
    int64_t id;
    group_make(&g, 2, 2);
    struct circle_outs out = tell(&g, 0, "", &meets);
    publish_all(&g, 0, &out);
    look_all(&g);
    struct app app = app_of(&g, 1);
    assert_ok(sched_hush(g.node[1].db, TODAY, TODAY + 7, &id, &err), &err);
    assert_ok(feed_circles(&app, &feed, &err), &err);
    assert_int_equal(feed.n, 0);
    struct circles_here here = here_of(&g, 1);
    assert_ok(circles_feed(&app, &here.own.at[0], true, &err) && feed_circles(&app, &feed, &err), &err);
    assert_int_equal(feed.n, 1);
    assert_int_equal(feed.at[0].from, NOON + 86400);
    assert_string_equal(feed.at[0].summary, "Away");
    group_clear(&g);
}

void test_circle_keep__a_copy_holds_no_letters_and_no_keys(void **state)
{
    (void)state;
    struct group g;
    struct err err = {0};
    group_make(&g, 3, 3);
    struct circle_outs out = tell(&g, 0, "hello", NULL);
    publish_all(&g, 0, &out);
    look_all(&g);
    struct app app = app_of(&g, 1);
    assert_ok(speak_room.copied(&app, g.node[1].db, &err), &err);
    assert_int_equal(number(&g, 1, "select count(*) from letter"), 0);
    assert_int_equal(number(&g, 1, "select count(*) from box_key"), 0);
    assert_int_equal(number(&g, 1, "select count(*) from circle_mine"), 1);
    group_clear(&g);
}

/* `verify` finds what a board let through that it should not have. */
void test_circle_keep__verify_finds_what_a_board_should_have_refused(void **state)
{
    (void)state;
    struct group g;
    struct err err = {0};
    struct findings all = {0};
    group_make(&g, 3, 2);
    struct app app = app_of(&g, 0);
    assert_ok(circles_verify(&app, &all, &err), &err);
    assert_int_equal(all.n, 0);
    act(&g, CIRCLE_SAY, 2, 0, false);
    assert_ok(circles_verify(&app, &all, &err), &err);
    assert_int_equal(all.n, 1);
    assert_non_null(strstr(all.at[0].text, "never was in it"));
    group_clear(&g);
}
