/* The three models of ties and their fit. One pass over the pairs gives slope and information; the system is
 * solved by Cholesky after (c/K) 1 1ᵀ is added for the direction that the votes cannot fix, which leaves the
 * step within strengths that sum to 0. The likelihood is concave, so a step is good when the slope along it
 * has not turned round sharply; no logarithm is taken on the way. */
#include "num/bt.h"

#include <math.h>
#include <string.h>

#include "base/words.h"
#include "num/dense.h"
#include "num/special.h"

#include "base/banned.h"

enum { STEPS_MOST = 200, HALVINGS_MOST = 60 };
#define SMALL_STEP 1e-7 /* the error after such a step is its square */

size_t bt_size(enum bt_ties ties, size_t models)
{
    return models + (ties != BT_HALF);
}

/* 1 - p_a, 1 - p_b and the rest of Rao and Kupper at x. */
struct kupper {
    double not_a, not_b;
};

static struct kupper kupper(double x, double eta)
{
    return (struct kupper){special_logistic(eta - x), special_logistic(eta + x)};
}

void bt_chances(enum bt_ties ties, double x, double tie, double p[static 3])
{
    if (ties == BT_HALF) {
        p[BT_WIN] = special_logistic(x);
        p[BT_LOSS] = special_logistic(-x);
        p[BT_TIE] = 0;
    } else if (ties == BT_RAO_KUPPER) {
        p[BT_WIN] = special_logistic(x - tie);
        p[BT_LOSS] = special_logistic(-x - tie);
        p[BT_TIE] = expm1(2 * tie) * p[BT_WIN] * p[BT_LOSS];
    } else { /* Davidson, the largest of the three terms taken out */
        double most = fmax(fabs(x) / 2, tie), a = exp(x / 2 - most), b = exp(-x / 2 - most),
               t = exp(tie - most);
        double z = a + b + t;
        p[BT_WIN] = a / z;
        p[BT_LOSS] = b / z;
        p[BT_TIE] = t / z;
    }
}

struct bt_slope bt_slope(enum bt_ties ties, double x, double tie, double win, double loss, double tied)
{
    struct bt_slope s = {0};
    double n = win + loss + tied;
    if (ties == BT_HALF) {
        double p = special_logistic(x);
        s.x = win + tied / 2 - n * p;
        s.xx = n * p * (1 - p);
    } else if (ties == BT_DAVIDSON) {
        double p[3];
        bt_chances(ties, x, tie, p);
        double d = p[BT_WIN] - p[BT_LOSS];
        s.x = (win - loss) / 2 - n * d / 2;
        s.tie = tied - n * p[BT_TIE];
        s.xx = n / 4 * (p[BT_WIN] + p[BT_LOSS] - d * d);
        s.tietie = n * p[BT_TIE] * (1 - p[BT_TIE]);
        s.xtie = -n * p[BT_TIE] * d / 2;
    } else {
        struct kupper k = kupper(x, tie);
        double a = win + tied, b = loss + tied, qa = a * k.not_a * (1 - k.not_a),
               qb = b * k.not_b * (1 - k.not_b);
        double e = expm1(2 * tie);
        s.x = a * k.not_a - b * k.not_b;
        s.tie = -a * k.not_a - b * k.not_b + 2 * tied * (1 + 1 / e);
        s.xx = qa + qb;
        s.xtie = -(qa - qb);
        s.tietie = qa + qb + 4 * tied * (1 + e) / (e * e);
    }
    return s;
}

void bt_score(enum bt_ties ties, double x, double tie, enum bt_outcome y, double *by_x, double *by_tie)
{
    struct bt_slope s = bt_slope(ties, x, tie, y == BT_WIN, y == BT_LOSS, y == BT_TIE);
    *by_x = s.x;
    *by_tie = s.tie;
}

double bt_likelihood(enum bt_ties ties, double x, double tie, double win, double loss, double tied)
{
    if (ties == BT_HALF) {
        double upper = special_log_logistic(fabs(x)), lower = upper - fabs(x); /* of |x|, of -|x| */
        return (win + tied / 2) * (x > 0 ? upper : lower) + (loss + tied / 2) * (x > 0 ? lower : upper);
    }
    if (ties == BT_RAO_KUPPER)
        return (win + tied) * special_log_logistic(x - tie) + (loss + tied) * special_log_logistic(-x - tie) +
               (tied > 0 ? tied * log(expm1(2 * tie)) : 0);
    double most = fmax(fabs(x) / 2, tie);
    double z = most + log(exp(x / 2 - most) + exp(-x / 2 - most) + exp(tie - most));
    return win * x / 2 - loss * x / 2 + tied * tie - (win + loss + tied) * z;
}

