/* Segments in and out of the database. A chunk's row is numbered segment * 2^20 + chunk, so that the rows of
 * a segment lie together and none needs an index of its own. */
#include "papers/index.h"

#include <string.h>

#include "base/mem.h"
#include "base/words.h"
#include "papers/index_merge.h"

#include "base/banned.h"

enum { CHUNK_BITS = 20 };

/* ---- opening ---- */

static bool damaged(struct err *err)
{
    return fail(
        err, E_FORMAT, "%s",
        tr("err.papers.index", "The index of papers is damaged. `respite restore` puts a backup back."));
}

static bool copy(struct buf *out, struct span from, struct err *err)
{
    buf_init(out, from.n + 1);
    buf_add(out, from);
    return buf_ok(out, err);
}

static bool load_seg(struct index_seg *s, struct stmt *q, struct err *err)
{
    s->id = db_int(q, 0);
    s->docs = (uint32_t)db_int(q, 1);
    s->tokens = (uint64_t)db_int(q, 2);
    s->chunks = (uint32_t)db_int(q, 3);
    if (!copy(&s->dict_bytes, db_text(q, 4), err) || !copy(&s->documents, db_text(q, 5), err) ||
        !copy(&s->dead, db_text(q, 6), err))
        return false;
    if (db_int(q, 1) < 0 || db_int(q, 1) > UINT32_MAX || db_int(q, 3) < 0 ||
        db_int(q, 3) >= 1 << CHUNK_BITS || s->documents.n != (size_t)s->docs * SEG_DOC ||
        (s->dead.n && s->dead.n != (s->docs + 7u) / 8))
        return damaged(err);
    s->norm = mem_get((s->docs + 1) * sizeof *s->norm);
    s->chunk = mem_get((s->chunks + 1) * sizeof *s->chunk);
    return (s->norm && s->chunk) ? seg_dict_open(&s->dict, buf_span(&s->dict_bytes), err) : fail_memory(err);
}

static void set_norms(struct index *index)
{
    struct bm25 m = {index->docs ? (double)index->tokens / (double)index->docs : 1};
    for (size_t i = 0; i < index->segs; i++) {
        struct index_seg *s = &index->seg[i];
        for (uint32_t d = 0; d < s->docs; d++)
            s->norm[d] = bm25_norm(m, seg_doc_at(buf_span(&s->documents), d).length);
    }
}

bool index_open(struct index *out, struct db *db, struct err *err)
{
    int64_t segs;
    *out = (struct index){.db = db};
    if (!db_number(db, &segs, 0, err, "select count(*) from paper_seg"))
        return false;
    out->seg = mem_get(((size_t)segs + 1) * sizeof *out->seg);
    out->stems = index_build_new(err);
    if (!out->seg || !out->stems) {
        index_close(out);
        return fail_memory(err);
    }
    AUTO_STMT struct stmt *q = NULL;
    bool good = db_query(db, &q, err,
                         "select id, docs, tokens, chunks, dict, documents, dead from paper_seg order by id");
    while (good && out->segs < (size_t)segs && db_next(q, err)) {
        struct index_seg *s = &out->seg[out->segs++];
        good = load_seg(s, q, err);
        out->docs += s->docs;
        out->tokens += s->tokens;
    }
    if (good && err->code == E_NONE) {
        set_norms(out);
        return true;
    }
    index_close(out);
    return false;
}

static void drop_chunks(struct index *index)
{
    for (size_t i = 0; i < index->segs; i++)
        for (uint32_t c = 0; index->seg[i].chunk && c < index->seg[i].chunks; c++)
            buf_clear(&index->seg[i].chunk[c]);
    index->cached = 0;
}

void index_close(struct index *index)
{
    drop_chunks(index);
    for (size_t i = 0; i < index->segs; i++) {
        struct index_seg *s = &index->seg[i];
        seg_dict_close(&s->dict);
        buf_clear(&s->dict_bytes);
        buf_clear(&s->documents);
        buf_clear(&s->dead);
        mem_free(s->norm);
        mem_free(s->chunk);
    }
    mem_free(index->seg);
    index_build_free(index->stems);
    *index = (struct index){0};
}

