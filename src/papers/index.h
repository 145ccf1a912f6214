#ifndef PAPERS_INDEX_H
#define PAPERS_INDEX_H
/* The index of papers as rows of the database: segments are added, a paper that changed is struck out of the
 * old one, and eight segments of a level become one of the next, all within the transaction of whoever keeps
 * the papers (PAPERS section 3). */
#include "io/db.h"
#include "papers/index_build.h"

enum { INDEX_FAN = 8, INDEX_CACHE = 64 << 20 /* bytes of chunks kept between searches */ };

/* Within db_write: keep what the builder holds as a segment of level 0, then merge what has become eight.
 * Papers that are in older segments are struck out there first: `changed` ascends. */
MUST bool index_keep(struct db *db, struct index_build *b, const uint32_t *changed, size_t n,
                     struct err *err);
/* Within db_write: merge all segments into one, whatever their level. */
MUST bool index_merge_all(struct db *db, struct err *err);
/* Within db_write: forget all of it. */
MUST bool index_clear(struct db *db, struct err *err);

struct index_seg {
    int64_t id;
    uint32_t docs;
    uint64_t tokens;
    struct buf dict_bytes, documents, dead; /* dead: a bit a document, or empty */
    struct seg_dict dict;
    float *norm;
    struct buf *chunk; /* read when first asked for */
    uint32_t chunks;
};
struct index {
    struct db *db;
    struct index_seg *seg;
    size_t segs;
    uint64_t docs, tokens; /* struck-out ones count until they are merged away */
    size_t cached;
    struct index_build *stems;
};
/* Read what is needed to search; chunks come when they are asked for. Belongs to the thread of `db`. */
MUST bool index_open(struct index *out, struct db *db, struct err *err);
void index_close(struct index *index);
#define AUTO_INDEX __attribute__((cleanup(index_close)))
/* Before a search: let chunks go when more than INDEX_CACHE are held. */
void index_trim(struct index *index);
/* The postings of a term that seg_dict_find() or a walk found in this segment. */
MUST bool index_list(struct index *index, struct index_seg *seg, const struct seg_term *about,
                     struct post *out, struct err *err);
/* Let the chunks of a segment before this one go: for who reads them in order. */
void index_drop_before(struct index *index, struct index_seg *seg, uint32_t chunk);
static inline bool index_is_dead(const struct index_seg *seg, uint32_t doc)
{
    return seg->dead.n && (seg->dead.p[doc / 8] >> (doc % 8) & 1);
}
#endif
