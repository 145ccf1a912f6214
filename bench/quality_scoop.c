/* The scoop check judged on groups of known concurrent work: for each year with such papers vectors are
 * learned from all papers up to the year after it, the groups' papers left out, and each of them looks for
 * the others among all papers of its year, the one before and the one after. One run over the years: at each
 * cut the vectors go on from the last ones, with the new papers and as many drawn old ones. */
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "bench/quality_scoop.h"
#include "io/crew.h"

#include "base/banned.h"

enum { SEED = 6, NULL_PAPERS = 300, FRESH_LEAST = 512, TEXT_ROOM = 1 << 22 };

static bool has_abstract(const struct texts *t, uint32_t paper)
{
    return t->paper[paper].has_abstract;
}

/* ---- learning ---- */

/* The words of the texts, as stems. */
static bool stems_of_texts(const struct texts *t, struct stems *s, struct err *err)
{
    AUTO_BUF struct buf title, abstract;
    buf_init(&title, TEXT_ROOM);
    buf_init(&abstract, TEXT_ROOM);
    for (size_t i = 0; i < t->n; i++) {
        const struct texts_paper *p = &t->paper[i];
        buf_reset(&title);
        buf_reset(&abstract);
        for (size_t k = 0; k < (size_t)p->title + p->abstract; k++) {
            struct buf *to = k < p->title ? &title : &abstract;
            buf_add(to, vocabulary_at(&t->words_of, t->word[p->at + k]));
            buf_add_byte(to, ' ');
        }
        if (!stems_add(s, buf_span(&title), buf_span(&abstract), SIZE_MAX, err))
            return false;
    }
    return true;
}

/* A model and what it was learned from. */
struct model {
    struct lesson lesson;
    struct learner learner;
    size_t end; /* papers before this one were there */
};

static void model_free(struct model *m)
{
    if (!m)
        return;
    learner_free(&m->learner);
    lesson_free(&m->lesson);
    mem_free(m);
}

/* New papers and as many drawn old ones, of those with an abstract. */
static bool go_on(struct model *m, const struct model *older, const struct stems *s, const uint32_t *list,
                  struct rng *rng, struct err *err)
{
    size_t old = 0, n = 0, all = m->lesson.papers;
    uint32_t *of = mem_get((all + 1) * sizeof *of);
    if (!of)
        return fail_memory(err);
    for (size_t i = 0; i < m->lesson.all; i++)
        old += list[i] < older->end && s->paper[list[i]].abstract >= LEARN_PLACES;
    double keep = old ? (double)(all - old) / (double)old : 1;
    for (size_t i = 0; i < all; i++)
        if (i >= old || rng_unit(rng) < keep)
            of[n++] = (uint32_t)i;
    learner_go_on(&m->learner, &older->learner, of, n);
    mem_free(of);
    return true;
}

static bool learn(struct scoop *s, size_t end, const struct model *older, struct model *m, struct err *err)
{
    uint32_t *list = mem_get((end + 1) * sizeof *list);
    struct twin_crew crew = {crew_hands(s->crew), crew_run, s->crew};
    size_t n = 0;
    double before = 0, last = 0;
    if (!list)
        return fail_memory(err);
    m->end = end;
    for (size_t i = 0; i < end; i++)
        if (!groups_has(&s->groups, (uint32_t)i))
            list[n++] = (uint32_t)i;
    bool ok = lesson_make(&m->lesson, &s->stems, list, n, err) &&
              learner_begin(&m->learner, &m->lesson, LEARN_EPOCHS, SEED, err) &&
              (!older || go_on(m, older, &s->stems, list, &s->rng, err));
    mem_free(list);
    while (ok && !learner_is_done(&m->learner)) {
        ok = learner_step(&m->learner, &crew, err);
        before = m->learner.done == 1 ? m->learner.loss : before;
        last = m->learner.loss;
    }
    if (ok)
        printf("    learned from %zu papers before %d, %zu words: loss %.2f to %.2f\n", m->learner.papers,
               s->texts->paper[end - 1].year + 1, m->lesson.words, before, last);
    return ok;
}

/* ---- a window: three years of papers as they are searched ---- */

