/* speak/board_draw.c: what others wrote, as a page shows it. */
#include "test/test.h"

#include "speak/board_draw.h"

#include "base/banned.h"

static void shows(const char *text, const char *want)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 16);
    struct html h = {&out};
    said_text(&h, span_of(text));
    assert_string_equal(buf_text(&out), want);
}

void test_board_draw__post_corpus_renders_inert(void **state)
{
    (void)state;
    shows("<script>alert(1)</script>", "<p class=\"said\">&lt;script&gt;alert(1)&lt;/script&gt;</p>\n");
    shows("a\nb\n\nc", "<p class=\"said\">a<br>\nb</p>\n<p class=\"said\">c</p>\n");
    shows("left\u202eright\u200b\x07", "<p class=\"said\">left\ufffdright\ufffd\ufffd</p>\n");
    shows("\xff\xc3(", "<p class=\"said\">\ufffd\ufffd(</p>\n");
    shows("javascript:alert(1) HTTP://X", "<p class=\"said\">javascript:alert(1) HTTP://X</p>\n");
    shows("see https://a.example/?x=1&y=\"2\").",
          "<p class=\"said\">see <a rel=\"nofollow\" href=\"/board/link?to=https%3A%2F%2Fa.example%2F%3Fx%3D1"
          "%26y%3D\">https://a.example/?x=1&amp;y=</a>&quot;2&quot;).</p>\n");
    shows("(http://b.example).",
          "<p class=\"said\">(<a rel=\"nofollow\" "
          "href=\"/board/link?to=http%3A%2F%2Fb.example\">http://b.example</a>).</p>\n");
    shows("https:// http://", "<p class=\"said\">https:// http://</p>\n");
    shows("", "");
    shows("\n \n", "");
}
