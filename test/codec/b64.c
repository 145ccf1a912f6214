/* Base64: the vectors of RFC 4648, and everything that is nearly base64 and is not taken. */
#include "test/test.h"

#include "codec/b64.h"

#include "base/banned.h"

static const char common[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

static void assert_both(enum b64_form form, struct span bytes, const char *text)
{
    char room[300];
    size_t n = 0;
    AUTO_BUF struct buf out;
    buf_init(&out, 1000);
    b64_add(&out, bytes, form);
    assert_string_equal(buf_text(&out), text);
    assert_int_equal(out.n, b64_size(form, bytes.n));
    assert_true(b64_read(buf_span(&out), form, room, bytes.n, &n));
    assert_true(span_eq((struct span){room, n}, bytes));
    assert_true(b64_exact(buf_span(&out), form, room, bytes.n));
    assert_false(b64_exact(buf_span(&out), form, room, bytes.n + 1));
    if (bytes.n > 0) {
        assert_false(b64_read(buf_span(&out), form, room, bytes.n - 1, &n));
        assert_false(b64_exact(buf_span(&out), form, room, bytes.n - 1));
    }
}

void test_b64__vectors_of_rfc_4648(void **state)
{
    (void)state;
    static const char *const padded[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
    static const char *const bare[] = {"", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy"};
    for (size_t n = 0; n < 7; n++) {
        struct span bytes = {"foobar", n};
        assert_both(B64, bytes, padded[n]);
        assert_both(B64_URL, bytes, padded[n]);
        assert_both(B64_URL_BARE, bytes, bare[n]);
    }
    assert_both(B64, SPAN("\xfb\xff\xbf"), "+/+/");
    assert_both(B64_URL, SPAN("\xfb\xff\xbf"), "-_-_");
    assert_both(B64_URL_BARE, SPAN("\0\0\0\0"), "AAAAAA");
}

void test_b64__each_letter_has_its_bits(void **state)
{
    (void)state;
    for (enum b64_form form = B64; form <= B64_URL_BARE; form++)
        for (int c = 0; c < 256; c++) {
            char text[4] = {'A', 'A', 'A', (char)c};
            unsigned char out[3];
            const char *at = memchr(common, c, 62);
            int bits = at                               ? (int)(at - common)
                       : c == (form == B64 ? '+' : '-') ? 62
                       : c == (form == B64 ? '/' : '_') ? 63
                                                        : -1;
            bool good = b64_exact((struct span){text, 4}, form, out, 3);
            assert_int_equal(good, bits >= 0);
            if (good)
                assert_int_equal(out[2], bits);
            text[3] = 'A';
            text[0] = (char)c;
            assert_int_equal(b64_exact((struct span){text, 4}, form, out, 3), bits >= 0);
            if (bits >= 0)
                assert_int_equal(out[0] >> 2, bits);
        }
}

void test_b64__nearly_is_refused(void **state)
{
    (void)state;
    static const char *const padded[] = {
        "Zg",       "Zg=",   "Zg===", "Zh==",   "Zm9=", "Zm8",   "Z",        "Z===", "====", "=",
        "Zg==Zg==", " Zg==", "Zg== ", "Zg==\n", "Z g=", "Zm9v=", "Zm9v====", "Z=g=", "-_==", "Zm9v\nYg=="};
    static const char *const bare[] = {"Zg==", "Zg=",   "Zh",   "Zm9", "Z",  "Zm9vZ",
                                       "A",    "AAAAA", "Zg\n", "+/A", "Z=", "Zm9v="};
    char out[32];
    size_t n;
    for (size_t i = 0; i < sizeof padded / sizeof *padded; i++)
        assert_false(b64_read(span_of(padded[i]), B64, out, sizeof out, &n));
    for (size_t i = 0; i < sizeof bare / sizeof *bare; i++)
        assert_false(b64_read(span_of(bare[i]), B64_URL_BARE, out, sizeof out, &n));
    assert_false(b64_read(SPAN("+/+/"), B64_URL, out, sizeof out, &n));
    assert_false(b64_read(SPAN("-_-_"), B64, out, sizeof out, &n));
}

void test_b64__the_ceiling_of_the_buffer_holds(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, 7);
    b64_add(&out, SPAN("four"), B64);
    assert_false(buf_ok(&out, &err));
    assert_int_equal(err.code, E_LIMIT);
    assert_int_equal(out.n, 0);
}
