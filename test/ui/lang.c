/* Languages: what is Chinese comes back in Chinese, and dates and numbers as each language writes them. */
#include "test/test.h"

#include <stdlib.h>

#include "ui/lang.h"

#include "base/banned.h"

void test_lang__the_language_a_person_has_set_is_kept_for_other_programs(void **state)
{
    (void)state;
    setenv("LANGUAGE", "de:fr", 1);
    lang_start();
    assert_string_equal(lang_environment(), "LANGUAGE=de:fr");
    assert_string_equal(getenv("LANGUAGE"), "zh_CN");
    lang_start();
    assert_string_equal(lang_environment(), "LANGUAGE=de:fr");
    unsetenv("LANGUAGE");
    lang_start();
    assert_null(lang_environment());
}

void test_lang__chinese_comes_back_in_chinese_and_english_in_english(void **state)
{
    (void)state;
    lang_start();
    const char *sentence = tr("nav.help", "Help now");
    assert_string_equal(sentence, "Help now");
    words_set(LANG_ZH);
    const char *chinese = tr("nav.help", "Help now");
    const char *unknown = tr("test.not_in_the_catalogue", "Nobody has translated this.");
    const char *one = trn("test.none", "{n} thing", "{n} things", 1),
               *many = trn("test.none", "{n} thing", "{n} things", 2);
    words_set(LANG_EN);
    if (span_is(span_of(chinese), "Help now"))
        print_error("The catalogue is not beside the program: build po/ first.\n");
    assert_string_equal(chinese, "需要帮助");
    assert_string_equal(unknown, "Nobody has translated this.");
    assert_string_equal(one, "{n} thing");
    assert_string_equal(many, "{n} things");
}

void test_lang__a_translation_may_turn_the_order_of_values(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 400);
    words_fill(&b, "{b} 个中有 {a} 个", (const struct arg[]){{"a", "16"}, {"b", "20"}, {0}});
    assert_string_equal(buf_text(&b), "20 个中有 16 个");
}

void test_lang__reads_the_names_languages_go_by(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ok;
        enum lang lang;
    } rows[] = {{"en", true, LANG_EN},
                {"zh", true, LANG_ZH},
                {"zh_CN.UTF-8", true, LANG_ZH},
                {"zh-Hans", true, LANG_ZH},
                {"EN_US", true, LANG_EN},
                {"zh.UTF-8", true, LANG_ZH},
                {"de_DE", false, 0},
                {"english", false, 0},
                {"z", false, 0},
                {"", false, 0},
                {"C.UTF-8", false, 0},
                {"zhx", false, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum lang lang = LANG_EN;
        assert_int_equal(lang_read(rows[i].text, &lang), rows[i].ok);
        if (rows[i].ok)
            assert_int_equal(lang, rows[i].lang);
    }
}

void test_lang__guesses_by_the_first_variable_that_is_set(void **state)
{
    (void)state;
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    char *kept[3];
    for (int i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);
        kept[i] = value ? mem_copy(value) : NULL;
        unsetenv(names[i]);
    }
    assert_int_equal(lang_guess(), LANG_EN);
    setenv("LANG", "zh_CN.UTF-8", 1);
    assert_int_equal(lang_guess(), LANG_ZH);
    setenv("LC_MESSAGES", "", 1);
    assert_int_equal(lang_guess(), LANG_ZH);
    setenv("LC_MESSAGES", "de_DE.UTF-8", 1);
    assert_int_equal(lang_guess(), LANG_EN);
    setenv("LC_ALL", "zh_TW", 1);
    assert_int_equal(lang_guess(), LANG_ZH);
    for (int i = 0; i < 3; i++) {
        if (kept[i])
            setenv(names[i], kept[i], 1);
        else
            unsetenv(names[i]);
        mem_free(kept[i]);
    }
}

static void says(const char *got, const char *want)
{
    assert_string_equal(got, want);
}

void test_lang__dates_and_numbers_in_english(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    day_t nov17 = day_of((struct ymd){2026, 11, 17}), feb9 = day_of((struct ymd){2026, 2, 9});
    says(say_number(a, 0), "0");
    says(say_number(a, 999), "999");
    says(say_number(a, 1284), "1,284");
    says(say_number(a, -1234567), "-1,234,567");
    says(say_number(a, INT64_MIN), "-9,223,372,036,854,775,808");
    says(say_day(a, nov17), "17 November");
    says(say_day_year(a, nov17), "17 November 2026");
    says(say_day_short(a, nov17), "17 Nov");
    says(say_month(a, 2025, 12), "December 2025");
    says(say_year(a, 2026), "2026");
    says(say_weekday(a, 6), "Sun");
    says(say_clock(a, 23 * 60 + 5), "23:05");
    says(say_weekday_clock(a, (struct moment){(int64_t)nov17 * 86400 + 22 * 3600, 60}), "Tue 23:00");
    says(say_days(a, feb9, feb9 + 6), "9 to 15 February");
    says(say_days(a, feb9, feb9 + 27), "9 February to 8 March");
    says(say_days(a, feb9, feb9), "9 February");
    says(say_days(a, day_of((struct ymd){2026, 12, 28}), day_of((struct ymd){2027, 1, 3})),
         "28 December 2026 to 3 January 2027");
    arena_free(a);
}

void test_lang__dates_and_numbers_in_chinese(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    day_t nov17 = day_of((struct ymd){2026, 11, 17}), feb9 = day_of((struct ymd){2026, 2, 9});
    words_set(LANG_ZH);
    const char *got[] = {say_number(a, 1284),
                         say_day(a, nov17),
                         say_day_year(a, nov17),
                         say_day_short(a, nov17),
                         say_month(a, 2025, 12),
                         say_year(a, 2026),
                         say_weekday(a, 0),
                         say_days(a, feb9, feb9 + 6),
                         say_days(a, feb9, feb9 + 27),
                         say_days(a, day_of((struct ymd){2026, 12, 28}), day_of((struct ymd){2027, 1, 3})),
                         say_weekday_clock(a, (struct moment){(int64_t)nov17 * 86400, 0})};
    words_set(LANG_EN);
    static const char *const want[] = {"1,284",
                                       "11 月 17 日",
                                       "2026 年 11 月 17 日",
                                       "11-17",
                                       "2025 年 12 月",
                                       "2026 年",
                                       "周一",
                                       "2 月 9 日至 15 日",
                                       "2 月 9 日至 3 月 8 日",
                                       "2026 年 12 月 28 日至 2027 年 1 月 3 日",
                                       "周二 00:00"};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_string_equal(got[i], want[i]);
    assert_string_equal(lang_tag(LANG_ZH), "zh-Hans");
    arena_free(a);
}

void test_lang__no_memory_says_nothing(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    mem_fail_at(1, true);
    const char *got = NULL;
    for (int i = 0; i < 10000; i++) /* until what the arena holds is used up */
        if (*(got = say_day(a, 0)) == '\0')
            break;
    mem_fail_at(0, false);
    assert_string_equal(got, "");
    arena_free(a);
}
