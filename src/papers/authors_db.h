#ifndef PAPERS_AUTHORS_DB_H
#define PAPERS_AUTHORS_DB_H
/* How many papers people of a field publish (papers/authors.h), from the papers kept here. */
#include "codec/json.h"
#include "io/db.h"
#include "papers/authors.h"

struct authors_venue {
    const char *name; /* as it is written: "nips", "cs.LG" */
    int64_t papers;   /* of the year */
};
struct authors_found {
    const char *field; /* "ml", FIELD_EVERY, or as it was asked for */
    bool complete;     /* the year is over */
    struct authors_venue *venue;
    size_t venues; /* most papers first */
    struct authors_year y;
    size_t draws;
    const char *me; /* the name asked about, NULL when none was; not kept anywhere */
    struct authors_own own;
};
/* `field` as field_names() takes it; year 0: the last one with papers that is over before `this_year`, else
 * the last; `me` may be empty. Withdrawn papers and such without authors are left out. Texts in the arena.
 * E_MISSING: no papers, no such field, none of that year. */
MUST bool authors_of_db(struct db *db, struct arena *arena, struct span field, int year, int this_year,
                        struct span me, struct authors_found *out, struct err *err);
/* Half of the people of the field had at most so many papers in the year, however names are read; 0 when
 * there were fewer than AUTHORS_NORM papers. */
enum { AUTHORS_NORM = 20 };
MUST bool authors_norm(struct db *db, struct span field, int year, uint32_t *out, struct err *err);
/* All of it for --json. New reference, or NULL: no memory. */
json_t *authors_json(const struct authors_found *found);
#endif
