#ifndef BENCH_QUALITY_SCOOP_H
#define BENCH_QUALITY_SCOOP_H
/* The scoop check's half of the harness: what its files share. */
#include "bench/quality.h"
#include "bench/quality_groups.h"
#include "num/rng.h"
#include "papers/closest.h"
#include "papers/near_odds.h"
#include "papers/near_words.h"

enum { SHELF_ABSTRACTS, SHELF_TITLES, SHELF_ALL, SHELVES }; /* papers with abstract; titles; all papers */
enum scoop_way {
    WAY_ABSTRACTS,
    WAY_TITLES,
    WAY_MIXED,
    WAY_PLAIN,
    WAY_MIXED_PLAIN,
    WAY_EXACT,
    WAY_WORDS,
    WAY_WORDS_MIXED,
    WAYS
};
struct shelf {
    struct coded *at;
    uint32_t *paper; /* ascending */
    size_t n;
};
struct window {
    size_t from, to; /* papers */
    struct space space;
    struct shelf shelf[SHELVES];
    struct stems_place *places; /* of paper from + i: places[place_from[i]] … */
    uint64_t *place_from;
    uint32_t *df; /* by stem */
    double title_average, abstract_average;
    struct near_null null[2]; /* of papers with abstract, of titles */
};
/* Hits among the ten shown, each with its features and whether it is of the query's group. */
struct odds_cases {
    double *x;
    bool *is;
    uint32_t *group;
    size_t n, x_room, is_room, group_room;
};
struct crew;
struct scoop {
    const struct texts *texts;
    struct stems stems;
    struct scoop_groups groups;
    struct recalls way[WAYS];
    struct odds_cases odds[2]; /* with abstract, titles alone */
    struct crew *crew;
    struct rng rng;
};
/* Room for one more case. */
MUST bool odds_room(struct odds_cases *cases, struct err *err);
void odds_free(struct odds_cases *cases);
/* How good odds are, learned with a tenth of the groups left out each time; the last line goes to `ends`. */
MUST bool scoop_odds(const struct scoop *s, struct buf *ends, struct err *err);
/* Print src/papers/near_table.c: coefficients from all groups, and what each way misses. */
MUST bool scoop_table(const struct scoop *s, struct err *err);
#endif
