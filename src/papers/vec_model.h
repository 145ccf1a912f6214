#ifndef PAPERS_VEC_MODEL_H
#define PAPERS_VEC_MODEL_H
/* The vectors of words that were learned here, and the papers' vectors beside the segments of the index, as
 * rows of the database (PAPERS section 3). A model serves once every segment has its vectors; until then the
 * one before it does. Segments that came later get theirs when they are first asked for. */
#include "papers/closest.h"
#include "papers/index.h"
#include "papers/near_odds.h"

enum { VEC_CHUNK = 1024 /* papers */, VEC_LEAST = 5000 /* papers below which words alone are looked at */ };

struct vec_model {
    int64_t id, cut;    /* cut: the last paper that was there when it was learned */
    int32_t made;       /* day */
    size_t papers;      /* that its counts are of */
    struct stems stems; /* its words are the stems 0 … space.words - 1 */
    uint32_t *df;
    float *e;
    struct space space;
    struct near_null null[2]; /* of whole papers, of titles */
};
void vec_model_free(struct vec_model *model);
#define AUTO_VEC_MODEL __attribute__((cleanup(vec_model_free)))
/* The one that serves, or (`ready` false) the newest. *there is false when there is none. */
MUST bool vec_model_load(struct db *db, bool ready, struct vec_model *out, bool *there, struct err *err);
/* Within db_write: keep a new one, not serving yet; its id goes to model->id. */
MUST bool vec_model_keep(struct db *db, struct vec_model *model, struct err *err);
/* Within db_write: it serves from now on; older ones go. */
MUST bool vec_model_serve(struct db *db, const struct vec_model *model, struct err *err);

/* Give vectors to segments that have none of this model, at most `most` chunks of papers; *left says whether
 * there are more. */
MUST bool vec_fill(struct db *db, struct index *index, struct vec_model *model, size_t most, bool *left,
                   struct err *err);
/* Show the papers of the index that are not struck out and are from the day `since` on (INT32_MIN: all) to
 * `n` searches at once. */
MUST bool vec_walk(struct db *db, struct index *index, const struct vec_model *model, int32_t since,
                   struct closest *searches, size_t n, struct err *err);
/* The vector of the paper `at` of model->stems. */
void vec_of(const struct vec_model *model, size_t at, float out[static CLOSEST_DIMS]);
/* What drawn papers of the index find as their closest, into model->null: of whole papers, of titles. */
MUST bool vec_measure_null(struct db *db, struct index *index, struct vec_model *model, struct err *err);
#endif
