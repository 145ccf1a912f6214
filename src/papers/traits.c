/* Texts into traits. A table remembers each distinct word's stem by its hash, so that a week of 5,000 papers
 * is read at the speed of cutting words. */
#include "papers/traits.h"

#include <math.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "papers/tokens.h"
#include "papers/vocabulary.h"

#include "base/banned.h"

enum { CACHE = 1 << 16, COUNT_MOST = 255, WORDS_MOST = 160, DIGIT = 9 /* bits: two are a place */ };

struct stemmed {
    uint64_t word, stem; /* hashes; word 0: empty */
};
struct traits_reader {
    struct index_build *stems;
    struct stemmed cache[CACHE];
    uint8_t count[TRAITS];
    uint32_t touched[1 << 16], sorting[1 << 16];
    size_t touched_n;
    struct buf folded;
};

struct traits_reader *traits_reader_new(struct err *err)
{
    struct traits_reader *r = mem_get(sizeof *r);
    if (!r) {
        (void)fail_memory(err);
        return NULL;
    }
    buf_init(&r->folded, 1 << 20);
    r->stems = index_build_new(err);
    if (r->stems)
        return r;
    mem_free(r);
    return NULL;
}

void traits_reader_free(struct traits_reader *r)
{
    if (!r)
        return;
    index_build_free(r->stems);
    buf_clear(&r->folded);
    mem_free(r);
}

void traits_free(struct traits *t)
{
    mem_free(t->at);
    *t = (struct traits){0};
}

/* ---- places ---- */

static uint64_t mix(uint64_t x)
{
    x ^= x >> 31;
    x *= 0x9E3779B97F4A7C15u;
    return x ^ x >> 29;
}

static uint32_t place(uint64_t hash)
{
    return (uint32_t)(mix(hash) >> 17) & (TRAITS - 1);
}

static uint64_t stem_of(struct traits_reader *r, const struct tokens *t)
{
    struct stemmed *at = &r->cache[mix(t->hash) >> 40 & (CACHE - 1)];
    if (at->word != t->hash) {
        char stem[TERM_MOST];
        size_t n = index_stem(r->stems, t->word, stem);
        *at = (struct stemmed){t->hash, span_hash(span_bytes(stem, n))};
    }
    return at->stem;
}

static uint32_t pair_of(uint64_t before, uint64_t stem)
{
    return place(mix(before) * 3 + stem);
}

/* A field's text without case and without what is neither letter nor digit, behind its letter. */
static uint32_t field(char kind, struct span text)
{
    char held[WORDS_MOST] = {1, kind};
    size_t n = 2;
    for (size_t i = 0; i < text.n && n < WORDS_MOST; i++) {
        char c = text.p[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80)
            held[n++] = c;
    }
    return place(span_hash(span_bytes(held, n)));
}

uint32_t traits_author(struct span name)
{
    return field('a', name);
}

uint32_t traits_category(struct span name)
{
    return field('c', name);
}

/* ---- counting ---- */

static void count(struct traits_reader *r, uint32_t at, unsigned times)
{
    if (!r->count[at]) {
        if (r->touched_n == sizeof r->touched / sizeof *r->touched)
            return;
        r->touched[r->touched_n++] = at;
    }
    r->count[at] = (uint8_t)(r->count[at] + times < COUNT_MOST ? r->count[at] + times : COUNT_MOST);
}

static void count_words(struct traits_reader *r, struct span text, unsigned times)
{
    struct tokens t;
    uint64_t before = 0;
    tokens_begin(&t, text, &r->folded);
    while (tokens_next(&t)) {
        uint64_t stem = stem_of(r, &t);
        count(r, place(stem), times);
        if (t.joined)
            continue;
        if (before)
            count(r, pair_of(before, stem), times);
        before = stem;
    }
}

static void count_fields(struct traits_reader *r, struct span list, char between, uint32_t (*of)(struct span))
{
    struct span one;
    while (list.n) {
        span_cut(&list, between, &one);
        if (span_trim(one).n)
            count(r, of(one), 1);
    }
}

/* Places ascending, by their low and then their high digit; each stands once. */
static void sort_places(uint32_t *at, uint32_t *other, size_t n)
{
    for (unsigned shift = 0; shift < 2 * DIGIT; shift += DIGIT) {
        uint32_t start[(1 << DIGIT) + 1] = {0}, mask = (1 << DIGIT) - 1;
        for (size_t i = 0; i < n; i++)
            start[(at[i] >> shift & mask) + 1]++;
        for (uint32_t d = 0; d < mask; d++)
            start[d + 1] += start[d];
        for (size_t i = 0; i < n; i++)
            other[start[at[i] >> shift & mask]++] = at[i];
        uint32_t *swap = at;
        at = other;
        other = swap;
    }
}

