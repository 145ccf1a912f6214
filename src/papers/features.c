/* The eleven features of titles, the twelve plain ones, and the room all of them count in. */
#include "papers/features.h"

#include <math.h>

#include "base/mem.h"

#include "base/banned.h"

#define TINY_SHARE 1e-5
enum { FAMILY_LEAST = 50, YEAR_LEAST = 100, AUTHORS_LEAST = 5, PEAK_YEARS = 10 };

const char *const feature_names[FEATURES] = {
    "p_80",     "n_log",      "x_cum",       "x_pres",     "v_g3",        "a_top",       "c_new",
    "g_sub1",   "g_sup",      "p_z",         "z(o)",       "l_0",         "l_01",        "l_012",
    "l_23",     "burst",      "burst_units", "words",      "venues",      "venues_1",    "seen",
    "peak",     "df",         "o",           "p_50",       "p_95",        "slope",       "s_log",
    "v_g1",     "v_g2",       "v_g10",       "v_conc",     "v_most",      "age",         "old_peak",
    "variants", "var_growth", "both",        "var_any",    "a_last",      "a_first",     "a_joined",
    "a_new",    "c_rich",     "c_mean",      "c_top",      "t_start",     "t_end",       "t_for",
    "t_with",   "t_before",   "hyphen",      "last_share", "last_growth", "first_share", "first_growth",
    "longer",   "longest",    "o_share",     "o_growth"};

/* "ies" to y, "ses" to s; else a final s off unless ss, us, is. */
static void fold_part(struct span part, struct buf *out)
{
    if (part.n > 4 && span_ends(part, SPAN("ies"))) {
        buf_add(out, span_first(part, part.n - 3));
        buf_add_byte(out, 'y');
    } else if (part.n > 4 && span_ends(part, SPAN("ses"))) {
        buf_add(out, span_first(part, part.n - 2));
    } else if (part.n > 3 && span_ends(part, SPAN("s")) && !span_ends(part, SPAN("ss")) &&
               !span_ends(part, SPAN("us")) && !span_ends(part, SPAN("is"))) {
        buf_add(out, span_first(part, part.n - 1));
    } else {
        buf_add(out, part);
    }
}

void features_fold(struct span word, struct buf *out)
{
    struct span part;
    for (bool first = true; word.n; first = false) {
        span_cut(&word, '-', &part);
        if (!first)
            buf_add_byte(out, ' ');
        fold_part(part, out);
    }
}

/* Title words: with hyphens taken out, feed-forward is feedforward. */
static bool fold_words(struct features *f, struct err *err)
{
    const struct vocabulary *words = &f->p->texts->words_of;
    AUTO_BUF struct buf text;
    buf_init(&text, 4 * WORD_MOST);
    for (uint32_t i = 0; i < words->n; i++) {
        struct span word = vocabulary_at(words, i);
        f->fold[i] = NAME_NONE;
        if (!f->p->terms->alone[i] || f->p->terms->stop[i])
            continue;
        buf_reset(&text);
        struct span part;
        while (word.n) {
            span_cut(&word, '-', &part);
            fold_part(part, &text);
        }
        if (!buf_ok(&text, err) || !vocabulary_add(&f->folds, buf_span(&text), &f->fold[i], err))
            return false;
    }
    return true;
}

static bool fold_terms(struct features *f, struct err *err)
{
    const struct terms *t = f->p->terms;
    AUTO_BUF struct buf text;
    buf_init(&text, 16 * WORD_MOST);
    for (uint32_t i = 0; i < t->n; i++) {
        buf_reset(&text);
        for (unsigned k = 0; k < term_length(t->key[i]); k++) {
            if (k)
                buf_add_byte(&text, ' ');
            features_fold(vocabulary_at(&t->texts->words_of, term_word(t->key[i], k)), &text);
        }
        if (!buf_ok(&text, err) || !vocabulary_add(&f->folds, buf_span(&text), &f->spelling[i], err))
            return false;
    }
    return true;
}

