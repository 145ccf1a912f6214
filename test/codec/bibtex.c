/* BibTeX as it is and as it should not be. */
#include "test/test.h"

#include "codec/bibtex.h"

#include "base/banned.h"

static struct bibtex_entry entry;

static bool next(struct bibtex *b, struct arena *arena, struct err *err)
{
    *err = (struct err){0};
    return bibtex_next(b, arena, &entry, err);
}

void test_bibtex__entries_have_fields(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct bibtex b;
    struct err err;
    bibtex_begin(
        &b,
        SPAN("mail@example.org said:\n@STRING{ j = \"Journal\" # { of Rest} }\n@comment{ no @x{y} }\n"
             "@Article(key:1, Title = {A {B} c}, journal=J, year = 2026, note = \"say {\"}hi{\"}\",)\n"
             "@misc{k}"),
        arena);
    assert_ok(next(&b, arena, &err), &err);
    assert_span(entry.type, "article");
    assert_span(entry.key, "key:1");
    assert_int_equal(entry.line, 4);
    assert_span(bibtex_field(&entry, "title"), "A {B} c");
    assert_span(bibtex_field(&entry, "journal"), "Journal of Rest");
    assert_span(bibtex_field(&entry, "year"), "2026");
    assert_span(bibtex_field(&entry, "note"), "say {\"}hi{\"}");
    assert_int_equal(bibtex_field(&entry, "doi").n, 0);
    assert_ok(next(&b, arena, &err), &err);
    assert_span(entry.key, "k");
    assert_false(next(&b, arena, &err));
    assert_int_equal(err.code, E_NONE);
}

void test_bibtex__a_broken_entry_costs_itself(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct bibtex b;
    struct err err;
    bibtex_begin(&b, SPAN("@a{one, x = {y}}\n@b{two, x y}\n@c{three, x = 1}"), arena);
    assert_ok(next(&b, arena, &err), &err);
    assert_false(next(&b, arena, &err));
    assert_int_equal(err.code, E_FORMAT);
    assert_int_equal(entry.line, 2);
    assert_ok(next(&b, arena, &err), &err);
    assert_span(entry.key, "three");
}

void test_bibtex__names_are_cut_at_and(void **state)
{
    (void)state;
    struct span names = SPAN("Noether, Emmy and {Rest and Sleep\nGroup}\n and  Andy Anderson"), name;
    assert_true(bibtex_name(&names, &name));
    assert_span(name, "Noether, Emmy");
    assert_true(bibtex_name(&names, &name));
    assert_span(name, "{Rest and Sleep\nGroup}");
    assert_true(bibtex_name(&names, &name));
    assert_span(name, "Andy Anderson");
    assert_false(bibtex_name(&names, &name));
}
