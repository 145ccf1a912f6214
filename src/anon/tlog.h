#ifndef ANON_TLOG_H
#define ANON_TLOG_H
/* The lab's log in its database (C2SP tlog-tiles, signed notes): entries, tiles, the signed checkpoint. One
 * row holds the head; who appends takes that row first, so that several processes on one database append one
 * after the other. Tiles are written with the entries, in one transaction, and never change once full. */
#include <stdint.h>

#include "base/mem.h"
#include "codec/note_sig.h"
#include "crypt/merkle.h"
#include "crypt/sign.h"
#include "io/db.h"

struct tlog {
    const char *origin, *vkey;
    struct sign_key key;
};
/* Within db_write: append `n` entries and sign the new checkpoint. `*first` is the index of the first. An
 * empty log has no head row: the first append makes it. */
MUST bool tlog_append(struct db *db, const struct tlog *log, const struct span *entries, size_t n,
                      uint64_t *first, struct err *err);
/* Within db_write: hold the head row, so that nobody else appends until this work ends; *size is its size. */
MUST bool tlog_hold(struct db *db, uint64_t *size, struct err *err);
/* Number of entries; 0 when there is no log yet. */
MUST bool tlog_size(struct db *db, uint64_t *size, struct err *err);
/* Both at once: its size and the note signed last; 0 and an empty one when there is no log yet. */
MUST bool tlog_stand(struct db *db, struct arena *arena, uint64_t *size, struct span *note, struct err *err);
/* The signed checkpoint as it is served; E_MISSING when there is none. Copies live in the arena. */
MUST bool tlog_checkpoint(struct db *db, struct arena *arena, struct span *out, struct err *err);
/* A tile (hashes or entries) of the log as it is: E_MISSING for one that is not there, also when its width is
 * not one this size has. Widths below the present one of the last tile are served too. */
MUST bool tlog_tile(struct db *db, struct arena *arena, const struct merkle_tile *tile, struct buf *out,
                    struct err *err);
MUST bool tlog_entry(struct db *db, struct arena *arena, uint64_t index, struct span *out, struct err *err);
/* The root of its first `size` entries, from the tiles. E_MISSING when there are fewer. */
MUST bool tlog_root(struct db *db, uint64_t size, uint8_t out[static 32], struct err *err);

/* The proof that the first `size` entries begin with the first `old`, 1 or more; `proof` has room for
 * MERKLE_PROOF_MOST hashes. */
MUST bool tlog_consistency(struct db *db, uint64_t old, uint64_t size, uint8_t (*proof)[32], size_t *n,
                           struct err *err);
/* Read a checkpoint that is to be this log's own, signed by its key: E_REFUSED when it is not. Parts are
 * borrowed from `note`. */
MUST bool tlog_own(const struct tlog *log, struct span note, struct arena *arena, struct checkpoint *out,
                   struct err *err);
/* A checkpoint outside the database: written after each commit and before it is served (PROTOCOL 4, "Kept,
 * lost, brought back"). tlog_head_keep writes the larger of file and database; tlog_head_check is false with
 * E_REFUSED when the file knows a larger log, or another of the same size, than the database. */
MUST bool tlog_head_keep(struct db *db, const char *file, struct err *err);
MUST bool tlog_head_check(struct db *db, const struct tlog *log, const char *file, struct err *err);
#endif
