#ifndef IO_CLOCK_H
#define IO_CLOCK_H
/* The time, asked in one place. $RESPITE_CLOCK=EPOCH shifts it so that the process starts at that second
 * (tests; time still flows). */
#include <stdint.h>

#include "base/day.h"

/* Seconds since 1970. */
int64_t clock_now(void);
/* Milliseconds that never go back, counted while asleep too (CLOCK_BOOTTIME). */
int64_t clock_boot_ms(void);
/* Minutes east of UTC in this machine's zone ($TZ, /etc/localtime) at `epoch`. */
int clock_zone(int64_t epoch);
/* `epoch` on this machine's wall clock. */
struct moment clock_local(int64_t epoch);
/* First second of a local day in this machine's zone. */
int64_t clock_day_start(day_t day);
#endif
