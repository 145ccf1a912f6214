#ifndef ANON_EPOCH_H
#define ANON_EPOCH_H
/* Epochs are ISO weeks in UTC, named "2026-W48"; here an epoch is the day number of its Monday (PROTOCOL
 * section 3). Times are Unix seconds. */
#include <stdint.h>

#include "base/day.h"
#include "base/span.h"

enum { EPOCH_TEXT = 8, EPOCH_SECONDS = 7 * 86400, EPOCH_GRACE = 12 * 3600, EPOCH_NEXT = 7 };

/* The epoch that holds `time`. The next one is epoch + EPOCH_NEXT. */
day_t epoch_of(int64_t time);
int64_t epoch_start(day_t epoch);
/* "2026-W48", whole and nothing else. */
bool epoch_read(struct span text, day_t *out);
char *epoch_text(day_t epoch, char out[static 16]);

/* A moment t is in the window when from <= t < to. */
struct windows {
    int64_t issue_from, issue_to; /* Tuesday 00:00 of the week before, to the end of the week (late) */
    int64_t spend_from, spend_to; /* the week, and 12 hours more */
};
struct windows epoch_windows(day_t epoch);
#endif
