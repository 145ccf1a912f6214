/* Memory: zeroed, aligned, counted, and refused on request. */
#include "test/test.h"

#include <pthread.h>
#include <stdalign.h>

#include "base/mem.h"

#include "base/banned.h"

void test_mem__arena_gives_zeroed_aligned_bytes_that_do_not_overlap(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    unsigned char *before = NULL;
    size_t before_n = 0;
    for (size_t n = 0; n < 3000; n = n * 2 + 1) {
        unsigned char *p = arena_get(arena, n);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xAA, n);
        if (before_n)
            assert_int_equal(before[before_n - 1], 0xAA);
        before = p, before_n = n;
    }
    assert_non_null(arena_get(arena, 5 * 1024 * 1024)); /* larger than any block */
    assert_non_null(arena_get(arena, 10));
}

void test_mem__arena_refuses_sizes_that_wrap_round(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    assert_null(arena_get(arena, SIZE_MAX));
    assert_null(arena_get(arena, SIZE_MAX - 16));
    assert_null(arena_array(arena, SIZE_MAX / 2, 3));
    assert_null(arena_text(arena, (struct span){"", SIZE_MAX}));
    assert_non_null(arena_array(arena, 0, 8));
}

void test_mem__an_arena_that_is_not_there_gives_nothing(void **state)
{
    (void)state;
    assert_null(arena_get(NULL, 1));
    assert_null(arena_text(NULL, SPAN("a")));
    arena_free(NULL);
}

void test_mem__arena_text_ends_with_nul(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    assert_string_equal(arena_text(arena, span_first(SPAN("hours and days"), 5)), "hours");
    assert_string_equal(arena_text(arena, (struct span){NULL, 0}), "");
    assert_true(span_eq(arena_span(arena, SPAN("a\0b")), SPAN("a\0b")));
}

void test_mem__the_nth_request_fails(void **state)
{
    (void)state;
    mem_fail_at(2, false);
    void *a = mem_get(1), *b = mem_get(1), *c = mem_get(1);
    assert_int_equal(mem_asked(), 3);
    mem_fail_at(2, true);
    void *d = mem_copy("d"), *e = mem_copy("e"), *f = mem_resize(NULL, 4);
    mem_fail_at(0, false);
    void *g = mem_get(0);
    assert_non_null(a);
    assert_null(b);
    assert_non_null(c);
    assert_string_equal(d, "d");
    assert_null(e);
    assert_null(f);
    assert_non_null(g);
    mem_free(a);
    mem_free(c);
    mem_free(d);
    mem_free(g);
}

void test_mem__an_arena_lives_through_a_refusal(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    char *kept = arena_text(arena, SPAN("kept"));
    mem_fail_at(1, false);
    assert_null(arena_get(arena, 64 * 1024));
    mem_fail_at(0, false);
    assert_string_equal(kept, "kept");
    assert_non_null(arena_get(arena, 64 * 1024));
}

static pthread_barrier_t at_once;
static void *give_back(void *arg)
{
    pthread_barrier_wait(&at_once);
    mem_give_back();
    return arg;
}

void test_mem__threads_give_back_at_once(void **state)
{
    (void)state;
    pthread_t thread[8];
    assert_int_equal(pthread_barrier_init(&at_once, NULL, 8), 0);
    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, give_back, NULL), 0);
    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_join(thread[i], NULL), 0);
    pthread_barrier_destroy(&at_once);
}
