/* Verdicts on terms: the future changes no bit of the past; planted fates are seen; the public files give the
 * figures they are known to give. */
#include "test/test.h"

#include <math.h>
#include <stdlib.h>

#include "papers/judged.h"
#include "papers/verdicts.h"
#include "test/papers/planted.h"

#include "base/banned.h"

static void make(struct field *f, struct texts *t, uint64_t seed, int last)
{
    struct err err = {0};
    texts_init(t);
    planted_papers(t, seed, last);
    assert_ok(field_make(f, t, (struct span){0}, false, &err), &err);
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
