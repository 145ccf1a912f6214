#ifndef PAPERS_TRENDS_H
#define PAPERS_TRENDS_H
/* Which terms of a field last (PAPERS section 6): candidates of every year with what was known of them then
 * and, where four years have passed, what became of them; and odds for them, learned from cases that were
 * resolved by the year for which they are given. */
#include "num/trees.h"
#include "papers/features.h"

enum {
    TRENDS_LEAST = 100, /* resolved cases that training takes */
    TRENDS_ALL = 300,   /* resolved cases from which on all features are used where there are abstracts */
    TRENDS_ABSTRACTS = 2000, /* resolved cases beyond which abstracts are counted, not titles alone */
    TRENDS_AFTER = 10        /* the first origin: years after a panel's first */
};

struct trend_case {
    uint32_t term;
    int year;
    bool resolved, lasting;
    double x[FEATURES], burst, share; /* burst: weight; share: of the year's papers */
};
struct trends {
    const struct features *f;
    struct trend_case *at; /* by year, then by spelling's number */
    size_t n, room;
    int first; /* the first origin; cases before it are there for standardising alone */
};
/* All cases up to the panel's last year; in the arena. */
MUST bool trends_make(struct arena *arena, struct features *features, struct trends *out, struct err *err);
/* Cases of years before `year`: the first so many. */
size_t trends_before(const struct trends *trends, int year);
/* The first case of the first origin. */
static inline size_t trends_start(const struct trends *t)
{
    return trends_before(t, t->first);
}

enum method { BY_ELEVEN, BY_PLAIN, BY_ALL, BY_TREES, BY_SHIPPED, METHODS };
/* BY_ALL: regression on all features; BY_TREES: the same with trees, the band being that of the regression
 * about the trees' odds. BY_SHIPPED: the eleven, or trees where there are abstracts and TRENDS_ALL cases to
 * learn from. */
struct trends_fit {
    enum method method;     /* never BY_SHIPPED, but what that came to */
    size_t cases, features; /* with the indicator, where there is one */
    bool pooled;
    enum feature feature[FEATURES];
    struct verdict_model model;
    struct trees_model trees; /* none grown: trees.n is 0 */
};
/* Cases to learn from: the resolved ones of [from, to) but for those of the year `without` (0: none). */
struct lesson {
    const struct trends *of;
    size_t from, to;
    int without;
};
/* Learn from one lesson, or from two: a field's own and that of other fields, told apart by an indicator.
 * Fewer than one case of each outcome: E_MISSING. */
MUST bool trends_fit(struct arena *arena, const struct lesson *lessons, size_t n, enum method method,
                     struct trends_fit *out, struct err *err);
/* The odds of a case of the first lesson's field, with its band where they are not NULL. */
double trends_odds(const struct trends_fit *fit, const struct trend_case *c, double *low, double *high);
/* The cases resolved when the year T has just ended: those of origins up to T-4, as a range. */
void trends_known(const struct trends *t, int year, size_t *from, size_t *to);

/* A number for each of cases [from, to), the same for spellings that fold alike and for those one of which
 * holds the other; *clusters of them. Words in more than a dozen longer spellings join nothing. */
MUST bool trends_clusters(struct arena *arena, const struct trends *t, size_t from, size_t to, uint32_t **out,
                          size_t *clusters, struct err *err);
#endif
