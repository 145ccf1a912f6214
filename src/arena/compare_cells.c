/* Two boards of pair counts. A board that grew holds its old votes again, so of each pair and outcome the
 * smaller count is what both share; what the old one has more has vanished, what the new one has more was
 * added. Each vote is a cluster of its own. */
#include "arena/compare.h"

#include "base/words.h"

#include "base/banned.h"

struct cell {
    const struct pair_votes *old;
    struct pair_votes new; /* as seen by old's i */
    bool both;
};

/* `p` of the old board, beside what the new one has of the same two models. */
static struct cell beside(const struct votes *old, const struct votes *new, const struct pair_votes *p)
{
    struct cell c = {.old = p};
    uint32_t i, j;
    if (!labels_find(&new->models, old->models.text[p->i], &i) ||
        !labels_find(&new->models, old->models.text[p->j], &j))
        return c;
    const struct pair_votes *q = i < j ? votes_pair(new, i, j) : votes_pair(new, j, i);
    if (!q)
        return c;
    c.both = true;
    c.new = *q;
    c.new.i = i;
    c.new.j = j;
    if (i > j) {
        c.new.count[VOTE_A] = q->count[VOTE_B];
        c.new.count[VOTE_B] = q->count[VOTE_A];
    }
    return c;
}

static int64_t shared(const struct cell *c, int y)
{
    int64_t a = c->old->count[y], b = c->both ? c->new.count[y] : 0;
    return a < b ? a : b;
}

void compare_cells(const struct votes *old, const struct votes *new, struct comparison *c)
{
    for (size_t p = 0; p < old->pairs; p++) {
        struct cell cell = beside(old, new, &old->pair[p]);
        for (int y = 0; y < 4; y++)
            c->shared += (uint64_t)shared(&cell, y);
    }
    c->vanished = old->kept - c->shared;
    c->added = new->kept - c->shared;
}

/* The score of one vote on a board: places and values, at most three. 0 when the board does not count it. */
struct score {
    size_t at[3];
    double by[3];
    int n;
};

static struct score score_of(const struct ranking *r, uint32_t i, uint32_t j, int y)
{
    static const enum bt_outcome as[] = {BT_WIN, BT_LOSS, BT_TIE, BT_TIE};
    struct score s = {.n = 0};
    uint32_t a = r->fit_of[i], b = r->fit_of[j];
    double x, tie;
    if (a == UINT32_MAX || b == UINT32_MAX || (y == VOTE_BAD && !r->ask.bad_is_tie))
        return s;
    bool parameter = r->fit.ties != BT_HALF;
    bt_score(r->fit.ties, r->fit.at[a] - r->fit.at[b], parameter ? r->fit.at[r->fit.models] : 0, as[y], &x,
             &tie);
    return (struct score){{a, b, r->fit.models}, {x, -x, tie}, parameter ? 3 : 2};
}

void compare_cells_mixed(const struct votes *old, const struct votes *new, const struct comparison *c,
                         double *mixed)
{
    size_t columns = c->old.fit.size;
    for (size_t p = 0; p < old->pairs; p++) {
        struct cell cell = beside(old, new, &old->pair[p]);
        for (int y = 0; y < 4; y++) {
            double many = (double)shared(&cell, y);
            if (many == 0)
                continue;
            struct score o = score_of(&c->old, cell.old->i, cell.old->j, y),
                         n = score_of(&c->new, cell.new.i, cell.new.j, y);
            for (int a = 0; a < n.n; a++)
                for (int b = 0; b < o.n; b++)
                    mixed[n.at[a] * columns + o.at[b]] += many * n.by[a] * o.by[b];
        }
    }
}
