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
/* Milliseconds with their fraction, for how long something took. */
double clock_took(void);
/* Minutes east of UTC in this machine's zone ($TZ, /etc/localtime) at `epoch`. */
int clock_zone(int64_t epoch);
/* The same in a zone of the IANA's list ("Europe/Zurich"). E_FORMAT: this machine knows no such zone. */
MUST bool clock_zone_of(const char *zone, int64_t epoch, int *minutes, struct err *err);
/* `epoch` on this machine's wall clock. */
struct moment clock_local(int64_t epoch);
/* First second of a local day in this machine's zone. */
int64_t clock_day_start(day_t day);

/* Which start of the machine this is, and how long it slept since: either changes over a break.
 * $RESPITE_MACHINE=BOOT:MILLISECONDS stands in for both (tests). */
struct clock_machine {
    char boot[40];
    int64_t asleep_ms;
};
void clock_machine(struct clock_machine *out);
#endif
