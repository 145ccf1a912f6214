/* io/clock.h: zones and local days. The zone is read once per process, so each zone is asked in a child. */
#include "test/test.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/clock.h"

static int in_zone(const char *zone, int (*ask)(void))
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        setenv("TZ", zone, 1);
        _exit(ask());
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int berlin(void)
{
    day_t spring = day_of((struct ymd){2026, 3, 29}), autumn = day_of((struct ymd){2026, 10, 25});
    if (clock_zone(1774745999) != 60 || clock_zone(1774746000) != 120) /* 01:00 UTC, 29 March 2026 */
        return 1;
    if (clock_day_start(spring + 1) - clock_day_start(spring) != 23 * 3600)
        return 2;
    if (clock_day_start(autumn + 1) - clock_day_start(autumn) != 25 * 3600)
        return 3;
    for (day_t d = spring - 400; d < spring + 400; d++) {
        int64_t start = clock_day_start(d);
        if (moment_day(clock_local(start)) != d || moment_day(clock_local(start - 1)) != d - 1)
            return 4;
    }
    return 0;
}

void test_clock__days_are_as_long_as_the_zone_makes_them(void **state)
{
    (void)state;
    assert_int_equal(in_zone("CET-1CEST,M3.5.0,M10.5.0/3", berlin), 0);
}

static int no_midnight(void) /* the clock goes from 23:59:59 to 01:00:00 */
{
    day_t d = day_of((struct ymd){2026, 10, 4});
    int64_t start = clock_day_start(d);
    return moment_day(clock_local(start)) == d && moment_minute(clock_local(start)) == 60 &&
                   moment_day(clock_local(start - 1)) == d - 1
               ? 0
               : 1;
}

void test_clock__a_day_without_midnight_begins_at_one(void **state)
{
    (void)state;
    assert_int_equal(in_zone("XYZ3ABC,M10.1.0/0,M3.1.0/0", no_midnight), 0);
}

/* Another zone is asked in between, and ours is as it was. */
static int lent(void)
{
    struct err err = {0};
    int minutes = -1;
    bool ok = clock_zone_of("Europe/Zurich", 1774745999, &minutes, &err) && minutes == 60 &&
              clock_zone_of("Europe/Zurich", 1774746000, &minutes, &err) && minutes == 120 &&
              clock_zone(1774746000) == 180 && clock_zone_of("Asia/Shanghai", 0, &minutes, &err) &&
              minutes == 480 && clock_zone(0) == 180 && clock_zone_of("UTC", 0, &minutes, &err) &&
              minutes == 0;
    return ok && strcmp(getenv("TZ"), "XYZ-3") == 0 ? 0 : 1;
}

static int unknown(void)
{
    static const char *const names[] = {"",        "Nowhere/Land", "/etc/localtime", "../../../etc/passwd",
                                        "Europe/", "CET-1CEST"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct err err = {0};
        int minutes;
        if (clock_zone_of(names[i], 0, &minutes, &err) || err.code != E_FORMAT)
            return (int)i + 1;
    }
    return 0;
}

void test_clock__the_zone_of_a_lab_is_asked_beside_ours(void **state)
{
    (void)state;
    assert_int_equal(in_zone("XYZ-3", lent), 0);
    assert_int_equal(in_zone("XYZ-3", unknown), 0);
}

static int extremes(void)
{
    static const int64_t odd[] = {0, -1, INT64_MIN, INT64_MAX, 99999999999, -62135596800};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
        if (abs(clock_zone(odd[i])) > 14 * 60)
            return 1;
    return 0;
}

void test_clock__no_second_is_too_odd_to_ask(void **state)
{
    (void)state;
    assert_int_equal(in_zone("UTC", extremes), 0);
}

static int shifted(void)
{
    setenv("RESPITE_CLOCK", "1700000000", 1);
    int64_t now = clock_now();
    return now >= 1700000000 && now < 1700000005 ? 0 : 1;
}

void test_clock__can_be_set_for_a_test(void **state)
{
    (void)state;
    assert_int_equal(in_zone("UTC", shifted), 0);
}

void test_clock__time_since_boot_does_not_go_back(void **state)
{
    (void)state;
    int64_t a = clock_boot_ms();
    usleep(2000);
    assert_true(clock_boot_ms() >= a + 1);
}
