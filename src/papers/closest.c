/* Vectors of papers and the closest among them. */
#include "papers/closest.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "num/lanes.h"

#include "base/banned.h"

enum { FULL = 127, RARE = 1000 /* one number in so many is larger than what 127 stands for */, STEPS = 4096 };
#define IDF_LEAST .1
#define IDF_POWER .7

bool space_make(struct space *out, const float *e, const uint32_t *df, size_t words, size_t papers,
                struct err *err)
{
    *out = (struct space){.words = words, .e = e, .scale = FULL};
    out->weight = mem_get((words + 1) * sizeof *out->weight);
    if (!out->weight)
        return fail_memory(err);
    for (size_t w = 0; w < words; w++)
        out->weight[w] = (float)pow(fmax(IDF_LEAST, log((double)papers / (df[w] + 1.))), IDF_POWER);
    return true;
}

void space_free(struct space *s)
{
    mem_free(s->weight);
    *s = (struct space){0};
}

void space_vector(const struct space *s, const struct stems_place *place, size_t n,
                  float out[static CLOSEST_DIMS])
{
    memset(out, 0, CLOSEST_DIMS * sizeof *out);
    for (size_t i = 0; i < n; i++) {
        uint32_t word = place[i].stem;
        float tf = (float)(1 + log(2. * place[i].title + place[i].abstract));
        if (word < s->words)
            lanes_add(out, s->e + (size_t)word * CLOSEST_DIMS, tf * s->weight[word], CLOSEST_DIMS);
    }
    float length = sqrtf(lanes_dot(out, out, CLOSEST_DIMS));
    lanes_scale(out, length > 0 ? 1 / length : 0, CLOSEST_DIMS);
}

bool space_measure(struct space *s, const float *vectors, size_t n, struct err *err)
{
    size_t *count = mem_get((STEPS + 1) * sizeof *count), rest = n * CLOSEST_DIMS / RARE, step = STEPS;
    double sum[CLOSEST_DIMS] = {0};
    if (!count)
        return fail_memory(err);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < CLOSEST_DIMS; k++) {
            float v = vectors[i * CLOSEST_DIMS + k];
            sum[k] += (double)v;
            count[(size_t)(fminf(fabsf(v), 1) * STEPS)]++;
        }
    for (size_t seen = count[step]; step > 1 && seen <= rest; seen += count[step])
        step--;
    for (size_t k = 0; k < CLOSEST_DIMS; k++)
        s->mean[k] = n ? (float)(sum[k] / (double)n) : 0;
    s->scale = FULL * (float)STEPS / (float)(step + 1);
    mem_free(count);
    return true;
}

static void signs_of(const struct space *s, const float *v, uint8_t *sign)
{
    memset(sign, 0, CLOSEST_SIGNS);
    for (size_t k = 0; k < CLOSEST_DIMS; k++)
        if (v[k] > s->mean[k])
            sign[k / 8] |= (uint8_t)(1u << k % 8);
}

void space_code(const struct space *s, const float v[static CLOSEST_DIMS], struct coded *out)
{
    for (size_t k = 0; k < CLOSEST_DIMS; k++)
        out->v[k] = (int8_t)lrintf(fmaxf(-FULL, fminf(FULL, v[k] * s->scale)));
    signs_of(s, v, out->sign);
}

size_t closest_want(size_t papers)
{
    size_t want = papers / CLOSEST_SHARE;
    return want < CLOSEST_LEAST ? CLOSEST_LEAST : want;
}

bool closest_begin(struct closest *out, const struct space *s, const float v[static CLOSEST_DIMS], float pull,
                   size_t want, struct err *err)
{
    *out = (struct closest){.space = s, .pull = pull, .want = want, .room = 2 * want};
    out->candidate = mem_get(out->room * sizeof *out->candidate);
    if (!out->candidate)
        return fail_memory(err);
    memcpy(out->v, v, sizeof out->v);
    signs_of(s, v, out->sign);
    return true;
}

void closest_free(struct closest *c)
{
    mem_free(c->candidate);
    *c = (struct closest){0};
}

/* Keep the `want` with the fewest signs apart; of equal ones those that came first. */
static void thin_out(struct closest *c)
{
    size_t count[CLOSEST_SIGNS * 8 + 1] = {0}, below = 0, kept = 0, level = 0;
    if (c->n <= c->want)
        return;
    for (size_t i = 0; i < c->n; i++)
        count[c->candidate[i].apart]++;
    while (below + count[level] <= c->want)
        below += count[level++];
    for (size_t i = 0, left = c->want - below; i < c->n; i++) {
        unsigned apart = c->candidate[i].apart;
        if (apart < level || (apart == level && left)) {
            left -= apart == level;
            c->candidate[kept++] = c->candidate[i];
        }
    }
    c->n = kept;
}

void closest_look(struct closest *c, const struct coded *at, const uint32_t *paper, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (c->n == c->room)
            thin_out(c);
        c->candidate[c->n++] =
            (struct closest_candidate){.paper = paper[i],
                                       .apart = (uint16_t)lanes_apart(at[i].sign, c->sign, CLOSEST_SIGNS),
                                       .at = at[i]};
    }
}

/* A candidate's place in the ranking. */
struct ranked {
    float score, cosine;
    uint32_t at;
};

static int by_score(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return x->score > y->score ? -1 : x->score < y->score ? 1 : x->at < y->at ? -1 : x->at > y->at;
}

/* Towards the mean of the best documents. */
static void pull_near(const struct closest *c, const struct ranked *best, size_t n, float *v)
{
    n = n < CLOSEST_PULL ? n : CLOSEST_PULL;
    for (size_t i = 0; i < n; i++) {
        float doc[CLOSEST_DIMS];
        for (size_t k = 0; k < CLOSEST_DIMS; k++)
            doc[k] = (float)c->candidate[best[i].at].at.v[k] / c->space->scale;
        lanes_add(v, doc, c->pull / (float)n, CLOSEST_DIMS);
    }
}

bool closest_end(struct closest *c, struct closest_hit *hits, size_t k, size_t *n, struct err *err)
{
    float v[CLOSEST_DIMS];
    thin_out(c);
    struct ranked *rank = mem_get((c->n + 1) * sizeof *rank);
    if (!rank)
        return fail_memory(err);
    memcpy(v, c->v, sizeof v);
    for (uint32_t i = 0; i < c->n; i++) {
        float score = lanes_dot_bytes(v, c->candidate[i].at.v, CLOSEST_DIMS) / c->space->scale;
        rank[i] = (struct ranked){score, score, i};
    }
    qsort(rank, c->n, sizeof *rank, by_score);
    if (c->pull > 0) {
        pull_near(c, rank, c->n, v);
        for (size_t i = 0; i < c->n; i++)
            rank[i].score = lanes_dot_bytes(v, c->candidate[rank[i].at].at.v, CLOSEST_DIMS) / c->space->scale;
        qsort(rank, c->n, sizeof *rank, by_score);
    }
    *n = k < c->n ? k : c->n;
    for (size_t i = 0; i < *n; i++)
        hits[i] = (struct closest_hit){c->candidate[rank[i].at].paper, rank[i].score, rank[i].cosine};
    mem_free(rank);
    return true;
}
