/* Unicode: what is valid, what may be shown, how wide it is. */
#include "test/test.h"

#include "codec/utf8.h"

#include "base/banned.h"

void test_utf8__validity(void **state)
{
    (void)state;
    assert_true(utf8_valid(SPAN("")));
    assert_true(utf8_valid(SPAN("a\0Zoë 你好 🙂 \xF4\x8F\xBF\xBF")));
    static const char *const bad[] = {
        "\x80",
        "\xC0\xAF",
        "\xC1\xBF",
        "\xC3",
        "\xE0\x80\x80",
        "\xE4\xBD",
        "\xED\xA0\x80",
        "\xED\xBF\xBF",
        "\xF0\x80\x80\x80",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xFE",
        "\xFF",
        "a\xE4\xBD b",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(utf8_valid(span_of(bad[i])));
}

static void assert_clean(struct span s, const char *text)
{
    AUTO_BUF struct buf b;
    buf_init(&b, 1000);
    utf8_clean(&b, s);
    assert_string_equal(buf_text(&b), text);
}

#define R "\xEF\xBF\xBD"
void test_utf8__what_may_be_shown_stays(void **state)
{
    (void)state;
    assert_clean(SPAN(""), "");
    assert_clean(SPAN("Zoë, 你好 “x” 🙂 e\xCC\x81"), "Zoë, 你好 “x” 🙂 e\xCC\x81");
    assert_clean(SPAN("\xE2\x9D\xA4\xEF\xB8\x8F"),
                 "\xE2\x9D\xA4\xEF\xB8\x8F");                   /* a heart and its variation selector */
    assert_clean(SPAN("\xD8\x80\xD9\xA1"), "\xD8\x80\xD9\xA1"); /* U+0600, a number sign that is seen */
    assert_clean(SPAN("\xC2\xA0"), "\xC2\xA0");
}

void test_utf8__what_breaks_turns_or_hides_is_replaced(void **state)
{
    (void)state;
    assert_clean(SPAN("a\nb\r\tc\0d\x1b[2J\x7f"), "a" R "b" R R "c" R "d" R "[2J" R);
    assert_clean(SPAN("\xC2\x85\xC2\x9B"), R R);         /* U+0085, U+009B */
    assert_clean(SPAN("\xE2\x80\xA8\xE2\x80\xA9"), R R); /* line and paragraph separator */
    assert_clean(SPAN("\xE2\x80\xAE\xE2\x81\xA6\xE2\x80\x8F\xD8\x9C"),
                 R R R R); /* U+202E, 2066, 200F, 061C */
    assert_clean(SPAN("\xE2\x80\x8B\xE2\x80\x8D\xEF\xBB\xBF\xC2\xAD"),
                 R R R R);                                   /* U+200B, 200D, FEFF, 00AD */
    assert_clean(SPAN("\xE3\x85\xA4\xF3\xA0\x81\x81"), R R); /* Hangul filler, a tag character */
    assert_clean(SPAN("a\xFF\xE4\xBDz\xED\xA0\x80"), "a" R R R "z" R R R);
}

void test_utf8__width_in_columns(void **state)
{
    (void)state;
    assert_int_equal(utf8_width(SPAN("")), 0);
    assert_int_equal(utf8_width(SPAN("abc")), 3);
    assert_int_equal(utf8_width(SPAN("你好")), 4);
    assert_int_equal(utf8_width(SPAN("e\xCC\x81")), 1);
    assert_int_equal(utf8_width(SPAN("🙂")), 2);
    assert_int_equal(utf8_width(SPAN("ｶ")), 1); /* half width */
    assert_int_equal(utf8_width(SPAN("，")), 2);
    assert_int_equal(utf8_width(SPAN("a\xFFz")), 3);
}

void test_utf8__front_is_cut_between_clusters(void **state)
{
    (void)state;
    assert_span(utf8_front(SPAN("abc"), 2), "ab");
    assert_span(utf8_front(SPAN("abc"), 3), "abc");
    assert_span(utf8_front(SPAN("abc"), 0), "");
    assert_span(utf8_front(SPAN("你好"), 3), "你");
    assert_span(utf8_front(SPAN("e\xCC\x81x"), 1), "e\xCC\x81");
    assert_span(utf8_front(SPAN("a🇩🇪b"), 2), "a"); /* a flag is two code points, never one */
    assert_span(utf8_front(SPAN("a\xFF\xFF"), 2), "a\xFF");
    assert_span(utf8_front(SPAN(""), 5), "");
}

void test_utf8__front_agrees_with_width(void **state)
{
    (void)state;
    struct span s = SPAN(
        "Zoë 你e\xCC\x81\xCC\x82好 🇩🇪 🙂\xFF\xE4 한국 \xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB end");
    for (size_t columns = 0, before = 0; columns < 60; columns++) {
        struct span front = utf8_front(s, columns);
        assert_true(utf8_width(front) <= columns);
        assert_true(front.n >= before && front.n <= s.n);
        before = front.n;
    }
    assert_int_equal(utf8_front(s, utf8_width(s)).n, s.n);
}

void test_utf8__length_in_code_points(void **state)
{
    (void)state;
    assert_int_equal(utf8_length(SPAN("")), 0);
    assert_int_equal(utf8_length(SPAN("Zoë 你🙂")), 6);
    assert_int_equal(utf8_length(SPAN("\xFF\xE4\xBDz")), 4);
}
