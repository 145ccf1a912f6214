/* Text without marks. */
#include "test/test.h"

#include "base/mem.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "codec/utf8.h"

#include "base/banned.h"

static void assert_refused(struct span text, bool lines, const char *said)
{
    struct err err = {0};
    assert_false(plain_ok(text, lines, &err));
    assert_int_equal(err.code, E_FORMAT);
    if (!strstr(err.text, said))
        print_error("%s\n", err.text);
    assert_non_null(strstr(err.text, said));
}

void test_plain__words_are_taken(void **state)
{
    (void)state;
    struct err err = {0};
    const struct span good[] = {
        SPAN(""),
        SPAN("Zoë, 你好。 \xF0\x9F\x99\x82 ¿qué? العربية עברית हिन्दी ไทย"),
        SPAN("a\xC2\xA0 b"),      /* a blank of another kind: the node changes it, the board takes it */
        SPAN("\xD8\x80 1"),       /* U+0600, a format character that is seen */
        SPAN("\xEF\xBF\xBD\x7e"), /* U+FFFD */
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_ok(plain_ok(good[i], false, &err), &err);
        assert_ok(plain_ok(good[i], true, &err), &err);
    }
    assert_ok(plain_ok(SPAN("two\n\n\nlines "), true, &err), &err);
}

void test_plain__controls_are_refused(void **state)
{
    (void)state;
    assert_refused(SPAN("two\nlines"), false, "U+000A");
    assert_refused(SPAN("a\tb"), true, "U+0009");
    assert_refused(SPAN("a\r\nb"), true, "U+000D");
    assert_refused(SPAN("a\0b"), true, "U+0000");
    assert_refused(SPAN("\x7f"), true, "U+007F");
    assert_refused(SPAN("\xC2\x80"), true, "U+0080");
    assert_refused(SPAN("\xC2\x9F"), true, "U+009F");
    assert_refused(SPAN("\xE2\x80\xA8"), true, "U+2028");
    assert_refused(SPAN("\xE2\x80\xA9"), true, "U+2029");
}

/* PROTOCOL section 12, 25. */
void test_plain__invisible_refused(void **state)
{
    (void)state;
    static const unsigned codes[] = {
        0xAD,   0x34F,   0x61C,   0x115F,  0x1160,  0x17B4,  0x17B5,  0x180B,  0x180E, 0x200B, 0x200C,
        0x200D, 0x200E,  0x200F,  0x202A,  0x202B,  0x202C,  0x202D,  0x202E,  0x2060, 0x2064, 0x2066,
        0x2067, 0x2068,  0x2069,  0x206A,  0x206F,  0x3164,  0xFE00,  0xFE0F,  0xFEFF, 0xFFA0, 0xFFF9,
        0xFFFB, 0x1BCA0, 0x1D173, 0xE0001, 0xE0020, 0xE007F, 0xE0100, 0xE01EF,
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char text[8], said[40];
        unsigned c = codes[i];
        size_t n = 0;
        if (c < 0x800) {
            text[n++] = (char)(0xC0 | c >> 6);
        } else if (c < 0x10000) {
            text[n++] = (char)(0xE0 | c >> 12);
            text[n++] = (char)(0x80 | (c >> 6 & 63));
        } else {
            text[n++] = (char)(0xF0 | c >> 18);
            text[n++] = (char)(0x80 | (c >> 12 & 63));
            text[n++] = (char)(0x80 | (c >> 6 & 63));
        }
        text[n++] = (char)(0x80 | (c & 63));
        snprintf(said, sizeof said, "invisible character (U+%04X)", c);
        assert_refused((struct span){text, n}, true, said);
    }
    assert_refused(SPAN("a heart ❤\xEF\xB8\x8F"), true, "U+FE0F");
}

void test_plain__private_and_unassigned_are_refused(void **state)
{
    (void)state;
    assert_refused(SPAN("\xEE\x80\x80"), true, "U+E000");
    assert_refused(SPAN("\xF4\x8F\xBF\xBD"), true, "U+10FFFD");
    assert_refused(SPAN("\xCD\xB8"), true, "U+0378");
    assert_refused(SPAN("\xEF\xBF\xBE"), true, "U+FFFE");
    assert_refused(SPAN("\xED\xA0\x80"), true, "not UTF-8"); /* half of a pair */
    assert_refused(SPAN("a\xFF"), true, "not UTF-8");
    assert_refused(SPAN("\xC0\xAF"), true, "not UTF-8");
}

void test_plain__nfc_alone_is_taken(void **state)
{
    (void)state;
    assert_refused(SPAN("e\xCC\x81"), true, "NFC");         /* e and an acute */
    assert_refused(SPAN("\xE2\x84\xAB"), true, "NFC");      /* Angstrom sign */
    assert_refused(SPAN("a\xCC\x81\xCC\xA3"), true, "NFC"); /* marks in another order */
    assert_refused(SPAN("\xE2\x80\x80"), true, "NFC");      /* en quad is en space */
}

static void assert_tidy(struct span text, bool lines, const char *tidy)
{
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, 200);
    buf_add_byte(&out, '>');
    assert_ok(plain_tidy(text, lines, &out, &err), &err);
    assert_string_equal(buf_text(&out) + 1, tidy);
    assert_ok(plain_ok(span_from(buf_span(&out), 1), lines, &err), &err);
}

