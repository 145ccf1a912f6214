/* The scoop check against a plain ranker and a planted field. The plain one is the reference of the public
 * files: TF-IDF as everybody makes it, whose recall is known. */
#include "test/test.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "num/rng.h"
#include "papers/closest.h"
#include "papers/near_words.h"
#include "papers/texts.h"

#include "base/banned.h"

#define BESIDE TEST_DATA "/../../../shared/data/papers"

/* ---- the plain ranker: tokens [a-zA-Z][a-zA-Z0-9]+, stop words, df >= 2, (1 + ln tf)(ln((1+N)/(1+df)) + 1)
 * ---- */

struct doc {
    uint32_t *word;
    float *x;
    size_t n;
    int year;
    bool pool;
    uint32_t group; /* + 1 */
};
struct plain {
    struct vocabulary words;
    struct doc *doc;
    size_t n, room;
    uint32_t *df;
};

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static size_t tokens_of(struct vocabulary *words, struct span text, uint32_t *out, size_t most)
{
    struct err err = {0};
    size_t n = 0;
    for (size_t i = 0; i < text.n && n < most;) {
        char word[80];
        size_t k = 0;
        while (i < text.n && !stem_byte(text.p[i]))
            i++;
        bool letter = i < text.n && (text.p[i] < '0' || text.p[i] > '9');
        if (!letter) { /* the pattern begins anew at the first letter behind digits */
            while (i < text.n && text.p[i] >= '0' && text.p[i] <= '9')
                i++;
            letter = i < text.n && stem_byte(text.p[i]);
        }
        for (; i < text.n && stem_byte(text.p[i]); i++)
            if (k < sizeof word)
                word[k++] = text.p[i] >= 'A' && text.p[i] <= 'Z' ? (char)(text.p[i] + 32) : text.p[i];
        if (letter && k > 1 && !stem_is_stop((struct span){word, k}))
            assert_ok(vocabulary_add(words, (struct span){word, k}, &out[n++], &err), &err);
    }
    qsort(out, n, sizeof *out, by_number);
    return n;
}

static void plain_add(struct plain *p, const struct corpus_paper *paper, bool abstracts)
{
    static uint32_t all[1 << 16];
    struct err err = {0};
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 20);
    buf_add(&text, paper->title);
    buf_add_byte(&text, ' ');
    if (abstracts)
        buf_add(&text, paper->abstract);
    size_t n = tokens_of(&p->words, buf_span(&text), all, 1 << 16);
    assert_ok(rows_room(&p->doc, p->n, 1, &p->room, sizeof *p->doc, &err), &err);
    struct doc *d = &p->doc[p->n++];
    *d = (struct doc){.word = mem_get((n + 1) * sizeof *d->word),
                      .x = mem_get((n + 1) * sizeof *d->x),
                      .year = paper->year,
                      .pool = !abstracts || paper->abstract.n > TEXT_LEAST};
    for (size_t i = 0; i < n; i++) {
        if (d->n == 0 || d->word[d->n - 1] != all[i]) {
            d->word[d->n] = all[i];
            d->x[d->n++] = 0;
        }
        d->x[d->n - 1]++;
    }
}

static void plain_weigh(struct plain *p)
{
    p->df = mem_get((p->words.n + 1) * sizeof *p->df);
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < p->doc[i].n; k++)
            p->df[p->doc[i].word[k]]++;
    for (size_t i = 0; i < p->n; i++) {
        struct doc *d = &p->doc[i];
        double squares = 0;
        for (size_t k = 0; k < d->n; k++) {
            uint32_t df = p->df[d->word[k]];
            double idf = log((1. + (double)p->n) / (1. + df)) + 1;
            d->x[k] = df < 2 ? 0 : (float)((1 + log((double)d->x[k])) * idf);
            squares += (double)d->x[k] * (double)d->x[k];
        }
        for (size_t k = 0; k < d->n && squares > 0; k++)
            d->x[k] /= (float)sqrt(squares);
    }
}

