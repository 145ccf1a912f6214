/* The index against plain counting: the same best k to the last bit, whatever the order and the merges. */
#include "test/test.h"

#include <libstemmer.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/day.h"
#include "base/map.h"
#include "num/rng.h"
#include "papers/papers_db.h"
#include "papers/search.h"
#include "papers/tokens.h"

#include "base/banned.h"

enum { PAPERS = 3000, VOCABULARY = 4000, TEXT = 4096 };

struct shelf {
    struct db *db;
    struct index_build *build;
    char *title[PAPERS], *abstract[PAPERS];
    struct arena *arena;
};

/* Words by Zipf's law: "waaa", "wab", …, some of them forms that stem alike. */
static void draw_words(struct rng *rng, struct buf *out, size_t n)
{
    static const char *const ends[] = {"", "s", "ing", "ed"};
    for (size_t i = 0; i < n; i++) {
        double u = rng_unit(rng);
        unsigned w = (unsigned)(VOCABULARY * u * u * u * u);
        buf_printf(out, "%sw%c%c%c%s", i ? " " : "", 'a' + w % 17, 'a' + w / 17 % 17, 'a' + w / 289,
                   ends[rng_below(rng, 4)]);
    }
}

static void draw(struct shelf *s)
{
    struct rng rng;
    rng_seed(&rng, 5);
    for (size_t i = 0; i < PAPERS; i++) {
        AUTO_BUF struct buf text;
        buf_init(&text, TEXT);
        draw_words(&rng, &text, 3 + rng_below(&rng, 8));
        s->title[i] = arena_text(s->arena, buf_span(&text));
        buf_reset(&text);
        draw_words(&rng, &text, rng_below(&rng, 120));
        s->abstract[i] = arena_text(s->arena, buf_span(&text));
    }
}

static void open_shelf(struct shelf *s)
{
    struct err err = {0};
    struct migration_set set = {"papers", papers_migrations};
    s->arena = arena_new();
    assert_ok(db_open(&s->db, ":memory:", &err), &err);
    assert_ok(migrate(s->db, &set, 1, 1, NULL, &err), &err);
    s->build = index_build_new(&err);
    assert_non_null(s->build);
    draw(s);
}

static void close_shelf(struct shelf *s)
{
    index_build_free(s->build);
    db_close(s->db);
    arena_free(s->arena);
}

static void take(struct shelf *s, size_t i)
{
    struct err err = {0};
    struct index_paper p = {.id = (uint32_t)i,
                            .day = (int32_t)(i % 100),
                            .title = span_of(s->title[i]),
                            .abstract = span_of(s->abstract[i]),
                            .authors = i % 7 ? SPAN("Emmy Noether\nLasker, Emanuel") : SPAN("Wang Xiaoyun"),
                            .categories = i % 3 ? SPAN("cs.LG cs.CL") : SPAN("math.RA")};
    assert_ok(index_build_add(s->build, &p, &err), &err);
}

struct changes {
    struct shelf *s;
    uint32_t *at;
    size_t n;
};
static bool keep_work(struct db *db, void *arg, struct err *err)
{
    struct changes *c = arg;
    return index_keep(db, c->s->build, c->at, c->n, err);
}
static void keep(struct shelf *s, uint32_t *changed, size_t n)
{
    struct err err = {0};
    struct changes c = {s, changed, n};
    assert_ok(db_write(s->db, keep_work, &c, &err), &err);
}
static bool merge_work(struct db *db, void *arg, struct err *err)
{
    (void)arg;
    return index_merge_all(db, err);
}
static bool clear_work(struct db *db, void *arg, struct err *err)
{
    (void)arg;
    return index_clear(db, err);
}
static void run(struct shelf *s, db_work *work)
{
    struct err err = {0};
    assert_ok(db_write(s->db, work, NULL, &err), &err);
}

/* ---- counting plainly ---- */

struct plain {
    uint32_t tf[SEARCH_TERMS], length;
};

static void count_text(struct index_build *stems, struct span text, unsigned times, const struct search *q,
                       struct plain *p)
{
    struct tokens t;
    AUTO_BUF struct buf folded;
    buf_init(&folded, 1 << 16);
    tokens_begin(&t, text, &folded);
    while (tokens_next(&t)) {
        char stem[TERM_MOST];
        size_t n = index_stem(stems, t.word, stem);
        p->length += times;
        for (size_t i = 0; i < q->terms; i++)
            if (span_eq(span_bytes(q->term[i].text, q->term[i].n), span_bytes(stem, n)))
                p->tf[i] += times;
    }
}

static int by_rank(const void *a, const void *b)
{
    const struct search_hit *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->paper < y->paper ? -1 : 1;
}

