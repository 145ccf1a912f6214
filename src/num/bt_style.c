/* Newton over votes. What a vote adds to the information of strengths is one number a pair of models, kept in
 * a full matrix that is folded afterwards (its diagonal is the sum of its rows); what it adds beside features
 * is one short row a model. The common case, ties as half, goes through logistic functions of a whole block
 * at once. */
#include "num/bt_style.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/words.h"
#include "num/dense.h"
#include "num/special.h"

#include "base/banned.h"

enum { EXTRA = STYLE_FEATURES + 1, ROW = 8, STEPS_MOST = 60, HALVINGS_MOST = 40 };
static_assert(EXTRA < ROW, "a row holds the slope and the extra columns");
#define NEAR_STEP 1e-3  /* the pass after such a step is likely the last: it gathers the squares too */
#define SMALL_STEP 1e-6 /* the step after it is its square, and is taken from the last pass */

/* Sums of one pass. A row of `side`: slope, then what h adds beside each extra column. */
struct sums {
    size_t models, extra, tie; /* tie: 1 when ties have a parameter; it is the first extra column */
    double *pair;              /* models by models */
    double *side;              /* models by ROW */
    double both[ROW][ROW];     /* information among extra columns, upper triangle */
    double slope[ROW];
    double likelihood, votes;
};

static bool sums_make(struct arena *arena, size_t models, size_t extra, size_t tie, struct sums *s)
{
    *s = (struct sums){.models = models,
                       .extra = extra,
                       .tie = tie,
                       .pair = arena_array(arena, models * models, sizeof(double)),
                       .side = arena_array(arena, models * ROW, sizeof(double))};
    return s->pair && s->side;
}

static void sums_reset(struct sums *s)
{
    memset(s->pair, 0, s->models * s->models * sizeof *s->pair);
    memset(s->side, 0, s->models * ROW * sizeof *s->side);
    memset(s->both, 0, sizeof s->both);
    memset(s->slope, 0, sizeof s->slope);
    s->likelihood = s->votes = 0;
}

/* x of each vote of a block. */
static void differences(const struct style_vote *v, size_t n, const double *at, size_t models, size_t tie,
                        size_t features, double *x)
{
    double beta[STYLE_FEATURES] = {0};
    memcpy(beta, at + models + tie, features * sizeof *beta);
    for (size_t i = 0; i < n; i++)
        x[i] = at[v[i].a] - at[v[i].b] + beta[0] * (double)v[i].z[0] + beta[1] * (double)v[i].z[1] +
               beta[2] * (double)v[i].z[2] + beta[3] * (double)v[i].z[3] + beta[4] * (double)v[i].z[4];
}

/* Slope r and information h of each vote, ties as half. */
static void half_slopes(const double *restrict x, const float *restrict got, size_t n, double *restrict r,
                        double *restrict h)
{
    for (size_t i = 0; i < n; i++) {
        double clipped = x[i] > 700 ? 700 : x[i] < -700 ? -700 : x[i];
        double p = 1 / (1 + special_exp_fast(-clipped));
        r[i] = (double)got[i] - p;
        h[i] = p * (1 - p);
    }
}

/* Into both rows of a vote, and among the extra columns: slope r, information h, features z. */
static inline void add_vote(struct sums *s, const struct style_vote *v, double r, double h)
{
    double z[ROW] = {0, v->z[0], v->z[1], v->z[2], v->z[3], v->z[4], 0, 0}, row[ROW];
    s->pair[(size_t)v->a * s->models + v->b] += h;
    for (size_t e = 0; e < ROW; e++)
        row[e] = h * z[e];
    row[0] = r;
    double *restrict a = s->side + (size_t)v->a * ROW, *restrict b = s->side + (size_t)v->b * ROW;
    for (size_t e = 0; e < 6; e++)
        a[e] += row[e];
    for (size_t e = 0; e < 6; e++)
        b[e] -= row[e];
    for (size_t e = 0; e < 6; e++)
        s->slope[e] += r * z[e];
    row[0] = 0;
    for (size_t f = 1; f < 6; f++)
        for (size_t e = 0; e < 6; e++)
            s->both[f][e] += row[f] * z[e];
}

