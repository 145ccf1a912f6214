#ifndef ANON_BATCH_H
#define ANON_BATCH_H
/* Publishing (PROTOCOL section 4, Batches): acts wait, and at fixed slots all that wait enter the log at
 * once, ordered by their ids, which are hashes. What is published is stored as the bytes that every node
 * gets. After each batch the tables are rewritten in the order of their keys, so that nothing in the database
 * tells what came first. */
#include "anon/history.h"
#include "anon/tlog.h"
#include "ui/room.h"

enum { BATCH_ACTS = 512, BATCH_BYTES = 8 * 1024 * 1024, BATCH_LEAST = 3, BATCH_HELD = 4 };

/* The slot that `now` lies in, for one series ("board", "letters"). */
struct batch_slot {
    int64_t number; /* of all slots, ascending */
    int64_t since;  /* when it began, Unix seconds */
    day_t day;      /* the lab's day: this process's zone is the lab's */
    int64_t in_day; /* from 0 */
};
void batch_slot_at(const struct entry_rules *rules, const char *series, int64_t now, struct batch_slot *out);

/* What publishing needs of the histories, copied, so that they are not held while it writes. */
struct batch_key {
    uint8_t key_id[32];
    bool survey, summed; /* summed: the board's `close` of its epoch is in the log */
    day_t epoch;
    int64_t spend_to, spent; /* spent: the acts of its epoch in the log so far */
};
struct batch_facts {
    struct entry_rules rules; /* its texts are not to be looked at */
    struct batch_key *key;
    size_t keys;
    uint64_t size; /* of the log that `spent` and `summed` are taken from */
};
/* False (E_MISSING) when the log has no rules yet. */
MUST bool batch_facts_of(const struct history *issuer, const struct history *own, int64_t now,
                         struct arena *arena, struct batch_facts *out, struct err *err);

/* Publish what is due at app->now in a series, at most one batch; *acts: how many it took, *more: the slot
 * has more. Through app->lab->writer when there is one. */
MUST bool batch_publish(struct app *app, const struct tlog *log, const struct batch_facts *facts,
                        const char *series, int64_t *acts, bool *more, struct err *err);
/* Log the sums of epochs that are over and of which nothing waits. The facts are those after the last batch:
 * with older ones nothing is done. */
MUST bool batch_sum(struct app *app, const struct tlog *log, const struct batch_facts *facts,
                    struct err *err);

/* The job: all of this, as it is due; and the head is kept outside the database. */
MUST bool batch_beat(struct app *app, struct err *err);

/* Within db_write: take back a batch as members' nodes have it (recover): the bytes that were served. One
 * that is there stays. */
struct batch_row {
    const char *series;
    int64_t n;
    day_t day;
    uint64_t first; /* index of its first leaf */
    int64_t count;
    struct span bytes;
};
MUST bool batch_put(struct db *db, const struct batch_row *row, struct err *err);
#endif
