/* The scoop check on a handful of papers: drafts in all forms, words alone below 5,000 papers, what is said.
 */
#include "test/test.h"

#include <math.h>
#include <stdlib.h>

#include "papers/index_build.h"
#include "papers/near.h"
#include "papers/near_pins.h"
#include "papers/near_room.h"
#include "papers/papers_db.h"
#include "papers/vec_learn.h"

#include "base/banned.h"

static void draft_is(struct span bytes, enum draft_kind kind, const char *title, const char *text)
{
    AUTO_ARENA struct arena *arena = arena_new();
    struct draft d;
    struct err err = {0};
    assert_ok(draft_parse(arena, bytes, kind, &d, &err), &err);
    assert_string_equal(arena_text(arena, d.title), title);
    assert_string_equal(arena_text(arena, d.text), text);
}

void test_near__drafts_are_taken_apart(void **state)
{
    (void)state;
    draft_is(SPAN("Sinks in small models\n\nWe look at\n sinks.\n"), DRAFT_TEXT, "Sinks in small models",
             "We look at sinks.");
    draft_is(SPAN("ICML\nSinks in small models\nText."), DRAFT_TEXT, "Sinks in small models", "Text.");
    draft_is(SPAN("Sinks"), DRAFT_TEXT, "Sinks", "");
    draft_is(SPAN("Schr\xF6"
                  "dinger bridges for models"),
             DRAFT_TEXT, "Schr\u00f6dinger bridges for models", "");
    draft_is(
        SPAN("% \\title{No}\n\\title[s]{Sinks in {small} $n$\n models}\n\\begin{document}\\begin{abstract}We "
             "\\emph{look}.\\end{abstract} More."),
        DRAFT_TEX, "Sinks in small n models", "We look.");
    draft_is(SPAN("\\begin{document} Just text \\cite{x} here. \\end{document}"), DRAFT_TEX, "",
             "Just text x here.");
    draft_is(SPAN("@string{a = {b}}\n@inproceedings{k, booktitle = {Proc}, title = {{S}inks in \\'Ecole},\n "
                  "abstract = "
                  "\"We look.\"}"),
             DRAFT_BIB, "Sinks in École", "We look.");
    draft_is(SPAN("@article{k, title = {Open"), DRAFT_BIB, "Open", "");
}

void test_near__no_draft_is_one_sentence(void **state)
{
    (void)state;
    AUTO_ARENA struct arena *arena = arena_new();
    struct draft d;
    static const struct span none[] = {
        {"", 0},          {" \n\t\n", 4},      {"12 34 %", 7},
        {"\\title{}", 8}, {"D\0e\0e\0p\0", 8}, {"\xB4\xF3\xD3\xEF\xD1\xD4", 6}};
    for (size_t i = 0; i < 6; i++)
        for (int kind = DRAFT_TEXT; kind < DRAFT_PDF; kind++) {
            struct err err = {0};
            if (i == 3 && kind != DRAFT_TEX)
                continue;
            assert_false(draft_parse(arena, none[i], (enum draft_kind)kind, &d, &err));
            assert_int_equal(err.code, E_FORMAT);
        }
    struct err err = {0};
    assert_false(draft_read(arena, "/nowhere/draft.pdf", &d, &err));
    assert_int_equal(err.code, E_MISSING);
    assert_int_equal(draft_kind_of(SPAN("a.TeX")), DRAFT_TEX);
    assert_int_equal(draft_kind_of(SPAN("a.pdf")), DRAFT_PDF);
    assert_int_equal(draft_kind_of(SPAN("tex")), DRAFT_TEXT);
}

static void put(struct db *db, int i, const char *title, const char *abstract)
{
    struct err err = {0};
    struct papers_kept kept = {0};
    char value[24];
    snprintf(value, sizeof value, "2510.%05d", i);
    struct paper_id id = {SPAN("arxiv"), span_of(value)};
    struct paper_record r = {.paper = {.title = span_of(title),
                                       .abstract = span_of(abstract),
                                       .authors = SPAN("A. Noether"),
                                       .year = 2026,
                                       .day = 20500 + i,
                                       .announced = PAPER_NO_DAY,
                                       .ids = &id,
                                       .ids_n = 1},
                             .source = SOURCE_ARXIV,
                             .stamp = PAPER_NO_DAY,
                             .says_withdrawn = -1};
    struct index_build *b = index_build_new(&err);
    assert_non_null(b);
    assert_ok(papers_keep(db, b, &r, 1, NULL, NULL, &kept, &err), &err);
    index_build_free(b);
}

struct stage {
    struct app app;
    struct paths paths;
};

