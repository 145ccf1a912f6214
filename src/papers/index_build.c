/* The builder of a segment. Two tables of 64-bit hashes: words as they stand in the texts, each with its
 * term, so that a word is stemmed when it is first seen; and terms. Rows stand in the order in which they
 * were first seen, so that the frequent ones are neighbours in the cache. */
#include "papers/index_build.h"

#include <libstemmer.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/words.h"
#include "codec/utf8.h"
#include "papers/author_name.h"
#include "papers/tokens.h"
#include "papers/vocabulary.h"

#include "base/banned.h"

enum {
    ROW_MOST = 16 << 20,
    TERMS_MOST = 1 << 22,
    TF_MOST = 255,
    LENGTH_MOST = UINT16_MAX,
    NAMES_MOST = 128 << 10
};

struct slots { /* rows by hash: the number of a row, + 1; 0: empty. At most half are taken. */
    uint32_t *at;
    size_t room;
};
struct word { /* of the texts, as it stands there */
    uint64_t hash;
    uint32_t term;
};
struct term {
    uint64_t hash;
    uint32_t text, df, doc; /* text: where in `texts`; doc: the last that holds it, + 1 */
    uint8_t n, tf;          /* tf: in that one */
};
struct doc {
    struct seg_doc at;
    uint32_t row_end;
};
struct index_build {
    struct sb_stemmer *stemmer;
    struct slots word_slots, term_slots;
    struct word *word;
    size_t words, word_room;
    struct term *term;
    size_t terms, term_room;
    struct buf texts, folded;
    uint32_t *row; /* term << 8 | tf, a paper's together */
    size_t row_n, row_room;
    struct doc *doc;
    size_t docs, doc_room;
    uint32_t length;
    uint64_t tokens;
};

/* Four times the room, for `n` rows of `size` bytes that begin with their hash. */
static bool slots_grow(struct slots *s, const void *rows, size_t n, size_t size)
{
    struct slots to = {.room = s->room ? s->room * 4 : 1 << 12};
    if (!(to.at = mem_get(to.room * sizeof *to.at)))
        return false;
    for (size_t i = 0; i < n; i++) {
        uint64_t hash;
        memcpy(&hash, (const char *)rows + i * size, sizeof hash);
        size_t at = hash & (to.room - 1);
        while (to.at[at])
            at = (at + 1) & (to.room - 1);
        to.at[at] = (uint32_t)i + 1;
    }
    mem_free(s->at);
    *s = to;
    return true;
}

struct index_build *index_build_new(struct err *err)
{
    struct index_build *b = mem_get(sizeof *b);
    if (!b) {
        (void)fail_memory(err);
        return NULL;
    }
    buf_init(&b->texts, UINT32_MAX);
    buf_init(&b->folded, 64 << 20);
    b->stemmer = sb_stemmer_new("english", "ISO_8859_1"); /* words of a to z alone come to it: bytes */
    if (b->stemmer && slots_grow(&b->word_slots, NULL, 0, 0) && slots_grow(&b->term_slots, NULL, 0, 0))
        return b;
    (void)fail_memory(err);
    index_build_free(b);
    return NULL;
}

void index_build_free(struct index_build *b)
{
    if (!b)
        return;
    sb_stemmer_delete(b->stemmer);
    mem_free(b->word_slots.at);
    mem_free(b->term_slots.at);
    mem_free(b->word);
    mem_free(b->term);
    mem_free(b->row);
    mem_free(b->doc);
    buf_clear(&b->texts);
    buf_clear(&b->folded);
    mem_free(b);
}

bool index_build_full(const struct index_build *b)
{
    return b->row_n >= ROW_MOST || b->terms >= TERMS_MOST || b->texts.n > UINT32_MAX / 2;
}

uint32_t index_build_docs(const struct index_build *b)
{
    return (uint32_t)b->docs;
}

/* ---- words to terms ---- */

/* What Porter2 changes ends in s, e, y or in one of these letters behind one of those: any other word is its
 * own stem, half of all that there are. */
static bool may_change(struct span word)
{
    static const char behind[26][5] = {
        ['c' - 'a'] = "i", ['d' - 'a'] = "e", ['g' - 'a'] = "n",  ['i' - 'a'] = "cglt", ['l' - 'a'] = "alu",
        ['m' - 'a'] = "s", ['n' - 'a'] = "o", ['r' - 'a'] = "eo", ['t' - 'a'] = "n",
    };
    char last = word.p[word.n - 1];
    return last == 's' || last == 'e' || last == 'y' || strchr(behind[last - 'a'], word.p[word.n - 2]);
}

