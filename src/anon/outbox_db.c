/* Rows of the outbox. A try is taken by an update that says how many there were, so that of two processes one
 * sends. */
#include "anon/outbox_db.h"

#include "base/vec.h"
#include "base/words.h"

#include "base/banned.h"

/* A blob of `n` bytes, or zeroes for null. */
static bool copy(struct stmt *q, int column, void *to, size_t n, bool *there, struct err *err)
{
    struct span bytes = db_text(q, column);
    *there = !db_is_null(q, column);
    if (*there && bytes.n != n)
        return fail(err, E_FORMAT,
                    tr("err.anon.outbox_row",
                       "A row of what waits to be sent is damaged. `respite restore` puts a backup back."));
    if (*there)
        memcpy(to, bytes.p, n);
    return true;
}

static bool keep(struct stmt *q, int column, struct arena *arena, struct span *out, struct err *err)
{
    struct span bytes = db_text(q, column);
    *out = (struct span){NULL, 0};
    if (db_is_null(q, column))
        return true;
    *out = arena_span(arena, bytes);
    return out->p || fail_memory(err);
}

static bool read_row(struct stmt *q, struct arena *arena, struct outbox_act *a, struct err *err)
{
    bool there;
    a->id = db_int(q, 0);
    a->begins = db_int(q, 6) != 0;
    a->keep_key = db_int(q, 7) != 0;
    a->state = (enum act_state)db_int(q, 8);
    a->made = db_int(q, 9);
    a->moment = db_int(q, 10);
    a->at_once = db_int(q, 11) != 0;
    a->tries = (int)db_int(q, 12);
    a->last_try = db_int(q, 13);
    a->status = (int)db_int(q, 14);
    a->epoch = (day_t)db_int(q, 19);
    a->key_epoch = (day_t)db_int(q, 20);
    a->told = db_int(q, 21) != 0;
    return keep(q, 1, arena, &a->kind, err) && keep(q, 2, arena, &a->lab, err) &&
           keep(q, 3, arena, &a->act, err) && copy(q, 4, a->salt, 16, &there, err) &&
           copy(q, 5, a->thread, 16, &a->has_thread, err) && keep(q, 15, arena, &a->pass, err) &&
           keep(q, 16, arena, &a->bytes, err) && copy(q, 17, a->item, 16, &there, err) &&
           copy(q, 18, a->leaf, 32, &there, err);
}

