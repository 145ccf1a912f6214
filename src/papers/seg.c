/* The bytes of a segment: dictionary, documents, chunks of postings. */
#include "papers/seg.h"

#include <math.h>
#include <string.h>

#include "base/day.h"
#include "base/mem.h"
#include "base/words.h"
#include "codec/wire.h"

#include "base/banned.h"

enum { GROUP = 16, ENTRY_MOST = 2 + TERM_MOST + 3 * 5 + 1 };
static const double K1 = 1.2, B = 0.75;

float bm25_norm(struct bm25 m, uint32_t length)
{
    double average = m.average > 0 ? m.average : 1;
    return (float)(K1 * (1 - B + B * length / average));
}

double bm25_idf(uint64_t n, uint64_t df)
{
    return log(1 + ((double)n - (double)df + 0.5) / ((double)df + 0.5));
}

/* ---- writing ---- */

bool seg_write_begin(struct seg_writer *w, const float *norm, uint32_t docs, seg_chunk *sink, void *arg,
                     struct err *err)
{
    *w = (struct seg_writer){.norm = norm, .docs = docs, .sink = sink, .arg = arg};
    buf_init(&w->dict, UINT32_MAX);
    buf_init(&w->chunk, UINT32_MAX);
    w->bound = mem_get(docs);
    return w->bound || fail_memory(err);
}

void seg_write_free(struct seg_writer *w)
{
    buf_clear(&w->dict);
    buf_clear(&w->chunk);
    mem_free(w->bound);
    w->bound = NULL;
}

static bool flush(struct seg_writer *w, struct err *err)
{
    static const char pad[POST_PAD];
    buf_add(&w->chunk, span_bytes(pad, POST_PAD));
    if (!buf_ok(&w->chunk, err) || !w->sink(w->arg, w->chunks, buf_span(&w->chunk), err))
        return false;
    w->chunks++;
    buf_reset(&w->chunk);
    return true;
}

static uint8_t *put_varint(uint8_t *to, uint32_t value)
{
    for (; value >= 128; value >>= 7)
        *to++ = (uint8_t)(value | 128);
    *to++ = (uint8_t)value;
    return to;
}

static void put_entry(struct seg_writer *w, struct span term, struct seg_term t)
{
    size_t shared = 0;
    uint8_t *at, *begin = (uint8_t *)buf_space(&w->dict, ENTRY_MOST);
    if (!begin)
        return;
    if (w->terms % GROUP)
        while (shared < term.n && shared < w->last_n && term.p[shared] == w->last[shared])
            shared++;
    at = begin;
    *at++ = (uint8_t)shared;
    *at++ = (uint8_t)(term.n - shared);
    memcpy(at, term.p + shared, term.n - shared);
    at = put_varint(put_varint(put_varint(at + term.n - shared, t.df), t.chunk), t.offset);
    *at++ = t.bound;
    buf_grew(&w->dict, (size_t)(at - begin));
    memcpy(w->last, term.p, term.n);
    w->last_n = term.n;
    w->terms++;
}

bool seg_write_term(struct seg_writer *w, struct span term, const uint32_t *doc, const uint8_t *tf,
                    uint32_t n, struct err *err)
{
    if (!n || !term.n || term.n > TERM_MOST)
        return true;
    for (uint32_t i = 0; i < n; i++) {
        float bound = bm25_impact(tf[i], w->norm[doc[i]]) * 255;
        uint8_t below = (uint8_t)bound;
        w->bound[i] = (uint8_t)(below + (below < bound)); /* rounded up */
    }
    struct seg_term t = {.df = n, .chunk = w->chunks, .offset = (uint32_t)w->chunk.n};
    t.bound = post_write(&w->chunk, doc, tf, w->bound, n);
    put_entry(w, term, t);
    return w->chunk.n < SEG_CHUNK ? buf_ok(&w->chunk, err) : flush(w, err);
}

bool seg_write_end(struct seg_writer *w, struct err *err)
{
    return (w->chunk.n == 0 || flush(w, err)) && buf_ok(&w->dict, err);
}

static void put_le(struct buf *out, uint32_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        buf_add_byte(out, (char)(value >> (8 * i)));
}