static void pass_half(struct sums *s, const struct style_vote *v, size_t n, const double *x)
{
    double r[STYLE_BLOCK], h[STYLE_BLOCK];
    float got[STYLE_BLOCK];
    static const float worth[3] = {1, 0, 0.5f};
    for (size_t i = 0; i < n; i++)
        got[i] = worth[v[i].y];
    half_slopes(x, got, n, r, h);
    for (size_t i = 0; i < n; i++)
        add_vote(s, &v[i], r[i], h[i]);
}

/* With a parameter of ties: extra column 1 is the tie's, the features come after it. */
static void pass_ties(struct sums *s, enum bt_ties ties, double tie, const struct style_vote *v, size_t n,
                      const double *x)
{
    for (size_t i = 0; i < n; i++) {
        struct bt_slope g = bt_slope(ties, x[i], tie, v[i].y == BT_WIN, v[i].y == BT_LOSS, v[i].y == BT_TIE);
        double *a = s->side + (size_t)v[i].a * ROW, *b = s->side + (size_t)v[i].b * ROW;
        s->pair[(size_t)v[i].a * s->models + v[i].b] += g.xx;
        a[0] += g.x, b[0] -= g.x;
        a[1] += g.xtie, b[1] -= g.xtie;
        s->slope[1] += g.tie;
        s->both[1][1] += g.tietie;
        for (size_t f = 0; f < s->extra - 1; f++) {
            double z = (double)v[i].z[f];
            a[2 + f] += g.xx * z, b[2 + f] -= g.xx * z;
            s->slope[2 + f] += g.x * z;
            s->both[1][2 + f] += g.xtie * z;
            for (size_t e = f; e < s->extra - 1; e++)
                s->both[2 + f][2 + e] += g.xx * z * (double)v[i].z[e];
        }
    }
}

/* The sums as one slope and one matrix, its upper triangle. */
static void fold(const struct sums *s, double *slope, double *info)
{
    size_t k = s->models, n = k + s->extra;
    memset(info, 0, n * n * sizeof *info);
    for (size_t i = 0; i < k; i++) {
        slope[i] = s->side[i * ROW];
        for (size_t j = i + 1; j < k; j++) {
            double h = s->pair[i * k + j] + s->pair[j * k + i];
            info[i * n + j] = -h;
            info[i * n + i] += h;
            info[j * n + j] += h;
        }
        for (size_t e = 0; e < s->extra; e++)
            info[i * n + k + e] = s->side[i * ROW + 1 + e];
    }
    for (size_t e = 0; e < s->extra; e++) {
        slope[k + e] = s->slope[1 + e];
        for (size_t f = e; f < s->extra; f++)
            info[(k + e) * n + k + f] = s->both[1 + e][1 + f];
    }
}

struct work {
    const struct style_votes *votes;
    enum bt_ties ties;
    struct style_vote *block;
    double *x;
    struct sums sums, squares; /* squares: the meat of single votes */
};

/* Squared scores and likelihood of a block, ties as half. */
static void half_squares(struct work *w, size_t n)
{
    static const double worth[3] = {1, 0, 0.5};
    for (size_t i = 0; i < n; i++) {
        const struct style_vote *v = &w->block[i];
        double p = special_logistic(w->x[i]), r = worth[v->y] - p;
        add_vote(&w->squares, v, 0, r * r);
        w->sums.likelihood += v->y == BT_TIE ? 0.5 * log(p * (1 - p))
                                             : special_log_logistic(v->y == BT_WIN ? w->x[i] : -w->x[i]);
    }
    w->sums.votes += (double)n;
}

