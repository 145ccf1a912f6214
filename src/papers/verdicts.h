#ifndef PAPERS_VERDICTS_H
#define PAPERS_VERDICTS_H
/* What is said of a field's terms at a year: odds with a band, beside what is usual; a word where the odds
 * are far enough from even; else nothing (PAPERS section 6, "What is said"). Spellings of one term are one
 * row. */
#include "codec/json.h"
#include "papers/field.h"

enum { VERDICTS_EARLY = 20 };
enum verdict { VERDICT_LASTING, VERDICT_UNCLEAR, VERDICT_FADED, VERDICT_EARLY };

struct verdict_row {
    const char *term;        /* the spelling most papers use */
    const char *const *also; /* other spellings, NULL-ended */
    double papers, last;     /* in {T-1, T}, in T: of all its spellings */
    double p, low, high;     /* NAN where it is too early */
    enum verdict verdict;
    unsigned like, like_lasting; /* of the resolved cases with the nearest odds, how many lasted */
    double *year;                /* papers by year, from the panel's first on */
};
struct verdicts {
    const struct field *field; /* borrowed */
    int origin;
    size_t candidates;              /* before spellings were joined */
    struct verdict_row *at, *early; /* most papers first; early: rising with too few papers for odds */
    size_t n, early_n;
    bool complete, taught; /* the origin's year is over; there were enough cases to learn from */
    struct trends_fit fit; /* when taught */
    size_t lasting;        /* of fit.cases */
};
/* Work them out for the year `origin`. other: the remaining venues as a field of their own, whose cases help
 * where this one has fewer than TRENDS_LEAST; may be NULL. */
MUST bool verdicts_make(struct arena *arena, const struct field *field, const struct field *other, int origin,
                        bool complete, struct verdicts *out, struct err *err);
/* The word for these odds. */
enum verdict verdict_of(double p);
/* "lasting": the word in --json, the same in every language. */
const char *verdict_word(enum verdict verdict);
/* All of it for --json, and for keeping. New reference, or NULL: no memory. */
json_t *verdicts_json(const struct verdicts *v, const char *name);
/* Years stand there as numbers, quarters as "2025Q2". New reference, or NULL; and read either. */
json_t *verdicts_unit_json(int unit, bool quarters);
bool verdicts_unit(const json_t *x, int *unit, bool *quarters);
#endif
