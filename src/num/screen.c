/* Likelihood ratios of named alternatives, in logs. */
#include "num/screen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static const double shares[2] = {0.5, 0.98}, cell_shares[4] = {0.05, 0.1, 0.25, 0.5};
#define WEIGHT_FOR 0.5
#define WEIGHT_AGAINST 0.1
#define WEIGHT_REST 0.1 /* each of coin, anti, left, right */

bool screen_room_make(struct arena *arena, const struct screen *s, struct screen_room *room, struct err *err)
{
    size_t n = s->fit->size;
    *room = (struct screen_room){.score = arena_array(arena, n, sizeof(double)),
                                 .strength = arena_array(arena, n, sizeof(double)),
                                 .for_x = arena_array(arena, 2 * n, sizeof(double)),
                                 .against = arena_array(arena, 2 * n, sizeof(double)),
                                 .touched = arena_array(arena, n, sizeof(uint32_t)),
                                 .is_touched = arena_array(arena, n, sizeof(bool))};
    return (room->score && room->strength && room->for_x && room->against && room->touched &&
            room->is_touched) ||
           fail_memory(err);
}

static void touch(struct screen_room *room, uint32_t i)
{
    if (room->is_touched[i])
        return;
    room->is_touched[i] = true;
    room->touched[room->touched_n++] = i;
}

/* Strengths of the models these votes name, and kappa, as they would be without the votes: one step. */
static void without(const struct screen *s, struct screen_room *room, const struct screen_vote *vote,
                    size_t n)
{
    const struct bt_fit *f = s->fit;
    uint32_t kappa = (uint32_t)f->models;
    touch(room, kappa);
    for (size_t v = 0; v < n; v++) {
        double sx, st;
        touch(room, vote[v].a);
        touch(room, vote[v].b);
        bt_score(f->ties, f->at[vote[v].a] - f->at[vote[v].b], f->at[kappa], (enum bt_outcome)vote[v].y, &sx,
                 &st);
        room->score[vote[v].a] += sx;
        room->score[vote[v].b] -= sx;
        room->score[kappa] += st;
    }
    for (size_t i = 0; i < room->touched_n; i++) {
        const double *row = f->inverse + (size_t)room->touched[i] * f->size;
        double step = 0;
        for (size_t j = 0; j < room->touched_n; j++)
            step += row[room->touched[j]] * room->score[room->touched[j]];
        room->strength[room->touched[i]] = f->at[room->touched[i]] - step;
    }
}

static void forget(struct screen_room *room, size_t size)
{
    for (size_t i = 0; i < room->touched_n; i++) {
        uint32_t m = room->touched[i];
        room->is_touched[m] = false;
        room->score[m] = 0;
        for (size_t k = 0; k < 2; k++)
            room->for_x[k * size + m] = room->against[k * size + m] = 0;
    }
    room->touched_n = 0;
}

/* The standard error of each chance, from the board's uncertainty. */
static double chance_error(const struct screen *s, const struct screen_vote *v, const double *p,
                           enum bt_outcome y)
{
    size_t n = s->fit->size, a = v->a, b = v->b, k = s->fit->models;
    double d = p[BT_WIN] - p[BT_LOSS];
    double gx = y == BT_WIN ? p[y] * (1 - d) / 2 : y == BT_LOSS ? -p[y] * (1 + d) / 2 : -p[y] * d / 2;
    double gk = y == BT_TIE ? p[y] * (1 - p[y]) : -p[y] * p[BT_TIE];
    const double *c = s->cov;
    double vx = c[a * n + a] + c[b * n + b] - 2 * c[a * n + b], vk = c[k * n + k],
           xk = c[a * n + k] - c[b * n + k];
    return sqrt(fmax(0, gx * gx * vx + 2 * gx * gk * xk + gk * gk * vk));
}

struct null {
    double p[3];
    double log_p, log_raised; /* of what was voted */
};

static struct null null_of(const struct screen *s, const struct screen_room *room,
                           const struct screen_vote *v)
{
    struct null out;
    bt_chances(BT_DAVIDSON, room->strength[v->a] - room->strength[v->b], room->strength[s->fit->models],
               out.p);
    double p = fmax(out.p[v->y], 1e-300);
    out.log_p = log(p);
    out.log_raised = log(fmin(1, p * (1 + s->delta) + 2 * chance_error(s, v, out.p, (enum bt_outcome)v->y)));
    return out;
}

/* What mixing "always this way" into the null gives one vote, beside the null. */
static double towards(double share, double chance, bool that_way)
{
    return log((1 - share) + (that_way ? share / fmax(chance, 1e-300) : 0));
}

struct mixture {
    double most, sum; /* log-sum-exp, and the largest term */
    struct screen_found *best;
    double best_log;
};

static void add(struct mixture *m, double log_term, enum screen_kind kind, uint32_t model)
{
    if (log_term > m->best_log) {
        m->best_log = log_term;
        m->best->kind = kind;
        m->best->model = model;
    }
    if (log_term > m->most) {
        m->sum = m->sum * exp(m->most - log_term) + 1;
        m->most = log_term;
    } else
        m->sum += exp(log_term - m->most);
}

