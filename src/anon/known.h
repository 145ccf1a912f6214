#ifndef ANON_KNOWN_H
#define ANON_KNOWN_H
/* The lab this node is a member of, and what the node keeps to be one: fixed at join (PROTOCOL sections 7 and
 * 10.7). One lab a node. */
#include <stdint.h>

#include "base/day.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/db.h"

enum { KNOWN_LIST = 8 };
struct sign_key;
struct known {
    const char *name, *by, *zone, *member, *own_name;
    bool trial, split;
    const char *issuer[KNOWN_LIST + 1], *board[KNOWN_LIST + 1];    /* base URLs, NULL-ended, as in genesis */
    const char *issuer_log, *issuer_vkey, *board_log, *board_vkey; /* the same when not split */
    const char *promise_vkey, *origin_info;
    const char *board_origin;     /* host[:port] of board[0]: "lab" of acts */
    const struct sign_key *guest; /* NULL: a member. Else the key of a counsellor who is none, and has none of
                                     the secrets below (anon/guest.h) */
    const char *via;              /* "socks5h://…", or NULL: straight (a setting) */
    int64_t joined_at;            /* by this computer's clock: nobody is accused by it */
    day_t since, passes; /* the first epochs whose lists we are in and whose passes are for us, as the lab
                            said; 0: it did not */
    uint8_t secret[32];  /* the bearer */
    uint8_t tag[32];
    uint8_t witness[32]; /* seed of the key that cosigns */
    uint8_t threads[32]; /* the local secret of item_thread_key() */
};
/* *out is NULL when this node is in no lab. Lives in the arena; wiped by whoever is done with it, where that
 * matters. */
MUST bool known_load(struct db *db, struct arena *arena, struct known **out, struct err *err);
MUST bool known_save(struct db *db, const struct known *known, struct err *err);
/* The size of the issuer's log as first followed after joining, in *out: rosters that were logged later know
 * of this member. It is `size` when none is kept, and is kept then. */
MUST bool known_joined(struct db *db, struct arena *arena, uint64_t size, uint64_t *out, struct err *err);
/* Within db_write: forget the lab and all that came from it (leave; `forget` removes the file itself). */
MUST bool known_forget(struct db *db, struct err *err);
#endif
