/* Papers by year and venue; candidates; outcomes. */
#include "papers/panel.h"

#include <math.h>

#include "base/mem.h"
#include "base/vec.h"

#include "base/banned.h"

#define KEPT .5      /* of the share: lasting */
#define SWALLOWED .8 /* of a term's papers hold one longer term: the longer one stands for it */
enum { LATER_LEAST = 100, IN_YEAR = 4, IN_TWO = 8, WINDOW = 10 };

void panel_places(const struct panel *p, uint32_t term, int from, int to, size_t *at, size_t *end)
{
    *at = term_before(p->terms, term, p->before[from - PANEL_FROM]) + p->terms->start[term];
    *end = term_before(p->terms, term, p->before[to + 1 - PANEL_FROM]) + p->terms->start[term];
}

double panel_papers(const struct panel *p, uint32_t term, int from, int to)
{
    size_t at, end, n = 0, first = p->terms->start[term], behind = p->terms->start[term + 1];
    if (first == behind || p->terms->paper[behind - 1] < p->before[from - PANEL_FROM] ||
        p->terms->paper[first] >= p->before[to + 1 - PANEL_FROM])
        return 0;
    panel_places(p, term, from, to, &at, &end);
    for (; at < end; at++)
        n += p->mine[p->texts->paper[p->terms->paper[at]].venue];
    return (double)n;
}

static void count_papers(struct panel *p)
{
    p->first = INT16_MAX;
    p->last = INT16_MIN;
    for (size_t i = 0; i < p->texts->n; i++) {
        const struct texts_paper *x = &p->texts->paper[i];
        int y = x->year - PANEL_FROM;
        if (!terms_see(p->terms, x))
            continue;
        if (p->other[x->venue])
            p->elsewhere[y]++;
        if (!p->mine[x->venue])
            continue;
        p->total[y]++;
        p->count[(size_t)y * p->families + x->venue]++;
        if (x->year >= PANEL_START) {
            p->first = x->year < p->first ? x->year : p->first;
            p->last = x->year > p->last ? x->year : p->last;
        }
    }
}

static void find_known(struct panel *p)
{
    for (size_t i = 0; i < p->terms->n; i++) {
        int year = 0, now = 0, before = 0;
        p->known[i] = INT16_MAX;
        for (size_t k = p->terms->start[i]; k < p->terms->start[i + 1]; k++) {
            const struct texts_paper *x = &p->texts->paper[p->terms->paper[k]];
            if (!p->mine[x->venue])
                continue;
            if (x->year != year) {
                before = x->year == year + 1 ? now : 0;
                now = 0;
                year = x->year;
            }
            if (++now + before >= TERM_LEAST) {
                p->known[i] = (int16_t)year;
                break;
            }
        }
    }
}

bool panel_make(struct panel *out, const struct terms *terms, const bool *mine, const bool *other,
                struct err *err)
{
    *out = (struct panel){.texts = terms->texts,
                          .terms = terms,
                          .mine = mine,
                          .other = other,
                          .families = terms->texts->venues.n};
    out->count = mem_get((PANEL_YEARS * out->families + 1) * sizeof *out->count);
    out->known = mem_get((terms->n + 1) * sizeof *out->known);
    if (!out->count || !out->known) {
        panel_free(out);
        return fail_memory(err);
    }
    for (int y = 0; y <= PANEL_YEARS; y++)
        out->before[y] = texts_before(terms->texts, y + PANEL_FROM);
    count_papers(out);
    find_known(out);
    return true;
}

void panel_free(struct panel *p)
{
    mem_free(p->count);
    mem_free(p->known);
    *p = (struct panel){0};
}

/* In state 1 at the year? */
static bool bursts(const struct panel *p, uint32_t term, int year, struct burst *out)
{
    double r[WINDOW], d[WINDOW];
    size_t n = 0;
    for (int y = year - WINDOW + 1; y <= year; y++)
        if (y >= PANEL_START && panel_total(p, y) > 0) {
            r[n] = panel_papers(p, term, y, y);
            d[n++] = panel_total(p, y);
        }
    return panel_total(p, year) > 0 && burst_fit(r, d, n, out);
}

/* The parts of a term that are terms, each once, into `part`; how many. */
enum { PARTS = 2 * TERM_WORDS };

static size_t parts_of(const struct terms *t, uint64_t key, uint32_t part[static PARTS])
{
    unsigned m = term_length(key);
    size_t n = 0;
    for (unsigned k = 1; k < m; k++)
        for (unsigned i = 0; i + k <= m; i++) {
            uint32_t term = terms_find(t, key >> (TERM_BITS * i) & (((uint64_t)1 << (TERM_BITS * k)) - 1));
            bool again = term == NAME_NONE;
            for (size_t j = 0; j < n; j++)
                again |= part[j] == term;
            if (!again)
                part[n++] = term;
        }
    return n;
}

