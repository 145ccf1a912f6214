/* The features of fields with abstracts: levels and trends of other lengths, venues, variants of the
 * spelling, authors, the company of words the term keeps, its place in titles, its parts, and other fields.
 */
#include <math.h>

#include "papers/features.h"

#include "base/banned.h"

enum { DRAWN = 8, SLOPE_YEARS = 5, AGE_FROM = 1995, OLD_FROM = 25, OLD_TO = 6 };
#define MISSING_LOG 1e-5

static double share_of(const struct panel *p, uint32_t term, int from, int to)
{
    double n = 0, all = 0;
    for (int y = from; y <= to; y++) {
        n += panel_papers(p, term, y, y);
        all += panel_total(p, y);
    }
    return all > 0 ? n / all : 0;
}

/* Weighted slope of the log share over the last five years. */
static double slope(const struct panel *p, uint32_t term, int year, double s)
{
    double w_sum = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;
    for (int y = year - SLOPE_YEARS + 1; y <= year; y++) {
        if (y < PANEL_START || panel_total(p, y) == 0)
            continue;
        double n = panel_papers(p, term, y, y), w = n + .5, t = y - year;
        double v = log((n + .5) / (panel_total(p, y) + .5 / s));
        w_sum += w;
        wx += w * t;
        wy += w * v;
        wxx += w * t * t;
        wxy += w * t * v;
    }
    double below = w_sum * wxx - wx * wx;
    return below > 1e-12 ? (w_sum * wxy - wx * wy) / below : 0;
}

/* How much the term sits in few venues, against where all papers are. */
static void venues(struct features *f, uint32_t term, int year, double *x)
{
    const struct panel *p = f->p;
    double n = panel_papers(p, term, year - 1, year), all = 0, sum = 0, most = 0, families = 0;
    for (size_t v = 0; v < p->families; v++)
        all += p->mine[v] ? panel_count(p, year - 1, v) + panel_count(p, year, v) : 0;
    for (size_t v = 0; v < p->families; v++) {
        double n_v = 0, all_v = p->mine[v] ? panel_count(p, year - 1, v) + panel_count(p, year, v) : 0;
        size_t at, end;
        if (all_v == 0)
            continue;
        families++;
        panel_places(p, term, year - 1, year, &at, &end);
        for (; at < end; at++)
            n_v += p->texts->paper[p->terms->paper[at]].venue == v;
        sum += n_v > 0 ? n_v / n * log(n_v / n / (all_v / all)) : 0;
        most = fmax(most, n_v / n);
    }
    x[F_V_CONC] = sum - (families - 1) / (2 * n);
    x[F_V_MOST] = most;
}

/* The first year it was there, from AGE_FROM; and how high it once stood. */
static void past(const struct panel *p, uint32_t term, int year, double s, double *x)
{
    int born = year;
    double peak = 0;
    for (int y = year - 1; y >= AGE_FROM; y--)
        born = panel_papers(p, term, y, y) > 0 ? y : born;
    for (int y = year - OLD_FROM; y <= year - OLD_TO; y++) {
        double all = panel_total(p, y) + panel_total(p, y - 1);
        peak = fmax(peak, all > 0 ? (panel_papers(p, term, y - 1, y) + .5) / (all + .5 / s) : 0);
    }
    x[F_AGE] = log1p(year - born);
    x[F_OLD_PEAK] = log((peak + MISSING_LOG) / s);
}

/* Other spellings of the term, known by the year. */
static void variants(struct features *f, uint32_t term, int year, double *x)
{
    const struct panel *p = f->p;
    double n = panel_papers(p, term, year - 1, year), before = panel_papers(p, term, year - 3, year - 2);
    double other = 0, other_before = 0, all = panel_total(p, year) + panel_total(p, year - 1);
    double all_before = panel_total(p, year - 2) + panel_total(p, year - 3);
    uint32_t spelling = f->spelling[term];
    for (uint32_t i = f->same_start[spelling]; i < f->same_start[spelling + 1]; i++)
        if (f->same[i] != term && p->known[f->same[i]] <= year) {
            other += panel_papers(p, f->same[i], year - 1, year);
            other_before += panel_papers(p, f->same[i], year - 3, year - 2);
        }
    double scale = all_before > 0 ? all / all_before : 1;
    x[F_VAR] = log((other + 1) / (n + 1));
    x[F_VAR_GROWTH] = log((other + 1) / (other_before * scale + 1));
    x[F_BOTH_GROWTH] = log((other + n + 1) / ((other_before + before) * scale + 1));
    x[F_VAR_ANY] = other > 0;
}