static double plain_recall(const struct plain *p, size_t most, size_t *queries)
{
    float *query = mem_get((p->words.n + 1) * sizeof *query);
    double sum = 0;
    *queries = 0;
    for (size_t q = 0; q < p->n; q++) {
        double wanted = 0, found = 0, score[64];
        size_t better[64] = {0}, others[64], n = 0;
        if (!p->doc[q].group || !p->doc[q].pool)
            continue;
        for (size_t k = 0; k < p->doc[q].n; k++)
            query[p->doc[q].word[k]] = p->doc[q].x[k];
        for (int pass = 0; pass < 2; pass++)
            for (size_t i = 0; i < p->n; i++) {
                const struct doc *d = &p->doc[i];
                double dot = 0;
                bool other = d->group == p->doc[q].group && i != q;
                if (i == q || !d->pool || abs(d->year - p->doc[q].year) > 1 || (pass == 0 && !other))
                    continue;
                for (size_t k = 0; k < d->n; k++)
                    dot += (double)d->x[k] * (double)query[d->word[k]];
                if (pass == 0 && n < 64) {
                    score[n] = dot;
                    others[n++] = i;
                }
                for (size_t k = 0; pass == 1 && k < n; k++)
                    better[k] += dot > score[k] || (dot == score[k] && i < others[k]);
            }
        for (size_t k = 0; k < p->doc[q].n; k++)
            query[p->doc[q].word[k]] = 0;
        for (size_t k = 0; k < n; k++) {
            wanted++;
            found += better[k] < most;
        }
        if (wanted > 0) {
            sum += found / wanted;
            ++*queries;
        }
    }
    mem_free(query);
    return sum / (double)(*queries ? *queries : 1);
}

static void plain_free(struct plain *p)
{
    for (size_t i = 0; i < p->n; i++) {
        mem_free(p->doc[i].word);
        mem_free(p->doc[i].x);
    }
    mem_free(p->doc);
    mem_free(p->df);
    vocabulary_free(&p->words);
}

static void fold(struct span title, char *out, size_t most)
{
    char word[WORD_MOST];
    size_t n, k = 0;
    while (texts_word(&title, word, &n))
        for (size_t i = 0; i < n; i++)
            if (word[i] != '-' && k + 1 < most)
                out[k++] = word[i];
    out[k] = 0;
}

/* Which group a paper is of, by folded title and year. */
struct keys {
    struct vocabulary names;
    uint32_t group[1000];
};

static void keys_read(struct keys *keys, const char *folder)
{
    char path[4096], name[2000], title[1000];
    struct err err = {0};
    snprintf(path, sizeof path, "%s/scoop_groups_to2018.json", folder);
    json_t *groups = json_load_file(path, 0, NULL);
    assert_non_null(groups);
    for (size_t i = 0; i < json_array_size(groups); i++)
        for (size_t k = 0; k < json_array_size(json_array_get(groups, i)); k++) {
            const json_t *one = json_array_get(json_array_get(groups, i), k);
            uint32_t number;
            fold(span_of(json_string_value(json_object_get(one, "title"))), title, sizeof title);
            snprintf(name, sizeof name, "%d %s", (int)json_integer_value(json_object_get(one, "year")),
                     title);
            assert_ok(vocabulary_add(&keys->names, span_of(name), &number, &err), &err);
            keys->group[number] = (uint32_t)i + 1;
        }
    json_decref(groups);
}

static void read_file(struct plain *p, const struct keys *keys, const char *folder, const char *file,
                      bool abstracts)
{
    char path[4096], name[2000], title[1000];
    struct err err = {0};
    AUTO_CORPUS struct corpus c = {0};
    struct corpus_paper paper;
    bool bad;
    snprintf(path, sizeof path, "%s/%s", folder, file);
    assert_ok(corpus_open(&c, path, &err), &err);
    while (corpus_next(&c, &paper, &bad, &err)) {
        fold(paper.title, title, sizeof title);
        snprintf(name, sizeof name, "%d %s", paper.year, title);
        uint32_t number = vocabulary_find(&keys->names, span_of(name));
        plain_add(p, &paper, abstracts);
        if (number != NAME_NONE)
            p->doc[p->n - 1].group = keys->group[number];
    }
    assert_int_equal(err.code, E_NONE);
}

