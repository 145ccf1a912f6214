/* Models and the papers' vectors in the database. */
#include "papers/vec_model.h"

#include <math.h>

#include "base/mem.h"
#include "base/words.h"
#include "num/rng.h"

#include "base/banned.h"

enum { TERMS_MOST = 64 << 20, NULL_PAPERS = 300, NULL_WANT = 200, SEED = 12 };

void vec_model_free(struct vec_model *m)
{
    stems_free(&m->stems);
    space_free(&m->space);
    mem_free(m->df);
    mem_free(m->e);
    *m = (struct vec_model){0};
}

static bool damaged(struct err *err)
{
    return fail(err, E_FORMAT, "%s",
                tr("err.papers.vectors",
                   "The vectors of papers kept here are damaged. `respite papers vectors "
                   "--again` learns them anew."));
}

/* Its words, one a line, as the first stems. */
static bool take_terms(struct vec_model *m, struct span terms, struct err *err)
{
    struct span term;
    uint32_t number;
    while (terms.n) {
        span_cut(&terms, '\n', &term);
        if (!vocabulary_add(&m->stems.of, term, &number, err))
            return false;
    }
    return true;
}

/* A copy of a BLOB of exactly `size` bytes. */
static void *take_blob(struct span blob, size_t size, struct err *err)
{
    void *copy = blob.n == size ? mem_get(size + 1) : NULL;
    if (copy)
        memcpy(copy, blob.p, size);
    else
        (void)(blob.n == size ? fail_memory(err) : damaged(err));
    return copy;
}

static bool take_row(struct stmt *q, struct vec_model *m, struct err *err)
{
    size_t words = (size_t)db_int(q, 4);
    *m = (struct vec_model){.id = db_int(q, 0),
                            .cut = db_int(q, 1),
                            .made = (int32_t)db_int(q, 2),
                            .papers = (size_t)db_int(q, 3)};
    if (words > LEARN_WORDS || db_text(q, 6).n != sizeof m->space.mean || db_text(q, 7).n != sizeof m->null)
        return damaged(err);
    memcpy(m->null, db_text(q, 7).p, sizeof m->null);
    if (!stems_init(&m->stems, err) || !take_terms(m, db_text(q, 8), err))
        return false;
    if (m->stems.of.n != words)
        return damaged(err);
    m->df = take_blob(db_text(q, 9), words * sizeof *m->df, err);
    m->e = m->df ? take_blob(db_text(q, 10), words * CLOSEST_DIMS * sizeof *m->e, err) : NULL;
    if (!m->e || !space_make(&m->space, m->e, m->df, words, m->papers, err))
        return false;
    m->space.scale = (float)db_real(q, 5);
    memcpy(m->space.mean, db_text(q, 6).p, sizeof m->space.mean);
    return true;
}

bool vec_model_load(struct db *db, bool ready, struct vec_model *out, bool *there, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct vec_model m;
    *there = false;
    if (!db_query(
            db, &q, err,
            "select id, cut, made, papers, words, scale, mean, nulls, terms, df, e from vec_model where "
            "ready >= $1 order by id desc limit 1",
            V_INT(ready)))
        return false;
    if (!db_next(q, err))
        return err->code == E_NONE;
    if (!take_row(q, &m, err)) {
        vec_model_free(&m);
        return false;
    }
    *out = m;
    *there = true;
    return true;
}

bool vec_model_keep(struct db *db, struct vec_model *m, struct err *err)
{
    AUTO_BUF struct buf terms;
    size_t words = m->space.words;
    int64_t last;
    buf_init(&terms, TERMS_MOST);
    for (uint32_t w = 0; w < words; w++) {
        buf_add(&terms, vocabulary_at(&m->stems.of, w));
        buf_add_byte(&terms, '\n');
    }
    if (!buf_ok(&terms, err) || !db_number(db, &last, 0, err, "select max(id) from vec_model"))
        return false;
    m->id = last + 1;
    return db_run(
        db, err,
        "insert into vec_model(id, ready, cut, made, papers, words, dims, scale, mean, nulls, terms, df, "
        "e) values($1, 0, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        V_INT(m->id), V_INT(m->cut), V_INT(m->made), V_INT((int64_t)m->papers), V_INT((int64_t)words),
        V_INT(CLOSEST_DIMS), V_REAL((double)m->space.scale),
        V_BLOB(span_bytes(m->space.mean, sizeof m->space.mean)), V_BLOB(span_bytes(m->null, sizeof m->null)),
        V_TEXT(buf_span(&terms)), V_BLOB(span_bytes(m->df, words * sizeof *m->df)),
        V_BLOB(span_bytes(m->e, words * CLOSEST_DIMS * sizeof *m->e)));
}