/* Expected different things among DRAWN of `all` places of which f->times[list[i]] are of thing i. */
static double rarefied(const struct features *f, size_t n, double all, double drawn)
{
    double sum = 0;
    if (all <= drawn)
        return (double)n;
    for (size_t i = 0; i < n; i++) {
        double k = f->times[f->list[i]], none = 1;
        for (double j = 0; j < drawn; j++)
            none *= fmax(0, (all - k - j) / (all - j));
        sum += 1 - none;
    }
    return sum;
}

static uint32_t author_of(const struct texts_paper *x, bool last)
{
    return last ? x->last : x->first;
}

/* Authors of the term's papers of the years under a new stamp; how many different ones, and papers with one.
 */
static size_t tally_authors(struct features *f, uint32_t term, int from, int to, bool last, double *papers)
{
    size_t at, end, n;
    tally_begin(f, &n);
    *papers = 0;
    panel_places(f->p, term, from, to, &at, &end);
    for (; at < end; at++) {
        const struct texts_paper *x = &f->p->texts->paper[f->p->terms->paper[at]];
        if (!f->p->mine[x->venue] || author_of(x, last) == NAME_NONE)
            continue;
        tally_add(f, author_of(x, last), &n);
        ++*papers;
    }
    return n;
}

static void authors(struct features *f, uint32_t term, int year, double *x)
{
    double papers, fresh = 0, joined = 0;
    size_t n = tally_authors(f, term, year - 1, year, false, &papers);
    x[F_A_FIRST] = papers > 0 ? rarefied(f, n, papers, DRAWN) / fmin(papers, DRAWN) : NAN;
    for (size_t i = 0; i < n; i++)
        fresh += f->author_from[f->list[i]] >= year - 1;
    x[F_A_NEW] = n ? fresh / (double)n : NAN;
    n = tally_authors(f, term, year - 1, year, true, &papers);
    x[F_A_LAST] = papers > 0 ? rarefied(f, n, papers, DRAWN) / fmin(papers, DRAWN) : NAN;
    /* Last authors of now who had no paper with the term in T-6…T-2. */
    tally_authors(f, term, year - 6, year - 2, true, &papers);
    uint32_t old = f->stamp;
    size_t at, end, all = 0;
    panel_places(f->p, term, year - 1, year, &at, &end);
    for (; at < end; at++) {
        const struct texts_paper *a = &f->p->texts->paper[f->p->terms->paper[at]];
        if (!f->p->mine[a->venue] || a->last == NAME_NONE)
            continue;
        all++;
        joined += f->seen[a->last] != old;
    }
    x[F_A_JOINED] = all ? joined / (double)all : NAN;
}

static bool one_of(const struct features *f, uint32_t word, const char *const *list)
{
    struct span s = vocabulary_at(&f->p->texts->words_of, word);
    for (; *list; list++)
        if (span_is(s, *list))
            return true;
    return false;
}

/* Where the term stands in a title of n words, or -1. */
static int place_in(const uint32_t *word, unsigned n, uint64_t key)
{
    unsigned m = term_length(key);
    for (unsigned i = 0; i + m <= n; i++)
        if (term_key(word + i, m) == key)
            return (int)i;
    return -1;
}

static void titles(struct features *f, uint32_t term, int year, double *x)
{
    static const char *const of[] = {"for", "of", "on", NULL}, *const before[] = {"for", "in", "to", NULL};
    static const char *const with[] = {"via", "with", "using", "by", "through", "from", "based", NULL};
    const struct panel *p = f->p;
    uint64_t key = p->terms->key[term];
    double all = 0, at_start = 0, at_end = 0, after_of = 0, after_with = 0, before_for = 0;
    size_t at, end;
    panel_places(p, term, year - 1, year, &at, &end);
    for (; at < end; at++) {
        const struct texts_paper *t = &p->texts->paper[p->terms->paper[at]];
        const uint32_t *word = p->texts->word + t->at;
        int i = p->mine[t->venue] ? place_in(word, t->title, key) : -1;
        if (i < 0)
            continue;
        int behind = i + (int)term_length(key);
        all++;
        at_start += i == 0;
        at_end += behind == t->title;
        after_of += i > 0 && one_of(f, word[i - 1], of);
        after_with += i > 0 && one_of(f, word[i - 1], with);
        before_for += behind < t->title && one_of(f, word[behind], before);
    }
    x[F_T_START] = all > 0 ? at_start / all : NAN;
    x[F_T_END] = all > 0 ? at_end / all : NAN;
    x[F_T_FOR] = all > 0 ? after_of / all : NAN;
    x[F_T_WITH] = all > 0 ? after_with / all : NAN;
    x[F_T_BEFORE] = all > 0 ? before_for / all : NAN;
}

