#ifndef PAPERS_NEAR_H
#define PAPERS_NEAR_H
/* The scoop check: the papers here that are nearest to a draft (PAPERS section 7). By vectors where a model
 * was learned and there are VEC_LEAST papers, else by words. Dates are shown and have no part in the order.
 * Nothing of the draft is written anywhere. */
#include "papers/draft.h"
#include "papers/near_odds.h"
#include "papers/shown.h"

enum { NEAR_SHARED = 8 /* shared words that are named */ };

struct near_hit {
    struct shown shown;
    double score;                    /* of the way that was used: orders hits, says nothing by itself */
    double p;                        /* odds that it is concurrent work, at least; NAN: cannot be told */
    const char *shared[NEAR_SHARED]; /* words as they stand in the paper, the rarest first */
    size_t shared_n;
    struct span *marked; /* shared words of shown.title, in its order, pointing into it */
    size_t marked_n;
};
struct near_asked {
    int year;      /* this one, for the odds */
    size_t most;   /* NEAR_MORE at most */
    int32_t since; /* papers from this day on; INT32_MIN: all */
};
struct near_found {
    enum near_way way;
    struct near_hit *at;
    size_t n;
    int64_t papers;   /* among which they are the nearest: those from `since` on */
    int64_t here;     /* all of them */
    int32_t since;    /* as asked */
    double miss_rate; /* of the way */
    bool title_only;
    struct span title; /* the draft's */
};
/* The nearest papers. E_MISSING when there are none here, none from that day on, or no word of the draft is
 * in any of them. All of it lives in app->arena. */
MUST bool near_find(struct app *app, const struct draft *draft, struct near_asked asked,
                    struct near_found *out, struct err *err);
/* Why there are no odds, as a whole sentence, translated; NULL when there are. */
const char *near_why(const struct near_found *found);
#endif