/* What all terms known by the year say of those they contain: how many, the most papers. */
struct within {
    uint32_t *longer, *ever;
    float *longest; /* by term */
};

static void tell_parts(const struct panel *p, uint64_t key, double n, struct within *w)
{
    uint32_t part[PARTS];
    size_t parts = parts_of(p->terms, key, part);
    for (size_t i = 0; i < parts; i++) {
        w->ever[part[i]]++;
        w->longer[part[i]] += n >= TERM_LEAST;
        w->longest[part[i]] = fmaxf(w->longest[part[i]], (float)n);
    }
}

static void look_within(const struct panel *p, int year, struct within *w)
{
    for (uint32_t i = 0; i < p->terms->n; i++) {
        if (p->known[i] > year || term_length(p->terms->key[i]) == 1)
            continue;
        double n = panel_papers(p, i, year - 1, year);
        tell_parts(p, p->terms->key[i], n, w);
    }
}

/* A candidate most of whose papers hold one longer candidate goes. most: by term, of those that contain it
 * the most papers. */
static bool drop_swallowed(const struct panel *p, int year, struct candidates *c, struct err *err)
{
    size_t kept = 0;
    float *most = mem_get((p->terms->n + 1) * sizeof *most);
    if (!most)
        return fail_memory(err);
    for (size_t i = 0; i < c->n; i++) {
        uint32_t part[PARTS];
        size_t parts = parts_of(p->terms, p->terms->key[c->at[i].term], part);
        float n = (float)panel_papers(p, c->at[i].term, year - 1, year);
        for (size_t k = 0; k < parts; k++)
            most[part[k]] = fmaxf(most[part[k]], n);
    }
    for (size_t i = 0; i < c->n; i++) {
        uint32_t term = c->at[i].term;
        if (!(most[term] > 0) || most[term] < SWALLOWED * panel_papers(p, term, year - 1, year))
            c->at[kept++] = c->at[i];
    }
    c->n = kept;
    mem_free(most);
    return true;
}

static bool is_candidate(const struct panel *p, uint32_t term, int year)
{
    return panel_papers(p, term, year, year) >= IN_YEAR && panel_papers(p, term, year - 1, year) >= IN_TWO;
}

bool panel_young(struct arena *arena, const struct panel *p, int year, struct candidates *out,
                 struct err *err)
{
    struct candidates c = {0};
    for (uint32_t i = 0; i < p->terms->n; i++) {
        struct burst b;
        if (p->known[i] > year || panel_papers(p, i, year, year) == 0 || is_candidate(p, i, year) ||
            !bursts(p, i, year, &b))
            continue;
        struct rising *one = VEC_PUSH(arena, &c);
        if (!one)
            return fail_memory(err);
        *one = (struct rising){.term = i, .burst = b};
    }
    if (!drop_swallowed(p, year, &c, err))
        return false;
    *out = c;
    return true;
}

bool panel_candidates(struct arena *arena, const struct panel *p, int year, struct candidates *out,
                      struct err *err)
{
    struct candidates c = {0};
    struct within w = {mem_get((p->terms->n + 1) * sizeof *w.longer),
                       mem_get((p->terms->n + 1) * sizeof *w.longer),
                       mem_get((p->terms->n + 1) * sizeof *w.longest)};
    bool ok = w.longer && w.ever && w.longest;
    if (ok)
        look_within(p, year, &w);
    for (uint32_t i = 0; ok && i < p->terms->n; i++) {
        struct burst b;
        if (p->known[i] > year || !is_candidate(p, i, year) || !bursts(p, i, year, &b))
            continue;
        struct rising *one = VEC_PUSH(arena, &c);
        ok = one != NULL;
        if (one)
            *one = (struct rising){i, w.ever[i], w.longer[i], w.longest[i], b};
    }
    mem_free(w.longer);
    mem_free(w.ever);
    mem_free(w.longest);
    if (!ok)
        return fail_memory(err);
    if (!drop_swallowed(p, year, &c, err))
        return false;
    *out = c;
    return true;
}

bool panel_lasting(const struct panel *p, uint32_t term, int year)
{
    double base = 0, s = 0, t = 0;
    for (size_t v = 0; v < p->families; v++) {
        double papers = panel_count(p, year - 1, v) + panel_count(p, year, v);
        double later = panel_count(p, year + 3, v) + panel_count(p, year + 4, v);
        if (!p->mine[v] || papers == 0 || later < LATER_LEAST)
            continue;
        double b = 0, f = 0;
        size_t at, end;
        panel_places(p, term, year - 1, year, &at, &end);
        for (; at < end; at++)
            b += p->texts->paper[p->terms->paper[at]].venue == v;
        panel_places(p, term, year + 3, year + 4, &at, &end);
        for (; at < end; at++)
            f += p->texts->paper[p->terms->paper[at]].venue == v;
        base += papers;
        s += b;
        t += papers * (f / later);
    }
    return base > 0 && s > 0 && t >= KEPT * s;
}
