/* Learning a taste. All sums run in the order of the papers, so that a machine gives the same bits each time.
 */
#include "papers/taste.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

enum { PASSES = 12, HARD = 20 /* papers of the pool a kept one */, HARD_LEAST = 400 };
#define LAMBDA .004
#define RATE 1.5
#define SHRINK 2e-4

bool ground_begin(struct ground *g, struct err *err)
{
    *g = (struct ground){0};
    g->df = mem_get(TRAITS * sizeof *g->df);
    g->idf = mem_get(TRAITS * sizeof *g->idf);
    g->mean = mem_get(TRAITS * sizeof *g->mean);
    g->variance = mem_get(TRAITS * sizeof *g->variance);
    g->pool = mem_get(TASTE_POOL * sizeof *g->pool);
    g->pool_id = mem_get(TASTE_POOL * sizeof *g->pool_id);
    if (g->df && g->idf && g->mean && g->variance && g->pool && g->pool_id)
        return true;
    ground_free(g);
    return fail_memory(err);
}

bool ground_add(struct ground *g, const struct traits *counts, int64_t id, bool pooled, struct err *err)
{
    g->papers++;
    for (size_t i = 0; i < counts->n; i++)
        g->df[counts->at[i].at]++;
    if (!pooled || g->pool_n == TASTE_POOL)
        return true;
    struct traits *t = &g->pool[g->pool_n];
    t->at = mem_get((counts->n + 1) * sizeof *t->at);
    if (!t->at)
        return fail_memory(err);
    if (counts->n)
        memcpy(t->at, counts->at, counts->n * sizeof *t->at);
    t->n = counts->n;
    g->pool_id[g->pool_n++] = id;
    return true;
}

/* Of each trait over the pool. */
static void measure(struct ground *g)
{
    for (size_t i = 0; i < g->pool_n; i++)
        for (size_t k = 0; k < g->pool[i].n; k++) {
            struct trait t = g->pool[i].at[k];
            g->mean[t.at] += t.value;
            g->variance[t.at] += t.value * t.value;
        }
    float each = g->pool_n ? 1 / (float)g->pool_n : 0;
    for (size_t i = 0; i < TRAITS; i++) {
        g->mean[i] *= each;
        g->variance[i] = g->variance[i] * each - g->mean[i] * g->mean[i];
    }
}

void ground_settle(struct ground *g)
{
    traits_idf(g->df, g->papers, g->idf);
    for (size_t i = 0; i < g->pool_n; i++)
        traits_weigh(&g->pool[i], g->idf);
    measure(g);
}

void ground_free(struct ground *g)
{
    for (size_t i = 0; i < g->pool_n; i++)
        traits_free(&g->pool[i]);
    mem_free(g->df);
    mem_free(g->idf);
    mem_free(g->mean);
    mem_free(g->variance);
    mem_free(g->pool);
    mem_free(g->pool_id);
    *g = (struct ground){0};
}

float taste_age(int32_t days)
{
    return days <= 0 ? 1 : (float)exp2(-(double)days / 365);
}

float taste_sum(const struct taste *t, const struct traits *paper)
{
    float sum = t->bias;
    for (size_t i = 0; i < paper->n; i++)
        sum += t->weight[paper->at[i].at] * paper->at[i].value;
    return sum;
}

float taste_score(const struct taste *t, const struct traits *paper)
{
    return 1 / (1 + expf(-taste_sum(t, paper)));
}

void taste_free(struct taste *t)
{
    mem_free(t->weight);
    *t = (struct taste){0};
}

/* ---- learning ---- */

struct learning {
    const struct ground *g;
    const struct example *example;
    size_t n;
    double kept, against; /* sums of weights */
    float *sum;           /* room for the pool's */
    struct hard {
        float score;
        uint32_t at;
    } * hard;
    size_t hards;
    uint8_t *is_kept; /* of the pool */
    struct taste *taste;
};

static bool is_example(const struct learning *l, int64_t id)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->example[i].id == id)
            return true;
    return false;
}

static void close_form(struct learning *l)
{
    float *w = l->taste->weight;
    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; k < l->example[i].traits.n; k++) {
            struct trait t = l->example[i].traits.at[k];
            if (l->example[i].kept)
                w[t.at] += (float)(l->example[i].weight / l->kept) * t.value;
            else
                w[t.at] -= (float)(l->example[i].weight / (l->kept + l->against)) * t.value;
        }
    for (size_t i = 0; i < TRAITS; i++)
        w[i] = (w[i] - l->g->mean[i]) / (l->g->variance[i] + (float)LAMBDA);
}

