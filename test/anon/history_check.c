/* Each way of not keeping to the protocol has its finding: times, lists, sums, batches, rules. */
#include "test/test.h"

#include "base/vec.h"
#include "test/anon/record.h"

#include "base/banned.h"

void test_history_check__a_back_dated_entry_is_found(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    add(&r, rules(BEGAN + 10 * DAY));
    assert_good(&r);
    add(&r, rules(BEGAN + 10 * DAY - HOUR));
    assert_good(&r);
    add(&r, key(BEGAN + 2 * DAY, W49, 0)); /* as if it had been in time */
    assert_int_equal(r.h->findings.n, 2);
    assert_non_null(strstr(r.h->findings.at[0].text, "before others"));
    assert_null(history_general(r.h, W49));
}

void test_history_check__times_are_held_against_those_of_reading(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    r.h->before = BEGAN + 3 * DAY;
    r.h->now = BEGAN + 4 * DAY;
    add(&r, rules(BEGAN + 4 * DAY + 300));
    assert_good(&r);
    add(&r, rules(BEGAN + 4 * DAY + 301));
    assert_found(&r, "later than now");
    AUTO_RECORD struct record old = lab();
    old.h->before = BEGAN + 3 * DAY;
    add(&old, rules(BEGAN + 3 * DAY - HOUR - 1));
    assert_found(&old, "before others");
    /* A batch of a day tells the time, too. */
    AUTO_RECORD struct record day = lab();
    add_batch(&day, 1, W47 + 6, 0, W47, 3);
    add(&day, rules(BEGAN + DAY));
    assert_found(&day, "before others");
}

void test_history_check__rosters_grow_and_come_before_their_week(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    add(&r, roster(BEGAN + 60, W47, 13));
    assert_good(&r);
    add(&r, roster(BEGAN + 120, W47, 12));
    assert_found(&r, "became shorter");
    assert_int_equal(history_roster(r.h, W47)->list.n, 13);
    struct entry other = roster(BEGAN + 120, W47, 13);
    other.list.root[5] = 1;
    add(&r, other);
    assert_found(&r, "the same length");
    add(&r, roster(epoch_start(W49) + 1, W49, 13));
    assert_found(&r, "after the week had begun");
    add(&r, roster(epoch_start(W49) + DAY, W47, 14));
    assert_found(&r, "after the week was over");
    assert_int_equal(history_members(r.h, W47), 13);
}

void test_history_check__an_open_counts_members_of_a_week_that_has_begun(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    add(&r, open_of(epoch_start(W48) - 1, W48, 12));
    assert_found(&r, "before the week began");
    assert_null(history_open(r.h, W48));
    add(&r, open_of(epoch_start(W48), W48, 13));
    assert_found(&r, "the lab has 12");
    assert_null(history_open(r.h, W48));
    add(&r, open_of(epoch_start(W48), W48, 12));
    assert_good(&r);
    add(&r, open_of(epoch_start(W48) + 1, W48, 11));
    assert_found(&r, "a second time");
    assert_int_equal(history_open(r.h, W48)->list.n, 12);
    add(&r, open_of(epoch_start(W49), W49, 10));
    assert_found(&r, "without a list of members");
    AUTO_RECORD struct record trial = begin("both", true);
    add(&trial, open_of(epoch_start(W48), W48, 9));
    add(&trial, open_of(epoch_start(W48) + 9, W48, 11));
    assert_good(&trial);
    assert_int_equal(history_open(trial.h, W48)->list.n, 11);
}

/* Passes of counsellors, who are in no roster: as many as the record has of them, and no more. */
void test_history_check__counsellors_stand_in_the_sums(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    int64_t at = epoch_start(W48);
    struct entry e = issued(at, W47, 12, 13 * 64);
    e.close.counsellors = 1;
    add(&r, e);
    assert_found(&r, "1 counsellors, more than its record has");
    r.h->closes.n = 0;
    struct history_person *p = VEC_PUSH(r.h->arena, &r.h->people);
    assert_non_null(p);
    *p = (struct history_person){
        .kind = ENTRY_COUNSELLOR, .from = epoch_start(W47), .until = epoch_start(W48), .good = true};
    add(&r, e);
    assert_good(&r);
    r.h->closes.n = 0;
    e.close.issued++;
    add(&r, e);
    assert_found(&r, "more than its 12 members");
    r.h->closes.n = 0;
    e.close.issued--;
    p->until = epoch_windows(W47).issue_from; /* a term that was over */
    add(&r, e);
    assert_found(&r, "more than its record has");
    r.h->closes.n = 0;
    *VEC_PUSH(r.h->arena, &r.h->people) = *p;
    e.close.counsellors = 2; /* two terms of one key are one counsellor */
    for (size_t i = 0; i < r.h->people.n; i++)
        r.h->people.at[i].until = epoch_start(W48);
    add(&r, e);
    assert_found(&r, "2 counsellors, more than its record has");
}