static void open_stage(struct stage *s)
{
    struct err err = {0};
    const struct migration_set sets[] = {{"papers", papers_migrations}, {"near", near_room.migrations}};
    *s = (struct stage){.paths = {.home = "/home/wei"}};
    s->app = (struct app){.arena = arena_new(), .paths = &s->paths};
    assert_ok(db_open(&s->app.db, ":memory:", &err), &err);
    assert_ok(migrate(s->app.db, sets, 2, NODE, NULL, &err), &err);
}

static void close_stage(struct stage *s)
{
    db_close(s->app.db);
    arena_free(s->app.arena);
}

static void find(struct stage *s, const char *title, const char *text, struct near_found *out)
{
    struct err err = {0};
    struct draft d = {span_of(title), span_of(text)};
    assert_ok(near_find(&s->app, &d, (struct near_asked){2026, NEAR_SHOWN, INT32_MIN}, out, &err), &err);
}

void test_near__words_alone_below_5000_papers(void **state)
{
    (void)state;
    struct stage s;
    struct near_found f;
    open_stage(&s);
    put(s.app.db, 1, "Attention sinks, ten labs compared", "The sink token carries no content in any layer.");
    put(s.app.db, 2, "Sinks in small models", "Caches shrink when attention sinks are kept.");
    put(s.app.db, 3, "Quiet weeks and free evenings", "People rest and write less.");
    find(&s, "Sinking attention",
         "Where does attention sink in a model with a small cache of tokens and layers? Tokens carry "
         "content; sinks hold caches, models shrink.",
         &f);
    assert_int_equal(f.way, NEAR_WORDS);
    assert_int_equal(f.papers, 3);
    assert_int_equal(f.n, 2);
    assert_false(f.title_only);
    assert_true(f.miss_rate > .3 && f.miss_rate < .9);
    assert_non_null(near_why(&f));
    for (size_t i = 0; i < f.n; i++) {
        assert_true(isnan(f.at[i].p));
        assert_true(f.at[i].shown.date[0] == '2');
        assert_true(i == 0 || f.at[i].score <= f.at[i - 1].score);
    }
    find(&s, "Free evenings", "", &f);
    assert_int_equal(f.way, NEAR_WORDS_TITLE);
    assert_true(f.title_only && f.miss_rate >= near_miss_rate(NEAR_WORDS));
    assert_string_equal(f.at[0].shown.title, "Quiet weeks and free evenings");
    assert_int_equal(f.at[0].marked_n, 2);
    assert_true(span_is(f.at[0].marked[0], "free") && span_is(f.at[0].marked[1], "evenings"));
    assert_int_equal(f.at[0].shared_n, 2);
    close_stage(&s);
}

void test_near__since_leaves_out_what_is_older(void **state)
{
    (void)state;
    struct stage s;
    struct near_found f;
    struct err err = {0};
    struct draft d = {SPAN("Attention sinks"), SPAN("")};
    open_stage(&s);
    put(s.app.db, 1, "Attention sinks, ten labs compared", "");
    put(s.app.db, 2, "Attention sinks in small models", "");
    put(s.app.db, 3, "Attention sinks and caches", "");
    assert_ok(near_find(&s.app, &d, (struct near_asked){2026, 10, 20502}, &f, &err), &err);
    assert_int_equal(f.n, 2);
    assert_int_equal(f.papers, 2);
    assert_int_equal(f.here, 3);
    for (size_t i = 0; i < f.n; i++)
        assert_string_not_equal(f.at[i].shown.title, "Attention sinks, ten labs compared");
    assert_false(near_find(&s.app, &d, (struct near_asked){2026, 10, 20504}, &f, &err));
    assert_int_equal(err.code, E_MISSING);
    close_stage(&s);
}

void test_near__a_chinese_draft_finds_chinese_papers(void **state)
{
    (void)state;
    struct stage s;
    struct near_found f;
    open_stage(&s);
    put(s.app.db, 1, "注意力机制的稀疏化", "我们研究大模型里注意力的稀疏结构。");
    put(s.app.db, 2, "安静的一周", "休息的人写得少。");
    find(&s, "稀疏注意力", "大模型的注意力可以稀疏。", &f);
    assert_int_equal(f.way, NEAR_WORDS_TITLE);
    assert_string_equal(f.at[0].shown.title, "注意力机制的稀疏化");
    assert_true(isnan(f.at[0].p));
    close_stage(&s);
}

void test_near__nothing_here_or_nothing_shared_is_said(void **state)
{
    (void)state;
    struct stage s;
    struct near_found f;
    struct err err = {0}, none = {0};
    struct draft d = {SPAN("Sinks in models"), SPAN("")}, other = {SPAN("Ornithology"), SPAN("")};
    open_stage(&s);
    assert_false(near_find(&s.app, &d, (struct near_asked){2026, 10, INT32_MIN}, &f, &err));
    assert_int_equal(err.code, E_MISSING);
    put(s.app.db, 1, "Attention sinks", "");
    assert_false(near_find(&s.app, &other, (struct near_asked){2026, 10, INT32_MIN}, &f, &none));
    assert_int_equal(none.code, E_MISSING);
    struct vec_progress p;
    struct err few = {0};
    bool due = true;
    assert_ok(vec_learn_due(s.app.db, 20000, &due, &few), &few);
    assert_false(due);
    assert_false(vec_learn(s.app.db, 20000, 10, 1, &p, &few));
    assert_int_equal(few.code, E_MISSING);
    close_stage(&s);
}

