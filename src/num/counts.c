/* Quantiles of counts, and their bootstrap over samples. */
#include "num/counts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/rng.h"

#include "base/banned.h"

#define TAIL .025
#define SLACK 1e-9

static const double shares[] = {.25, .5, .75, .9, .99};

double counts_share(enum counts_mark mark)
{
    return shares[mark];
}

/* One distribution: how many things have each count. */
struct bins {
    double *at;
    size_t counts; /* 0 … counts - 1 */
};
/* Things of one group and count that are seen equally often: they weigh the same in every draw, so what is
 * drawn of them is counted in whole numbers and divided once. There are few of these classes. */
struct class
{
    uint32_t group, count, times;
    uint64_t drawn;
};
struct work {
    const struct count_seen *seen;
    size_t n;
    uint32_t samples, groups;
    size_t counts;   /* bins of a group */
    double *bin;     /* groups by counts */
    uint16_t *drawn; /* by sample */
    size_t *start;   /* by sample: its rows */
    uint32_t *row;   /* as seen: its class */
    struct class *class;
    uint32_t *slot; /* of the table of classes: number + 1 */
    size_t classes, slots;
    struct counts *draw; /* draws by groups + 1 */
};

static uint32_t quantile(struct bins b, double total, double share)
{
    double sum = 0;
    for (size_t c = 0; c < b.counts; c++) {
        sum += b.at[c];
        if (b.at[c] > 0 && sum >= share * total - SLACK * (total + 1))
            return (uint32_t)c;
    }
    return 0;
}

static void summarise(struct bins b, struct counts *out)
{
    double total = 0;
    for (size_t c = 0; c < b.counts; c++)
        total += b.at[c];
    /* A part of a thing is one: 0 is none at all. */
    *out = (struct counts){.n = total > 0 && total < 1 ? 1 : llround(total),
                           .ones = b.counts > 1 ? llround(b.at[1]) : 0};
    if (total > 0 && b.counts > 1)
        out->one = b.at[1] / total;
    for (int q = 0; q < COUNT_MARKS; q++)
        out->at[q] = quantile(b, total, shares[q]);
    memcpy(out->low, out->at, sizeof out->low);
    memcpy(out->high, out->at, sizeof out->high);
    out->one_low = out->one_high = out->one;
}

/* What was drawn of the classes: each group, then all of them. */
static void summarise_all(struct work *w, struct counts *out)
{
    memset(w->bin, 0, w->groups * w->counts * sizeof *w->bin);
    for (size_t c = 0; c < w->classes; c++) {
        struct class *k = &w->class[c];
        w->bin[k->group * w->counts + k->count] += (double)k->drawn / k->times;
        k->drawn = 0;
    }
    for (uint32_t g = 0; g < w->groups; g++)
        summarise((struct bins){w->bin + g * w->counts, w->counts}, &out[g]);
    for (uint32_t g = 1; g < w->groups; g++)
        for (size_t c = 0; c < w->counts; c++)
            w->bin[c] += w->bin[g * w->counts + c];
    summarise((struct bins){w->bin, w->counts}, &out[w->groups]);
}

/* Every sample once: each class is then so many whole things. */
static void estimate(struct work *w, struct counts *out)
{
    for (size_t i = 0; i < w->n; i++)
        w->class[w->row[i]].drawn++;
    summarise_all(w, out);
}

static void draw(struct work *w, struct rng *rng, struct counts *out)
{
    memset(w->drawn, 0, w->samples * sizeof *w->drawn);
    for (uint32_t i = 0; i < w->samples; i++)
        w->drawn[rng_below(rng, w->samples)]++;
    for (uint32_t s = 0; s < w->samples; s++)
        if (w->drawn[s])
            for (size_t i = w->start[s]; i < w->start[s + 1]; i++)
                w->class[w->row[i]].drawn += w->drawn[s];
    summarise_all(w, out);
}

static int number_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The points of a column of draws that are TAIL from both ends. */
static void tails(double *column, size_t draws, double *low, double *high)
{
    size_t cut = (size_t)(TAIL * (double)draws);
    qsort(column, draws, sizeof *column, number_order);
    *low = column[cut];
    *high = column[draws - 1 - cut];
}