void test_history_check__close_sums_violation_reported(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    int64_t at = epoch_start(W48);
    add_batch(&r, 1, W47 + 3, 0, W47, 70);
    add(&r, issued(at, W47, 12, 12 * 64 + 1));
    assert_found(&r, "more than its 12 members");
    r.h->closes.n = 0;
    add(&r, issued(at, W47, 13, 70));
    assert_found(&r, "the record lists 12");
    r.h->closes.n = 0;
    add(&r, issued(at, W47, 12, 69));
    assert_good(&r);
    add(&r, spent(at + 13 * HOUR, W47, 70));
    assert_found(&r, "70 of 69");
    assert_false(history_sums_hold(r.h, &history_closed(r.h, W47)->close));
    r.h->closes.n = 0;
    add(&r, spent(at + 13 * HOUR, W47, 71));
    assert_found(&r, "the batches hold 70");
    r.h->closes.n = 0;
    add(&r, spent(at + 13 * HOUR, W47, 70));
    assert_good(&r);
    add(&r, issued(at + 13 * HOUR, W47, 12, 69)); /* in the other order */
    assert_found(&r, "70 of 69");
    add(&r, spent(at + 14 * HOUR, W47, 70));
    assert_int_equal(r.h->findings.n, 2);
    assert_non_null(strstr(r.h->findings.at[0].text, "a second time"));
    r.h->findings.n = 0;
    add_batch(&r, 2, W48, 1, W47, 3);
    assert_int_equal(r.h->findings.n, 1);
    assert_non_null(strstr(r.h->findings.at[0].text, "after the sums"));
}

void test_history_check__sums_with_leavers_hold(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    int64_t at = epoch_start(W48);
    add_batch(&r, 1, W47 + 3, 0, W47, 500);
    add(&r, roster(BEGAN + DAY, W47, 14)); /* two join during the week … */
    add(&r, key(at - 3 * DAY, W49, 0));
    add(&r, roster(at - HOUR, W49, 9));    /* … five leave, which the week after next shows */
    add(&r, issued(at, W47, 14, 14 * 64)); /* the rows of leavers are in the sum */
    add(&r, spent(at + 13 * HOUR, W47, 500));
    assert_good(&r);
}

void test_history_check__a_batch_that_lacks_leaves_is_found(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    add(&r, batch("board", 1, W47 + 3, 0, W47, 5));
    add_leaves(&r, 4);
    add(&r, batch("board", 2, W47 + 3, 1, W47, 1));
    assert_found(&r, "1 are not there");
    add_leaves(&r, 1);
    assert_good(&r);
    add_leaves(&r, 1);
    assert_found(&r, "outside a batch");
}

void test_history_check__batch_order_checked(void **state)
{
    (void)state;
    static struct leaf leaf[5];
    AUTO_RECORD struct record r = lab();
    struct entry e = {.kind = ENTRY_ACT};
    leaves_of(leaf, 5, 1);
    add(&r, batch("board", 1, W47 + 3, 0, W47, 5));
    static const size_t order[] = {0, 1, 3, 2, 4};
    for (size_t i = 0; i < 5; i++) {
        memcpy(e.act.c, leaf[order[i]].c, 32);
        add(&r, e);
        if (i == 3)
            assert_found(&r, "not in the order");
        else
            assert_good(&r);
    }
    add(&r, batch("board", 2, W47 + 3, 1, W47, 2));
    memcpy(e.act.c, leaf[0].c, 32);
    add(&r, e);
    add(&r, e); /* twice the same */
    assert_found(&r, "not in the order");
}

void test_history_check__batch_numbers_and_days_follow(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    add_batch(&r, 1, W47 + 3, 0, W47, 3);
    add(&r, batch("board", 3, W47 + 3, 1, W47, 0));
    assert_found(&r, "number 2 was to come");
    add(&r, batch("letters", 2, W47 + 3, 1, W47, 0));
    assert_found(&r, "number 1 was to come");
    add(&r, batch("board", 4, W47 + 2, 1, W47, 0));
    assert_found(&r, "before what was there");
    add(&r, rules(BEGAN + 6 * DAY));
    add(&r, batch("board", 5, W47 + 4, 1, W47, 0));
    assert_found(&r, "before what was there");
    struct entry e = batch("board", 6, W48 + 1, 0, W47, 3);
    e.batch.key[0].n = 2;
    add(&r, e);
    assert_found(&r, "with 2 passes");
    add_leaves(&r, 3);
    add(&r, batch("board", 7, W48 + 1, 1, W49, 1));
    assert_found(&r, "no good key");
}