static int hardest_first(const void *a, const void *b)
{
    const struct hard *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

/* The pool by its scores, hardest first: what stands against the kept ones. */
static void find_hard(struct learning *l, size_t most)
{
    l->hards = 0;
    for (size_t i = 0; i < l->g->pool_n; i++)
        if (!l->is_kept[i])
            l->hard[l->hards++] = (struct hard){taste_sum(l->taste, &l->g->pool[i]), (uint32_t)i};
    qsort(l->hard, l->hards, sizeof *l->hard, hardest_first);
    if (l->hards > most)
        l->hards = most;
}

/* The closed form's scores onto the scale of odds: mean of the kept +2, of the pool -2. */
static void scale(struct learning *l)
{
    double kept = 0, others = 0;
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++)
        if (l->example[i].kept)
            kept += l->example[i].weight * taste_sum(l->taste, &l->example[i].traits) / l->kept;
    for (size_t i = 0; i < l->g->pool_n; i++)
        if (!l->is_kept[i]) {
            others += taste_sum(l->taste, &l->g->pool[i]);
            n++;
        }
    others = n ? others / (double)n : 0;
    double span = kept - others > 1e-9 ? kept - others : 1;
    float by = (float)(4 / span);
    for (size_t i = 0; i < TRAITS; i++)
        l->taste->weight[i] *= by;
    l->taste->bias = (float)(-(kept + others) / 2 * by);
}

static void step(struct taste *t, const struct traits *paper, float wanted, float rate)
{
    float error = wanted - taste_score(t, paper), by = rate * error;
    for (size_t i = 0; i < paper->n; i++)
        t->weight[paper->at[i].at] += by * paper->at[i].value;
    t->bias += .1f * by;
}

/* One pass: each kept one among its share of the hard ones, so that both sides weigh the same. */
static void pass(struct learning *l, float rate)
{
    size_t kept = 0, from = 0;
    for (size_t i = 0; i < l->n; i++)
        kept += l->example[i].kept;
    float against = l->hards ? (float)(l->kept / (double)l->hards) : 0;
    size_t seen = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct example *e = &l->example[i];
        step(l->taste, &e->traits, e->kept, rate * e->weight);
        if (!e->kept)
            continue;
        size_t until = l->hards * ++seen / kept;
        for (; from < until; from++)
            step(l->taste, &l->g->pool[l->hard[from].at], 0, rate * against);
    }
}

static int lowest_first(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* The odds are even where a paper is nearer to the kept ones than nine in ten of all others are, and 20 to 1
 * where the kept ones themselves stand on average. */
static void settle(struct learning *l)
{
    float *sum = l->sum;
    double kept = 0;
    size_t n = 0;
    for (size_t i = 0; i < l->g->pool_n; i++)
        if (!l->is_kept[i])
            sum[n++] = taste_sum(l->taste, &l->g->pool[i]);
    for (size_t i = 0; i < l->n; i++)
        if (l->example[i].kept)
            kept += l->example[i].weight * taste_sum(l->taste, &l->example[i].traits) / l->kept;
    if (!n)
        return;
    qsort(sum, n, sizeof *sum, lowest_first);
    float even = sum[n * 9 / 10], span = (float)kept - even, by = span > 1e-6f ? 3 / span : 1;
    for (size_t i = 0; i < TRAITS; i++)
        l->taste->weight[i] *= by;
    l->taste->bias = (l->taste->bias - even) * by;
}

static bool learn(struct learning *l)
{
    size_t pool = l->g->pool_n + 1;
    l->sum = mem_get(pool * sizeof *l->sum);
    l->hard = mem_get(pool * sizeof *l->hard);
    l->is_kept = mem_get(pool);
    if (!l->sum || !l->hard || !l->is_kept)
        return false;
    size_t kept = 0;
    for (size_t i = 0; i < l->n; i++)
        kept += l->example[i].kept;
    for (size_t i = 0; i < l->g->pool_n; i++)
        l->is_kept[i] = is_example(l, l->g->pool_id[i]);
    close_form(l);
    scale(l);
    size_t most = kept * HARD > HARD_LEAST ? kept * HARD : HARD_LEAST;
    for (int p = 0; p < PASSES; p++) {
        if (p % 3 == 0)
            find_hard(l, most);
        pass(l, (float)(RATE * (1 - .9 * p / PASSES)));
        for (size_t i = 0; i < TRAITS; i++)
            l->taste->weight[i] *= (float)(1 - SHRINK);
    }
    settle(l);
    return true;
}

bool taste_learn(const struct ground *g, const struct example *examples, size_t n, struct taste *out,
                 struct err *err)
{
    struct learning l = {.g = g, .example = examples, .n = n, .taste = out};
    *out = (struct taste){.weight = mem_get(TRAITS * sizeof *out->weight)};
    if (!out->weight)
        return fail_memory(err);
    for (size_t i = 0; i < n; i++)
        *(examples[i].kept ? &l.kept : &l.against) += examples[i].weight;
    out->known = l.kept > 0;
    bool done = !out->known || learn(&l);
    mem_free(l.sum);
    mem_free(l.hard);
    mem_free(l.is_kept);
    if (!done)
        taste_free(out);
    return done || fail_memory(err);
}
