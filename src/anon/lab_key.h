#ifndef ANON_LAB_KEY_H
#define ANON_LAB_KEY_H
/* The key file of a lab, DATA/lab/lab.key, one line of strict JSON, and what of a lab can be said without a
 * database: its addresses, its origins, its verifier keys. Pure but for the file. */
#include "anon/lab.h"

enum { LAB_ORIGIN_MOST = 128, LAB_NAME_MOST = 80 };

/* What stands in the file. Wipe it. */
struct lab_key {
    enum role role;
    struct span name, by, zone;
    bool trial;
    int64_t quota;
    struct span issuer[LAB_LIST], board[LAB_LIST]; /* base URLs */
    size_t issuers, boards;                        /* 0: the first `serve` says */
    struct span peer_log, peer_promise; /* split: the other operator's vkeys; "" before they were told */
    uint8_t log[32], promise[32], seal[32];
};
const char *lab_key_path(struct arena *arena, const struct paths *paths);
/* Texts live in the arena. E_REFUSED when others of this machine may read the file. */
MUST bool lab_key_read(struct arena *arena, const struct paths *paths, struct lab_key *out, struct err *err);
/* The same from the bytes of the file, which stay the caller's to wipe. E_FORMAT. */
MUST bool lab_key_from(struct span text, struct arena *arena, struct lab_key *out, struct err *err);
/* Write it, over the one that is there. */
MUST bool lab_key_write(struct arena *arena, const struct paths *paths, const struct lab_key *key,
                        struct err *err);

/* A base URL of a lab as a node takes it: https, or http on this machine or to a .onion; host and port alone,
 * lower case, at most 128 bytes. A final "/" is cut. *origin is what stands behind "://". E_USAGE. */
MUST bool lab_url_read(struct span text, struct span *url, struct span *origin, struct err *err);
/* The vkey of the key of `seed` under `name`, in the arena; NULL when there is no memory. */
const char *lab_vkey(struct arena *arena, const char *name, const struct sign_key *key);
#endif
