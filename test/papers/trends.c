/* Verdicts on terms: the future changes no bit of the past; planted fates are seen; the public files give the
 * figures they are known to give. */
#include "test/test.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "papers/judged.h"
#include "papers/verdicts.h"
#include "test/papers/planted.h"

#include "base/banned.h"

#define BESIDE TEST_DATA "/../../../shared/data/papers"

static void make(struct field *f, struct texts *t, uint64_t seed, int last)
{
    struct err err = {0};
    texts_init(t);
    planted_papers(t, seed, last);
    assert_ok(field_make(f, t, (struct span){0}, false, &err), &err);
}

/* The same by quarters; the conference is elsewhere. */
static void make_quarters(struct field *f, struct texts *t, uint64_t seed, int last)
{
    struct err err = {0};
    texts_init(t);
    t->quarters = true;
    planted_papers(t, seed, last);
    assert_ok(field_make(f, t, SPAN("arxiv"), false, &err), &err);
}

static void term_of(const struct field *f, const struct trend_case *c, struct buf *out)
{
    buf_init(out, 1000);
    term_text(&f->terms, f->terms.key[c->term], out);
}

/* Everything known of the candidates of `year` is the same in both, bit for bit; how many there are. */
static size_t same_year(const struct field *a, const struct field *b, int year)
{
    size_t i = trends_before(&a->trends, year), j = trends_before(&b->trends, year);
    size_t n = trends_before(&a->trends, year + 1) - i;
    assert_int_equal(trends_before(&b->trends, year + 1) - j, n);
    for (size_t k = 0; k < n; k++) {
        const struct trend_case *x = &a->trends.at[i + k], *y = &b->trends.at[j + k];
        AUTO_BUF struct buf p, q;
        term_of(a, x, &p);
        term_of(b, y, &q);
        assert_string_equal(buf_text(&p), buf_text(&q));
        for (int m = 0; m < FEATURES; m++)
            if (memcmp(&x->x[m], &y->x[m], sizeof x->x[m]) != 0 && !(isnan(x->x[m]) && isnan(y->x[m]))) {
                print_error("%d %s %s: %.17g %.17g\n", year, buf_text(&p), feature_names[m], x->x[m],
                            y->x[m]);
                assert_true(false);
            }
        assert_memory_equal(&x->burst, &y->burst, sizeof x->burst);
    }
    return n;
}

static void same_odds(const struct field *a, const struct field *b, int year)
{
    struct verdicts v, w;
    struct err err = {0};
    AUTO_ARENA struct arena *arena = arena_new();
    assert_ok(verdicts_make(arena, a, NULL, year, true, &v, &err), &err);
    assert_ok(verdicts_make(arena, b, NULL, year, true, &w, &err), &err);
    assert_int_equal(v.n, w.n);
    assert_int_equal(v.taught, w.taught);
    for (size_t i = 0; i < v.n; i++) {
        assert_string_equal(v.at[i].term, w.at[i].term);
        if (!v.taught)
            continue;
        assert_memory_equal(&v.at[i].p, &w.at[i].p, sizeof v.at[i].p);
        assert_memory_equal(&v.at[i].low, &w.at[i].low, sizeof v.at[i].low);
        assert_int_equal(v.at[i].like_lasting, w.at[i].like_lasting);
    }
}

/* papers_trends_delete_future */
void test_trends__delete_future(void **state)
{
    (void)state;
    struct texts all, cut;
    struct field whole, past;
    size_t cases = 0, leaks = 0;
    make(&whole, &all, 1, PLANTED_TO);
    for (int year = PLANTED_FROM + TRENDS_AFTER; year < PLANTED_TO; year++) {
        make(&past, &cut, 1, year);
        cases += same_year(&whole, &past, year);
        same_odds(&whole, &past, year);
        /* A count over a vocabulary of all years is what this test is there to catch: here it would differ.
         */
        for (size_t i = trends_before(&past.trends, year); i < past.trends.n; i++) {
            uint64_t key = past.terms.key[past.trends.at[i].term];
            size_t n = 0, m = 0;
            for (size_t k = 0; k < past.terms.n; k++)
                n += term_holds(past.terms.key[k], key);
            for (size_t k = 0; k < whole.terms.n; k++)
                m += term_holds(whole.terms.key[k], key);
            leaks += n != m;
        }
        field_free(&past);
        texts_free(&cut);
    }
    assert_true(cases > 50);
    assert_true(leaks > 5);
    field_free(&whole);
    texts_free(&all);
}

