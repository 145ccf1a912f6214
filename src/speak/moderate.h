#ifndef SPEAK_MODERATE_H
#define SPEAK_MODERATE_H
/* What moderators decided, as this computer reads it in the record, and what members answered. A decision
 * that the record's rules refuse (anon/history.h) counts for nothing here, whatever the lab makes of it. What
 * is hidden is shown behind its reason; nothing here removes a post. */
#include "anon/batches.h"
#include "anon/moderation.h"
#include "base/day.h"
#include "base/mem.h"
#include "io/db.h"

/* Migration of the room "speak": `{n, NODE, MODERATE_TABLES}`.
 *
 * moderation: decisions that count, by their index in the record. appeal: by the index of its leaf; target:
 * the index of the decision. moderate_seen: how much of the record the two were made from. moderate_self: the
 * moderator's key of who uses this computer. moderate_desk: what the board said last to that key. */
#define MODERATE_TABLES \
    "create table moderation(idx integer primary key, target blob not null, act integer not null, reason " \
    "text not null, who text not null, day integer not null);" \
    "create index moderation_target on moderation(target, idx);" \
    "create table appeal(idx integer primary key, id blob not null unique, target integer not null, day " \
    "integer not null, text text not null);" \
    "create table moderate_seen(id integer primary key, size integer not null);" \
    "create table moderate_self(id integer primary key, seed blob not null, line text not null);" \
    "create table moderate_desk(id integer primary key, at integer not null, json text not null)"

/* Take over what is new in the record; board_keep() calls it. */
MUST bool moderate_keep(struct db *db, struct err *err);
/* Within db_write, from board_keep(): one item of kind `appeal`; one that is gone. */
MUST bool moderate_take_appeal(struct db *db, const struct kept_item *item, struct err *err);
MUST bool moderate_gone_appeal(struct db *db, const uint8_t id[static 16], struct err *err);
/* Within db_write: the lab was left. */
MUST bool moderate_forget(struct db *db, struct err *err);

/* What stands on a post. */
struct moderate_state {
    uint8_t target[16];
    bool hidden, muted, dropped;
    int64_t entry; /* index of the decision that hides it (else: mutes, drops it): what an appeal names */
    int64_t last;  /* of the last decision about it: `prev` of the next */
    struct span reason; /* of `entry`, as it came: clean it before it is shown */
    struct span who;
    day_t day;
};
struct moderate_states {
    struct moderate_state *at; /* ascending by target */
    size_t n, room;
};
/* All posts that moderators decided about. */
MUST bool moderate_states(struct db *db, struct arena *arena, struct moderate_states *out, struct err *err);
/* That of one post, or NULL: nobody decided about it. */
const struct moderate_state *moderate_of(const struct moderate_states *all, const uint8_t id[static 16]);
/* The same, asked for one post: *out is zeroed, `last` -1, when nobody decided about it. */
MUST bool moderate_state(struct db *db, struct arena *arena, const uint8_t id[static 16],
                         struct moderate_state *out, struct err *err);

/* What was decided, newest first, and what came of appeals. */
enum appeal_end { APPEAL_OPEN, APPEAL_UNDONE, APPEAL_STAYS };
struct moderate_appeal {
    uint8_t id[16];
    struct span text; /* as it came */
    day_t day;
    enum appeal_end end;
    bool hidden; /* the moderators hid the appeal itself */
};
struct moderate_act {
    int64_t index;
    uint8_t target[16];
    enum moderation_do act;
    struct span reason, who;
    day_t day;
    struct moderate_appeal *appeal;
    size_t appeals;
};
struct moderate_acts {
    struct moderate_act *at;
    size_t n, room;
    int64_t all;
};
MUST bool moderate_list(struct db *db, struct arena *arena, int64_t skip, int64_t most,
                        struct moderate_acts *out, struct err *err);
/* One decision by its index; *there. */
MUST bool moderate_one(struct db *db, struct arena *arena, int64_t index, struct moderate_act *out,
                       bool *there, struct err *err);
/* Appeals that nobody answered, oldest first, each as its decision with the one appeal. */
MUST bool moderate_open(struct db *db, struct arena *arena, struct moderate_acts *out, struct err *err);

/* Moderators of the record, the newest first: those whose term is not over at `now`. */
struct moderator {
    struct span name;
    uint8_t pk[32];
    int64_t from, until; /* Unix seconds in force */
    bool ended;
};
struct moderators {
    struct moderator *at;
    size_t n, room;
};
MUST bool moderators_load(struct db *db, struct arena *arena, int64_t now, struct moderators *out,
                          struct err *err);

/* "hidden", "shown again", …: what a decision did, for a list. In the language of this thread. */
const char *moderate_say(enum moderation_do act);
#endif
