#ifndef IO_MOMENTS_H
#define IO_MOMENTS_H
/* Moments at which a node speaks by itself: drawn beforehand, at most two a weekday whoever asks, and missed
 * for good when the machine slept or was off (PROTOCOL section 3, PAPERS section 2). Their tables,
 * machine_seen and fetch_moment, are older than this file and stand in the first migration of anon/anon_db.c.
 */
#include "base/day.h"
#include "io/db.h"

enum { MOMENTS = 2 /* a day, at most */ };

/* Call once at the beginning of each tick: notes boot id and the time asleep, and says from when on the
 * machine has been up without a break. */
MUST bool moments_look(struct db *db, int64_t now, int64_t *awake_since, struct err *err);
/* A moment is due when it lies in the last 60 minutes and since then there was no boot and no suspend. */
bool moments_due(int64_t moment, int64_t now, int64_t awake_since);
/* Draw the moments of a day, uniform over `seconds` from `start` on, from the node's own seed and the day
 * alone, unless they are drawn already; earlier days are forgotten. Within db_write. */
MUST bool moments_draw(struct db *db, day_t day, int64_t start, int64_t seconds, struct err *err);
/* Those drawn between two moments (`from` in, `to` out), by time; *n of them. */
MUST bool moments_between(struct db *db, int64_t from, int64_t to, int64_t out[static MOMENTS], size_t *n,
                          struct err *err);
#endif
