/* Fetching batches, and keeping them. One batch is one transaction, so that a fetch that was cut short goes
 * on where it ended. */
#include "anon/batches.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "anon/batch_read.h"
#include "anon/follow.h"
#include "anon/follow_lists.h"
#include "anon/gone.h"
#include "anon/guest.h"
#include "anon/hours_send.h"
#include "anon/outbox_db.h"
#include "anon/send_public.h"
#include "base/vec.h"
#include "base/words.h"
#include "codec/json.h"
#include "crypt/secret.h"

#include "base/banned.h"

enum { DAY = 86400, LETTERS_DAYS = 14 };
static const char *const all_series[] = {"board", "letters", "answers"};

struct taking {
    struct db *db;
    const struct known *known;
    struct batch_ground ground;
    const struct history *log; /* that holds the acts */
    int which;                 /* of follow_leaf */
    int64_t now;
    uint8_t crowd[32];
    int *items;
};

static bool leaf_of(void *arg, uint64_t index, uint8_t out[static 32], struct err *err)
{
    const struct taking *t = arg;
    return follow_leaf(t->db, t->which, index, out, err);
}

static void ground_make(struct taking *t, const struct history *issuer, const struct history *board)
{
    t->log = board ? board : issuer;
    t->which = board ? FOLLOW_BOARD : FOLLOW_ISSUER;
    t->ground = (struct batch_ground){.issuer = issuer, .board = board, .leaf = leaf_of, .arg = t};
}

/* Keeping -------------------------------------------------------------------------------------------- */
static bool seen_row(void *arg, const struct token *token, uint64_t index, bool *twice, struct err *err)
{
    const struct taking *t = arg;
    int64_t before;
    if (!db_number(t->db, &before, -1, err, "select idx from token_seen where nonce = $1",
                   V_BLOB(span_bytes(token->nonce, 32))))
        return false;
    *twice = before >= 0 && (uint64_t)before != index;
    return db_run(
        t->db, err, "insert into token_seen(nonce, key_id, idx) values ($1, $2, $3) on conflict do nothing",
        V_BLOB(span_bytes(token->nonce, 32)), V_BLOB(span_bytes(token->key_id, 32)), V_INT((int64_t)index));
}

static bool keep_items(struct taking *t, const struct batch_read *b, struct err *err)
{
    for (size_t i = 0; i < b->items; i++) {
        const struct batch_item *item = &b->item[i];
        if (item->gone || !item->fits)
            continue;
        const uint8_t *thread = item->has_thread ? item->thread : item->id;
        if (!db_run(
                t->db, err,
                "insert into item(id, kind, day, series, n, idx, thread, pk, json) values ($1, $2, $3, $4, "
                "$5, $6, $7, $8, $9) on conflict do nothing",
                V_BLOB(span_bytes(item->id, 16)), V_TEXT(item->kind), V_INT(b->day), V_TEXT(b->series),
                V_INT(b->n), V_INT((int64_t)item->index), V_BLOB(span_bytes(thread, 16)),
                V_BLOB(span_bytes(item->pk, 32)), V_TEXT(item->bytes)))
            return false;
        *t->items += db_changed(t->db) == 1;
    }
    for (size_t i = 0; i < b->metoos; i++)
        if (!db_run(t->db, err,
                    "insert into metoo(target, n) values ($1, $2) on conflict(target) do update set n = "
                    "metoo.n + $2",
                    V_BLOB(span_bytes(b->metoo[i].target, 16)), V_INT(b->metoo[i].n)))
            return false;
    return true;
}

struct keeping {
    struct taking *t;
    const struct history_batch *entry;
    struct span bytes;
};

/* Within db_write: look at one batch as it came, and keep it. */
static bool keep_work(struct db *db, void *arg, struct err *err)
{
    struct keeping *k = arg;
    struct taking *t = k->t;
    struct err why = {0};
    struct batch_read b;
    const char *wrong = NULL;
    struct arena *AUTO_ARENA arena = arena_new();
    if (!arena)
        return fail_memory(err);
    bool read = batch_read(k->bytes, arena, &b, &why);
    if (!read && why.code == E_MEMORY)
        return fail_memory(err);
    if (!read)
        wrong = why.text;
    else if (b.n != k->entry->batch.n || !span_eq(b.series, k->entry->batch.series))
        wrong = tr("err.anon.b_entry", "A batch that the lab shows does not stand in its record.");
    else if (!batch_check(&b, &t->ground, arena, &wrong, err) || !keep_items(t, &b, err) ||
             !gone_keep(db, &b, err))
        return false;
    return (!wrong || finding_keep(db, t->now, wrong, k->bytes, err)) &&
           db_run(
               db, err,
               "insert into kept_batch(series, n, day, first, count, bytes) values ($1, $2, $3, $4, $5, $6) "
               "on conflict do nothing",
               V_TEXT(k->entry->batch.series), V_INT(k->entry->batch.n), V_INT(k->entry->batch.day),
               V_INT((int64_t)k->entry->index + 1), V_INT(k->entry->batch.count), V_BLOB(k->bytes));
}

