/* Escaping: whatever a value holds, it cannot leave the text or the attribute it stands in. */
#include "test/test.h"

#include "ui/html.h"

#include "base/banned.h"

static const char *escaped(struct buf *b, struct span text)
{
    struct html h = {b};
    buf_reset(b);
    html_span(&h, text);
    return buf_text(b);
}

void test_html__every_single_byte_comes_out_harmless(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 1000);
    for (int c = 1; c < 256; c++) {
        char in[2] = {(char)c, '\0'};
        const char *want = c == '&'    ? "&amp;"
                           : c == '<'  ? "&lt;"
                           : c == '>'  ? "&gt;"
                           : c == '"'  ? "&quot;"
                           : c == '\'' ? "&#39;"
                           : c < 0x80  ? in
                                       : "\xEF\xBF\xBD";
        assert_string_equal(escaped(&b, (struct span){in, 1}), want);
    }
}

void test_html__attribute_break_outs_stay_inside(void **state)
{
    (void)state;
    static const char *const tries[] = {"\"><script>alert(1)</script>",
                                        "' onload='x",
                                        "</title><svg/onload=x>",
                                        "<!--",
                                        "]]>",
                                        "\xC0\xBC"
                                        "script>",
                                        "\xE2\x80"
                                        "\"<",
                                        "a\xFF<b"};
    AUTO_BUF struct buf b;
    buf_init(&b, 1000);
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        escaped(&b, span_of(tries[i]));
        assert_null(strpbrk(buf_text(&b), "<>\"'"));
        assert_true(b.n > 0);
    }
}

void test_html__broken_utf8_is_replaced_and_the_rest_kept(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 1000);
    assert_string_equal(escaped(&b, SPAN("周\xE5\x91<一")), "周\xEF\xBF\xBD\xEF\xBF\xBD&lt;一");
    assert_string_equal(escaped(&b, SPAN("\xED\xA0\x80")),
                        "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"); /* a surrogate */
    assert_string_equal(escaped(&b, SPAN("a & b")), "a &amp; b");
}

void test_html__values_in_a_sentence_are_escaped_and_unknown_names_stand(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 1000);
    struct html h = {&b};
    html_say(&h, tr("test.say", "<{who}> wrote {what}, {unknown}"), {"what", "a & b"}, {"who", "\"{what}\""});
    assert_string_equal(buf_text(&b), "&lt;&quot;{what}&quot;&gt; wrote a &amp; b, {unknown}");
}

void test_html__numbers_for_drawings_are_plain(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 1000);
    struct html h = {&b};
    html_fixed(&h, 12.34, 1);
    html_raw(&h, " ");
    html_fixed(&h, -0.01, 1);
    html_raw(&h, " ");
    html_fixed(&h, 0.0 / (b.n ? 0.0 : 1.0), 1);
    html_raw(&h, " ");
    html_int(&h, INT64_MIN);
    assert_string_equal(buf_text(&b), "12.3 0.0 0.0 -9223372036854775808");
}

void test_html__nothing_prints_for_null(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 10);
    struct html h = {&b};
    html_text(&h, NULL);
    assert_int_equal(b.n, 0);
}
