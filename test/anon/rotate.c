/* anon/rotate.c: weeks of a real lab on a driven clock. What it writes is read by the code that members read
 * it with, which finds every rule that is broken. */
#include "test/test.h"

#include <pthread.h>

#include "test/anon/lab_of.h"

#include "base/banned.h"

enum { STEP = 1800 };

/* Beat every half hour until `to`. */
static void pass_time(struct lab_of *l, int64_t to)
{
    while (l->app.now < to) {
        l->app.now += STEP;
        if (l->app.now > to)
            l->app.now = to;
        lab_beat(l);
    }
}

static const struct entry_close *closed(const struct history *h, day_t epoch)
{
    const struct history_close *c = history_issued(h, epoch);
    return c ? &c->close : NULL;
}

static int64_t holders(const struct history *h, day_t epoch)
{
    const struct history_list *open = history_open(h, epoch);
    return open ? open->list.n : -1;
}

void test_rotate__a_record_begins_with_two_keys(void **state)
{
    (void)state;
    struct lab_of l;
    lab_make(&l, false, LAB_QUOTA, NULL);
    const struct history *h = lab_record(&l);
    assert_true(h->has_genesis);
    assert_span(h->genesis.lab, "Lab of trees");
    assert_span(h->genesis.origin_info, "lab.example");
    assert_int_equal(h->keys.n, 2);
    assert_true(h->keys.at[0].good && h->keys.at[1].good);
    assert_int_not_equal(h->keys.at[0].key.key_id[31], h->keys.at[1].key.key_id[31]);
    assert_int_equal(h->rosters.n, 1);
    assert_int_equal(h->rosters.at[0].list.n, 0);
    assert_int_equal(h->rules.at[0].rules.quota, LAB_QUOTA);
    lab_facts_done(l.lab);
    lab_sound(&l);
    lab_clear(&l);
}

/* Three weeks, with people who join, fetch in time, fetch late, leave. */
static void weeks(struct lab_of *l)
{
    struct lab_member m[14];
    day_t e1 = W48 + EPOCH_NEXT, e2 = e1 + EPOCH_NEXT;
    struct windows w1 = epoch_windows(e1), w2 = epoch_windows(e2);
    for (int i = 0; i < 12; i++) {
        m[i] = lab_member(i);
        lab_join(l, &m[i]);
    }
    m[12] = lab_member(12);
    m[13] = lab_member(13);
    assert_int_equal(lab_fetch(l, &m[0], W48, PASSES), 200); /* late: the week is running */
    pass_time(l, LAB_NOW + LAB_DAY);
    for (int i = 0; i < 11; i++)
        assert_int_equal(lab_fetch(l, &m[i], e1, PASSES), 200);
    pass_time(l, w1.spend_from - LAB_HOUR);
    lab_join(l, &m[12]); /* behind the last batch of the week */
    assert_int_equal(lab_fetch(l, &m[12], e1, PASSES), 200);
    pass_time(l, w1.spend_from + 60);
    const struct history *h = lab_record(l);
    assert_int_equal(holders(h, W48), 0);
    assert_int_equal(holders(h, e1), 12);
    assert_int_equal(history_members(h, e1), 13);
    assert_int_equal(closed(h, W48)->issued, PASSES);
    assert_int_equal(closed(h, W48)->members, 13);
    lab_facts_done(l->lab);
    assert_int_equal(lab_fetch(l, &m[11], e1, PASSES), 200); /* late */
    assert_int_equal(lab_ask(l, api_member_delete, m[3].secret, "/v1/member", NULL, SPAN("")).status, 204);
    pass_time(l, w2.issue_from + LAB_HOUR);
    lab_join(l, &m[13]);
    for (int i = 4; i < 14; i++)
        assert_int_equal(lab_fetch(l, &m[i], e2, PASSES), 200);
    pass_time(l, w2.spend_from + LAB_DAY);
    h = lab_record(l);
    assert_int_equal(holders(h, e1), 12);
    assert_int_equal(holders(h, e2), 10);
    assert_int_equal(history_members(h, e1), 14);
    assert_int_equal(history_members(h, e2), 13);
    assert_int_equal(closed(h, e1)->issued, 13 * PASSES);
    assert_int_equal(closed(h, e1)->members, 14);
    assert_int_equal(h->opens.n, 3);
    assert_int_equal(h->keys.n, 4);
    lab_facts_done(l->lab);
    lab_sound(l);
    assert_int_equal(lab_number(l, "select count(*) from issuer_key where sealed is not null"), 2);
    assert_int_equal(lab_number(l, "select count(*) from issued"), 10);
}

/* The sums count what was given to those who left. */
void test_rotate__sums_with_leavers_hold(void **state)
{
    (void)state;
    lab_both(weeks, false, LAB_QUOTA);
}