/* The same for ties as half, the commonest board: logistic functions of a block of pairs at once. */
static void sum_up_half(const struct bt_data *d, const double *at, double *slope, double *info)
{
    enum { BLOCK = 512 };
    double x[BLOCK], p[BLOCK];
    size_t n = d->models;
    memset(slope, 0, n * sizeof *slope);
    memset(info, 0, n * n * sizeof *info);
    for (size_t from = 0; from < d->n; from += BLOCK) {
        const struct bt_pair *q = d->pair + from;
        size_t many = d->n - from < BLOCK ? d->n - from : BLOCK;
        for (size_t v = 0; v < many; v++)
            x[v] = at[q[v].i] - at[q[v].j];
        for (size_t v = 0; v < many; v++) {
            double clipped = x[v] > 700 ? 700 : x[v] < -700 ? -700 : x[v];
            p[v] = 1 / (1 + special_exp_fast(-clipped));
        }
        for (size_t v = 0; v < many; v++) {
            size_t i = q[v].i, j = q[v].j;
            double w = (double)q[v].count[BT_WIN], l = (double)q[v].count[BT_LOSS],
                   t = (double)q[v].count[BT_TIE];
            double all = w + l + t, r = w + t / 2 - all * p[v], h = all * p[v] * (1 - p[v]);
            slope[i] += r;
            slope[j] -= r;
            info[i * n + i] += h;
            info[j * n + j] += h;
            info[i < j ? i * n + j : j * n + i] -= h;
        }
    }
}

/* Slope and information of all pairs at `at`; the information's upper triangle. With BT_HALF slope and
 * information are those of counts alone, so the commonest board has the shortest loop. */
static void sum_up(const struct bt_data *d, enum bt_ties ties, const double *at, double *slope, double *info)
{
    size_t n = bt_size(ties, d->models), k = d->models;
    if (ties == BT_HALF) {
        sum_up_half(d, at, slope, info);
        return;
    }
    double tie = at[k];
    memset(slope, 0, n * sizeof *slope);
    memset(info, 0, n * n * sizeof *info);
    for (size_t v = 0; v < d->n; v++) {
        const struct bt_pair *p = &d->pair[v];
        size_t i = p->i, j = p->j;
        struct bt_slope s = bt_slope(ties, at[i] - at[j], tie, (double)p->count[BT_WIN],
                                     (double)p->count[BT_LOSS], (double)p->count[BT_TIE]);
        slope[i] += s.x;
        slope[j] -= s.x;
        info[i * n + i] += s.xx;
        info[j * n + j] += s.xx;
        info[i < j ? i * n + j : j * n + i] -= s.xx;
        slope[k] += s.tie;
        info[i * n + k] += s.xtie;
        info[j * n + k] -= s.xtie;
        info[k * n + k] += s.tietie;
    }
}

double bt_pin(double *info, size_t size, size_t models)
{
    double trace = 0;
    for (size_t i = 0; i < models; i++)
        trace += info[i * size + i];
    double by = models ? trace / (double)models / (double)models : 0;
    for (size_t i = 0; i < models; i++)
        for (size_t j = i; j < models; j++)
            info[i * size + j] += by;
    return by;
}

static void centre(double *at, size_t models)
{
    double mean = 0;
    for (size_t i = 0; i < models; i++)
        mean += at[i];
    mean /= models ? (double)models : 1;
    for (size_t i = 0; i < models; i++)
        at[i] -= mean;
}

bool bt_room_make(struct arena *arena, size_t size, struct bt_room *room, struct err *err)
{
    *room = (struct bt_room){.size = size,
                             .a = arena_array(arena, size * size, sizeof(double)),
                             .b = arena_array(arena, size * size, sizeof(double)),
                             .slope = arena_array(arena, size, sizeof(double)),
                             .step = arena_array(arena, size, sizeof(double)),
                             .trial = arena_array(arena, size, sizeof(double))};
    return (room->a && room->b && room->slope && room->step && room->trial) || fail_memory(err);
}

static bool no_maximum(struct err *err)
{
    return fail(err, E_FORMAT, tr("err.num.no_fit", "These votes do not fix a rating for each model."));
}

