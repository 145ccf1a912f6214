/* app/tick.c: what is due runs once, noisy jobs hold their tongue, a failing one keeps nobody. */
#include "test/test.h"

#include "base/note.h"
#include "io/clock.h"
#include "io/sched.h"
#include "test/app/hall.h"

#include "base/banned.h"

static int calm_ran, noisy_ran, failing_ran, resident_ran, last_ran, lab_ran;

static bool calm(struct app *app, struct err *err)
{
    (void)app, (void)err;
    calm_ran++;
    return true;
}

static bool noisy(struct app *app, struct err *err)
{
    (void)app, (void)err;
    noisy_ran++;
    return true;
}

static bool failing(struct app *app, struct err *err)
{
    (void)app;
    failing_ran++;
    return fail(err, E_FORMAT, "A feed was no feed.");
}

static bool resident(struct app *app, struct err *err)
{
    (void)app, (void)err;
    resident_ran++;
    return true;
}

static bool last(struct app *app, struct err *err)
{
    (void)app, (void)err;
    last_ran++;
    return true;
}

static bool of_the_lab(struct app *app, struct err *err)
{
    (void)app, (void)err;
    lab_ran++;
    return true;
}

static const struct job jobs[] = {
    {.name = "test.failing", .when = "hour", .roles = NODE, .run = failing},
    {.name = "test.calm", .when = "day", .roles = NODE, .run = calm},
    {.name = "test.noisy", .when = "day", .roles = NODE, .noisy = true, .run = noisy},
    {.name = "test.resident", .when = "hour", .roles = NODE, .resident = true, .run = resident},
    {.name = "test.lab", .when = "hour", .roles = LAB, .run = of_the_lab},
    {0},
};
static const struct job more[] = {{.name = "test.last", .when = "week", .roles = NODE, .run = last}, {0}};
static const struct room first_room = {.name = "first", .jobs = jobs},
                         second_room = {.name = "second", .jobs = more};
static const struct room *const two[] = {&first_room, &second_room, NULL};

static void start(struct hall *h)
{
    note_quiet(true);
    hall_make(h, two);
    hall_db(h, ":memory:");
    calm_ran = noisy_ran = failing_ran = resident_ran = last_ran = lab_ran = 0;
}

static const char *run(struct hall *h, bool open_page)
{
    struct buf AUTO_BUF done;
    struct err err = {0};
    buf_init(&done, 4096);
    bool all = tick(&h->app, open_page, &done, &err); /* false, once all had their turn: test.failing */
    assert_true(all || (err.code == E_FORMAT && strcmp(err.text, "A feed was no feed.") == 0));
    return arena_text(h->arena, buf_span(&done));
}

void test_tick__what_is_due_runs_once_in_its_period(void **state)
{
    (void)state;
    struct hall h;
    start(&h);
    assert_string_equal(run(&h, false), "test.calm, test.noisy, test.last");
    assert_string_equal(run(&h, false), "");
    h.app.now += 3600;
    assert_string_equal(run(&h, false), "");
    h.app.now += 86400;
    assert_string_equal(run(&h, false), "test.calm, test.noisy");
    h.app.now += 7 * 86400;
    assert_string_equal(run(&h, false), "test.calm, test.noisy, test.last");
    assert_true(calm_ran == 3 && last_ran == 2 && lab_ran == 0);
    hall_clear(&h);
}

void test_tick__a_machine_that_slept_runs_it_once_and_not_once_a_day(void **state)
{
    (void)state;
    struct hall h;
    start(&h);
    run(&h, false);
    h.app.now += 12 * 86400;
    run(&h, false);
    run(&h, false);
    assert_int_equal(calm_ran, 2);
    hall_clear(&h);
}

void test_tick__a_failing_job_keeps_no_other_and_comes_again_at_the_next_tick(void **state)
{
    (void)state;
    struct hall h;
    start(&h);
    run(&h, false);
    assert_true(failing_ran == 1 && calm_ran == 1 && last_ran == 1);
    h.app.now += 60;
    run(&h, false);
    assert_true(failing_ran == 2 && calm_ran == 1);
    hall_clear(&h);
}

