/* Merging: the dictionaries are walked side by side, and each term's lists are joined with documents numbered
 * anew. */
#include "papers/index_merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

static const uint32_t GONE = UINT32_MAX;

struct merging {
    struct index *index;
    struct index_seg *seg;
    size_t n;
    struct seg_walk *walk;
    bool *more;
    uint32_t **number; /* of each document in the new segment, or GONE */
    float *norm;
    uint32_t *doc; /* room for one list */
    uint8_t *tf;
    struct post *post;
};

static void free_all(struct merging *m)
{
    for (size_t i = 0; i < m->n && m->number; i++)
        mem_free(m->number[i]);
    mem_free(m->number);
    mem_free(m->walk);
    mem_free(m->more);
    mem_free(m->norm);
    mem_free(m->doc);
    mem_free(m->tf);
    mem_free(m->post);
}

/* Number the documents that are left, and write their table. */
static bool number_documents(struct merging *m, struct seg_made *out)
{
    for (size_t i = 0; i < m->n; i++) {
        struct index_seg *s = &m->seg[i];
        if (!(m->number[i] = mem_get((s->docs + 1) * sizeof *m->number[i])))
            return false;
        for (uint32_t d = 0; d < s->docs; d++) {
            struct seg_doc doc = seg_doc_at(buf_span(&s->documents), d);
            m->number[i][d] = index_is_dead(s, d) ? GONE : out->docs++;
            if (m->number[i][d] == GONE)
                continue;
            out->tokens += doc.length;
            seg_doc_write(&out->documents, doc);
        }
    }
    return !out->documents.failed;
}

static bool begin(struct merging *m, struct seg_made *out)
{
    m->walk = mem_get(m->n * sizeof *m->walk);
    m->more = mem_get(m->n);
    m->number = mem_get(m->n * sizeof *m->number);
    m->post = mem_get(sizeof *m->post);
    if (!m->walk || !m->more || !m->number || !m->post || !number_documents(m, out))
        return false;
    m->norm = mem_get((out->docs + 1) * sizeof *m->norm);
    m->doc = mem_get((out->docs + 1) * sizeof *m->doc);
    m->tf = mem_get(out->docs + 1);
    if (!m->norm || !m->doc || !m->tf)
        return false;
    struct bm25 model = {out->docs ? (double)out->tokens / (double)out->docs : 1};
    for (uint32_t d = 0; d < out->docs; d++)
        m->norm[d] = bm25_norm(model, seg_doc_at(buf_span(&out->documents), d).length);
    for (size_t i = 0; i < m->n; i++) {
        seg_walk_begin(&m->walk[i], buf_span(&m->seg[i].dict_bytes));
        m->more[i] = seg_walk_next(&m->walk[i]);
    }
    return true;
}

static struct span term_at(const struct merging *m, size_t i)
{
    return span_bytes(m->walk[i].term, m->walk[i].n);
}

/* The segment whose term comes first; n at the end. */
static size_t first(const struct merging *m)
{
    size_t best = m->n;
    for (size_t i = 0; i < m->n; i++)
        if (m->more[i] && (best == m->n || span_order(term_at(m, i), term_at(m, best)) < 0))
            best = i;
    return best;
}

/* Append the list of one segment, at its walk. */
static bool join_list(struct merging *m, size_t i, uint32_t *n, struct err *err)
{
    const struct seg_term *about = &m->walk[i].at;
    if (!index_list(m->index, &m->seg[i], about, m->post, err))
        return false;
    index_drop_before(m->index, &m->seg[i], about->chunk);
    for (uint32_t d = 0; post_seek(m->post, d); d = m->post->doc[m->post->at] + 1) {
        uint32_t number = m->number[i][m->post->doc[m->post->at]];
        if (number == GONE)
            continue;
        m->doc[*n] = number;
        m->tf[(*n)++] = m->post->tf[m->post->at];
    }
    return true;
}

static bool join_terms(struct merging *m, struct seg_writer *w, struct err *err)
{
    char text[TERM_MOST + 1];
    for (size_t at = first(m); at < m->n; at = first(m)) {
        uint32_t n = 0;
        struct span term = span_bytes(text, m->walk[at].n);
        memcpy(text, m->walk[at].term, m->walk[at].n);
        for (size_t i = 0; i < m->n; i++) {
            if (!m->more[i] || !span_eq(term_at(m, i), term))
                continue;
            if (!join_list(m, i, &n, err))
                return false;
            m->more[i] = seg_walk_next(&m->walk[i]);
        }
        if (!seg_write_term(w, term, m->doc, m->tf, n, err))
            return false;
    }
    return seg_write_end(w, err);
}

bool index_merge(struct index *index, struct index_seg *seg, size_t n, struct seg_made *out, seg_chunk *sink,
                 void *arg, struct err *err)
{
    struct merging m = {.index = index, .seg = seg, .n = n};
    struct seg_writer w = {0};
    *out = (struct seg_made){0};
    buf_init(&out->documents, UINT32_MAX);
    bool done = begin(&m, out) || fail_memory(err);
    done = done && seg_write_begin(&w, m.norm, out->docs, sink, arg, err) && join_terms(&m, &w, err);
    out->dict = w.dict;
    w.dict = (struct buf){0};
    seg_write_free(&w);
    free_all(&m);
    return done;
}
