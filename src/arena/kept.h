#ifndef ARENA_KEPT_H
#define ARENA_KEPT_H
/* Boards kept in the database: pair counts, strengths, and the board as it was shown; a row a board and day.
 * Votes themselves are not kept, so a kept board has no style and no clusters. */
#include "arena/rank.h"
#include "base/day.h"
#include "io/db.h"

/* made: the board as it was shown (JSON of arena rank). arena_base: the day a board is compared with until a
 * change is told; arena_change: those told. arena_screen: the last screen of a board's votes. */
#define KEPT_TABLES \
    "alter table arena_board add column made text; create table arena_base(name text primary key, day " \
    "integer not null) without rowid; create table arena_change(name text not null, day integer not " \
    "null, base integer not null, moved integer not null, models integer not null, primary key(name, " \
    "day)) without rowid; create table arena_screen(name text primary key, day integer not null, made " \
    "text not null) without rowid;"

/* The board `name` as of its last day on or before `day` into `v`, which has been begun and holds nothing;
 * its strengths, to start a fit from, in *start; how it was made in `ask`. *found is false when there is
 * none. */
MUST bool kept_load(struct db *db, struct arena *arena, const char *name, day_t day, struct votes *v,
                    double **start, struct rank_ask *ask, bool *found, struct err *err);
/* Keep it under this name and day; what stood there is replaced. One that was worked out without places
 * (rank_ask.no_sets) is kept as counts alone, and worked out whole when it is shown. */
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
/* All days of one board, the newest first. */
MUST bool kept_days(struct db *db, struct arena *arena, const char *name, struct kept_rows *out,
                    struct err *err);

/* arena/kept_made.c: the board as it was shown on its last day on or before `day` (DAY_MAX: the last), for
 * drawing; *json is what `arena rank --json` said of it. Nothing is fitted again. */
MUST bool kept_made(struct db *db, struct arena *arena, const char *name, day_t day, struct kept_row *row,
                    struct votes *votes, struct ranking *out, struct span *json, bool *found,
                    struct err *err);

/* arena/kept_change.c. What changed between two days of a board, as for looking every day: its `old` and
 * `new` votes are to be freed. False with E_FORMAT when the two boards share fewer than two rated models. */
struct comparison;
MUST bool kept_compare(struct db *db, struct arena *arena, const char *name, day_t old_day, day_t new_day,
                       struct votes *old, struct votes *new, struct comparison *out, struct err *err);
/* After the board of `day` was kept: compare it with its base; when something changed beyond chance, this is
 * told (held while a quiet time is on) and `day` is the new base. */
MUST bool kept_watch(struct db *db, struct arena *arena, const char *name, day_t day, int64_t now,
                     struct err *err);
/* A change that was told. */
struct told {
    const char *name;
    day_t day, base;
    int64_t moved, models; /* so many of the common ones */
};
struct tolds {
    struct told *at;
    size_t n, room;
};
/* Those told since `since`, or let go by a quiet time that ended since then; newest first. */
MUST bool kept_told(struct db *db, struct arena *arena, int64_t since, struct tolds *out, struct err *err);
#endif
