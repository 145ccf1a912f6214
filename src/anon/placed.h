#ifndef ANON_PLACED_H
#define ANON_PLACED_H
/* Where a published item of the board stands, and what has to be known of it when another act names it: on
 * the board, by id. Rows are keyed by hashes and hold what everybody can read. */
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "io/db.h"

struct placed {
    char kind[17]; /* "": its content was gone before this board had it */
    bool waits;    /* accepted, and not published yet */
    bool gone;     /* its content is not shown any more, or will not be when it is published */
    bool has_thread;
    uint8_t pk[32], thread[16];
};
/* What is known of the item `id` of the board series. *there: there is such a one. */
MUST bool placed_find(struct db *db, const uint8_t id[static 16], struct placed *out, bool *there,
                      struct err *err);

struct placing {
    const uint8_t *id, *thread; /* 16 bytes; thread: NULL when it stands in none */
    int64_t n;                  /* of its batch */
    struct span item;           /* canonical; empty: its content was gone before */
    const uint8_t *c;           /* 32 bytes; for `by` */
    int64_t by;                 /* the leaf that took its content away, or -1 */
};
/* Within db_write: it is published, readable by thread. One that is there stays. */
MUST bool placed_put(struct db *db, const struct placing *placing, struct err *err);
/* Within db_write: the leaf `by` takes the content of this item away (a `retract` by its writer, a `drop` of
 * the moderators): in its batch and its thread {"by","gone"} stands from now on; of one that waits, that is
 * what will be published. One that is gone stays as it is, and so does what is not there. */
MUST bool placed_take_out(struct db *db, const uint8_t id[static 16], int64_t by, struct err *err);
/* Posts of a new name in a thread where somebody was muted wait for a moderator (PROTOCOL section 7): within
 * db_write, before the act itself is put among those that wait. After HELD_SLOTS slots it goes out. */
enum { HELD_SLOTS = 3 };
MUST bool held_back_put(struct db *db, const uint8_t id[static 16], struct err *err);
/* Within db_write: a moderator has looked; it goes out with the next slot. *was: it was held back. */
MUST bool held_back_release(struct db *db, const uint8_t id[static 16], bool *was, struct err *err);
/* Within db_write, once a slot: those that waited long enough, or whose key's window is over by `since`, wait
 * no more. *due: some of them must go out now, however few they are. */
struct batch_facts;
MUST bool held_back_step(struct db *db, const struct batch_facts *facts, int64_t since, bool *due,
                         struct err *err);
/* Append {"by":…,"gone":"…"}, canonical. */
void placed_gone(struct buf *out, const uint8_t c[static 32], int64_t by);
#endif
