/* The learned taste against a support vector machine over all papers, on simulated readers; and that it
 * forgets, says no, and gives the same bits. */
#include "test/test.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "num/rng.h"
#include "papers/corpus.h"
#include "papers/taste.h"
#include "papers/tokens.h"
#include "papers/vocabulary.h"

#include "base/banned.h"

#define BESIDE TEST_DATA "/../../../shared/data/papers"

struct one {
    char *title, *abstract, *authors, *categories;
    struct traits counts, traits;
    bool test, match;
    float score;
};
struct all {
    struct one *at;
    size_t n, room;
    struct arena *arena;
    struct traits_reader *reader;
};

static void add(struct all *a, struct span title, struct span abstract, struct span authors,
                struct span categories)
{
    struct err err = {0};
    assert_ok(rows_room(&a->at, a->n, 1, &a->room, sizeof *a->at, &err), &err);
    struct one *o = &a->at[a->n];
    *o = (struct one){.title = arena_text(a->arena, title),
                      .abstract = arena_text(a->arena, abstract),
                      .authors = arena_text(a->arena, authors),
                      .categories = arena_text(a->arena, categories)};
    for (char *c = o->authors; *c; c++)
        *c = *c == ';' ? '\n' : *c;
    struct traits_paper p = {span_of(o->title), span_of(o->abstract), span_of(o->authors),
                             span_of(o->categories)};
    assert_ok(traits_count(a->reader, &p, &o->counts, &err), &err);
    a->n++;
}

static void begin(struct all *a)
{
    struct err err = {0};
    *a = (struct all){.arena = arena_new(), .reader = traits_reader_new(&err)};
    assert_non_null(a->reader);
}

static void end(struct all *a)
{
    for (size_t i = 0; i < a->n; i++) {
        traits_free(&a->at[i].counts);
        traits_free(&a->at[i].traits);
    }
    mem_free(a->at);
    traits_reader_free(a->reader);
    arena_free(a->arena);
}

static bool public_papers(struct all *a)
{
    const char *data = getenv("RESPITE_DATA");
    char path[4096];
    struct err err = {0};
    struct corpus AUTO_CORPUS c = {0};
    struct corpus_paper p;
    bool bad;
    snprintf(path, sizeof path, "%s/public_arxiv_2025m05_m09.jsonl.gz", data ? data : BESIDE);
    if (access(path, R_OK) != 0) {
        print_message("skipped, no data\n");
        return false;
    }
    begin(a);
    assert_ok(corpus_open(&c, path, &err), &err);
    while (corpus_next(&c, &p, &bad, &err))
        add(a, p.title, p.abstract, p.authors, p.categories);
    assert_int_equal(err.code, E_NONE);
    return true;
}

/* Halves by a hash, so that neighbours fall apart; the background is the first half. */
static void settle(struct all *a, struct ground *g)
{
    struct err err = {0};
    size_t half = 0;
    assert_ok(ground_begin(g, &err), &err);
    for (size_t i = 0; i < a->n; i++) {
        a->at[i].test = (i * 2654435761u >> 7) % 2;
        if (!a->at[i].test)
            assert_ok(
                ground_add(g, &a->at[i].counts, (int64_t)i, half++ % (a->n / 2 / TASTE_POOL + 1) == 0, &err),
                &err);
    }
    ground_settle(g);
    for (size_t i = 0; i < a->n; i++) {
        struct one *o = &a->at[i];
        o->traits.at = mem_get((o->counts.n + 1) * sizeof *o->traits.at);
        memcpy(o->traits.at, o->counts.at, o->counts.n * sizeof *o->traits.at);
        o->traits.n = o->counts.n;
        traits_weigh(&o->traits, g->idf);
    }
}

/* ---- readers ---- */

static bool has_word(struct traits_reader *r, const struct one *o, const uint32_t *word)
{
    (void)r;
    for (size_t i = 0; i < o->counts.n; i++)
        for (int w = 0; w < 3; w++)
            if (o->counts.at[i].at == word[w])
                return true;
    return false;
}

