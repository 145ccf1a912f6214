/* anon/schedule.h on a driven clock: no moment but those drawn, none made up for, none that follows use. */
#include "test/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "anon/anon_db.h"
#include "anon/schedule.h"
#include "crypt/rand.h"
#include "io/migrate.h"
#include "ui/room.h"

#define MONDAY 1795392000 /* 2026-11-23 00:00 UTC */
static const struct entry_rules plain = {
    .fetch_from = 600, .fetch_to = 960, .send_from = 540, .send_to = 1080};

static struct db *fresh(const char *seed)
{
    struct err err = {0};
    struct db *db = NULL;
    struct migration_set set = {"anon", anon_migrations};
    rand_start();
    assert_ok(db_open(&db, ":memory:", &err), &err);
    assert_ok(migrate(db, &set, 1, NODE, NULL, &err), &err);
    if (seed)
        assert_ok(db_run(db, &err, "insert into known(name, value) values ('fetch seed', $1)",
                         V_BLOB(((struct span){seed, 32}))),
                  &err);
    return db;
}

static void machine(int boot, int64_t asleep)
{
    char text[80];
    snprintf(text, sizeof text, "%d:%lld", boot, (long long)asleep);
    setenv("RESPITE_MACHINE", text, 1);
}

static bool due_at(struct db *db, int64_t now)
{
    struct err err = {0};
    int64_t since;
    bool due;
    assert_ok(moments_look(db, now, &since, &err), &err);
    assert_ok(schedule_fetches(db, "UTC", &plain, now, since, &due, &err), &err);
    if (due)
        assert_ok(schedule_fetched(db, now, &err), &err);
    return due;
}

/* Fourteen days, looked at each minute while awake: from 8 to 20 o'clock with naps, off at night. The same
 * node that never sleeps tells which moments there are. */
void test_schedule__no_request_outside_windows(void **state)
{
    (void)state;
    static const char seed[33] = "0123456789abcdef0123456789abcdef";
    struct db *sleepy = fresh(seed), *wakeful = fresh(seed);
    int64_t asleep = 0, made[64], all[64];
    size_t n = 0, m = 0;
    for (int64_t now = MONDAY; now < MONDAY + 14 * 86400; now += 60) {
        machine(1, 0);
        if (due_at(wakeful, now))
            all[m++] = now;
        int64_t minute = now % 86400 / 60;
        bool awake = minute >= 480 && minute < 1200 && minute % 97 > 20; /* naps of 20 minutes */
        asleep += awake ? 0 : 60000;
        machine(1 + (int)((now - MONDAY) / (3 * 86400)), asleep);
        if (awake && due_at(sleepy, now))
            made[n++] = now;
        assert_true(n < 64 && m < 64);
    }
    assert_true(m > 14 && m <= 20 && n > 4 && n < m);
    for (size_t i = 0; i < m; i++) {
        int64_t minute = all[i] % 86400 / 60;
        assert_true(minute >= 600 && minute <= 960);
        assert_true(day_weekday((day_t)(all[i] / 86400)) < 5);
    }
    for (size_t i = 0, j = 0; i < n;
         i++) { /* each is one of those, at its minute: none was made up for later */
        while (j < m && all[j] < made[i])
            j++;
        assert_true(j < m && all[j] == made[i]);
    }
    db_close(sleepy);
    db_close(wakeful);
    unsetenv("RESPITE_MACHINE");
}

void test_schedule__tick_after_wake_sends_nothing(void **state)
{
    (void)state;
    struct db *db = fresh(NULL);
    struct err err = {0};
    int64_t first, since;
    machine(1, 0);
    assert_false(due_at(db, MONDAY + 8 * 3600));
    assert_ok(db_number(db, &first, 0, &err, "select min(moment) from fetch_moment"), &err);
    assert_true(first >= MONDAY + 10 * 3600 && first < MONDAY + 16 * 3600);
    machine(1, 30 * 60000); /* slept over it */
    assert_false(due_at(db, first + 60));
    machine(2, 0); /* and was started anew */
    assert_false(due_at(db, first + 120));
    assert_ok(moments_look(db, first + 180, &since, &err), &err);
    assert_int_equal(since, first + 120);
    assert_true(moments_due(first + 120, first + 180, since));
    assert_false(moments_due(first + 119, first + 180, since));
    assert_false(moments_due(first + 181, first + 180, since));
    assert_false(moments_due(first + 180, first + 180 + 3600, since));
    db_close(db);
    unsetenv("RESPITE_MACHINE");
}

