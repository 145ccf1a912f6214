/* Sentences and the filling of {name}. */
#include "test/test.h"

#include "base/words.h"

#include "base/banned.h"

static void assert_filled(const char *pattern, const char *text)
{
    AUTO_BUF struct buf b;
    buf_init(&b, 200);
    words_say(&b, pattern, {"n", "9"}, {"of", "12"}, {"none", NULL}, {"braces", "{n}"});
    assert_string_equal(buf_text(&b), text);
}

void test_words__names_are_filled_in_any_order(void **state)
{
    (void)state;
    assert_filled("signs on {n} of {of}", "signs on 9 of 12");
    assert_filled("{of} 周里有 {n} 周", "12 周里有 9 周");
    assert_filled("{n}{n}", "99");
    assert_filled("a{none}b", "ab");
    assert_filled("{braces}", "{n}"); /* a value is not read again */
    assert_filled("", "");
}

void test_words__what_is_no_name_stays(void **state)
{
    (void)state;
    assert_filled("{unknown}", "{unknown}");
    assert_filled("{", "{");
    assert_filled("{}", "{}");
    assert_filled("{n", "{n");
    assert_filled("{{n}}", "{9}");
    assert_filled("{N} {a b} } {", "{N} {a b} } {");
}

static const char *upper(const char *context_and_english, const char *english)
{
    (void)english;
    return strcmp(context_and_english, "week.free\004free") == 0 ? "空" : "?";
}

static const char *many_zh(const char *context_and_one, const char *one, const char *many, unsigned long n)
{
    (void)one, (void)many, (void)n;
    return strcmp(context_and_one, "card.commits\004{n} commit") == 0 ? "{n} 次提交" : "?";
}

void test_words__english_until_something_is_plugged_in(void **state)
{
    (void)state;
    assert_int_equal(words_lang(), LANG_EN);
    words_set(LANG_ZH);
    assert_string_equal(tr("week.free", "free"), "free");
    words_plug(upper, many_zh);
    assert_string_equal(tr("week.free", "free"), "空");
    assert_string_equal(trn("card.commits", "{n} commit", "{n} commits", 1), "{n} 次提交");
    static const struct words row = N_("week.free", "free");
    assert_string_equal(words_of(row), "空");
    words_set(LANG_EN);
    assert_string_equal(tr("week.free", "free"), "free");
    assert_string_equal(trn("card.commits", "{n} commit", "{n} commits", 1), "{n} commit");
    assert_string_equal(trn("card.commits", "{n} commit", "{n} commits", 0), "{n} commits");
    assert_string_equal(words_of((struct words){0}), "");
    words_plug(NULL, NULL);
}