/* A category of some size and three words of its papers; the matches are those in it with one of them. */
static size_t draw_reader(struct all *a, const struct ground *g, struct rng *rng)
{
    for (;;) {
        const struct one *seed = &a->at[rng_below(rng, a->n)];
        struct span first, rest = span_of(seed->categories);
        uint32_t word[3];
        size_t n = 0;
        span_cut(&rest, ' ', &first);
        for (int tries = 0; n < 3 && tries < 400; tries++) {
            const struct one *o = &a->at[rng_below(rng, a->n)];
            struct tokens t;
            AUTO_BUF struct buf folded;
            buf_init(&folded, 1 << 20);
            if (span_find(span_of(o->categories), first) < 0)
                continue;
            size_t want = rng_below(rng, 150), at = 0;
            uint32_t place = 0;
            tokens_begin(&t, span_of(o->abstract), &folded);
            while (tokens_next(&t) && at++ < want)
                if (!traits_words(a->reader, t.word, &place))
                    place = 0;
            if (place && g->df[place] >= 20 && g->df[place] <= 150)
                word[n++] = place;
        }
        size_t matches = 0, kept = 0;
        for (size_t i = 0; n == 3 && i < a->n; i++) {
            struct one *o = &a->at[i];
            o->match = span_find(span_of(o->categories), first) >= 0 && has_word(a->reader, o, word);
            matches += o->match && o->test;
            kept += o->match && !o->test;
        }
        if (n == 3 && matches >= 25 && kept >= 15 && kept <= 120)
            return kept;
    }
}

static int best_first(const void *x, const void *y)
{
    const struct one *const *a = x, *const *b = y;
    return ((*a)->score < (*b)->score) - ((*a)->score > (*b)->score);
}

static void recall(struct all *a, double *at7, double *at25)
{
    const struct one **order = mem_get(a->n * sizeof *order);
    size_t n = 0, in7 = 0, in25 = 0;
    for (size_t i = 0; i < a->n; i++)
        if (a->at[i].test)
            order[n++] = &a->at[i];
    qsort(order, n, sizeof *order, best_first);
    for (size_t i = 0; i < 25; i++) {
        in7 += i < 7 && order[i]->match;
        in25 += order[i]->match;
    }
    *at7 += in7 / 7.0 / 20;
    *at25 += in25 / 25.0 / 20;
    mem_free(order);
}

static void by_taste(struct all *a, const struct ground *g)
{
    struct err err = {0};
    struct example *e = mem_get(a->n * sizeof *e);
    struct taste AUTO_TASTE taste = {0};
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++)
        if (a->at[i].match && !a->at[i].test)
            e[n++] = (struct example){a->at[i].traits, (int64_t)i, true, 1};
    assert_ok(taste_learn(g, e, n, &taste, &err), &err);
    for (size_t i = 0; i < a->n; i++)
        a->at[i].score = taste_sum(&taste, &a->at[i].traits);
    mem_free(e);
}

/* Hinge squared, C = .01, classes balanced, all papers: dual coordinate descent (Hsieh and others 2008). */
static void by_machine(struct all *a, size_t kept)
{
    float *w = mem_get((TRAITS + 1) * sizeof *w);
    double *alpha = mem_get(a->n * sizeof *alpha);
    size_t n = 0;
    struct rng rng;
    rng_seed(&rng, 1);
    for (size_t i = 0; i < a->n; i++)
        n += !a->at[i].test;
    for (int round = 0; round < 20; round++)
        for (size_t step = 0; step < a->n; step++) {
            size_t i = rng_below(&rng, a->n);
            const struct one *o = &a->at[i];
            if (o->test)
                continue;
            double y = o->match ? 1 : -1, c = .01 * (double)n / 2 / (double)(o->match ? kept : n - kept);
            double d = 1 / (2 * c), sum = w[TRAITS];
            for (size_t k = 0; k < o->traits.n; k++)
                sum += w[o->traits.at[k].at] * o->traits.at[k].value;
            double next = alpha[i] - (y * sum - 1 + d * alpha[i]) / (2 + d);
            next = next > 0 ? next : 0;
            float by = (float)((next - alpha[i]) * y);
            alpha[i] = next;
            for (size_t k = 0; k < o->traits.n; k++)
                w[o->traits.at[k].at] += by * o->traits.at[k].value;
            w[TRAITS] += by;
        }
    for (size_t i = 0; i < a->n; i++) {
        a->at[i].score = 0;
        for (size_t k = 0; k < a->at[i].traits.n; k++)
            a->at[i].score += w[a->at[i].traits.at[k].at] * a->at[i].traits.at[k].value;
    }
    mem_free(w);
    mem_free(alpha);
}

