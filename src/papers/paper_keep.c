/* Records and the index, in one transaction. What an older segment holds of a paper that changed is struck
 * out there, and the paper stands in the new one. */
#include "papers/paper.h"

#include <stdlib.h>

#include "base/vec.h"
#include "papers/index.h"

#include "base/banned.h"

struct numbers {
    uint32_t *at;
    size_t n, room;
};
struct keep {
    struct arena *arena;
    struct index_build *b;
    const struct paper_record *records;
    size_t n;
    db_work *cursor;
    void *arg;
    struct papers_kept sums;
    struct numbers fresh, strike; /* go into the new segment; are in older ones */
    int64_t first;                /* the lowest number that was given here; INT64_MAX: none */
};

static bool put(struct keep *k, struct numbers *to, int64_t id, struct err *err)
{
    uint32_t *at = VEC_PUSH(k->arena, to);
    if (!at)
        return fail_memory(err);
    *at = (uint32_t)id;
    return true;
}

static bool note(struct keep *k, const struct paper_upserted *done, struct err *err)
{
    if (done->added && done->id < k->first)
        k->first = done->id;
    k->sums.added += done->added;
    k->sums.changed += done->changed;
    k->sums.same += !done->added && !done->changed;
    k->sums.joined += (int64_t)done->joined_n;
    k->sums.absent += done->id == 0;
    for (size_t i = 0; i < done->joined_n; i++)
        if (done->joined[i] < k->first && !put(k, &k->strike, done->joined[i], err))
            return false;
    if (!done->words)
        return true;
    return put(k, &k->fresh, done->id, err) && (done->id >= k->first || put(k, &k->strike, done->id, err));
}

static int order(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Ascending, each once. */
static void sort(struct numbers *v)
{
    size_t n = 0;
    if (v->n)
        qsort(v->at, v->n, sizeof *v->at, order);
    for (size_t i = 0; i < v->n; i++)
        if (n == 0 || v->at[n - 1] != v->at[i])
            v->at[n++] = v->at[i];
    v->n = n;
}

static bool index_one(struct keep *k, struct db *db, uint32_t id, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    if (!db_query(db, &q, err,
                  "select title, abstract, authors, categories, shown, year from paper where id = $1",
                  V_INT(id)))
        return false;
    if (!db_next(q, err))
        return err->code == E_NONE; /* it joined another later on */
    struct index_paper p = {.id = id,
                            .day =
                                db_is_null(q, 4) ? seg_year_alone((int)db_int(q, 5)) : (int32_t)db_int(q, 4),
                            .title = db_text(q, 0),
                            .abstract = db_text(q, 1),
                            .authors = db_text(q, 2),
                            .categories = db_text(q, 3)};
    return index_build_add(k->b, &p, err);
}

static bool keep_one(struct keep *k, struct db *db, const struct paper_record *record, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct paper_upserted done;
    return paper_upsert(db, arena, record, &done, err) && note(k, &done, err);
}

static bool work(struct db *db, void *arg, struct err *err)
{
    struct keep *k = arg;
    for (size_t i = 0; i < k->n; i++)
        if (!keep_one(k, db, &k->records[i], err))
            return false;
    sort(&k->fresh);
    sort(&k->strike);
    for (size_t i = 0; i < k->fresh.n; i++)
        if (!index_one(k, db, k->fresh.at[i], err))
            return false;
    return index_keep(db, k->b, k->strike.at, k->strike.n, err) && (!k->cursor || k->cursor(db, k->arg, err));
}

bool papers_keep(struct db *db, struct index_build *b, const struct paper_record *records, size_t n,
                 db_work *cursor, void *arg, struct papers_kept *out, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct keep k = {
        .arena = arena, .b = b, .records = records, .n = n, .cursor = cursor, .arg = arg, .first = INT64_MAX};
    if (!db_write(db, work, &k, err))
        return false;
    out->added += k.sums.added;
    out->changed += k.sums.changed;
    out->same += k.sums.same;
    out->joined += k.sums.joined;
    out->absent += k.sums.absent;
    return true;
}