static double along(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* From fit->at along room->step: whole, or halved until the slope there has not turned round. Leaves slope
 * and information of where it ended in the room. False when no step is short enough. */
static bool move(const struct bt_data *d, struct bt_room *room, struct bt_fit *fit)
{
    size_t n = fit->size;
    double before = along(room->slope, room->step, n), by = 1;
    memcpy(room->trial, fit->at, n * sizeof *fit->at);
    for (int i = 0; i < HALVINGS_MOST; i++, by /= 2) {
        for (size_t k = 0; k < n; k++)
            fit->at[k] = room->trial[k] + by * room->step[k];
        if (fit->ties == BT_RAO_KUPPER && !(fit->at[fit->models] > 0))
            continue;
        sum_up(d, fit->ties, fit->at, room->slope, room->a);
        double after = along(room->slope, room->step, n);
        if (isfinite(after) && after >= -0.5 * before - 1e-300)
            return true;
        if (before * by < 1e-18) /* nothing is left but rounding */
            return isfinite(after);
    }
    return false;
}

static double largest(const double *v, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, fabs(v[i]));
    return most;
}

static void total(const struct bt_data *d, struct bt_fit *fit)
{
    double tie = fit->ties == BT_HALF ? 0 : fit->at[fit->models];
    fit->likelihood = fit->votes = 0;
    for (size_t v = 0; v < d->n; v++) {
        const struct bt_pair *p = &d->pair[v];
        double w = (double)p->count[BT_WIN], l = (double)p->count[BT_LOSS], t = (double)p->count[BT_TIE];
        fit->likelihood += bt_likelihood(fit->ties, fit->at[p->i] - fit->at[p->j], tie, w, l, t);
        fit->votes += w + l + t;
    }
}

bool bt_refit(const struct bt_data *data, enum bt_ties ties, struct bt_room *room, struct bt_fit *fit,
              struct err *err)
{
    fit->ties = ties;
    fit->models = data->models;
    fit->size = bt_size(ties, data->models);
    if (ties == BT_RAO_KUPPER && !(fit->at[fit->models] > 0))
        fit->at[fit->models] = 0.5;
    room->fresh = NULL;
    sum_up(data, ties, fit->at, room->slope, room->a);
    for (fit->steps = 1; fit->steps <= STEPS_MOST; fit->steps++) {
        bt_pin(room->a, fit->size, fit->models);
        memcpy(room->step, room->slope, fit->size * sizeof *room->step);
        if (!dense_cholesky(room->a, fit->size, NULL))
            return no_maximum(err);
        dense_solve(room->a, fit->size, room->step);
        if (!move(data, room, fit))
            return no_maximum(err);
        if (largest(room->step, fit->size) < SMALL_STEP)
            break;
    }
    if (fit->steps > STEPS_MOST)
        return no_maximum(err);
    centre(fit->at, fit->models); /* the information knows differences alone, and stays */
    room->fresh = fit->at;
    return true;
}

bool bt_invert(const struct bt_data *data, struct bt_room *room, struct bt_fit *fit, struct err *err)
{
    size_t n = fit->size, k = fit->models;
    if (room->fresh != fit->at)
        sum_up(data, fit->ties, fit->at, room->slope, room->a);
    room->fresh = NULL;
    double by = bt_pin(room->a, n, k);
    if (!dense_cholesky(room->a, n, NULL))
        return no_maximum(err);
    dense_invert(room->a, n, fit->inverse, room->b);
    double back = by > 0 ? 1 / (by * (double)k * (double)k) : 0; /* the eigenvalue that pin() gave */
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            fit->inverse[i * n + j] -= back;
    return true;
}

bool bt_fit(struct arena *arena, const struct bt_data *data, enum bt_ties ties, const double *start,
            struct bt_fit *out, struct err *err)
{
    struct bt_room room;
    size_t n = bt_size(ties, data->models);
    *out = (struct bt_fit){.at = arena_array(arena, n, sizeof(double)),
                           .inverse = arena_array(arena, n * n, sizeof(double))};
    if (!out->at || !out->inverse)
        return fail_memory(err);
    if (start)
        memcpy(out->at, start, n * sizeof *start);
    if (!bt_room_make(arena, n, &room, err) || !bt_refit(data, ties, &room, out, err))
        return false;
    total(data, out);
    return bt_invert(data, &room, out, err);
}

double bt_tie_parameter(const struct bt_fit *fit)
{
    if (fit->ties == BT_HALF)
        return 0;
    return fit->ties == BT_DAVIDSON ? fit->at[fit->models] : log(fit->at[fit->models]);
}
