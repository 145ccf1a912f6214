#ifndef SPEAK_MODERATE_KEY_H
#define SPEAK_MODERATE_KEY_H
/* The key of a moderator, made on their own computer. What goes to whoever runs the lab is a line: name, key,
 * term and proof in base64, without a secret. Vouchers' lines have the same form. */
#include "anon/entry.h"
#include "io/db.h"

enum { PERSON_LINE = 2048, TERM_WEEKS = 26 };
/* Append the line of a moderator's or voucher's entry (proven; `at` is left out). */
MUST bool person_line_write(const struct entry *entry, struct buf *out, struct err *err);
/* Read a line; its entry gets `at`. E_FORMAT when it is no line, of another kind, or not signed by its key.
 */
MUST bool person_line_read(struct span line, enum entry_kind kind, int64_t at, struct arena *arena,
                           struct entry *out, struct err *err);

/* The key that this computer decides with. Wipe it (secret_wipe) after use. */
struct moderate_self {
    struct sign_key key;
    uint8_t pk[32];
    struct span line;
};
MUST bool moderate_self_load(struct db *db, struct arena *arena, struct moderate_self *out, bool *there,
                             struct err *err);
/* Draw a key for `name` from day to day and keep it, in place of one that was here. */
MUST bool moderate_self_make(struct db *db, struct arena *arena, struct span name, day_t from, day_t to,
                             struct moderate_self *out, struct err *err);
#endif
