/* Buffers: the ceiling, the missing memory, and that a failure loses nothing that was there. */
#include "test/test.h"

#include "base/buf.h"
#include "base/mem.h"

#include "base/banned.h"

void test_buf__starts_empty_and_takes_no_memory(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    mem_fail_at(0, false);
    buf_init(&b, 10);
    assert_int_equal(mem_asked(), 0);
    assert_string_equal(buf_text(&b), "");
    assert_int_equal(buf_span(&b).n, 0);
    struct err err = {0};
    assert_ok(buf_ok(&b, &err), &err);
}

void test_buf__holds_its_ceiling_and_not_a_byte_more(void **state)
{
    (void)state;
    for (size_t most = 0; most < 700; most += most < 4 ? 1 : 57) {
        AUTO_BUF struct buf b;
        buf_init(&b, most);
        for (size_t i = 0; i < most; i++)
            buf_add_byte(&b, 'x');
        struct err err = {0};
        assert_ok(buf_ok(&b, &err), &err);
        assert_int_equal(b.n, most);
        buf_add_byte(&b, 'y');
        assert_int_equal(b.n, most);
        assert_int_equal(strlen(buf_text(&b)), most);
        assert_false(buf_ok(&b, &err));
        assert_int_equal(err.code, E_LIMIT);
    }
}

void test_buf__says_ceiling_when_a_large_piece_does_not_fit(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 1000);
    buf_add_text(&b, "ten bytes.");
    char large[2000] = {0};
    buf_add(&b, (struct span){large, sizeof large});
    struct err err = {0};
    assert_false(buf_ok(&b, &err));
    assert_int_equal(err.code, E_LIMIT); /* and not "no memory", though there was room for the ten */
    assert_string_equal(buf_text(&b), "ten bytes.");
}

void test_buf__says_memory_when_there_is_none(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 1000);
    mem_fail_at(1, false);
    buf_add_text(&b, "lost");
    buf_add_text(&b, "not tried, though there is memory again");
    mem_fail_at(0, false);
    struct err err = {0};
    assert_false(buf_ok(&b, &err));
    assert_int_equal(err.code, E_MEMORY);
    assert_int_equal(b.n, 0);
    buf_reset(&b);
    buf_add_text(&b, "kept");
    assert_string_equal(buf_text(&b), "kept");
}

void test_buf__sizes_that_wrap_round_fail(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, SIZE_MAX);
    assert_null(buf_space(&b, SIZE_MAX));
    assert_true(b.failed);
    buf_reset(&b);
    buf_add_text(&b, "abc");
    assert_null(buf_space(&b, SIZE_MAX - 1));
    assert_string_equal(buf_text(&b), "abc");
}

void test_buf__printf_appends_or_fails_whole(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 12);
    buf_printf(&b, "%d-%s", 42, "abc");
    assert_string_equal(buf_text(&b), "42-abc");
    buf_printf(&b, "%s", "seven b");
    assert_string_equal(buf_text(&b), "42-abc");
    assert_true(b.failed);
    buf_reset(&b);
    buf_printf(&b, "%s", "exactly 12 b");
    assert_false(b.failed);
}

void test_buf__space_and_grew_are_for_read(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 5000);
    for (int i = 0; i < 50; i++) {
        char *to = buf_space(&b, 100);
        assert_non_null(to);
        memset(to, 'a' + i % 26, 100);
        buf_grew(&b, 100);
    }
    assert_null(buf_space(&b, 1));
    assert_int_equal(b.n, 5000);
    assert_int_equal(b.p[4999], 'a' + 49 % 26);
    assert_int_equal(b.p[5000], '\0');
}

void test_buf__drop_keeps_the_rest(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 100);
    buf_drop(&b, 3);
    buf_add_text(&b, "abcdef");
    buf_drop(&b, 0);
    buf_drop(&b, 2);
    assert_string_equal(buf_text(&b), "cdef");
    buf_drop(&b, 99);
    assert_string_equal(buf_text(&b), "");
}

void test_buf__clear_makes_it_usable_again(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 4);
    buf_add_text(&b, "12345");
    buf_clear(&b);
    buf_add_text(&b, "1234");
    assert_string_equal(buf_text(&b), "1234");
}
