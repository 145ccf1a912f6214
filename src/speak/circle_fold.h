#ifndef SPEAK_CIRCLE_FOLD_H
#define SPEAK_CIRCLE_FOLD_H
/* Circles worked out from their acts, in the order of the log: who is in, who asks, which box keys count.
 * Pure: nodes and the board get the same from the same acts.
 *
 * A batch is one step. Whoever acts in it is judged by the circle as it stood before that batch: the order
 * within a batch is that of hashes, and nothing may depend on it but who of two gets the last place. In a
 * step first go those who leave, then those whom the others do not want, then box keys change, then those get
 * in who asked before and for whom enough said yes (two, while two or more are in, else one); new asks come
 * last. */
#include "base/mem.h"
#include "speak/circle.h"

/* One act as it stands in the log. */
struct circle_row {
    uint8_t id[16], pk[32];
    int64_t batch, index; /* ascending; index: anything that orders acts within a batch as the log does */
    day_t day;
    struct circle_act act;
};
struct circle_rows {
    struct circle_row *at;
    size_t n, room;
};

struct circle_member {
    uint8_t pk[32], box_pk[32];
    day_t since, week; /* week: of the box key */
    uint8_t word;      /* the made-up name: an index of name_word() */
    int number;        /* the how-many-eth of this name in the circle, from 1 */
};
struct circle_asker {
    struct circle_member who; /* since: the day of the ask */
    uint8_t id[16];           /* of the ask */
    struct span line;
    uint8_t yes[CIRCLE_MOST][32]; /* who said so: those who left do not count any more */
    size_t yes_n;
};
struct circle_past { /* was in, and is not */
    uint8_t pk[32];
    day_t until;
    uint8_t word;
    int number;
};
struct circle_no {
    uint8_t by[32], about[32];
};
struct circle {
    uint8_t id[16];
    struct span theme, line;
    day_t day, last; /* last: of the newest act of it */
    size_t n, need;  /* members; need: how many of them have to say yes */
    struct circle_member member[CIRCLE_MOST];
    struct {
        struct circle_asker *at;
        size_t n, room;
    } askers;
    struct {
        struct circle_past *at;
        size_t n, room;
    } past;
    struct {
        struct circle_no *at;
        size_t n, room;
    } no;
    /* What a board that keeps to the rules never publishes. */
    bool surplus;  /* more were let in than there are places */
    bool stranger; /* somebody acted in it who never was in it or asked */
};
struct circles {
    struct circle *at;
    size_t n, room;
};
/* `rows` are in the order of (batch, index). `today`: who gave no sign for too long by then is not in any
 * more, and asks that are too old are gone. False: no memory. */
MUST bool circles_fold(const struct circle_rows *rows, day_t today, struct arena *arena, struct circles *out,
                       struct err *err);
struct circle *circle_find(const struct circles *all, const uint8_t id[static 16]);
const struct circle_member *circle_member(const struct circle *c, const uint8_t pk[static 32]);
const struct circle_asker *circle_asker(const struct circle *c, const uint8_t pk[static 32]);
/* How many of those who are in said yes. */
size_t circle_yes(const struct circle *c, const struct circle_asker *a);
/* Whether `pk` was in at some time, or is. */
bool circle_was_in(const struct circle *c, const uint8_t pk[static 32]);
#endif
