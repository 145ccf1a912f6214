#ifndef ANON_SENT_H
#define ANON_SENT_H
/* What left this computer, in words: the rows that stand in `sent` before each connection (io/httpc.h), with
 * whom they went to and what they were. */
#include "base/day.h"
#include "base/mem.h"
#include "io/db.h"

struct sent_row {
    day_t day;
    int64_t bytes;
    const char *to, *kind, *what; /* "lab.example", "identified", "this week's passes, as everyone" */
};
struct sent_rows {
    struct sent_row *at;
    size_t n, room;
};
/* The newest `most` rows, newest first, in the language of this thread. */
MUST bool sent_load(struct db *db, struct arena *arena, size_t most, struct sent_rows *out, struct err *err);
/* "Only this left your computer this week: 1 pass collection, 4 other requests to the lab." for the days from
 * `monday` on, or that nothing did. */
MUST bool sent_week(struct db *db, struct arena *arena, day_t monday, const char **out, struct err *err);
/* Remove the rows of days before `day`. */
MUST bool sent_remove(struct db *db, day_t day, struct err *err);
/* What a request of `method` for `path` was; NULL when it is none that the protocol knows. For a test. */
const char *sent_what(struct span method, struct span path);
/* The path of an address "https://lab.example/v1/lab", borrowed; empty when there is none. */
struct span sent_path(struct span address);
#endif