/* Terms by spelling, each spelling's in ascending order. */
static bool group_terms(struct features *f, struct err *err)
{
    size_t n = f->p->terms->n;
    f->same = mem_get((n + 1) * sizeof *f->same);
    f->same_start = mem_get((f->folds.n + 2) * sizeof *f->same_start);
    if (!f->same || !f->same_start)
        return fail_memory(err);
    for (size_t i = 0; i < n; i++)
        f->same_start[f->spelling[i] + 2 <= f->folds.n ? f->spelling[i] + 2 : f->folds.n + 1]++;
    for (size_t i = 2; i < f->folds.n + 2; i++)
        f->same_start[i] += f->same_start[i - 1];
    for (size_t i = 0; i < n; i++)
        f->same[f->same_start[f->spelling[i] + 1]++] = (uint32_t)i;
    return true;
}

static void author(struct features *f, uint32_t who, int16_t year)
{
    if (who != NAME_NONE && year < f->author_from[who])
        f->author_from[who] = year;
}

bool features_make(struct features *out, const struct panel *p, struct err *err)
{
    const struct texts *x = p->texts;
    *out = (struct features){.p = p, .folds.most = TEXTS_PAPERS * 4};
    out->fold = mem_get((x->words_of.n + 1) * sizeof *out->fold);
    out->spelling = mem_get((p->terms->n + 1) * sizeof *out->spelling);
    out->author_from = mem_get((x->authors.n + 1) * sizeof *out->author_from);
    bool ok = out->fold && out->spelling && out->author_from ? true : fail_memory(err);
    ok = ok && fold_words(out, err) && fold_terms(out, err) && group_terms(out, err);
    if (ok) {
        size_t most = out->folds.n > x->authors.n ? out->folds.n : x->authors.n;
        out->seen = mem_get((most + 1) * sizeof *out->seen);
        out->times = mem_get((most + 1) * sizeof *out->times);
        out->list = mem_get((most + 1) * sizeof *out->list);
        ok = out->seen && out->times && out->list ? true : fail_memory(err);
    }
    if (!ok) {
        features_free(out);
        return false;
    }
    for (size_t i = 0; i < x->authors.n; i++)
        out->author_from[i] = INT16_MAX;
    for (size_t i = 0; i < x->n; i++)
        if (p->mine[x->paper[i].venue]) {
            author(out, x->paper[i].first, x->paper[i].year);
            author(out, x->paper[i].last, x->paper[i].year);
        }
    return true;
}

void features_free(struct features *f)
{
    vocabulary_free(&f->folds);
    mem_free(f->fold);
    mem_free(f->spelling);
    mem_free(f->same);
    mem_free(f->same_start);
    mem_free(f->author_from);
    mem_free(f->seen);
    mem_free(f->times);
    mem_free(f->list);
    *f = (struct features){0};
}

void tally_begin(struct features *f, size_t *n)
{
    f->stamp++;
    *n = 0;
}

void tally_add(struct features *f, uint32_t what, size_t *n)
{
    if (f->seen[what] != f->stamp) {
        f->seen[what] = f->stamp;
        f->times[what] = 0;
        f->list[(*n)++] = what;
    }
    f->times[what]++;
}

double papers_elsewhere(const struct panel *p, uint32_t term, int from, int to)
{
    size_t at, end, n = 0;
    panel_places(p, term, from, to, &at, &end);
    for (; at < end; at++)
        n += p->other[p->texts->paper[p->terms->paper[at]].venue];
    return (double)n;
}

static double total(const struct panel *p, int from, int to)
{
    double n = 0;
    for (int y = from; y <= to; y++)
        n += y >= PANEL_START ? panel_total(p, y) : 0;
    return n;
}