static void plain_row(const char *folder, bool abstracts, double r10, double r50)
{
    struct plain p = {.words.most = 1 << 22};
    struct keys *keys = mem_get(sizeof *keys);
    size_t queries;
    keys->names.most = 1000;
    keys_read(keys, folder);
    read_file(&p, keys, folder, "public_conf_to2018.jsonl.gz", abstracts);
    read_file(&p, keys, folder, "public_acl_to2018.jsonl.gz", abstracts);
    plain_weigh(&p);
    double at10 = plain_recall(&p, 10, &queries), at50 = plain_recall(&p, 50, &queries);
    print_message("TF-IDF, %s: n=%zu R@10=%.3f R@50=%.3f\n", abstracts ? "with abstracts" : "titles", queries,
                  at10, at50);
    assert_int_equal(queries, 120);
    assert_true(fabs(at10 - r10) <= .02 && fabs(at50 - r50) <= .02);
    plain_free(&p);
    vocabulary_free(&keys->names);
    mem_free(keys);
}

void test_scoop__plain_ranker_gives_the_known_recall(void **state)
{
    (void)state;
    const char *folder = getenv("RESPITE_DATA");
    char path[4096];
    folder = folder && *folder ? folder : BESIDE;
    snprintf(path, sizeof path, "%s/scoop_groups_to2018.json", folder);
    if (access(path, R_OK) != 0) {
        print_message("skipped, no data\n");
        skip();
    }
    plain_row(folder, false, .167, .331);
    plain_row(folder, true, .465, .729);
}

/* ---- a planted field: each topic has words that say the same in two ways. Papers mix both; twins do not
 * ---- */

enum {
    TOPICS = 60,
    A_TOPIC = 16,
    WAYS_SAID = 6,
    TITLE = 4,
    ABSTRACT = 18,
    TWINS = 40,
    ORDINARY = TOPICS * A_TOPIC
};

static void say(struct rng *rng, struct buf *out, unsigned topic, int way, int words)
{
    for (int i = 0; i < words; i++) {
        if (rng_below(rng, 5) == 0) {
            buf_printf(out, "filler%c ", (char)('a' + rng_below(rng, 26)));
            continue;
        }
        unsigned said = (unsigned)rng_below(rng, WAYS_SAID),
                 as = way < 0 ? (unsigned)rng_below(rng, 2) : (unsigned)way;
        buf_printf(out, "q%c%cz%c%cx ", (char)('a' + topic / 26), (char)('a' + topic % 26), (char)('a' + as),
                   (char)('a' + said));
    }
}

static void plant(struct stems *s)
{
    struct rng rng;
    struct err err = {0};
    rng_seed(&rng, 31);
    for (unsigned i = 0; i < ORDINARY + 2 * TWINS; i++) {
        AUTO_BUF struct buf title, abstract;
        unsigned twin = i < ORDINARY ? 0 : i - ORDINARY;
        unsigned topic = i < ORDINARY ? i % TOPICS : twin / 2;
        int way = i < ORDINARY ? -1 : (int)(twin % 2);
        buf_init(&title, 4000);
        buf_init(&abstract, 4000);
        say(&rng, &title, topic, way, TITLE);
        say(&rng, &abstract, topic, way, ABSTRACT);
        assert_ok(stems_add(s, buf_span(&title), buf_span(&abstract), 1000, &err), &err);
    }
}

/* How many twins have their other among the first ten, with ordinary papers of the same topic left out: what
 * is asked is whether the topic is known by other words. */