/* Of a group, what one number came out as in the draws that hold something of it; q: COUNT_MARKS is the share
 * with one. Returns how many draws. */
static size_t gather(const struct work *w, size_t draws, uint32_t group, int q, double *column)
{
    size_t n = 0;
    for (size_t i = 0; i < draws; i++) {
        const struct counts *d = &w->draw[i * (w->groups + 1) + group];
        if (d->n)
            column[n++] = q == COUNT_MARKS ? d->one : d->at[q];
    }
    return n;
}

static bool intervals(const struct work *w, size_t draws, struct counts *out)
{
    double low, high, *column = mem_get(draws * sizeof *column);
    for (uint32_t g = 0; column && g <= w->groups; g++) {
        for (int q = 0; q <= COUNT_MARKS; q++) {
            size_t n = gather(w, draws, g, q, column);
            if (!n)
                continue;
            tails(column, n, &low, &high);
            if (q == COUNT_MARKS) {
                out[g].one_low = low;
                out[g].one_high = high;
            } else {
                out[g].low[q] = (uint32_t)low;
                out[g].high[q] = (uint32_t)high;
            }
        }
    }
    mem_free(column);
    return column != NULL;
}

/* The slot of a class: where it is, or where it would be. */
static size_t slot_of(const struct work *w, const struct count_seen *s)
{
    uint64_t h = ((uint64_t)s->group << 42 ^ (uint64_t)s->count << 21 ^ s->times) * 0x9E3779B97F4A7C15u;
    size_t i = (size_t)(h >> 20) & (w->slots - 1);
    for (; w->slot[i]; i = (i + 1) & (w->slots - 1)) {
        const struct class *k = &w->class[w->slot[i] - 1];
        if (k->group == s->group && k->count == s->count && k->times == s->times)
            break;
    }
    return i;
}

static void classify(struct work *w)
{
    for (size_t i = 0; i < w->n; i++) {
        const struct count_seen *s = &w->seen[i];
        size_t at = slot_of(w, s);
        if (!w->slot[at]) {
            w->class[w->classes++] = (struct class){s->group, s->count, s->times, 0};
            w->slot[at] = (uint32_t)w->classes;
        }
        w->row[i] = w->slot[at] - 1;
        w->start[s->sample + 1]++;
    }
    for (uint32_t s = 0; s < w->samples; s++)
        w->start[s + 1] += w->start[s];
}

static bool begin(struct work *w, size_t draws)
{
    uint32_t most = 1;
    for (size_t i = 0; i < w->n; i++)
        most = w->seen[i].count > most ? w->seen[i].count : most;
    for (w->slots = 16; w->slots < 2 * w->n;)
        w->slots *= 2;
    w->counts = (size_t)most + 1;
    w->bin = mem_get(w->groups * w->counts * sizeof *w->bin);
    w->row = mem_get((w->n + 1) * sizeof *w->row);
    w->class = mem_get((w->n + 1) * sizeof *w->class);
    w->slot = mem_get(w->slots * sizeof *w->slot);
    w->start = mem_get(((size_t)w->samples + 1) * sizeof *w->start);
    w->drawn = mem_get(((size_t)w->samples + 1) * sizeof *w->drawn);
    w->draw = mem_get((draws + 1) * (w->groups + 1) * sizeof *w->draw);
    if (!w->bin || !w->row || !w->class || !w->slot || !w->start || !w->drawn || !w->draw)
        return false;
    classify(w);
    return true;
}

bool counts_make(const struct count_seen *seen, size_t n, uint32_t samples, uint32_t groups, size_t draws,
                 uint64_t seed, struct counts *out, struct err *err)
{
    struct work w = {.seen = seen, .n = n, .samples = samples, .groups = groups};
    struct rng rng;
    rng_seed(&rng, seed);
    bool ok = begin(&w, draws);
    if (ok) {
        estimate(&w, out);
        for (size_t i = 0; i < draws && n; i++)
            draw(&w, &rng, w.draw + i * (groups + 1));
        ok = !draws || !n || intervals(&w, draws, out);
    }
    mem_free(w.bin);
    mem_free(w.row);
    mem_free(w.class);
    mem_free(w.slot);
    mem_free(w.start);
    mem_free(w.drawn);
    mem_free(w.draw);
    return ok || fail_memory(err);
}
