#ifndef ANON_SCHEDULE_H
#define ANON_SCHEDULE_H
/* When a node speaks (PROTOCOL section 3): fetches at most at two moments a weekday, drawn anew for each day;
 * acts each at a moment drawn within the next 12 hours of sending windows. Nothing else makes a request by
 * itself: no waking, no start, no page, no post. All in the lab's zone. */
#include "anon/history.h"
#include "anon/known.h"
#include "io/moments.h"

/* The fetch moments of the day that holds `now` (0, 1 or 2; drawn the first time this is asked on that day
 * and kept; none on Saturday and Sunday), each marked when done. */
MUST bool schedule_fetches(struct db *db, const char *zone, const struct entry_rules *rules, int64_t now,
                           int64_t awake_since, bool *due, struct err *err);
MUST bool schedule_fetched(struct db *db, int64_t now, struct err *err);
/* Draw the moment of an act: uniform over the next 12 hours of sending windows from `from` on; not on the day
 * of `after` or before (0: no matter), for a second or third try. */
MUST bool schedule_act(const char *zone, const struct entry_rules *rules, int64_t from, int64_t after,
                       int64_t *moment, struct err *err);
/* Trial labs: as soon as asked, at once. */
#endif
