/* Receipts. Where an act stands in the log is found in the copy that is here: nobody is asked for it. */
#include "anon/receipts.h"

#include "anon/follow.h"
#include "anon/item.h"
#include "base/vec.h"
#include "base/words.h"
#include "crypt/secret.h"

#include "base/banned.h"

enum { DAY = 86400, CLOCKS = 300, PROMISE_DAYS = 2, BATCH_DAYS = 4, PROOF_MOST = 256 * 1024 };

bool receipt_keep(struct db *db, const struct known *known, const uint8_t leaf[static 32], int64_t now,
                  struct span body, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    uint8_t id[16];
    struct span note;
    struct promise promise;
    if (!arena)
        return fail_memory(err);
    if (!receipt_read(body, arena, id, &note, err) ||
        !promise_read(note, span_of(known->board_log), span_of(known->promise_vkey), &promise, err))
        return false;
    if (!secret_eq(id, leaf, sizeof id) || !secret_eq(promise.leaf, leaf, sizeof promise.leaf))
        return fail(err, E_REFUSED,
                    tr("err.anon.receipt_other", "The board's receipt is for something else than what was "
                                                 "sent, so it proves nothing."));
    if (promise.day > (day_t)((now + CLOCKS) / DAY) + PROMISE_DAYS)
        return fail(
            err, E_REFUSED,
            tr("err.anon.receipt_late",
               "The board's receipt promises a later day than a board may, so it proves too little."));
    return db_run(db, err,
                  "insert into receipt(leaf, day, note, state) values ($1, $2, $3, 0) on conflict do nothing",
                  V_BLOB(span_bytes(leaf, 32)), V_INT(promise.day), V_BLOB(note));
}

bool receipts_list(struct db *db, struct arena *arena, struct receipts *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err, "select leaf, day, note, state, idx from receipt order by leaf"))
        return false;
    while (db_next(q, &inner)) {
        struct receipt *r = VEC_PUSH(arena, out);
        if (!r)
            return fail_memory(err);
        struct span leaf = db_text(q, 0);
        if (leaf.n != sizeof r->leaf)
            return fail(err, E_FORMAT,
                        tr("err.anon.receipt_row", "A receipt that was kept here is damaged."));
        memcpy(r->leaf, leaf.p, sizeof r->leaf);
        r->day = (day_t)db_int(q, 1);
        r->note = arena_span(arena, db_text(q, 2));
        r->state = db_int(q, 3) == 1 ? RECEIPT_PROVEN : db_int(q, 3) == 2 ? RECEIPT_LOST : RECEIPT_PROMISED;
        r->index = (uint64_t)db_int(q, 4);
        if (!r->note.p)
            return fail_memory(err);
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

/* The leaf among those of the batches around its day. */
static bool find_leaf(struct db *db, int which, const struct history *log, struct receipt *r, struct err *err)
{
    uint8_t leaf[32];
    for (size_t i = log->batches.n; i-- > 0;) {
        const struct history_batch *b = &log->batches.at[i];
        if (b->batch.day > r->day + 1 || b->batch.day < r->day - BATCH_DAYS)
            continue;
        for (uint64_t k = b->index + 1; k <= b->index + (uint64_t)b->batch.count && k < log->tree.size; k++) {
            if (!follow_leaf(db, which, k, leaf, err))
                return false;
            if (memcmp(leaf, r->leaf, sizeof leaf) != 0)
                continue;
            r->state = RECEIPT_PROVEN;
            r->index = k;
            return true;
        }
    }
    return true;
}

static bool keep_proof(struct db *db, int which, const struct receipt *r, struct err *err)
{
    AUTO_BUF struct buf proof;
    buf_init(&proof, PROOF_MOST);
    return follow_prove(db, which, r->index, &proof, err) && buf_ok(&proof, err) &&
           db_run(db, err, "update receipt set state = 1, idx = $2, proof = $3 where leaf = $1",
                  V_BLOB(span_bytes(r->leaf, 32)), V_INT((int64_t)r->index), V_BLOB(buf_span(&proof)));
}

bool receipts_look(struct db *db, const struct known *known, const struct history *log, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct receipts all = {0};
    int which = known->split ? FOLLOW_BOARD : FOLLOW_ISSUER;
    if (!arena)
        return fail_memory(err);
    if (!receipts_list(db, arena, &all, err))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        struct receipt *r = &all.at[i];
        if (r->state == RECEIPT_PROVEN)
            continue;
        if (!find_leaf(db, which, log, r, err) ||
            (r->state == RECEIPT_PROVEN && !keep_proof(db, which, r, err)))
            return false;
    }
    return true;
}

bool receipts_cut(struct db *db, uint64_t index, int64_t broke_at, struct err *err)
{
    return db_run(db, err,
                  "update receipt set state = 2, idx = null, proof = null where state = 1 and idx >= $1",
                  V_INT((int64_t)index)) &&
           db_run(
               db, err,
               "update receipt set state = 2 where state = 0 and leaf in (select leaf from outbox where leaf "
               "is not null and last_try < $1)",
               V_INT(broke_at));
}

const struct receipt *receipts_broken(const struct receipts *all, int64_t fetched_at)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->at[i].state == RECEIPT_PROMISED && fetched_at >= ((int64_t)all->at[i].day + 1) * DAY)
            return &all->at[i];
    return NULL;
}