void test_history_check__too_many_slots_reported(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    add(&r, batch("board", 1, W47 + 3, 3, W47, 0)); /* a fourth slot */
    assert_found(&r, "more often");
    add_batch(&r, 2, W47 + 4, 0, W47, 3);
    assert_good(&r);
    add_batch(&r, 3, W47 + 4, 0, W47, 3); /* the same slot again, which was not full */
    assert_int_equal(r.h->findings.n, 1);
    r.h->findings.n = 0;
    add(&r, batch("board", 4, W47 + 4, 2, W47, 0));
    add(&r, batch("board", 5, W47 + 4, 1, W47, 0)); /* back */
    assert_found(&r, "more often");
    add(&r, batch("letters", 1, W47 + 4, 5, W47, 0));
    assert_good(&r);
    add(&r, batch("letters", 2, W47 + 5, 6, W47, 0));
    assert_found(&r, "more often");
    AUTO_RECORD struct record trial = begin("both", true);
    struct entry fast = rules(BEGAN);
    fast.rules.batch = 1;
    add(&trial, fast);
    add_batch(&trial, 1, W47 + 3, 0, W47, 1);
    add_batch(&trial, 2, W47 + 3, 0, W47, 1);
    assert_good(&trial);
}

void test_history_check__low_rules_floor_ignored(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    assert_int_equal(history_floor(r.h, W48), 10);
    struct entry e = rules(BEGAN + 60);
    e.rules.floor = 3;
    add(&r, e);
    assert_good(&r);
    assert_int_equal(history_floor(r.h, W48), 10);
    e = rules(BEGAN + 120);
    e.rules.floor = 25;
    add(&r, e);
    assert_int_equal(history_floor(r.h, W47), 10); /* from the next week on */
    assert_int_equal(history_floor(r.h, W48), 25);
    AUTO_RECORD struct record empty = {.arena = arena_new()};
    struct err err = {0};
    assert_ok(history_new(&empty.h, &err), &err);
    assert_int_equal(history_floor(empty.h, W48), 10);
    assert_null(history_rules(empty.h, W48));
}

void test_history_check__rules_may_narrow_and_not_widen(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    struct entry e = rules(BEGAN + 60);
    e.rules.fetch_from = 700;
    e.rules.send_to = 1000;
    add(&r, e);
    assert_good(&r);
    e.rules.fetch_from = 0;
    add(&r, e);
    assert_found(&r, "keeps free");
    assert_int_equal(history_rules(r.h, W48)->fetch_from, 600);
    assert_int_equal(history_rules(r.h, W48)->send_to, 1000);
    e = rules(BEGAN + 60);
    e.rules.batch = 5;
    add(&r, e);
    assert_found(&r, "no trial");
    assert_int_equal(history_rules(r.h, W48)->batch, 0);
}

void test_history_check__each_operator_writes_its_own_kinds(void **state)
{
    (void)state;
    AUTO_RECORD struct record board = begin("board", false);
    add(&board, roster(BEGAN, W47, 12));
    assert_found(&board, "may not write it");
    add(&board, issued(BEGAN + 6 * DAY, W47, 12, 5));
    assert_found(&board, "the other's");
    AUTO_RECORD struct record issuer = begin("issuer", false);
    add(&issuer, batch("board", 1, W47 + 3, 0, W47, 0));
    assert_found(&issuer, "may not write it");
    add(&issuer, spent(BEGAN + 6 * DAY, W47, 0));
    assert_found(&issuer, "the other's");
}

void test_history_check__lost_entries_are_said(void **state)
{
    (void)state;
    AUTO_RECORD struct record r = lab();
    add(&r, (struct entry){.kind = ENTRY_BREAK,
                           .at = BEGAN + DAY,
                           .broken = {.size = 900, .reason = SPAN("The disk broke.")}});
    /* Whether one goes on from there is the person's to say: it is kept apart. */
    assert_int_equal(r.h->findings.n, 0);
    assert_int_equal(r.h->breaks.n, 1);
    assert_int_equal(r.h->breaks.at[0].size, 900);
    assert_true(span_is(r.h->breaks.at[0].reason, "The disk broke."));
}
