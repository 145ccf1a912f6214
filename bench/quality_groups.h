#ifndef BENCH_QUALITY_GROUPS_H
#define BENCH_QUALITY_GROUPS_H
/* Groups of known concurrent work, and how well lists of hits held a paper's others. */
#include "base/mem.h"
#include "papers/texts.h"

struct scoop_query {
    uint32_t paper, group; /* paper: its number among the texts; groups from 0 */
};
struct scoop_groups {
    struct scoop_query *at; /* by paper */
    size_t n, room, groups, missing;
};
/* Read all scoop_groups*.json of a folder: groups.n = 0 where there is none. Papers are found by year and
 * title, letters and digits alone. */
MUST bool groups_read(struct arena *arena, const char *folder, const struct texts *texts,
                      struct scoop_groups *out, struct err *err);
bool groups_has(const struct scoop_groups *groups, uint32_t paper);

enum { RECALLS = 4 };
extern const unsigned recall_at[RECALLS]; /* 1 5 10 50 */
/* The recall of each query of a way; NAN where it had nothing to find. */
struct recalls {
    const char *name;
    double *at; /* groups.n by RECALLS */
};
MUST bool recalls_make(struct arena *arena, const struct scoop_groups *groups, const char *name,
                       struct recalls *out, struct err *err);
/* Judge a list for query `q`. can: whether a paper could have been found; NULL: all. */
void recalls_judge(struct recalls *r, const struct scoop_groups *groups, size_t q, const uint32_t *hits,
                   size_t n, bool (*can)(const struct texts *, uint32_t), const struct texts *texts);
/* Means over the queries: returns how many. */
size_t recalls_mean(const struct recalls *r, const struct scoop_groups *groups, double mean[static RECALLS]);
/* Print them, with 95 % intervals from groups drawn anew. */
MUST bool recalls_print(const struct recalls *r, const struct scoop_groups *groups, struct err *err);
/* How much more of the first ten `a` has than `b`, by the same queries, with its interval and the share of
 * draws in which it is not more. */
MUST bool recalls_gain(const struct recalls *a, const struct recalls *b, const struct scoop_groups *groups,
                       struct err *err);
#endif
