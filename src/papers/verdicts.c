/* Odds and words for the terms of a year. */
#include "papers/verdicts.h"

#include <math.h>
#include <stdlib.h>

#include "base/vec.h"

#include "base/banned.h"

#define SAYS .65 /* a word is said outside (.35, .65) */
enum { LIKE = 20 };

const char *verdict_word(enum verdict verdict)
{
    static const char *const words[] = {"lasting", "unclear", "faded", "too early to tell"};
    return words[verdict];
}

/* Learn what the year allows: its own cases, else with those of other fields beside. */
static bool learn(struct arena *arena, const struct field *f, const struct field *other, struct verdicts *v,
                  struct err *err)
{
    struct lesson l[2] = {{.of = &f->trends}, {.of = other ? &other->trends : NULL}};
    struct err why = {0};
    size_t n = 1;
    trends_known(&f->trends, v->origin, &l[0].from, &l[0].to);
    size_t cases = l[0].to - l[0].from;
    if (cases < TRENDS_LEAST && other && other->panel.first <= other->panel.last) {
        trends_known(&other->trends, v->origin, &l[1].from, &l[1].to);
        cases += l[1].to - l[1].from;
        n = 2;
    }
    if (cases < TRENDS_LEAST)
        return true;
    v->taught = trends_fit(arena, l, n, BY_SHIPPED, &v->fit, &why);
    if (!v->taught && why.code != E_MISSING)
        return fail(err, why.code, "%s", why.text);
    v->lasting = v->taught ? (size_t)llround(v->fit.model.base * (double)v->fit.cases) : 0;
    return true;
}

/* Of the field's resolved cases the LIKE with the nearest odds, of those as near the first ones: what became
 * of them. */
static void find_like(const struct verdicts *v, const double *p, size_t from, size_t to,
                      struct verdict_row *row)
{
    const struct trends *t = &v->field->trends;
    double far[LIKE];
    bool lasting[LIKE];
    size_t n = 0;
    for (size_t i = from; i < to; i++) {
        double x = fabs(p[i - from] - row->p);
        if (n == LIKE && x >= far[n - 1])
            continue;
        size_t k = n < LIKE ? n++ : LIKE - 1;
        for (; k > 0 && far[k - 1] > x; k--) {
            far[k] = far[k - 1];
            lasting[k] = lasting[k - 1];
        }
        far[k] = x;
        lasting[k] = t->at[i].lasting;
    }
    row->like = (unsigned)n;
    row->like_lasting = 0;
    for (size_t i = 0; i < n; i++)
        row->like_lasting += lasting[i];
}

enum verdict verdict_of(double p)
{
    return p >= SAYS ? VERDICT_LASTING : p <= 1 - SAYS ? VERDICT_FADED : VERDICT_UNCLEAR;
}

/* Papers of the years with any of the spellings, each once. */
static void count_years(const struct panel *p, const uint32_t *term, size_t n, int last, double *year)
{
    size_t at[64], end[64];
    n = n < 64 ? n : 64;
    for (size_t i = 0; i < n; i++)
        panel_places(p, term[i], p->first, last, &at[i], &end[i]);
    for (;;) {
        uint32_t least = UINT32_MAX;
        for (size_t i = 0; i < n; i++)
            if (at[i] < end[i] && p->terms->paper[at[i]] < least)
                least = p->terms->paper[at[i]];
        if (least == UINT32_MAX)
            return;
        for (size_t i = 0; i < n; i++)
            at[i] += at[i] < end[i] && p->terms->paper[at[i]] == least;
        const struct texts_paper *x = &p->texts->paper[least];
        year[x->year - p->first] += p->mine[x->venue];
    }
}

static const char *text_of(struct arena *arena, const struct terms *t, uint32_t term)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 4 * WORD_MOST);
    term_text(t, t->key[term], &text);
    return buf_keep(&text, arena);
}

