#ifndef ANON_OUTBOX_DB_H
#define ANON_OUTBOX_DB_H
/* The outbox as rows, and the tables of what a node spends, reads and finds. For anon/ alone. */
#include "anon/spend.h"

/* Migrations 4 to 6 of the room "anon": `{4, NODE, OUTBOX_TABLES}, {5, NODE, RECEIPT_TABLES},
 * {6, NODE, ITEM_TABLES}`.
 *
 * outbox: acts; thread: the 16 bytes the key is made of, null for a one-time key; begins: they were drawn for
 * a new thread; pass, bytes, item, leaf, epoch, key_epoch: null before the first try; told: the person has
 * seen how it ended.
 * receipt: promises of the board for own acts. state 0: promised; 1: in the log, `proof` shows it.
 * kept_batch: what the board published, as it came. item: what can be read in it. token_seen: passes that
 * were published. gone: items whose content is not shown any more. metoo: counts of it. finding: what did not
 * fit, with what shows it. */
#define OUTBOX_TABLES \
    "create table outbox(id integer primary key, kind text not null, lab text not null, act text not null, " \
    "salt blob not null, thread blob, begins integer not null, keep_key integer not null, state integer " \
    "not null, made integer not null, moment integer not null, at_once integer not null, tries integer not " \
    "null default 0, last_try integer not null default 0, status integer not null default 0, pass blob, " \
    "bytes blob, item blob, leaf blob, epoch integer, key_epoch integer, told integer not null default 0);" \
    "create index outbox_thread on outbox(thread)"
#define RECEIPT_TABLES \
    "create table receipt(leaf blob primary key, day integer not null, note blob not null, state integer " \
    "not null, idx integer, proof blob) without rowid"
#define ITEM_TABLES \
    "create table kept_batch(series text not null, n integer not null, day integer not null, first integer " \
    "not null, count integer not null, bytes blob not null, primary key(series, n)) without rowid;" \
    "create table item(id blob primary key, kind text not null, day integer not null, series text not " \
    "null, " \
    "n integer not null, idx integer not null, thread blob, pk blob not null, json text not null) without " \
    "rowid;" \
    "create index item_thread on item(thread, n);" \
    "create table token_seen(nonce blob primary key, key_id blob not null, idx integer not null) without " \
    "rowid;" \
    "create table gone(id blob primary key, idx integer not null, by_idx integer not null) without rowid;" \
    "create table metoo(target blob primary key, n integer not null) without rowid;" \
    "create table finding(id integer primary key, at integer not null, text text not null unique, evidence " \
    "blob)"

struct outbox_act {
    int64_t id;
    struct span kind, lab, act; /* act: canonical */
    uint8_t salt[16], thread[16];
    bool has_thread, begins, keep_key, at_once, told;
    enum act_state state;
    int64_t made, moment, last_try;
    int tries, status;
    struct span pass, bytes; /* once tried, until it is proven or the pass is of no more use */
    uint8_t item[16], leaf[32];
    day_t epoch, key_epoch;
};
struct outbox {
    struct outbox_act *at;
    size_t n, room;
};
/* All acts, the oldest first; `id`: that one, or -1. */
MUST bool outbox_list(struct db *db, struct arena *arena, int64_t id, struct outbox *out, struct err *err);
MUST bool outbox_put(struct db *db, const struct outbox_act *act, int64_t *id, struct err *err);
/* The moment of its next try. */
MUST bool outbox_later(struct db *db, int64_t id, int64_t moment, struct err *err);
/* One more try from act->tries on, with pass and bytes kept: *ours is false when somebody else was faster. */
MUST bool outbox_try(struct db *db, const struct outbox_act *act, int64_t now, bool *ours, struct err *err);
MUST bool outbox_state(struct db *db, int64_t id, enum act_state state, int status, struct err *err);
/* Take an act out that was never tried. *there: it was waiting, and is gone now. */
MUST bool outbox_cancel(struct db *db, int64_t id, bool *there, struct err *err);
/* The person knows how it ended, and need not be told again. */
MUST bool outbox_told(struct db *db, int64_t id, struct err *err);
/* Take an act out that has ended, with what the board promised for it once that is proven: no trace of it is
 * left on this computer. One that is still under way stays. */
MUST bool outbox_forget(struct db *db, int64_t id, struct err *err);
/* Acts of one kind go, however far they are: out of a copy of the data that may not hold them. */
MUST bool outbox_drop_kind(struct db *db, const char *kind, struct err *err);
/* How many acts are to be sent, or tried again. */
MUST bool outbox_waiting(struct db *db, int64_t *n, struct err *err);
/* Acts that were tried go out of a copy of the data; of those that ended, what they were sent with. */
MUST bool outbox_drop_tried(struct db *db, struct err *err);
/* The epoch of the key that the person last wrote with in this thread, or `otherwise`. */
MUST bool outbox_key_epoch(struct db *db, const uint8_t thread[static 16], day_t otherwise, day_t *out,
                           struct err *err);
/* The 16 bytes that the key of the thread `id` is made of: those drawn for it when the person began it. */
MUST bool outbox_thread(struct db *db, const uint8_t id[static 16], uint8_t out[static 16], struct err *err);

/* Keep a finding (once), and what shows it. */
MUST bool finding_keep(struct db *db, int64_t now, const char *text, struct span evidence, struct err *err);
#endif
