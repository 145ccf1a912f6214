/* A batch as bytes. Items are put in as the canonical bytes that came, so that each hashes to its leaf; the
 * tokens of all acts follow in the order of the leaves. */
#include "anon/batch_text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "anon/item.h"
#include "anon/placed.h"
#include "codec/b64.h"

#include "base/banned.h"

/* Around the items and tokens: everything else a batch says. */
enum { AROUND = 64 * 1024, TOKEN_JSON = TOKEN_TEXT + 3, COUNT_JSON = 48 };

void batch_text_free(struct batch_text *text)
{
    if (text)
        arena_free(text->arena);
}

static bool copy_row(struct batch_text *text, struct stmt *q, struct err *err)
{
    struct batch_act *a = &text->act[text->acts];
    *a = (struct batch_act){.has_item = !db_is_null(q, 2), .has_thread = !db_is_null(q, 3)};
    a->is_counted = !db_is_null(q, 4);
    a->has_takes = !db_is_null(q, 7);
    a->gone_by = db_is_null(q, 8) ? -1 : db_int(q, 8);
    const struct {
        int column;
        void *to;
        size_t n;
        bool there;
    } part[] = {
        {0, a->id, 16, true},
        {1, a->c, 32, true},
        {3, a->thread, 16, a->has_thread},
        {4, a->counted, 16, a->is_counted},
        {5, a->token, TOKEN_SIZE, true},
        {6, a->key_id, 32, true},
        {7, a->takes, 16, a->has_takes},
    };
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
        struct span bytes = db_text(q, part[i].column);
        if (part[i].there && bytes.n != part[i].n)
            return fail(err, E_FORMAT, "A row of acts that wait is not of its form.");
        if (part[i].there)
            memcpy(part[i].to, bytes.p, part[i].n);
    }
    if (a->has_item)
        a->item = arena_span(text->arena, db_text(q, 2));
    if (a->has_item && !a->item.p)
        return fail_memory(err);
    text->acts++;
    return true;
}

