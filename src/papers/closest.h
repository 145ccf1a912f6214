#ifndef PAPERS_CLOSEST_H
#define PAPERS_CLOSEST_H
/* Papers as vectors, 232 bytes each, and the closest of them to a draft (PAPERS section 7 B): 200 numbers of
 * eight bits, and the signs of the vector less the corpus's mean. Signs choose one in a hundred (200 at
 * least), the numbers rank those, and the three best pull the draft a little towards them before the last
 * ranking. */
#include "papers/learn.h"

enum {
    CLOSEST_DIMS = TWIN_DIMS,
    CLOSEST_SIGNS = 32,
    CLOSEST_LEAST = 200,
    CLOSEST_SHARE = 100,
    CLOSEST_PULL = 3
};

struct coded {
    int8_t v[CLOSEST_DIMS];
    uint8_t sign[CLOSEST_SIGNS];
};
/* What a model says of words: a paper's vector is the sum of its words', to unit length. */
struct space {
    size_t words;
    const float *e;                  /* words by CLOSEST_DIMS, borrowed */
    float *weight;                   /* by word */
    float mean[CLOSEST_DIMS], scale; /* mean of the corpus; 127 is 1 / scale, more is cut */
};
/* Weights from the model's counts; `mean` and `scale` are for space_measure. */
MUST bool space_make(struct space *out, const float *e, const uint32_t *df, size_t words, size_t papers,
                     struct err *err);
void space_free(struct space *space);
#define AUTO_SPACE __attribute__((cleanup(space_free)))
/* The vector of unit length, or zeros when no word is known. place[].stem: the model's words. */
void space_vector(const struct space *space, const struct stems_place *place, size_t n,
                  float out[static CLOSEST_DIMS]);
/* Mean and scale from the vectors of `n` papers: 127 stands for the size that one number in a thousand
 * exceeds. */
MUST bool space_measure(struct space *space, const float *vectors, size_t n, struct err *err);
void space_code(const struct space *space, const float v[static CLOSEST_DIMS], struct coded *out);

struct closest_hit {
    uint32_t paper;
    float score, cosine; /* score: after the pull; cosine: before */
};
struct closest_candidate {
    uint32_t paper;
    uint16_t apart; /* signs that differ */
    struct coded at;
};
struct closest {
    const struct space *space;
    float v[CLOSEST_DIMS];
    uint8_t sign[CLOSEST_SIGNS];
    size_t want, n, room;
    float pull;
    struct closest_candidate *candidate;
};
/* How many candidates the signs choose among `papers` papers. */
size_t closest_want(size_t papers);
/* Begin a search. pull: weight of the mean of the best documents, CLOSEST_BY, or 0. */
#define CLOSEST_BY .3f
MUST bool closest_begin(struct closest *out, const struct space *space, const float v[static CLOSEST_DIMS],
                        float pull, size_t want, struct err *err);
/* Look at `n` of them; `paper` gives their numbers. */
void closest_look(struct closest *c, const struct coded *at, const uint32_t *paper, size_t n);
/* The best `k`, best first, ties to the one that came first; *n of them. */
MUST bool closest_end(struct closest *c, struct closest_hit *hits, size_t k, size_t *n, struct err *err);
void closest_free(struct closest *c);
#define AUTO_CLOSEST __attribute__((cleanup(closest_free)))
#endif
