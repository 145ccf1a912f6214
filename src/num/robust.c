/* The meat of the sandwich. */
#include "num/robust.h"

#include <string.h>

#include "num/dense.h"
#include "num/special.h"

#include "base/banned.h"

/* Scores of one vote of each outcome, weighted by how many there are. */
static void add_outcome(const struct bt_fit *fit, const struct bt_pair *p, enum bt_outcome y, double *meat)
{
    if (p->count[y] == 0)
        return;
    size_t n = fit->size, i = p->i, j = p->j, k = fit->models;
    double x = fit->at[i] - fit->at[j], tie = fit->at[k], sx, st;
    double many = (double)p->count[y];
    bt_score(fit->ties, x, tie, y, &sx, &st);
    meat[i * n + i] += many * sx * sx;
    meat[j * n + j] += many * sx * sx;
    meat[i < j ? i * n + j : j * n + i] -= many * sx * sx;
    meat[i * n + k] += many * sx * st;
    meat[j * n + k] -= many * sx * st;
    meat[k * n + k] += many * st * st;
}

/* Ties as half: the three squares of one pair need its chance once. */
static void add_half(const struct bt_fit *fit, const struct bt_pair *p, double *meat)
{
    size_t n = fit->size, i = p->i, j = p->j;
    double won = special_logistic(fit->at[i] - fit->at[j]), lost = 1 - won, tied = 0.5 - won;
    double s = (double)p->count[BT_WIN] * lost * lost + (double)p->count[BT_LOSS] * won * won +
               (double)p->count[BT_TIE] * tied * tied;
    meat[i * n + i] += s;
    meat[j * n + j] += s;
    meat[i < j ? i * n + j : j * n + i] -= s;
}

void robust_meat(const struct bt_data *data, const struct bt_fit *fit, double *meat)
{
    memset(meat, 0, fit->size * fit->size * sizeof *meat);
    for (size_t v = 0; v < data->n && fit->ties == BT_HALF; v++)
        add_half(fit, &data->pair[v], meat);
    for (size_t v = 0; v < data->n && fit->ties != BT_HALF; v++)
        for (enum bt_outcome y = BT_WIN; y <= BT_TIE; y++)
            add_outcome(fit, &data->pair[v], y, meat);
    dense_mirror(meat, fit->size);
}

bool robust_begin(struct arena *arena, size_t size, struct robust *out, struct err *err)
{
    *out = (struct robust){.size = size,
                           .sum = arena_array(arena, size, sizeof *out->sum),
                           .touched = arena_array(arena, size, sizeof *out->touched),
                           .is_touched = arena_array(arena, size, sizeof *out->is_touched),
                           .meat = arena_array(arena, size * size, sizeof *out->meat)};
    return (out->sum && out->touched && out->is_touched && out->meat) || fail_memory(err);
}

void robust_add(struct robust *r, uint32_t place, double score)
{
    if (!r->is_touched[place]) {
        r->is_touched[place] = true;
        r->touched[r->touched_n++] = place;
    }
    r->sum[place] += score;
}

void robust_close(struct robust *r)
{
    for (size_t a = 0; a < r->touched_n; a++) {
        uint32_t i = r->touched[a];
        double *row = r->meat + (size_t)i * r->size, s = r->sum[i];
        for (size_t b = 0; b < r->touched_n; b++)
            if (r->touched[b] >= i)
                row[r->touched[b]] += s * r->sum[r->touched[b]];
    }
    for (size_t a = 0; a < r->touched_n; a++) {
        r->sum[r->touched[a]] = 0;
        r->is_touched[r->touched[a]] = false;
    }
    r->clusters += r->touched_n > 0;
    r->touched_n = 0;
}

void robust_done(struct robust *r, bool corrected)
{
    double by = corrected && r->clusters > 1 ? (double)r->clusters / (double)(r->clusters - 1) : 1;
    for (size_t i = 0; i < r->size * r->size; i++)
        r->meat[i] *= by;
    dense_mirror(r->meat, r->size);
}

void robust_cov(const struct bt_fit *fit, const double *meat, double *out, double *work)
{
    dense_sandwich(fit->inverse, meat, fit->size, out, work);
}
