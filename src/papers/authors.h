#ifndef PAPERS_AUTHORS_H
#define PAPERS_AUTHORS_H
/* How many papers a year people of a field publish, as far as names can tell (PAPERS section 8): every author
 * counts each paper whole. Names are not people, so everything is worked out three times.
 *
 * Split: a person is papers of one full name (author_name_fold) that hang together, two of them at most
 * AUTHORS_YEARS years apart and with a co-author in both (whose name has two words), or of one venue family
 * and with two rare title stems in both (AUTHORS_RARE). Homonyms fall apart, and so does a person who moves
 * on: at least so many papers. Exact: a person is a name as it is written. Merge: a person is a surname and a
 * first initial: at most so many papers.
 *
 * An id of OpenReview or an ORCID settles a case: papers with the same id are one person's in all three, and
 * with different ones never. What has no id goes with the one id that its spelling is known under; under two
 * it stays apart, in the merge with the id that has most papers of its initial.
 *
 * Both ends are shown as an interval. Joining people lets their papers add up, but also leaves fewer people,
 * so a quantile may in rare cases move the other way: an interval is from the least to the greatest of the
 * three. The papers up to the year alone are looked at; their order changes nothing. Never a list of people:
 * only counts leave this file. Pure. */
#include "num/counts.h"
#include "papers/author_name.h"
#include "papers/stems.h"

enum {
    AUTHORS_YEARS = 5,      /* apart, at most, and of the longer view */
    AUTHORS_RARE = 1000,    /* a stem is rare that stands in at most one title of so many, */
    AUTHORS_RARE_MIN = 5,   /* and in any case one that stands in at most so many titles */
    AUTHORS_SHARED = 200,   /* of the most frequent surnames with initial nothing is said by name, */
    AUTHORS_SHARED_OF = 20, /* but of no more than one in so many: a small field has few of them */
    AUTHORS_DRAWS = 200,
    AUTHORS_AGES = 5,
    AUTHORS_LINKED = 100, /* of a longer list of authors the first so many are looked at as co-authors */
};
enum authors_kind { AUTHORS_SPLIT, AUTHORS_EXACT, AUTHORS_MERGE, AUTHORS_KINDS };

struct author_said {
    struct span name, id; /* name: as author_name.full; id: as author_id_read gives it */
};
struct authors_paper {
    int year;
    struct span venue; /* its family */
    struct span title;
    struct span names;              /* one a line */
    const struct author_said *said; /* what is known of who is who in this paper */
    size_t said_n;
};

struct authors_mention {
    uint32_t paper, exact, full, key, id; /* id: NAME_NONE when none is said */
};
struct authors_row {
    uint64_t order;
    uint32_t at, n; /* mentions */
    int year;
    uint32_t venue;
    uint32_t stems; /* its place in `stems` */
};
struct authors {
    struct vocabulary exact, full, key, id, venue;
    struct name_of { /* by exact */
        uint32_t full, key;
    } * of;
    bool *one; /* by full: one word */
    struct authors_row *paper;
    struct authors_mention *mention;
    uint32_t *same_id;            /* by id: another id of the same person; itself at the end */
    uint32_t *who[AUTHORS_KINDS]; /* by mention, once settled */
    size_t people[AUTHORS_KINDS];
    struct stems stems;
    size_t n, room, mentions, mentions_room, of_room, one_room, id_room;
};
MUST bool authors_init(struct authors *a, struct err *err);
void authors_free(struct authors *a);
#define AUTO_AUTHORS __attribute__((cleanup(authors_free)))
/* Take in a paper: nothing of it is borrowed. A name that stands twice in a list counts once. */
MUST bool authors_add(struct authors *a, const struct authors_paper *paper, struct err *err);
/* After the last one: who is who, in the three ways. */
MUST bool authors_settle(struct authors *a, struct err *err);

/* People by years since their first paper here. */
struct authors_age {
    int from, to; /* to: INT32_MAX at the end */
};
extern const struct authors_age authors_ages[AUTHORS_AGES];

struct authors_spread {
    struct counts by[AUTHORS_KINDS];
};
struct authors_year {
    int year, first;                         /* first: the earliest year of a paper here */
    int64_t papers;                          /* of the year */
    int64_t papers_in_all;                   /* of the last five years, this one included */
    struct authors_spread now;               /* those with a paper in the year */
    struct authors_spread five;              /* those with one in the last five years, zeros included */
    struct authors_spread age[AUTHORS_AGES]; /* of `now`, by years since the first paper */
};
/* From settled authors; papers after `year` must not be among them. draws: 0 for no bootstrap. */
MUST bool authors_count(const struct authors *a, int year, size_t draws, struct authors_year *out,
                        struct err *err);

/* What can be said to somebody who names themself: papers by year, from at least to at most. */
enum own_said { OWN_SAID, OWN_NONE /* no paper under this name */, OWN_SHARED /* the name is too many's */ };
struct authors_own {
    enum own_said said;
    int from; /* year[0], low[0], high[0]: of this year */
    int64_t low[AUTHORS_YEARS], high[AUTHORS_YEARS];
};
/* The last AUTHORS_YEARS years up to `year`. OWN_SHARED: one word, or one of the AUTHORS_SHARED surnames with
 * initial that stand in most papers (of a small field: one of every AUTHORS_SHARED_OF), unless all its papers
 * hang together. */
MUST bool authors_own(const struct authors *a, struct span name, int year, struct authors_own *out,
                      struct err *err);
#endif