void test_tick__the_command_fails_when_a_job_did(void **state)
{
    (void)state;
    static const struct room *const well[] = {&second_room, NULL};
    struct hall h;
    start(&h);
    assert_int_equal(cmd_tick(&h.app), 1);
    h.app.rooms = well;
    assert_int_equal(cmd_tick(&h.app), 0);
    hall_clear(&h);
}

static bool stopped_by_a_signal(struct app *app, struct err *err)
{
    (void)app;
    return fail(err, E_STOPPED, "Stopped, as you asked.");
}

void test_tick__a_job_that_was_stopped_is_due_for_the_next_process(void **state)
{
    (void)state;
    static const struct job one[] = {
        {.name = "test.calm", .when = "day", .roles = NODE, .run = stopped_by_a_signal}, {0}};
    static const struct room stopped_room = {.name = "first", .jobs = one};
    static const struct room *const stopping[] = {&stopped_room, NULL};
    struct hall h;
    struct buf AUTO_BUF done;
    struct err err = {0};
    start(&h);
    buf_init(&done, 4096);
    h.app.rooms = stopping;
    assert_false(tick(&h.app, false, &done, &err));
    assert_int_equal(err.code, E_STOPPED);
    h.app.rooms = two;
    run(&h, false);
    assert_int_equal(calm_ran, 1);
    hall_clear(&h);
}

void test_tick__what_is_for_the_open_page_waits_for_it(void **state)
{
    (void)state;
    struct hall h;
    start(&h);
    run(&h, false);
    assert_int_equal(resident_ran, 0);
    assert_string_equal(run(&h, true), "test.resident");
    assert_int_equal(resident_ran, 1);
    hall_clear(&h);
}

void test_tick__noisy_jobs_are_silent_in_a_quiet_week_and_run_after_it(void **state)
{
    (void)state;
    struct hall h;
    struct err err = {0};
    int64_t id;
    start(&h);
    day_t today = moment_day(clock_local(NOW));
    assert_ok(sched_hush(h.app.db, today, today + 2, &id, &err), &err);
    for (int day = 0; day < 3; day++) {
        run(&h, false);
        h.app.now += 86400;
    }
    assert_true(noisy_ran == 0 && calm_ran == 3);
    run(&h, false);
    assert_int_equal(noisy_ran, 1);
    hall_clear(&h);
}

void test_tick__ending_a_quiet_week_lets_them_speak_the_same_day(void **state)
{
    (void)state;
    struct hall h;
    struct err err = {0};
    int64_t id;
    start(&h);
    day_t today = moment_day(clock_local(NOW));
    assert_ok(sched_hush(h.app.db, today, today + 6, &id, &err), &err);
    run(&h, false);
    assert_ok(sched_end(h.app.db, id, NOW, &err), &err);
    run(&h, false);
    assert_true(noisy_ran == 1 && calm_ran == 1);
    hall_clear(&h);
}

void test_tick__a_lease_of_another_process_is_respected_until_it_runs_out(void **state)
{
    (void)state;
    struct hall h;
    struct err err = {0};
    bool ours;
    start(&h);
    assert_ok(sched_take(h.app.db, "test.calm", "day", NOW, &ours, &err), &err);
    assert_true(ours);
    run(&h, false);
    assert_int_equal(calm_ran, 0);
    h.app.now += 601;
    run(&h, false);
    assert_int_equal(calm_ran, 1);
    hall_clear(&h);
}

void test_tick__it_releases_what_a_quiet_week_held(void **state)
{
    (void)state;
    struct hall h;
    struct err err = {0};
    struct held_sums sums;
    int64_t id;
    start(&h);
    day_t today = moment_day(clock_local(NOW));
    assert_ok(sched_hush(h.app.db, today, today, &id, &err) &&
                  held_receive(h.app.db, "digest", SPAN("week 47"), NOW, &err),
              &err);
    run(&h, false);
    assert_ok(held_sums(h.app.db, &sums, &err), &err);
    assert_true(sums.held == 1 && sums.released == 0 && sums.received == 1);
    assert_ok(db_run(h.app.db, &err, "delete from clock_seen"),
              &err); /* as after a new boot: no doubt of the clock */
    h.app.now += 86400;
    run(&h, false);
    assert_ok(held_sums(h.app.db, &sums, &err), &err);
    assert_true(sums.held == 0 && sums.released == 1 && sums.received == 1);
    hall_clear(&h);
}
