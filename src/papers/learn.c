/* Lessons from papers, and batches of them. */
#include "papers/learn.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

#include "base/banned.h"

#define IDF_LEAST .5
#define RATE .08
#define RATE_FALL .8

void lesson_free(struct lesson *l)
{
    mem_free(l->word_of);
    mem_free(l->stem_of);
    mem_free(l->df);
    mem_free(l->from);
    mem_free(l->place);
    *l = (struct lesson){0};
}

static int by_count(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

/* The least count of a word: LEARN_LEAST, or more where there would be more words than numbers. */
static bool least_count(const uint32_t *count, size_t n, uint32_t *least, struct err *err)
{
    size_t words = 0;
    for (size_t i = 0; i < n; i++)
        words += count[i] >= LEARN_LEAST;
    *least = LEARN_LEAST;
    if (words <= LEARN_WORDS)
        return true;
    uint32_t *sorted = mem_get(n * sizeof *sorted);
    if (!sorted)
        return fail_memory(err);
    memcpy(sorted, count, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_count);
    *least = sorted[LEARN_WORDS] + 1;
    mem_free(sorted);
    return true;
}

/* Which stems are words, in the order in which they first come. */
static bool choose_words(struct lesson *l, const struct stems *s, const uint32_t *paper, size_t n,
                         struct err *err)
{
    uint32_t *count = mem_get((s->of.n + 1) * sizeof *count), least;
    bool ok = count || fail_memory(err);
    for (size_t i = 0; ok && i < n; i++) {
        const struct stems_paper *p = &s->paper[paper[i]];
        for (size_t k = 0; k < (size_t)p->title + p->abstract; k++)
            count[s->stem[p->at + k]]++;
    }
    ok = ok && least_count(count, s->of.n, &least, err);
    for (size_t i = 0; ok && i < n; i++) {
        const struct stems_paper *p = &s->paper[paper[i]];
        for (size_t k = 0; k < (size_t)p->title + p->abstract; k++) {
            uint32_t stem = s->stem[p->at + k];
            if (count[stem] >= least && l->word_of[stem] == NAME_NONE) {
                l->stem_of[l->words] = stem;
                l->word_of[stem] = (uint32_t)l->words++;
            }
        }
    }
    mem_free(count);
    return ok;
}

bool lesson_make(struct lesson *out, const struct stems *s, const uint32_t *paper, size_t n, struct err *err)
{
    struct lesson l = {.all = n, .stems = s->of.n};
    struct stems_place *here = mem_get(STEMS_PLACES * sizeof *here);
    size_t room = 0, places = 0;
    l.word_of = mem_get((s->of.n + 1) * sizeof *l.word_of);
    l.stem_of = mem_get((s->of.n + 1) * sizeof *l.stem_of);
    l.from = mem_get((n + 1) * sizeof *l.from);
    bool ok = (here && l.word_of && l.stem_of && l.from) || fail_memory(err);
    if (ok)
        memset(l.word_of, 0xff, (s->of.n + 1) * sizeof *l.word_of);
    ok = ok && choose_words(&l, s, paper, n, err);
    l.df = ok ? mem_get((l.words + 1) * sizeof *l.df) : NULL;
    ok = ok && (l.df || fail_memory(err));
    for (size_t i = 0; ok && i < n; i++) {
        const struct stems_paper *p = &s->paper[paper[i]];
        size_t k = stems_places(s, p, l.word_of, l.stems, here);
        for (size_t j = 0; j < k; j++)
            l.df[here[j].stem]++;
        if (p->abstract < LEARN_PLACES)
            continue;
        ok = rows_room(&l.place, places, k, &room, sizeof *l.place, err);
        for (size_t j = 0; ok && j < k; j++)
            l.place[places++] =
                (struct lesson_place){(uint16_t)here[j].stem, here[j].title, here[j].abstract};
        l.from[++l.papers] = places;
    }
    mem_free(here);
    if (ok)
        *out = l;
    else
        lesson_free(&l);
    return ok;
}

void learner_free(struct learner *l)
{
    twin_free(&l->twin);
    twin_work_free(l->work);
    mem_free(l->batch.start);
    mem_free(l->batch.word);
    mem_free(l->batch.x);
    mem_free(l->order);
    mem_free(l->of);
    mem_free(l->idf);
    *l = (struct learner){0};
}

void learner_go_on(struct learner *l, const struct learner *older, const uint32_t *of, size_t n)
{
    memcpy(l->of, of, n * sizeof *of);
    l->papers = n;
    l->batches = (n + TWIN_BATCH - 1) / TWIN_BATCH;
    size_t d = l->twin.dims;
    for (size_t w = 0; w < l->lesson->words; w++) {
        uint32_t stem = l->lesson->stem_of[w];
        uint32_t old = stem < older->lesson->stems ? older->lesson->word_of[stem] : NAME_NONE;
        if (old != NAME_NONE)
            memcpy(l->twin.e + w * d, older->twin.e + old * d, d * sizeof *l->twin.e);
    }
}

bool learner_begin(struct learner *out, const struct lesson *lesson, size_t epochs, uint64_t seed,
                   struct err *err)
{
    struct learner l = {.lesson = lesson, .epochs = epochs, .seed = seed, .papers = lesson->papers};
    l.batches = (lesson->papers + TWIN_BATCH - 1) / TWIN_BATCH;
    l.order = mem_get((lesson->papers + 1) * sizeof *l.order);
    l.of = mem_get((lesson->papers + 1) * sizeof *l.of);
    l.idf = mem_get((lesson->words + 1) * sizeof *l.idf);
    l.batch.start = mem_get((2 * TWIN_BATCH + 1) * sizeof *l.batch.start);
    l.work = twin_work_new(TWIN_BATCH, TWIN_DIMS, lesson->words, err);
    bool ok = l.work && ((l.order && l.of && l.idf && l.batch.start) || fail_memory(err)) &&
              twin_make(&l.twin, lesson->words, TWIN_DIMS, seed, err);
    if (!ok) {
        learner_free(&l);
        return false;
    }
    for (size_t w = 0; w < lesson->words; w++)
        l.idf[w] = (float)fmax(IDF_LEAST, log((double)lesson->all / (lesson->df[w] + 1.)));
    for (unsigned tf = 1; tf < sizeof l.tf / sizeof *l.tf; tf++)
        l.tf[tf] = (float)(1 + log(tf));
    for (size_t i = 0; i < lesson->papers; i++)
        l.of[i] = (uint32_t)i;
    *out = l;
    return true;
}

/* The order of an epoch: Fisher and Yates, from seed and epoch. */
static void draw_order(struct learner *l, size_t epoch)
{
    struct rng rng;
    rng_seed(&rng, l->seed + 1 + epoch * 0x9e3779b97f4a7c15u);
    memcpy(l->order, l->of, l->papers * sizeof *l->order);
    for (size_t i = l->papers; i > 1; i--) {
        size_t j = rng_below(&rng, i);
        uint32_t was = l->order[i - 1];
        l->order[i - 1] = l->order[j];
        l->order[j] = was;
    }
}

static bool batch_room(struct learner *l, size_t places, struct err *err)
{
    if (places <= l->places_room)
        return true;
    void *word = mem_resize(l->batch.word, places * sizeof *l->batch.word);
    l->batch.word = word ? word : l->batch.word;
    void *x = mem_resize(l->batch.x, places * sizeof *l->batch.x);
    l->batch.x = x ? x : l->batch.x;
    if (!word || !x)
        return fail_memory(err);
    l->places_room = places;
    return true;
}

/* Which words of a paper a text has, and how often: `half` is 0 for title | abstract, else which half of the
 * abstract's words this text is (1: with the title), drawn by bits of `coin`. */
static unsigned how_often(const struct lesson_place *p, bool second, bool halves, bool heads)
{
    if (!halves)
        return second ? p->abstract : p->title;
    if (second)
        return heads ? 0 : p->abstract;
    return p->title + (heads ? p->abstract : 0u);
}

static void write_text(struct learner *l, size_t paper, size_t text, bool second, bool halves, uint64_t coin)
{
    struct twin_batch *b = &l->batch;
    const struct lesson *lesson = l->lesson;
    uint32_t at = b->start[text], first = at;
    struct rng rng;
    double squares = 0;
    uint64_t bits = 0;
    rng_seed(&rng, coin + paper);
    for (uint64_t k = lesson->from[paper], i = 0; k < lesson->from[paper + 1]; k++, i++) {
        const struct lesson_place *p = &lesson->place[k];
        if (i % 64 == 0)
            bits = rng_next(&rng);
        unsigned tf = how_often(p, second, halves, bits >> (i % 64) & 1);
        if (tf == 0)
            continue;
        float x = l->tf[tf] * l->idf[p->word];
        squares += (double)x * (double)x;
        b->word[at] = p->word;
        b->x[at++] = x;
    }
    for (uint32_t k = first; k < at; k++)
        b->x[k] *= (float)(1 / sqrt(squares));
    b->start[text + 1] = at;
}

bool learner_step(struct learner *l, const struct twin_crew *crew, struct err *err)
{
    size_t n = l->papers, epoch = l->done / l->batches, batch = l->done % l->batches;
    size_t from = n * batch / l->batches, to = n * (batch + 1) / l->batches, places = 0;
    bool halves = (batch + epoch) % 2;
    uint64_t coin = l->seed + (epoch + 1) * 0xd1342543de82ef95u;
    if (l->drawn != epoch + 1)
        draw_order(l, epoch);
    l->drawn = epoch + 1;
    for (size_t i = from; i < to; i++)
        places += 2 * (l->lesson->from[l->order[i] + 1] - l->lesson->from[l->order[i]]);
    if (!batch_room(l, places, err))
        return false;
    l->batch.n = to - from;
    for (size_t side = 0; side < 2; side++)
        for (size_t i = from; i < to; i++)
            write_text(l, l->order[i], side * (to - from) + i - from, side, halves, coin);
    if (!twin_step(&l->twin, &l->batch, (float)(RATE * (1 - RATE_FALL * (double)epoch / (double)l->epochs)),
                   l->work, crew, &l->loss, err))
        return false;
    l->done++;
    return true;
}
