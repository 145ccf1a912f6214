#ifndef PAPERS_SHOWN_H
#define PAPERS_SHOWN_H
/* A paper as lists show it, in the terminal and on pages. All texts in the arena, fit to be shown. */
#include "codec/json.h"
#include "papers/paper.h"
#include "papers/search.h"
#include "ui/html.h"
#include "ui/room.h"

struct shown {
    int64_t paper;
    const char *id;    /* by which the world knows it ("2510.01234"), or our own number */
    const char *link;  /* the page of that id, or NULL */
    const char *title; /* TeX in it as one reads it, in names too: "O(n)", "École" */
    const char *given; /* the title as its source wrote it: what programs are told */
    const char *abstract;
    const char *authors; /* "A. Noether\nE. Lasker" */
    const char *categories, *venue;
    const char *date; /* "2026-10-02", "2026" where the day is not known, or "" */
    bool withdrawn;
};
/* E_MISSING when there is none of that number. */
MUST bool shown_load(struct app *app, int64_t paper, struct shown *out, struct err *err);
/* The paper of an id as people write it: "2510.01234", "arXiv:2510.01234v2", a DOI, our own number, or an
 * address that paper_id_read() knows. 0 when none is here. */
MUST bool shown_find(struct db *db, struct span name, int64_t *paper, struct err *err);
/* The first three names, then "and others". */
const char *shown_authors(struct arena *arena, const char *authors);
/* The sentence of the abstract that holds most of the words of the search, cut to about 200 columns; "" when
 * there is no abstract. */
const char *shown_excerpt(struct arena *arena, struct index_build *stems, const struct search *search,
                          const char *abstract);
/* Append `text` with the words of the search marked. */
void shown_marked(struct html *h, struct index_build *stems, const struct search *search, const char *text);
/* {"id", "title", "date", "authors", "paper"}: a new object, NULL when there is no memory. */
json_t *shown_json(const struct shown *s);
/* How many papers are here. */
MUST bool shown_count(struct db *db, int64_t *n, struct err *err);
#endif
