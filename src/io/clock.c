/* The time and this machine's zone. localtime_r reads $TZ or /etc/localtime once and keeps its rules in
 * memory, so that a sandbox entered later takes nothing away. */
#include "io/clock.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/words.h"

#include "base/banned.h"

static int64_t shift; /* seconds added to the system's clock: $RESPITE_CLOCK */
static pthread_once_t started = PTHREAD_ONCE_INIT;
static pthread_mutex_t zone_lock = PTHREAD_MUTEX_INITIALIZER; /* over libc's one zone */

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

static int64_t milliseconds(clockid_t clock)
{
    struct timespec t = {0};
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_boot_ms(void)
{
    return milliseconds(CLOCK_BOOTTIME);
}

double clock_took(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int minutes_at(int64_t epoch)
{
    time_t t = (time_t)epoch;
    struct tm tm = {0};
    return localtime_r(&t, &tm) ? (int)(tm.tm_gmtoff / 60) : 0; /* NULL: a year that does not fit an int */
}

int clock_zone(int64_t epoch)
{
    pthread_once(&started, start);
    pthread_mutex_lock(&zone_lock);
    int minutes = minutes_at(epoch);
    pthread_mutex_unlock(&zone_lock);
    return minutes;
}

/* Letters, digits, "_", "+", "-" and "/" between: a place below the folder of zones, and nothing else. */
static bool zone_known(const char *zone)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/";
    const char *dir = getenv("TZDIR");
    char path[300];
    size_t n = strlen(zone);
    if (strcmp(zone, "UTC") == 0)
        return true;
    return n > 0 && n < 64 && strspn(zone, plain) == n && zone[0] != '/' && zone[n - 1] != '/' &&
           snprintf(path, sizeof path, "%s/%s", dir && *dir ? dir : "/usr/share/zoneinfo", zone) <
               (int)sizeof path &&
           access(path, R_OK) == 0;
}

/* libc has one zone at a time: it is lent to this one, and given back. */
bool clock_zone_of(const char *zone, int64_t epoch, int *minutes, struct err *err)
{
    char before[300] = "";
    pthread_once(&started, start);
    if (!zone_known(zone))
        return fail(err, E_FORMAT,
                    tr("err.io.clock_zone",
                       "This computer does not know the time zone “%.80s”. Install the package tzdata."),
                    zone);
    pthread_mutex_lock(&zone_lock);
    const char *tz = getenv("TZ");
    bool had = tz != NULL, fits = snprintf(before, sizeof before, "%s", had ? tz : "") < (int)sizeof before;
    bool set = fits && setenv("TZ", zone, 1) == 0;
    if (set) {
        tzset();
        *minutes = minutes_at(epoch);
        (void)!(had ? setenv("TZ", before, 1) : unsetenv("TZ"));
        tzset();
    }
    pthread_mutex_unlock(&zone_lock);
    return set || fail_memory(err);
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

static void read_boot(char out[static 40])
{
    ssize_t n = -1;
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        n = read(fd, out, 36);
        close(fd);
    }
    out[n > 0 ? n : 0] = '\0';
}

void clock_machine(struct clock_machine *out)
{
    const char *wanted = getenv("RESPITE_MACHINE"), *colon = wanted ? strchr(wanted, ':') : NULL;
    *out = (struct clock_machine){0};
    if (colon) {
        snprintf(out->boot, sizeof out->boot, "%.*s", (int)(colon - wanted), wanted);
        out->asleep_ms = strtoll(colon + 1, NULL, 10);
        return;
    }
    read_boot(out->boot);
    out->asleep_ms = milliseconds(CLOCK_BOOTTIME) - milliseconds(CLOCK_MONOTONIC);
}
