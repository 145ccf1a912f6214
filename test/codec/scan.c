/* The small readers: each takes what it should, and moves nothing when it fails. */
#include "test/test.h"

#include "codec/scan.h"

#include "base/banned.h"

#define STAYS(in, text, call) \
    do { \
        struct span before_ = (in); \
        assert_false(call); \
        assert_ptr_equal((in).p, before_.p); \
        assert_int_equal((in).n, before_.n); \
    } while (0)

void test_scan__bytes_and_literals(void **state)
{
    (void)state;
    struct span in = SPAN("a\0bc");
    STAYS(in, "", scan_byte(&in, 'b'));
    assert_true(scan_byte(&in, 'a'));
    assert_true(scan_byte(&in, '\0'));
    STAYS(in, "", scan_lit(&in, SPAN("bcd")));
    assert_true(scan_lit(&in, SPAN("")));
    assert_false(scan_end(&in));
    assert_true(scan_lit(&in, SPAN("bc")));
    assert_true(scan_end(&in));
    STAYS(in, "", scan_byte(&in, '\0'));
}

void test_scan__words_end_at_white_space(void **state)
{
    (void)state;
    struct span in = SPAN("one two\tthree\nfour"), word;
    assert_true(scan_word(&in, &word, 3));
    assert_span(word, "one");
    STAYS(in, "", scan_word(&in, &word, 9));
    assert_true(scan_byte(&in, ' ') && scan_word(&in, &word, 9));
    assert_span(word, "two");
    assert_true(scan_byte(&in, '\t'));
    STAYS(in, "", scan_word(&in, &word, 4));
    assert_true(scan_word(&in, &word, 5));
    assert_true(scan_byte(&in, '\n') && scan_word(&in, &word, SIZE_MAX));
    assert_span(word, "four");
    STAYS(in, "", scan_word(&in, &word, 9));
}

void test_scan__until_takes_the_stop_too(void **state)
{
    (void)state;
    struct span in = SPAN("a b;;c"), out;
    STAYS(in, "", scan_until(&in, ';', &out, 2));
    assert_true(scan_until(&in, ';', &out, 3));
    assert_span(out, "a b");
    assert_true(scan_until(&in, ';', &out, 0));
    assert_span(out, "");
    STAYS(in, "", scan_until(&in, ';', &out, SIZE_MAX));
    in = (struct span){NULL, 0};
    STAYS(in, "", scan_until(&in, ';', &out, SIZE_MAX));
}

void test_scan__hex_is_lower_case_and_whole(void **state)
{
    (void)state;
    struct span in = SPAN("09afA"), out;
    STAYS(in, "", scan_hex(&in, &out, 5, 9));
    STAYS(in, "", scan_hex(&in, &out, 1, 3)); /* a run that is longer is not cut */
    assert_true(scan_hex(&in, &out, 4, 4));
    assert_span(out, "09af");
    STAYS(in, "", scan_hex(&in, &out, 1, 4));
    assert_true(scan_hex(&in, &out, 0, 4));
    assert_span(out, "");
    in = SPAN("g");
    STAYS(in, "", scan_hex(&in, &out, 1, 4));
}

static void assert_u64(const char *text, uint64_t most, bool ok, uint64_t value)
{
    struct span in = span_of(text);
    uint64_t out = 7;
    if (!ok) {
        STAYS(in, "", scan_u64(&in, &out, most));
        assert_int_equal(out, 7);
        return;
    }
    assert_true(scan_u64(&in, &out, most));
    assert_true(out == value);
}

void test_scan__unsigned_numbers(void **state)
{
    (void)state;
    assert_u64("0", 0, true, 0);
    assert_u64("007x", 7, true, 7);
    assert_u64("18446744073709551615", UINT64_MAX, true, UINT64_MAX);
    assert_u64("00018446744073709551615", UINT64_MAX, true, UINT64_MAX);
    assert_u64("18446744073709551616", UINT64_MAX, false, 0);
    assert_u64("99999999999999999999999999", UINT64_MAX, false, 0);
    assert_u64("11", 10, false, 0);
    assert_u64("", 10, false, 0);
    assert_u64("+1", 10, false, 0);
    assert_u64("-1", 10, false, 0);
    assert_u64(" 1", 10, false, 0);
    assert_u64("x", 10, false, 0);
}

static void assert_i64(const char *text, bool ok, int64_t value)
{
    struct span in = span_of(text);
    int64_t out = 7;
    if (!ok) {
        STAYS(in, "", scan_i64(&in, &out));
        assert_int_equal(out, 7);
        return;
    }
    assert_true(scan_i64(&in, &out));
    assert_true(out == value);
    assert_true(scan_end(&in));
}

void test_scan__signed_numbers(void **state)
{
    (void)state;
    assert_i64("0", true, 0);
    assert_i64("-0", true, 0);
    assert_i64("-1", true, -1);
    assert_i64("-3", true, -3);
    assert_i64("9223372036854775807", true, INT64_MAX);
    assert_i64("-9223372036854775807", true, -INT64_MAX);
    assert_i64("-9223372036854775808", true, INT64_MIN);
    assert_i64("9223372036854775808", false, 0);
    assert_i64("-9223372036854775809", false, 0);
    assert_i64("18446744073709551615", false, 0);
    assert_i64("--1", false, 0);
    assert_i64("-", false, 0);
    assert_i64("- 1", false, 0);
    assert_i64("+1", false, 0);
}