static size_t shelf_before(const struct shelf *s, uint32_t paper)
{
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (s->paper[mid] < paper)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void shelf_put(struct shelf *s, uint32_t paper, const struct coded *at)
{
    s->paper[s->n] = paper;
    s->at[s->n++] = *at;
}

static void window_free(struct window *w)
{
    for (int i = 0; i < SHELVES; i++) {
        mem_free(w->shelf[i].at);
        mem_free(w->shelf[i].paper);
    }
    space_free(&w->space);
    mem_free(w->places);
    mem_free(w->place_from);
    mem_free(w->df);
}

static bool window_room(struct window *w, size_t stems, struct err *err)
{
    size_t n = w->to - w->from;
    bool ok = (w->place_from = mem_get((n + 1) * sizeof *w->place_from)) &&
              (w->df = mem_get((stems + 1) * sizeof *w->df));
    for (int i = 0; ok && i < SHELVES; i++)
        ok = (w->shelf[i].at = mem_get((n + 1) * sizeof *w->shelf[i].at)) &&
             (w->shelf[i].paper = mem_get((n + 1) * sizeof *w->shelf[i].paper));
    return ok || fail_memory(err);
}

/* A paper's vector of the model; the whole paper or its title. */
static void vector_of(const struct scoop *s, const struct model *m, const struct window *w, uint32_t paper,
                      bool title, float v[static CLOSEST_DIMS])
{
    struct stems_place place[STEMS_PLACES];
    struct stems_paper p = s->stems.paper[paper];
    if (title)
        p.abstract = 0;
    size_t n = stems_places(&s->stems, &p, m->lesson.word_of, m->lesson.stems, place);
    space_vector(&w->space, place, n, v);
}

static bool code_window(const struct scoop *s, const struct model *m, struct window *w, struct err *err)
{
    size_t n = w->to - w->from;
    float *full = mem_get((n + 1) * CLOSEST_DIMS * sizeof *full), title[CLOSEST_DIMS];
    struct coded coded;
    if (!full)
        return fail_memory(err);
    for (size_t i = 0; i < n; i++)
        vector_of(s, m, w, (uint32_t)(w->from + i), false, full + i * CLOSEST_DIMS);
    bool ok = space_measure(&w->space, full, n, err);
    for (size_t i = 0; ok && i < n; i++) {
        uint32_t paper = (uint32_t)(w->from + i);
        space_code(&w->space, full + i * CLOSEST_DIMS, &coded);
        shelf_put(&w->shelf[SHELF_ALL], paper, &coded);
        if (has_abstract(s->texts, paper))
            shelf_put(&w->shelf[SHELF_ABSTRACTS], paper, &coded);
        vector_of(s, m, w, paper, true, title);
        space_code(&w->space, title, &coded);
        shelf_put(&w->shelf[SHELF_TITLES], paper, &coded);
    }
    mem_free(full);
    return ok;
}

/* Stems by paper, counts of papers by stem (all papers up to the cut), mean lengths. */
static bool words_of_window(const struct scoop *s, struct window *w, struct err *err)
{
    struct stems_place place[STEMS_PLACES];
    size_t room = 0, places = 0;
    double titles = 0, abstracts = 0;
    for (size_t i = 0; i < w->to; i++) {
        size_t n = stems_places(&s->stems, &s->stems.paper[i], NULL, s->stems.of.n, place);
        for (size_t k = 0; k < n; k++)
            w->df[place[k].stem]++;
        titles += s->stems.paper[i].title;
        abstracts += s->stems.paper[i].abstract;
        if (i < w->from)
            continue;
        if (!rows_room(&w->places, places, n, &room, sizeof *w->places, err))
            return false;
        memcpy(w->places + places, place, n * sizeof *place);
        places += n;
        w->place_from[i - w->from + 1] = places;
    }
    w->title_average = titles / fmax(1, (double)w->to);
    w->abstract_average = abstracts / fmax(1, (double)w->to);
    return true;
}

/* ---- looking ---- */

/* The best hits for a vector among a shelf's papers, without `self`. want: candidates by sign. */
static bool look(const struct window *w, const struct shelf *shelf, const float *v, float pull, size_t want,
                 uint32_t self, struct closest_hit *hits, size_t most, size_t *n, struct err *err)
{
    AUTO_CLOSEST struct closest c = {0};
    size_t at = shelf_before(shelf, self), behind = at + (at < shelf->n && shelf->paper[at] == self);
    if (!closest_begin(&c, &w->space, v, pull, want, err))
        return false;
    closest_look(&c, shelf->at, shelf->paper, at);
    closest_look(&c, shelf->at + behind, shelf->paper + behind, shelf->n - behind);
    return closest_end(&c, hits, most, n, err);
}

/* What drawn papers of the window find as their closest. */
static bool null_of(const struct scoop *s, const struct model *m, const struct window *w, bool title,
                    struct near_null *out, struct err *err)
{
    const struct shelf *shelf = &w->shelf[title ? SHELF_ALL : SHELF_ABSTRACTS];
    double sum = 0, squares = 0, found = 0;
    struct rng rng;
    rng_seed(&rng, SEED);
    for (int i = 0; i < NULL_PAPERS && shelf->n; i++) {
        uint32_t paper = shelf->paper[rng_below(&rng, shelf->n)];
        struct closest_hit hit;
        float v[CLOSEST_DIMS];
        size_t n;
        vector_of(s, m, w, paper, title, v);
        if (!look(w, shelf, v, 0, closest_want(shelf->n), paper, &hit, 1, &n, err))
            return false;
        sum += n ? (double)hit.cosine : 0;
        squares += n ? (double)hit.cosine * (double)hit.cosine : 0;
        found += n;
    }
    out->mean = found > 0 ? sum / found : 0;
    out->sd = found > 1 ? sqrt(fmax(0, squares / found - out->mean * out->mean)) : 0;
    return true;
}

static void draft_words(const struct scoop *s, const struct window *w, uint32_t paper, bool title,
                        struct near_words *out)
{
    struct stems_paper p = s->stems.paper[paper];
    if (title)
        p.abstract = 0;
    out->n = stems_places(&s->stems, &p, NULL, s->stems.of.n, out->place);
    out->title_only = title;
    out->title_average = w->title_average;
    out->abstract_average = w->abstract_average;
    for (size_t i = 0; i < out->n; i++)
        out->weight[i] = near_words_weight(out->place[i].title + out->place[i].abstract,
                                           w->df[out->place[i].stem], (double)w->to);
}

static double words_score(const struct window *w, const struct near_words *draft, uint32_t paper)
{
    uint64_t from = w->place_from[paper - w->from];
    return near_words_score(draft, w->places + from, w->place_from[paper - w->from + 1] - from);
}

/* The best by words alone, of all papers of a shelf. */
static size_t look_by_words(const struct window *w, const struct shelf *shelf, const struct near_words *draft,
                            uint32_t self, uint32_t *hits, size_t most)
{
    double best[NEAR_LOOKED];
    size_t n = 0;
    for (size_t i = 0; i < shelf->n; i++) {
        double score = shelf->paper[i] == self ? -1 : words_score(w, draft, shelf->paper[i]);
        size_t at = n;
        if (score < 0 || (n == most && score <= best[n - 1]))
            continue;
        while (at > 0 && best[at - 1] < score)
            at--;
        n += n < most;
        for (size_t k = n - 1; k > at; k--) {
            best[k] = best[k - 1];
            hits[k] = hits[k - 1];
        }
        best[at] = score;
        hits[at] = shelf->paper[i];
    }
    return n;
}

static void judge(struct scoop *s, enum scoop_way way, size_t q, const uint32_t *hits, size_t n)
{
    bool abstracts =
        way != WAY_TITLES && way != WAY_MIXED && way != WAY_WORDS_MIXED && way != WAY_MIXED_PLAIN;
    recalls_judge(&s->way[way], &s->groups, q, hits, n, abstracts ? has_abstract : NULL, s->texts);
}

static bool look_and_judge(struct scoop *s, const struct window *w, enum scoop_way way, size_t q,
                           const float *v, struct closest_hit *hits, size_t *n, struct err *err)
{
    static const struct {
        int shelf;
        float pull;
        bool all;
    } how[] = {[WAY_ABSTRACTS] = {SHELF_ABSTRACTS, CLOSEST_BY, false},
               [WAY_TITLES] = {SHELF_TITLES, 0, false},
               [WAY_MIXED] = {SHELF_ALL, CLOSEST_BY, false},
               [WAY_PLAIN] = {SHELF_ABSTRACTS, 0, false},
               [WAY_MIXED_PLAIN] = {SHELF_ALL, 0, false},
               [WAY_EXACT] = {SHELF_ABSTRACTS, CLOSEST_BY, true}};
    const struct shelf *shelf = &w->shelf[how[way].shelf];
    uint32_t numbers[NEAR_LOOKED];
    size_t want = how[way].all ? shelf->n + 1 : closest_want(shelf->n);
    if (!look(w, shelf, v, how[way].pull, want, s->groups.at[q].paper, hits, NEAR_LOOKED, n, err))
        return false;
    for (size_t i = 0; i < *n; i++)
        numbers[i] = hits[i].paper;
    judge(s, way, q, numbers, *n);
    return true;
}

/* The first ten as cases for the odds. */
static bool odds_cases(struct scoop *s, const struct window *w, size_t q, bool title,
                       const struct near_words *draft, const struct closest_hit *hits, size_t n,
                       struct err *err)
{
    struct near_seen seen[NEAR_LOOKED];
    uint32_t self = s->groups.at[q].paper;
    struct odds_cases *to = &s->odds[title];
    for (size_t i = 0; i < n; i++)
        seen[i] = (struct near_seen){(double)hits[i].score, (double)hits[i].cosine,
                                     words_score(w, draft, hits[i].paper),
                                     s->texts->paper[hits[i].paper].year == s->texts->paper[self].year};
    for (size_t i = 0; i < n && i < NEAR_SHOWN; i++) {
        if (!odds_room(to, err))
            return false;
        near_features(seen, n, i, w->null[title], to->x + to->n * NEAR_FEATURES);
        to->is[to->n] = false;
        for (size_t k = 0; k < s->groups.n; k++)
            to->is[to->n] |=
                s->groups.at[k].group == s->groups.at[q].group && s->groups.at[k].paper == hits[i].paper;
        to->group[to->n++] = s->groups.at[q].group;
    }
    return true;
}

static bool ask(struct scoop *s, const struct model *m, const struct window *w, size_t q, bool title,
                struct near_words *draft, struct err *err)
{
    static const enum scoop_way of_abstract[] = {WAY_PLAIN, WAY_EXACT, WAY_ABSTRACTS},
                                of_title[] = {WAY_TITLES, WAY_MIXED_PLAIN, WAY_MIXED};
    uint32_t self = s->groups.at[q].paper, by_words[NEAR_LOOKED];
    struct closest_hit hits[NEAR_LOOKED];
    float v[CLOSEST_DIMS];
    size_t n = 0;
    vector_of(s, m, w, self, title, v);
    for (size_t i = 0; i < 3; i++)
        if (!look_and_judge(s, w, title ? of_title[i] : of_abstract[i], q, v, hits, &n, err))
            return false;
    draft_words(s, w, self, title, draft);
    if (!odds_cases(s, w, q, title, draft, hits, n, err))
        return false;
    n = look_by_words(w, &w->shelf[title ? SHELF_ALL : SHELF_ABSTRACTS], draft, self, by_words, NEAR_MORE);
    judge(s, title ? WAY_WORDS_MIXED : WAY_WORDS, q, by_words, n);
    return true;
}

static bool ask_year(struct scoop *s, const struct model *m, int year, struct err *err)
{
    struct window w = {.from = texts_before(s->texts, year - 1), .to = texts_before(s->texts, year + 2)};
    struct near_words *draft = mem_get(sizeof *draft);
    bool ok = (draft || fail_memory(err)) && window_room(&w, s->stems.of.n, err) &&
              space_make(&w.space, m->learner.twin.e, m->lesson.df, m->lesson.words, m->lesson.all, err) &&
              code_window(s, m, &w, err) && words_of_window(s, &w, err) &&
              null_of(s, m, &w, false, &w.null[0], err) && null_of(s, m, &w, true, &w.null[1], err);
    size_t asked = 0;
    for (size_t q = 0; ok && q < s->groups.n; q++) {
        if (s->texts->paper[s->groups.at[q].paper].year != year)
            continue;
        asked++;
        if (has_abstract(s->texts, s->groups.at[q].paper))
            ok = ask(s, m, &w, q, false, draft, err);
        ok = ok && ask(s, m, &w, q, true, draft, err);
    }
    if (ok)
        printf("    %d: %zu papers ask %zu (with abstract %zu)\n", year, asked, w.shelf[SHELF_ALL].n,
               w.shelf[SHELF_ABSTRACTS].n);
    mem_free(draft);
    window_free(&w);
    return ok;
}

static bool all_years(struct scoop *s, struct err *err)
{
    struct model *m = NULL;
    bool ok = true;
    for (size_t i = 0, next; ok && i < s->groups.n; i = next) {
        int year = s->texts->paper[s->groups.at[i].paper].year;
        size_t end = texts_before(s->texts, year + 2);
        for (next = i; next < s->groups.n && s->texts->paper[s->groups.at[next].paper].year == year;)
            next++;
        if (!m || end - m->end >= FRESH_LEAST) {
            struct model *newer = mem_get(sizeof *newer);
            ok = newer ? learn(s, end, m, newer, err) : fail_memory(err);
            model_free(m);
            m = newer;
        }
        ok = ok && ask_year(s, m, year, err);
    }
    model_free(m);
    return ok;
}

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool ends_of(struct scoop *s, struct buf *ends, struct err *err)
{
    double abstracts[RECALLS], titles[RECALLS], mixed[RECALLS];
    for (int i = 0; i < WAYS; i++)
        if (!recalls_print(&s->way[i], &s->groups, err))
            return false;
    if (!recalls_gain(&s->way[WAY_ABSTRACTS], &s->way[WAY_WORDS], &s->groups, err) ||
        !recalls_gain(&s->way[WAY_MIXED], &s->way[WAY_WORDS_MIXED], &s->groups, err) ||
        !recalls_gain(&s->way[WAY_ABSTRACTS], &s->way[WAY_EXACT], &s->groups, err))
        return false;
    size_t n = recalls_mean(&s->way[WAY_ABSTRACTS], &s->groups, abstracts);
    size_t of_titles = recalls_mean(&s->way[WAY_TITLES], &s->groups, titles);
    size_t of_mixed = recalls_mean(&s->way[WAY_MIXED], &s->groups, mixed);
    buf_printf(ends, "scoop abstracts n=%zu R@1=%.3f R@10=%.3f R@50=%.3f\n", n, abstracts[0], abstracts[2],
               abstracts[3]);
    buf_printf(ends, "scoop titles n=%zu R@10=%.3f\n", of_titles, titles[2]);
    buf_printf(ends, "scoop mixed n=%zu R@10=%.3f\n", of_mixed, mixed[2]);
    return scoop_odds(s, ends, err);
}

static void none_here(size_t missing, struct buf *ends)
{
    printf("\nscoop: of the groups' %zu papers none is in a file here\n", missing);
    buf_add_text(ends, "scoop abstracts n=0\nscoop titles n=0\nscoop mixed n=0\nscoop odds n=0\n");
}

bool quality_scoop(const struct texts *texts, const char *folder, bool table, struct buf *ends,
                   struct err *err)
{
    static const char *const names[WAYS] = {[WAY_ABSTRACTS] = "vectors, with abstracts",
                                            [WAY_TITLES] = "vectors, titles against titles",
                                            [WAY_MIXED] = "vectors, titles against abstracts",
                                            [WAY_PLAIN] = "vectors without the pull",
                                            [WAY_MIXED_PLAIN] = "the same, titles against abstracts",
                                            [WAY_EXACT] = "vectors without the choice by sign",
                                            [WAY_WORDS] = "words, with abstracts",
                                            [WAY_WORDS_MIXED] = "words, titles against abstracts"};
    AUTO_ARENA struct arena *arena = arena_new();
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID), wall = seconds(CLOCK_MONOTONIC);
    struct scoop s = {.texts = texts};
    bool ok = groups_read(arena, folder, texts, &s.groups, err);
    if (!ok || s.groups.n == 0) {
        if (ok && s.groups.missing && !table)
            none_here(s.groups.missing, ends);
        return ok;
    }
    printf("\nscoop: %zu groups, %zu papers", s.groups.groups, s.groups.n);
    if (s.groups.missing)
        printf("; %zu more are in no file here", s.groups.missing);
    printf("\n");
    rng_seed(&s.rng, SEED);
    for (int i = 0; ok && i < WAYS; i++)
        ok = recalls_make(arena, &s.groups, names[i], &s.way[i], err);
    ok = ok && stems_init(&s.stems, err) && stems_of_texts(texts, &s.stems, err) &&
         (s.crew = crew_new(0, err)) && all_years(&s, err);
    if (ok)
        printf("    %.1f seconds of processor time, %.1f on the clock\n",
               seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, seconds(CLOCK_MONOTONIC) - wall);
    ok = ok && (table ? scoop_table(&s, err) : ends_of(&s, ends, err));
    crew_free(s.crew);
    stems_free(&s.stems);
    for (int i = 0; i < 2; i++)
        odds_free(&s.odds[i]);
    return ok;
}
