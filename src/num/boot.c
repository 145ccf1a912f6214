/* Draws of votes by pair and outcome. */
#include "num/boot.h"

#include <math.h>
#include <string.h>

#include "num/connect.h"
#include "num/dense.h"
#include "num/rng.h"

#include "base/banned.h"

bool boot_make(struct arena *arena, size_t draws, size_t models, struct boot *out, struct err *err)
{
    *out = (struct boot){draws, models, arena_array(arena, draws * models + 1, sizeof *out->at)};
    return out->at || fail_memory(err);
}

/* Fit the largest strong component of `d`; the other models get NAN. */
static bool fit_largest(const struct bt_data *d, const struct connect *c, const struct bt_fit *fit,
                        double *row, struct err *err)
{
    struct arena *AUTO_ARENA own = arena_new();
    uint32_t *number = arena_array(own, d->models, sizeof *number);
    struct bt_pair *pair = arena_array(own, d->n + 1, sizeof *pair);
    struct bt_data part = {0, 0, pair};
    if (!number || !pair)
        return fail_memory(err);
    for (size_t i = 0; i < d->models; i++) {
        row[i] = NAN;
        if (c->of_strong[i] == 0)
            number[i] = (uint32_t)part.models++;
    }
    for (size_t p = 0; p < d->n; p++) {
        const struct bt_pair *q = &d->pair[p];
        if (c->of_strong[q->i] != 0 || c->of_strong[q->j] != 0)
            continue;
        pair[part.n] = *q;
        pair[part.n].i = number[q->i];
        pair[part.n++].j = number[q->j];
    }
    struct bt_room room;
    struct bt_fit f = {.at = arena_array(own, part.models + 1, sizeof *f.at)};
    if (part.models < 2 || !f.at)
        return f.at || fail_memory(err);
    for (size_t i = 0; i < d->models; i++)
        if (c->of_strong[i] == 0)
            f.at[number[i]] = fit->at[i];
    if (fit->ties != BT_HALF)
        f.at[part.models] = fit->at[fit->models];
    struct err none = {0};
    if (!bt_room_make(own, bt_size(fit->ties, part.models), &room, err))
        return false;
    if (!bt_refit(&part, fit->ties, &room, &f, &none))
        return none.code != E_MEMORY || fail_memory(err); /* no value in this draw */
    for (size_t i = 0; i < d->models; i++)
        if (c->of_strong[i] == 0)
            row[i] = f.at[number[i]];
    return true;
}

bool boot_one(const struct bt_data *drawn, const struct bt_fit *fit, struct boot *out, size_t row,
              struct err *err)
{
    struct arena *AUTO_ARENA own = arena_new();
    struct connect c;
    return connect_find(own, drawn, &c, err) && fit_largest(drawn, &c, fit, out->at + row * out->models, err);
}

/* e^-count of each cell, for drawing again and again. */
static double *exps(struct arena *arena, const struct bt_data *data)
{
    double *e = arena_array(arena, 3 * data->n + 1, sizeof *e);
    for (size_t p = 0; e && p < data->n; p++)
        for (size_t y = 0; y < 3; y++)
            e[3 * p + y] = data->pair[p].count[y] < 30 ? exp(-(double)data->pair[p].count[y]) : 0;
    return e;
}

static void draw(const struct bt_data *data, const double *e, struct rng *rng, struct bt_pair *pair)
{
    for (size_t p = 0; p < data->n; p++) {
        pair[p] = data->pair[p];
        for (int y = 0; y < 3; y++)
            pair[p].count[y] = pair[p].count[y] ? (int64_t)rng_poisson_known(rng, (double)pair[p].count[y],
                                                                             e[3 * p + (size_t)y])
                                                : 0;
    }
}

bool boot_refit(struct arena *arena, const struct bt_data *data, const struct bt_fit *fit, size_t draws,
                uint64_t seed, struct boot *out, struct err *err)
{
    struct arena *AUTO_ARENA own = arena_new();
    struct bt_pair *pair = arena_array(own, data->n + 1, sizeof *pair);
    struct bt_data drawn = {data->models, data->n, pair};
    struct rng rng;
    const double *e = exps(own, data);
    if (!pair || !e)
        return fail_memory(err);
    if (!boot_make(arena, draws, data->models, out, err))
        return false;
    rng_seed(&rng, seed);
    for (size_t d = 0; d < draws; d++) {
        draw(data, e, &rng, pair);
        if (!boot_one(&drawn, fit, out, d, err))
            return false;
    }
    return true;
}

bool boot_step(struct arena *arena, const struct bt_data *data, const struct bt_fit *fit, size_t draws,
               uint64_t seed, struct boot *out, struct err *err)
{
    struct arena *AUTO_ARENA own = arena_new();
    size_t n = fit->size, k = fit->models;
    double *score = arena_array(own, n, sizeof *score), *step = arena_array(own, n, sizeof *step);
    double tie = fit->ties == BT_HALF ? 0 : fit->at[k];
    struct rng rng;
    const double *e = exps(own, data);
    if (!score || !step || !e)
        return fail_memory(err);
    if (!boot_make(arena, draws, k, out, err))
        return false;
    rng_seed(&rng, seed);
    for (size_t d = 0; d < draws; d++) {
        memset(score, 0, n * sizeof *score);
        for (size_t p = 0; p < data->n; p++)
            for (enum bt_outcome y = BT_WIN; y <= BT_TIE; y++) {
                const struct bt_pair *q = &data->pair[p];
                double sx, st, more;
                if (q->count[y] == 0)
                    continue;
                more = (double)rng_poisson_known(&rng, (double)q->count[y], e[3 * p + (size_t)y]) -
                       (double)q->count[y];
                bt_score(fit->ties, fit->at[q->i] - fit->at[q->j], tie, y, &sx, &st);
                score[q->i] += more * sx;
                score[q->j] -= more * sx;
                if (fit->ties != BT_HALF)
                    score[k] += more * st;
            }
        dense_times(fit->inverse, n, score, step);
        for (size_t i = 0; i < k; i++)
            out->at[d * k + i] = fit->at[i] + step[i];
    }
    return true;
}