double memory(const struct panel *p, uint32_t term, int year, double by)
{
    double a = 0, b = 0, weight = 1;
    double s = panel_papers(p, term, year - 1, year) / total(p, year - 1, year);
    for (int y = year; y >= PANEL_START; y--, weight *= by) {
        a += weight * panel_papers(p, term, y, y);
        b += weight * panel_total(p, y);
    }
    return log((a + .5) / (b + .5 / s)) - log(s);
}

/* A family's papers with the term. */
static double of_family(const struct panel *p, uint32_t term, size_t family, int from, int to)
{
    size_t at, end, n = 0;
    panel_places(p, term, from, to, &at, &end);
    for (; at < end; at++)
        n += p->texts->paper[p->terms->paper[at]].venue == family;
    return (double)n;
}

double growth(const struct panel *p, uint32_t term, int a_from, int a_to, int b_from, int b_to)
{
    double now = 0, now_all = 0, was = 0, all = total(p, a_from, a_to);
    for (size_t v = 0; v < p->families; v++) {
        double n_a = 0, n_b = 0;
        for (int y = a_from; y <= a_to; y++)
            n_a += p->mine[v] && y >= PANEL_START ? panel_count(p, y, v) : 0;
        for (int y = b_from; y <= b_to; y++)
            n_b += p->mine[v] && y >= PANEL_START ? panel_count(p, y, v) : 0;
        if (n_a < FAMILY_LEAST || n_b < FAMILY_LEAST)
            continue;
        now += of_family(p, term, v, a_from, a_to);
        was += n_a * (of_family(p, term, v, b_from < PANEL_START ? PANEL_START : b_from, b_to) / n_b);
        now_all += n_a;
    }
    if (now_all > 0)
        return log((now / now_all + 1 / all) / (was / now_all + 1 / all));
    double before = total(p, b_from, b_to);
    was = before > 0 ? panel_papers(p, term, b_from < PANEL_START ? PANEL_START : b_from, b_to) / before : 0;
    return log((panel_papers(p, term, a_from, a_to) / all + 1 / all) / (was + 1 / all));
}

/* In which share of the larger years before T-3 it was there. */
static double presence(const struct panel *p, uint32_t term, int year)
{
    double years = 0, there = 0;
    for (int y = PANEL_START; y <= year - 4; y++)
        if (panel_total(p, y) > YEAR_LEAST) {
            years++;
            there += panel_papers(p, term, y, y) > 0;
        }
    return years > 0 ? there / years : 0;
}

static double top_author(struct features *f, uint32_t term, int year)
{
    const struct panel *p = f->p;
    size_t at, end, n, known = 0, most = 0;
    tally_begin(f, &n);
    panel_places(p, term, year - 1, year, &at, &end);
    for (; at < end; at++) {
        const struct texts_paper *x = &p->texts->paper[p->terms->paper[at]];
        if (!p->mine[x->venue] || x->last == NAME_NONE)
            continue;
        known++;
        tally_add(f, x->last, &n);
        most = f->times[x->last] > most ? f->times[x->last] : most;
    }
    return known < AUTHORS_LEAST ? NAN : (double)most / (double)known;
}

static bool is_of_term(const struct features *f, uint64_t key, uint32_t fold)
{
    for (unsigned i = 0; i < term_length(key); i++)
        if (f->fold[term_word(key, i)] == fold)
            return true;
    return false;
}

/* Of the other words in its titles now, the share that its titles of {T-3, T-2} did not have. */
static double new_words(struct features *f, uint32_t term, int year)
{
    const struct panel *p = f->p;
    size_t at, end, n;
    double all = 0, fresh = 0;
    tally_begin(f, &n);
    for (int now = 0; now < 2; now++) {
        panel_places(p, term, year - (now ? 1 : 3), year - (now ? 0 : 2), &at, &end);
        for (; at < end; at++) {
            const struct texts_paper *x = &p->texts->paper[p->terms->paper[at]];
            const uint32_t *word = p->texts->word + x->at;
            for (size_t i = 0; p->mine[x->venue] && i < x->title; i++) {
                uint32_t fold = f->fold[word[i]];
                bool again = fold == NAME_NONE || is_of_term(f, p->terms->key[term], fold);
                for (size_t j = 0; j < i && !again; j++)
                    again = f->fold[word[j]] == fold;
                if (again)
                    continue;
                if (now == 0)
                    tally_add(f, fold, &n);
                all += now;
                fresh += now && f->seen[fold] != f->stamp;
            }
        }
    }
    return all > 0 ? fresh / all : NAN;
}

