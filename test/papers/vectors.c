/* Vectors: the same papers give the same bits, whatever is done at once, in slices, or stands beside them;
 * the closest are found by sign and number as by all of it. */
#include "test/test.h"

#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "io/crew.h"
#include "num/rng.h"
#include "papers/closest.h"

#include "base/banned.h"

enum { PAPERS = 150, LATER = 40, WORDS = 60 };

/* Paper `i`, the same whatever the others are: words of its topic. */
static void add_paper(struct stems *s, unsigned i)
{
    struct rng rng;
    struct err err = {0};
    AUTO_BUF struct buf title, abstract;
    unsigned topic = i % 12;
    buf_init(&title, 4000);
    buf_init(&abstract, 4000);
    rng_seed(&rng, 77 + i);
    for (int k = 0; k < 30; k++) {
        unsigned word =
            rng_below(&rng, 3) ? topic * 5 + (unsigned)rng_below(&rng, 5) : (unsigned)rng_below(&rng, WORDS);
        buf_printf(k < 5 ? &title : &abstract, "zq%c%cx ", (char)('a' + word / 26), (char)('a' + word % 26));
    }
    assert_ok(stems_add(s, buf_span(&title), buf_span(&abstract), 100, &err), &err);
}

/* Papers from `from` on, in this order, with `extra` unrelated ones at the end. */
static void make(struct stems *s, unsigned n, unsigned extra)
{
    struct err err = {0};
    assert_ok(stems_init(s, &err), &err);
    for (unsigned i = 0; i < n; i++)
        add_paper(s, i);
    for (unsigned i = 0; i < extra; i++)
        add_paper(s, 5000 + i);
}

static void learn(const struct stems *s, const uint32_t *paper, size_t n, unsigned hands,
                  struct lesson *lesson, struct learner *out)
{
    struct err err = {0};
    AUTO_CREW struct crew *crew = crew_new(hands, &err);
    assert_non_null(crew);
    struct twin_crew twins = {crew_hands(crew), crew_run, crew};
    assert_ok(lesson_make(lesson, s, paper, n, &err), &err);
    assert_ok(learner_begin(out, lesson, 3, 5, &err), &err);
    while (!learner_is_done(out))
        assert_ok(learner_step(out, &twins, &err), &err);
}

static void assert_same(const struct learner *a, const struct learner *b)
{
    assert_int_equal(a->twin.words, b->twin.words);
    assert_memory_equal(a->twin.e, b->twin.e, a->twin.words * a->twin.dims * sizeof *a->twin.e);
    assert_memory_equal(a->twin.squares, b->twin.squares, a->twin.words * sizeof *a->twin.squares);
}

void test_vectors__same_papers_and_seed_give_the_same_bits(void **state)
{
    (void)state;
    struct stems s;
    struct lesson one, two;
    struct learner a, b;
    uint32_t paper[PAPERS];
    make(&s, PAPERS, 0);
    for (uint32_t i = 0; i < PAPERS; i++)
        paper[i] = i;
    learn(&s, paper, PAPERS, 1, &one, &a);
    learn(&s, paper, PAPERS, 3, &two, &b);
    assert_same(&a, &b);
    assert_true(a.twin.words > 20 && a.twin.words <= WORDS);
    learner_free(&a);
    learner_free(&b);
    lesson_free(&one);
    lesson_free(&two);
    stems_free(&s);
}

