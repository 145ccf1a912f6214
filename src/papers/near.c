/* The nearest papers. Words find candidates through the index; vectors, where they are, find them all. In
 * both ways the texts of the candidates are read again to say which words are shared. */
#include "papers/near.h"

#include <math.h>
#include <stdlib.h>

#include "base/words.h"
#include "papers/near_words.h"
#include "papers/search.h"
#include "papers/tokens.h"
#include "papers/vec_model.h"

#include "base/banned.h"

enum {
    FOLDED = 1 << 20,
    CANDIDATES = 200,
    TITLE_WORDS_LEAST = 10,
    MANY = 100,
    COMMON = 4 /* among MANY papers, a word in one of so many is not shown */
};
#define TITLE_AVERAGE 6.5 /* stems, where nothing is known better */

struct candidate {
    uint32_t paper;
    double score, cosine, words;
    struct paper_text {
        struct span title, abstract;
    } text;
    size_t at; /* among the stems' papers */
};
struct near_work {
    struct app *app;
    struct db *db;
    struct arena *arena;
    struct index index;
    struct stems own; /* where there is no model */
    struct vec_model model;
    struct stems *stems; /* of the model, or own */
    struct near_words *words;
    double *df;   /* by place of the draft's words */
    size_t draft; /* its number among the stems' papers */
    struct candidate *at;
    size_t n;
    struct draft draft_text;
    bool by_vectors, by_index, title_only; /* by_index: no word but pairs of characters */
    struct near_asked asked;
    int64_t papers; /* from that day on */
};

/* ---- the draft ---- */

static double df_of(const struct index *index, struct span stem)
{
    double df = 0;
    for (size_t i = 0; i < index->segs; i++) {
        struct seg_term term;
        if (seg_dict_find(&index->seg[i].dict, stem, &term))
            df += term.df;
    }
    return df;
}

static bool take_draft(struct near_work *w, const struct draft *draft, struct err *err)
{
    struct near_words *words = w->words;
    w->draft = w->stems->n;
    w->draft_text = *draft;
    if (!stems_add(w->stems, draft->title, draft->text, DRAFT_WORDS, err))
        return false;
    const struct stems_paper *p = &w->stems->paper[w->draft];
    w->title_only = p->abstract < TITLE_WORDS_LEAST;
    words->n = stems_places(w->stems, p, NULL, w->stems->of.n, words->place);
    words->title_only = w->title_only;
    w->df = arena_array(w->arena, words->n + 1, sizeof *w->df);
    if (!w->df)
        return fail_memory(err);
    for (size_t i = 0; i < words->n; i++) {
        const struct stems_place *place = &words->place[i];
        w->df[i] = df_of(&w->index, vocabulary_at(&w->stems->of, place->stem));
        words->weight[i] =
            w->df[i] > 0 ? near_words_weight(place->title + place->abstract, w->df[i], (double)w->index.docs)
                         : 0;
    }
    return true;
}

/* ---- candidates ---- */

struct weighed {
    double weight;
    size_t at;
};

static int by_weight(const void *a, const void *b)
{
    const struct weighed *x = a, *y = b;
    return x->weight > y->weight ? -1 : x->weight < y->weight ? 1 : x->at < y->at ? -1 : x->at > y->at;
}

/* The draft's words by what they count, those in no paper left out. */
static size_t weigh(const struct near_work *w, struct weighed *out)
{
    size_t n = 0;
    for (size_t i = 0; i < w->words->n; i++)
        if (w->words->weight[i] > 0)
            out[n++] = (struct weighed){w->words->weight[i], i};
    qsort(out, n, sizeof *out, by_weight);
    return n;
}

static bool no_words(struct err *err)
{
    return fail(err, E_MISSING, "%s",
                tr("err.papers.near_none",
                   "No word of this draft is in any paper here. Papers of its field come in by "
                   "`respite papers import FILE` or `respite papers fetch`."));
}

static void add_term(struct search *search, struct span text)
{
    struct search_term *term = &search->term[search->terms];
    for (size_t i = 0; i < search->terms; i++)
        if (span_eq(span_bytes(search->term[i].text, search->term[i].n), text))
            return;
    term->n = text.n < TERM_MOST ? text.n : TERM_MOST;
    memcpy(term->text, text.p, term->n);
    search->terms++;
}

/* A draft that has no word of the Latin alphabet: pairs of characters, as the index has them, those of the
 * title first. Its papers are ranked by the index. */
