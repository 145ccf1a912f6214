#ifndef ANON_FOLLOW_LOOK_H
#define ANON_FOLLOW_LOOK_H
/* One look at one log, in steps: what is kept, the signed checkpoint, the entries, their times. For
 * anon/follow.c, which goes on from what is kept, and anon/follow_again.c, which reads a log from its
 * beginning. */
#include "anon/follow.h"
#include "anon/peer.h"

struct follow_kept {
    uint64_t size, first_size;
    int64_t at; /* when it was fetched last */
    struct span note;
};
struct look {
    struct db *db;
    const struct known *known;
    struct arena *arena;
    int log;
    const char *base, *origin, *vkey;
    int64_t now, date;
    struct follow_kept kept;
    struct buf note;
    struct checkpoint checkpoint;
    struct peer_entries entries; /* as fetched, from that on which stood next in the tree */
};
/* note is buf_init; ended by look_end. */
void look_begin(struct look *l, struct db *db, const struct known *known, struct arena *arena, int log,
                int64_t now);
void look_end(struct look *l);
MUST bool look_kept(struct look *l, struct err *err);
/* Fetch the checkpoint: signed by the log's key, or a stop. */
MUST bool look_note(struct look *l, struct err *err);
/* Fetch what `tree` lacks of it, and hold the root against the checkpoint: it fits, or a stop. */
MUST bool look_entries(struct look *l, struct merkle *tree, struct err *err);
/* Times of the entries from number `from` of l->entries on: they hold, or a stop. */
MUST bool look_times(struct look *l, size_t from, struct err *err);
/* Within db_write: keep l->entries from `from` on behind entry number `index` - 1, and the checkpoint. */
MUST bool look_keep(struct look *l, size_t from, uint64_t index, struct err *err);
/* One log, whether it was stopped or not. */
MUST bool follow_one(struct db *db, const struct known *known, int log, int64_t now, int64_t *date,
                     struct err *err);
#endif
