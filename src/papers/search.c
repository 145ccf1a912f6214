/* The search proper: one segment after another, one heap of the best for all. */
#include "papers/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

enum { WINDOW = 4096, SLACK = 16 /* of a bound, for the rounding of floats */ };

float search_weight(const struct index *index, uint64_t df)
{
    return (float)(bm25_idf(index->docs, df) * 2.2 * SCORE_ONE);
}

uint32_t search_adds(float weight, unsigned tf, float norm)
{
    return (uint32_t)(weight * bm25_impact(tf, norm));
}

/* ---- the best k ---- */

struct best {
    struct search_hit *at; /* a heap, the worst on top */
    size_t n, k;
};

static bool worse(struct search_hit a, struct search_hit b)
{
    return a.score != b.score ? a.score < b.score : a.paper > b.paper;
}

static void sink(struct best *best, size_t i)
{
    for (;;) {
        size_t low = i;
        for (size_t c = 2 * i + 1; c <= 2 * i + 2 && c < best->n; c++)
            if (worse(best->at[c], best->at[low]))
                low = c;
        if (low == i)
            return;
        struct search_hit held = best->at[i];
        best->at[i] = best->at[low];
        best->at[low] = held;
        i = low;
    }
}

static void offer(struct best *best, struct search_hit hit)
{
    if (best->n < best->k) {
        size_t i = best->n++;
        best->at[i] = hit;
        while (i && worse(best->at[i], best->at[(i - 1) / 2])) {
            struct search_hit held = best->at[i];
            best->at[i] = best->at[(i - 1) / 2];
            best->at[(i - 1) / 2] = held;
            i = (i - 1) / 2;
        }
    } else if (worse(best->at[0], hit)) {
        best->at[0] = hit;
        sink(best, 0);
    }
}

/* What a document has to reach: with as much it may win by its id. */
static uint32_t least(const struct best *best)
{
    return best->n < best->k ? 0 : best->at[0].score;
}

static int by_rank(const void *a, const void *b)
{
    return worse(*(const struct search_hit *)a, *(const struct search_hit *)b) ? 1 : -1;
}

/* ---- one segment ---- */

struct word {
    struct post post;
    float weight, stretch; /* stretch: what a bound of the segment is multiplied by today */
    uint32_t bound;        /* in the window at hand */
    bool ended;
};
struct seg_search {
    const struct search *search;
    struct index *index;
    struct index_seg *seg;
    struct word *word, *order[SEARCH_TERMS];
    uint32_t below[SEARCH_TERMS + 1]; /* below[i]: what order[0] to order[i - 1] can add */
    size_t words;
    uint8_t *may; /* a bit a document that passes what every hit must have; NULL: all */
    uint32_t adds[WINDOW];
    uint64_t touched[WINDOW / 64];
    struct best *best;
    struct err *err;
};

static bool may(const struct seg_search *s, uint32_t doc)
{
    return !s->may || (s->may[doc / 8] >> (doc % 8) & 1);
}

/* The texts of phrases are looked up last, for documents that would be among the best. */
static bool phrases_hold(struct seg_search *s, uint32_t paper)
{
    bool hold = true;
    if (!s->search->phrases)
        return true;
    AUTO_STMT struct stmt *q = NULL;
    if (!db_query(s->index->db, &q, s->err, "select title, abstract from paper where id = $1",
                  V_INT(paper)) ||
        !db_next(q, s->err))
        return false;
    for (size_t i = 0; i < s->search->phrases && hold; i++)
        hold = search_has_phrase(s->index->stems, db_text(q, 0), s->search->phrase[i]) ||
               search_has_phrase(s->index->stems, db_text(q, 1), s->search->phrase[i]);
    return hold;
}

static void found(struct seg_search *s, uint32_t doc, uint32_t score)
{
    struct search_hit hit = {seg_doc_at(buf_span(&s->seg->documents), doc).paper, score};
    if (s->best->n == s->best->k && !worse(s->best->at[0], hit))
        return;
    if (phrases_hold(s, hit.paper))
        offer(s->best, hit);
}