/* One pass over the votes at fit->at; with `meat` their squared scores too. */
static bool pass(struct work *w, const struct bt_fit *fit, bool meat, struct err *err)
{
    size_t tie = w->sums.tie, n;
    double t = tie ? fit->at[fit->models] : 0;
    sums_reset(&w->sums);
    if (meat)
        sums_reset(&w->squares);
    for (size_t b = 0;; b++) {
        if (!w->votes->block(w->votes->from, b, w->block, &n, err))
            return false;
        if (n == 0)
            return true;
        differences(w->block, n, fit->at, fit->models, tie, w->votes->features, w->x);
        if (w->ties == BT_HALF)
            pass_half(&w->sums, w->block, n, w->x);
        else
            pass_ties(&w->sums, w->ties, t, w->block, n, w->x);
        if (meat && w->ties == BT_HALF) {
            half_squares(w, n);
            continue;
        }
        for (size_t i = 0; meat && i < n; i++) {
            const struct style_vote *v = &w->block[i];
            double sx, st;
            bt_score(w->ties, w->x[i], t, (enum bt_outcome)v->y, &sx, &st);
            w->sums.likelihood +=
                bt_likelihood(w->ties, w->x[i], t, v->y == BT_WIN, v->y == BT_LOSS, v->y == BT_TIE);
            w->sums.votes++;
            /* The products of scores stand where the products of slopes do. */
            struct sums *s = &w->squares;
            double *ra = s->side + (size_t)v->a * ROW, *rb = s->side + (size_t)v->b * ROW;
            s->pair[(size_t)v->a * s->models + v->b] += sx * sx;
            ra[1] += sx * st, rb[1] -= sx * st;
            s->both[1][1] += st * st;
            for (size_t f = 0; f < s->extra - 1; f++) {
                double z = (double)v->z[f];
                ra[2 + f] += sx * sx * z, rb[2 + f] -= sx * sx * z;
                s->both[1][2 + f] += sx * st * z;
                for (size_t e = f; e < s->extra - 1; e++)
                    s->both[2 + f][2 + e] += sx * sx * z * (double)v->z[e];
            }
        }
    }
}

