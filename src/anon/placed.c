/* Published items by id. The stored batch is written anew when one of its items loses its content; its leaf,
 * its token and its place stay. */
#include "anon/placed.h"

#include <inttypes.h>

#include "anon/batch.h"
#include "anon/item.h"
#include "base/words.h"
#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/hash.h"

#include "base/banned.h"

static bool damaged(struct err *err)
{
    return fail(err, E_FORMAT,
                tr("err.anon.placed",
                   "A row of what this board published is damaged. Put back a backup of its database."));
}

void placed_gone(struct buf *out, const uint8_t c[static 32], int64_t by)
{
    buf_printf(out, "{\"by\":%" PRId64 ",\"gone\":\"", by);
    b64_add(out, (struct span){(const char *)c, 32}, B64);
    buf_add_text(out, "\"}");
}

/* Kind and key of an item. It was checked when it came; a row that is damaged names no kind, so that nothing
 * refers to it and the batch goes out all the same. */
static bool look(struct span item, char kind[static 17], uint8_t pk[static 32], struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    struct err why = {0};
    struct span said;
    bool read = canon_read(item, ITEM_LARGE, &o, &why) && json_get_text(o, "kind", 16, &said, &why) &&
                canon_b64(o, "pk", pk, 32, &why);
    if (!read)
        return why.code != E_MEMORY || fail_memory(err);
    memcpy(kind, said.p, said.n);
    kind[said.n] = 0;
    return true;
}

/* Finding -------------------------------------------------------------------------------------------- */
static void take_thread(struct placed *out, struct span thread)
{
    out->has_thread = thread.n == sizeof out->thread;
    if (out->has_thread)
        memcpy(out->thread, thread.p, sizeof out->thread);
}

static bool find_waiting(struct db *db, const uint8_t id[static 16], struct placed *out, bool *there,
                         struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err,
                  "select item, gone_by, thread from waiting where id = $1 and series = 'board' and item is "
                  "not null",
                  V_BLOB(span_bytes(id, 16))))
        return false;
    if (!db_next(q, &inner))
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    *there = out->waits = true;
    out->gone = !db_is_null(q, 1);
    take_thread(out, db_text(q, 2));
    return look(db_text(q, 0), out->kind, out->pk, err);
}

bool placed_find(struct db *db, const uint8_t id[static 16], struct placed *out, bool *there, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *out = (struct placed){0};
    *there = false;
    if (!db_query(db, &q, err, "select kind, pk, gone_by, thread from placed where id = $1",
                  V_BLOB(span_bytes(id, 16))))
        return false;
    if (!db_next(q, &inner))
        return inner.code == E_NONE ? find_waiting(db, id, out, there, err)
                                    : fail(err, inner.code, "%s", inner.text);
    struct span kind = db_text(q, 0), pk = db_text(q, 1);
    if (kind.n >= sizeof out->kind || (pk.n != sizeof out->pk && !db_is_null(q, 1)))
        return damaged(err);
    memcpy(out->kind, kind.p, kind.n);
    if (pk.n)
        memcpy(out->pk, pk.p, pk.n);
    out->gone = !db_is_null(q, 2);
    take_thread(out, db_text(q, 3));
    *there = true;
    return true;
}

/* Publishing ----------------------------------------------------------------------------------------- */
bool placed_put(struct db *db, const struct placing *p, struct err *err)
{
    char kind[17] = "";
    uint8_t pk[32] = {0};
    AUTO_BUF struct buf gone;
    struct span shown = p->item;
    buf_init(&gone, 128);
    if (p->item.n && !look(p->item, kind, pk, err))
        return false;
    if (p->by >= 0) {
        placed_gone(&gone, p->c, p->by);
        shown = buf_span(&gone);
    }
    return db_run(db, err,
                  "insert into placed(id, n, kind, thread, pk, gone_by) values ($1, $2, $3, $4, $5, $6) on "
                  "conflict do nothing",
                  V_BLOB(span_bytes(p->id, 16)), V_INT(p->n), V_STR(kind),
                  p->thread ? V_BLOB(span_bytes(p->thread, 16)) : V_NULL,
                  p->item.n ? V_BLOB(span_bytes(pk, sizeof pk)) : V_NULL,
                  p->by >= 0 ? V_INT(p->by) : V_NULL) &&
           (!p->thread || !shown.n ||
            db_run(db, err,
                   "insert into thread_item(thread, n, id, item) values ($1, $2, $3, $4) on conflict do "
                   "nothing",
                   V_BLOB(span_bytes(p->thread, 16)), V_INT(p->n), V_BLOB(span_bytes(p->id, 16)),
                   V_TEXT(shown)));
}

