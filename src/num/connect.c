/* Components of the graph of votes. */
#include "num/connect.h"

#include <stdlib.h>

#include "base/banned.h"

/* Who can be reached from a model in one step: neighbour[from[i]..from[i+1]-1]. */
struct graph {
    size_t models;
    size_t *from;
    uint32_t *neighbour;
};

/* An edge to each model that a model lost to or tied with; with `both` also to those it beat. */
static bool graph_make(struct arena *arena, const struct bt_data *d, bool both, struct graph *g)
{
    *g = (struct graph){.models = d->models, .from = arena_array(arena, d->models + 2, sizeof *g->from)};
    size_t *next = arena_array(arena, d->models + 1, sizeof *next);
    g->neighbour = arena_array(arena, 2 * d->n + 1, sizeof *g->neighbour);
    if (!g->from || !next || !g->neighbour)
        return false;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t v = 0; v < d->n; v++) {
            const struct bt_pair *p = &d->pair[v];
            bool any = p->count[BT_WIN] || p->count[BT_LOSS] || p->count[BT_TIE];
            bool up = both ? any : p->count[BT_LOSS] || p->count[BT_TIE];
            bool down = both ? any : p->count[BT_WIN] || p->count[BT_TIE];
            if (up && pass == 0)
                g->from[p->i + 1]++;
            if (down && pass == 0)
                g->from[p->j + 1]++;
            if (up && pass == 1)
                g->neighbour[next[p->i]++] = p->j;
            if (down && pass == 1)
                g->neighbour[next[p->j]++] = p->i;
        }
        for (size_t i = 0; i < d->models && pass == 0; i++) {
            g->from[i + 1] += g->from[i];
            next[i] = g->from[i];
        }
    }
    return true;
}

struct tarjan {
    uint32_t *number, *low, *stack, *path; /* number: 0 is not yet seen */
    size_t *at;                            /* the next neighbour to look at */
    bool *on_stack;
    uint32_t seen;
    size_t stack_n;
};

/* All that is reached from `root`, with the components closed on the way. */
static void walk(const struct graph *g, struct tarjan *t, uint32_t root, uint32_t *of, size_t *found)
{
    size_t deep = 0;
    t->path[deep++] = root;
    while (deep) {
        uint32_t v = t->path[deep - 1];
        if (t->number[v] == 0) {
            t->number[v] = t->low[v] = ++t->seen;
            t->stack[t->stack_n++] = v;
            t->on_stack[v] = true;
            t->at[v] = g->from[v];
        }
        if (t->at[v] < g->from[v + 1]) {
            uint32_t w = g->neighbour[t->at[v]++];
            if (t->number[w] == 0)
                t->path[deep++] = w;
            else if (t->on_stack[w] && t->number[w] < t->low[v])
                t->low[v] = t->number[w];
            continue;
        }
        deep--;
        if (deep && t->low[v] < t->low[t->path[deep - 1]])
            t->low[t->path[deep - 1]] = t->low[v];
        if (t->low[v] != t->number[v])
            continue;
        uint32_t w;
        do {
            w = t->stack[--t->stack_n];
            t->on_stack[w] = false;
            of[w] = (uint32_t)*found;
        } while (w != v);
        ++*found;
    }
}

static bool components(struct arena *arena, const struct graph *g, uint32_t *of, size_t *found)
{
    size_t n = g->models + 1;
    struct tarjan t = {.number = arena_array(arena, n, sizeof *t.number),
                       .low = arena_array(arena, n, sizeof *t.low),
                       .stack = arena_array(arena, n, sizeof *t.stack),
                       .path = arena_array(arena, n, sizeof *t.path),
                       .at = arena_array(arena, n, sizeof *t.at),
                       .on_stack = arena_array(arena, n, sizeof *t.on_stack)};
    if (!t.number || !t.low || !t.stack || !t.path || !t.at || !t.on_stack)
        return false;
    *found = 0;
    for (uint32_t v = 0; v < g->models; v++)
        if (t.number[v] == 0)
            walk(g, &t, v, of, found);
    return true;
}

struct part {
    size_t models, first;
    int64_t votes;
    uint32_t old;
};

static int larger_first(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    if (x->models != y->models)
        return x->models > y->models ? -1 : 1;
    if (x->votes != y->votes)
        return x->votes > y->votes ? -1 : 1;
    return x->first < y->first ? -1 : x->first > y->first;
}

/* Number the components from the largest on. */
static bool renumber(struct arena *arena, const struct bt_data *d, uint32_t *of, size_t found, size_t **size)
{
    struct part *part = arena_array(arena, found + 1, sizeof *part);
    uint32_t *new = arena_array(arena, found + 1, sizeof *new);
    *size = arena_array(arena, found + 1, sizeof **size);
    if (!part || !new || !*size)
        return false;
    for (size_t i = 0; i < d->models; i++) {
        struct part *p = &part[of[i]];
        if (p->models++ == 0)
            p->first = i;
    }
    for (size_t v = 0; v < d->n; v++)
        if (of[d->pair[v].i] == of[d->pair[v].j])
            for (int y = 0; y < 3; y++)
                part[of[d->pair[v].i]].votes += d->pair[v].count[y];
    for (size_t c = 0; c < found; c++)
        part[c].old = (uint32_t)c;
    qsort(part, found, sizeof *part, larger_first);
    for (size_t c = 0; c < found; c++) {
        new[part[c].old] = (uint32_t)c;
        (*size)[c] = part[c].models;
    }
    for (size_t i = 0; i < d->models; i++)
        of[i] = new[of[i]];
    return true;
}

bool connect_find(struct arena *arena, const struct bt_data *data, struct connect *out, struct err *err)
{
    struct graph directed, plain;
    size_t *weak_size;
    *out = (struct connect){.of_strong = arena_array(arena, data->models + 1, sizeof *out->of_strong),
                            .of_weak = arena_array(arena, data->models + 1, sizeof *out->of_weak)};
    return (out->of_strong && out->of_weak && graph_make(arena, data, false, &directed) &&
            graph_make(arena, data, true, &plain) &&
            components(arena, &directed, out->of_strong, &out->strong) &&
            components(arena, &plain, out->of_weak, &out->weak) &&
            renumber(arena, data, out->of_strong, out->strong, &out->strong_size) &&
            renumber(arena, data, out->of_weak, out->weak, &weak_size)) ||
           fail_memory(err);
}
