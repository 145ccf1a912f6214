#ifndef SPEAK_OWN_KEY_H
#define SPEAK_OWN_KEY_H
/* Keys of a person that stand in the record: as a listener, as a voucher. The secret stays on this computer
 * (a backup holds it: the key is known to members by its words, and lives for months); what goes to others is
 * a line without it. */
#include "anon/history.h"
#include "crypt/sign.h"
#include "io/db.h"

/* Migration of the room "speak". what: "listener", "voucher", "counsellor"; line: the last one that was made.
 */
#define OWN_KEY_TABLES \
    "create table own_key(what text primary key, seed blob not null, pk blob not null, line text not null) " \
    "without rowid"

struct own_key {
    struct sign_key key; /* wipe it (secret_wipe) after use */
    uint8_t pk[32];
    struct span line;
};
MUST bool own_key_load(struct db *db, struct arena *arena, const char *what, struct own_key *out, bool *there,
                       struct err *err);
/* A voucher's line, for `respite lab voucher`: name, term, proof. The key is drawn when there is none. */
MUST bool voucher_line(struct db *db, struct arena *arena, struct span name, day_t from, day_t to,
                       struct own_key *out, struct err *err);
/* The line of a person's entry, proven with the key `what`, which is drawn when there is none. */
MUST bool own_key_line(struct db *db, struct arena *arena, const char *what, struct entry *entry,
                       struct own_key *out, struct err *err);
/* What a listener asks to be vouched for: name (may be ""), term, proof. The key is drawn when there is none.
 */
MUST bool listener_ask(struct db *db, struct arena *arena, struct span name, day_t from, day_t to,
                       struct own_key *out, struct err *err);
/* Read what a listener asks with: E_FORMAT. */
MUST bool listener_ask_read(struct span line, struct arena *arena, struct entry_person *out, struct err *err);
/* Vouch: append the line for `respite lab listener`. `log`: the voucher's own entry has to stand in it
 * (E_REFUSED), under whose name it is done. */
MUST bool listener_vouch(struct db *db, struct arena *arena, const struct history *log, struct span asked,
                         struct buf *out, struct err *err);
#endif