/* Who came and went between two lists with a week's passes stands in the next list, and the sums hold. */
void test_rotate__who_came_and_went_between_two_lists(void **state)
{
    (void)state;
    struct lab_of l;
    struct lab_member m[4];
    lab_make(&l, false, LAB_QUOTA, NULL);
    lab_beat(&l);
    for (int i = 0; i < 4; i++) {
        m[i] = lab_member(i);
        lab_join(&l, &m[i]);
        assert_int_equal(lab_fetch(&l, &m[i], W48, PASSES), 200);
        if (i)
            assert_int_equal(lab_ask(&l, api_member_delete, m[i].secret, "/v1/member", NULL, SPAN("")).status,
                             204);
    }
    assert_int_equal(lab_number(&l, "select count(*) from roster_left"), 3);
    pass_time(&l, l.app.now + EPOCH_SECONDS + LAB_DAY);
    const struct history *h = lab_record(&l);
    assert_int_equal(closed(h, W48)->issued, 4 * PASSES);
    assert_int_equal(closed(h, W48)->members, 4);
    assert_int_equal(history_members(h, W48 + EPOCH_NEXT), 1);
    lab_facts_done(l.lab);
    lab_sound(&l);
    assert_int_equal(lab_number(&l, "select count(*) from roster_left"), 0);
    lab_clear(&l);
}

/* A machine that is off: what is too late to be good is not written, what is late and needed is. */
void test_rotate__a_week_of_power_cut(void **state)
{
    (void)state;
    struct lab_of l;
    lab_make(&l, false, LAB_QUOTA, NULL);
    lab_beat(&l);
    l.app.now = epoch_start(W48 + 2 * EPOCH_NEXT) + 2 * LAB_DAY; /* Wednesday, two weeks on */
    lab_beat(&l);
    pass_time(&l, l.app.now + EPOCH_SECONDS);
    const struct history *h = lab_record(&l);
    for (size_t i = 0; i < h->keys.n; i++)
        assert_true(h->keys.at[i].good);
    assert_null(history_general(h, W48 + 2 * EPOCH_NEXT));
    assert_null(history_general(h, W48 + 3 * EPOCH_NEXT));
    assert_non_null(history_general(h, W48 + 4 * EPOCH_NEXT));
    assert_non_null(closed(h, W48));
    assert_non_null(closed(h, W48 + EPOCH_NEXT));
    lab_facts_done(l.lab);
    lab_clear(&l);
}

static void *beat_beside(void *arg)
{
    lab_beat(arg);
    return NULL;
}

/* Beats at the same time by two processes write a thing once. */
static void twice(struct lab_of *l)
{
    struct err err = {0};
    struct db *other = NULL;
    struct lab *second = NULL;
    assert_ok(db_open(&other, l->path, &err), &err);
    assert_ok(lab_load(l->arena, &l->paths, strncmp(l->path, "postgres", 8) ? NULL : l->path, &second, &err),
              &err);
    struct lab_of two = *l;
    two.db = two.app.db = other;
    two.lab = two.app.lab = second;
    for (int64_t to = epoch_start(W48 + EPOCH_NEXT) + LAB_HOUR; l->app.now < to; l->app.now += STEP) {
        two.app.now = l->app.now;
        pthread_t beside;
        assert_int_equal(pthread_create(&beside, NULL, beat_beside, &two), 0);
        lab_beat(l);
        pthread_join(beside, NULL);
    }
    const struct history *h = lab_record(l);
    assert_int_equal(h->keys.n, 3);
    assert_int_equal(h->rosters.n, 2);
    assert_int_equal(h->opens.n, 2);
    lab_facts_done(l->lab);
    lab_sound(l);
    db_close(other);
    lab_free(second);
}

void test_rotate__two_processes_write_a_thing_once(void **state)
{
    (void)state;
    lab_both(twice, false, LAB_QUOTA);
}

/* A trial: lists follow at each beat in which a batch is due, late holders count. */
void test_rotate__a_trial_follows_at_once(void **state)
{
    (void)state;
    struct lab_of l;
    struct lab_member m[2] = {lab_member(1), lab_member(2)};
    lab_make(&l, true, 2, NULL);
    l.lab->batch = 2; /* started again at another pace */
    l.app.now += 60;
    lab_beat(&l);
    for (int i = 0; i < 2; i++) {
        lab_join(&l, &m[i]);
        l.app.now += 2;
        lab_beat(&l);
        assert_int_equal(lab_fetch(&l, &m[i], W48, 2), 200);
        l.app.now += 2;
        lab_beat(&l);
        lab_beat(&l);
        const struct history *h = lab_record(&l);
        assert_int_equal(history_rules(h, W48)->batch, 2);
        assert_int_equal(history_members(h, W48), i + 1);
        assert_int_equal(holders(h, W48), i + 1);
        lab_facts_done(l.lab);
    }
    const struct history *h = lab_record(&l);
    size_t rosters = h->rosters.n, opens = h->opens.n;
    uint64_t size = h->tree.size;
    lab_facts_done(l.lab);
    assert_int_equal(rosters, 3);
    assert_int_equal(opens, 3);
    for (int i = 0; i < 5; i++) {
        l.app.now += 2;
        lab_beat(&l);
    }
    h = lab_record(&l);
    assert_int_equal(h->tree.size, size);
    lab_facts_done(l.lab);
    lab_sound(&l);
    lab_clear(&l);
}
