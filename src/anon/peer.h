#ifndef ANON_PEER_H
#define ANON_PEER_H
/* A split lab: each operator follows the other's log and keeps a checked copy of it (PROTOCOL section 5). The
 * board has all that it knows of members from there; the issuer the surveys that it makes keys for, and the
 * heads that members cosign. Each writes the other's checkpoint into its own log, so that neither can show a
 * member another record of the other. */
#include "anon/history.h"
#include "anon/lab.h"

/* Add to `history` the entries of the checked copy that it does not have (a new one begins with those of the
 * first checkpoint). */
MUST bool peer_history(struct db *db, struct history *history, struct err *err);

/* Within db_write, recovering: entry `n` of the copy, as a member's computer has it; one that is there has to
 * be the same (E_REFUSED). Then the signed head of all of them, which a longer copy keeps its own before;
 * `first`: how many stood under the first checkpoint. */
MUST bool peer_put_entry(struct db *db, uint64_t n, struct span entry, struct err *err);
MUST bool peer_put_head(struct db *db, uint64_t size, uint64_t first, struct span note, struct err *err);

/* The job, board and issuer; nothing in a lab that is not split. At most once a minute the other's log is
 * asked for. E_REFUSED: what came does not continue what is kept here, is not signed by the key in lab.key,
 * or does not hash to its root; the copy stays as it was, and the note that lied is kept. */
MUST bool peer_beat(struct app *app, struct err *err);
/* One look now, whoever had the last turn. */
MUST bool peer_look_now(struct app *app, struct err *err);
/* One look for a request that cannot be answered without it; not so soon after the last one that requests
 * could drive it. True when one was made. */
bool peer_look_for(struct app *app);
/* The same over `get`, which appends the answer to a GET of `path` of the other's server. */
typedef bool peer_get(void *arg, const char *path, size_t most, struct buf *out, struct err *err);
MUST bool peer_look(struct app *app, peer_get *get, void *arg, struct err *err);

/* One fetched checkpoint: is it signed by `vkey` under `origin`? Spans of *out point into `bytes`. */
MUST bool peer_note(struct span bytes, struct span origin, struct span vkey, struct arena *arena,
                    struct checkpoint *out, struct err *err);
/* Entries of a tile: add those from number tree->size on to `tree` and to `out` (in the arena). `index` is
 * the tile's, `width` how many entries it has to hold. */
struct peer_entries {
    struct span *at;
    size_t n, room;
};
MUST bool peer_tile(struct span bytes, uint64_t index, unsigned width, struct merkle *tree,
                    struct arena *arena, struct peer_entries *out, struct err *err);
#endif