/* A paper that is left out, and all that come after the cut, may as well not be there. */
void test_vectors__papers_left_out_or_later_change_no_bit(void **state)
{
    (void)state;
    struct stems with, without;
    struct lesson one, two;
    struct learner a, b;
    uint32_t left_out[PAPERS], all[PAPERS];
    struct err err = {0};
    make(&with, PAPERS, LATER);
    assert_ok(stems_init(&without, &err), &err);
    for (uint32_t i = 0, n = 0; i < PAPERS; i++)
        if (i != 0 && i != 70) {
            add_paper(&without, i);
            left_out[n] = i;
            all[n] = n;
            n++;
        }
    learn(&with, left_out, PAPERS - 2, 1, &one, &a);
    learn(&without, all, PAPERS - 2, 1, &two, &b);
    assert_same(&a, &b);
    learner_free(&b);
    lesson_free(&two);
    all[3] = all[4]; /* and a paper that is there changes some */
    learn(&without, all, PAPERS - 2, 1, &two, &b);
    assert_true(a.twin.words != b.twin.words ||
                memcmp(a.twin.e, b.twin.e, a.twin.words * a.twin.dims * sizeof *a.twin.e) != 0);
    learner_free(&a);
    learner_free(&b);
    lesson_free(&one);
    lesson_free(&two);
    stems_free(&with);
    stems_free(&without);
}

void test_vectors__going_on_begins_from_the_older_words(void **state)
{
    (void)state;
    struct stems s;
    struct lesson one, two;
    struct learner older, newer, fresh;
    struct err err = {0};
    uint32_t paper[PAPERS], of[40];
    make(&s, PAPERS, 0);
    for (uint32_t i = 0; i < PAPERS; i++)
        paper[i] = i;
    for (uint32_t i = 0; i < 40; i++)
        of[i] = i + 60;
    learn(&s, paper, 100, 1, &one, &older);
    assert_ok(lesson_make(&two, &s, paper, PAPERS, &err), &err);
    assert_ok(learner_begin(&newer, &two, 3, 5, &err), &err);
    assert_ok(learner_begin(&fresh, &two, 3, 5, &err), &err);
    learner_go_on(&newer, &older, of, 40);
    size_t kept = 0;
    for (size_t w = 0; w < two.words; w++) {
        uint32_t was = one.word_of[two.stem_of[w]];
        const float *from = was == NAME_NONE ? fresh.twin.e + w * TWIN_DIMS : older.twin.e + was * TWIN_DIMS;
        kept += was != NAME_NONE;
        assert_memory_equal(newer.twin.e + w * TWIN_DIMS, from, TWIN_DIMS * sizeof *from);
    }
    assert_true(kept > 10);
    assert_int_equal(newer.batches, 1);
    assert_ok(learner_step(&newer, NULL, &err), &err);
    learner_free(&older);
    learner_free(&newer);
    learner_free(&fresh);
    lesson_free(&one);
    lesson_free(&two);
    stems_free(&s);
}

enum { DOCS = 3000, LOOKS = 30 };

static void near_unit(struct rng *rng, const float *centre, float by, float v[static CLOSEST_DIMS])
{
    float length = 0;
    for (size_t k = 0; k < CLOSEST_DIMS; k++) {
        v[k] = (centre ? centre[k] : 0) + by * (float)rng_normal(rng);
        length += v[k] * v[k];
    }
    for (size_t k = 0; k < CLOSEST_DIMS; k++)
        v[k] /= sqrtf(length);
}