/* Fetching ------------------------------------------------------------------------------------------- */
/* The key for reading that is the same for all members now. */
static bool crowd_key(struct db *db, int64_t now, uint8_t out[static 32], struct err *err)
{
    bool have;
    return follow_crowd(db, now, out, &have, err) &&
           (have || fail(err, E_MISSING,
                         tr("err.anon.no_crowd", "The key for reading this week's posts is not here yet. "
                                                 "It comes with this week's passes.")));
}

/* The first number of each series that the board still has. */
static bool ask_first(struct taking *t, int64_t first[static 3], struct err *err)
{
    AUTO_BUF struct buf body;
    buf_init(&body, BATCHES_MOST);
    return public_get(t->db, t->known->via, t->known->board[0], "/v1/batches", t->crowd, BATCHES_MOST, &body,
                      NULL, err) &&
           batches_first_read(buf_span(&body), first, err);
}

static bool is_kept(struct db *db, const struct history_batch *b, bool *kept, struct err *err)
{
    int64_t n;
    if (!db_number(db, &n, 0, err, "select count(*) from kept_batch where series = $1 and n = $2",
                   V_TEXT(b->batch.series), V_INT(b->batch.n)))
        return false;
    *kept = n > 0;
    return true;
}

static bool batch_missing(const struct taking *t, struct err *err)
{
    return finding_keep(
        t->db, t->now,
        tr("err.anon.b_missing", "The lab does not show a batch of posts that stands in its record."),
        (struct span){NULL, 0}, err);
}

static bool take_one(struct taking *t, const struct history_batch *b, struct err *err)
{
    char path[80];
    struct err why = {0};
    AUTO_BUF struct buf body;
    buf_init(&body, BATCH_READ_MOST);
    snprintf(path, sizeof path, "/v1/batches/%.*s/%" PRId64, SPAN_ARG(b->batch.series), b->batch.n);
    if (!public_get(t->db, t->known->via, t->known->board[0], path, t->crowd, BATCH_READ_MOST, &body, NULL,
                    &why)) {
        if (why.code != E_MISSING)
            return fail(err, why.code, "%s", why.text);
        return batch_missing(t, err);
    }
    struct keeping k = {t, b, buf_span(&body)};
    return db_write(t->db, keep_work, &k, err);
}

/* The same for a counsellor who is no member: letters alone, asked for with the key in the record. *over: the
 * lab has removed them. */
static bool take_as_guest(struct taking *t, const struct history_batch *b, struct err *err)
{
    struct httpc_answer answer = {0};
    struct guest_wish wish = {
        .what = GUEST_WANTS_LETTERS, .n = b->batch.n, .now = t->now, .most = BATCH_READ_MOST};
    if (!guest_send(t->db, t->known, &wish, &answer, err))
        return false;
    struct keeping k = {t, b, buf_span(&answer.body)};
    bool done = answer.status == 410 || (answer.status == 404   ? batch_missing(t, err)
                                         : answer.status == 200 ? db_write(t->db, keep_work, &k, err)
                                                                : hours_refused(answer.status, err));
    buf_clear(&answer.body);
    return done;
}

static int64_t first_of(struct span series, const int64_t first[static 3])
{
    for (size_t i = 0; i < 3; i++)
        if (span_is(series, all_series[i]))
            return first[i];
    return INT64_MAX;
}

/* Letters are kept as long as the lab keeps them: from this day on. */
static day_t letters_from(const struct taking *t)
{
    const struct entry_rules *rules = history_rules(t->ground.issuer, epoch_of(t->now));
    return (day_t)(t->now / DAY - (rules && rules->retention > 0 ? rules->retention : LETTERS_DAYS));
}

static bool letters_end(struct taking *t, struct err *err)
{
    day_t from = letters_from(t);
    return db_run(t->db, err, "delete from kept_batch where series = 'letters' and day < $1", V_INT(from)) &&
           db_run(t->db, err, "delete from item where series = 'letters' and day < $1", V_INT(from));
}

/* What is not for a guest; and letters that are over, which are not asked for, also where the lab still has
 * them: read once more, one that was removed here would be new. */