/* How far the last year lies above the one before, in standard errors. */
static double step(const struct panel *p, uint32_t term, int year)
{
    double now = panel_papers(p, term, year, year), all = panel_total(p, year),
           before = panel_total(p, year - 1);
    if (before == 0)
        return NAN;
    double s1 = panel_papers(p, term, year - 1, year - 1) / before;
    return (now - all * s1) / sqrt(all * s1 + all * all * (s1 + 1 / before) / before + 1);
}

static double venues_at(struct features *f, uint32_t term, int year)
{
    double n = 0;
    for (size_t v = 0; v < f->p->families; v++)
        n += f->p->mine[v] && of_family(f->p, term, v, year, year) > 0;
    return n;
}

static void plain(struct features *f, const struct rising *c, int year, double *x)
{
    const struct panel *p = f->p;
    double s0 = panel_share(p, c->term, year), s1 = panel_share(p, c->term, year - 1), peak = 0, seen = 0;
    double s[2] = {0};
    const int from[2] = {3, 6}, to[2] = {2, 4};
    for (int k = 0; k < 2; k++) {
        double all = total(p, year - from[k], year - to[k]);
        s[k] = all > 0 ? panel_papers(p, c->term, year - from[k], year - to[k]) / all : 0;
    }
    for (int y = year - PEAK_YEARS + 1; y <= year; y++)
        peak = fmax(peak, y >= PANEL_START ? panel_share(p, c->term, y) : 0);
    for (int y = PANEL_START; y < year - 1; y++)
        seen += panel_papers(p, c->term, y, y) > 0;
    x[F_L0] = log(s0 + TINY_SHARE);
    x[F_L01] = log((s0 + TINY_SHARE) / (s1 + TINY_SHARE));
    x[F_L012] = log((s0 + s1 + TINY_SHARE) / (2 * s[0] + TINY_SHARE));
    x[F_L23] = log((s[0] + TINY_SHARE) / (s[1] + TINY_SHARE));
    x[F_BURST] = log1p(c->burst.weight);
    x[F_BURST_LENGTH] = c->burst.length;
    x[F_WORDS] = term_length(p->terms->key[c->term]);
    x[F_VENUES] = venues_at(f, c->term, year);
    x[F_VENUES1] = venues_at(f, c->term, year - 1);
    x[F_SEEN] = log1p(seen);
    x[F_PEAK] = s0 / (peak + TINY_SHARE);
    x[F_DF] = log1p(panel_papers(p, c->term, year, year));
}

void features_of(struct features *f, const struct rising *c, int year, double *x)
{
    const struct panel *p = f->p;
    x[F_P80] = memory(p, c->term, year, .8);
    x[F_N_LOG] = log(panel_papers(p, c->term, year - 1, year));
    x[F_X_CUM] = log1p(panel_papers(p, c->term, PANEL_CUM, year - 4));
    x[F_X_PRES] = presence(p, c->term, year);
    x[F_V_G3] = growth(p, c->term, year - 1, year, year - 6, year - 4);
    x[F_A_TOP] = top_author(f, c->term, year);
    x[F_C_NEW] = new_words(f, c->term, year);
    x[F_G_SUB1] = term_length(p->terms->key[c->term]) == 1;
    x[F_G_SUP] = log1p(c->longer);
    x[F_P_Z] = step(p, c->term, year);
    x[F_O_Z] = NAN;
    x[F_O] = log1p(papers_elsewhere(p, c->term, year - 1, year));
    plain(f, c, year, x);
    features_more(f, c, year, x);
}
