#ifndef PAPERS_DUE_H
#define PAPERS_DUE_H
/* Deadlines of venues as a person's lists have them (codec/deadline.h), kept with the moment they stand for.
 */
#include "codec/deadline.h"
#include "io/db.h"

struct due {
    struct span venue, kind, zone, place, link, subject;
    int year;
    int64_t moment;   /* seconds since 1970 */
    day_t start, end; /* of the meeting; DEADLINE_NO_DAY */
};
/* Keep one; in place of the one of that entry and kind that was kept before. A zone that nobody
 * knows counts as UTC+14, the first there is, so that nobody is told a later moment than is meant. */
MUST bool due_keep(struct db *db, const struct deadline *deadline, struct err *err);
/* Called for each from `from` to `to` (both in), by moment; texts are valid during the call. */
typedef bool due_visit(const struct due *due, void *arg, struct err *err);
MUST bool due_each(struct db *db, int64_t from, int64_t to, due_visit *visit, void *arg, struct err *err);
#endif