void test_near__odds_rise_with_what_stands_out(void **state)
{
    (void)state;
    struct near_seen seen[NEAR_LOOKED];
    double x[NEAR_FEATURES], plain, far, same, last;
    struct near_null null = {.6, .08};
    for (int i = 0; i < NEAR_LOOKED; i++)
        seen[i] = (struct near_seen){.6 - .002 * i, .55 - .002 * i, 30 - i * .2, false};
    assert_true(near_tells(NEAR_ABSTRACT));
    for (enum near_way way = NEAR_ABSTRACT; way <= NEAR_TITLE && near_tells(way); way++) {
        near_features(seen, NEAR_LOOKED, 0, null, x);
        plain = near_odds(way, x);
        near_features(seen, NEAR_LOOKED, 9, null, x);
        last = near_odds(way, x);
        seen[0].same_year = true;
        near_features(seen, NEAR_LOOKED, 0, null, x);
        same = near_odds(way, x);
        seen[0] = (struct near_seen){.9, .85, 60, false};
        near_features(seen, NEAR_LOOKED, 0, null, x);
        far = near_odds(way, x);
        seen[0] = (struct near_seen){.6, .55, 30, false};
        assert_true(last < plain && plain < same && plain < far);
        assert_true(last > 0 && far < 1);
    }
    near_features(seen, 5, 0, (struct near_null){0}, x);
    assert_true(isnan(x[0]) && isnan(x[2]) && isnan(x[4]));
    assert_false(isnan(near_odds(NEAR_ABSTRACT, x)));
    assert_true(isnan(near_odds(NEAR_WORDS, x)));
    /* By a title alone the odds did not reach the bar on the known cases, so none are said, with the reason.
     */
    assert_false(near_tells(NEAR_TITLE));
    assert_true(isnan(near_odds(NEAR_TITLE, x)));
    assert_non_null(near_why(&(struct near_found){.way = NEAR_TITLE, .papers = 6000, .here = 6000}));
    assert_null(near_why(&(struct near_found){.way = NEAR_ABSTRACT, .papers = 6000, .here = 6000}));
    assert_int_equal(near_known(), 120);
}

void test_near__a_pin_is_a_path_and_the_readers_marks(void **state)
{
    (void)state;
    struct stage s;
    struct near_pin pin[NEAR_PINS];
    struct err err = {0};
    struct trees trees = {0};
    size_t n;
    int64_t id;
    unsigned marks;
    open_stage(&s);
    assert_ok(near_pin_page(&s.app, "~/drafts/sinks.tex", &id, &err), &err);
    assert_ok(near_pin_page(&s.app, "/home/wei/drafts/sinks.tex", &id, &err), &err);
    assert_ok(near_pin_page(&s.app, "/home/wei/notes.txt", &id, &err), &err);
    assert_ok(near_pins(&s.app, pin, &n, &err), &err);
    assert_int_equal(n, 2);
    assert_string_equal(pin[0].path, "/home/wei/drafts/sinks.tex");
    assert_ok(near_sort(s.app.db, pin[0].id, 7, NEAR_TASK | NEAR_CLAIM, &err), &err);
    assert_ok(near_sort(s.app.db, pin[0].id, 7, NEAR_TASK, &err), &err);
    assert_ok(near_sort(s.app.db, 99, 7, NEAR_TASK, &err), &err); /* of no draft: nothing is kept */
    assert_ok(near_sorted(s.app.db, pin[0].id, 7, &marks, &err), &err);
    assert_int_equal(marks, NEAR_TASK);
    assert_ok(near_sorted(s.app.db, 99, 7, &marks, &err), &err);
    assert_int_equal(marks, 0);
    assert_true(near_reads(&s.app, &trees, &err)); /* the folder, but not the whole home */
    assert_string_equal(trees.at[0], "/home/wei/drafts");
    assert_string_equal(trees.at[1], "/home/wei/notes.txt");
    assert_ok(near_unpin_id(s.app.db, pin[0].id, &err), &err);
    assert_ok(near_sorted(s.app.db, pin[0].id, 7, &marks, &err), &err);
    assert_int_equal(marks, 0);
    assert_false(near_pin_page(&s.app, "draft.tex", &id, &err));
    assert_int_equal(err.code, E_USAGE);
    close_stage(&s);
}
