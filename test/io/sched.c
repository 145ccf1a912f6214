/* io/sched.h: leases, quiet times and the ledger of what they hold; at last ten thousand random lives of that
 * ledger. */
#include "test/test.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/migrate.h"
#include "io/sched.h"
#include "test/io/place.h"

enum { HOUR = 3600, DAY = 86400 };
#define NOON(day) (clock_day_start(day) + 12 * HOUR)

static struct db *fresh(const char *path)
{
    struct err err = {0};
    struct db *db = NULL;
    assert_ok(db_open(&db, path, &err), &err);
    assert_ok(migrate(db, NULL, 0, 1, NULL, &err), &err);
    return db;
}

static bool take(struct db *db, const char *when, int64_t now)
{
    struct err err = {0};
    bool ours = false;
    assert_ok(sched_take(db, "job", when, now, &ours, &err), &err);
    return ours;
}

static void done(struct db *db, const char *when, int64_t now)
{
    struct err err = {0};
    assert_ok(sched_done(db, "job", when, now, &err), &err);
}

void test_sched__a_job_runs_once_in_its_period(void **state)
{
    (void)state;
    static const struct {
        const char *when;
        int seconds;
    } kinds[] = {{"minute", 60}, {"hour", HOUR}, {"day", DAY}, {"week", 7 * DAY}};
    int64_t begin = clock_day_start(day_of((struct ymd){2026, 11, 23})); /* a Monday */
    for (size_t i = 0; i < 4; i++) {
        struct db *db = fresh(":memory:");
        assert_true(take(db, kinds[i].when, begin));
        done(db, kinds[i].when, begin);
        assert_false(take(db, kinds[i].when, begin));
        assert_false(take(db, kinds[i].when, begin + kinds[i].seconds - 1));
        assert_true(take(db, kinds[i].when, begin + kinds[i].seconds));
        db_close(db);
    }
    struct err err = {0};
    struct db *db = fresh(":memory:");
    bool ours;
    assert_false(sched_take(db, "job", "fortnight", begin, &ours, &err));
    db_close(db);
}

void test_sched__a_lease_keeps_others_away_and_runs_out(void **state)
{
    (void)state;
    struct db *db = fresh(":memory:");
    int64_t t = NOON(20000);
    assert_true(take(db, "day", t));
    assert_false(take(db, "day", t + 599));
    assert_true(take(db, "day", t + 600)); /* the holder died */
    done(db, "day", t + 600);
    assert_false(take(db, "day", t + 1300));
    db_close(db);
}

void test_sched__a_long_run_is_not_joined_by_the_next_period(void **state)
{
    (void)state;
    struct db *db = fresh(":memory:");
    int64_t t = NOON(20000);
    assert_true(take(db, "minute", t));
    assert_false(take(db, "minute", t + 120));
    done(db, "minute", t + 130);
    assert_true(take(db, "minute", t + 180));
    db_close(db);
}

void test_sched__a_clock_that_was_ahead_stops_no_job_for_long(void **state)
{
    (void)state;
    struct db *db = fresh(":memory:");
    int64_t t = NOON(20000), ahead = t + 400 * DAY;
    assert_true(take(db, "day", ahead)); /* and dies */
    assert_true(take(db, "day", t));
    done(db, "day", t);
    assert_false(take(db, "day", t + HOUR));
    db_close(db);
}

void test_sched__of_many_processes_at_once_one_gets_the_job(void **state)
{
    (void)state;
    struct place place;
    place_make(&place);
    const char *path = place_name(&place, "x.db");
    db_close(fresh(path));
    pid_t pids[6];
    int got = 0;
    for (int i = 0; i < 6; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            struct err err = {0};
            struct db *db = NULL;
            bool ours = false;
            if (!db_open(&db, path, &err) || !sched_take(db, "job", "day", 1795564800, &ours, &err))
                _exit(2);
            _exit(ours ? 1 : 0);
        }
    }
    for (int i = 0; i < 6; i++) {
        int status = place_wait(pids[i]);
        assert_true(status == 0 || status == 1);
        got += status;
    }
    assert_int_equal(got, 1);
    place_clear(&place);
}

