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

struct near {
    double far;
    bool lasting;
};

static int near_order(const void *a, const void *b)
{
    const struct near *x = a, *y = b;
    return (x->far > y->far) - (x->far < y->far);
}

/* Of the field's resolved cases the ones with the nearest odds: what became of them. */
static bool find_like(struct arena *arena, struct verdicts *v, const double *p, size_t from, size_t to,
                      struct verdict_row *row)
{
    const struct trends *t = &v->field->trends;
    struct near *near = arena_array(arena, to - from + 1, sizeof *near);
    if (!near)
        return false;
    for (size_t i = from; i < to; i++)
        near[i - from] = (struct near){fabs(p[i - from] - row->p), t->at[i].lasting};
    qsort(near, to - from, sizeof *near, near_order);
    row->like = to - from < LIKE ? (unsigned)(to - from) : LIKE;
    for (unsigned i = 0; i < row->like; i++)
        row->like_lasting += near[i].lasting;
    return true;
}

static enum verdict word_for(double p)
{
    return isnan(p)        ? VERDICT_EARLY
           : p >= SAYS     ? VERDICT_LASTING
           : p <= 1 - SAYS ? VERDICT_FADED
                           : VERDICT_UNCLEAR;
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

/* One row of a candidate and of all that are spelled alike, known by the year. */
static bool make_row(struct arena *arena, struct verdicts *v, const struct trend_case *c,
                     struct verdict_row *row)
{
    const struct field *f = v->field;
    const struct features *x = &f->features;
    uint32_t spelling = x->spelling[c->term], from = x->same_start[spelling],
             to = x->same_start[spelling + 1];
    uint32_t *term = arena_array(arena, to - from + 1, sizeof *term);
    const char **also = arena_array(arena, to - from + 1, sizeof *also);
    size_t n = 0;
    row->year = arena_array(arena, (size_t)(v->origin - f->panel.first + 1), sizeof *row->year);
    row->term = text_of(arena, &f->terms, c->term);
    if (!term || !also || !row->year || !row->term)
        return false;
    term[n++] = c->term;
    for (uint32_t i = from; i < to; i++)
        if (x->same[i] != c->term && f->panel.known[x->same[i]] <= v->origin) {
            also[n - 1] = text_of(arena, &f->terms, x->same[i]);
            term[n++] = x->same[i];
        }
    row->also = also;
    count_years(&f->panel, term, n, v->origin, row->year);
    row->last = row->year[v->origin - f->panel.first];
    row->papers = row->last + (v->origin > f->panel.first ? row->year[v->origin - f->panel.first - 1] : 0);
    row->p = row->low = row->high = NAN;
    if (v->taught && v->complete)
        row->p = trends_odds(&v->fit, c, &row->low, &row->high);
    row->verdict = word_for(row->p);
    return true;
}

/* True when a spelling of the same term with more papers now, or as many and an earlier place, is there. */
static bool is_lesser(const struct verdicts *v, const struct trend_case *c, size_t n,
                      const struct trend_case *one)
{
    const struct features *x = &v->field->features;
    double papers = one->x[F_N_LOG];
    for (size_t i = 0; i < n; i++)
        if (&c[i] != one && x->spelling[c[i].term] == x->spelling[one->term] &&
            (c[i].x[F_N_LOG] > papers || (!(c[i].x[F_N_LOG] < papers) && &c[i] < one)))
            return true;
    return false;
}

static int row_order(const void *a, const void *b)
{
    const struct verdict_row *x = a, *y = b;
    int by = (x->papers < y->papers) - (x->papers > y->papers);
    return by ? by : strcmp(x->term, y->term);
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
    if (!v.at || !p)
        return fail_memory(err);
    if (!learn(arena, f, other, &v, err))
        return false;
    for (size_t i = old; v.taught && i < known; i++)
        p[i - old] = trends_odds(&v.fit, &t->at[i], NULL, NULL);
    for (size_t i = from; i < to; i++) {
        if (is_lesser(&v, t->at + from, v.candidates, &t->at[i]))
            continue;
        struct verdict_row *row = &v.at[v.n++];
        if (!make_row(arena, &v, &t->at[i], row) ||
            (row->verdict != VERDICT_EARLY && !find_like(arena, &v, p, old, known, row)))
            return fail_memory(err);
    }
    qsort(v.at, v.n, sizeof *v.at, row_order);
    *out = v;
    return true;
}