static bool is_over(const struct taking *t, const struct history_batch *b)
{
    bool letters = span_is(b->batch.series, "letters");
    return letters ? b->batch.day < letters_from(t) : t->known->guest != NULL;
}

static bool drop_work(struct db *db, void *arg, struct err *err)
{
    const struct taking *t = arg;
    return gone_dropped(db, t->log, err);
}

bool batches_fetch(struct db *db, const struct known *known, const struct history *issuer,
                   const struct history *board, int64_t now, int *items, struct err *err)
{
    struct taking t = {.db = db, .known = known, .now = now, .items = items};
    int64_t first[3] = {0};
    bool asked = false;
    *items = 0;
    ground_make(&t, issuer, board);
    t.ground.seen = seen_row;
    for (size_t i = 0; i < t.log->batches.n; i++) {
        const struct history_batch *b = &t.log->batches.at[i];
        bool kept;
        if (is_over(&t, b))
            continue;
        if (!is_kept(db, b, &kept, err))
            return false;
        if (kept)
            continue;
        if (known->guest) {
            if (!take_as_guest(&t, b, err))
                return false;
            continue;
        }
        if (!asked && (!crowd_key(db, now, t.crowd, err) || !ask_first(&t, first, err)))
            return false;
        asked = true;
        bool over = span_is(b->batch.series, "letters") && b->batch.n < first_of(b->batch.series, first);
        if (!over && !take_one(&t, b, err))
            return false;
    }
    secret_wipe(t.crowd, sizeof t.crowd);
    const char *why = NULL;
    return db_write(db, drop_work, &t, err) && (!asked || gone_check(db, t.which, &why, err)) &&
           (!why || finding_keep(db, now, why, (struct span){NULL, 0}, err)) && letters_end(&t, err);
}

/* Cutting -------------------------------------------------------------------------------------------- */
/* What a batch counted is counted no more. */
static bool uncount(struct db *db, struct span bytes, struct err *err)
{
    struct err wrong = {0};
    struct batch_read b;
    struct arena *AUTO_ARENA arena = arena_new();
    if (!arena)
        return fail_memory(err);
    if (!batch_read(bytes, arena, &b, &wrong))
        return wrong.code != E_MEMORY || fail_memory(err);
    for (size_t i = 0; i < b.metoos; i++)
        if (!db_run(db, err, "update metoo set n = n - $2 where target = $1",
                    V_BLOB(span_bytes(b.metoo[i].target, 16)), V_INT(b.metoo[i].n)))
            return false;
    return true;
}

bool batches_cut(struct db *db, uint64_t index, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    int64_t from = (int64_t)index;
    if (!db_query(db, &q, err, "select bytes from kept_batch where first + count > $1", V_INT(from)))
        return false;
    while (db_next(q, &inner))
        if (!uncount(db, db_text(q, 0), err))
            return false;
    if (inner.code)
        return fail(err, inner.code, "%s", inner.text);
    db_close_stmt(q);
    q = NULL;
    return db_run(db, err, "delete from kept_batch where first + count > $1", V_INT(from)) &&
           db_run(db, err, "delete from item where idx >= $1", V_INT(from)) &&
           db_run(db, err, "delete from token_seen where idx >= $1", V_INT(from)) &&
           db_run(db, err, "delete from gone where idx >= $1", V_INT(from)) &&
           db_run(db, err, "update gone set by_idx = -1 where by_idx >= $1", V_INT(from));
}

/* Looking again -------------------------------------------------------------------------------------- */
struct seen {
    uint8_t nonce[32];
    uint64_t index;
};
struct all_seen {
    struct seen *at;
    size_t n, room;
};
struct again {
    struct taking t; /* first: leaf_of takes it for that */
    struct arena *arena;
    struct all_seen seen;
};

static bool seen_list(void *arg, const struct token *token, uint64_t index, bool *twice, struct err *err)
{
    struct again *a = arg;
    struct seen *s = VEC_PUSH(a->arena, &a->seen);
    *twice = false;
    if (!s)
        return fail_memory(err);
    memcpy(s->nonce, token->nonce, sizeof s->nonce);
    s->index = index;
    return true;
}

static int by_nonce(const void *x, const void *y)
{
    return memcmp(((const struct seen *)x)->nonce, ((const struct seen *)y)->nonce, 32);
}

static bool check_one(struct again *a, struct span bytes, const char **why, struct err *err)
{
    struct err wrong = {0};
    struct batch_read b;
    struct arena *AUTO_ARENA arena = arena_new();
    if (!arena)
        return fail_memory(err);
    if (batch_read(bytes, arena, &b, &wrong))
        return batch_check(&b, &a->t.ground, arena, why, err);
    if (wrong.code == E_MEMORY)
        return fail_memory(err);
    *why = arena_text(a->arena, span_of(wrong.text));
    return *why || fail_memory(err);
}