void test_taste__finds_what_a_support_vector_machine_finds(void **state)
{
    (void)state;
    struct all a;
    struct ground AUTO_GROUND g = {0};
    struct rng rng;
    double ours7 = 0, ours25 = 0, its7 = 0, its25 = 0;
    if (!public_papers(&a))
        return;
    settle(&a, &g);
    rng_seed(&rng, 7);
    for (int reader = 0; reader < 20; reader++) {
        size_t kept = draw_reader(&a, &g, &rng);
        by_taste(&a, &g);
        recall(&a, &ours7, &ours25);
        by_machine(&a, kept);
        recall(&a, &its7, &its25);
    }
    print_message(
        "of the first 7 and 25, papers the reader would keep: %.3f, %.3f; the machine's %.3f, %.3f\n", ours7,
        ours25, its7, its25);
    assert_true(ours7 >= its7 - .02);
    assert_true(ours25 >= its25 - .02);
    end(&a);
}

/* ---- small ones ---- */

/* Forty papers of four subjects with words of their own. */
static void forty(struct all *a, struct ground *g)
{
    static const char *const words[] = {"gripper terrain torque", "attention sinks tokens",
                                        "matroids cliques tilings", "lexicons dialogue parsing"};
    struct err err = {0};
    begin(a);
    for (int i = 0; i < 40; i++)
        add(a, span_of(words[i % 4]), span_of(words[i % 4]), SPAN("A. Noether; E. Lasker"), SPAN("cs.LG"));
    assert_ok(ground_begin(g, &err), &err);
    for (size_t i = 0; i < a->n; i++)
        assert_ok(ground_add(g, &a->at[i].counts, (int64_t)i, true, &err), &err);
    ground_settle(g);
    for (size_t i = 0; i < a->n; i++) {
        struct one *o = &a->at[i];
        o->traits.at = mem_get((o->counts.n + 1) * sizeof *o->traits.at);
        memcpy(o->traits.at, o->counts.at, o->counts.n * sizeof *o->traits.at);
        o->traits.n = o->counts.n;
        traits_weigh(&o->traits, g->idf);
    }
}

static void learn(const struct all *a, const struct ground *g, const struct example *e, size_t n,
                  struct taste *out)
{
    (void)a;
    struct err err = {0};
    assert_ok(taste_learn(g, e, n, out, &err), &err);
}

void test_taste__not_for_me_and_age_count(void **state)
{
    (void)state;
    struct all a;
    struct ground AUTO_GROUND g = {0};
    struct taste AUTO_TASTE one = {0}, no = {0}, old = {0};
    forty(&a, &g);
    struct example kept = {a.at[0].traits, 0, true, 1}, against = {a.at[2].traits, 2, false, 1};
    struct example both[] = {kept, {a.at[1].traits, 1, true, 1}},
                   aged[] = {{a.at[0].traits, 0, true, taste_age(730)}, both[1]};
    struct example said[] = {kept, against};
    learn(&a, &g, both, 2, &one);
    assert_true(taste_sum(&one, &a.at[4].traits) > taste_sum(&one, &a.at[6].traits));
    learn(&a, &g, said, 2, &no);
    assert_true(taste_sum(&no, &a.at[6].traits) <
                taste_sum(&no, &a.at[7].traits)); /* worse than a stranger */
    learn(&a, &g, aged, 2, &old);
    assert_true(taste_sum(&old, &a.at[4].traits) - taste_sum(&old, &a.at[5].traits) <
                taste_sum(&one, &a.at[4].traits) - taste_sum(&one, &a.at[5].traits));
    assert_true(taste_age(365) == .5f && taste_age(-3) == 1);
    end(&a);
}

void test_taste__the_same_papers_give_the_same_bits(void **state)
{
    (void)state;
    struct all a;
    struct ground AUTO_GROUND g = {0};
    struct taste AUTO_TASTE x = {0}, y = {0}, none = {0};
    forty(&a, &g);
    struct example e[] = {{a.at[0].traits, 0, true, 1}, {a.at[1].traits, 1, false, .3f}};
    learn(&a, &g, e, 2, &x);
    learn(&a, &g, e, 2, &y);
    assert_memory_equal(x.weight, y.weight, TRAITS * sizeof *x.weight);
    assert_true(x.bias == y.bias);
    learn(&a, &g, e + 1, 1, &none);
    assert_false(none.known);
    end(&a);
}
