#ifndef PAPERS_LEARN_H
#define PAPERS_LEARN_H
/* Learning the vectors of words from the papers themselves: each title against its own abstract (PAPERS
 * section 7 B; num/twin.h does the sums). What is learned depends on the papers of the lesson and the seed
 * alone: a paper that is not in it changes no bit. */
#include "num/twin.h"
#include "papers/stems.h"

enum { LEARN_EPOCHS = 8, LEARN_WORDS = UINT16_MAX - 1, LEARN_LEAST = 8, LEARN_PLACES = 8 /* stems */ };

/* A word of a paper: how often it stands in the title, in the abstract. */
struct lesson_place {
    uint16_t word;
    uint8_t title, abstract;
};
struct lesson {
    size_t papers, words; /* papers: those with an abstract, which are learned from */
    size_t all;           /* papers that were counted */
    uint32_t *word_of;    /* by stem: its word, NAME_NONE when it is too rare */
    size_t stems;
    uint32_t *stem_of, *df; /* by word */
    uint64_t *from; /* paper i, of those with an abstract, has place[from[i]] … place[from[i + 1] - 1], words
                       ascending */
    struct lesson_place *place;
};
/* The papers `paper[0 … n)` of `stems` as a lesson: words are the stems with LEARN_LEAST occurrences,
 * numbered as they first come; the most frequent LEARN_WORDS where there are more. */
MUST bool lesson_make(struct lesson *out, const struct stems *stems, const uint32_t *paper, size_t n,
                      struct err *err);
void lesson_free(struct lesson *lesson);
#define AUTO_LESSON __attribute__((cleanup(lesson_free)))

struct learner {
    const struct lesson *lesson; /* borrowed */
    struct twin twin;
    struct twin_work *work;
    struct twin_batch batch;
    uint32_t *of,
        *order; /* the lesson's papers that are learned from, and their order in the epoch at work */
    size_t papers;
    float *idf, tf[2 * UINT8_MAX + 1]; /* tf: 1 + ln of what it is at */
    size_t drawn;                      /* the epoch whose order this is, + 1 */
    size_t places_room, batches;       /* batches: of an epoch */
    size_t done;                       /* batches done in all */
    size_t epochs;
    uint64_t seed;
    double loss; /* of the last batch */
};
/* Begin at random, learning from all papers of the lesson. `lesson` is borrowed. */
MUST bool learner_begin(struct learner *out, const struct lesson *lesson, size_t epochs, uint64_t seed,
                        struct err *err);
/* Before the first step: go on from the words of an older learner, whose lesson has the same stems, with the
 * papers `of` (ascending numbers of this lesson) alone. */
void learner_go_on(struct learner *learner, const struct learner *older, const uint32_t *of, size_t n);
void learner_free(struct learner *learner);
#define AUTO_LEARNER __attribute__((cleanup(learner_free)))
static inline bool learner_is_done(const struct learner *l)
{
    return l->done >= l->batches * l->epochs;
}
/* One batch. crew: NULL for one thread. */
MUST bool learner_step(struct learner *learner, const struct twin_crew *crew, struct err *err);
#endif