/* Taking out ----------------------------------------------------------------------------------------- */
/* In a batch as it is served: the item whose leaf's id this is becomes {"by","gone"}. */
static bool put_gone(json_t *batch, const uint8_t id[static 16], int64_t by, uint8_t c[static 32],
                     bool *there, struct err *err)
{
    json_t *items = json_object_get(batch, "items");
    *there = false;
    for (size_t i = 0; i < json_array_size(items) && !*there; i++) {
        AUTO_BUF struct buf bytes;
        uint8_t leaf[32];
        json_t *item = json_array_get(items, i);
        buf_init(&bytes, ITEM_LARGE);
        if (json_object_get(item, "gone"))
            continue;
        if (!canon_write(item, &bytes, err))
            return false;
        hash_sha256(buf_span(&bytes), c);
        entry_act_leaf(c, NULL, leaf);
        *there = memcmp(leaf, id, 16) == 0;
        if (!*there)
            continue;
        AUTO_JSON json_t *gone = json_pack("{s:I}", "by", (json_int_t)by);
        if (!gone || !canon_put_b64(gone, "gone", c, 32) || json_array_set(items, i, gone) != 0)
            return fail_memory(err);
    }
    return true;
}

static bool rewrite(struct db *db, int64_t n, const uint8_t id[static 16], int64_t by, uint8_t c[static 32],
                    bool *there, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    AUTO_JSON json_t *batch = NULL;
    AUTO_BUF struct buf bytes;
    struct err inner = {0};
    buf_init(&bytes, BATCH_BYTES);
    *there = false;
    if (!db_query(db, &q, err, "select bytes from batch where series = 'board' and n = $1", V_INT(n)))
        return false;
    if (!db_next(q, &inner))
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    if (!canon_read(db_text(q, 0), BATCH_BYTES, &batch, err) || !put_gone(batch, id, by, c, there, err) ||
        (*there && (!canon_write(batch, &bytes, err) || !buf_ok(&bytes, err))))
        return false;
    db_close_stmt(q);
    q = NULL;
    return !*there || db_run(db, err, "update batch set bytes = $2 where series = 'board' and n = $1",
                             V_INT(n), V_BLOB(buf_span(&bytes)));
}

bool placed_take_out(struct db *db, const uint8_t id[static 16], int64_t by, struct err *err)
{
    uint8_t c[32];
    int64_t n;
    bool there;
    AUTO_BUF struct buf gone;
    struct val key = V_BLOB(span_bytes(id, 16));
    buf_init(&gone, 128);
    if (!db_run(db, err, "update waiting set gone_by = $2 where id = $1 and gone_by is null", key,
                V_INT(by)) ||
        !db_number(db, &n, 0, err, "select n from placed where id = $1 and gone_by is null", key) ||
        (n && !rewrite(db, n, id, by, c, &there, err)))
        return false;
    if (!n || !there)
        return true;
    placed_gone(&gone, c, by);
    return db_run(db, err, "update placed set gone_by = $2 where id = $1", key, V_INT(by)) &&
           db_run(db, err,
                  "update thread_item set item = $2 where id = $1 and thread = (select thread from placed "
                  "where id = $1)",
                  key, V_TEXT(buf_span(&gone)));
}

/* Holding back --------------------------------------------------------------------------------------- */
/* slots: how many it may be held back at; below 0 it has to go out. released: a moderator has looked. */
bool held_back_put(struct db *db, const uint8_t id[static 16], struct err *err)
{
    return db_run(db, err,
                  "insert into held_back(id, slots, released) values ($1, $2, 0) on conflict do nothing",
                  V_BLOB(span_bytes(id, 16)), V_INT(HELD_SLOTS));
}

bool held_back_release(struct db *db, const uint8_t id[static 16], bool *was, struct err *err)
{
    if (!db_run(db, err, "update held_back set released = 1 where id = $1 and released = 0",
                V_BLOB(span_bytes(id, 16))))
        return false;
    *was = db_changed(db) > 0;
    return true;
}

bool held_back_step(struct db *db, const struct batch_facts *facts, int64_t since, bool *due, struct err *err)
{
    int64_t n;
    *due = false;
    if (!db_number(db, &n, 0, err, "select count(*) from held_back"))
        return false;
    if (n == 0)
        return true;
    if (!db_run(db, err, "update held_back set slots = slots - 1"))
        return false;
    for (size_t i = 0; i < facts->keys; i++)
        if (facts->key[i].spend_to <= since &&
            !db_run(db, err,
                    "update held_back set slots = -1 where id in (select id from waiting where key_id = $1)",
                    V_BLOB(span_bytes(facts->key[i].key_id, 32))))
            return false;
    if (!db_run(db, err, "delete from held_back where slots < 0"))
        return false;
    *due = db_changed(db) > 0;
    return true;
}