static void add_tokens(struct near_work *w, struct search *search, struct span text)
{
    struct tokens t;
    AUTO_BUF struct buf folded;
    buf_init(&folded, FOLDED);
    tokens_begin(&t, text, &folded);
    while (search->terms < SEARCH_TERMS && tokens_next(&t)) {
        char stem[TERM_MOST];
        size_t n = index_stem(w->index.stems, t.word, stem);
        if (df_of(&w->index, span_bytes(stem, n)) > 0)
            add_term(search, span_bytes(stem, n));
    }
}

/* The best by the index's own score for the words that count most. */
static bool find_by_words(struct near_work *w, struct err *err)
{
    struct weighed *weighed = arena_array(w->arena, w->words->n + 1, sizeof *weighed);
    struct search *search = ARENA_NEW(w->arena, struct search);
    struct search_hit *hits = arena_array(w->arena, CANDIDATES, sizeof *hits);
    if (!weighed || !search || !hits)
        return fail_memory(err);
    size_t n = weigh(w, weighed);
    search->from = w->asked.since;
    search->to = INT32_MAX;
    for (size_t i = 0; i < n && search->terms < SEARCH_TERMS; i++) {
        struct span stem = vocabulary_at(&w->stems->of, w->words->place[weighed[i].at].stem);
        add_term(search, stem);
    }
    if (!search->terms) {
        add_tokens(w, search, w->draft_text.title);
        add_tokens(w, search, w->draft_text.text);
        w->by_index = true;
    }
    if (!search->terms)
        return no_words(err);
    if (!search_run(search, &w->index, CANDIDATES, hits, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        w->at[w->n++] = (struct candidate){.paper = hits[i].paper, .score = hits[i].score};
    return true;
}

static bool find_by_vectors(struct near_work *w, struct err *err)
{
    AUTO_CLOSEST struct closest c = {0};
    struct closest_hit hits[NEAR_LOOKED];
    float v[CLOSEST_DIMS];
    size_t n;
    bool left;
    vec_of(&w->model, w->draft, v);
    if (!vec_fill(w->db, &w->index, &w->model, SIZE_MAX, &left, err) ||
        !closest_begin(&c, &w->model.space, v, CLOSEST_BY, closest_want((size_t)w->papers), err) ||
        !vec_walk(w->db, &w->index, &w->model, w->asked.since, &c, 1, err) ||
        !closest_end(&c, hits, NEAR_LOOKED, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        w->at[w->n++] = (struct candidate){
            .paper = hits[i].paper, .score = (double)hits[i].score, .cosine = (double)hits[i].cosine};
    return true;
}

/* True when the model knows a word of the draft. */
static bool model_knows(const struct near_work *w)
{
    for (size_t i = 0; i < w->words->n; i++)
        if (w->words->place[i].stem < w->model.space.words)
            return true;
    return false;
}

/* ---- their texts ---- */

/* Candidates that are gone or withdrawn fall out. */
static bool read_texts(struct near_work *w, struct err *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->n; i++) {
        AUTO_STMT struct stmt *q = NULL;
        struct candidate c = w->at[i];
        if (!db_query(w->db, &q, err, "select title, abstract from paper where id = $1 and withdrawn = 0",
                      V_INT(c.paper)))
            return false;
        if (!db_next(q, err)) {
            if (err->code)
                return false;
            continue;
        }
        c.text =
            (struct paper_text){arena_span(w->arena, db_text(q, 0)), arena_span(w->arena, db_text(q, 1))};
        c.at = w->stems->n;
        if (!stems_add(w->stems, c.text.title, c.text.abstract, SIZE_MAX, err))
            return false;
        w->at[kept++] = c;
    }
    w->n = kept;
    return arena_ok(w->arena) || fail_memory(err);
}

static void score_words(struct near_work *w)
{
    double titles = 0, abstracts = 0;
    for (size_t i = 0; i < w->n; i++) {
        titles += w->stems->paper[w->at[i].at].title;
        abstracts += w->stems->paper[w->at[i].at].abstract;
    }
    w->words->title_average = w->n ? titles / (double)w->n : TITLE_AVERAGE;
    w->words->abstract_average = w->n ? abstracts / (double)w->n : 0;
    for (size_t i = 0; i < w->n; i++) {
        struct stems_place place[STEMS_PLACES];
        size_t n = stems_places(w->stems, &w->stems->paper[w->at[i].at], NULL, w->stems->of.n, place);
        w->at[i].words = near_words_score(w->words, place, n);
        if (!w->by_vectors && !w->by_index)
            w->at[i].score = w->at[i].words;
    }
}

static int by_score(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return x->score > y->score   ? -1
           : x->score < y->score ? 1
           : x->paper < y->paper ? -1
                                 : x->paper > y->paper;
}

/* ---- what is said of a hit ---- */

/* The next word of *text, and its stem (NAME_NONE: a stop word). */
static bool next_word(struct near_work *w, struct span *text, struct span *word, uint32_t *stem,
                      struct err *err)
{
    size_t from = 0, to, at = w->stems->n;
    while (from < text->n && !stem_byte(text->p[from]))
        from++;
    for (to = from; to < text->n && stem_byte(text->p[to]);)
        to++;
    *word = (struct span){text->p + from, to - from};
    *text = span_from(*text, to);
    if (!word->n || !stems_add(w->stems, *word, (struct span){0}, 1, err))
        return false;
    const struct stems_paper *p = &w->stems->paper[at];
    *stem = p->title ? w->stems->stem[p->at] : NAME_NONE;
    stems_drop(w->stems, at);
    return true;
}

/* The word of `text` whose stem is `stem`, as it stands there first. */
static struct span word_with(struct near_work *w, struct span text, uint32_t stem, struct err *err)
{
    struct span word;
    uint32_t its;
    while (next_word(w, &text, &word, &its, err))
        if (its == stem)
            return word;
    return (struct span){0};
}

/* Common words say nothing by being shared. */
static bool says_something(const struct near_work *w, size_t at)
{
    return w->index.docs < MANY || w->df[at] * COMMON <= (double)w->index.docs;
}

/* The words that count most and stand in both. */
static bool name_shared(struct near_work *w, const struct weighed *weighed, size_t n,
                        const struct candidate *c, struct near_hit *hit, struct err *err)
{
    struct stems_place place[STEMS_PLACES];
    size_t places = stems_places(w->stems, &w->stems->paper[c->at], NULL, w->stems->of.n, place);
    for (size_t i = 0; i < n && hit->shared_n < NEAR_SHARED; i++) {
        uint32_t stem = w->words->place[weighed[i].at].stem;
        bool there = false;
        for (size_t k = 0; k < places && !there; k++)
            there = place[k].stem == stem;
        if (!there || !says_something(w, weighed[i].at))
            continue;
        struct span word = word_with(w, c->text.title, stem, err);
        if (!word.n && !err->code)
            word = word_with(w, c->text.abstract, stem, err);
        if (err->code)
            return false;
        if (word.n)
            hit->shared[hit->shared_n++] = arena_text(w->arena, word);
    }
    return arena_ok(w->arena) || fail_memory(err);
}

static bool in_draft(const struct near_work *w, uint32_t stem)
{
    for (size_t i = 0; i < w->words->n; i++)
        if (w->words->place[i].stem == stem)
            return says_something(w, i);
    return false;
}

static bool mark_title(struct near_work *w, struct near_hit *hit, struct err *err)
{
    struct span text = span_of(hit->shown.title), word;
    uint32_t stem;
    hit->marked = arena_array(w->arena, text.n / 2 + 1, sizeof *hit->marked);
    while (hit->marked && next_word(w, &text, &word, &stem, err))
        if (stem != NAME_NONE && in_draft(w, stem))
            hit->marked[hit->marked_n++] = word;
    return !err->code && (hit->marked || fail_memory(err));
}

static bool in_year(const struct shown *s, int year)
{
    struct ymd date = {.year = year, .month = 1, .day = 1};
    char text[16];
    return strncmp(s->date, day_text(day_of(date), text), 4) == 0;
}

static bool say_hits(struct near_work *w, struct near_found *out, struct err *err)
{
    size_t most = w->asked.most < NEAR_MORE ? w->asked.most : NEAR_MORE;
    struct near_seen seen[NEAR_LOOKED];
    struct weighed *weighed = arena_array(w->arena, w->words->n + 1, sizeof *weighed);
    size_t looked = w->n < NEAR_LOOKED ? w->n : NEAR_LOOKED;
    out->n = w->n < most ? w->n : most;
    out->at = arena_array(w->arena, out->n + 1, sizeof *out->at);
    if (!weighed || !out->at)
        return fail_memory(err);
    size_t n = weigh(w, weighed);
    for (size_t i = 0; i < out->n; i++) {
        struct near_hit *hit = &out->at[i];
        *hit = (struct near_hit){.score = w->at[i].score, .p = NAN};
        if (!shown_load(w->app, w->at[i].paper, &hit->shown, err) ||
            !name_shared(w, weighed, n, &w->at[i], hit, err) || !mark_title(w, hit, err))
            return false;
    }
    for (size_t i = 0; i < looked; i++) {
        bool this_year = i < out->n && in_year(&out->at[i].shown, w->asked.year);
        seen[i] = (struct near_seen){w->at[i].score, w->at[i].cosine, w->at[i].words, this_year};
    }
    for (size_t i = 0; w->by_vectors && i < out->n && i < NEAR_SHOWN; i++) {
        double x[NEAR_FEATURES];
        near_features(seen, looked, i, w->model.null[w->title_only], x);
        out->at[i].p = near_odds(out->way, x);
    }
    return true;
}

static void work_free(struct near_work *w)
{
    index_close(&w->index);
    vec_model_free(&w->model);
    stems_free(&w->own);
}

/* How many papers there are, and among how many the search goes. */
static bool count_papers(struct near_work *w, struct near_found *out, struct err *err)
{
    char since[16];
    if (!shown_count(w->db, &out->here, err) ||
        !db_number(w->db, &out->papers, 0, err, "select count(*) from paper where day >= $1",
                   V_INT(w->asked.since)))
        return false;
    if (w->asked.since == INT32_MIN)
        out->papers = out->here;
    w->papers = out->papers;
    if (out->papers || !out->here)
        return true;
    return fail(err, E_MISSING, tr("err.papers.near_since", "No paper here is from %s or later."),
                day_text((day_t)w->asked.since, since));
}

static bool find(struct near_work *w, const struct draft *draft, struct near_found *out, struct err *err)
{
    bool there = false;
    if (!index_open(&w->index, w->db, err) || !count_papers(w, out, err))
        return false;
    if (w->index.docs == 0)
        return fail(err, E_MISSING, "%s",
                    tr("err.papers.near_empty",
                       "There are no papers here yet: `respite papers import FILE` or `respite papers "
                       "fetch` brings some."));
    if (w->index.docs >= VEC_LEAST && !vec_model_load(w->db, true, &w->model, &there, err))
        return false;
    if (!there && !stems_init(&w->own, err))
        return false;
    w->stems = there ? &w->model.stems : &w->own;
    if (!take_draft(w, draft, err))
        return false;
    w->by_vectors = there && model_knows(w);
    if (!(w->by_vectors ? find_by_vectors(w, err) : find_by_words(w, err)) || !read_texts(w, err))
        return false;
    score_words(w);
    qsort(w->at, w->n, sizeof *w->at, by_score);
    out->title_only = w->title_only;
    out->way = w->by_vectors ? (w->title_only ? NEAR_TITLE : NEAR_ABSTRACT)
                             : (w->title_only ? NEAR_WORDS_TITLE : NEAR_WORDS);
    out->miss_rate = near_miss_rate(out->way);
    out->title = draft->title;
    out->since = w->asked.since;
    return say_hits(w, out, err);
}

bool near_find(struct app *app, const struct draft *draft, struct near_asked asked, struct near_found *out,
               struct err *err)
{
    struct near_work w = {.app = app, .db = app->db, .arena = app->arena, .asked = asked};
    struct near_found found = {0};
    w.words = ARENA_NEW(app->arena, struct near_words);
    w.at = arena_array(app->arena, CANDIDATES + NEAR_LOOKED, sizeof *w.at);
    bool ok = (w.words && w.at) || fail_memory(err);
    ok = ok && find(&w, draft, &found, err);
    work_free(&w);
    if (ok)
        *out = found;
    return ok;
}

const char *near_why(const struct near_found *f)
{
    if (near_tells(f->way))
        return NULL;
    if (f->way == NEAR_TITLE)
        return tr(
            "near.why.title",
            "Odds are said of drafts with an abstract: by a title alone they could not be told well enough "
            "on the known cases.");
    if (f->here < VEC_LEAST)
        return tr("near.why.few",
                  "Odds are said from 5,000 papers on: below that papers are compared by their words.");
    return tr("near.why.words",
              "Odds are said once vectors of words are learned from the papers here. That happens by "
              "itself in idle time; `respite papers vectors` does it now.");
}
