/* A batch as a member has it. Each item must hash to a leaf, in their order; each token must be a pass that a
 * key of the record signed; there are as many tokens as leaves. */
#include "anon/recover_batch.h"

#include <stdlib.h>

#include "anon/batch.h"
#include "anon/item.h"
#include "anon/pass_key.h"
#include "anon/placed.h"
#include "anon/redeem.h"
#include "base/words.h"
#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/hash.h"

#include "base/banned.h"

struct taking {
    struct db *db;
    const struct history *issuer;
    const struct history_batch *batch;
    size_t leaves;
    struct {
        uint8_t c[32], id[32]; /* id: the whole leaf hash */
    } leaf[ENTRY_ACTS_MOST];
};

static bool fail_batch(const struct taking *t, struct err *err)
{
    return fail(err, E_REFUSED,
                tr("err.anon.recover_bad", "Batch %lld (%.*s) in the file is not the one that the log speaks "
                                           "of. Nothing was changed."),
                (long long)t->batch->batch.n, SPAN_ARG(t->batch->batch.series));
}

static bool load_leaves(struct taking *t, struct err *err)
{
    for (; t->leaves < (size_t)t->batch->batch.count; t->leaves++) {
        struct arena *AUTO_ARENA arena = arena_new();
        struct span bytes;
        struct entry e;
        if (!arena)
            return fail_memory(err);
        if (!tlog_entry(t->db, arena, t->batch->index + 1 + t->leaves, &bytes, err) ||
            !entry_read(bytes, arena, &e, err))
            return false;
        if (e.kind != ENTRY_ACT && e.kind != ENTRY_ANSWER)
            return fail_batch(t, err);
        memcpy(t->leaf[t->leaves].c, e.act.c, 32);
        merkle_leaf(bytes, t->leaf[t->leaves].id);
    }
    return true;
}

/* Items ---------------------------------------------------------------------------------------------- */
/* Where it is read: the thread it names, or the one it begins. NULL: nowhere. */
static const uint8_t *thread_of(const struct taking *t, const json_t *item, const uint8_t id[static 16],
                                uint8_t named[static 16])
{
    struct err none = {0};
    struct span kind;
    if (!span_is(t->batch->batch.series, "board") || !json_get_text(item, "kind", 16, &kind, &none))
        return NULL;
    if (span_is(kind, "thread"))
        return id;
    return canon_hex(json_object_get(item, "act"), "thread", named, 16, &none) ? named : NULL;
}

/* The leaf of an item, at or behind *at. */
static bool find_leaf(const struct taking *t, const uint8_t c[static 32], size_t *at)
{
    for (; *at < t->leaves; ++*at)
        if (memcmp(t->leaf[*at].c, c, 32) == 0)
            return true;
    return false;
}

/* A `retract`: what it takes back is gone, if it is here. */
static bool take_back(const struct taking *t, const json_t *item, uint64_t index, struct err *err)
{
    struct err none = {0};
    struct span kind;
    uint8_t target[16];
    if (!json_get_text(item, "kind", 16, &kind, &none) || !span_is(kind, "retract") ||
        !canon_hex(json_object_get(item, "act"), "target", target, 16, &none))
        return true;
    return placed_take_out(t->db, target, (int64_t)index, err);
}

static bool take_item(const struct taking *t, const json_t *item, size_t *at, struct err *err)
{
    uint8_t c[32], named[16];
    AUTO_BUF struct buf text;
    buf_init(&text, ITEM_LARGE);
    bool gone = json_object_get(item, "gone") != NULL;
    if (gone ? !canon_b64(item, "gone", c, sizeof c, err) : !canon_write(item, &text, err))
        return false;
    if (!gone)
        hash_sha256(buf_span(&text), c);
    if (!find_leaf(t, c, at))
        return fail_batch(t, err);
    struct placing p = {.id = t->leaf[*at].id, .n = t->batch->batch.n, .item = buf_span(&text), .by = -1};
    p.thread = gone ? NULL : thread_of(t, item, p.id, named);
    ++*at;
    if (gone)
        p.by = json_integer_value(json_object_get(item, "by"));
    p.c = c;
    if (!span_is(t->batch->batch.series, "board"))
        return true;
    return placed_put(t->db, &p, err) && take_back(t, item, t->batch->index + *at, err);
}