static unsigned by_vectors(const struct stems *s, const struct lesson *lesson, const struct learner *learner)
{
    struct err err = {0};
    AUTO_SPACE struct space space = {0};
    static struct coded coded[ORDINARY + 2 * TWINS];
    static float v[ORDINARY + 2 * TWINS][CLOSEST_DIMS];
    static uint32_t number[ORDINARY + 2 * TWINS];
    struct stems_place place[STEMS_PLACES];
    unsigned found = 0;
    assert_ok(space_make(&space, learner->twin.e, lesson->df, lesson->words, lesson->all, &err), &err);
    for (uint32_t i = 0; i < ORDINARY + 2 * TWINS; i++) {
        space_vector(&space, place, stems_places(s, &s->paper[i], lesson->word_of, lesson->stems, place),
                     v[i]);
        number[i] = i;
    }
    assert_ok(space_measure(&space, v[0], ORDINARY, &err), &err);
    for (uint32_t i = 0; i < ORDINARY + 2 * TWINS; i++)
        space_code(&space, v[i], &coded[i]);
    for (unsigned t = 0; t < 2 * TWINS; t++) {
        AUTO_CLOSEST struct closest c = {0};
        struct closest_hit hits[10];
        size_t n;
        assert_ok(closest_begin(&c, &space, v[ORDINARY + t], CLOSEST_BY, closest_want(ORDINARY), &err), &err);
        for (uint32_t i = 0; i < ORDINARY + 2 * TWINS; i++)
            if (i != ORDINARY + t && !(i < ORDINARY && i % TOPICS == t / 2))
                closest_look(&c, &coded[i], &number[i], 1);
        assert_ok(closest_end(&c, hits, 10, &n, &err), &err);
        for (size_t k = 0; k < n; k++)
            found += hits[k].paper == ORDINARY + (t ^ 1);
    }
    return found;
}

static unsigned by_words(const struct stems *s, const struct lesson *lesson)
{
    struct near_words *draft = mem_get(sizeof *draft);
    struct stems_place place[STEMS_PLACES];
    unsigned found = 0;
    for (unsigned t = 0; t < 2 * TWINS; t++) {
        draft->n = stems_places(s, &s->paper[ORDINARY + t], lesson->word_of, lesson->stems, draft->place);
        draft->title_only = false;
        draft->title_average = TITLE;
        draft->abstract_average = ABSTRACT;
        for (size_t i = 0; i < draft->n; i++)
            draft->weight[i] = near_words_weight(draft->place[i].title + draft->place[i].abstract,
                                                 lesson->df[draft->place[i].stem], (double)lesson->all);
        size_t n = stems_places(s, &s->paper[ORDINARY + (t ^ 1)], lesson->word_of, lesson->stems, place),
               better = 0;
        double mine = near_words_score(draft, place, n);
        for (unsigned i = 0; i < ORDINARY + 2 * TWINS; i++) {
            if (i == ORDINARY + t || i == ORDINARY + (t ^ 1) || (i < ORDINARY && i % TOPICS == t / 2))
                continue;
            n = stems_places(s, &s->paper[i], lesson->word_of, lesson->stems, place);
            better += near_words_score(draft, place, n) >= mine;
        }
        found += better < 10;
    }
    mem_free(draft);
    return found;
}

void test_scoop__twins_that_share_few_words_are_found_by_vectors(void **state)
{
    (void)state;
    struct stems s;
    struct lesson lesson;
    struct learner learner;
    struct err err = {0};
    uint32_t paper[ORDINARY];
    assert_ok(stems_init(&s, &err), &err);
    plant(&s);
    for (uint32_t i = 0; i < ORDINARY; i++)
        paper[i] = i;
    assert_ok(lesson_make(&lesson, &s, paper, ORDINARY, &err), &err);
    assert_ok(learner_begin(&learner, &lesson, 12, 5, &err), &err);
    while (!learner_is_done(&learner))
        assert_ok(learner_step(&learner, NULL, &err), &err);
    unsigned vectors = by_vectors(&s, &lesson, &learner), words = by_words(&s, &lesson);
    print_message("twins found of %d: by vectors %u, by words %u\n", 2 * TWINS, vectors, words);
    assert_true(vectors >= 2 * TWINS * 8 / 10);
    assert_true(words <= 2 * TWINS / 4);
    learner_free(&learner);
    lesson_free(&lesson);
    stems_free(&s);
}