/* The same seed: one node spends and is looked at all the time, the other is asked once a day. */
void test_schedule__schedule_independent_of_use(void **state)
{
    (void)state;
    static const char seed[33] = "fedcba9876543210fedcba9876543210";
    struct db *idle = fresh(seed), *busy = fresh(seed);
    struct err err = {0};
    machine(1, 0);
    for (int day = 0; day < 12; day++) {
        int64_t at = MONDAY + day * 86400, a[3], b[3], moment;
        for (int i = 0; i < 40; i++) {
            due_at(busy, at + i * 600);
            assert_ok(schedule_act("UTC", &plain, at + i * 600, 0, &moment, &err), &err);
        }
        due_at(idle, at + 86399);
        for (size_t i = 0; i < 3; i++) {
            struct db *db[] = {idle, busy};
            int64_t *to[] = {&a[i], &b[i]};
            for (size_t k = 0; k < 2; k++)
                assert_ok(i == 0   ? db_number(db[k], to[k], 0, &err, "select count(*) from fetch_moment")
                          : i == 1 ? db_number(db[k], to[k], 0, &err, "select min(moment) from fetch_moment")
                                   : db_number(db[k], to[k], 0, &err, "select max(moment) from fetch_moment"),
                          &err);
            assert_int_equal(a[i], b[i]);
        }
    }
    db_close(idle);
    db_close(busy);
    unsetenv("RESPITE_MACHINE");
}

void test_schedule__acts_leave_in_sending_hours_of_the_next_twelve(void **state)
{
    (void)state;
    struct err err = {0};
    int64_t moment, least = INT64_MAX, most = 0, friday = MONDAY + 4 * 86400 + 15 * 3600;
    rand_start();
    for (int i = 0; i < 2000;
         i++) { /* Friday 15:00 in UTC is 16:00 in Zurich: 2 h, then Monday and 1 h more */
        assert_ok(schedule_act("Europe/Zurich", &plain, friday, 0, &moment, &err), &err);
        assert_true((moment >= friday && moment < friday + 2 * 3600) ||
                    (moment >= MONDAY + 7 * 86400 + 8 * 3600 && moment < MONDAY + 7 * 86400 + 17 * 3600) ||
                    (moment >= MONDAY + 8 * 86400 + 8 * 3600 && moment < MONDAY + 8 * 86400 + 9 * 3600));
        least = moment < least ? moment : least;
        most = moment > most ? moment : most;
    }
    assert_true(least < friday + 600 && most > MONDAY + 8 * 86400 + 8 * 3600);
    /* a second try is on another day */
    for (int i = 0; i < 200; i++) {
        assert_ok(schedule_act("UTC", &plain, MONDAY + 10 * 3600, MONDAY + 9 * 3600, &moment, &err), &err);
        assert_true(moment >= MONDAY + 86400 + 9 * 3600);
    }
    struct entry_rules wide = {.send_from = 0, .send_to = 1440}, none = {.send_from = 600, .send_to = 600};
    for (int i = 0; i < 500; i++) { /* rules narrow, they never widen */
        assert_ok(schedule_act("UTC", &wide, MONDAY, 0, &moment, &err), &err);
        assert_true(moment % 86400 >= 9 * 3600 && moment % 86400 < 18 * 3600);
    }
    assert_false(schedule_act("UTC", &none, MONDAY, 0, &moment, &err));
    assert_int_equal(err.code, E_REFUSED);
}