void index_trim(struct index *index)
{
    if (index->cached > INDEX_CACHE)
        drop_chunks(index);
}

static bool read_chunk(struct index *index, struct index_seg *seg, uint32_t number, struct err *err)
{
    struct buf *chunk = &seg->chunk[number];
    if (chunk->p)
        return true;
    AUTO_STMT struct stmt *q = NULL;
    if (!db_query(index->db, &q, err, "select bytes from paper_post where id = $1",
                  V_INT(seg->id << CHUNK_BITS | number)))
        return false;
    if (!db_next(q, err))
        return err->code == E_NONE ? damaged(err) : false;
    if (!copy(chunk, db_text(q, 0), err))
        return false;
    index->cached += chunk->n;
    return true;
}

bool index_list(struct index *index, struct index_seg *seg, const struct seg_term *about, struct post *out,
                struct err *err)
{
    if (about->chunk >= seg->chunks)
        return damaged(err);
    if (!read_chunk(index, seg, about->chunk, err))
        return false;
    struct span bytes = span_from(buf_span(&seg->chunk[about->chunk]), about->offset);
    return post_open(out, bytes, about->df, seg->docs) || damaged(err);
}

void index_drop_before(struct index *index, struct index_seg *seg, uint32_t chunk)
{
    while (chunk > 0 && seg->chunk[chunk - 1].p) {
        index->cached -= seg->chunk[--chunk].n;
        buf_clear(&seg->chunk[chunk]);
    }
}

/* ---- keeping ---- */

struct keeping {
    struct db *db;
    int64_t id;
    uint32_t chunks;
};

static bool keep_chunk(void *arg, uint32_t number, struct span bytes, struct err *err)
{
    struct keeping *k = arg;
    k->chunks = number + 1;
    if (k->chunks >= 1u << CHUNK_BITS)
        return fail(err, E_LIMIT, "%s",
                    tr("err.papers.index.large", "One part of the index of papers is too large."));
    return db_run(k->db, err, "insert into paper_post (id, bytes) values ($1, $2)",
                  V_INT(k->id << CHUNK_BITS | number), V_BLOB(bytes));
}

static bool keep_seg(struct keeping *k, int level, const struct seg_made *made, struct err *err)
{
    return db_run(k->db, err,
                  "insert into paper_seg (id, level, docs, tokens, chunks, dict, documents, dead) "
                  "values ($1, $2, $3, $4, $5, $6, $7, $8)",
                  V_INT(k->id), V_INT(level), V_INT(made->docs), V_INT((int64_t)made->tokens),
                  V_INT(k->chunks), V_BLOB(buf_span(&made->dict)), V_BLOB(buf_span(&made->documents)),
                  V_BLOB(SPAN("")));
}

static bool next_id(struct keeping *k, struct err *err)
{
    int64_t last;
    if (!db_number(k->db, &last, 0, err, "select max(id) from paper_seg"))
        return false;
    k->id = last + 1;
    k->chunks = 0;
    return true;
}

static bool is_among(uint32_t paper, const uint32_t *among, size_t n)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (among[middle] < paper)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && among[low] == paper;
}

/* Strike out of the open segment what is `among`; `*any` says whether there was something. */
static bool strike_seg(struct index_seg *s, const uint32_t *among, size_t n, bool *any)
{
    *any = false;
    for (uint32_t d = 0; d < s->docs; d++) {
        if (!is_among(seg_doc_at(buf_span(&s->documents), d).paper, among, n) || index_is_dead(s, d))
            continue;
        if (!s->dead.n) {
            buf_clear(&s->dead);
            buf_init(&s->dead, (s->docs + 7u) / 8);
            for (uint32_t i = 0; i < (s->docs + 7u) / 8; i++)
                buf_add_byte(&s->dead, 0);
            if (s->dead.failed)
                return false;
        }
        s->dead.p[d / 8] = (char)(s->dead.p[d / 8] | 1 << d % 8);
        *any = true;
    }
    return true;
}