static size_t plain_search(struct shelf *s, const struct index *index, const struct search *q, bool all,
                           struct search_hit *out)
{
    static struct plain p[PAPERS];
    uint64_t df[SEARCH_TERMS] = {0}, tokens = 0;
    memset(p, 0, sizeof p);
    for (size_t i = 0; i < PAPERS; i++) {
        count_text(s->build, span_of(s->title[i]), TITLE_TIMES, q, &p[i]);
        count_text(s->build, span_of(s->abstract[i]), 1, q, &p[i]);
        tokens += p[i].length;
        for (size_t t = 0; t < q->terms; t++)
            df[t] += p[i].tf[t] > 0;
    }
    assert_int_equal(tokens, index->tokens);
    struct bm25 m = {(double)tokens / PAPERS};
    size_t n = 0;
    for (size_t i = 0; i < PAPERS; i++) {
        uint32_t score = 0, has = 0;
        for (size_t t = 0; t < q->terms; t++)
            if (p[i].tf[t]) {
                score += search_adds(search_weight(index, df[t]), p[i].tf[t], bm25_norm(m, p[i].length));
                has++;
            }
        if (has && (!all || has == q->terms))
            out[n++] = (struct search_hit){(uint32_t)i, score};
    }
    qsort(out, n, sizeof *out, by_rank);
    return n;
}

static void compare(struct shelf *s, uint64_t seed, int rounds)
{
    static struct search_hit want[PAPERS], got[SEARCH_MOST];
    struct rng rng;
    struct err err = {0};
    AUTO_INDEX struct index index = {0};
    assert_ok(index_open(&index, s->db, &err), &err);
    rng_seed(&rng, seed);
    for (int round = 0; round < rounds; round++) {
        struct search q;
        size_t n, k = 1 + rng_below(&rng, round % 3 ? 30 : 1000);
        AUTO_BUF struct buf words;
        buf_init(&words, TEXT);
        draw_words(&rng, &words, 1 + rng_below(&rng, 12));
        assert_ok(search_read(&q, &index, buf_span(&words), &err), &err);
        if (round % 4 == 3)
            search_all(&q);
        size_t all = plain_search(s, &index, &q, q.all, want);
        assert_ok(search_run(&q, &index, k, got, &n, &err), &err);
        assert_int_equal(n, all < k ? all : k);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(got[i].score, want[i].score);
            assert_int_equal(got[i].paper, want[i].paper);
        }
    }
}

void test_index__the_best_k_are_those_of_plain_counting(void **state)
{
    (void)state;
    struct shelf s = {0};
    open_shelf(&s);
    for (size_t i = 0; i < PAPERS; i++)
        take(&s, i);
    keep(&s, NULL, 0);
    compare(&s, 1, 60);
    close_shelf(&s);
}

void test_index__day_by_day_and_merged_is_the_same(void **state)
{
    (void)state;
    struct shelf s = {0};
    struct rng rng;
    int64_t segs;
    struct err err = {0};
    open_shelf(&s);
    rng_seed(&rng, 3);
    for (size_t i = 0; i < PAPERS;) { /* some hundred days: merges of two levels */
        for (size_t day = 1 + rng_below(&rng, 60); day-- && i < PAPERS; i++)
            take(&s, i);
        keep(&s, NULL, 0);
    }
    assert_ok(db_number(s.db, &segs, 0, &err, "select max(level) from paper_seg"), &err);
    assert_true(segs >= 2);
    compare(&s, 1, 25);
    run(&s, merge_work);
    assert_ok(db_number(s.db, &segs, 0, &err, "select count(*) from paper_seg"), &err);
    assert_int_equal(segs, 1);
    compare(&s, 1, 25);
    run(&s, clear_work);
    for (size_t i = PAPERS; i-- > 0;) /* backwards */
        if (take(&s, i), i % 500 == 0)
            keep(&s, NULL, 0);
    compare(&s, 1, 25);
    close_shelf(&s);
}

void test_index__a_changed_paper_stands_once(void **state)
{
    (void)state;
    struct shelf s = {0};
    struct err err = {0};
    struct search q;
    struct search_hit hits[10];
    size_t n;
    uint32_t changed[] = {7, 11};
    open_shelf(&s);
    for (size_t i = 0; i < 20; i++)
        take(&s, i);
    keep(&s, NULL, 0);
    s.title[7] = arena_text(s.arena, SPAN("Entirely Different"));
    take(&s, 7);
    s.title[11] = arena_text(s.arena, SPAN("Different"));
    take(&s, 11);
    keep(&s, changed, 2);
    for (int merged = 0; merged < 2; merged++) {
        AUTO_INDEX struct index index = {0};
        assert_ok(index_open(&index, s.db, &err), &err);
        assert_ok(search_read(&q, &index, SPAN("different"), &err), &err);
        assert_ok(search_run(&q, &index, 10, hits, &n, &err), &err);
        assert_int_equal(n, 2);
        assert_int_equal(hits[0].paper + hits[1].paper, 18);
        assert_ok(search_read(&q, &index, SPAN("author:noether author:\"Emanuel Lasker\""), &err), &err);
        assert_ok(search_run(&q, &index, 10, hits, &n, &err), &err);
        assert_int_equal(n, 10);
        assert_int_equal(hits[0].paper, 19); /* the newest first */
        assert_int_equal(index.docs, merged ? 20 : 22);
        run(&s, merge_work);
    }
    close_shelf(&s);
}