static void add_all(struct seg_search *s, struct word *w, uint32_t from, uint32_t end)
{
    struct post *p = &w->post;
    for (bool more = post_seek(p, from); more && p->doc[p->at] < end;) {
        for (; p->at < p->in && p->doc[p->at] < end; p->at++) {
            uint32_t d = p->doc[p->at], i = d - from;
            uint32_t adds = search_adds(w->weight, p->tf[p->at], s->seg->norm[d]);
            uint64_t bit = (uint64_t)1 << i % 64;
            s->adds[i] = s->touched[i / 64] & bit ? s->adds[i] + adds : adds;
            s->touched[i / 64] |= bit;
        }
        more = p->at < p->in ? false : post_seek(p, p->doc[p->in - 1] + 1);
    }
}

/* Complete the score of a candidate by the words that were left out, the strongest first. */
static void complete(struct seg_search *s, uint32_t doc, uint32_t score, size_t left_out)
{
    uint32_t need = least(s->best);
    if (!may(s, doc))
        return;
    for (size_t i = left_out; i-- > 0;) {
        struct word *w = s->order[i];
        if (score + s->below[i + 1] < need)
            return;
        if (post_seek(&w->post, doc) && w->post.doc[w->post.at] == doc)
            score += search_adds(w->weight, w->post.tf[w->post.at], s->seg->norm[doc]);
    }
    if (score >= need)
        found(s, doc, score);
}

/* Bounds of the words in this window, weakest first. */
static void order_words(struct seg_search *s, uint32_t from, uint32_t end)
{
    for (size_t i = 0; i < s->words; i++) {
        struct word *w = &s->word[i];
        bool there = post_shallow(&w->post, from);
        float impact = there ? (float)post_bound_until(&w->post, end) / 255 * w->stretch : 0;
        w->bound = there ? (uint32_t)(w->weight * (impact < 1 ? impact : 1)) + SLACK : 0;
        size_t at = i;
        for (; at > 0 && s->order[at - 1]->bound > w->bound; at--)
            s->order[at] = s->order[at - 1];
        s->order[at] = w;
    }
    for (size_t i = 0; i < s->words; i++)
        s->below[i + 1] = s->below[i] + s->order[i]->bound;
}

static void search_window(struct seg_search *s, uint32_t from, uint32_t end)
{
    size_t left_out = 0;
    order_words(s, from, end);
    while (left_out < s->words && s->below[left_out + 1] < least(s->best))
        left_out++;
    if (left_out == s->words)
        return;
    for (size_t i = left_out; i < s->words; i++)
        add_all(s, s->order[i], from, end);
    for (uint32_t i = 0; i < (end - from + 63) / 64; i++)
        for (uint64_t bits = s->touched[i]; bits; bits &= bits - 1) {
            uint32_t at = i * 64 + (uint32_t)__builtin_ctzll(bits);
            if (s->adds[at] + s->below[left_out] >= least(s->best))
                complete(s, from + at, s->adds[at], left_out);
        }
    memset(s->touched, 0, sizeof s->touched);
}

/* ---- what every hit must have ---- */

static bool require(struct seg_search *s, const struct seg_term *about, struct err *err)
{
    size_t bytes = s->seg->docs / 8 + 1;
    uint8_t *has = mem_get(bytes);
    struct post *p = mem_get(sizeof *p);
    bool done = has && p ? index_list(s->index, s->seg, about, p, err) : fail_memory(err);
    for (uint32_t d = 0; done && post_seek(p, d); d = p->doc[p->at] + 1)
        has[p->doc[p->at] / 8] |= (uint8_t)(1 << p->doc[p->at] % 8);
    for (size_t i = 0; done && s->may && i < bytes; i++)
        s->may[i] &= has[i];
    if (done && !s->may) {
        s->may = has;
        has = NULL;
    }
    mem_free(has);
    mem_free(p);
    return done;
}

