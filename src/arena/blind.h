#ifndef ARENA_BLIND_H
#define ARENA_BLIND_H
/* A published board of the lab's blind arena: the votes it rests on, row by row, and what the lab made of
 * them. Whoever has the rows can work it out again, and the nodes of members do. Pure. */
#include "arena/rank.h"
#include "arena/screen.h"
#include "base/day.h"

enum { BLIND_MODELS = 512, BLIND_ROWS = 1 << 18, BLIND_LEAST = 10, BLIND_STYLE = 300, BLIND_FEATURES = 4 };
struct blind_model {
    struct span name;
    day_t from, to; /* to: 0 while it takes part */
};
struct blind_row {
    int64_t a, b; /* of doc->model: left, right */
    enum vote_outcome outcome;
    day_t day;                  /* of the vote, or of the last of a few days that were put together */
    int64_t by[BLIND_FEATURES]; /* length, headers, lists, bold: left against right, in thousandths */
    int64_t tags, chance, n;    /* n: the board that brought it */
};
/* One rated model. Ratings in tenths of an Elo point. */
struct blind_place {
    int64_t model, rating, low, high, from, to, votes;
};
struct blind_figures {
    struct blind_place *place;
    size_t places;
    int64_t flip;    /* fewest votes whose removal turns the first two round; 0: not known */
    int64_t flagged; /* cells of days and weeks that the screen marks */
    bool style;      /* length and layout are taken out: from 300 votes on */
};
struct blind_doc {
    int64_t n;
    day_t day, next; /* next: 0 in a trial */
    struct blind_model *model;
    size_t models;
    struct blind_row *row; /* by n, then by a random key */
    size_t rows;
    struct blind_figures figures;
};
/* Read what blind_write wrote, strictly; it lives in `arena`. */
MUST bool blind_read(struct span bytes, struct arena *arena, struct blind_doc *out, struct err *err);
/* Append its canonical JSON. */
MUST bool blind_write(const struct blind_doc *doc, struct buf *out, struct err *err);

/* Its votes, as far as board `upto` brought them, into `votes`, which is begun here. `rows`: each a cluster
 * of its own with one number in all boards (for comparing); `days`: by day, with texts (for the screen). */
enum blind_clusters { BLIND_PLAIN, BLIND_BY_ROW, BLIND_BY_DAY };
MUST bool blind_votes(const struct blind_doc *doc, int64_t upto, enum blind_clusters clusters,
                      struct arena *arena, struct votes *votes, const struct votes *before, struct err *err);
/* How all of its boards are made. */
struct rank_ask blind_ask(void);
/* The ranking of its rows. E_FORMAT when there is none to be had. */
MUST bool blind_rank(const struct blind_doc *doc, int64_t upto, struct arena *arena, struct votes *votes,
                     struct ranking *out, struct err *err);
/* Work the figures out from the rows. */
MUST bool blind_work(const struct blind_doc *doc, struct arena *arena, struct blind_figures *out,
                     struct err *err);
/* Whether `said` is what comes out: counts exactly, ratings to two tenths, places to one, since the
 * arithmetic of two machines may differ in its last digit. */
bool blind_agrees(const struct blind_figures *said, const struct blind_figures *found);
#endif