static bool take_items(const struct taking *t, const json_t *batch, struct err *err)
{
    const json_t *list, *item;
    size_t i, at = 0;
    if (span_is(t->batch->batch.series, "answers"))
        return true;
    if (!json_get_array(batch, "items", ENTRY_ACTS_MOST, &list, err))
        return false;
    for (i = 0; i < t->leaves; i++)
        if (!db_run(t->db, err, "delete from waiting where id = $1", V_BLOB(span_bytes(t->leaf[i].id, 16))))
            return false;
    json_array_foreach(list, i, item)
    {
        if (!take_item(t, item, &at, err))
            return false;
    }
    return true;
}

/* Tokens --------------------------------------------------------------------------------------------- */
static bool take_token(const struct taking *t, const json_t *text, size_t leaf, struct err *err)
{
    uint8_t bytes[TOKEN_SIZE];
    struct token token;
    bool good = false;
    struct span said = {json_string_value(text), json_string_length(text)};
    if (!said.p || !b64_exact(said, B64_URL, bytes, sizeof bytes))
        return fail_batch(t, err);
    if (!token_read((struct span){(const char *)bytes, sizeof bytes}, &token, err))
        return false;
    const struct history_key *key = history_key(t->issuer, token.key_id);
    if (key && !pass_key_good(&key->key, &token, &good, err))
        return false;
    if (!good)
        return fail_batch(t, err);
    return spent_put(t->db, token.nonce, token.key_id, t->leaf[leaf].c, t->batch->batch.day, err);
}

static bool take_tokens(const struct taking *t, const json_t *batch, struct err *err)
{
    const json_t *list, *text;
    size_t i;
    if (!json_get_array(batch, "tokens", ENTRY_ACTS_MOST, &list, err))
        return false;
    if (json_array_size(list) != t->leaves)
        return fail_batch(t, err);
    json_array_foreach(list, i, text)
    {
        if (!take_token(t, text, i, err))
            return false;
    }
    return true;
}

static bool take(struct taking *t, struct span bytes, bool *missing, int64_t *passes, struct err *err)
{
    const struct entry_batch *said = &t->batch->batch;
    AUTO_JSON json_t *batch = NULL;
    struct span series;
    int64_t n, first;
    char name[16] = "";
    if (!load_leaves(t, err) || !canon_read(bytes, BATCH_BYTES, &batch, err) ||
        !json_get_text(batch, "series", sizeof name - 1, &series, err) ||
        !json_get_int(batch, "n", 0, INT64_MAX, &n, err) ||
        !json_get_int(batch, "first", 0, INT64_MAX, &first, err))
        return false;
    if (!span_eq(series, said->series) || n != said->n || (uint64_t)first != t->batch->index + 1)
        return fail_batch(t, err);
    memcpy(name, series.p, series.n);
    struct batch_row row = {name, n, said->day, (uint64_t)first, said->count, bytes};
    int64_t had;
    if (!db_number(t->db, &had, 0, err, "select count(*) from batch where series = $1 and n = $2",
                   V_STR(name), V_INT(n)) ||
        !take_tokens(t, batch, err) || !take_items(t, batch, err) || !batch_put(t->db, &row, err))
        return false;
    *missing = had == 0;
    *passes = said->count;
    return true;
}

bool recover_batch(struct db *db, const struct history *issuer, const struct history_batch *batch,
                   struct span bytes, bool *missing, int64_t *passes, struct err *err)
{
    struct taking *t = mem_get(sizeof *t);
    if (!t)
        return fail_memory(err);
    t->db = db;
    t->issuer = issuer;
    t->batch = batch;
    bool done = take(t, bytes, missing, passes, err);
    mem_free(t);
    return done;
}