/* ---- quiet times ---- */

static int64_t hush(struct db *db, day_t from, day_t to)
{
    struct err err = {0};
    int64_t id = 0;
    assert_ok(sched_hush(db, from, to, &id, &err), &err);
    assert_true(id > 0);
    return id;
}

static day_t hushed(struct db *db, int64_t now)
{
    struct err err = {0};
    day_t until = -1;
    assert_ok(sched_hushed(db, now, &until, &err), &err);
    return until;
}

static void receive(struct db *db, const char *key, int64_t now)
{
    struct err err = {0};
    assert_ok(held_receive(db, "digest", span_of(key), now, &err), &err);
}

static void tick(struct db *db, int64_t now)
{
    struct err err = {0};
    assert_ok(held_tick(db, now, now * 1000 - 1700000000000, &err), &err);
}

static void sums_are(struct db *db, int64_t held, int64_t released, int64_t delivered)
{
    struct err err = {0};
    struct held_sums s;
    assert_ok(held_sums(db, &s, &err), &err);
    assert_int_equal(s.held, held);
    assert_int_equal(s.released, released);
    assert_int_equal(s.delivered, delivered);
    assert_int_equal(s.received, held + released + delivered);
}

void test_sched__overlaps_and_neighbours_are_one_quiet_time(void **state)
{
    (void)state;
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct quiets list;
    struct db *db = fresh(":memory:");
    day_t d = 20500;
    hush(db, d + 3, d + 6);
    hush(db, d, d + 4);
    hush(db, d + 7, d + 7); /* the neighbour */
    hush(db, d + 9, d + 10);
    int64_t id;
    assert_false(sched_hush(db, d, d - 1, &id, &err));
    assert_int_equal(err.code, E_USAGE);
    err_clear(&err);
    assert_int_equal(hushed(db, clock_day_start(d) - 1), 0);
    assert_int_equal(hushed(db, clock_day_start(d)), d + 7);
    assert_int_equal(hushed(db, NOON(d + 5)), d + 7);
    assert_int_equal(hushed(db, clock_day_start(d + 8) - 1), d + 7);
    assert_int_equal(hushed(db, clock_day_start(d + 8)), 0);
    assert_int_equal(hushed(db, NOON(d + 9)), d + 10);
    assert_ok(sched_quiets(db, arena, d + 5, &list, &err), &err);
    assert_int_equal(list.n, 3);
    assert_int_equal(list.at[0].from, d + 3);
    assert_int_equal(list.at[2].to, d + 10);
    db_close(db);
}

void test_sched__what_arrives_in_a_quiet_time_waits_for_its_end(void **state)
{
    (void)state;
    struct db *db = fresh(":memory:");
    day_t d = 20500;
    hush(db, d, d + 1);
    receive(db, "before", clock_day_start(d) - 1);
    sums_are(db, 0, 1, 0);
    receive(db, "in", NOON(d));
    receive(db, "in", NOON(d)); /* once */
    receive(db, "before", NOON(d));
    sums_are(db, 1, 1, 0);
    tick(db, clock_day_start(d + 2) - 1);
    sums_are(db, 1, 1, 0);
    tick(db, clock_day_start(d + 2));
    sums_are(db, 0, 2, 0);
    tick(db, clock_day_start(d + 1)); /* the clock goes back: nothing is held again */
    receive(db, "in", NOON(d + 1));
    sums_are(db, 0, 2, 0);
    db_close(db);
}