bool outbox_list(struct db *db, struct arena *arena, int64_t id, struct outbox *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err,
                  "select id, kind, lab, act, salt, thread, begins, keep_key, state, made, moment, at_once, "
                  "tries, last_try, status, pass, bytes, item, leaf, epoch, key_epoch, told from outbox "
                  "where $1 < 0 "
                  "or id = $1 order by id",
                  V_INT(id)))
        return false;
    while (db_next(q, &inner)) {
        struct outbox_act *a = VEC_PUSH(arena, out);
        if (!a)
            return fail_memory(err);
        if (!read_row(q, arena, a, err))
            return false;
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

struct put {
    const struct outbox_act *act;
    int64_t id;
};

static bool put_work(struct db *db, void *arg, struct err *err)
{
    struct put *put = arg;
    const struct outbox_act *a = put->act;
    return db_run(db, err,
                  "insert into outbox(kind, lab, act, salt, thread, begins, keep_key, state, made, moment, "
                  "at_once, key_epoch) values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $11)",
                  V_TEXT(a->kind), V_TEXT(a->lab), V_TEXT(a->act), V_BLOB(span_bytes(a->salt, 16)),
                  a->has_thread ? V_BLOB(span_bytes(a->thread, 16)) : V_NULL, V_INT(a->begins),
                  V_INT(a->keep_key), V_INT(a->made), V_INT(a->moment), V_INT(a->at_once),
                  a->key_epoch ? V_INT(a->key_epoch) : V_NULL) &&
           db_number(db, &put->id, 0, err, "select max(id) from outbox");
}

bool outbox_put(struct db *db, const struct outbox_act *act, int64_t *id, struct err *err)
{
    struct put put = {act, 0};
    if (!db_write(db, put_work, &put, err))
        return false;
    *id = put.id;
    return true;
}

bool outbox_later(struct db *db, int64_t id, int64_t moment, struct err *err)
{
    return db_run(db, err, "update outbox set moment = $2 where id = $1", V_INT(id), V_INT(moment));
}

bool outbox_try(struct db *db, const struct outbox_act *act, int64_t now, bool *ours, struct err *err)
{
    if (!db_run(
            db, err,
            "update outbox set state = 1, tries = tries + 1, last_try = $3, pass = $4, bytes = $5, item = "
            "$6, leaf = $7, epoch = $8, key_epoch = $9 where id = $1 and tries = $2 and state in (0, 1)",
            V_INT(act->id), V_INT(act->tries), V_INT(now), V_BLOB(act->pass), V_BLOB(act->bytes),
            V_BLOB(span_bytes(act->item, 16)), V_BLOB(span_bytes(act->leaf, 32)), V_INT(act->epoch),
            V_INT(act->key_epoch)))
        return false;
    *ours = db_changed(db) == 1;
    return true;
}

bool outbox_state(struct db *db, int64_t id, enum act_state state, int status, struct err *err)
{
    return db_run(db, err, "update outbox set state = $2, status = $3 where id = $1", V_INT(id),
                  V_INT((int64_t)state), V_INT(status));
}

bool outbox_cancel(struct db *db, int64_t id, bool *there, struct err *err)
{
    if (!db_run(db, err, "delete from outbox where id = $1 and state = 0 and tries = 0", V_INT(id)))
        return false;
    *there = db_changed(db) == 1;
    return true;
}

bool outbox_told(struct db *db, int64_t id, struct err *err)
{
    return db_run(db, err, "update outbox set told = 1 where id = $1", V_INT(id));
}

bool outbox_forget(struct db *db, int64_t id, struct err *err)
{
    return db_run(db, err,
                  "delete from receipt where state = 1 and leaf in (select leaf from outbox where id = $1)",
                  V_INT(id)) &&
           db_run(db, err, "delete from outbox where id = $1 and state >= 2", V_INT(id));
}

bool outbox_drop_kind(struct db *db, const char *kind, struct err *err)
{
    return db_run(db, err, "delete from outbox where kind = $1", V_STR(kind));
}

bool outbox_waiting(struct db *db, int64_t *n, struct err *err)
{
    return db_number(db, n, 0, err, "select count(*) from outbox where state in (0, 1)");
}

bool outbox_drop_tried(struct db *db, struct err *err)
{
    return db_run(db, err, "delete from outbox where state = 1") &&
           db_run(db, err, "update outbox set pass = null, bytes = null");
}

bool outbox_key_epoch(struct db *db, const uint8_t thread[static 16], day_t otherwise, day_t *out,
                      struct err *err)
{
    int64_t epoch;
    if (!db_number(db, &epoch, otherwise, err,
                   "select key_epoch from outbox where thread = $1 and key_epoch is not null and kind <> "
                   "'retract' order by id "
                   "desc "
                   "limit 1",
                   V_BLOB(span_bytes(thread, 16))))
        return false;
    *out = (day_t)epoch;
    return true;
}

bool outbox_thread(struct db *db, const uint8_t id[static 16], uint8_t out[static 16], struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    bool there = false;
    memcpy(out, id, 16);
    if (!db_query(db, &q, err, "select thread from outbox where item = $1 and begins = 1",
                  V_BLOB(span_bytes(id, 16))))
        return false;
    if (db_next(q, &inner))
        return copy(q, 0, out, 16, &there, err);
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

bool finding_keep(struct db *db, int64_t now, const char *text, struct span evidence, struct err *err)
{
    return db_run(db, err,
                  "insert into finding(at, text, evidence) values ($1, $2, $3) on conflict do nothing",
                  V_INT(now), V_STR(text), evidence.p ? V_BLOB(evidence) : V_NULL);
}
