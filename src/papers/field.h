#ifndef PAPERS_FIELD_H
#define PAPERS_FIELD_H
/* A field whole: which venues belong to it, and from their papers terms, years, features and cases. */
#include "papers/trends.h"

#define FIELD_USUAL "all"        /* the name of the field that is meant when none is named */
#define FIELD_EVERY "everything" /* every venue that is here */

struct field {
    struct arena *arena;
    bool *mine, *other, *take; /* by venue */
    struct terms terms;
    struct panel panel;
    struct features features;
    struct trends trends;
};
/* Which venue families a name stands for, by family into `mine` (as many places as there are): "ml" the
 * machine learning conferences of PAPERS section 9; FIELD_EVERY all of them; a venue's own name; "" and
 * FIELD_USUAL the machine learning conferences where one of them is there, else all. False when no venue is
 * of that name. */
bool field_names(const struct vocabulary *families, struct span name, bool *mine);
static inline bool field_venues(const struct texts *texts, struct span name, bool *mine)
{
    return field_names(&texts->venues, name, mine);
}
/* E_MISSING: there are no papers of that name here. */
bool field_missing(struct span name, struct err *err);
/* Nine papers in ten of these venues have an abstract, counted from PANEL_START. */
bool field_has_abstracts(const struct texts *texts, const bool *mine);
/* All of these venues are categories of arXiv: such a field is counted by quarters. */
bool field_is_arxiv(const struct texts *texts, const bool *mine);
/* Work it all out from settled texts, which are borrowed. E_MISSING: no such field, or no papers. */
MUST bool field_make(struct field *out, const struct texts *texts, struct span name, bool abstracts,
                     struct err *err);
/* All other venues as one field (arXiv apart): cases to learn from where a field has few of its own. */
MUST bool field_make_rest(struct field *out, const struct texts *texts, const struct field *but,
                          struct err *err);
void field_free(struct field *field);
#define AUTO_FIELD __attribute__((cleanup(field_free)))
#endif