static bool strike(struct db *db, const uint32_t *among, size_t n, struct err *err)
{
    AUTO_INDEX struct index index = {0};
    if (!n)
        return true;
    if (!index_open(&index, db, err))
        return false;
    for (size_t i = 0; i < index.segs; i++) {
        bool any;
        struct index_seg *s = &index.seg[i];
        if (!strike_seg(s, among, n, &any))
            return fail_memory(err);
        if (any && !db_run(db, err, "update paper_seg set dead = $2 where id = $1", V_INT(s->id),
                           V_BLOB(buf_span(&s->dead))))
            return false;
    }
    return true;
}

static bool drop_seg(struct db *db, int64_t id, struct err *err)
{
    return db_run(db, err, "delete from paper_post where id >= $1 and id < $2", V_INT(id << CHUNK_BITS),
                  V_INT((id + 1) << CHUNK_BITS)) &&
           db_run(db, err, "delete from paper_seg where id = $1", V_INT(id));
}

/* The open segments `from` to `to` become one of `level`. */
static bool merge(struct index *index, size_t from, size_t to, int level, struct err *err)
{
    struct keeping k = {.db = index->db};
    struct seg_made made = {0};
    bool done = next_id(&k, err) &&
                index_merge(index, index->seg + from, to - from, &made, keep_chunk, &k, err) &&
                (made.docs == 0 || keep_seg(&k, level, &made, err));
    seg_made_free(&made);
    for (size_t i = from; i < to && done; i++)
        done = drop_seg(index->db, index->seg[i].id, err);
    return done;
}

/* The lowest level that holds INDEX_FAN segments; -1: none. Their numbers follow each other only by level, so
 * the segments are opened by level. */
static bool full_level(struct db *db, int64_t *level, struct err *err)
{
    return db_number(
        db, level, -1, err,
        "select level from paper_seg group by level having count(*) >= $1 order by level limit 1",
        V_INT(INDEX_FAN));
}

static bool merge_level(struct db *db, int64_t level, struct err *err)
{
    AUTO_INDEX struct index index = {0};
    if (!index_open(&index, db, err))
        return false;
    size_t n = 0;
    for (size_t i = 0; i < index.segs; i++) {
        int64_t its;
        if (!db_number(db, &its, -1, err, "select level from paper_seg where id = $1",
                       V_INT(index.seg[i].id)))
            return false;
        if (its == level) {
            struct index_seg held = index.seg[n];
            index.seg[n++] = index.seg[i];
            index.seg[i] = held;
        }
    }
    return merge(&index, 0, n, (int)level + 1, err);
}

bool index_keep(struct db *db, struct index_build *b, const uint32_t *changed, size_t n, struct err *err)
{
    struct keeping k = {.db = db};
    struct seg_made made = {0};
    int64_t level;
    bool done = strike(db, changed, n, err);
    if (done && index_build_docs(b)) {
        done =
            next_id(&k, err) && index_build_end(b, &made, keep_chunk, &k, err) && keep_seg(&k, 0, &made, err);
        seg_made_free(&made);
    }
    while (done) {
        if (!full_level(db, &level, err))
            return false;
        if (level < 0)
            break;
        done = merge_level(db, level, err);
    }
    return done;
}

bool index_merge_all(struct db *db, struct err *err)
{
    int64_t top;
    AUTO_INDEX struct index index = {0};
    return db_number(db, &top, 0, err, "select max(level) from paper_seg") && index_open(&index, db, err) &&
           (index.segs == 0 || merge(&index, 0, index.segs, (int)top + 1, err));
}

bool index_clear(struct db *db, struct err *err)
{
    return db_run(db, err, "delete from paper_post") && db_run(db, err, "delete from paper_seg");
}
