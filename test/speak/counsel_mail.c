/* Letters between who took a counsellor's time and the counsellor: the mailbox's half of it. */
#include "test/test.h"

#include "test/speak/mailbox_nodes.h"

#include "base/banned.h"

struct time {
    struct node member, counsellor;
    struct node *all[3];
    struct box_key key;
    int64_t mine, theirs;
};

static bool counsel_work(struct db *db, void *arg, struct err *err)
{
    bool fresh;
    return mailbox_counsel(db, arg, &fresh, err);
}

/* A time on day `until` that was taken: what the box of it brings to the one side is on the other. */
static void time_make(struct time *t, day_t until)
{
    struct err err = {0};
    struct conversation a = {.side = MAILBOX_ASKER, .name = "R. Hale", .began = TODAY, .keep = until},
                        b = {.side = MAILBOX_HELPER, .name = "", .began = TODAY, .keep = until};
    node_make(&t->member);
    node_make(&t->counsellor);
    t->all[0] = &t->member, t->all[1] = &t->counsellor, t->all[2] = NULL;
    assert_ok(box_key_of(t->counsellor.db, "counsellor", epoch_of(NOON), &t->key, &err), &err);
    rand_bytes(a.k, sizeof a.k);
    memcpy(b.k, a.k, sizeof b.k);
    box_pair(a.own_pk, a.own_secret);
    box_pair(b.own_pk, b.own_secret);
    memcpy(a.box_pk, t->key.pk, 32);
    memcpy(a.their_pk, t->key.pk, 32);
    memcpy(b.box_pk, t->key.pk, 32);
    memcpy(b.their_pk, a.own_pk, 32);
    assert_ok(db_write(t->member.db, counsel_work, &a, &err) &&
                  db_write(t->counsellor.db, counsel_work, &b, &err) &&
                  db_write(t->counsellor.db, counsel_work, &b, &err), /* a second look at the same box */
              &err);
    t->mine = a.id;
    t->theirs = b.id;
    assert_int_equal(number(&t->counsellor, "conversation"), 1);
    assert_true(talk(&t->member).at[0].silent && talk(&t->counsellor).at[0].silent);
}

static void time_clear(struct time *t)
{
    node_clear(&t->member);
    node_clear(&t->counsellor);
}

static void send(struct time *t, struct node *from, int64_t id, const char *text, day_t day)
{
    publish(from, write_to(from, id, text), t->all, day);
    (void)look(&t->member);
    (void)look(&t->counsellor);
}

/* Either may write first, and more than two times can be taken at once. */
void test_counsel_mail__a_taken_time_begins_a_conversation(void **state)
{
    (void)state;
    for (int first = 0; first < 2; first++) {
        struct time t;
        time_make(&t, TODAY + 30);
        struct node *a = first ? &t.counsellor : &t.member, *b = first ? &t.member : &t.counsellor;
        int64_t in_a = first ? t.theirs : t.mine, in_b = first ? t.mine : t.theirs;
        send(&t, a, in_a, "the first", TODAY);
        send(&t, b, in_b, "the second", TODAY);
        send(&t, a, in_a, "the third", TODAY + 1);
        for (int side = 0; side < 2; side++) {
            struct letters_kept all = letters_of(side ? a : b, side ? in_a : in_b);
            assert_int_equal(all.n, 3);
            assert_true(span_is(all.at[0].text, "the first") && span_is(all.at[1].text, "the second"));
            for (size_t i = 0; i < 3; i++)
                assert_true(!all.at[i].gap && all.at[i].day >= TODAY);
        }
        assert_false(talk(&t.member).at[0].silent || talk(&t.counsellor).at[0].silent);
        time_clear(&t);
    }
}

/* A letter that anybody could seal to the counsellor's key of the week. */
void test_counsel_mail__no_letter_without_a_time(void **state)
{
    (void)state;
    struct time t;
    int64_t outbox;
    time_make(&t, TODAY + 3);
    (void)begin(&t.member, &t.key, "I have taken no time.", &outbox);
    publish(&t.member, outbox, t.all, TODAY);
    struct mailbox_news news = look(&t.counsellor);
    assert_int_equal(news.first, 0);
    assert_int_equal(number(&t.counsellor, "conversation"), 1);
    assert_int_equal(number(&t.counsellor, "letter"), 0);
    assert_int_equal(number(&t.counsellor, "mail"), 0);
    time_clear(&t);
}

static bool end_work(struct db *db, void *arg, struct err *err)
{
    return mailbox_counsel_end(db, *(int64_t *)arg, true, err);
}

void test_counsel_mail__given_back_ends_it(void **state)
{
    (void)state;
    struct time t;
    struct err err = {0};
    int64_t outbox;
    time_make(&t, TODAY + 3);
    send(&t, &t.member, t.mine, "the first", TODAY);
    assert_ok(db_write(t.member.db, end_work, &t.mine, &err), &err); /* there is a letter: it stays */
    assert_int_equal(letters_of(&t.member, t.mine).n, 1);
    assert_false(mailbox_send(t.member.db, &t.member.known, t.mine, SPAN("more"), NULL, true, t.member.now,
                              &outbox, &err));
    assert_int_equal(err.code, E_REFUSED);
    err_clear(&err);
    time_clear(&t);
    time_make(&t, TODAY + 3);
    assert_ok(db_write(t.member.db, end_work, &t.mine, &err),
              &err); /* nothing was written: nothing is left */
    assert_int_equal(number(&t.member, "conversation"), 0);
    time_clear(&t);
}

/* Fourteen days after the time, though nothing was written; or after the last letter, when that is later. */
void test_counsel_mail__a_time_keeps_its_conversation(void **state)
{
    (void)state;
    struct time t;
    time_make(&t, TODAY + 30);
    at_day(&t.member, TODAY + 44);
    (void)look(&t.member);
    assert_int_equal(number(&t.member, "conversation"), 1);
    at_day(&t.member, TODAY + 45);
    (void)look(&t.member);
    assert_int_equal(number(&t.member, "conversation"), 0);
    time_clear(&t);
    time_make(&t, TODAY);
    send(&t, &t.member, t.mine, "the first", TODAY + 5);
    at_day(&t.counsellor, TODAY + 19);
    (void)look(&t.counsellor);
    assert_int_equal(number(&t.counsellor, "letter"), 1);
    at_day(&t.counsellor, TODAY + 20);
    (void)look(&t.counsellor);
    assert_int_equal(number(&t.counsellor, "letter"), 0);
    time_clear(&t);
}
