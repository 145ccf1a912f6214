/* The choice. */
#include "papers/choose.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

#define BY_SCORE .7f
#define BY_LIKENESS .3f

struct line {
    uint32_t at;
    float score, nearest;
    unsigned compared; /* with so many of the chosen */
    bool taken;
};

static int best_first(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static bool may_join(const struct candidate *c, const uint32_t *chosen, size_t n, uint32_t at)
{
    size_t same = 0;
    for (size_t i = 0; i < n; i++)
        same += c[at].first && c[chosen[i]].first == c[at].first;
    return same < CHOOSE_OF_ONE;
}

/* The best of the lines, which stand by their scores: none behind one whose score alone cannot win is looked
 * at. */
static struct line *next_best(struct line *line, size_t n, const struct candidate *c, const uint32_t *chosen,
                              size_t have)
{
    struct line *best = NULL;
    float most = 0;
    for (size_t i = 0; i < n; i++) {
        struct line *l = &line[i];
        if (l->score < CHOOSE_FLOOR || (best && BY_SCORE * l->score < most))
            break;
        if (l->taken || !may_join(c, chosen, have, l->at))
            continue;
        for (; l->compared < have; l->compared++) {
            float near = traits_dot(&c[l->at].traits, &c[chosen[l->compared]].traits);
            l->nearest = near > l->nearest ? near : l->nearest;
        }
        float value = BY_SCORE * l->score - BY_LIKENESS * l->nearest;
        if (!best || value > most) {
            best = l;
            most = value;
        }
    }
    return best;
}

size_t choose(const struct candidate *c, size_t n, size_t cap, uint32_t *out)
{
    struct line *line = mem_get((n + 1) * sizeof *line);
    size_t have = 0;
    for (size_t i = 0; i < n && line; i++)
        line[i] = (struct line){.at = (uint32_t)i, .score = c[i].score};
    if (line)
        qsort(line, n, sizeof *line, best_first);
    while (line && have < cap && have < CHOOSE_MOST) {
        struct line *best = next_best(line, n, c, out, have);
        if (!best)
            break;
        best->taken = true;
        out[have++] = best->at;
    }
    mem_free(line);
    return have;
}

/* ---- nothing known ---- */

struct share {
    uint32_t category, papers;
};

static int largest_first(const void *a, const void *b)
{
    const struct share *x = a, *y = b;
    if (x->papers != y->papers)
        return x->papers > y->papers ? -1 : 1;
    return (x->category > y->category) - (x->category < y->category);
}

/* The paper of the category that is most like all of it and not chosen yet; n: none. */
static size_t most_usual(const struct candidate *c, size_t n, uint32_t category, float *middle,
                         const uint32_t *chosen, size_t have)
{
    size_t best = n;
    float most = -1;
    memset(middle, 0, TRAITS * sizeof *middle);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; c[i].category == category && k < c[i].traits.n; k++)
            middle[c[i].traits.at[k].at] += c[i].traits.at[k].value;
    for (size_t i = 0; i < n; i++) {
        bool taken = c[i].category != category || !may_join(c, chosen, have, (uint32_t)i);
        for (size_t k = 0; k < have && !taken; k++)
            taken = chosen[k] == i;
        float like = 0;
        for (size_t k = 0; !taken && k < c[i].traits.n; k++)
            like += middle[c[i].traits.at[k].at] * c[i].traits.at[k].value;
        if (!taken && like > most) {
            most = like;
            best = i;
        }
    }
    return best;
}

bool choose_spread(const struct candidate *c, size_t n, size_t categories, size_t cap, uint32_t *out,
                   size_t *chosen)
{
    struct share *share = mem_get((categories + 1) * sizeof *share);
    float *middle = mem_get(TRAITS * sizeof *middle);
    size_t have = 0;
    bool done = share && middle;
    for (size_t i = 0; done && i < categories; i++)
        share[i].category = (uint32_t)i;
    for (size_t i = 0; done && i < n; i++)
        share[c[i].category].papers++;
    if (done)
        qsort(share, categories, sizeof *share, largest_first);
    for (bool any = done; any && have < cap;) {
        any = false;
        for (size_t s = 0; s < categories && have < cap && have < CHOOSE_MOST; s++) {
            size_t at = share[s].papers ? most_usual(c, n, share[s].category, middle, out, have) : n;
            if (at == n)
                continue;
            out[have++] = (uint32_t)at;
            any = true;
        }
        if (have == CHOOSE_MOST)
            break;
    }
    mem_free(share);
    mem_free(middle);
    *chosen = have;
    return done;
}