void test_trends__delete_future_of_quarters(void **state)
{
    (void)state;
    struct texts all, cut;
    struct field whole, past;
    size_t cases = 0, elsewhere = 0;
    make_quarters(&whole, &all, 1, PLANTED_TO);
    assert_int_equal(whole.panel.first, PLANTED_FROM);
    assert_int_equal(whole.panel.last, PLANTED_TO);
    for (int quarter = PLANTED_FROM + TRENDS_AFTER; quarter < PLANTED_TO; quarter++) {
        make_quarters(&past, &cut, 1, quarter);
        assert_int_equal(past.panel.last, quarter);
        cases += same_year(&whole, &past, quarter);
        same_odds(&whole, &past, quarter);
        for (size_t i = trends_before(&past.trends, quarter); i < past.trends.n; i++)
            elsewhere += past.trends.at[i].x[F_O] > 0;
        field_free(&past);
        texts_free(&cut);
    }
    assert_true(cases > 50 && elsewhere > 10);
    field_free(&whole);
    texts_free(&all);
}

void test_trends__planted_fates_are_seen(void **state)
{
    (void)state;
    struct texts t;
    struct field f;
    unsigned stay = 0, stay_right = 0, go = 0, go_right = 0;
    make(&f, &t, 2, PLANTED_TO);
    for (size_t i = trends_start(&f.trends); i < f.trends.n; i++) {
        const struct trend_case *c = &f.trends.at[i];
        AUTO_BUF struct buf text;
        term_of(&f, c, &text);
        for (unsigned k = 0; k < PLANTED_TERMS; k++) {
            char word[24];
            if (!c->resolved || strcmp(planted_word(k, word), buf_text(&text)) != 0)
                continue;
            *(planted_stays(k) ? &stay : &go) += 1;
            *(planted_stays(k) ? &stay_right : &go_right) += planted_stays(k) == c->lasting;
        }
    }
    assert_true(stay > 30 && go > 6);
    assert_true(stay_right * 100 >= stay * 85);
    assert_true(go_right * 100 >= go * 85);
    field_free(&f);
    texts_free(&t);
}

void test_trends__spellings_are_one_row(void **state)
{
    (void)state;
    struct texts t;
    struct field f;
    struct verdicts v;
    struct err err = {0};
    size_t joined = 0;
    AUTO_ARENA struct arena *arena = arena_new();
    make(&f, &t, 3, PLANTED_TO);
    for (int year = 2012; year <= PLANTED_TO; year++) {
        assert_ok(verdicts_make(arena, &f, NULL, year, year < PLANTED_TO, &v, &err), &err);
        for (size_t i = 0; i < v.n; i++) {
            AUTO_BUF struct buf plural;
            buf_init(&plural, 1000);
            buf_printf(&plural, "%ss", v.at[i].term);
            for (size_t k = 0; k < v.n; k++)
                assert_string_not_equal(v.at[k].term, buf_text(&plural));
            joined += v.at[i].also[0] != NULL;
            assert_true(v.at[i].papers >= 8 && v.at[i].last >= 4);
            assert_true(isnan(v.at[i].p) == (v.at[i].verdict == VERDICT_EARLY));
            if (!isnan(v.at[i].p))
                assert_true(v.at[i].low <= v.at[i].p && v.at[i].p <= v.at[i].high);
        }
        if (year == PLANTED_TO) /* a year that is not over says nothing yet */
            for (size_t i = 0; i < v.n; i++)
                assert_int_equal(v.at[i].verdict, VERDICT_EARLY);
    }
    assert_true(joined > 0);
    field_free(&f);
    texts_free(&t);
}