static double along(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Solve for the step; false names the column whose pivot fell away. */
static bool newton(struct bt_room *room, const struct bt_fit *fit, size_t *at)
{
    room->pinned = bt_pin(room->a, fit->size, fit->models);
    memcpy(room->step, room->slope, fit->size * sizeof *room->step);
    if (!dense_cholesky(room->a, fit->size, at))
        return false;
    dense_solve(room->a, fit->size, room->step);
    return true;
}

static bool weak_column(const struct bt_fit *fit, size_t at, size_t tie, size_t *weak, struct err *err)
{
    if (at >= fit->models + tie)
        *weak = at - fit->models - tie;
    return fail(err, E_FORMAT,
                tr("err.num.no_style",
                   "These votes do not fix what style adds: one of its columns says nothing "
                   "of its own, or tells every outcome."));
}

/* Whole or halved until the slope along the step has not turned round. */
static bool move(struct work *w, struct bt_room *room, struct bt_fit *fit, bool meat, struct err *err)
{
    double before = along(room->slope, room->step, fit->size), by = 1;
    memcpy(room->trial, fit->at, fit->size * sizeof *fit->at);
    for (int i = 0; i < HALVINGS_MOST; i++, by /= 2) {
        for (size_t k = 0; k < fit->size; k++)
            fit->at[k] = room->trial[k] + by * room->step[k];
        if (fit->ties == BT_RAO_KUPPER && !(fit->at[fit->models] > 0))
            continue;
        if (!pass(w, fit, meat, err))
            return false;
        fold(&w->sums, room->slope, room->a);
        double after = along(room->slope, room->step, fit->size);
        if (isfinite(after) && after >= -0.5 * before)
            return true;
    }
    return fail(err, E_FORMAT, tr("err.num.no_fit", "These votes do not fix a rating for each model."));
}

static double largest(const double *v, size_t n)
{
    double most = 0;
    for (size_t k = 0; k < n; k++)
        most = fmax(most, fabs(v[k]));
    return most;
}

/* Until the step is small; then `meat` is what the last pass gathered, and room->a is the factor of the
 * information there. */
static bool iterate(struct work *w, struct bt_room *room, struct bt_fit *fit, size_t *weak, struct err *err)
{
    size_t at = 0, tie = w->sums.tie;
    bool meat = false;
    if (!pass(w, fit, false, err))
        return false;
    fold(&w->sums, room->slope, room->a);
    for (fit->steps = 1; fit->steps <= STEPS_MOST; fit->steps++) {
        if (!newton(room, fit, &at))
            return weak_column(fit, at, tie, weak, err);
        double most = largest(room->step, fit->size);
        if (most < SMALL_STEP && meat) {
            for (size_t k = 0; k < fit->size; k++)
                fit->at[k] += room->step[k];
            return true;
        }
        if (most > 60) /* a column that tells every outcome runs away */
            return weak_column(fit, fit->models + tie, tie, weak, err);
        meat = most < NEAR_STEP;
        if (!move(w, room, fit, meat, err))
            return false;
    }
    return weak_column(fit, 0, tie, weak, err);
}

/* Centre, and invert the information that iterate() left. */
static void finish(struct work *w, struct bt_room *room, struct bt_fit *fit, double *meat)
{
    size_t k = fit->models, n = fit->size;
    double mean = 0;
    for (size_t i = 0; i < k; i++)
        mean += fit->at[i] / (double)k;
    for (size_t i = 0; i < k; i++)
        fit->at[i] -= mean;
    fold(&w->squares, room->slope, meat);
    dense_mirror(meat, n);
    dense_invert(room->a, n, fit->inverse, room->b);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            fit->inverse[i * n + j] -= 1 / (room->pinned * (double)k * (double)k);
    fit->likelihood = w->sums.likelihood;
    fit->votes = w->sums.votes;
}

bool style_fit(struct arena *arena, const struct style_votes *votes, size_t models, enum bt_ties ties,
               const double *start, struct bt_fit *out, double **meat, size_t *weak, struct err *err)
{
    size_t tie = ties != BT_HALF, extra = tie + votes->features, n = models + extra;
    struct bt_room room;
    struct work w = {.votes = votes, .ties = ties};
    struct arena *AUTO_ARENA own = arena_new();
    *weak = votes->features;
    *out = (struct bt_fit){.ties = ties,
                           .models = models,
                           .size = n,
                           .at = arena_array(arena, n + STYLE_FEATURES, sizeof(double)),
                           .inverse = arena_array(arena, n * n, sizeof(double))};
    *meat = arena_array(arena, n * n, sizeof **meat);
    w.block = arena_array(own, STYLE_BLOCK, sizeof *w.block);
    w.x = arena_array(own, STYLE_BLOCK, sizeof *w.x);
    if (!out->at || !out->inverse || !*meat || !w.block || !w.x ||
        !sums_make(own, models, extra, tie, &w.sums) || !sums_make(own, models, extra, tie, &w.squares))
        return fail_memory(err);
    if (start)
        memcpy(out->at, start, (models + tie) * sizeof *start);
    if (ties == BT_RAO_KUPPER && !(out->at[models] > 0))
        out->at[models] = 0.5;
    if (!bt_room_make(own, n, &room, err) || !iterate(&w, &room, out, weak, err))
        return false;
    finish(&w, &room, out, *meat);
    return true;
}

void style_score(const struct bt_fit *fit, const struct style_vote *v, size_t features, double *by_x,
                 double *by_tie)
{
    size_t tie = fit->ties != BT_HALF;
    double x = fit->at[v->a] - fit->at[v->b];
    for (size_t f = 0; f < features; f++)
        x += fit->at[fit->models + tie + f] * (double)v->z[f];
    bt_score(fit->ties, x, tie ? fit->at[fit->models] : 0, (enum bt_outcome)v->y, by_x, by_tie);
}
