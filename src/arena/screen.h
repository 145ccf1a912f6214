#ifndef ARENA_SCREEN_H
#define ARENA_SCREEN_H
/* Which voters, or, where votes have no voters, which days and weeks, are more one-sided than honest taste
 * explains. Nothing is deleted: the board is shown with and without, and a person decides. */
#include "arena/rank.h"
#include "codec/json.h"
#include "num/screen.h"

struct suspect {
    const char *name; /* the voter; or the day (2026-11-25), or the week (2026-W48) */
    double log_e;
    enum screen_kind kind;
    struct span model; /* that the votes favour or disfavour */
    struct span other; /* by weeks: the other model of the pair */
    size_t votes;
    bool flagged;
};
struct screening {
    struct suspect *at; /* most evidence first; those flagged, and some behind them */
    size_t n, flagged;
    size_t tested; /* voters or cells */
    bool by_day;   /* no column says who voted */
    double alpha;
    uint64_t votes_flagged;
    struct ranking with, without;
    bool without_known;
};
/* `votes` is read with one cluster, "voter" or by day, with texts. */
MUST bool screen_make(struct arena *arena, struct votes *votes, double alpha, uint64_t seed,
                      struct screening *out, struct err *err);
/* arena/screen_cells.c: the same by days and weeks. */
MUST bool screen_cells(struct arena *arena, struct votes *votes, const struct screen *s,
                       struct screening *out, struct err *err);
json_t *screen_json(const struct screening *s);
MUST bool screen_text(struct arena *arena, const struct screening *s, struct buf *out, struct err *err);
#endif