void test_plain__tidied_words(void **state)
{
    (void)state;
    assert_tidy(SPAN(""), true, "");
    assert_tidy(SPAN(" \n\t\n "), true, "");
    assert_tidy(SPAN("\n\n  a \t \r\nb\r\r\n\n\nc\n\nd  \n\n"), true, "  a\nb\n\nc\n\nd");
    assert_tidy(SPAN("e\xCC\x81\xC2\xA0\xE3\x80\x80x\xE2\x80\xA8y\xE2\x80\x80"), true, "\xC3\xA9  x\ny");
    assert_tidy(SPAN("  a\r\ntitle \n"), false, "a title");
    assert_tidy(SPAN("a\n\n\nb"), true, "a\n\nb");
    assert_tidy(SPAN("a\tb"), false, "a b");
}

static void assert_taken(struct span text, size_t signs, size_t joins, const char *tidy)
{
    struct plain_taken taken = plain_taken(text);
    assert_int_equal(taken.signs, signs);
    assert_int_equal(taken.joins, joins);
    assert_tidy(text, true, tidy);
}

/* A person who types an emoji is not refused for what comes along with it. */
void test_plain__what_is_not_read_is_taken_out(void **state)
{
    (void)state;
    assert_taken(SPAN("a heart \xE2\x9D\xA4\xEF\xB8\x8F"), 1, 0, "a heart \xE2\x9D\xA4");
    assert_taken(SPAN("\xEF\xBB\xBFso\xC2\xAD"
                      "ft\xE2\x80\x8B ly\xE2\x81\xA0"),
                 4, 0, "soft ly");
    assert_taken(SPAN("1\xEF\xB8\x8F\xE2\x83\xA3"), 1, 0, "1\xE2\x83\xA3"); /* a keycap */
    /* woman, joiner, laptop; heart, selector, joiner, fire; a tone of skin before the joiner */
    assert_taken(SPAN("\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB"), 0, 1,
                 "\xF0\x9F\x91\xA9\xF0\x9F\x92\xBB");
    assert_taken(SPAN("\xE2\x9D\xA4\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x94\xA5"), 1, 1,
                 "\xE2\x9D\xA4\xF0\x9F\x94\xA5");
    assert_taken(SPAN("\xF0\x9F\x91\xA9\xF0\x9F\x8F\xBD\xE2\x80\x8D\xF0\x9F\x92\xBB"), 0, 1,
                 "\xF0\x9F\x91\xA9\xF0\x9F\x8F\xBD\xF0\x9F\x92\xBB");
    assert_taken(SPAN("\xEF\xB8\x8F\xE2\x80\x8B"), 2, 0, ""); /* nothing is left: the room refuses it */
    assert_taken(SPAN("e\xEF\xB8\x8F\xCC\x81"), 1, 0, "\xC3\xA9");
    assert_taken(SPAN("plain"), 0, 0, "plain");
}

void test_plain__what_tidying_cannot_mend_is_refused(void **state)
{
    (void)state;
    const struct span bad[] = {SPAN("a\xE2\x80\x8C"),
                               SPAN("a\xE2\x80\x8D"
                                    "b"),
                               SPAN("\xE2\x80\x8E"
                                    "a"),
                               SPAN("a\x07"),
                               SPAN("a\xFF"),
                               SPAN("\xEE\x80\x80")};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err = {0};
        AUTO_BUF struct buf out;
        buf_init(&out, 200);
        buf_add_byte(&out, '>');
        assert_false(plain_tidy(bad[i], true, &out, &err));
        assert_int_equal(err.code, E_FORMAT);
        assert_string_equal(buf_text(&out), ">");
    }
    struct err err = {0};
    static char much[PLAIN_MOST + 1];
    memset(much, 'a', sizeof much);
    AUTO_BUF struct buf out;
    buf_init(&out, 2);
    assert_false(plain_tidy(SPAN("abc"), true, &out, &err));
    assert_int_equal(err.code, E_LIMIT);
    err_clear(&err);
    assert_false(plain_ok((struct span){much, sizeof much}, true, &err));
    assert_int_equal(err.code, E_LIMIT);
}

void test_plain__size_in_json_is_what_jansson_writes(void **state)
{
    (void)state;
    const struct span texts[] = {SPAN(""), SPAN("a\"b\\c/d\n\r\t\b\f\x1f\x01\x7f"),
                                 SPAN("é你\xF0\x9F\x99\x82")};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        AUTO_JSON json_t *o = json_stringn(texts[i].p, texts[i].n);
        AUTO_BUF struct buf out;
        buf_init(&out, 200);
        assert_true(json_write(o, &out, NULL));
        assert_int_equal(plain_json_size(texts[i]), out.n - 3); /* "" and the newline */
    }
}

void test_plain__without_memory_it_says_so(void **state)
{
    (void)state;
    for (size_t nth = 1;; nth++) {
        struct err err = {0};
        AUTO_BUF struct buf out;
        buf_init(&out, 200);
        mem_fail_at(nth, true);
        bool done = plain_tidy(SPAN("words"), true, &out, &err);
        size_t asked = mem_asked();
        mem_fail_at(0, false);
        if (asked < nth) {
            assert_ok(done, &err);
            break;
        }
        assert_false(done);
        assert_int_equal(err.code, E_MEMORY);
    }
}
