/* The time and this machine's zone. localtime_r reads $TZ or /etc/localtime once and keeps its rules in
 * memory, so that a sandbox entered later takes nothing away. */
#include "io/clock.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/banned.h"

static int64_t shift; /* seconds added to the system's clock: $RESPITE_CLOCK */
static pthread_once_t started = PTHREAD_ONCE_INIT;

static int64_t seconds(clockid_t clock)
{
    struct timespec t = {0};
    clock_gettime(clock, &t);
    return t.tv_sec;
}

static void start(void)
{
    tzset();
    const char *wanted = getenv("RESPITE_CLOCK");
    char *end = NULL;
    long long epoch = wanted && *wanted ? strtoll(wanted, &end, 10) : 0;
    if (end && *end == '\0')
        shift = epoch - seconds(CLOCK_REALTIME);
}

int64_t clock_now(void)
{
    pthread_once(&started, start);
    return seconds(CLOCK_REALTIME) + shift;
}

int64_t clock_boot_ms(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_BOOTTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int clock_zone(int64_t epoch)
{
    pthread_once(&started, start);
    time_t t = (time_t)epoch;
    struct tm tm = {0};
    return localtime_r(&t, &tm) ? (int)(tm.tm_gmtoff / 60) : 0; /* NULL: a year that does not fit an int */
}

struct moment clock_local(int64_t epoch)
{
    return (struct moment){epoch, clock_zone(epoch)};
}

int64_t clock_day_start(day_t day)
{
    int64_t low = (int64_t)day * 86400 - 30 * 3600, high = (int64_t)day * 86400 + 30 * 3600;
    while (low < high) { /* the first second whose local day is not before `day`: zones may skip midnight, or
                            a whole day */
        int64_t middle = low + (high - low) / 2;
        if (moment_day(clock_local(middle)) >= day)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