size_t index_stem(struct index_build *b, struct span word, char *out)
{
    bool letters = word.n > 2;
    for (size_t i = 0; i < word.n && letters; i++)
        letters = word.p[i] >= 'a' && word.p[i] <= 'z';
    if (letters && may_change(word)) {
        const sb_symbol *stem = sb_stemmer_stem(b->stemmer, (const sb_symbol *)word.p, (int)word.n);
        if (stem)
            word = span_bytes(stem, (size_t)sb_stemmer_length(b->stemmer));
    }
    size_t n = word.n < TERM_MOST ? word.n : TERM_MOST;
    memcpy(out, word.p, n);
    return n;
}

/* The number of a term, made when it is new. */
static bool term_of(struct index_build *b, struct span text, uint32_t *out)
{
    struct slots *s = &b->term_slots;
    uint64_t hash = span_hash(text);
    size_t at = hash & (s->room - 1);
    for (; s->at[at]; at = (at + 1) & (s->room - 1)) {
        const struct term *t = &b->term[s->at[at] - 1];
        if (t->hash == hash && span_eq(span_bytes(b->texts.p + t->text, t->n), text)) {
            *out = s->at[at] - 1;
            return true;
        }
    }
    if (!rows_room(&b->term, b->terms, 1, &b->term_room, sizeof *b->term, NULL))
        return false;
    *out = (uint32_t)b->terms;
    b->term[b->terms++] = (struct term){.hash = hash, .text = (uint32_t)b->texts.n, .n = (uint8_t)text.n};
    buf_add(&b->texts, text);
    s->at[at] = *out + 1;
    return !b->texts.failed && (b->terms * 2 < s->room || slots_grow(s, b->term, b->terms, sizeof *b->term));
}

/* Two words of one 64-bit hash are taken for one: among a million words the odds are one in 4e7. */
static bool term_of_word(struct index_build *b, const struct tokens *t, uint32_t *out)
{
    struct slots *s = &b->word_slots;
    size_t at = t->hash & (s->room - 1);
    for (; s->at[at]; at = (at + 1) & (s->room - 1))
        if (b->word[s->at[at] - 1].hash == t->hash) {
            *out = b->word[s->at[at] - 1].term;
            return true;
        }
    char stem[TERM_MOST];
    size_t n = index_stem(b, t->word, stem);
    if (!term_of(b, span_bytes(stem, n), out) ||
        !rows_room(&b->word, b->words, 1, &b->word_room, sizeof *b->word, NULL))
        return false;
    b->word[b->words++] = (struct word){t->hash, *out};
    s->at[at] = (uint32_t)b->words;
    return b->words * 2 < s->room || slots_grow(s, b->word, b->words, sizeof *b->word);
}

/* Done for each word, so that there is no branch on whether the paper has had the term: the row is written
 * in any case, and overwritten by the next when it was nothing new. */
static inline bool count(struct index_build *b, uint32_t term, unsigned times)
{
    struct term *t = &b->term[term];
    uint32_t paper = (uint32_t)b->docs + 1;
    bool first = t->doc != paper;
    if (b->row_n == b->row_room && !rows_room(&b->row, b->row_n, 1, &b->row_room, sizeof *b->row, NULL))
        return false;
    b->row[b->row_n] = term << 8;
    b->row_n += first;
    t->df += first;
    t->doc = paper;
    unsigned tf = (first ? 0 : t->tf) + times;
    t->tf = (uint8_t)(tf < TF_MOST ? tf : TF_MOST);
    return true;
}

static bool count_words(struct index_build *b, struct span text, unsigned times)
{
    struct tokens t;
    uint32_t term;
    tokens_begin(&t, text, &b->folded);
    while (tokens_next(&t)) {
        if (!term_of_word(b, &t, &term) || !count(b, term, times))
            return false;
        b->length += times;
    }
    return !b->folded.failed;
}

/* ---- fields ---- */

size_t index_field(char kind, struct span text, char *out)
{
    if (!text.n || text.n + 2 > TERM_MOST)
        return 0;
    out[0] = 1;
    out[1] = kind;
    for (size_t i = 0; i < text.n; i++)
        out[2 + i] = (char)(text.p[i] >= 'A' && text.p[i] <= 'Z' ? text.p[i] + 32 : text.p[i]);
    return text.n + 2;
}

