#ifndef PAPERS_VERDICTS_KEEP_H
#define PAPERS_VERDICTS_KEEP_H
/* Verdicts on the terms of a field, from the papers kept here; the last ones are kept for the page, in the
 * form of verdicts_json(). */
#include "codec/json.h"
#include "io/db.h"
#include "papers/verdicts.h"

enum { FIELD_MOST = 100, VERDICTS_MOST = 32 << 20 /* bytes of a field's verdicts */ };

enum verdict_text { TEXT_USUAL, TEXT_TITLES, TEXT_ABSTRACTS };
struct verdicts_asked {
    struct span field; /* "" for the usual one (field_venues) */
    struct span at; /* "2024", "2025Q2"; "": the last whole year, or quarter, of the field before `today` */
    /* TEXT_USUAL: titles and abstracts where nearly all papers have one and that gives more than
     * TRENDS_ABSTRACTS resolved cases; else titles */
    enum verdict_text text;
    day_t today;
};
/* Work them out: by years, or by quarters where the field is categories of arXiv; of the present with "norm",
 * how many papers half of the field's authors published last year (authors_norm), where there is one. New
 * reference. E_MISSING:
 * no such field, or no papers of that time; E_USAGE: `at` cannot be read, or is a quarter where years are
 * counted. */
MUST bool verdicts_of_db(struct db *db, const struct verdicts_asked *asked, json_t **out, struct err *err);
/* Keep what was worked out on `today`, in the place of what was kept of that field. */
MUST bool verdicts_keep(struct db *db, struct span field, day_t today, const json_t *verdicts,
                        struct err *err);
/* What was kept last of a field (`field` "": of any, the newest), `*out` NULL when nothing was; `*made` is
 * its day. */
MUST bool verdicts_kept(struct db *db, struct span field, json_t **out, day_t *made, struct err *err);
/* Called for each field of which some are kept, the one worked out last first. */
typedef bool verdicts_visit(struct span field, day_t made, const json_t *verdicts, void *arg,
                            struct err *err);
MUST bool verdicts_each(struct db *db, verdicts_visit *visit, void *arg, struct err *err);

/* A venue or category of the papers here, with how many there are. */
struct field_name {
    const char *name;
    int64_t papers;
};
/* Those with most papers first, at most `most`; names as a person types them ("cs.LG", "ICML"), in the arena.
 */
MUST bool fields_here(struct db *db, struct arena *arena, size_t most, struct field_name *out, size_t *n,
                      struct err *err);
#endif