void seg_doc_write(struct buf *out, struct seg_doc doc)
{
    put_le(out, doc.paper, 4);
    put_le(out, (uint32_t)doc.day, 4);
    put_le(out, doc.length, 2);
}

bool seg_days(int32_t day, int32_t *from, int32_t *to)
{
    bool alone = day <= seg_year_alone(9999);
    int year = alone ? day - INT32_MIN : 0;
    *from = alone ? day_of((struct ymd){year ? year : 1, 1, 1}) : day;
    *to = alone ? day_of((struct ymd){year ? year : 1, 12, 31}) : day;
    return !alone || year;
}

struct seg_doc seg_doc_at(struct span docs, uint32_t i)
{
    const uint8_t *p = (const uint8_t *)docs.p + (size_t)i * SEG_DOC;
    return (struct seg_doc){
        .paper = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24,
        .day = (int32_t)(p[4] | (uint32_t)p[5] << 8 | (uint32_t)p[6] << 16 | (uint32_t)p[7] << 24),
        .length = (uint16_t)(p[8] | p[9] << 8),
    };
}

/* ---- reading ---- */

static bool take_varint(struct span *in, uint32_t *out)
{
    uint32_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
        if (!in->n)
            return false;
        uint8_t byte = (uint8_t)*in->p;
        *in = span_from(*in, 1);
        if (shift == 28 && byte > 15)
            return false;
        value |= (uint32_t)(byte & 127) << shift;
        if (byte < 128) {
            *out = value;
            return true;
        }
    }
    return false;
}

void seg_walk_begin(struct seg_walk *w, struct span dict)
{
    *w = (struct seg_walk){.rest = dict};
}

bool seg_walk_next(struct seg_walk *w)
{
    struct span in = w->rest;
    struct span bytes;
    uint8_t shared, rest, bound;
    if (!wire_u8(&in, &shared) || !wire_u8(&in, &rest) || shared > w->n || shared + rest > TERM_MOST ||
        !wire_take(&in, rest, &bytes) || !take_varint(&in, &w->at.df) || !take_varint(&in, &w->at.chunk) ||
        !take_varint(&in, &w->at.offset) || !wire_u8(&in, &bound))
        return false;
    if (rest)
        memcpy(w->term + shared, bytes.p, rest);
    w->n = (size_t)shared + rest;
    w->at.bound = bound;
    w->rest = in;
    return true;
}

bool seg_dict_open(struct seg_dict *d, struct span bytes, struct err *err)
{
    struct seg_walk w;
    size_t room = 0;
    *d = (struct seg_dict){.bytes = bytes};
    seg_walk_begin(&w, bytes);
    for (uint64_t n = 0; w.rest.n; n++) {
        size_t at = bytes.n - w.rest.n;
        if (n % GROUP == 0) {
            if (d->groups == room) {
                room = room ? room * 2 : 256;
                uint32_t *more = mem_resize(d->group, room * sizeof *more);
                if (!more)
                    return fail_memory(err);
                d->group = more;
            }
            d->group[d->groups++] = (uint32_t)at;
        }
        if (!seg_walk_next(&w))
            return fail(err, E_FORMAT, "%s",
                        tr("err.papers.index",
                           "The index of papers is damaged. `respite restore` puts a backup back."));
    }
    return true;
}

void seg_dict_close(struct seg_dict *d)
{
    mem_free(d->group);
    *d = (struct seg_dict){.groups = 0};
}

/* The whole term that begins group `g`. */
static struct span first_of(const struct seg_dict *d, size_t g)
{
    struct span in = span_from(d->bytes, d->group[g]);
    return in.n < 2 ? in : span_first(span_from(in, 2), (uint8_t)in.p[1]);
}

bool seg_dict_find(const struct seg_dict *d, struct span term, struct seg_term *out)
{
    size_t low = 0, high = d->groups;
    while (low < high) { /* the first group that begins behind the term */
        size_t middle = low + (high - low) / 2;
        if (span_order(first_of(d, middle), term) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low)
        return false;
    struct seg_walk w;
    seg_walk_begin(&w, span_from(d->bytes, d->group[low - 1]));
    for (int i = 0; i < GROUP && seg_walk_next(&w); i++)
        if (span_eq(span_bytes(w.term, w.n), term)) {
            *out = w.at;
            return true;
        }
    return false;
}
