/* codec/mailmap.c: addresses that stand beside each other. */
#include "test/test.h"

#include "codec/mailmap.h"

void test_mailmap__each_line_gives_its_addresses(void **state)
{
    (void)state;
    struct span in =
        SPAN("# people\nWei Zhang <wei@lab.example> <wei@home.example>\n\n"
             "Ana <ana@lab.example>\nJo <jo@lab.example> Joseph < jo@old.example > # once\nnobody\n<>\n<x@y");
    struct mailmap_line l;
    assert_true(mailmap_next(&in, &l));
    assert_span(l.proper, "wei@lab.example");
    assert_span(l.commit, "wei@home.example");
    assert_true(mailmap_next(&in, &l));
    assert_span(l.proper, "ana@lab.example");
    assert_int_equal(l.commit.n, 0);
    assert_true(mailmap_next(&in, &l));
    assert_span(l.commit, "jo@old.example");
    assert_false(mailmap_next(&in, &l));
}
