/* Batches from outside: strict, bounded, and nothing in them believed that the log does not say too. */
#include "anon/batch_read.h"

#include "anon/item.h"
#include "anon/pass_key.h"
#include "base/words.h"
#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/secret.h"

#include "base/banned.h"

enum { COUNT_MOST = 1000000000 };

/* Reading -------------------------------------------------------------------------------------------- */
static struct span text_of(const json_t *v)
{
    return (struct span){json_string_value(v), json_string_length(v)};
}

/* An id that an act may name. */
static bool named(const json_t *act, const char *key, uint8_t out[static 16])
{
    const json_t *v = json_object_get(act, key);
    return json_is_string(v) && item_hex_read(text_of(v), out);
}

static bool read_gone(const json_t *o, struct batch_item *out, struct err *err)
{
    static const char *const keys[] = {"by", "gone", NULL};
    int64_t by;
    if (!canon_only(o, keys, err) || !canon_b64(o, "gone", out->c, sizeof out->c, err) ||
        !json_get_int(o, "by", 0, INT64_MAX, &by, err))
        return false;
    out->gone = true;
    out->by = (uint64_t)by;
    entry_act_leaf(out->c, NULL, out->leaf);
    memcpy(out->id, out->leaf, sizeof out->id);
    return true;
}

static bool read_item(const json_t *o, struct arena *arena, struct batch_item *out, struct err *err)
{
    AUTO_BUF struct buf bytes;
    AUTO_ITEM struct item item = {0};
    struct problem p = {0};
    buf_init(&bytes, ITEM_LARGE);
    if (json_object_get(o, "gone"))
        return read_gone(o, out, err);
    if (!canon_write(o, &bytes, err))
        return false;
    out->bytes = arena_span(arena, buf_span(&bytes));
    if (!out->bytes.p)
        return fail_memory(err);
    if (!item_read(out->bytes, &item, &p, err))
        return fail(
            err, E_FORMAT,
            p.type == PROBLEM_BAD_SIG
                ? tr("err.anon.b_sig", "A post in the lab's batch is not signed by the key it names.")
                : tr("err.anon.b_item", "A post in the lab's batch is not of the form that posts have."));
    out->kind = arena_span(arena, item.kind);
    memcpy(out->id, item.id, sizeof out->id);
    memcpy(out->c, item.c, sizeof out->c);
    memcpy(out->leaf, item.leaf, sizeof out->leaf);
    memcpy(out->pass, item.pass, sizeof out->pass);
    memcpy(out->head, item.head, sizeof out->head);
    memcpy(out->pk, item.pk, sizeof out->pk);
    out->has_thread = named(item.act, "thread", out->thread);
    out->has_target = named(item.act, "target", out->target);
    return out->kind.p || fail_memory(err);
}

static bool read_items(const json_t *o, struct arena *arena, struct batch_read *out, struct err *err)
{
    const json_t *list, *v;
    size_t i;
    if (!json_get_array(o, "items", ENTRY_ACTS_MOST, &list, err))
        return false;
    out->items = json_array_size(list);
    out->item = arena_array(arena, out->items + 1, sizeof *out->item);
    if (!out->item)
        return fail_memory(err);
    json_array_foreach(list, i, v)
    {
        if (!read_item(v, arena, &out->item[i], err))
            return false;
    }
    return true;
}

static bool read_tokens(const json_t *o, struct arena *arena, struct batch_read *out, struct err *err)
{
    const json_t *list, *v;
    uint8_t bytes[TOKEN_SIZE];
    size_t i;
    if (!json_get_array(o, "tokens", ENTRY_ACTS_MOST, &list, err))
        return false;
    out->tokens = json_array_size(list);
    out->token = arena_array(arena, out->tokens + 1, sizeof *out->token);
    if (!out->token)
        return fail_memory(err);
    json_array_foreach(list, i, v)
    {
        if (!json_is_string(v) || !b64_exact(text_of(v), B64_URL, bytes, sizeof bytes) ||
            !token_read((struct span){(const char *)bytes, sizeof bytes}, &out->token[i], err))
            return fail(err, E_FORMAT,
                        tr("err.anon.b_token", "A pass in the lab's batch is not of the form that "
                                               "passes have."));
    }
    return true;
}

