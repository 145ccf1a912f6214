#ifndef TEST_ANON_LOG_HAND_H
#define TEST_ANON_LOG_HAND_H
/* Logs for tests: keys by a number, databases with the tables of the log, entries "entry <i>" in them, and
 * the checkpoints and proofs that a client of such a log makes. */
#include <stdlib.h>

#include "anon/log_room.h"
#include "anon/tlog.h"
#include "io/migrate.h"
#include "test/io/pg.h"
#include "test/io/place.h"

/* A log of the test's own, with its vkey. `n` below 4. */
static inline struct tlog hand_log(uint8_t n)
{
    static char vkey[4][200];
    uint8_t seed[32] = {n};
    struct tlog log = {.origin = "127.0.0.1:8080/respite", .vkey = vkey[n % 4]};
    sign_key_init(&log.key, seed);
    struct note_sig_key key = {.name = span_of(log.origin), .kind = NOTE_SIG_PLAIN};
    sign_public(&log.key, key.pk);
    sign_key_id(key.name, NOTE_SIG_PLAIN, key.pk, key.id);
    AUTO_BUF struct buf text;
    buf_init(&text, 200);
    note_sig_key_write(&text, &key);
    snprintf(vkey[n % 4], sizeof vkey[0], "%s", buf_text(&text));
    return log;
}

static inline struct db *hand_open(const char *path)
{
    struct err err = {0};
    struct db *db = NULL;
    struct migration_set set = {log_room.name, log_room.migrations};
    assert_ok(db_open(&db, path, &err) && migrate(db, &set, 1, LAB, NULL, &err), &err);
    return db;
}

/* Run `check` on an empty database of either kind. */
static inline void hand_both(void (*check)(struct db *db, const char *path))
{
    struct err err = {0};
    struct place place;
    struct db *db = NULL;
    place_make(&place);
    const char *path = place_name(&place, "lab.db");
    db = hand_open(path);
    check(db, path);
    db_close(db);
    place_clear(&place);
    path = pg_url();
    if (!path)
        skip();
    db = NULL;
    assert_ok(db_open(&db, path, &err), &err);
    pg_empty(db);
    db_close(db);
    db = hand_open(path);
    check(db, path);
    db_close(db);
}

struct hand_some {
    struct tlog log;
    size_t from, n;
    uint64_t first;
    bool fails;
};

/* Entries "entry <from>" and the n - 1 after it. */
static inline bool hand_append(struct db *db, void *arg, struct err *err)
{
    struct hand_some *some = arg;
    static char text[1000][24];
    struct span entries[1000];
    for (size_t i = 0; i < some->n; i++)
        entries[i] =
            (struct span){text[i], (size_t)snprintf(text[i], sizeof text[i], "entry %zu", some->from + i)};
    return tlog_append(db, &some->log, entries, some->n, &some->first, err) &&
           (!some->fails || fail(err, E_REFUSED, "No."));
}

/* The same as the only thing in its transaction, of log 1. */
static inline void hand_add(struct db *db, size_t from, size_t n)
{
    struct err err = {0};
    struct hand_some some = {.log = hand_log(1), .from = from, .n = n};
    assert_ok(db_write(db, hand_append, &some, &err), &err);
    assert_int_equal(some.first, from);
}
#endif
