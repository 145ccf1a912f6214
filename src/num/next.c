/* The gain of a pair is a sum over wanted differences; the draw goes through all pairs once. */
#include "num/next.h"

#include <math.h>

#include "num/special.h"

#include "base/banned.h"

#define UNIFORM 0.2
#define INFORMATION_NEEDED 7.848879734 /* (1.959964 + 0.841621)² */

static double info(const struct bt_fit *fit, uint32_t a, uint32_t b)
{
    double tie = fit->ties == BT_HALF ? 0 : fit->at[fit->models], p[3], x = fit->at[a] - fit->at[b], h = 0;
    bt_chances(fit->ties, x, tie, p);
    if (fit->ties == BT_HALF)
        return p[0] * p[1];
    for (enum bt_outcome y = BT_WIN; y <= BT_TIE; y++)
        h += p[y] * bt_slope(fit->ties, x, tie, y == BT_WIN, y == BT_LOSS, y == BT_TIE).xx;
    return h;
}

static double cov(const struct bt_fit *f, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    const double *v = f->inverse;
    size_t n = f->size;
    return v[a * n + c] - v[a * n + d] - v[b * n + c] + v[b * n + d];
}

double next_gain(const struct bt_fit *fit, uint32_t a, uint32_t b, const struct next_want *want, size_t wants)
{
    double h = info(fit, a, b), v = cov(fit, a, b, a, b), sum = 0;
    for (size_t i = 0; i < wants; i++) {
        double c = cov(fit, want[i].a, want[i].b, a, b);
        sum += h * c * c / (1 + h * v);
    }
    return sum;
}

/* The gain of each pair a < b, one after the other, and their sum. */
static double *gains(struct arena *arena, const struct bt_fit *fit, const struct next_want *want,
                     size_t wants, double *all)
{
    size_t k = fit->models, at = 0;
    double *gain = arena_array(arena, k * (k - 1) / 2 + 1, sizeof *gain);
    *all = 0;
    for (uint32_t a = 0; gain && a < k; a++)
        for (uint32_t b = a + 1; b < k; b++)
            *all += gain[at++] = next_gain(fit, a, b, want, wants);
    return gain;
}

/* The chance of a pair in either order. */
static double chance_of(double gain, double all, size_t pairs)
{
    double even = all > 0 ? UNIFORM : 1;
    return even / (double)pairs + (all > 0 ? (1 - even) * gain / all : 0);
}

bool next_pair(struct arena *arena, const struct bt_fit *fit, const struct next_want *want, size_t wants,
               struct rng *rng, uint32_t *left, uint32_t *right, double *chance, struct err *err)
{
    size_t k = fit->models, pairs = k * (k - 1) / 2, at = 0;
    double all, *gain = gains(arena, fit, want, wants, &all);
    if (!gain)
        return fail_memory(err);
    double u = rng_unit(rng), sum = 0, p = 0;
    uint32_t a = 0, b = 0;
    for (uint32_t i = 0; i < k && sum <= u; i++)
        for (uint32_t j = i + 1; j < k && sum <= u; j++, at++) {
            p = chance_of(gain[at], all, pairs);
            sum += p;
            a = i, b = j;
        }
    bool turned = rng_next(rng) >> 63;
    *left = turned ? b : a;
    *right = turned ? a : b;
    *chance = p / 2;
    return true;
}

bool next_best(struct arena *arena, const struct bt_fit *fit, const struct next_want *want, size_t wants,
               size_t most, struct next_best *out, size_t *n, struct err *err)
{
    size_t k = fit->models, pairs = k * (k - 1) / 2, at = 0;
    double all, *gain = gains(arena, fit, want, wants, &all);
    *n = 0;
    if (!gain)
        return fail_memory(err);
    for (uint32_t i = 0; i < k; i++)
        for (uint32_t j = i + 1; j < k; j++, at++) {
            struct next_best one = {i, j, chance_of(gain[at], all, pairs)};
            size_t to = *n < most ? (*n)++ : most;
            for (; to > 0 && out[to - 1].chance < one.chance; to--)
                if (to < most)
                    out[to] = out[to - 1];
            if (to < most)
                out[to] = one;
        }
    return true;
}

double next_votes(const struct bt_fit *fit, uint32_t a, uint32_t b, double difference, double se,
                  double effect)
{
    if (fabs(difference) * BT_ELO < 3)
        return INFINITY;
    double wanted = INFORMATION_NEEDED / (difference * difference), now = 1 / (se * se);
    return fmax(0, (wanted - now) / info(fit, a, b)) * effect;
}