/* Beside the null, for each model that a vote names: always for it, always against it. */
static void one_sided(struct screen_room *room, size_t size, const struct screen_vote *v,
                      const struct null *null)
{
    double chance = null->p[v->y];
    for (size_t k = 0; k < 2; k++) {
        double win_a = towards(shares[k], chance, v->y == BT_WIN),
               win_b = towards(shares[k], chance, v->y == BT_LOSS);
        room->for_x[k * size + v->a] += win_a;
        room->for_x[k * size + v->b] += win_b;
        room->against[k * size + v->a] += win_b;
        room->against[k * size + v->b] += win_a;
    }
}

void screen_voter(const struct screen *s, struct screen_room *room, const struct screen_vote *vote, size_t n,
                  struct screen_found *out)
{
    size_t size = s->fit->size, models = s->fit->models;
    double base = 0, rest[4][2] = {{0}};
    *out = (struct screen_found){0};
    struct mixture m = {-INFINITY, 0, out, -INFINITY};
    without(s, room, vote, n);
    for (size_t v = 0; v < n; v++) {
        struct null null = null_of(s, room, &vote[v]);
        enum bt_outcome y = (enum bt_outcome)vote[v].y, turned = y == BT_TIE   ? y
                                                                 : y == BT_WIN ? BT_LOSS
                                                                               : BT_WIN;
        base += null.log_p - null.log_raised;
        one_sided(room, size, &vote[v], &null);
        rest[0][0] += -log(3) - null.log_p;
        rest[1][0] += log(fmax(null.p[turned], 1e-300)) - null.log_p;
        for (int k = 0; k < 2; k++) {
            rest[2][k] += towards(shares[k], null.p[y], y == BT_WIN);
            rest[3][k] += towards(shares[k], null.p[y], y == BT_LOSS);
        }
    }
    double half_for = log(WEIGHT_FOR / (double)models / 2),
           half_against = log(WEIGHT_AGAINST / (double)models / 2);
    double untouched = (double)models - (double)(room->touched_n - 1);
    for (size_t i = 0; i < room->touched_n; i++) {
        uint32_t x = room->touched[i];
        for (size_t k = 0; k < 2 && x < models; k++) {
            add(&m, half_for + base + room->for_x[k * size + x], SCREEN_FOR, x);
            add(&m, half_against + base + room->against[k * size + x], SCREEN_AGAINST, x);
        }
    }
    add(&m, log(WEIGHT_REST) + base + rest[0][0], SCREEN_COIN, 0);
    add(&m, log(WEIGHT_REST) + base + rest[1][0], SCREEN_ANTI, 0);
    for (int k = 0; k < 2; k++) {
        add(&m, log(WEIGHT_REST / 2) + base + rest[2][k], SCREEN_LEFT, 0);
        add(&m, log(WEIGHT_REST / 2) + base + rest[3][k], SCREEN_RIGHT, 0);
    }
    struct screen_found kept = *out;
    if (untouched > 0) /* models never met: their alternatives are the null */
        add(&m, log((WEIGHT_FOR + WEIGHT_AGAINST) * untouched / (double)models) + base, kept.kind,
            kept.model);
    *out = kept;
    out->log_e = m.most + log(m.sum);
    forget(room, size);
}

double screen_cell(const struct screen *s, struct screen_room *room, const struct screen_vote *vote, size_t n,
                   uint32_t model)
{
    double sum[4] = {0}, most = -INFINITY, all = 0;
    without(s, room, vote, n);
    for (size_t v = 0; v < n; v++) {
        struct null null = null_of(s, room, &vote[v]);
        bool for_it = vote[v].y == (vote[v].a == model ? BT_WIN : BT_LOSS),
             in = vote[v].a == model || vote[v].b == model;
        for (int k = 0; k < 4; k++)
            sum[k] +=
                null.log_p - null.log_raised + (in ? towards(cell_shares[k], null.p[vote[v].y], for_it) : 0);
    }
    forget(room, s->fit->size);
    for (int k = 0; k < 4; k++)
        most = fmax(most, sum[k]);
    for (int k = 0; k < 4; k++)
        all += exp(sum[k] - most) / 4;
    return most + log(all);
}

struct ordered {
    double log_e;
    size_t at;
};

static int largest_first(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;
    if (x->log_e != y->log_e)
        return x->log_e > y->log_e ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

size_t screen_flag(struct arena *arena, const double *log_e, size_t n, double alpha, bool *flag)
{
    struct ordered *o = arena_array(arena, n + 1, sizeof *o);
    size_t flagged = 0;
    for (size_t i = 0; o && i < n; i++)
        o[i] = (struct ordered){log_e[i], i};
    if (!o)
        return 0;
    qsort(o, n, sizeof *o, largest_first);
    for (size_t k = n; k > 0 && flagged == 0; k--)
        if (o[k - 1].log_e >= log((double)n / (alpha * (double)k)))
            flagged = k;
    for (size_t k = 0; k < flagged; k++)
        flag[o[k].at] = true;
    return flagged;
}
