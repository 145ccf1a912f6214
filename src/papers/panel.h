#ifndef PAPERS_PANEL_H
#define PAPERS_PANEL_H
/* A field's papers by year and by venue family, the terms that burst in a year, and what became of them
 * (PAPERS section 6). What is worked out for the year T looks at papers up to T alone, but for panel_lasting,
 * which is the outcome. */
#include "num/burst.h"
#include "papers/terms.h"

enum {
    PANEL_START = UNIT_START,
    PANEL_CUM = 1990 /* papers of a term are summed from here */,
    PANEL_FROM = UNIT_FROM,
    PANEL_YEARS = UNITS,
    PANEL_OUTCOME = 4 /* years after T */
};

struct panel {
    const struct texts *texts;
    const struct terms *terms;
    const bool *mine;  /* by venue: in the panel */
    const bool *other; /* by venue: counts as elsewhere */
    int first, last;   /* years with papers, not before PANEL_START; first > last: none */
    size_t families;   /* as many as the texts have venues */
    double *count;     /* papers by year (- PANEL_FROM) and family */
    double total[PANEL_YEARS];
    double elsewhere[PANEL_YEARS];
    int16_t *known; /* by term: the first year that, with the one before, holds TERM_LEAST of its papers */
    size_t before[PANEL_YEARS + 1]; /* papers before a year */
};
MUST bool panel_make(struct panel *out, const struct terms *terms, const bool *mine, const bool *other,
                     struct err *err);
void panel_free(struct panel *panel);
#define AUTO_PANEL __attribute__((cleanup(panel_free)))
static inline double panel_total(const struct panel *p, int year)
{
    return year < PANEL_FROM || year >= PANEL_FROM + PANEL_YEARS ? 0 : p->total[year - PANEL_FROM];
}
static inline double panel_count(const struct panel *p, int year, size_t family)
{
    return year < PANEL_FROM || year >= PANEL_FROM + PANEL_YEARS
               ? 0
               : p->count[(size_t)(year - PANEL_FROM) * p->families + family];
}
/* The places of a term's list with papers of the years `from` to `to`: *at to *end. */
void panel_places(const struct panel *p, uint32_t term, int from, int to, size_t *at, size_t *end);
/* Its panel papers of the years `from` to `to`. */
double panel_papers(const struct panel *p, uint32_t term, int from, int to);
static inline double panel_share(const struct panel *p, uint32_t term, int year)
{
    double all = panel_total(p, year);
    return all > 0 ? panel_papers(p, term, year, year) / all : 0;
}

struct rising {
    uint32_t term;
    unsigned longer_ever; /* terms that contain it and were frequent in some two years up to T */
    unsigned longer;      /* terms that contain it, with TERM_LEAST papers in {T-1, T} */
    double longest;       /* the most papers one of them has */
    struct burst burst;
};
struct candidates {
    struct rising *at;
    size_t n, room;
};
/* The candidates of the year, by their spelling's numbers; in the arena. */
MUST bool panel_candidates(struct arena *arena, const struct panel *p, int year, struct candidates *out,
                           struct err *err);
/* Terms that burst in the year with too few papers in it, or in it and the one before, to be candidates. */
MUST bool panel_young(struct arena *arena, const struct panel *p, int year, struct candidates *out,
                      struct err *err);
/* True when the term kept at least half its share, venue by venue, from {T-1, T} to {T+3, T+4}. */
bool panel_lasting(const struct panel *p, uint32_t term, int year);
#endif
