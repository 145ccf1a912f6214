#ifndef PAPERS_LOOK_UP_H
#define PAPERS_LOOK_UP_H
/* A search as a person asks for it, by a command or on a page: read, run, and the papers it found. */
#include "papers/shown.h"

enum { FOUND_USUAL = 20 };

struct look_up {
    struct index index;
    struct search search;
    struct search_hit hit[SEARCH_MOST];
    struct shown *shown;
    size_t n;
    int64_t papers; /* that are here */
    double ms;      /* of the search alone, the index open */
};
/* Fill what is asked for into `out` (app->arena), at most `most` papers; `all`: each has all words. An id of
 * a paper that is here finds it, whatever its words. look_up_clear whatever comes. */
MUST bool look_up(struct app *app, struct span words, bool all, size_t most, struct look_up *out,
                  struct err *err);
void look_up_clear(struct look_up *out);
#define AUTO_LOOK_UP __attribute__((cleanup(look_up_clear)))
#endif
