#ifndef ARENA_KEPT_H
#define ARENA_KEPT_H
/* Boards kept in the database: pair counts and strengths, a row a board and day. Votes themselves are not
 * kept, so a kept board has no style and no clusters. */
#include "arena/rank.h"
#include "base/day.h"
#include "io/db.h"

/* The board `name` as of its last day on or before `day` into `v`, which has been begun and holds nothing;
 * its strengths, to start a fit from, in *start; how it was made in `ask`. *found is false when there is
 * none. */
MUST bool kept_load(struct db *db, struct arena *arena, const char *name, day_t day, struct votes *v,
                    double **start, struct rank_ask *ask, bool *found, struct err *err);
/* Keep it under this name and day; what stood there is replaced. */
MUST bool kept_save(struct db *db, struct arena *arena, const char *name, day_t day, const struct votes *v,
                    const struct ranking *r, struct err *err);
struct kept_row {
    const char *name;
    day_t day;
    int64_t votes;
};
struct kept_rows {
    struct kept_row *at;
    size_t n, room;
};
/* All boards and days, by name, the newest first. */
MUST bool kept_list(struct db *db, struct arena *arena, struct kept_rows *out, struct err *err);
#endif