void test_trends__clusters_join_what_contains(void **state)
{
    (void)state;
    struct texts t;
    struct field f;
    struct err err = {0};
    uint32_t *cluster;
    size_t clusters, n = 0;
    AUTO_ARENA struct arena *arena = arena_new();
    make(&f, &t, 4, PLANTED_TO);
    assert_ok(trends_clusters(arena, &f.trends, 0, f.trends.n, &cluster, &clusters, &err), &err);
    for (size_t i = 0; i < f.trends.n; i++)
        for (size_t j = 0; j < f.trends.n; j++) {
            uint64_t a = f.terms.key[f.trends.at[i].term], b = f.terms.key[f.trends.at[j].term];
            AUTO_BUF struct buf text;
            term_of(&f, &f.trends.at[i], &text);
            if (span_starts(buf_span(&text), SPAN("plant")) && (a == b || term_holds(b, a))) {
                assert_int_equal(cluster[i], cluster[j]);
                n += a != b;
            }
        }
    assert_true(n > 0);
    field_free(&f);
    texts_free(&t);
}

/* The three files of conferences stand in $RESPITE_DATA, or beside the project. */
static bool public_texts(struct texts *t, bool robotics_alone)
{
    static const char *const names[] = {"public_robotics_to2014", "public_acl_to2018", "public_conf_to2018"};
    const char *data = getenv("RESPITE_DATA");
    if (!data && access(BESIDE, R_OK) == 0)
        data = BESIDE;
    struct err err = {0};
    if (!data) {
        print_message("skipped, no data\n");
        return false;
    }
    texts_init(t);
    for (size_t i = 0; i < (robotics_alone ? 1 : 3); i++) {
        char path[4096];
        uint64_t bad = 0;
        snprintf(path, sizeof path, "%s/%s.jsonl.gz", data, names[i]);
        assert_ok(texts_add_file(t, path, &bad, NULL, &err), &err);
        assert_int_equal(bad, 0);
    }
    assert_ok(texts_settle(t, &err), &err);
    return true;
}

static void check_year(const struct trends *t, int year, size_t n, double lasting)
{
    size_t from = trends_before(t, year), to = trends_before(t, year + 1), k = 0;
    for (size_t i = from; i < to; i++)
        k += t->at[i].lasting;
    assert_int_equal(to - from, n);
    assert_true(fabs((double)k / (double)n - lasting) < .0006);
}

void test_trends__public_files_give_known_figures(void **state)
{
    (void)state;
    static const double want[][3] = {{-.278, .111, .470},  {2.910, .689, .355},  {1.816, 1.161, -.125},
                                     {.352, .297, -.092},  {.656, 1.061, -.118}, {.113, .063, -.191},
                                     {.898, .116, -.226},  {.805, .396, -.005},  {.936, .717, .053},
                                     {2.894, 2.551, .276}, {-.019, 1.006, .086}};
    struct texts t;
    struct field f;
    struct trends_fit fit;
    struct err err = {0};
    if (!public_texts(&t, false))
        skip();
    AUTO_ARENA struct arena *arena = arena_new();
    assert_ok(field_make(&f, &t, SPAN("ml"), false, &err), &err);
    check_year(&f.trends, 2010, 9, .444);
    check_year(&f.trends, 2011, 15, .400);
    check_year(&f.trends, 2012, 10, .700);
    check_year(&f.trends, 2013, 63, .794);
    check_year(&f.trends, 2014, 21, .810);
    struct lesson lesson = {.of = &f.trends};
    trends_known(&f.trends, 2018, &lesson.from, &lesson.to);
    assert_ok(trends_fit(arena, &lesson, 1, BY_SHIPPED, &fit, &err), &err);
    assert_int_equal(fit.cases, 118);
    for (size_t j = 0; j < 11; j++) {
        assert_true(fabs(fit.model.mean[j] - want[j][0]) < .005);
        assert_true(fabs(fit.model.sd[j] - want[j][1]) < .005);
        assert_true(fabs(fit.model.weight[j] - want[j][2]) < .005);
    }
    assert_true(fabs(fit.model.intercept - 1.102) < .005);
    field_free(&f);
    texts_free(&t);
    assert_true(public_texts(&t, true));
    assert_ok(field_make(&f, &t, (struct span){0}, false, &err), &err);
    check_year(&f.trends, 2010, 17, .882);
    field_free(&f);
    assert_ok(field_make(&f, &t, (struct span){0}, true, &err), &err);
    check_year(&f.trends, 2008, 119, .765);
    check_year(&f.trends, 2009, 144, .812);
    check_year(&f.trends, 2010, 187, .754);
    field_free(&f);
    texts_free(&t);
}