static bool read_metoo(const json_t *o, struct arena *arena, struct batch_read *out, struct err *err)
{
    const json_t *all = json_object_get(o, "metoo");
    const char *key;
    json_t *v;
    if (!json_is_object(all) || json_object_size(all) > ENTRY_ACTS_MOST)
        return fail(err, E_FORMAT,
                    tr("err.anon.b_form", "The lab's batch is not of the form that batches have."));
    out->metoo = arena_array(arena, json_object_size(all) + 1, sizeof *out->metoo);
    if (!out->metoo)
        return fail_memory(err);
    json_object_foreach((json_t *)(uintptr_t)all, key, v)
    {
        struct batch_metoo *m = &out->metoo[out->metoos++];
        m->n = json_integer_value(v);
        if (!item_hex_read(span_of(key), m->target) || !json_is_integer(v) || m->n < 1 || m->n > COUNT_MOST)
            return fail(err, E_FORMAT,
                        tr("err.anon.b_form", "The lab's batch is not of the form that batches have."));
    }
    return true;
}

bool batch_read(struct span bytes, struct arena *arena, struct batch_read *out, struct err *err)
{
    static const char *const keys[] = {"day", "first", "items", "metoo", "n", "series", "tokens", "v", NULL};
    AUTO_JSON json_t *o = NULL;
    struct span day, series;
    int64_t v, first;
    *out = (struct batch_read){0};
    if (!canon_read(bytes, BATCH_READ_MOST, &o, err) || !canon_only(o, keys, err) ||
        !json_get_int(o, "v", 1, 1, &v, err) || !json_get_int(o, "n", 1, INT64_MAX, &out->n, err) ||
        !json_get_int(o, "first", 1, INT64_MAX, &first, err) || !json_get_text(o, "day", 10, &day, err) ||
        !day_read(day, &out->day, err) || !json_get_text(o, "series", 8, &series, err))
        return false;
    out->first = (uint64_t)first;
    out->series = arena_span(arena, series);
    return (out->series.p || fail_memory(err)) && read_items(o, arena, out, err) &&
           read_tokens(o, arena, out, err) && read_metoo(o, arena, out, err);
}

bool batches_first_read(struct span body, int64_t first[static 3], struct err *err)
{
    static const char *const series[] = {"board", "letters", "answers"};
    AUTO_JSON json_t *o = NULL;
    if (!json_read(body, BATCHES_MOST, "/v1/batches", &o, err))
        return false;
    for (size_t i = 0; i < 3; i++)
        if (!json_get_int(json_object_get(o, series[i]), "first", 0, INT64_MAX, &first[i], err))
            return false;
    return true;
}

/* Checking ------------------------------------------------------------------------------------------- */
const struct history_batch *batch_entry(const struct history *log, struct span series, int64_t n)
{
    for (size_t i = log->batches.n; i-- > 0;)
        if (log->batches.at[i].batch.n == n && span_eq(log->batches.at[i].batch.series, series))
            return &log->batches.at[i];
    return NULL;
}

struct checking {
    struct batch_read *b;
    const struct batch_ground *g;
    const struct history_batch *entry;
    const char *why;
};

static bool found(struct checking *c, const char *text)
{
    if (!c->why)
        c->why = text;
    return true;
}

/* Items are the acts of some of the leaves, in their order. */
static bool check_leaves(struct checking *c, struct err *err)
{
    uint64_t at = c->b->first, end = c->b->first + c->b->tokens;
    uint8_t leaf[32];
    for (size_t i = 0; i < c->b->items; i++) {
        struct batch_item *item = &c->b->item[i];
        for (; at < end && !item->fits; at++) {
            if (!c->g->leaf(c->g->arg, at, leaf, err))
                return false;
            item->fits = memcmp(leaf, item->leaf, sizeof leaf) == 0;
            item->index = at;
        }
        if (!item->fits)
            return found(c,
                         tr("err.anon.b_mismatch", "A post that the lab shows is not the one in its record: "
                                                   "it was changed, or put in another place."));
    }
    return true;
}

