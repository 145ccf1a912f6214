/* Growing arrays. */
#include "test/test.h"

#include "base/vec.h"

#include "base/banned.h"

struct pair {
    int a;
    char text[12];
};
struct pairs {
    struct pair *at;
    size_t n, room;
};

void test_vec__keeps_what_was_pushed(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct pairs pairs = {0};
    for (int i = 0; i < 10000; i++) {
        struct pair *p = VEC_PUSH(arena, &pairs);
        assert_non_null(p);
        assert_int_equal(p->a, 0);
        assert_int_equal(p->text[11], 0);
        p->a = i;
    }
    assert_int_equal(pairs.n, 10000);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(pairs.at[i].a, i);
}

void test_vec__without_memory_nothing_is_lost(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct pairs pairs = {0};
    while (pairs.n < 1024) {
        struct pair *p = VEC_PUSH(arena, &pairs);
        p->a = (int)pairs.n;
    }
    assert_int_equal(pairs.room, 1024);
    mem_fail_at(1, true);
    assert_null(VEC_PUSH(arena, &pairs));
    mem_fail_at(0, false);
    assert_int_equal(pairs.n, 1024);
    assert_int_equal(pairs.at[1023].a, 1024);
    assert_non_null(VEC_PUSH(arena, &pairs));
}