void test_index__phrases_stand_in_the_text(void **state)
{
    (void)state;
    struct err err = {0};
    struct index_build *b = index_build_new(&err);
    assert_non_null(b);
    assert_true(search_has_phrase(b, SPAN("On the attention sinks of models"), SPAN("Attention sink")));
    assert_true(search_has_phrase(b, SPAN("a self-attention sink"), SPAN("attention sink")));
    assert_false(search_has_phrase(b, SPAN("attention of sinks"), SPAN("attention sink")));
    assert_false(search_has_phrase(b, SPAN("attention"), SPAN("attention sink")));
    assert_true(search_has_phrase(b, SPAN("a a a b"), SPAN("a a b")));
    assert_true(search_has_phrase(b, SPAN("x"), SPAN("")));
    index_build_free(b);
}

/* Words that are left alone without asking the stemmer are those that it leaves alone: each ending of three
 * letters behind beginnings of several shapes. */
void test_index__stems_are_those_of_the_stemmer(void **state)
{
    (void)state;
    static const char *const begins[] = {"",     "b",     "ab",     "cab",   "acab",  "str",
                                         "aqua", "gener", "commun", "arsen", "yearly"};
    struct err err = {0};
    struct index_build *b = index_build_new(&err);
    struct sb_stemmer *stemmer = sb_stemmer_new("english", "UTF_8");
    assert_non_null(b);
    assert_non_null(stemmer);
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        for (int end = 0; end < 26 * 26 * 26; end++) {
            char word[20], stem[TERM_MOST];
            int n = snprintf(word, sizeof word, "%s%c%c%c", begins[i], 'a' + end / 676, 'a' + end / 26 % 26,
                             'a' + end % 26);
            const char *want = (const char *)sb_stemmer_stem(stemmer, (const sb_symbol *)word, n);
            size_t got = index_stem(b, span_of(word), stem);
            assert_int_equal(got, strlen(want));
            assert_memory_equal(stem, want, got);
        }
    sb_stemmer_delete(stemmer);
    index_build_free(b);
}

static size_t found(struct shelf *s, const char *words, struct search_hit hit[static 8])
{
    struct err err = {0};
    struct search q;
    size_t n;
    AUTO_INDEX struct index index = {0};
    assert_ok(index_open(&index, s->db, &err), &err);
    assert_ok(search_read(&q, &index, span_of(words), &err), &err);
    assert_ok(search_run(&q, &index, 8, hit, &n, &err), &err);
    return n;
}

void test_index__a_year_alone_is_found_by_its_year(void **state)
{
    (void)state;
    struct shelf s = {0};
    struct search_hit hit[8];
    struct err err = {0};
    const int32_t day[] = {seg_year_alone(0), seg_year_alone(2018), day_of((struct ymd){2018, 6, 1}),
                           seg_year_alone(2016)};
    open_shelf(&s);
    for (uint32_t i = 0; i < 4; i++) {
        struct index_paper p = {i + 1, day[i], SPAN("Naps"), SPAN("of it"), SPAN(""), SPAN("cs.LG")};
        assert_ok(index_build_add(s.build, &p, &err), &err);
    }
    keep(&s, NULL, 0);
    assert_int_equal(found(&s, "naps", hit), 4);
    assert_int_equal(found(&s, "naps date:2018", hit), 2);
    assert_int_equal(hit[0].paper, 2);
    assert_int_equal(found(&s, "naps date:2018-06", hit), 1);
    assert_int_equal(hit[0].paper, 3);
    assert_int_equal(found(&s, "naps date:2016..2018", hit), 3);
    assert_int_equal(found(&s, "naps since:2018-01-02", hit), 1);
    assert_int_equal(found(&s, "cat:cs.LG", hit), 4);
    assert_int_equal(hit[0].paper, 3);
    assert_int_equal(hit[3].paper, 1);
    close_shelf(&s);
}

void test_index__all_names_in_one_line_are_taken_apart(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"Feng Liu, Xiaoming Liu", "Feng Liu\nXiaoming Liu"},
        {"Lucas Theis , Wenzhe Shi and Ferenc Huszar", "Lucas Theis\nWenzhe Shi\nFerenc Huszar"},
        {"Raquel Urtasun, Antonio Torralba,", "Raquel Urtasun\nAntonio Torralba"},
        {"Noether, Emmy", "Noether, Emmy"},
        {"George J. Graham, Jr.", "George J. Graham, Jr."},
        {"Noether, Emmy\nLasker, Emanuel", "Noether, Emmy\nLasker, Emanuel"},
        {"Emmy Noether", "Emmy Noether"},
        {"", ""}};
    AUTO_BUF struct buf room;
    buf_init(&room, 1 << 12);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_span(index_names(span_of(names[i][0]), &room), names[i][1]);
}