void test_sched__peeking_delivers_and_nothing_is_delivered_twice(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = fresh(":memory:");
    hush(db, 20500, 20501);
    receive(db, "a", NOON(20500));
    receive(db, "b", NOON(20500));
    assert_ok(held_deliver(db, "digest", SPAN("a"), &err), &err);
    assert_ok(held_deliver(db, "digest", SPAN("a"), &err), &err);
    assert_ok(held_deliver(db, "board", SPAN("b"), &err), &err); /* another source's */
    sums_are(db, 1, 0, 1);
    tick(db, NOON(20502));
    sums_are(db, 0, 1, 1);
    db_close(db);
}

void test_sched__ending_early_releases_now_unless_another_goes_on(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = fresh(":memory:");
    day_t d = 20500;
    int64_t a = hush(db, d, d + 5), b = hush(db, d, d + 2);
    receive(db, "x", NOON(d));
    assert_ok(sched_end(db, a, NOON(d + 1), &err), &err);
    sums_are(db, 1, 0, 0);
    tick(db, clock_day_start(d + 3)); /* b's end, not a's */
    sums_are(db, 0, 1, 0);
    receive(db, "y", NOON(d + 1));
    assert_ok(sched_end(db, b, NOON(d + 1), &err), &err);
    assert_ok(sched_end(db, b, NOON(d + 1), &err), &err);
    sums_are(db, 0, 2, 0);
    assert_false(sched_end(db, 999, NOON(d), &err));
    assert_int_equal(err.code, E_MISSING);
    err_clear(&err);
    assert_false(sched_extend(db, b, d + 9, NOON(d), &err));
    assert_int_equal(err.code, E_REFUSED);
    db_close(db);
}

void test_sched__moving_the_end_moves_what_is_held_and_no_more(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = fresh(":memory:");
    day_t d = 20500;
    int64_t id = hush(db, d, d + 2);
    receive(db, "before", NOON(d - 1));
    receive(db, "x", NOON(d));
    assert_ok(sched_extend(db, id, d + 4, NOON(d), &err), &err);
    tick(db, NOON(d + 4));
    sums_are(db, 1, 1, 0);
    hush(db, d + 5, d + 6); /* a neighbour that begins later prolongs it too */
    tick(db, NOON(d + 6));
    sums_are(db, 1, 1, 0);
    assert_ok(sched_extend(db, id, d + 1, NOON(d + 1), &err), &err); /* shorter again */
    tick(db, NOON(d + 1));
    sums_are(db, 1, 1, 0);
    tick(db, clock_day_start(d + 2));
    sums_are(db, 0, 2, 0);
    assert_false(sched_extend(db, id, d - 1, NOON(d), &err));
    assert_int_equal(err.code, E_USAGE);
    db_close(db);
}

void test_sched__a_clock_that_runs_ahead_releases_nothing_until_a_later_tick_agrees(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = fresh(":memory:");
    day_t d = 20500;
    int64_t t = NOON(d), boot = 5000000, later = NOON(d + 3);
    hush(db, d, d + 1);
    receive(db, "x", t);
    assert_ok(held_tick(db, t, boot, &err), &err);
    assert_ok(held_tick(db, later, boot + 10000, &err), &err); /* three days in ten seconds */
    sums_are(db, 1, 0, 0);
    assert_ok(held_tick(db, later + 30, boot + 40000, &err), &err); /* agrees, but too soon */
    sums_are(db, 1, 0, 0);
    assert_ok(held_tick(db, t + 90, boot + 100000, &err), &err); /* it was set right again */
    sums_are(db, 1, 0, 0);
    assert_ok(held_tick(db, later, boot + 200000, &err), &err);
    assert_ok(held_tick(db, later + 70, boot + 270000, &err), &err); /* this time it stays so */
    sums_are(db, 0, 1, 0);
    db_close(db);
}

