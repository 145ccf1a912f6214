/* Weekly keys as rows. The database overwrites what is deleted (secure_delete). */
#include "speak/box_key.h"

#include "anon/epoch.h"
#include "base/vec.h"
#include "base/words.h"
#include "crypt/box.h"
#include "crypt/hash.h"
#include "crypt/secret.h"

#include "base/banned.h"

enum {
    HOUR = 3600,
    DAY = 86400,
    BATCH_HOURS = 4 /* the last batch after the week's passes are over */,
    KEEP = 14
};

static bool copy(struct stmt *q, int column, uint8_t out[static 32], struct err *err)
{
    struct span bytes = db_text(q, column);
    if (bytes.n != 32)
        return fail(err, E_FORMAT,
                    tr("err.letters.row", "What is kept here of letters is damaged. `respite "
                                          "restore` puts a backup back."));
    memcpy(out, bytes.p, 32);
    return true;
}

static bool find(struct db *db, const char *role, day_t week, struct box_key *out, bool *there,
                 struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err, "select pk, secret from box_key where role = $1 and week = $2", V_STR(role),
                  V_INT(week)))
        return false;
    *there = db_next(q, &inner);
    if (inner.code)
        return fail(err, inner.code, "%s", inner.text);
    return !*there || (copy(q, 0, out->pk, err) && copy(q, 1, out->secret, err));
}

bool box_key_of(struct db *db, const char *role, day_t week, struct box_key *out, struct err *err)
{
    bool there;
    *out = (struct box_key){.role = role, .week = week};
    if (!find(db, role, week, out, &there, err) || there)
        return err->code == E_NONE;
    box_pair(out->pk, out->secret);
    return db_run(
               db, err,
               "insert into box_key(role, week, pk, secret) values ($1, $2, $3, $4) on conflict do nothing",
               V_STR(role), V_INT(week), V_BLOB(span_bytes(out->pk, 32)),
               V_BLOB(span_bytes(out->secret, 32))) &&
           find(db, role, week, out, &there, err);
}

bool box_keys_list(struct db *db, struct arena *arena, struct box_keys *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err, "select role, week, pk, secret from box_key order by week desc, role"))
        return false;
    while (db_next(q, &inner)) {
        struct box_key *k = VEC_PUSH(arena, out);
        if (!k || !(k->role = arena_text(arena, db_text(q, 0))))
            return fail_memory(err);
        k->week = (day_t)db_int(q, 1);
        if (!copy(q, 2, k->pk, err) || !copy(q, 3, k->secret, err))
            return false;
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

void box_keys_wipe(struct box_keys *keys)
{
    for (size_t i = 0; i < keys->n; i++)
        secret_wipe(keys->at[i].secret, sizeof keys->at[i].secret);
}

bool box_keys_end(struct db *db, int64_t now, int64_t *n, struct err *err)
{
    int64_t week = (now - KEEP * DAY - BATCH_HOURS * HOUR - EPOCH_GRACE) / DAY - EPOCH_NEXT;
    if (!db_run(db, err, "delete from box_key where week <= $1", V_INT(week)))
        return false;
    *n = db_changed(db);
    return *n == 0 || db_run(db, err, "delete from opened where pk not in (select pk from box_key)");
}

bool box_key_opened(struct db *db, const uint8_t pk[static 32], const uint8_t k[static 32], bool *fresh,
                    struct err *err)
{
    uint8_t hash[32];
    hash_tagged(SPAN("respite/opened/v1\n"), span_bytes(k, 32), hash);
    if (!db_run(db, err, "insert into opened(hash, pk) values ($1, $2) on conflict do nothing",
                V_BLOB(span_bytes(hash, 32)), V_BLOB(span_bytes(pk, 32))))
        return false;
    *fresh = db_changed(db) == 1;
    return true;
}
