#ifndef PAPERS_SEG_H
#define PAPERS_SEG_H
/* A segment of the index: papers that were indexed together, immutable (PAPERS section 3). Three kinds of
 * bytes, kept as rows by papers/index.c:
 *   documents   {u32 paper, i32 day, u16 length} each, little-endian, ascending by paper
 *   dictionary  terms in byte order, front-coded; each 16th whole: {u8 shared, u8 rest, bytes, varint df,
 *               varint chunk, varint offset, u8 bound}
 *   postings    chunks of some 128 kB, lists of num/post.h, POST_PAD zeros at the end of each
 * Terms are stems; fields begin with the byte 01 and a letter: a author, c category, l language. The length
 * of a paper is the number of its words, a title's counting TITLE_TIMES; fields count nothing. */
#include "base/buf.h"
#include "base/err.h"
#include "num/post.h"

enum { SEG_CHUNK = 128 << 10, SEG_DOC = 10, TITLE_TIMES = 3, TERM_MOST = 72 };

/* BM25 (PAPERS section 3): k1 = 1.2, b = .75. A count adds idf * (k1 + 1) * impact to a score. */
struct bm25 {
    double average; /* length */
};
/* The share of a document's length: k1 (1 - b + b length / average). */
float bm25_norm(struct bm25 m, uint32_t length);
/* tf / (tf + norm), in (0, 1). */
static inline float bm25_impact(unsigned tf, float norm)
{
    return (float)tf / ((float)tf + norm);
}
/* ln(1 + (n - df + .5) / (df + .5)) */
double bm25_idf(uint64_t n, uint64_t df);

/* ---- writing: terms come in byte order ---- */

/* A whole chunk of postings; number from 0. The bytes are borrowed. */
typedef bool seg_chunk(void *arg, uint32_t number, struct span bytes, struct err *err);
struct seg_writer {
    struct buf dict, chunk;
    uint32_t chunks, terms;
    char last[TERM_MOST];
    size_t last_n;
    const float *norm; /* of each document: for the bounds */
    uint8_t *bound;    /* room for one list */
    uint32_t docs;
    seg_chunk *sink;
    void *arg;
};
/* `norm` and the sink's `arg` are borrowed until seg_write_end. */
MUST bool seg_write_begin(struct seg_writer *w, const float *norm, uint32_t docs, seg_chunk *sink, void *arg,
                          struct err *err);
MUST bool seg_write_term(struct seg_writer *w, struct span term, const uint32_t *doc, const uint8_t *tf,
                         uint32_t n, struct err *err);
/* The last chunk goes; w->dict is whole and the caller's to take until seg_write_free. */
MUST bool seg_write_end(struct seg_writer *w, struct err *err);
void seg_write_free(struct seg_writer *w);

struct seg_doc {
    uint32_t paper;
    int32_t day; /* since 1970; or as below */
    uint16_t length;
};
void seg_doc_write(struct buf *out, struct seg_doc doc);
struct seg_doc seg_doc_at(struct span docs, uint32_t i);
/* Of a paper of which no day is known: its year, 1 to 9999, or 0 for none. It stands before all days. */
static inline int32_t seg_year_alone(int year)
{
    return INT32_MIN + (year > 0 && year <= 9999 ? year : 0);
}
/* The days that it may be of; false: nothing is known. */
bool seg_days(int32_t day, int32_t *from, int32_t *to);

/* ---- reading ---- */

struct seg_term {
    uint32_t df, chunk, offset;
    uint8_t bound; /* the largest impact, in 255ths, rounded up */
};
struct seg_dict {
    struct span bytes;
    uint32_t *group; /* where each 16th term begins */
    size_t groups;
};
/* Look over the dictionary once; bytes borrowed. E_FORMAT when it is damaged. */
MUST bool seg_dict_open(struct seg_dict *d, struct span bytes, struct err *err);
void seg_dict_close(struct seg_dict *d);
/* False when the term is not there. */
bool seg_dict_find(const struct seg_dict *d, struct span term, struct seg_term *out);

/* All terms in order: for merging. */
struct seg_walk {
    struct span rest;
    char term[TERM_MOST + 1];
    size_t n;
    struct seg_term at;
};
void seg_walk_begin(struct seg_walk *w, struct span dict);
/* False at the end, or where the bytes are damaged. */
bool seg_walk_next(struct seg_walk *w);
#endif