void test_sched__asleep_or_rebooted_the_clock_is_believed(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db = fresh(":memory:");
    day_t d = 20500;
    int64_t t = NOON(d), boot = 5000000;
    hush(db, d, d + 1);
    receive(db, "x", t);
    assert_ok(held_tick(db, t, boot, &err), &err);
    assert_ok(held_tick(db, t + 3 * DAY, boot + 3LL * DAY * 1000, &err),
              &err); /* the time since boot counts sleep */
    sums_are(db, 0, 1, 0);
    hush(db, d + 4, d + 5);
    receive(db, "y", NOON(d + 4));
    assert_ok(held_tick(db, NOON(d + 6), 1000, &err), &err); /* a new boot */
    sums_are(db, 0, 2, 0);
    db_close(db);
}

/* ---- ten thousand random lives ---- */

static uint64_t seed;
static uint64_t chance(uint64_t n)
{
    seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
    return seed % n;
}

enum { KEYS = 12 };

/* What must be, kept beside the database in the plainest way. */
struct model {
    bool received[KEYS];
    int state[KEYS];
    int64_t count;
};

struct life {
    struct db *db;
    const char *path;
    int64_t now, boot_ms, ids[8];
    int quiets;
    struct model m;
};

/* Every id is there once, in a state that never fell, and the sums agree. */
static void look(struct life *l)
{
    struct err err = {0};
    struct held_sums s;
    AUTO_STMT struct stmt *q = NULL;
    assert_ok(held_sums(l->db, &s, &err), &err);
    assert_int_equal(s.held + s.released + s.delivered, s.received);
    assert_int_equal(s.received, l->m.count);
    assert_ok(db_query(l->db, &q, &err, "select key, state from held"), &err);
    int64_t rows = 0;
    for (; db_next(q, &err); rows++) {
        struct span key = db_text(q, 0);
        int k = key.p[0] - 'a', state = (int)db_int(q, 1);
        assert_in_range(k, 0, KEYS - 1);
        assert_true(l->m.received[k]);
        assert_true(state >= l->m.state[k]);
        assert_true(l->m.state[k] != 2 || state == 2);
        l->m.state[k] = state;
    }
    assert_int_equal(err.code, E_NONE);
    assert_int_equal(rows, l->m.count);
}

static void live_receive(struct life *l)
{
    struct err err = {0};
    char key = (char)('a' + chance(KEYS));
    assert_ok(held_receive(l->db, "digest", (struct span){&key, 1}, l->now, &err), &err);
    l->m.count += !l->m.received[key - 'a'];
    l->m.received[key - 'a'] = true;
}

static void live_peek(struct life *l)
{
    struct err err = {0};
    char key = (char)('a' + chance(KEYS));
    assert_ok(held_deliver(l->db, "digest", (struct span){&key, 1}, &err), &err);
}

static void live_quiet(struct life *l)
{
    struct err err = {0};
    day_t from = moment_day(clock_local(l->now)) - 2 + (day_t)chance(5), to = from + (day_t)chance(4);
    int64_t id = l->quiets ? l->ids[chance((uint64_t)l->quiets)] : 0;
    if (l->quiets < 8 && (l->quiets == 0 || chance(2)))
        assert_ok(sched_hush(l->db, from, to, &l->ids[l->quiets++], &err), &err);
    else if (chance(2))
        assert_ok(sched_extend(l->db, id, to, l->now, &err) || err.code == E_REFUSED || err.code == E_USAGE,
                  &err);
    else
        assert_ok(sched_end(l->db, id, l->now, &err), &err);
}

static void live_clock(struct life *l)
{
    struct err err = {0};
    int64_t step = (int64_t)chance(2 * DAY);
    switch (chance(4)) {
    case 0: /* the wall clock alone, either way */
        l->now += chance(2) ? step : -step;
        break;
    case 1:
        l->boot_ms = (int64_t)chance(100000); /* a reboot */
        break;
    default:
        l->now += step;
        l->boot_ms += step * 1000;
    }
    assert_ok(held_tick(l->db, l->now, l->boot_ms, &err), &err);
}

static void live_reopen(struct life *l)
{
    struct err err = {0};
    if (strcmp(l->path, ":memory:") == 0)
        return;
    db_close(l->db);
    l->db = NULL;
    /* What a power cut would take is not asked here. */
    assert_ok(db_open(&l->db, l->path, &err) && db_run(l->db, &err, "pragma synchronous = off"), &err);
}

