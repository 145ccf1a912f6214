#ifndef PAPERS_FEATURES_H
#define PAPERS_FEATURES_H
/* What is known of a candidate at its year T, from papers up to T alone (PAPERS section 6). Deleting every
 * paper after T changes no bit of it: test papers/trends holds that for all of them. */
#include "papers/panel.h"

enum feature {
    /* The eleven that titles are judged by. */
    F_P80,   /* share with a memory of .8 a year, against the share now */
    F_N_LOG, /* papers now */
    F_X_CUM, /* papers before T-3 */
    F_X_PRES,
    F_V_G3, /* growth since T-6…T-4, venue by venue */
    F_A_TOP,
    F_C_NEW,
    F_G_SUB1,
    F_G_SUP,
    F_P_Z,
    F_O_Z, /* papers in other venues, standardised among the candidates of T */
    /* The twelve plain ones. */
    F_L0,
    F_L01,
    F_L012,
    F_L23,
    F_BURST,
    F_BURST_LENGTH,
    F_WORDS,
    F_VENUES,
    F_VENUES1,
    F_SEEN,
    F_PEAK,
    F_DF,
    /* The rest, for fields with abstracts. */
    F_O,
    F_P50,
    F_P95,
    F_SLOPE,
    F_S_LOG,
    F_V_G1,
    F_V_G2,
    F_V_G10,
    F_V_CONC,
    F_V_MOST,
    F_AGE,
    F_OLD_PEAK,
    F_VAR,
    F_VAR_GROWTH,
    F_BOTH_GROWTH,
    F_VAR_ANY,
    F_A_LAST,
    F_A_FIRST,
    F_A_JOINED,
    F_A_NEW,
    F_C_RICH,
    F_C_MEAN,
    F_C_TOP,
    F_T_START,
    F_T_END,
    F_T_FOR,
    F_T_WITH,
    F_T_BEFORE,
    F_HYPHEN,
    F_LAST_SHARE,
    F_LAST_GROWTH,
    F_FIRST_SHARE,
    F_FIRST_GROWTH,
    F_LONGER,
    F_LONGEST,
    F_O_SHARE,
    F_O_GROWTH,
    FEATURES
};
/* Their names, as PAPERS has them, for --json. */
extern const char *const feature_names[FEATURES];

/* What is made once for a panel: folded spellings, and room for counting. */
struct features {
    const struct panel *p;
    struct vocabulary folds; /* words with hyphens split and plurals folded; then whole terms */
    uint32_t
        *fold; /* by word: its folded spelling for title words, NAME_NONE for stop words and short ones */
    uint32_t *spelling;          /* by term: its folded spelling */
    uint32_t *same, *same_start; /* terms by spelling */
    int16_t *author_from;        /* by author: the first year with a paper in the panel */
    uint32_t *seen;              /* by fold or author: stamps */
    uint32_t *times;             /* by fold or author: counts under a stamp */
    uint32_t *list;              /* those counted */
    uint32_t stamp;
};
MUST bool features_make(struct features *out, const struct panel *panel, struct err *err);
void features_free(struct features *features);
#define AUTO_FEATURES __attribute__((cleanup(features_free)))
/* All but F_O_Z, which needs its neighbours; NAN is missing. */
void features_of(struct features *f, const struct rising *c, int year, double *x);
/* Fold a spelling for comparing: hyphens to blanks, plurals to singular. */
void features_fold(struct span word, struct buf *out);

/* features_more.c: those from F_O on. */
void features_more(struct features *f, const struct rising *c, int year, double *x);
/* A count of things in papers: begin, add, then f->list holds *n things with f->times each. */
void tally_begin(struct features *f, size_t *n);
void tally_add(struct features *f, uint32_t what, size_t *n);
/* Papers of the years in all other venues. */
double papers_elsewhere(const struct panel *p, uint32_t term, int from, int to);
/* Growth from B to A venue by venue: ln((c + 1/N)/(q + 1/N)). */
double growth(const struct panel *p, uint32_t term, int a_from, int a_to, int b_from, int b_to);
double memory(const struct panel *p, uint32_t term, int year, double by);
#endif