static bool count_field(struct index_build *b, char kind, struct span text)
{
    char field[TERM_MOST];
    size_t n = index_field(kind, text, field);
    uint32_t term;
    return !n || (term_of(b, span_bytes(field, n), &term) &&
                  (b->term[term].doc == b->docs + 1 || count(b, term, 1)));
}

struct span index_surname(struct span name, struct buf *folded)
{
    struct span rest = name, last = {NULL, 0};
    struct tokens t;
    if (span_cut(&rest, ',', &last))
        name = last;
    AUTO_BUF struct buf room;
    buf_init(&room, 4096);
    tokens_begin(&t, span_first(name, 400), &room);
    buf_reset(folded);
    while (tokens_next(&t))
        if (!t.joined) {
            buf_reset(folded);
            buf_add(folded, t.word);
        }
    return buf_span(folded);
}

struct span index_names(struct span authors, struct buf *room)
{
    struct span rest = authors, name;
    if (span_find(authors, SPAN("\n")) >= 0 || !author_list(authors))
        return authors;
    buf_reset(room);
    while (author_list_next(&rest, &name))
        buf_printf(room, "%s%.*s", room->n ? "\n" : "", SPAN_ARG(name));
    return room->failed ? authors : buf_span(room);
}

static bool has_cjk(struct span text)
{
    while (text.n)
        if ((uint8_t)*text.p < 0x80)
            text = span_from(text, 1);
        else if (utf8_kind(utf8_next(&text)) == UTF8_CJK)
            return true;
    return false;
}

static bool count_fields(struct index_build *b, const struct index_paper *paper)
{
    AUTO_BUF struct buf surname, names;
    buf_init(&surname, 4096);
    buf_init(&names, NAMES_MOST);
    struct span rest = index_names(paper->authors, &names), one;
    while (rest.n) {
        span_cut(&rest, '\n', &one);
        if (!count_field(b, 'a', index_surname(one, &surname)))
            return false;
    }
    for (rest = paper->categories; rest.n;) {
        span_cut(&rest, ' ', &one);
        if (!count_field(b, 'c', one))
            return false;
    }
    return count_field(b, 'l', has_cjk(span_first(paper->title, 4096)) ? SPAN("zh") : SPAN("en"));
}

bool index_build_add(struct index_build *b, const struct index_paper *paper, struct err *err)
{
    size_t from = b->docs ? b->doc[b->docs - 1].row_end : 0;
    b->row_n = from; /* what a paper left that could not be added goes */
    b->length = 0;
    if (!rows_room(&b->doc, b->docs, 1, &b->doc_room, sizeof *b->doc, NULL) ||
        !count_words(b, paper->title, TITLE_TIMES) || !count_words(b, paper->abstract, 1) ||
        !count_fields(b, paper))
        return fail_memory(err);
    for (size_t i = from; i < b->row_n; i++)
        b->row[i] |= b->term[b->row[i] >> 8].tf;
    uint16_t length = (uint16_t)(b->length < LENGTH_MOST ? b->length : LENGTH_MOST);
    b->doc[b->docs++] = (struct doc){{paper->id, paper->day, length}, (uint32_t)b->row_n};
    b->tokens += length;
    return true;
}

/* ---- the end: lists by term ---- */

struct sorted {
    uint64_t key; /* the first eight bytes, big-endian */
    uint32_t term;
};
struct lists {
    uint32_t *start, *doc;
    uint8_t *tf;
    float *norm;
    struct sorted *order, *spare; /* as many each */
};

static void lists_free(struct lists *l)
{
    mem_free(l->start);
    mem_free(l->doc);
    mem_free(l->tf);
    mem_free(l->norm);
    mem_free(l->order);
    mem_free(l->spare);
}

static int by_text(const void *a, const void *b, void *build)
{
    const struct sorted *x = a, *y = b;
    const struct index_build *ib = build;
    const struct term *s = &ib->term[x->term], *t = &ib->term[y->term];
    return span_order(span_bytes(ib->texts.p + s->text, s->n), span_bytes(ib->texts.p + t->text, t->n));
}