bool vec_model_serve(struct db *db, const struct vec_model *m, struct err *err)
{
    return db_run(db, err, "update vec_model set ready = 1, nulls = $2 where id = $1", V_INT(m->id),
                  V_BLOB(span_bytes(m->null, sizeof m->null))) &&
           db_run(db, err, "delete from seg_vec where model <> $1", V_INT(m->id)) &&
           db_run(db, err, "delete from vec_model where id <> $1", V_INT(m->id));
}

void vec_of(const struct vec_model *m, size_t at, float out[static CLOSEST_DIMS])
{
    struct stems_place place[STEMS_PLACES];
    size_t n = stems_places(&m->stems, &m->stems.paper[at], NULL, m->space.words, place);
    space_vector(&m->space, place, n, out);
}

/* ---- the papers' vectors ---- */

/* The vector of a paper as it stands now; zeros for one that is gone. */
static bool code_paper(struct db *db, struct vec_model *m, uint32_t paper, struct coded *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    float v[CLOSEST_DIMS];
    size_t before = m->stems.n;
    memset(out, 0, sizeof *out);
    if (!db_query(db, &q, err, "select title, abstract from paper where id = $1", V_INT(paper)))
        return false;
    if (!db_next(q, err))
        return err->code == E_NONE;
    if (!stems_add(&m->stems, db_text(q, 0), db_text(q, 1), SIZE_MAX, err))
        return false;
    vec_of(m, before, v);
    stems_drop(&m->stems, before);
    space_code(&m->space, v, out);
    return true;
}

struct filling {
    struct vec_model *m;
    const struct index_seg *seg;
    uint32_t chunk;
};

static bool fill_chunk(struct db *db, void *arg, struct err *err)
{
    const struct filling *f = arg;
    uint32_t from = f->chunk * VEC_CHUNK;
    uint32_t n = f->seg->docs - from < VEC_CHUNK ? f->seg->docs - from : VEC_CHUNK;
    struct coded *at = mem_get(VEC_CHUNK * sizeof *at);
    bool ok = at || fail_memory(err);
    for (uint32_t i = 0; ok && i < n; i++)
        ok = code_paper(db, f->m, seg_doc_at(buf_span(&f->seg->documents), from + i).paper, &at[i], err);
    ok = ok &&
         db_run(db, err,
                "insert into seg_vec(seg, model, chunk, vectors) values($1, $2, $3, $4) on conflict do "
                "nothing",
                V_INT(f->seg->id), V_INT(f->m->id), V_INT(f->chunk), V_BLOB(span_bytes(at, n * sizeof *at)));
    mem_free(at);
    return ok;
}

bool vec_fill(struct db *db, struct index *index, struct vec_model *m, size_t most, bool *left,
              struct err *err)
{
    size_t done = 0;
    *left = false;
    for (size_t i = 0; i < index->segs; i++) {
        struct filling f = {m, &index->seg[i], 0};
        uint32_t chunks = (f.seg->docs + VEC_CHUNK - 1) / VEC_CHUNK;
        int64_t have;
        if (!db_number(db, &have, 0, err, "select count(*) from seg_vec where seg = $1 and model = $2",
                       V_INT(f.seg->id), V_INT(m->id)))
            return false;
        /* Chunks are kept in order, so those that are there are the first. */
        for (f.chunk = (uint32_t)have; f.chunk < chunks; f.chunk++) {
            *left = done++ == most;
            if (*left)
                return true;
            if (!db_write(db, fill_chunk, &f, err))
                return false;
        }
    }
    return true;
}

