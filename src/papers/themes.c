/* Themes: a greedy cover of the papers by words of titles. */
#include "papers/themes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "codec/utf8.h"

#include "base/banned.h"

enum { LEAST = 3, TERMS_MOST = 1 << 16 };
#define SHARE_MOST .15
#define SHARE_LEAST .008
#define PAIR_WEIGHS 1.6

struct term {
    const char *words; /* of the first title that has it */
    uint32_t at;
    bool pair;
    uint32_t titles;
    double weight; /* how much it belongs to some categories */
};
struct terms_of {
    struct term *at;
    size_t n, room;
};
struct finding_themes {
    struct arena *arena;
    struct traits_reader *reader;
    const struct theme_paper *paper;
    size_t n, categories;
    struct terms_of terms;
    uint32_t *slot; /* by place: number of the term + 1 */
    uint32_t *last; /* by term: the last title counted, + 1 */
    size_t now;
    uint8_t *covered;
    double *share; /* of each category */
    bool failed;
};

static bool is_word(struct span word)
{
    static const char *const none[] = {
        "the",       "and",       "for",       "with",     "from",    "via",       "using",   "towards",
        "toward",    "are",       "can",       "how",      "what",    "why",       "when",    "does",
        "not",       "into",      "over",      "under",    "beyond",  "based",     "between", "through",
        "without",   "within",    "across",    "their",    "its",     "our",       "that",    "this",
        "more",      "less",      "new",       "novel",    "all",     "you",       "need",    "only",
        "better",    "large",     "approach",  "method",   "methods", "framework", "study",   "analysis",
        "improving", "efficient", "enhancing", "learning", "model",   "models",    "survey",  "review",
        "case"};
    bool latin = word.n && (uint8_t)word.p[0] < 0x80;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (span_is(word, none[i]))
            return false;
    return word.n >= 3 && (!latin || (word.p[0] >= 'a' && word.p[0] <= 'z'));
}

/* The two words of a pair: either may be a common one ("language models"), not both, and none a particle. */
static bool is_theme(enum trait_kind kind, struct span words)
{
    struct span rest = words, first;
    if (kind == TRAIT_WORD)
        return is_word(words) && words.n > 3;
    if (kind != TRAIT_PAIR)
        return false;
    span_cut(&rest, ' ', &first);
    bool common = span_is(rest, "learning") || span_is(rest, "models") || span_is(rest, "model");
    return is_word(first) && (common || is_word(rest));
}

static bool count_title(uint32_t at, enum trait_kind kind, struct span words, void *arg)
{
    struct finding_themes *f = arg;
    if (!is_theme(kind, words))
        return true;
    if (!f->slot[at]) {
        if (f->terms.n == TERMS_MOST)
            return true;
        struct term *t = VEC_PUSH(f->arena, &f->terms);
        AUTO_BUF struct buf shown;
        buf_init(&shown, 1024);
        utf8_clean(&shown, words);
        f->failed = !t;
        if (!t)
            return false;
        *t = (struct term){.words = buf_keep(&shown, f->arena), .at = at, .pair = kind == TRAIT_PAIR};
        f->slot[at] = (uint32_t)f->terms.n;
    }
    uint32_t number = f->slot[at] - 1;
    if (f->last[number] != f->now + 1) {
        f->last[number] = (uint32_t)f->now + 1;
        f->terms.at[number].titles++;
    }
    return true;
}

