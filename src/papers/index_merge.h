#ifndef PAPERS_INDEX_MERGE_H
#define PAPERS_INDEX_MERGE_H
/* Several open segments written as one; papers that were struck out are left behind. */
#include "papers/index.h"

/* `out` is freed with seg_made_free whatever comes; 0 documents when nothing is left of them. */
MUST bool index_merge(struct index *index, struct index_seg *seg, size_t n, struct seg_made *out,
                      seg_chunk *sink, void *arg, struct err *err);
#endif
