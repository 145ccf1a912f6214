/* What is gone. The copy here is written anew without the content, in the same form in which the board shows
 * it from then on, so that it can be held against the log all the same. */
#include "anon/gone.h"

#include "anon/item.h"
#include "base/vec.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"

#include "base/banned.h"

static bool note(struct db *db, const uint8_t id[static 16], uint64_t index, uint64_t by, struct err *err)
{
    return db_run(db, err, "insert into gone(id, idx, by_idx) values ($1, $2, $3) on conflict do nothing",
                  V_BLOB(span_bytes(id, 16)), V_INT((int64_t)index), V_INT((int64_t)by));
}

/* Where a kept item stands, and whose it is. False without an error when it is not here. */
struct kept_at {
    uint8_t pk[32], c[32];
    struct buf series;
    int64_t n, index;
};

static bool find_kept(struct db *db, const uint8_t id[static 16], struct kept_at *out, bool *there,
                      struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    struct problem p = {0};
    AUTO_ITEM struct item item = {0};
    *there = false;
    if (!db_query(db, &q, err, "select pk, series, n, idx, json from item where id = $1",
                  V_BLOB(span_bytes(id, 16))))
        return false;
    if (!db_next(q, &inner))
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    *there = db_text(q, 0).n == sizeof out->pk && item_read(db_text(q, 4), &item, &p, err);
    if (!*there)
        return !err->code;
    memcpy(out->pk, db_text(q, 0).p, sizeof out->pk);
    memcpy(out->c, item.c, sizeof out->c);
    buf_add(&out->series, db_text(q, 1));
    out->n = db_int(q, 2);
    out->index = db_int(q, 3);
    return buf_ok(&out->series, err);
}

/* In a batch's JSON: the item with these bytes' hash becomes {"by","gone"}. */
static bool put_gone(json_t *batch, const uint8_t c[static 32], uint64_t by, struct err *err)
{
    json_t *items = json_object_get(batch, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        AUTO_BUF struct buf bytes;
        AUTO_ITEM struct item item = {0};
        struct problem p = {0};
        buf_init(&bytes, ITEM_LARGE);
        json_t *o = json_array_get(items, i);
        if (json_object_get(o, "gone"))
            continue;
        if (!canon_write(o, &bytes, err))
            return false;
        if (!item_read(buf_span(&bytes), &item, &p, err) || memcmp(item.c, c, sizeof item.c) != 0) {
            if (err->code)
                return false;
            continue;
        }
        AUTO_JSON json_t *gone = json_pack("{s:I}", "by", (json_int_t)by);
        return (gone && canon_put_b64(gone, "gone", c, 32) && json_array_set(items, i, gone) == 0) ||
               fail_memory(err);
    }
    return true;
}

static bool drop_copy(struct db *db, const uint8_t id[static 16], const struct kept_at *at, uint64_t by,
                      struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    AUTO_JSON json_t *batch = NULL;
    AUTO_BUF struct buf bytes;
    struct err inner = {0};
    buf_init(&bytes, BATCH_READ_MOST);
    if (!db_query(db, &q, err, "select bytes from kept_batch where series = $1 and n = $2",
                  V_TEXT(buf_span(&at->series)), V_INT(at->n)))
        return false;
    if (!db_next(q, &inner))
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    if (!canon_read(db_text(q, 0), BATCH_READ_MOST, &batch, err) || !put_gone(batch, at->c, by, err) ||
        !canon_write(batch, &bytes, err) || !buf_ok(&bytes, err))
        return false;
    db_close_stmt(q);
    q = NULL;
    return db_run(db, err, "update kept_batch set bytes = $3 where series = $1 and n = $2",
                  V_TEXT(buf_span(&at->series)), V_INT(at->n), V_BLOB(buf_span(&bytes))) &&
           db_run(db, err, "delete from item where id = $1", V_BLOB(span_bytes(id, 16))) &&
           note(db, id, (uint64_t)at->index, by, err);
}