/* Days, and what was struck out. */
static bool limit(struct seg_search *s, struct err *err)
{
    bool days = s->search->from != INT32_MIN || s->search->to != INT32_MAX;
    if (!days && !s->seg->dead.n)
        return true;
    if (!s->may) {
        s->may = mem_get(s->seg->docs / 8 + 1);
        if (!s->may)
            return fail_memory(err);
        memset(s->may, 0xFF, s->seg->docs / 8 + 1);
    }
    for (uint32_t d = 0; d < s->seg->docs; d++) {
        int32_t from, to;
        bool out = index_is_dead(s->seg, d) ||
                   (days && (!seg_days(seg_doc_at(buf_span(&s->seg->documents), d).day, &from, &to) ||
                             from < s->search->from || to > s->search->to));
        if (out)
            s->may[d / 8] &= (uint8_t) ~(1 << d % 8);
    }
    return true;
}

/* The words of the search in this segment. False with err clean: a word that each hit must have is not here.
 */
static bool open_words(struct seg_search *s, const uint64_t *df, double average, struct err *err)
{
    float stretch = (float)(average > 0 ? (double)s->index->tokens / (double)s->index->docs / average : 1);
    for (size_t i = 0; i < s->search->terms; i++) {
        const struct search_term *t = &s->search->term[i];
        struct seg_term about;
        if (!seg_dict_find(&s->seg->dict, span_bytes(t->text, t->n), &about)) {
            if (t->must)
                return false;
            continue;
        }
        if (t->must && !require(s, &about, err))
            return false;
        if (t->field)
            continue;
        struct word *w = &s->word[s->words];
        if (!index_list(s->index, s->seg, &about, &w->post, err))
            return false;
        w->weight = search_weight(s->index, df[i]);
        w->stretch = stretch > 1 ? stretch : 1;
        s->order[s->words++] = w;
    }
    return limit(s, err);
}

/* Fields alone: the newest first. */
static void take_newest(struct seg_search *s)
{
    for (uint32_t d = 0; d < s->seg->docs; d++)
        if (may(s, d)) {
            struct seg_doc doc = seg_doc_at(buf_span(&s->seg->documents), d);
            int32_t from, to;
            seg_days(doc.day, &from, &to);
            offer(s->best, (struct search_hit){doc.paper, from < 0 ? 0 : (uint32_t)from});
        }
}

static bool search_seg(struct seg_search *s, const uint64_t *df, bool fields_alone, struct err *err)
{
    s->words = 0;
    s->may = NULL;
    double average = s->seg->docs ? (double)s->seg->tokens / s->seg->docs : 0;
    bool here = open_words(s, df, average, err);
    if (here && fields_alone)
        take_newest(s);
    for (uint32_t from = 0; here && !fields_alone && from < s->seg->docs; from += WINDOW)
        search_window(s, from, s->seg->docs - from < WINDOW ? s->seg->docs : from + WINDOW);
    mem_free(s->may);
    return err->code == E_NONE;
}

static bool count_df(const struct search *search, const struct index *index, uint64_t *df)
{
    bool fields_alone = true;
    for (size_t i = 0; i < search->terms; i++) {
        const struct search_term *t = &search->term[i];
        df[i] = 0;
        fields_alone = fields_alone && t->field;
        for (size_t g = 0; g < index->segs; g++) {
            struct seg_term about;
            if (seg_dict_find(&index->seg[g].dict, span_bytes(t->text, t->n), &about))
                df[i] += about.df;
        }
    }
    return fields_alone;
}

bool search_run(const struct search *search, struct index *index, size_t k, struct search_hit *hits,
                size_t *n, struct err *err)
{
    uint64_t df[SEARCH_TERMS];
    struct best best = {.at = hits, .k = k < SEARCH_MOST ? k : SEARCH_MOST};
    struct seg_search *s = mem_get(sizeof *s);
    struct word *word = mem_get((search->terms + 1) * sizeof *word);
    bool done = (s && word) || fail_memory(err);
    index_trim(index);
    bool fields_alone = count_df(search, index, df);
    for (size_t i = 0; done && best.k && i < index->segs; i++) {
        s->search = search;
        s->index = index;
        s->word = word;
        s->best = &best;
        s->err = err;
        s->seg = &index->seg[i];
        done = search_seg(s, df, fields_alone, err);
    }
    mem_free(s);
    mem_free(word);
    qsort(hits, best.n, sizeof *hits, by_rank);
    for (size_t i = 0; i < best.n && fields_alone; i++)
        hits[i].score = 0;
    *n = best.n;
    return done;
}
