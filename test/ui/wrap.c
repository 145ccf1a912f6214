/* Lines for a terminal. */
#include "test/test.h"

#include "codec/utf8.h"
#include "ui/wrap.h"

#include "base/banned.h"

void test_wrap__words_stay_whole_and_nothing_is_lost(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 1000);
    wrap_text(&b, "Signs of work from your own commits, week by week.", 20, 2);
    assert_string_equal(buf_text(&b), "Signs of work from\n  your own commits,\n  week by week.\n");
}

void test_wrap__chinese_breaks_between_characters_but_not_before_a_closing_mark(void **state)
{
    (void)state;
    struct span rest = SPAN("这周就这些。其余的不会跑。");
    struct span line =
        wrap_next(&rest, 10); /* "这周就这些" is ten wide: the full stop must not begin a line */
    assert_span(line, "这周就这");
    line = wrap_next(&rest, 10);
    assert_span(line, "些。其余的");
    line = wrap_next(&rest, 10);
    assert_span(line, "不会跑。");
    assert_int_equal(rest.n, 0);
}

void test_wrap__a_word_wider_than_the_line_is_cut(void **state)
{
    (void)state;
    struct span rest = SPAN("abcdefghij k");
    assert_span(wrap_next(&rest, 4), "abcd");
    assert_span(wrap_next(&rest, 4), "efgh");
    assert_span(wrap_next(&rest, 4), "ij k");
}

void test_wrap__a_line_end_ends_the_line(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 1000);
    wrap_text(&b, "one\ntwo", 40, 4);
    assert_string_equal(buf_text(&b), "one\n    two\n");
}

void test_wrap__no_line_is_too_wide_at_any_width(void **state)
{
    (void)state;
    const char *text =
        "Respite 只留在这台电脑上，nothing else was read；“没有工作痕迹”的星期天：12 个里有 3 个。";
    for (size_t columns = 4; columns < 90; columns++) {
        size_t bytes = 0;
        for (struct span rest = span_of(text); rest.n;) {
            struct span line = wrap_next(&rest, columns);
            assert_true(line.n > 0 && utf8_width(line) <= columns && utf8_valid(line));
            for (size_t i = 0; i < line.n; i++)
                bytes += line.p[i] != ' ';
        }
        size_t all = 0;
        for (const char *c = text; *c; c++)
            all += *c != ' ';
        assert_int_equal(bytes, all);
    }
}
