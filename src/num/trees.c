/* Growing trees on columns: at each node the rows it holds are a run of one array of row numbers. */
#include "num/trees.h"

#include <math.h>
#include <string.h>

#include "num/rng.h"
#include "num/stats.h"

#include "base/words.h"

#include "base/banned.h"

enum { DEEPEST = 64 };

struct growing {
    const struct trees_how *how;
    size_t rows, features, draw;
    const double *column; /* features by rows, gaps filled */
    const bool *lasting;
    uint32_t *row, *feature; /* row: a node's are side by side, in rising order */
    uint32_t *higher;        /* room for those that move up */
    double *value;           /* of the node's rows, one feature of them */
    uint8_t *yes;            /* of the node's rows: lasting */
    struct trees_node *node; /* of the tree that grows */
    size_t nodes;
    struct rng rng;
};

struct split {
    double gain, cut;
    uint32_t feature;
    bool found;
};

static double impurity(double yes, double n)
{
    return n > 0 ? yes * (n - yes) / n : 0; /* n times Gini, halved */
}

/* The values of a feature in rows [from, to) side by side, as they are read twice. */
static void gather(struct growing *g, size_t from, size_t to, uint32_t feature, double *least, double *most)
{
    const double *x = g->column + feature * g->rows;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = from; i < to; i++) {
        double value = x[g->row[i]];
        g->value[i - from] = value;
        low = value < low ? value : low;
        high = value > high ? value : high;
    }
    *least = low;
    *most = high;
}

/* Try one cut of a feature on rows [from, to); false when it is the same everywhere. */
static bool try_cut(struct growing *g, size_t from, size_t to, uint32_t feature, double yes,
                    struct split *best)
{
    double least, most, n = (double)(to - from);
    gather(g, from, to, feature, &least, &most);
    if (!(most > least))
        return false;
    double cut = least + rng_unit(&g->rng) * (most - least);
    uint32_t below = 0, below_yes = 0;
    for (size_t i = 0; i < to - from; i++) {
        uint32_t here = g->value[i] <= cut;
        below += here;
        below_yes += here & g->yes[i];
    }
    double low = below, low_yes = below_yes;
    if (low < (double)g->how->leaf || n - low < (double)g->how->leaf)
        return true;
    double gain = impurity(yes, n) - impurity(low_yes, low) - impurity(yes - low_yes, n - low);
    if (!best->found || gain > best->gain)
        *best = (struct split){gain, cut, feature, true};
    return true;
}

static struct split best_split(struct growing *g, size_t from, size_t to, double yes)
{
    struct split best = {0};
    size_t drawn = 0;
    for (size_t k = 0; k < g->features && drawn < g->draw; k++) { /* without putting back */
        size_t at = k + (size_t)rng_below(&g->rng, g->features - k);
        uint32_t feature = g->feature[at];
        g->feature[at] = g->feature[k];
        g->feature[k] = feature;
        drawn += try_cut(g, from, to, feature, yes, &best);
    }
    return best;
}

/* Rows up to the cut first, each part in its order, so that columns are read forwards; where the others
 * begin. */
static size_t part_rows(struct growing *g, size_t from, size_t to, const struct split *s)
{
    const double *x = g->column + s->feature * g->rows;
    size_t low = from, high = 0;
    for (size_t i = from; i < to; i++) {
        uint32_t row = g->row[i];
        if (x[row] <= s->cut)
            g->row[low++] = row;
        else
            g->higher[high++] = row;
    }
    memcpy(g->row + low, g->higher, high * sizeof *g->row);
    return low;
}

static void grow(struct growing *g, size_t from, size_t to, unsigned depth)
{
    struct trees_node *node = &g->node[g->nodes++];
    double yes = 0, n = (double)(to - from);
    struct split s = {0};
    for (size_t i = from; i < to; i++) {
        g->yes[i - from] = g->lasting[g->row[i]];
        yes += g->yes[i - from];
    }
    if (to - from >= 2 * g->how->leaf && yes > 0 && yes < n && depth < DEEPEST)
        s = best_split(g, from, to, yes);
    if (!s.found) {
        *node = (struct trees_node){.cut = yes / n};
        return;
    }
    size_t low = part_rows(g, from, to, &s);
    node->cut = s.cut;
    node->feature = s.feature;
    grow(g, from, low, depth + 1);
    node->higher = (uint32_t)g->nodes;
    grow(g, low, to, depth + 1);
}