bool batch_text_gather(struct db *db, const char *series, const struct batch_facts *facts,
                       struct batch_text **out, struct err *err)
{
    struct arena *arena = arena_new();
    struct batch_text *text = ARENA_NEW(arena, struct batch_text);
    if (!text) {
        arena_free(arena);
        return fail_memory(err);
    }
    text->arena = arena;
    text->facts = facts;
    text->placed = span_is(SPAN("board"), series);
    *out = text;
    AUTO_STMT struct stmt *q = NULL;
    if (!db_query(db, &q, err,
                  "select id, c, item, thread, counted, token, key_id, takes, gone_by from waiting where "
                  "series = $1 and not exists (select 1 from held_back h where h.id = waiting.id and "
                  "h.released = 0) order by id limit 512",
                  V_STR(series)))
        return false;
    struct err inner = {0};
    size_t bytes = AROUND;
    static_assert(BATCH_ACTS == 512, "the limit above");
    while (text->acts < BATCH_ACTS && db_next(q, &inner)) {
        bytes += db_text(q, 2).n + 1 + TOKEN_JSON + COUNT_JSON;
        if (bytes > BATCH_BYTES)
            break;
        if (!copy_row(text, q, err))
            return false;
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

void batch_text_keys(const struct batch_text *text, struct entry_batch *out)
{
    for (size_t i = 0; i < text->acts; i++)
        for (size_t k = 0; k < text->facts->keys; k++) {
            const struct batch_key *key = &text->facts->key[k];
            if (memcmp(key->key_id, text->act[i].key_id, 32) != 0)
                continue;
            size_t at = 0;
            while (at < out->keys && out->key[at].epoch != key->epoch)
                at++;
            if (at == sizeof out->key / sizeof out->key[0])
                break;
            if (at == out->keys)
                out->key[out->keys++].epoch = key->epoch;
            out->key[at].n++;
            break;
        }
}

static int by_counted(const void *a, const void *b)
{
    const struct batch_act *const *x = a, *const *y = b;
    return memcmp((*x)->counted, (*y)->counted, 16);
}

/* {"<target>":n}, ascending. */
static bool write_counts(const struct batch_text *text, struct buf *out, struct err *err)
{
    const struct batch_act **list = arena_array(text->arena, text->acts + 1, sizeof *list);
    size_t n = 0;
    if (!list)
        return fail_memory(err);
    for (size_t i = 0; i < text->acts; i++)
        if (text->act[i].is_counted)
            list[n++] = &text->act[i];
    qsort(list, n, sizeof *list, by_counted);
    buf_add_text(out, ",\"metoo\":{");
    for (size_t i = 0, same; i < n; i += same) {
        char hex[33];
        for (same = 1; i + same < n && by_counted(&list[i], &list[i + same]) == 0;)
            same++;
        item_hex(list[i]->counted, hex);
        buf_printf(out, "%s\"%s\":%zu", i ? "," : "", hex, same);
    }
    buf_add_byte(out, '}');
    return true;
}

/* What one of these takes back of these is gone from the beginning. */
static void take_back(struct batch_text *text, uint64_t first)
{
    for (size_t i = 0; i < text->acts; i++)
        for (size_t k = 0; text->act[i].has_takes && k < text->acts; k++) {
            struct batch_act *target = &text->act[k];
            if (target->gone_by < 0 && memcmp(target->id, text->act[i].takes, sizeof target->id) == 0)
                target->gone_by = (int64_t)(first + i);
        }
}

bool batch_text_write(struct batch_text *text, const char *series, int64_t n, day_t day, uint64_t first,
                      struct buf *out, struct err *err)
{
    char day_said[16];
    bool some = false;
    take_back(text, first);
    buf_printf(out, "{\"day\":\"%s\",\"first\":%" PRIu64 ",\"items\":[", day_text(day, day_said), first);
    for (size_t i = 0; i < text->acts; i++) {
        if (!text->act[i].has_item)
            continue;
        if (some)
            buf_add_byte(out, ',');
        if (text->act[i].gone_by >= 0)
            placed_gone(out, text->act[i].c, text->act[i].gone_by);
        else
            buf_add(out, text->act[i].item);
        some = true;
    }
    buf_add_byte(out, ']');
    if (!write_counts(text, out, err))
        return false;
    buf_printf(out, ",\"n\":%" PRId64 ",\"series\":\"%s\",\"tokens\":[", n, series);
    for (size_t i = 0; i < text->acts; i++) {
        buf_add_text(out, i ? ",\"" : "\"");
        b64_add(out, (struct span){(const char *)text->act[i].token, TOKEN_SIZE}, B64_URL);
        buf_add_byte(out, '"');
    }
    buf_add_text(out, "],\"v\":1}");
    return buf_ok(out, err);
}

static bool place(struct db *db, const struct batch_act *a, int64_t n, struct err *err)
{
    struct placing p = {.id = a->id, .n = n, .item = a->item, .c = a->c, .by = a->gone_by};
    p.thread = a->has_thread ? a->thread : NULL;
    return placed_put(db, &p, err);
}

bool batch_text_done(struct db *db, const struct batch_text *text, int64_t n, uint64_t first, struct err *err)
{
    for (size_t i = 0; i < text->acts; i++) {
        const struct batch_act *a = &text->act[i];
        struct val id = V_BLOB(span_bytes(a->id, sizeof a->id));
        if (!db_run(db, err, "delete from waiting where id = $1", id) ||
            !db_run(db, err, "delete from held_back where id = $1", id) ||
            (a->has_item && text->placed && !place(db, a, n, err)))
            return false;
    }
    for (size_t i = 0; i < text->acts; i++)
        if (text->act[i].has_takes && !placed_take_out(db, text->act[i].takes, (int64_t)(first + i), err))
            return false;
    return true;
}