/* One row of a term and of all that are spelled alike, known by the year; without odds. */
static bool make_row(struct arena *arena, const struct verdicts *v, uint32_t of, struct verdict_row *row)
{
    const struct field *f = v->field;
    const struct features *x = &f->features;
    uint32_t spelling = x->spelling[of], from = x->same_start[spelling], to = x->same_start[spelling + 1];
    uint32_t *term = arena_array(arena, to - from + 1, sizeof *term);
    const char **also = arena_array(arena, to - from + 1, sizeof *also);
    size_t n = 0;
    row->year = arena_array(arena, (size_t)(v->origin - f->panel.first + 1), sizeof *row->year);
    row->term = text_of(arena, &f->terms, of);
    if (!term || !also || !row->year || !row->term)
        return false;
    term[n++] = of;
    for (uint32_t i = from; i < to; i++)
        if (x->same[i] != of && f->panel.known[x->same[i]] <= v->origin) {
            also[n - 1] = text_of(arena, &f->terms, x->same[i]);
            term[n++] = x->same[i];
        }
    row->also = also;
    count_years(&f->panel, term, n, v->origin, row->year);
    row->last = row->year[v->origin - f->panel.first];
    row->papers = row->last + (v->origin > f->panel.first ? row->year[v->origin - f->panel.first - 1] : 0);
    row->p = row->low = row->high = NAN;
    row->verdict = VERDICT_EARLY;
    return true;
}

static int row_order(const void *a, const void *b)
{
    const struct verdict_row *x = a, *y = b;
    int by = (x->papers < y->papers) - (x->papers > y->papers);
    return by ? by : strcmp(x->term, y->term);
}

/* Of each spelling the candidate with most papers now, of as many the first: its place from `from` + 1. */
static uint32_t *choose_spellings(struct arena *arena, const struct verdicts *v, size_t from, size_t to)
{
    const struct trend_case *c = v->field->trends.at;
    const struct features *x = &v->field->features;
    uint32_t *best = arena_array(arena, x->folds.n + 1, sizeof *best);
    for (size_t i = from; best && i < to; i++) {
        uint32_t *b = &best[x->spelling[c[i].term]];
        if (*b == 0 || c[i].x[F_N_LOG] > c[from + *b - 1].x[F_N_LOG])
            *b = (uint32_t)(i - from + 1);
    }
    return best;
}

static int early_order(const void *a, const void *b)
{
    const struct rising *x = a, *y = b;
    return (x->longest < y->longest) - (x->longest > y->longest);
}

/* Terms with too few papers for odds, those with most of them; a spelling that has a row has none here. */
static bool make_early(struct arena *arena, struct verdicts *v, uint32_t *best, struct err *err)
{
    const struct field *f = v->field;
    struct candidates c;
    if (!panel_young(arena, &f->panel, v->origin, &c, err))
        return false;
    for (size_t i = 0; i < c.n; i++)
        c.at[i].longest = panel_papers(&f->panel, c.at[i].term, v->origin - 1, v->origin);
    if (c.n)
        qsort(c.at, c.n, sizeof *c.at, early_order);
    v->early = arena_array(arena, VERDICTS_EARLY, sizeof *v->early);
    if (!v->early)
        return fail_memory(err);
    for (size_t i = 0; i < c.n && v->early_n < VERDICTS_EARLY; i++) {
        uint32_t *said = &best[f->features.spelling[c.at[i].term]];
        if (*said == 0 && !make_row(arena, v, c.at[i].term, &v->early[v->early_n++]))
            return fail_memory(err);
        *said = 1;
    }
    qsort(v->early, v->early_n, sizeof *v->early, row_order);
    return true;
}

bool verdicts_make(struct arena *arena, const struct field *f, const struct field *other, int origin,
                   bool complete, struct verdicts *out, struct err *err)
{
    struct verdicts v = {.field = f, .origin = origin, .complete = complete};
    const struct trends *t = &f->trends;
    size_t from = trends_before(t, origin), to = trends_before(t, origin + 1), old, known;
    v.candidates = to - from;
    v.at = arena_array(arena, v.candidates + 1, sizeof *v.at);
    trends_known(t, origin, &old, &known);
    double *p = arena_array(arena, known - old + 1, sizeof *p);
    uint32_t *best = choose_spellings(arena, &v, from, to);
    if (!v.at || !p || !best)
        return fail_memory(err);
    if (!learn(arena, f, other, &v, err))
        return false;
    for (size_t i = old; v.taught && i < known; i++)
        p[i - old] = trends_odds(&v.fit, &t->at[i], NULL, NULL);
    for (size_t i = from; i < to; i++) {
        if (best[f->features.spelling[t->at[i].term]] != i - from + 1)
            continue;
        struct verdict_row *row = &v.at[v.n++];
        if (!make_row(arena, &v, t->at[i].term, row))
            return fail_memory(err);
        if (!v.taught || !complete)
            continue;
        row->p = trends_odds(&v.fit, &t->at[i], &row->low, &row->high);
        row->verdict = verdict_of(row->p);
        find_like(&v, p, old, known, row);
    }
    qsort(v.at, v.n, sizeof *v.at, row_order);
    if (!make_early(arena, &v, best, err))
        return false;
    *out = v;
    return true;
}
