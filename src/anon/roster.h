#ifndef ANON_ROSTER_H
#define ANON_ROSTER_H
/* Lists of members and of holders, by epoch: hashes that a member finds its own among and that name nobody
 * (PROTOCOL section 5, Roster; section 3, The crowd). What the record says of a list is its number and root;
 * the list is served beside it. */
#include <jansson.h>

#include "anon/epoch.h"
#include "io/db.h"
#include "ui/room.h"

enum roster_kind { ROSTER_MEMBERS, ROSTER_HOLDERS }; /* entries `roster` and `open` */
/* Different hashes, ascending. */
struct leaves {
    uint8_t (*at)[32];
    size_t n;
};
/* SHA-256("respite/member/v1\n" || epoch || tag), "respite/holder/v1\n" */
void roster_leaf(enum roster_kind kind, day_t epoch, const uint8_t tag[static 32], uint8_t out[static 32]);
void roster_root(const struct leaves *leaves, uint8_t out[static 32]);
bool leaves_have(const struct leaves *leaves, const uint8_t leaf[static 32]);

/* The newest list of an epoch that was logged; empty when there is none. Memory is the arena's. */
MUST bool roster_logged(struct db *db, enum roster_kind kind, day_t epoch, struct arena *arena,
                        struct leaves *out, struct err *err);
/* What the list would be now: those that stand in it already, and who came. Members: whose quota has begun by
 * `epoch`, and who left with passes of it. Holders: of those in `roster`, whoever has the whole quota of the
 * key; `late`: also who fetched after spending had begun. */
MUST bool roster_members(struct db *db, day_t epoch, struct arena *arena, struct leaves *out,
                         struct err *err);
MUST bool roster_holders(struct db *db, day_t epoch, const uint8_t key_id[static 32], bool late,
                         const struct leaves *roster, struct arena *arena, struct leaves *out,
                         struct err *err);
/* Within db_write: keep the list of the entry at `index`. */
MUST bool roster_keep(struct db *db, enum roster_kind kind, day_t epoch, uint64_t index,
                      const struct leaves *leaves, struct err *err);
/* Whether a tag stands in the roster of the entry at `index`. */
MUST bool roster_has(struct db *db, int64_t index, const uint8_t tag[static 32], bool *in, struct err *err);

/* GET /v1/rosters/<epoch> */
void api_roster(struct app *app, const struct request *request, struct reply *reply);
#endif
