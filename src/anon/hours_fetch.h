#ifndef ANON_HOURS_FETCH_H
#define ANON_HOURS_FETCH_H
/* Counsellors' hours as a node has them: fetched whole with what else is fetched, each record held against
 * the log before anything of it is shown. Which times are taken is the board's word, as of its last batch. */
#include "anon/history.h"
#include "anon/hours.h"
#include "anon/known.h"

/* Migration of a node. hours_kept: records that fitted, of this week and later ones. hours_taken: times that
 * somebody has taken, as the board said. */
#define HOURS_TABLES \
    "create table hours_kept(counsellor blob not null, week integer not null, n integer not null, idx " \
    "bigint not null, record text not null, primary key(counsellor, week)) without rowid;" \
    "create table hours_taken(slot blob primary key) without rowid"

/* Fetch what the board shows, when the log speaks of hours of this week or a later one (so it depends on
 * nothing that this computer does). A record that is not signed by the counsellor it names, or is not the one
 * that the log speaks of, or is left out, is kept as a finding, and not shown. A record that was logged after
 * our copy of the log was fetched makes this look at the log once more. */
MUST bool hours_fetch(struct db *db, const struct known *known, const struct history *issuer,
                      const struct history *board, int64_t now, struct err *err);
/* The same with an answer that is here. size: of our copy of the log before the answer was asked for. *later:
 * a record in it is not in the log, and the log may have grown since: nothing was taken over. */
MUST bool hours_take(struct db *db, const struct known *known, const struct history *log, uint64_t size,
                     struct span answer, int64_t now, bool last, bool *later, struct err *err);

struct hours_kept {
    struct hours hours; /* texts in the arena */
    uint64_t index;     /* of its entry in the log */
};
struct hours_list {
    struct hours_kept *at;
    size_t n, room;
};
/* Those that are here of the epoch of `now` and later ones, by week. */
MUST bool hours_list(struct db *db, struct arena *arena, int64_t now, struct hours_list *out,
                     struct err *err);
/* Whether somebody has taken it, as of the last fetch. */
MUST bool hours_is_taken(struct db *db, const uint8_t slot[static 16], bool *taken, struct err *err);
/* Within db_write: the lab is left. */
MUST bool hours_forget(struct db *db, struct err *err);
#endif
