/* The map against a plain list. */
#include "test/test.h"

#include "base/map.h"

#include "base/banned.h"

void test_map__counts_as_a_plain_list_does(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct map map;
    map_init(&map, arena, 1000);
    int64_t plain[500] = {0};
    unsigned seed = 1;
    for (int i = 0; i < 20000; i++) {
        seed = seed * 1103515245u + 12345u;
        unsigned k = seed >> 16 & 0x7fff;
        k %= 500;
        char name[16];
        int n = snprintf(name, sizeof name, "key %u", k);
        int64_t *value = map_find(&map, (struct span){name, (size_t)n});
        assert_true(value ? *value == plain[k] : plain[k] == 0);
        if (!value)
            value = map_at(&map, arena_span(arena, (struct span){name, (size_t)n}));
        assert_non_null(value);
        ++*value;
        plain[k]++;
    }
    assert_int_equal(map.n, 500);
}

void test_map__most_bounds_it(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct map map;
    map_init(&map, arena, 2);
    assert_null(map_find(&map, SPAN("a")));
    *map_at(&map, SPAN("a")) = 1;
    *map_at(&map, SPAN("")) = 2;
    assert_null(map_at(&map, SPAN("c")));
    assert_int_equal(*map_at(&map, SPAN("a")), 1);
    assert_int_equal(*map_find(&map, SPAN("")), 2);
}

void test_map__without_memory_nothing_is_lost(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    static char keys[2000][8];
    struct map map;
    map_init(&map, arena, 2000);
    for (size_t i = 0; i < 768; i++) { /* three quarters of 1,024 */
        snprintf(keys[i], 8, "%zu", i);
        *map_at(&map, span_of(keys[i])) = (int64_t)i;
    }
    mem_fail_at(1, true);
    assert_null(map_at(&map, SPAN("one more")));
    mem_fail_at(0, false);
    for (size_t i = 0; i < 768; i++)
        assert_int_equal(*map_find(&map, span_of(keys[i])), i);
    assert_non_null(map_at(&map, SPAN("one more")));
}