/* In the title, or more than once in the abstract (a title's words count twice). */
static bool holds(const struct theme_paper *p, uint32_t at)
{
    size_t low = 0, high = p->counts.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->counts.at[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low < p->counts.n && p->counts.at[low].at == at && p->counts.at[low].value >= 2;
}

/* How far the categories of the papers that hold it are from those of all: 0 for words that everybody uses.
 */
static void weigh(struct finding_themes *f, struct term *t, double *held)
{
    double all = 0, far = 0;
    memset(held, 0, f->categories * sizeof *held);
    for (size_t i = 0; i < f->n; i++)
        if (holds(&f->paper[i], t->at)) {
            held[f->paper[i].category]++;
            all++;
        }
    for (size_t c = 0; c < f->categories && all > 0; c++)
        if (held[c] > 0)
            far += held[c] / all * log(held[c] / all / f->share[c]);
    far -= (double)f->categories / (2 * (all > 1 ? all : 1)) * .5; /* what chance alone gives the few */
    t->weight = (all > SHARE_MOST * (double)f->n ? 0
                 : far > 0                       ? .08 + far
                                                 : .08) *
                (t->pair ? PAIR_WEIGHS : 1);
}

static bool prepare(struct finding_themes *f)
{
    f->slot = arena_array(f->arena, TRAITS, sizeof *f->slot);
    f->last = arena_array(f->arena, TERMS_MOST, sizeof *f->last);
    f->covered = arena_array(f->arena, f->n + 1, 1);
    f->share = arena_array(f->arena, f->categories + 1, sizeof *f->share);
    double *held = arena_array(f->arena, f->categories + 1, sizeof *held);
    if (!f->slot || !f->last || !f->covered || !f->share || !held)
        return false;
    for (f->now = 0; f->now < f->n; f->now++) {
        struct traits_paper p = {.title = f->paper[f->now].title};
        if (!traits_names(f->reader, &p, count_title, f) && f->failed)
            return false;
        f->share[f->paper[f->now].category] += 1.0 / (double)f->n;
        f->covered[f->now] = f->paper[f->now].left_out;
    }
    size_t kept = 0;
    double least = f->n * SHARE_LEAST > LEAST ? f->n * SHARE_LEAST : LEAST;
    for (size_t i = 0; i < f->terms.n; i++)
        if (f->terms.at[i].titles >= least) {
            f->terms.at[kept] = f->terms.at[i];
            weigh(f, &f->terms.at[kept++], held);
        }
    f->terms.n = kept;
    return true;
}

static int64_t uncovered(const struct finding_themes *f, uint32_t at)
{
    int64_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        n += !f->covered[i] && holds(&f->paper[i], at);
    return n;
}

static struct term *best_term(struct finding_themes *f, int64_t *papers)
{
    struct term *best = NULL;
    double most = 0;
    for (size_t i = 0; i < f->terms.n; i++) {
        struct term *t = &f->terms.at[i];
        int64_t n = t->weight > 0 ? uncovered(f, t->at) : 0;
        double value = (double)n * t->weight;
        if (n >= LEAST && (value > most || (best && value == most && strcmp(t->words, best->words) < 0))) {
            best = t;
            most = value;
            *papers = n;
        }
    }
    return best;
}

static int largest_first(const void *a, const void *b)
{
    const struct theme *x = a, *y = b;
    if (x->papers != y->papers)
        return x->papers > y->papers ? -1 : 1;
    return strcmp(x->words, y->words);
}

bool themes_find(struct arena *arena, struct traits_reader *reader, const struct theme_paper *papers,
                 size_t n, size_t categories, struct theme *out, size_t *themes, int64_t *rest,
                 struct err *err)
{
    struct finding_themes f = {
        .arena = arena, .reader = reader, .paper = papers, .n = n, .categories = categories};
    *themes = 0;
    *rest = 0;
    if (!prepare(&f))
        return fail_memory(err);
    for (struct term *t; *themes < THEMES_MOST; (*themes)++) {
        int64_t held = 0;
        if (!(t = best_term(&f, &held)))
            break;
        out[*themes] = (struct theme){t->words, held};
        t->weight = 0;
        for (size_t i = 0; i < n; i++)
            f.covered[i] |= holds(&papers[i], t->at);
    }
    for (size_t i = 0; i < n; i++)
        *rest += !f.covered[i];
    qsort(out, *themes, sizeof *out, largest_first);
    return true;
}