static bool fill_columns(struct arena *work, const struct verdict_rows *r, double *median, double **out)
{
    double *column = arena_array(work, r->rows * r->features + 1, sizeof *column);
    double *there = arena_array(work, r->rows + 1, sizeof *there);
    if (!column || !there)
        return false;
    for (size_t j = 0; j < r->features; j++) {
        size_t n = 0;
        for (size_t i = 0; i < r->rows; i++)
            if (!isnan(r->x[i * r->features + j]))
                there[n++] = r->x[i * r->features + j];
        median[j] = n ? stats_quantile(there, n, .5) : 0;
        for (size_t i = 0; i < r->rows; i++) {
            double x = r->x[i * r->features + j];
            column[j * r->rows + i] = isnan(x) ? median[j] : x;
        }
    }
    *out = column;
    return true;
}

/* One tree into the arena, at its own size. */
static bool grow_one(struct arena *arena, struct growing *g, struct trees_node **out)
{
    for (size_t i = 0; i < g->rows; i++)
        g->row[i] = (uint32_t)i;
    g->nodes = 0;
    grow(g, 0, g->rows, 0);
    *out = arena_array(arena, g->nodes, sizeof **out);
    if (*out)
        memcpy(*out, g->node, g->nodes * sizeof **out);
    return *out != NULL;
}

bool trees_grow(struct arena *arena, const struct verdict_rows *r, const struct trees_how *how,
                struct trees_model *out, struct err *err)
{
    AUTO_ARENA struct arena *work = arena_new();
    size_t yes = 0;
    double *column;
    for (size_t i = 0; i < r->rows; i++)
        yes += r->lasting[i];
    if (yes == 0 || yes == r->rows)
        return fail(err, E_MISSING,
                    tr("err.num.verdict_few", "There are no resolved cases to learn odds from yet."));
    struct trees_model t = {.n = how->trees,
                            .features = r->features,
                            .median = arena_array(arena, r->features + 1, sizeof *t.median),
                            .tree = arena_array(arena, how->trees, sizeof *t.tree)};
    struct growing g = {.how = how,
                        .rows = r->rows,
                        .features = r->features,
                        .draw = (size_t)fmax(1, how->share * (double)r->features),
                        .lasting = r->lasting,
                        .row = arena_array(work, r->rows, sizeof *g.row),
                        .feature = arena_array(work, r->features + 1, sizeof *g.feature),
                        .higher = arena_array(work, r->rows, sizeof *g.higher),
                        .value = arena_array(work, r->rows, sizeof *g.value),
                        .yes = arena_array(work, r->rows, sizeof *g.yes),
                        .node = arena_array(work, 2 * r->rows + 1, sizeof *g.node)};
    if (!t.median || !t.tree || !g.row || !g.feature || !g.higher || !g.value || !g.yes || !g.node ||
        !fill_columns(work, r, t.median, &column))
        return fail_memory(err);
    g.column = column;
    rng_seed(&g.rng, how->seed);
    for (size_t j = 0; j < r->features; j++)
        g.feature[j] = (uint32_t)j;
    for (size_t k = 0; k < how->trees; k++)
        if (!grow_one(arena, &g, &t.tree[k]))
            return fail_memory(err);
    *out = t;
    return true;
}

double trees_odds(const struct trees_model *t, const double *x)
{
    double sum = 0;
    for (size_t k = 0; k < t->n; k++) {
        const struct trees_node *tree = t->tree[k];
        size_t at = 0;
        while (tree[at].higher) {
            double value = x[tree[at].feature];
            value = isnan(value) ? t->median[tree[at].feature] : value;
            at = value <= tree[at].cut ? at + 1 : tree[at].higher;
        }
        sum += tree[at].cut;
    }
    return sum / (double)t->n;
}
