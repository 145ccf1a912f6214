#ifndef PAPERS_NEAR_ODDS_H
#define PAPERS_NEAR_ODDS_H
/* Odds that a hit, among the ten shown, is known concurrent work (PAPERS section 7): a logistic regression on
 * how far it stands out from the ranks behind it and from what papers of the index find as their own closest.
 * Its coefficients are from public groups of concurrent work (papers/near_table.c, made by bench/quality). A
 * lower bound: pairs nobody labelled count as misses. Pure. */
#include <stdbool.h>
#include <stddef.h>

#include "num/verdict.h"

enum near_way { NEAR_ABSTRACT, NEAR_TITLE, NEAR_WORDS, NEAR_WORDS_TITLE, NEAR_WAYS };
enum { NEAR_FEATURES = 6, NEAR_SHOWN = 10, NEAR_LOOKED = 60, NEAR_MORE = 50 };

struct near_seen {
    double score, cosine, words;
    bool same_year;
};
/* What the index's own papers find: the cosine of each one's closest. */
struct near_null {
    double mean, sd;
};
/* The features of hit `i` of the `n` best, NEAR_LOOKED where there are so many; NAN where something cannot be
 * said. */
void near_features(const struct near_seen *hits, size_t n, size_t i, struct near_null null,
                   double x[static NEAR_FEATURES]);

#define NEAR_TELLS .75 /* AUC on the public groups from which odds are said (PAPERS section 9) */
/* The shipped tables. Whether odds are said of hits that were found this way: one with vectors, whose odds
 * told concurrent work from other hits on the public groups. */
bool near_tells(enum near_way way);
/* NAN where they are not. */
double near_odds(enum near_way way, const double x[static NEAR_FEATURES]);
/* The share of known concurrent papers that this way did not have in its first ten. */
double near_miss_rate(enum near_way way);
unsigned near_known(void); /* how many papers that was seen on */
#endif