void test_vectors__signs_and_bytes_find_what_all_of_it_finds(void **state)
{
    (void)state;
    struct rng rng;
    struct err err = {0};
    struct space space = {.scale = 1};
    float *v = mem_get(DOCS * CLOSEST_DIMS * sizeof *v);
    struct coded *coded = mem_get(DOCS * sizeof *coded);
    uint32_t *number = mem_get(DOCS * sizeof *number);
    size_t same = 0;
    rng_seed(&rng, 3);
    for (uint32_t i = 0; i < DOCS; i++) {
        float *centre = i % 30 ? v + (i - i % 30) * CLOSEST_DIMS : NULL;
        near_unit(&rng, centre, centre ? .05f : 1, v + i * CLOSEST_DIMS);
        number[i] = 7 * i;
    }
    assert_ok(space_measure(&space, v, DOCS, &err), &err);
    size_t cut = 0;
    for (uint32_t i = 0; i < DOCS; i++) {
        space_code(&space, v + i * CLOSEST_DIMS, &coded[i]);
        for (size_t k = 0; k < CLOSEST_DIMS; k++)
            cut += fabsf(v[i * CLOSEST_DIMS + k] * space.scale) > 127.5f;
    }
    assert_in_range(cut, 0, DOCS * CLOSEST_DIMS / 900);
    for (size_t q = 0; q < LOOKS; q++) {
        AUTO_CLOSEST struct closest c = {0};
        struct closest_hit hits[10];
        size_t n, at = q * 90 + 5;
        assert_ok(closest_begin(&c, &space, v + at * CLOSEST_DIMS, 0, closest_want(DOCS), &err), &err);
        closest_look(&c, coded, number, 1000);
        closest_look(&c, coded + 1000, number + 1000, DOCS - 1000);
        assert_ok(closest_end(&c, hits, 10, &n, &err), &err);
        assert_int_equal(n, 10);
        assert_int_equal(hits[0].paper, 7 * at);
        assert_true(fabsf(hits[0].score - 1) < .02f);
        for (size_t i = 0; i < n; i++) {
            assert_true(i == 0 || hits[i].score <= hits[i - 1].score);
            size_t better = 0; /* documents that are closer by all digits */
            float mine = 0;
            for (size_t k = 0; k < CLOSEST_DIMS; k++)
                mine += v[at * CLOSEST_DIMS + k] * v[hits[i].paper / 7 * CLOSEST_DIMS + k];
            for (size_t d = 0; d < DOCS; d++) {
                float its = 0;
                for (size_t k = 0; k < CLOSEST_DIMS; k++)
                    its += v[at * CLOSEST_DIMS + k] * v[d * CLOSEST_DIMS + k];
                better += its > mine;
            }
            same += better < 10;
        }
    }
    assert_true(same >= LOOKS * 10 * 97 / 100);
    mem_free(v);
    mem_free(coded);
    mem_free(number);
}

void test_vectors__ties_go_to_the_one_that_came_first(void **state)
{
    (void)state;
    struct rng rng;
    struct err err = {0};
    struct space space = {.scale = 127};
    float v[CLOSEST_DIMS];
    struct coded coded[500];
    uint32_t number[500];
    struct closest_hit hits[5];
    size_t n;
    rng_seed(&rng, 4);
    near_unit(&rng, NULL, 1, v);
    for (uint32_t i = 0; i < 500; i++) {
        space_code(&space, v, &coded[i]);
        number[i] = 1000 - i;
    }
    AUTO_CLOSEST struct closest c = {0};
    assert_ok(closest_begin(&c, &space, v, CLOSEST_BY, 200, &err), &err);
    closest_look(&c, coded, number, 500);
    assert_ok(closest_end(&c, hits, 5, &n, &err), &err);
    for (uint32_t i = 0; i < 5; i++)
        assert_int_equal(hits[i].paper, 1000 - i);
}

void test_vectors__words_are_those_of_the_rule(void **state)
{
    (void)state;
    struct stems s;
    struct err err = {0};
    static const char *const want[] = {"3d", "run", "x2", "word2vec", "deep", "caf"};
    assert_ok(stems_init(&s, &err), &err);
    assert_ok(
        stems_add(&s, SPAN("The 3D-running of X2, 2018 a"), SPAN("word2vec DEEP caf\xc3\xa9 7"), 100, &err),
        &err);
    assert_int_equal(s.paper[0].title, 3);
    assert_int_equal(s.paper[0].abstract, 3);
    for (size_t i = 0; i < 6; i++)
        assert_true(span_is(vocabulary_at(&s.of, s.stem[i]), want[i]));
    assert_true(stem_is_stop(SPAN("whereafter")));
    assert_false(stem_is_stop(SPAN("deep")));
    stems_drop(&s, 0);
    assert_int_equal(s.stems, 0);
    stems_free(&s);
}