static bool of_term(const struct features *f, uint64_t key, uint32_t fold)
{
    for (unsigned i = 0; i < term_length(key); i++)
        if (f->fold[term_word(key, i)] == fold)
            return true;
    return false;
}

/* The other words in its titles now: how different, how many, how common the commonest. */
static void company(struct features *f, uint32_t term, int year, double *x)
{
    const struct panel *p = f->p;
    size_t at, end, n;
    double papers = 0, words = 0, most = 0;
    tally_begin(f, &n);
    panel_places(p, term, year - 1, year, &at, &end);
    for (; at < end; at++) {
        const struct texts_paper *t = &p->texts->paper[p->terms->paper[at]];
        const uint32_t *word = p->texts->word + t->at;
        papers += p->mine[t->venue];
        for (size_t i = 0; p->mine[t->venue] && i < t->title; i++) {
            uint32_t fold = f->fold[word[i]];
            bool again = fold == NAME_NONE || of_term(f, p->terms->key[term], fold);
            for (size_t j = 0; j < i && !again; j++)
                again = f->fold[word[j]] == fold;
            if (again)
                continue;
            words++;
            tally_add(f, fold, &n);
            most = fmax(most, f->times[fold]);
        }
    }
    double drawn = fmin(papers, DRAWN), mean = papers > 0 ? words / papers : 0;
    x[F_C_MEAN] = mean;
    x[F_C_RICH] = mean > 0 ? rarefied(f, n, papers, DRAWN) / (drawn * mean) : NAN;
    x[F_C_TOP] = papers > 0 ? most / papers : NAN;
}

/* Share and growth of a word of the term by itself; 0 for a term of one word. */
static void part(struct features *f, uint64_t key, unsigned i, int year, double *share, double *grew)
{
    const struct panel *p = f->p;
    uint32_t word = term_word(key, i), term = terms_find(p->terms, term_key(&word, 1));
    *share = *grew = 0;
    if (term_length(key) == 1 || term == NAME_NONE || p->known[term] > year)
        return;
    double now = share_of(p, term, year - 1, year), was = share_of(p, term, year - 6, year - 4);
    *share = log(now + MISSING_LOG);
    *grew = log((now + MISSING_LOG) / (was + MISSING_LOG));
}

static bool hyphened(const struct features *f, uint64_t key)
{
    for (unsigned i = 0; i < term_length(key); i++)
        if (span_find(vocabulary_at(&f->p->texts->words_of, term_word(key, i)), SPAN("-")) >= 0)
            return true;
    return false;
}

void features_more(struct features *f, const struct rising *c, int year, double *x)
{
    const struct panel *p = f->p;
    uint64_t key = p->terms->key[c->term];
    double n = panel_papers(p, c->term, year - 1, year), s = share_of(p, c->term, year - 1, year);
    x[F_P50] = memory(p, c->term, year, .5);
    x[F_P95] = memory(p, c->term, year, .95);
    x[F_SLOPE] = slope(p, c->term, year, s);
    x[F_S_LOG] = log(s);
    x[F_V_G1] = panel_total(p, year) > 0 ? growth(p, c->term, year, year, year - 1, year - 1) : NAN;
    x[F_V_G2] = growth(p, c->term, year - 1, year, year - 3, year - 2);
    x[F_V_G10] = growth(p, c->term, year - 1, year, year - 10, year - 4);
    venues(f, c->term, year, x);
    past(p, c->term, year, s, x);
    variants(f, c->term, year, x);
    authors(f, c->term, year, x);
    titles(f, c->term, year, x);
    company(f, c->term, year, x);
    x[F_HYPHEN] = hyphened(f, key);
    part(f, key, term_length(key) - 1, year, &x[F_LAST_SHARE], &x[F_LAST_GROWTH]);
    part(f, key, 0, year, &x[F_FIRST_SHARE], &x[F_FIRST_GROWTH]);
    x[F_LONGER] = log1p(c->longer_ever) - log1p(panel_papers(p, c->term, PANEL_CUM, year));
    x[F_LONGEST] = c->longest / n;
    double elsewhere = 0, before = 0;
    for (int y = year - 1; y <= year; y++) {
        elsewhere += p->elsewhere[y - PANEL_FROM];
        before += p->elsewhere[y - 2 - PANEL_FROM];
    }
    double o = papers_elsewhere(p, c->term, year - 1, year),
           o_was = papers_elsewhere(p, c->term, year - 3, year - 2);
    x[F_O_SHARE] = elsewhere > 0 ? log(o / elsewhere + MISSING_LOG) : NAN;
    x[F_O_GROWTH] = elsewhere > 0 && before > 0
                        ? log((o / elsewhere + MISSING_LOG) / (o_was / before + MISSING_LOG))
                        : NAN;
}
