/* The lists are whole, in order, and say each thing once. */
#include "test/test.h"

#include <ctype.h>
#include <stdlib.h>

#include "codec/utf8.h"
#include "ui/word_list.h"

#include "base/banned.h"

static int by_bytes(const void *a, const void *b)
{
    return span_order(*(const struct span *)a, *(const struct span *)b);
}

/* `n` spans, sorted here, no two of them the same. */
static void assert_different(struct span *s, size_t n)
{
    qsort(s, n, sizeof *s, by_bytes);
    for (size_t i = 1; i < n; i++)
        assert_false(span_eq(s[i - 1], s[i]));
}

void test_word_list__english_is_sorted_and_told_apart_by_four_letters(void **state)
{
    (void)state;
    for (unsigned i = 0; i < WORD_LIST; i++) {
        const char *word = word_list_at(LANG_EN, i);
        size_t n = strlen(word);
        assert_true(n >= 3 && n <= 8 && strspn(word, "abcdefghijklmnopqrstuvwxyz") == n);
        if (i > 0)
            assert_true(strncmp(word_list_at(LANG_EN, i - 1), word, 4) < 0);
    }
    assert_string_equal(word_list_at(LANG_EN, 0), "abandon");
    assert_string_equal(word_list_at(LANG_EN, 2047), "zoo");
}

void test_word_list__chinese_is_one_character_each_and_all_differ(void **state)
{
    (void)state;
    struct span all[WORD_LIST];
    for (unsigned i = 0; i < WORD_LIST; i++) {
        all[i] = span_of(word_list_at(LANG_ZH, i));
        assert_true(utf8_valid(all[i]) && utf8_length(all[i]) == 1 && all[i].n == 3);
    }
    assert_string_equal(word_list_at(LANG_ZH, 0), "的");
    assert_string_equal(word_list_at(LANG_ZH, 2047), "歇");
    assert_different(all, WORD_LIST);
}

/* The state of a record whose head is 32 zero bytes (PROTOCOL section 3). */
void test_word_list__words_are_said(void **state)
{
    (void)state;
    static const uint16_t head[] = {1770, 1798, 1974, 1342};
    AUTO_BUF struct buf out;
    buf_init(&out, 100);
    assert_true(word_list_say(&out, LANG_EN, head, 4));
    assert_string_equal(buf_text(&out), "tail this walnut pond");
    buf_reset(&out);
    assert_true(word_list_say(&out, LANG_ZH, head, 4));
    assert_string_equal(buf_text(&out), "悄 赖 堡 辛");
    buf_clear(&out);
    buf_init(&out, 5);
    assert_false(word_list_say(&out, LANG_EN, head, 4));
}

void test_word_list__names_are_short_and_all_differ(void **state)
{
    (void)state;
    struct span all[2][NAME_LIST];
    for (unsigned i = 0; i < NAME_LIST; i++) {
        struct span en = all[0][i] = name_word(LANG_EN, (uint8_t)i),
                    zh = all[1][i] = name_word(LANG_ZH, (uint8_t)i);
        assert_true(en.n >= 3 && en.n <= 12 && isupper((unsigned char)en.p[0]));
        for (size_t k = 1; k < en.n; k++)
            assert_true(islower((unsigned char)en.p[k]));
        assert_true(utf8_valid(zh) && utf8_length(zh) >= 2 && utf8_length(zh) <= 4);
        assert_int_equal(zh.n, 3 * utf8_length(zh)); /* no blank, no letter */
    }
    assert_different(all[0], NAME_LIST);
    assert_different(all[1], NAME_LIST);
    assert_span(name_word(LANG_EN, 0), "Acorn");
    assert_span(name_word(LANG_ZH, 0), "橡果");
}
