#ifndef IO_WRITER_H
#define IO_WRITER_H
/* Group commit. One thread holds the database and writes for all: whatever waits while a commit is on its way
 * to the disk shares the next one. One piece that is refused does not undo its neighbours: then all of them
 * run again, each in a savepoint of the shared transaction; answers go out after the commit, so what was
 * answered "kept" is on the disk. With one waiting client this is as fast as single commits, with many it is
 * the number of rows that counts and not the disk's sync (bench/writer). */
#include <stdint.h>

#include "io/db.h"

struct writer;

/* One piece of work on its way. The caller owns it, fills the first part and leaves it alone until it is
 * answered; so queueing takes no memory and cannot fail. `work` runs on the writer's thread; it may run
 * again, because a neighbour was refused or another process was in its way, so it sets what it writes into
 * `arg` each time. */
struct writing {
    db_work *work;
    void *arg;
    /* Pieces of one commit run by ascending `order`. Two processes on one PostgreSQL that write the same
     * unique keys wait for each other for a second unless they go in one order: give the first bytes of the
     * key. What came in when is then not kept in the order of rows either. */
    uint64_t order;
    /* Called once, on the writer's thread, when it is decided: look at kept and err. It must be quick and
     * must not wait for this writer; the memory of `this` may go from here on. */
    void (*answer)(struct writing *this);
    bool between; /* runs outside the transaction, after the others of its commit */

    bool kept;
    struct err err; /* when it was not kept */
    struct writing *next;
    unsigned tries;
};

/* `db` is the writer's from now on, also when this fails, and is closed with it. All signals but those of
 * faults are blocked in its thread. */
MUST bool writer_start(struct writer **out, struct db *db, struct err *err);
/* Queue it and go on. After writer_stop it is answered at once, E_STOPPED, on the caller's thread. */
void writer_put(struct writer *writer, struct writing *this);
/* Queue it and wait for the answer: db_write() through the writer. */
MUST bool writer_do(struct writer *writer, db_work *work, void *arg, struct err *err);
/* The same, in its place among what shares the commit (`order` above; writer_do has 0). */
MUST bool writer_do_in(struct writer *writer, uint64_t order, db_work *work, void *arg, struct err *err);
/* Queue what can be no part of a transaction (rewriting the file) and wait: it runs between two commits. */
MUST bool writer_between(struct writer *writer, db_work *work, void *arg, struct err *err);
/* Keep all that waits, then end the thread and close the database. NULL is fine. Nobody may call another
 * function with this writer once it returns. */
void writer_stop(struct writer *writer);
#endif
