/* Cells of equal votes are sorted by what one of them adds to the gap; a prefix of that order is removed. */
#include "num/flip.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

struct cell {
    size_t pair;
    enum bt_outcome y;
    double adds; /* to the gap, one vote */
    int64_t many;
};

struct flip_work {
    const struct bt_data *data;
    struct bt_pair *pair;
    struct cell *cell;
    size_t cells;
    struct bt_room room;
    struct bt_fit fit;
    const double *start;
    uint32_t a, b;
};

static int largest_first(const void *x, const void *y)
{
    const struct cell *a = x, *b = y;
    if (a->adds != b->adds)
        return a->adds > b->adds ? -1 : 1;
    if (a->pair != b->pair)
        return a->pair < b->pair ? -1 : 1;
    return a->y < b->y ? -1 : a->y > b->y;
}

static void weigh(struct flip_work *w, const struct bt_fit *fit)
{
    size_t n = fit->size, k = fit->models;
    const double *va = fit->inverse + w->a * n, *vb = fit->inverse + w->b * n;
    double tie = fit->ties == BT_HALF ? 0 : fit->at[k], utie = fit->ties == BT_HALF ? 0 : va[k] - vb[k];
    for (size_t p = 0; p < w->data->n; p++)
        for (enum bt_outcome y = BT_WIN; y <= BT_TIE; y++) {
            const struct bt_pair *q = &w->data->pair[p];
            double sx, st;
            if (q->count[y] == 0)
                continue;
            bt_score(fit->ties, fit->at[q->i] - fit->at[q->j], tie, y, &sx, &st);
            double adds = sx * ((va[q->i] - vb[q->i]) - (va[q->j] - vb[q->j])) + st * utie;
            if (adds > 0)
                w->cell[w->cells++] = (struct cell){p, y, adds, q->count[y]};
        }
    qsort(w->cell, w->cells, sizeof *w->cell, largest_first);
}

/* The gap with the first `many` votes gone and `added` wins of b over a put in; NAN when that cannot be
 * fitted. */
static double gap_with(struct flip_work *w, int64_t many, size_t direct, int64_t added)
{
    struct err err = {0};
    memcpy(w->pair, w->data->pair, w->data->n * sizeof *w->pair);
    w->pair[w->data->n] = (struct bt_pair){w->a < w->b ? w->a : w->b, w->a < w->b ? w->b : w->a, {0}};
    for (size_t c = 0; many > 0 && c < w->cells; c++) {
        int64_t out = w->cell[c].many < many ? w->cell[c].many : many;
        w->pair[w->cell[c].pair].count[w->cell[c].y] -= out;
        many -= out;
    }
    struct bt_pair *p = &w->pair[direct];
    if (added)
        p->count[p->i == w->b ? BT_WIN : BT_LOSS] += added;
    struct bt_data data = {w->data->models, w->data->n + (direct == w->data->n), w->pair};
    memcpy(w->fit.at, w->start, w->fit.size * sizeof *w->start);
    if (!bt_refit(&data, w->fit.ties, &w->room, &w->fit, &err))
        return NAN;
    return w->fit.at[w->a] - w->fit.at[w->b];
}

static double tried(struct flip_work *w, size_t direct, int64_t many, bool add)
{
    return add ? gap_with(w, 0, direct, many) : gap_with(w, many, direct, 0);
}

/* The smallest number that turns the order round, between doubling steps from `from` on; 0: none up to
 * `most`. */
static int64_t smallest(struct flip_work *w, size_t direct, int64_t from, int64_t most, bool add)
{
    int64_t low = 0, high = from < 1 ? 1 : from > most ? most : from;
    while (!(tried(w, direct, high, add) < 0)) {
        if (high >= most)
            return 0;
        low = high;
        high = high > most / 2 ? most : 2 * high;
    }
    while (high - low > 1) {
        int64_t half = low + (high - low) / 2;
        double gap = tried(w, direct, half, add);
        *(gap < 0 ? &high : &low) = half;
    }
    return high;
}

static void count_direct(const struct flip_work *w, struct flip *out)
{
    int64_t left = out->removed;
    for (size_t c = 0; left > 0 && c < w->cells; c++) {
        int64_t n = w->cell[c].many < left ? w->cell[c].many : left;
        const struct bt_pair *p = &w->data->pair[w->cell[c].pair];
        if ((p->i == w->a && p->j == w->b && w->cell[c].y == BT_WIN) ||
            (p->i == w->b && p->j == w->a && w->cell[c].y == BT_LOSS))
            out->direct += n;
        left -= n;
    }
}

bool flip_find(struct arena *arena, const struct bt_data *data, const struct bt_fit *fit, uint32_t a,
               uint32_t b, struct flip *out, struct err *err)
{
    struct arena *AUTO_ARENA own = arena_new();
    struct flip_work w = {.data = data, .a = a, .b = b, .fit = *fit, .start = fit->at};
    (void)arena;
    w.pair = arena_array(own, data->n + 1, sizeof *w.pair);
    w.cell = arena_array(own, 3 * data->n + 1, sizeof *w.cell);
    w.fit.at = arena_array(own, fit->size, sizeof *w.fit.at);
    if (!w.pair || !w.cell || !w.fit.at)
        return fail_memory(err);
    if (!bt_room_make(own, fit->size, &w.room, err))
        return false;
    weigh(&w, fit);
    *out = (struct flip){.gap = fit->at[a] - fit->at[b], .votes = (int64_t)fit->votes};
    int64_t all = 0;
    double sum = 0;
    for (size_t c = 0; c < w.cells; c++) {
        double need = ceil((out->gap - sum) / w.cell[c].adds), many = (double)w.cell[c].many;
        int64_t n = need >= many ? w.cell[c].many : need > 0 ? (int64_t)need : 0;
        out->first_order += n;
        sum += (double)n * w.cell[c].adds;
        all += w.cell[c].many;
    }
    size_t direct = data->n;
    for (size_t p = 0; p < data->n; p++)
        if ((data->pair[p].i == a && data->pair[p].j == b) || (data->pair[p].i == b && data->pair[p].j == a))
            direct = p;
    out->gap_after = gap_with(&w, out->first_order, direct, 0);
    out->removed = smallest(&w, direct, out->first_order, all, false);
    count_direct(&w, out);
    out->added = smallest(&w, direct, out->first_order, 1 << 30, true);
    return true;
}