static bool check_token(struct checking *c, size_t i, int64_t *count, struct err *err)
{
    const struct token *token = &c->b->token[i];
    const struct history_key *key = history_key(c->g->issuer, token->key_id);
    bool answers = span_is(c->b->series, "answers"), good, twice;
    if (!key || !key->good || !secret_eq(key->key.digest, token->digest, 32) || key->key.survey != answers)
        return found(c, tr("err.anon.b_key", "A published pass is of a key that may not pay for this."));
    if (!pass_key_good(&key->key, token, &good, err) ||
        !c->g->seen(c->g->arg, token, c->b->first + i, &twice, err))
        return false;
    if (!good)
        return found(c,
                     tr("err.anon.b_forged", "A published pass was not signed by the lab's key: a post was "
                                             "put in that nobody paid for."));
    if (twice)
        return found(c,
                     tr("err.anon.b_twice", "The lab published one pass twice: one of the two posts was put "
                                            "in without a pass."));
    for (size_t k = 0; k < c->entry->batch.keys; k++)
        if (!key->key.survey && c->entry->batch.key[k].epoch == key->key.epoch)
            count[k]++;
    return true;
}

static bool check_tokens(struct checking *c, struct err *err)
{
    int64_t count[sizeof c->entry->batch.key / sizeof c->entry->batch.key[0]] = {0};
    for (size_t i = 0; i < c->b->tokens; i++)
        if (!check_token(c, i, count, err))
            return false;
    for (size_t k = 0; k < c->entry->batch.keys; k++)
        if (!span_is(c->b->series, "answers") && count[k] != c->entry->batch.key[k].n)
            found(c, tr("err.anon.b_sums", "The passes that the lab published are not as many as its record "
                                           "says."));
    return true;
}

/* The pass of each item stands beside its leaf, and its head is the one that everybody has. */
static bool check_items(struct checking *c)
{
    uint8_t pass[32], head[32];
    for (size_t i = 0; i < c->b->items; i++) {
        const struct batch_item *item = &c->b->item[i];
        if (item->gone || !item->fits)
            continue;
        const struct token *token = &c->b->token[item->index - c->b->first];
        const struct history_key *key = history_key(c->g->issuer, token->key_id);
        token_hash(token, pass);
        if (memcmp(pass, item->pass, sizeof pass) != 0)
            return found(c, tr("err.anon.b_pass", "A post that the lab shows was paid with another pass than "
                                                  "the one beside it."));
        day_t epoch = !key ? 0 : key->key.survey ? epoch_of(key->key.windows.spend_from) : key->key.epoch;
        if (!key || !history_head(c->g->issuer, c->g->board, epoch, NULL, head) ||
            memcmp(head, item->head, sizeof head) != 0)
            return found(c, tr("err.anon.b_head", "A post was written on another record than the one this "
                                                  "computer has: the lab shows different members different "
                                                  "ones."));
    }
    return true;
}

static bool check_metoo(struct checking *c)
{
    int64_t sum = 0, most = (int64_t)(c->b->tokens - c->b->items);
    for (size_t i = 0; i < c->b->metoos; i++)
        sum += c->b->metoo[i].n;
    return sum <= most ||
           found(c, tr("err.anon.b_metoo", "The lab counts more of “me too” than there were passes for."));
}

bool batch_check(struct batch_read *batch, const struct batch_ground *ground, struct arena *arena,
                 const char **why, struct err *err)
{
    const struct history *log = ground->board ? ground->board : ground->issuer;
    struct checking c = {batch, ground, batch_entry(log, batch->series, batch->n), NULL};
    (void)arena;
    *why = NULL;
    if (!c.entry || batch->first != c.entry->index + 1 || batch->day != c.entry->batch.day) {
        *why = tr("err.anon.b_entry", "A batch that the lab shows does not stand in its record.");
        return true;
    }
    if ((int64_t)batch->tokens != c.entry->batch.count || batch->items > batch->tokens ||
        batch->first + batch->tokens > log->tree.size) {
        *why = tr("err.anon.b_count", "A batch that the lab shows has not as many passes as its record has "
                                      "entries: something was put in that nobody paid for.");
        return true;
    }
    if (!check_leaves(&c, err) || !check_tokens(&c, err) || !check_items(&c) || !check_metoo(&c))
        return false;
    *why = c.why;
    return true;
}