bool batches_check(struct db *db, const struct known *known, const struct history *issuer,
                   const struct history *board, struct arena *arena, const char **why, int *batches,
                   struct err *err)
{
    struct again a = {.t = {.db = db, .known = known}, .arena = arena};
    struct err inner = {0};
    AUTO_STMT struct stmt *q = NULL;
    ground_make(&a.t, issuer, board);
    a.t.ground.seen = seen_list;
    *why = NULL;
    *batches = 0;
    if (!db_query(db, &q, err, "select bytes from kept_batch order by first"))
        return false;
    for (; !*why && db_next(q, &inner); ++*batches)
        if (!check_one(&a, db_text(q, 0), why, err))
            return false;
    if (inner.code)
        return fail(err, inner.code, "%s", inner.text);
    if (!*why && !gone_check(db, a.t.which, why, err))
        return false;
    if (a.seen.n)
        qsort(a.seen.at, a.seen.n, sizeof *a.seen.at, by_nonce);
    for (size_t i = 1; !*why && i < a.seen.n; i++)
        if (by_nonce(&a.seen.at[i - 1], &a.seen.at[i]) == 0 && a.seen.at[i - 1].index != a.seen.at[i].index)
            *why = tr("err.anon.b_twice", "The lab published one pass twice: one of the two posts was put in "
                                          "without a pass.");
    return true;
}

/* Reading -------------------------------------------------------------------------------------------- */
static bool copy(struct stmt *q, int column, void *to, size_t n, struct err *err)
{
    struct span bytes = db_text(q, column);
    if (bytes.n != n)
        return fail(err, E_FORMAT, tr("err.anon.item_row", "A post that was kept here is damaged."));
    memcpy(to, bytes.p, n);
    return true;
}

bool items_new(struct db *db, struct arena *arena, int64_t most, struct kept_items *out, struct err *err)
{
    return items_new_in(db, arena, "board", most, out, err);
}

bool items_new_in(struct db *db, struct arena *arena, const char *series, int64_t most,
                  struct kept_items *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err,
                  "select id, thread, pk, kind, json, day, idx from item where taken = 0 and series = $2 "
                  "order by idx limit $1",
                  V_INT(most), V_STR(series)))
        return false;
    while (db_next(q, &inner)) {
        struct kept_item *item = VEC_PUSH(arena, out);
        if (!item)
            return fail_memory(err);
        item->kind = arena_span(arena, db_text(q, 3));
        item->json = arena_span(arena, db_text(q, 4));
        item->day = (day_t)db_int(q, 5);
        item->index = (uint64_t)db_int(q, 6);
        if (!item->kind.p || !item->json.p)
            return fail_memory(err);
        if (!copy(q, 0, item->id, 16, err) || !copy(q, 1, item->thread, 16, err) ||
            !copy(q, 2, item->pk, 32, err))
            return false;
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

bool item_json(struct db *db, struct arena *arena, const uint8_t id[static 16], struct span *out,
               struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *out = (struct span){NULL, 0};
    if (!db_query(db, &q, err, "select json from item where id = $1", V_BLOB(span_bytes(id, 16))))
        return false;
    if (!db_next(q, &inner))
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    *out = arena_span(arena, db_text(q, 0));
    return out->p || fail_memory(err);
}

bool gone_new(struct db *db, struct arena *arena, struct gone_items *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err, "select id, idx from gone where taken = 0 order by idx"))
        return false;
    while (db_next(q, &inner)) {
        struct gone_item *g = VEC_PUSH(arena, out);
        if (!g)
            return fail_memory(err);
        g->index = (uint64_t)db_int(q, 1);
        if (!copy(q, 0, g->id, 16, err))
            return false;
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

bool items_taken(struct db *db, const struct kept_items *items, const struct gone_items *gone,
                 struct err *err)
{
    for (size_t i = 0; i < items->n; i++)
        if (!db_run(db, err, "update item set taken = 1 where id = $1",
                    V_BLOB(span_bytes(items->at[i].id, 16))))
            return false;
    for (size_t i = 0; i < gone->n; i++)
        if (!db_run(db, err, "update gone set taken = 1 where id = $1",
                    V_BLOB(span_bytes(gone->at[i].id, 16))))
            return false;
    return true;
}

bool items_metoo(struct db *db, const uint8_t id[static 16], int64_t *n, struct err *err)
{
    return db_number(db, n, 0, err, "select n from metoo where target = $1", V_BLOB(span_bytes(id, 16)));
}
