#ifndef PAPERS_NEAR_H
#define PAPERS_NEAR_H
/* The scoop check: the papers here that are nearest to a draft (PAPERS section 7). By vectors where a model was
 * learned and there are VEC_LEAST papers, else by words. Dates are shown and have no part in the order. Nothing
 * of the draft is written anywhere. */
#include "io/db.h"
#include "papers/draft.h"
#include "papers/near_odds.h"
#include "papers/paper.h"

enum { NEAR_SHARED = 8 /* shared words that are named */ };

struct near_hit {
    struct paper paper; /* with its ids; texts in the arena */
    double score;       /* of the way that was used: orders hits, says nothing by itself */
    double p;           /* odds that it is concurrent work, at least; NAN: cannot be told */
    const char *shared[NEAR_SHARED]; /* words as they stand in the paper, the rarest first */
    size_t shared_n;
};
struct near_found {
    enum near_way way;
    struct near_hit *at;
    size_t n;
    int64_t papers;   /* among which they are the nearest */
    double miss_rate; /* of the way */
    bool title_only;
    struct span title;            /* the draft's */
    const struct near_marks *marks; /* of the draft's stems: see near_shares */
};
/* The nearest `most` (at most NEAR_MORE) papers. `year`: this year, for the odds. E_MISSING when there are no
 * papers here or no word of the draft is in any of them. All of it lives in the arena. */
MUST bool near_find(struct db *db, struct arena *arena, const struct draft *draft, int year, size_t most,
                    struct near_found *out, struct err *err);
/* Why there are no odds, as a whole sentence, translated; NULL when there are. */
const char *near_why(const struct near_found *found);
/* True when the draft has a word of the same stem, a word that is not in most of the papers. `word`: letters and
 * digits of ASCII. */
bool near_shares(const struct near_found *found, struct span word);
#endif
