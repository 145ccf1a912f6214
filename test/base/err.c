/* The first failure, as one sentence that no name from outside can break. */
#include "test/test.h"

#include <errno.h>
#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#include "base/banned.h"

void test_err__the_first_failure_stays(void **state)
{
    (void)state;
    struct err err = {0};
    assert_false(fail(&err, E_LIMIT, "The first, %d.", 1));
    assert_false(fail(&err, E_SYSTEM, "The second."));
    assert_int_equal(err.code, E_LIMIT);
    assert_string_equal(err.text, "The first, 1.");
    err_clear(&err);
    assert_int_equal(err.code, E_NONE);
    assert_string_equal(err.text, "");
    assert_false(fail(NULL, E_LIMIT, "Nobody asks."));
}

static void assert_said(const char *from_outside, const char *text)
{
    struct err err = {0};
    fail(&err, E_FORMAT, "%s", from_outside);
    assert_string_equal(err.text, text);
}

void test_err__what_could_break_a_line_is_replaced(void **state)
{
    (void)state;
    assert_said("a\nb\tc\x7f\x1b[2J", "a?b?c??[2J");
    assert_said("Zoë 你好 🙂 “x”", "Zoë 你好 🙂 “x”");
    assert_said("a\xC2\x9B"
                "31m",
                "a??31m"); /* U+009B commands a terminal */
    assert_said("\xE2\x80\xAE"
                "abc",
                "???abc");                                         /* U+202E turns text round */
    assert_said("\xE2\x80\xA8", "???");                            /* U+2028 ends a line */
    assert_said("\xFF\xC0\xAF\xED\xA0\x80 \xE4\xBD", "?????? ??"); /* broken, overlong, surrogate, cut */
    assert_said("\xF4\x90\x80\x80\xF0\x80\x80\xAF", "????????");
}

void test_err__a_sentence_too_long_is_cut_between_characters(void **state)
{
    (void)state;
    char many[1000];
    for (size_t i = 0; i + 3 < sizeof many; i += 3)
        memcpy(many + i, "你", 4);
    for (size_t shift = 0; shift < 3; shift++) {
        struct err err = {0};
        fail(&err, E_FORMAT, "%.*s%s", (int)shift, "abc", many);
        assert_int_equal(strlen(err.text), sizeof err.text - 1);
        size_t cut = (sizeof err.text - 1 - shift) % 3;
        for (size_t i = 0; i < cut; i++)
            assert_int_equal(err.text[sizeof err.text - 2 - i], '?');
    }
}

void test_err__the_words_of_the_system(void **state)
{
    (void)state;
    char words[80];
    assert_string_equal(err_system(ENOENT, words, sizeof words), "No such file or directory");
    char few[8];
    assert_string_equal(err_system(ENOENT, few, sizeof few), "No such");
}

/* A catalogue of the C library in `folder`, for zh_CN, with one sentence. */
static void catalogue(const char *folder, const char *english, const char *chinese)
{
    char path[200];
    uint32_t n = (uint32_t)strlen(english), m = (uint32_t)strlen(chinese);
    uint32_t head[11] = {0x950412de, 0, 1, 28, 36, 0, 0, n, 44, m, 44 + n + 1};
    snprintf(path, sizeof path, "%s/zh_CN", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/zh_CN/LC_MESSAGES", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/zh_CN/LC_MESSAGES/libc.mo", folder);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fwrite(head, sizeof head, 1, f);
    fwrite(english, n + 1, 1, f);
    fwrite(chinese, m + 1, 1, f);
    fclose(f);
}

/* ui/lang.c sets LANGUAGE for the process: what the system says stays English, and readable, all the same. */
void test_err__the_words_of_the_system_are_not_translated(void **state)
{
    (void)state;
    char folder[] = "/tmp/respite-err-XXXXXX", words[80], path[200];
    assert_non_null(mkdtemp(folder));
    catalogue(folder, "No space left on device", "没有空间");
    setlocale(LC_MESSAGES, "C.UTF-8");
    setenv("LANGUAGE", "zh_CN", 1);
    char *before = mem_copy(bindtextdomain("libc", NULL));
    bindtextdomain("libc", folder);
    const char *said = err_system(ENOSPC, words, sizeof words);
    bool translatable = strcmp(strerror(ENOSPC), "No space left on device") != 0;
    bindtextdomain("libc", before ? before : "/usr/share/locale");
    unsetenv("LANGUAGE");
    setlocale(LC_MESSAGES, "C");
    mem_free(before);
    static const char *const parts[] = {"/zh_CN/LC_MESSAGES/libc.mo", "/zh_CN/LC_MESSAGES", "/zh_CN", ""};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        snprintf(path, sizeof path, "%s%s", folder, parts[i]);
        assert_int_equal(remove(path), 0);
    }
    assert_string_equal(said, "No space left on device");
    assert_true(translatable); /* else this test could not fail */
    assert_string_equal(err_system(12345, words, sizeof words), "Unknown error 12345");
}
