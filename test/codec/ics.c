/* Lines of a calendar file: folded at 75 octets between characters, escaped, and no line end from outside. */
#include "test/test.h"

#include "codec/ics.h"
#include "codec/utf8.h"

#include "base/banned.h"

/* Each line is at most 75 octets and whole characters; unfolded it is what was meant. */
static void folds_to(const struct buf *out, const char *want)
{
    AUTO_BUF struct buf plain;
    struct span rest = buf_span(out), line;
    buf_init(&plain, 1 << 16);
    while (rest.n) {
        assert_true(span_cut(&rest, '\n', &line));
        assert_true(span_ends(line, SPAN("\r")));
        line = span_first(line, line.n - 1);
        assert_true(line.n <= ICS_OCTETS);
        assert_true(utf8_valid(line));
        buf_add(&plain, line.p[0] == ' ' ? span_from(line, 1) : line);
    }
    assert_string_equal(buf_text(&plain), want);
}

void test_ics__long_texts_are_folded_between_characters(void **state)
{
    (void)state;
    AUTO_BUF struct buf text, want;
    buf_init(&text, 1 << 14);
    buf_init(&want, 1 << 14);
    for (int shift = 0; shift < 6; shift++) {
        AUTO_BUF struct buf out;
        buf_init(&out, 1 << 16);
        buf_reset(&text);
        buf_reset(&want);
        for (int i = 0; i < shift; i++)
            buf_add_byte(&text, 'x');
        for (int i = 0; i < 120; i++)
            buf_add_text(&text, i % 3 ? "截止" : "🗓é");
        ics_text(&out, "SUMMARY", buf_span(&text));
        buf_printf(&want, "SUMMARY:%s", buf_text(&text));
        folds_to(&out, buf_text(&want));
    }
}

void test_ics__a_line_of_75_octets_is_not_folded(void **state)
{
    (void)state;
    for (size_t n = 73; n <= 77; n++) {
        AUTO_BUF struct buf out;
        char text[80];
        buf_init(&out, 1000);
        memset(text, 'y', sizeof text);
        ics_line(&out, "A", span_bytes(text, n - 2));
        assert_int_equal(out.n, n <= 75 ? n + 2 : n + 5);
    }
}

void test_ics__texts_from_outside_stay_in_their_line(void **state)
{
    (void)state;
    AUTO_BUF struct buf out;
    buf_init(&out, 1000);
    ics_text(&out, "SUMMARY", SPAN("a,b;c\\d\r\nEND:VEVENT\xff\x01\x7f."));
    assert_string_equal(buf_text(&out), "SUMMARY:a\\,b\\;c\\\\d\\nEND:VEVENT.\r\n");
    buf_reset(&out);
    ics_text(&out, "SUMMARY", SPAN(""));
    assert_string_equal(buf_text(&out), "SUMMARY:\r\n");
}

void test_ics__moments_and_days_are_in_utc_and_within_the_calendar(void **state)
{
    (void)state;
    AUTO_BUF struct buf out;
    buf_init(&out, 1000);
    ics_moment(&out, "DTSTART", 1795003200);
    ics_day(&out, "DTSTART", 20775);
    ics_moment(&out, "X", INT64_MIN);
    ics_moment(&out, "X", INT64_MAX);
    ics_day(&out, "X", INT32_MAX);
    ics_moment(&out, "X", -1);
    assert_string_equal(buf_text(&out), "DTSTART:20261118T120000Z\r\nDTSTART;VALUE=DATE:20261118\r\n"
                                        "X:00010101T000000Z\r\nX:99991231T235959Z\r\n"
                                        "X;VALUE=DATE:99991231\r\nX:19691231T235959Z\r\n");
}

void test_ics__what_does_not_fit_is_a_failure(void **state)
{
    (void)state;
    AUTO_BUF struct buf out, long_text;
    struct err err = {0};
    buf_init(&out, 1 << 20);
    buf_init(&long_text, 1 << 20);
    for (int i = 0; i < 70000; i++)
        buf_add_byte(&long_text, 'x');
    ics_text(&out, "SUMMARY", buf_span(&long_text));
    assert_false(buf_ok(&out, &err));
    assert_int_equal(err.code, E_LIMIT);
}