static bool walk_seg(struct db *db, const struct index_seg *seg, const struct vec_model *m, int32_t since,
                     struct closest *searches, size_t n, struct coded *live, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    uint32_t paper[VEC_CHUNK];
    if (!db_query(db, &q, err,
                  "select chunk, vectors from seg_vec where seg = $1 and model = $2 order by chunk",
                  V_INT(seg->id), V_INT(m->id)))
        return false;
    while (db_next(q, err)) {
        struct span at = db_text(q, 1);
        uint32_t first = (uint32_t)db_int(q, 0) * VEC_CHUNK, docs = (uint32_t)(at.n / sizeof *live);
        size_t k = 0;
        if (docs > VEC_CHUNK || first > seg->docs || seg->docs - first < docs)
            return damaged(err);
        for (uint32_t i = 0; i < docs; i++) {
            struct seg_doc doc = seg_doc_at(buf_span(&seg->documents), first + i);
            if (index_is_dead(seg, first + i) || doc.day < since)
                continue;
            memcpy(&live[k], at.p + i * sizeof *live, sizeof *live);
            paper[k++] = doc.paper;
        }
        for (size_t i = 0; i < n; i++)
            closest_look(&searches[i], live, paper, k);
    }
    return err->code == E_NONE;
}

bool vec_walk(struct db *db, struct index *index, const struct vec_model *m, int32_t since,
              struct closest *searches, size_t n, struct err *err)
{
    struct coded *live = mem_get(VEC_CHUNK * sizeof *live);
    bool ok = live || fail_memory(err);
    for (size_t i = 0; ok && i < index->segs; i++)
        ok = walk_seg(db, &index->seg[i], m, since, searches, n, live, err);
    mem_free(live);
    return ok;
}

/* ---- what papers of the index find ---- */

/* The number of the document `at` of all, or 0 for one that is struck out. */
static uint32_t paper_at(const struct index *index, uint64_t at)
{
    for (size_t i = 0; i < index->segs; i++) {
        const struct index_seg *s = &index->seg[i];
        if (at < s->docs)
            return index_is_dead(s, (uint32_t)at) ? 0
                                                  : seg_doc_at(buf_span(&s->documents), (uint32_t)at).paper;
        at -= s->docs;
    }
    return 0;
}

/* Begin the search of a drawn paper, by all of it or by its title. */
static bool begin_drawn(struct db *db, struct vec_model *m, uint32_t paper, bool title, struct closest *out,
                        struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    float v[CLOSEST_DIMS];
    size_t before = m->stems.n;
    if (!db_query(db, &q, err, "select title, abstract from paper where id = $1", V_INT(paper)))
        return false;
    if (!db_next(q, err))
        return err->code == E_NONE && closest_begin(out, &m->space, m->space.mean, 0, NULL_WANT, err);
    if (!stems_add(&m->stems, db_text(q, 0), title ? (struct span){0} : db_text(q, 1), SIZE_MAX, err))
        return false;
    vec_of(m, before, v);
    stems_drop(&m->stems, before);
    return closest_begin(out, &m->space, v, 0, NULL_WANT, err);
}

static bool null_of(struct closest *searches, const uint32_t *paper, size_t n, struct near_null *out,
                    struct err *err)
{
    double sum = 0, squares = 0, found = 0;
    for (size_t i = 0; i < n; i++) {
        struct closest_hit hits[2];
        size_t got;
        if (!closest_end(&searches[i], hits, 2, &got, err))
            return false;
        size_t own = got && hits[0].paper == paper[i];
        if (own >= got)
            continue;
        double cosine = (double)hits[own].cosine;
        sum += cosine;
        squares += cosine * cosine;
        found++;
    }
    out->mean = found > 0 ? sum / found : 0;
    out->sd = found > 1 ? sqrt(fmax(0, squares / found - out->mean * out->mean)) : 0;
    return true;
}

static bool measure(struct db *db, struct index *index, struct vec_model *m, bool title, struct err *err)
{
    struct closest *searches = mem_get(NULL_PAPERS * sizeof *searches);
    uint32_t paper[NULL_PAPERS];
    struct rng rng;
    size_t n = 0;
    bool ok = searches || fail_memory(err);
    rng_seed(&rng, SEED);
    for (int i = 0; ok && i < NULL_PAPERS && index->docs; i++) {
        paper[n] = paper_at(index, rng_below(&rng, index->docs));
        if (paper[n]) {
            ok = begin_drawn(db, m, paper[n], title, &searches[n], err);
            n += ok;
        }
    }
    ok = ok && vec_walk(db, index, m, INT32_MIN, searches, n, err) &&
         null_of(searches, paper, n, &m->null[title], err);
    for (size_t i = 0; searches && i < n; i++)
        closest_free(&searches[i]);
    mem_free(searches);
    return ok;
}

bool vec_measure_null(struct db *db, struct index *index, struct vec_model *m, struct err *err)
{
    return measure(db, index, m, false, err) && measure(db, index, m, true, err);
}
