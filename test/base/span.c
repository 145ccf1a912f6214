/* Borrowed bytes. */
#include "test/test.h"

#include "base/banned.h"

void test_span__equality_looks_at_all_bytes(void **state)
{
    (void)state;
    assert_true(span_eq(SPAN("a\0b"), SPAN("a\0b")));
    assert_false(span_eq(SPAN("a\0b"), SPAN("a\0c")));
    assert_true(span_eq((struct span){NULL, 0}, SPAN("")));
    assert_true(span_is(SPAN("abc"), "abc"));
    assert_false(span_is(SPAN("abc"), "abcd"));
    assert_true(span_is((struct span){NULL, 0}, ""));
    assert_int_equal(span_of(NULL).n, 0);
}

void test_span__case_is_that_of_ascii(void **state)
{
    (void)state;
    assert_true(span_eq_nocase(SPAN("Ana@Example.ORG"), SPAN("aNA@example.org")));
    assert_false(span_eq_nocase(SPAN("a@b"), SPAN("a`b")));
    assert_false(span_eq_nocase(SPAN("["), SPAN("{")));
    assert_false(span_eq_nocase(SPAN("Ä"), SPAN("ä")));
    assert_false(span_eq_nocase(SPAN("a"), SPAN("ab")));
}

void test_span__starts_ends_and_parts(void **state)
{
    (void)state;
    assert_true(span_starts(SPAN("commit: x"), SPAN("commit")));
    assert_true(span_starts(SPAN("x"), SPAN("")));
    assert_false(span_starts(SPAN("com"), SPAN("commit")));
    assert_true(span_ends(SPAN("a (aider)"), SPAN(" (aider)")));
    assert_false(span_ends(SPAN("r"), SPAN("er")));
    assert_span(span_from(SPAN("abc"), 1), "bc");
    assert_span(span_from(SPAN("abc"), 3), "");
    assert_span(span_from(SPAN("abc"), 99), "");
    assert_span(span_first(SPAN("abc"), 2), "ab");
    assert_span(span_first(SPAN("abc"), 9), "abc");
}

void test_span__trim_takes_ascii_white_space(void **state)
{
    (void)state;
    assert_span(span_trim(SPAN(" \t\r\n\v\fa b \n")), "a b");
    assert_span(span_trim(SPAN("   ")), "");
    assert_span(span_trim((struct span){NULL, 0}), "");
    assert_span(span_trim(SPAN("\xC2\xA0")), "\xC2\xA0");
}

void test_span__find_gives_the_first_place(void **state)
{
    (void)state;
    assert_int_equal(span_find(SPAN("aabab"), SPAN("ab")), 1);
    assert_int_equal(span_find(SPAN("aabab"), SPAN("b\0")), -1);
    assert_int_equal(span_find(SPAN("a\0b"), SPAN("b")), 2);
    assert_int_equal(span_find(SPAN("a"), SPAN("")), 0);
    assert_int_equal(span_find((struct span){NULL, 0}, SPAN("a")), -1);
}

void test_span__cut_walks_through_a_list(void **state)
{
    (void)state;
    struct span rest = SPAN("a,,b,"), head;
    assert_true(span_cut(&rest, ',', &head));
    assert_span(head, "a");
    assert_true(span_cut(&rest, ',', &head));
    assert_span(head, "");
    assert_true(span_cut(&rest, ',', &head));
    assert_span(head, "b");
    assert_false(span_cut(&rest, ',', &head));
    assert_span(head, "");
    assert_int_equal(rest.n, 0);
}

void test_span__order_is_that_of_bytes(void **state)
{
    (void)state;
    assert_true(span_order(SPAN("a"), SPAN("b")) < 0);
    assert_true(span_order(SPAN("ab"), SPAN("a")) > 0);
    assert_true(span_order(SPAN("\xFF"), SPAN("a")) > 0);
    assert_int_equal(span_order((struct span){NULL, 0}, SPAN("")), 0);
    assert_true(span_order((struct span){NULL, 0}, SPAN("a")) < 0);
}