/* By key, a byte at a time from the lowest: each of eight passes keeps the order of the one before. */
static void sort_keys(struct lists *l, size_t n)
{
    for (unsigned shift = 0; shift < 64; shift += 8) {
        size_t start[256] = {0}, at = 0;
        for (size_t i = 0; i < n; i++)
            start[l->order[i].key >> shift & 255]++;
        for (unsigned byte = 0; byte < 256; byte++) {
            size_t here = start[byte];
            start[byte] = at;
            at += here;
        }
        for (size_t i = 0; i < n; i++)
            l->spare[start[l->order[i].key >> shift & 255]++] = l->order[i];
        struct sorted *held = l->order;
        l->order = l->spare;
        l->spare = held;
    }
}

static void sort_terms(struct index_build *b, struct lists *l)
{
    for (uint32_t t = 0; t < b->terms; t++) {
        uint64_t key = 0;
        for (unsigned i = 0; i < 8; i++)
            key = key << 8 | (i < b->term[t].n ? (uint8_t)b->texts.p[b->term[t].text + i] : 0);
        l->order[t] = (struct sorted){key, t};
    }
    sort_keys(l, b->terms);
    for (size_t from = 0, to; from < b->terms; from = to) {
        for (to = from + 1; to < b->terms && l->order[to].key == l->order[from].key; to++)
            ;
        if (to - from > 1)
            qsort_r(l->order + from, to - from, sizeof *l->order, by_text, b);
    }
}

static bool make_lists(struct index_build *b, struct lists *l)
{
    l->start = mem_get((b->terms + 1) * sizeof *l->start);
    l->doc = mem_get((b->row_n + 1) * sizeof *l->doc);
    l->tf = mem_get(b->row_n + 1);
    l->norm = mem_get((b->docs + 1) * sizeof *l->norm);
    l->order = mem_get((b->terms + 1) * sizeof *l->order);
    l->spare = mem_get((b->terms + 1) * sizeof *l->spare);
    if (!l->start || !l->doc || !l->tf || !l->norm || !l->order || !l->spare)
        return false;
    for (size_t t = 0; t < b->terms; t++)
        l->start[t + 1] = l->start[t] + b->term[t].df;
    struct bm25 m = {b->docs ? (double)b->tokens / (double)b->docs : 1};
    for (uint32_t d = 0, r = 0; d < b->docs; d++) {
        for (; r < b->doc[d].row_end; r++) {
            uint32_t at = l->start[b->row[r] >> 8]++;
            l->doc[at] = d;
            l->tf[at] = (uint8_t)b->row[r];
        }
        l->norm[d] = bm25_norm(m, b->doc[d].at.length);
    }
    sort_terms(b, l); /* start[t] is now where the list of t ends */
    return true;
}

static bool write_terms(struct index_build *b, const struct lists *l, struct seg_writer *w, struct err *err)
{
    for (size_t i = 0; i < b->terms; i++) {
        const struct term *t = &b->term[l->order[i].term];
        uint32_t from = l->start[l->order[i].term] - t->df;
        struct span text = span_bytes(b->texts.p + t->text, t->n);
        if (!seg_write_term(w, text, l->doc + from, l->tf + from, t->df, err))
            return false;
    }
    return seg_write_end(w, err);
}

static void empty(struct index_build *b)
{
    memset(b->word_slots.at, 0, b->word_slots.room * sizeof *b->word_slots.at);
    memset(b->term_slots.at, 0, b->term_slots.room * sizeof *b->term_slots.at);
    b->words = b->terms = b->row_n = b->docs = 0;
    b->tokens = 0;
    buf_reset(&b->texts);
}

void seg_made_free(struct seg_made *made)
{
    buf_clear(&made->dict);
    buf_clear(&made->documents);
}

bool index_build_end(struct index_build *b, struct seg_made *out, seg_chunk *sink, void *arg, struct err *err)
{
    struct lists l = {0};
    struct seg_writer w = {0};
    *out = (struct seg_made){.docs = (uint32_t)b->docs, .tokens = b->tokens};
    buf_init(&out->documents, UINT32_MAX);
    bool done = make_lists(b, &l) || fail_memory(err);
    done = done && seg_write_begin(&w, l.norm, out->docs, sink, arg, err) && write_terms(b, &l, &w, err);
    for (size_t d = 0; d < b->docs && done; d++)
        seg_doc_write(&out->documents, b->doc[d].at);
    done = done && buf_ok(&out->documents, err);
    out->dict = w.dict;
    w.dict = (struct buf){0};
    seg_write_free(&w);
    lists_free(&l);
    empty(b);
    return done;
}