/* At the end: all quiet times over, two ticks that agree, and nothing is held. */
static void live_on(struct life *l)
{
    struct err err = {0};
    struct held_sums s;
    l->now += 60 * DAY;
    for (int i = 0; i < 2; i++) {
        l->now += 100;
        l->boot_ms += 100000;
        assert_ok(held_tick(l->db, l->now, l->boot_ms, &err), &err);
    }
    look(l);
    assert_ok(held_sums(l->db, &s, &err), &err);
    assert_int_equal(s.held, 0);
}

static void empty(struct db *db)
{
    struct err err = {0};
    assert_ok(db_run_script(
                  db,
                  "delete from held; delete from quiet; delete from clock_seen; update received set n = 0",
                  &err),
              &err);
}

static void live(struct life *l, int steps)
{
    l->now = NOON(20500);
    l->boot_ms = 1000000;
    empty(l->db);
    for (int i = 0; i < steps; i++) {
        uint64_t what = chance(20);
        if (what < 8)
            live_receive(l);
        else if (what < 10)
            live_peek(l);
        else if (what < 14)
            live_quiet(l);
        else if (what < 19)
            live_clock(l);
        else
            live_reopen(l);
    }
    look(l);
    live_on(l);
}

void test_sched__ten_thousand_random_lives_lose_nothing(void **state)
{
    (void)state;
    struct place place;
    place_make(&place);
    struct err err = {0};
    struct db *memory = fresh(":memory:"), *file = fresh(place_name(&place, "x.db"));
    char path[300];
    snprintf(path, sizeof path, "%s/x.db", place.dir);
    seed = 0x5eed7464;
    assert_ok(db_run(file, &err, "pragma synchronous = off"), &err);
    for (int run = 0; run < 10000; run++) {
        bool on_disk = run % 50 == 0; /* there it is opened anew in the middle */
        struct life l = {.db = on_disk ? file : memory, .path = on_disk ? path : ":memory:"};
        live(&l, 16);
        if (on_disk)
            file = l.db;
    }
    db_close(memory);
    db_close(file);
    place_clear(&place);
}

static void work_until_killed(const char *path)
{
    struct err err = {0};
    struct db *db = NULL;
    int64_t id = 0;
    if (!db_open(&db, path, &err) || !sched_hush(db, 20500, 20502, &id, &err))
        _exit(1);
    for (int i = 0;; i++) {
        char key[24];
        snprintf(key, sizeof key, "%d-%d", (int)getpid(), i);
        int64_t now = NOON(20500) + i * HOUR;
        if (!held_receive(db, "digest", span_of(key), now, &err) || !held_tick(db, now, now * 1000, &err) ||
            !held_deliver(db, "digest", span_of(key), &err))
            _exit(1);
    }
}

void test_sched__a_kill_between_any_two_steps_keeps_the_sum(void **state)
{
    (void)state;
    struct place place;
    place_make(&place);
    char path[300];
    snprintf(path, sizeof path, "%s/x.db", place.dir);
    db_close(fresh(path));
    int64_t before = 0;
    for (unsigned round = 0; round < 15; round++) {
        struct err err = {0};
        struct held_sums s;
        struct db *db = NULL;
        pid_t pid = fork();
        if (pid == 0)
            work_until_killed(path);
        usleep(15000 + round * 1370);
        kill(pid, SIGKILL);
        assert_int_equal(place_wait(pid), 128 + SIGKILL);
        assert_ok(db_open(&db, path, &err), &err);
        assert_ok(held_sums(db, &s, &err), &err);
        assert_int_equal(s.held + s.released + s.delivered, s.received);
        assert_true(s.received >= before);
        before = s.received;
        db_close(db);
    }
    assert_true(before > 0);
    place_clear(&place);
}