static bool take_back(struct db *db, const struct batch_item *retract, struct err *err)
{
    struct kept_at at;
    bool there;
    buf_init(&at.series, 16);
    bool ok = find_kept(db, retract->target, &at, &there, err) &&
              (!there || memcmp(at.pk, retract->pk, sizeof at.pk) != 0 ||
               drop_copy(db, retract->target, &at, retract->index, err));
    buf_clear(&at.series);
    return ok;
}

bool gone_keep(struct db *db, const struct batch_read *batch, struct err *err)
{
    for (size_t i = 0; i < batch->items; i++) {
        const struct batch_item *item = &batch->item[i];
        if (!item->fits)
            continue;
        if (item->gone && !note(db, item->id, item->index, item->by, err))
            return false;
        if (!item->gone && item->has_target && span_is(item->kind, "retract") && !take_back(db, item, err))
            return false;
    }
    return true;
}

bool gone_dropped(struct db *db, const struct history *log, struct err *err)
{
    for (size_t i = 0; i < log->moderations.n; i++) {
        const struct history_moderation *m = &log->moderations.at[i];
        struct kept_at at;
        bool there;
        if (!m->good || m->moderation.act != MODERATION_DROP)
            continue;
        buf_init(&at.series, 16);
        bool ok = find_kept(db, m->moderation.target, &at, &there, err) &&
                  (!there || drop_copy(db, m->moderation.target, &at, m->index, err));
        buf_clear(&at.series);
        if (!ok)
            return false;
    }
    return true;
}

/* Looking -------------------------------------------------------------------------------------------- */
struct gone {
    uint8_t id[16];
    int64_t by;
};
struct all_gone {
    struct gone *at;
    size_t n, room;
};

static bool list(struct db *db, struct arena *arena, struct all_gone *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err, "select id, by_idx from gone where by_idx >= 0 order by idx"))
        return false;
    while (db_next(q, &inner)) {
        struct gone *g = db_text(q, 0).n == 16 ? VEC_PUSH(arena, out) : NULL;
        if (!g)
            return fail_memory(err);
        memcpy(g->id, db_text(q, 0).p, 16);
        g->by = db_int(q, 1);
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

static bool names(const json_t *o, const char *key, const char *value)
{
    const char *text = json_string_value(json_object_get(o, key));
    return text && strcmp(text, value) == 0;
}

/* A `retract` of it that is published at this place. */
static bool is_retracted(struct db *db, const struct gone *g, const char *hex, bool *yes, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    AUTO_JSON json_t *o = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err,
                  "select json from item where idx = $1 and kind = 'retract' and series = 'board'",
                  V_INT(g->by)))
        return false;
    if (db_next(q, &inner) && canon_read(db_text(q, 0), ITEM_LARGE, &o, &inner))
        *yes = names(json_object_get(o, "act"), "target", hex);
    return inner.code != E_MEMORY || fail_memory(err);
}

/* A `moderation` entry at this place that drops it. */
static bool is_dropped(struct db *db, int which, const struct gone *g, const char *hex, bool *yes,
                       struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    AUTO_JSON json_t *o = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err, "select entry from log_entry where log = $1 and idx = $2", V_INT(which),
                  V_INT(g->by)))
        return false;
    if (db_next(q, &inner) && canon_read(db_text(q, 0), ENTRY_MOST, &o, &inner))
        *yes = names(o, "t", "moderation") && names(o, "do", "drop") && names(o, "target", hex);
    return inner.code != E_MEMORY || fail_memory(err);
}

bool gone_check(struct db *db, int which, const char **why, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct all_gone all = {0};
    *why = NULL;
    if (!arena)
        return fail_memory(err);
    if (!list(db, arena, &all, err))
        return false;
    for (size_t i = 0; i < all.n && !*why; i++) {
        char hex[33];
        bool said = false;
        item_hex(all.at[i].id, hex);
        if (!is_retracted(db, &all.at[i], hex, &said, err) ||
            (!said && !is_dropped(db, which, &all.at[i], hex, &said, err)))
            return false;
        if (!said)
            *why =
                tr("err.anon.b_gone", "A post is no longer in the record, and the lab's log does not explain "
                                      "it.");
    }
    return true;
}
