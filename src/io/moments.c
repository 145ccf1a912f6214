/* Drawing moments and looking whether the machine was up at them. */
#include "io/moments.h"

#include <stdio.h>

#include "crypt/hash.h"
#include "crypt/rand.h"
#include "io/clock.h"

#include "base/banned.h"

enum {
    LATE_MOST = 3600,   /* seconds after which a moment is missed */
    SLEEP_LEAST = 2000, /* milliseconds: less than this is no suspend, the two clocks are read one by one */
};

bool moments_look(struct db *db, int64_t now, int64_t *awake_since, struct err *err)
{
    struct clock_machine machine;
    struct err inner = {0};
    AUTO_STMT struct stmt *q = NULL;
    clock_machine(&machine);
    if (!db_query(db, &q, err, "select boot, asleep_ms, awake_since from machine_seen"))
        return false;
    if (db_next(q, &inner)) {
        int64_t asleep = machine.asleep_ms - db_int(q, 1);
        bool same = span_is(db_text(q, 0), machine.boot) && asleep > -SLEEP_LEAST && asleep < SLEEP_LEAST &&
                    db_int(q, 2) <= now;
        *awake_since = same ? db_int(q, 2) : now;
        if (same)
            return true;
    } else {
        *awake_since = now;
    }
    if (inner.code)
        return fail(err, inner.code, "%s", inner.text);
    db_close_stmt(q);
    q = NULL;
    return db_run(db, err,
                  "insert into machine_seen(one, boot, asleep_ms, awake_since) values (1, $1, $2, $3) on "
                  "conflict(one) do update set boot = $1, asleep_ms = $2, awake_since = $3",
                  V_STR(machine.boot), V_INT(machine.asleep_ms), V_INT(now));
}

bool moments_due(int64_t moment, int64_t now, int64_t awake_since)
{
    return moment <= now && moment > now - LATE_MOST && moment >= awake_since;
}

/* A number below `n` out of 32 bytes: n is small beside 2^64, so that none is likelier than another by more
 * than 1 in 2^40. */
static int64_t below(const uint8_t bytes[static 32], int64_t n)
{
    uint64_t x = 0;
    for (size_t i = 0; i < 8; i++)
        x = x << 8 | bytes[i];
    return (int64_t)(x % (uint64_t)n);
}

/* The node's own seed of all its fetch moments: nothing but it and the day goes into them. */
static bool seed_get(struct db *db, uint8_t seed[static 32], struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    rand_bytes(seed, 32);
    if (!db_run(db, err,
                "insert into known(name, value) values ('fetch seed', $1) on conflict(name) do nothing",
                V_BLOB(((struct span){(const char *)seed, 32}))) ||
        !db_query(db, &q, err, "select value from known where name = 'fetch seed'"))
        return false;
    if (!db_next(q, &inner))
        return fail(err, inner.code ? inner.code : E_SYSTEM, "%s", inner.text);
    if (db_text(q, 0).n == 32)
        memcpy(seed, db_text(q, 0).p, 32);
    return true;
}

bool moments_draw(struct db *db, day_t day, int64_t start, int64_t seconds, struct err *err)
{
    uint8_t seed[32], bytes[32];
    if (!db_run(db, err, "delete from fetch_moment where day < $1", V_INT(day)) || !seed_get(db, seed, err))
        return false;
    for (int n = 0; n < MOMENTS; n++) {
        char info[32];
        int length = snprintf(info, sizeof info, "respite/fetch/v1 %d %d", (int)day, n);
        hash_hkdf(seed, (struct span){info, (size_t)length}, bytes);
        if (!db_run(
                db, err,
                "insert into fetch_moment(day, n, moment) values ($1, $2, $3) on conflict(day, n) do nothing",
                V_INT(day), V_INT(n), V_INT(start + below(bytes, seconds))))
            return false;
    }
    return true;
}

bool moments_between(struct db *db, int64_t from, int64_t to, int64_t out[static MOMENTS], size_t *n,
                     struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *n = 0;
    if (!db_query(db, &q, err,
                  "select moment from fetch_moment where moment >= $1 and moment < $2 order by moment",
                  V_INT(from), V_INT(to)))
        return false;
    while (*n < MOMENTS && db_next(q, err))
        out[(*n)++] = db_int(q, 0);
    return err->code == E_NONE;
}
