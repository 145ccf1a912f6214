#ifndef IO_SCHED_H
#define IO_SCHED_H
/* What is due, once: each job by name and period under a lease row, so that two ticks at once run it once and
 * a dead holder's lease runs out. And the hush of a quiet week: a job marked noisy does not run in one; what
 * it would have shown waits in the table `held`. held(id, source, key, received_at, release_at, state): state
 * 0 held, 1 released, 2 delivered, only upward; unique (source, key); at all times held + released +
 * delivered = received. (REST 7.2) */
#include <stdint.h>

#include "base/day.h"
#include "base/err.h"
#include "io/db.h"

/* `when` is "minute", "hour", "day" or "week". Take the job for the period that holds `now` (local time for
 * day and week): `*ours` is true when this process shall run it, with a lease of ten minutes; sched_done()
 * ends it. A job of a period that is done is not ours. */
MUST bool sched_take(struct db *db, const char *job, const char *when, int64_t now, bool *ours,
                     struct err *err);
MUST bool sched_done(struct db *db, const char *job, const char *when, int64_t now, struct err *err);

/* It was taken and not done: the next tick takes it again. */
MUST bool sched_failed(struct db *db, const char *job, const char *when, int64_t now, struct err *err);

/* A quiet time, first day to last day inclusive, local days; source "own" or "lab". Overlapping ones join by
 * lying over each other. */
struct quiet {
    int64_t id;
    day_t from, to;
    bool ended; /* ended early, by a click */
};
struct quiets {
    struct quiet *at;
    size_t n, room;
};
MUST bool sched_hush(struct db *db, day_t from, day_t to, int64_t *id, struct err *err);
/* All quiet times whose last day is not before `day`, earliest first, ended ones left out. */
MUST bool sched_quiets(struct db *db, struct arena *arena, day_t day, struct quiets *out, struct err *err);
/* The last day of the quiet time that holds `now` (joined over overlaps and neighbours), or `*until` = 0 when
 * there is none. */
MUST bool sched_hushed(struct db *db, int64_t now, day_t *until, struct err *err);
/* End it early (all that it held is released now), or move its last day (only what is still held moves). */
MUST bool sched_end(struct db *db, int64_t id, int64_t now, struct err *err);
MUST bool sched_extend(struct db *db, int64_t id, day_t to, int64_t now, struct err *err);

/* Something arrived for `source` under `key`: counted in `received`, once; held when a quiet time is on, else
 * released at once. */
MUST bool held_receive(struct db *db, const char *source, struct span key, int64_t now, struct err *err);
/* The same for several that came together. */
MUST bool held_receive_all(struct db *db, const char *source, const struct span *keys, size_t n, int64_t now,
                           struct err *err);
/* Release what is over, by the clock. Never holds again. A clock that runs ahead of the time since boot
 * releases nothing yet. */
MUST bool held_tick(struct db *db, int64_t now, int64_t boot_ms, struct err *err);
/* Whether it was let go at or after `since`: what a page that began then may show. */
MUST bool held_since(struct db *db, const char *source, struct span key, int64_t since, bool *out,
                     struct err *err);
/* It was shown: 0 or 1 becomes 2 (peeking is allowed). */
MUST bool held_deliver(struct db *db, const char *source, struct span key, struct err *err);
struct held_sums {
    int64_t held, released, delivered, received;
};
MUST bool held_sums(struct db *db, struct held_sums *out, struct err *err);
#endif
