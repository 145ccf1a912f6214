#ifndef SPEAK_BOX_KEY_H
#define SPEAK_BOX_KEY_H
/* The keys that first letters are sealed to: a new one every week, whose secret is deleted 14 days after the
 * last letters batch of that week, so that ciphertexts kept by the lab cannot be opened later, not even with
 * this computer in hand (PROTOCOL section 6.1). Of listeners; counsellors use the same. */
#include "base/day.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/db.h"

/* Migration of the room "speak". role: "listener", "counsellor": whose card it stands on. opened: letters
 * that were opened with a key, as hashes of their secrets, so that a copy of one is not taken for a new one;
 * they go with the key. */
#define BOX_KEY_TABLES \
    "create table box_key(role text not null, week integer not null, pk blob not null, secret blob not " \
    "null, primary key(role, week)) without rowid;" \
    "create table opened(hash blob primary key, pk blob not null) without rowid"

struct box_key {
    const char *role;
    day_t week;
    uint8_t pk[32], secret[32];
};
struct box_keys {
    struct box_key *at;
    size_t n, room;
};
/* The key of a role for the epoch `week`, made when there is none. The caller wipes `secret`. */
MUST bool box_key_of(struct db *db, const char *role, day_t week, struct box_key *out, struct err *err);
/* All that are here, newest first. box_keys_wipe when done with them. */
MUST bool box_keys_list(struct db *db, struct arena *arena, struct box_keys *out, struct err *err);
void box_keys_wipe(struct box_keys *keys);
/* Delete those whose time is over at `now` (Unix seconds, by the lab's clock). *n: how many. */
MUST bool box_keys_end(struct db *db, int64_t now, int64_t *n, struct err *err);
/* Within db_write: the letter whose conversation secret is `k` is opened with this key. *fresh: it was not
 * before. */
MUST bool box_key_opened(struct db *db, const uint8_t pk[static 32], const uint8_t k[static 32], bool *fresh,
                         struct err *err);
#endif