bool traits_count(struct traits_reader *r, const struct traits_paper *paper, struct traits *out,
                  struct err *err)
{
    r->touched_n = 0;
    count_words(r, paper->title, 2);
    count_words(r, paper->abstract, 1);
    count_fields(r, paper->authors, '\n', traits_author);
    count_fields(r, paper->categories, ' ', traits_category);
    sort_places(r->touched, r->sorting, r->touched_n);
    out->n = 0;
    bool room = rows_room(&out->at, 0, r->touched_n, &out->room, sizeof *out->at, err);
    for (size_t i = 0; i < r->touched_n; i++) {
        if (room)
            out->at[out->n++] = (struct trait){r->touched[i], r->count[r->touched[i]]};
        r->count[r->touched[i]] = 0;
    }
    return room;
}

/* ---- values ---- */

void traits_idf(const uint32_t *df, uint32_t papers, float *idf)
{
    double most = papers * TRAITS_SHARE;
    for (size_t i = 0; i < TRAITS; i++)
        idf[i] = df[i] < TRAITS_LEAST || (papers > 100 && df[i] > most)
                     ? 0
                     : (float)(log((1.0 + papers) / (1.0 + df[i])) + 1);
}

void traits_weigh(struct traits *t, const float *idf)
{
    static float ln[COUNT_MOST + 1]; /* the same whoever writes it */
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        unsigned c = (unsigned)t->at[i].value;
        if (idf[t->at[i].at] <= 0 || !c || c > COUNT_MOST)
            continue;
        if (ln[c] == 0)
            ln[c] = 1 + logf((float)c);
        float value = ln[c] * idf[t->at[i].at];
        t->at[n++] = (struct trait){t->at[i].at, value};
        sum += (double)value * value;
    }
    t->n = n;
    float scale = sum > 0 ? (float)(1 / sqrt(sum)) : 0;
    for (size_t i = 0; i < n; i++)
        t->at[i].value *= scale;
}

float traits_dot(const struct traits *a, const struct traits *b)
{
    float sum = 0;
    for (size_t i = 0, j = 0; i < a->n && j < b->n;) {
        if (a->at[i].at == b->at[j].at)
            sum += a->at[i++].value * b->at[j++].value;
        else if (a->at[i].at < b->at[j].at)
            i++;
        else
            j++;
    }
    return sum;
}

/* ---- names ---- */

static bool name_words(struct traits_reader *r, struct span text, traits_named *named, void *arg)
{
    struct tokens t;
    uint64_t before = 0;
    char pair[2 * TOKEN_MOST + 2];
    size_t first = 0;
    tokens_begin(&t, text, &r->folded);
    while (tokens_next(&t)) {
        uint64_t stem = stem_of(r, &t);
        if (t.joined)
            continue;
        if (!named(place(stem), TRAIT_WORD, t.word, arg))
            return false;
        if (before) {
            pair[first] = ' ';
            memcpy(pair + first + 1, t.word.p, t.word.n);
            if (!named(pair_of(before, stem), TRAIT_PAIR, span_bytes(pair, first + 1 + t.word.n), arg))
                return false;
        }
        before = stem;
        first = t.word.n;
        memcpy(pair, t.word.p, first);
    }
    return true;
}

bool traits_names(struct traits_reader *r, const struct traits_paper *paper, traits_named *named, void *arg)
{
    struct span rest, one;
    if (!name_words(r, paper->title, named, arg) || !name_words(r, paper->abstract, named, arg))
        return false;
    for (rest = paper->authors; rest.n;) {
        span_cut(&rest, '\n', &one);
        if (span_trim(one).n && !named(traits_author(one), TRAIT_AUTHOR, span_trim(one), arg))
            return false;
    }
    for (rest = paper->categories; rest.n;) {
        span_cut(&rest, ' ', &one);
        if (one.n && !named(traits_category(one), TRAIT_CATEGORY, one, arg))
            return false;
    }
    return true;
}

struct last {
    uint32_t at;
    unsigned n;
};

static bool take_last(uint32_t at, enum trait_kind kind, struct span words, void *arg)
{
    struct last *l = arg;
    (void)words;
    l->at = at;
    l->n += kind == TRAIT_WORD;
    return true;
}

bool traits_words(struct traits_reader *r, struct span words, uint32_t *at)
{
    struct last l = {0};
    struct traits_paper p = {.title = words};
    traits_names(r, &p, take_last, &l);
    *at = l.at;
    return l.n == 1 || l.n == 2;
}
