/* Categories: what the file says wins over rules, and scripts are told by their letters. */
#include "test/test.h"

#include "arena/vote_category.h"

#include "base/banned.h"

#define NONE \
    { \
        NULL, 0 \
    }

void test_category__a_column_wins_over_rules(void **state)
{
    (void)state;
    const struct category_row code = {SPAN("poems; CODE"), NONE, SPAN("hello")},
                              poems = {SPAN("poems"), NONE, SPAN("```c\nint main() {\n```")},
                              prompt = {NONE, NONE, SPAN("```c\nint main() {\n```")},
                              english = {NONE, SPAN("English"), SPAN("你好，世界")};
    assert_true(category_has_row("code", &code) && category_has_row("poems", &code));
    assert_false(category_has_row("code", &poems));
    assert_true(category_has_row("code", &prompt));
    assert_false(category_has_row("poem", &poems)); /* whole words of the list alone */
    assert_true(category_has_row("english", &english));
    assert_false(category_has_row("Chinese", &english)); /* the file says English */
    assert_true(category_has_row("Han", &english));      /* a script is what is written */
    assert_false(category_has_row("hard", &prompt));     /* no rule guesses it */
}

void test_category__scripts_by_their_letters(void **state)
{
    (void)state;
    static const char *const texts[][2] = {{"Latin", "Explain attention sinks."},
                                           {"Han", "解释 attention sink 是什么意思"},
                                           {"Kana", "これは何ですか"},
                                           {"Kana", "東京タワーの高さは"},
                                           {"Hangul", "주의 싱크를 설명해 주세요"},
                                           {"Cyrillic", "Объясни attention"},
                                           {"Arabic", "اشرح لي"},
                                           {"Devanagari", "मुझे समझाओ"},
                                           {"Thai", "อธิบายหน่อย"},
                                           {"Latin", "Where is Москва on a map of Europe?"},
                                           {"", "12 + 30 = ?"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_string_equal(category_script(span_of(texts[i][1])), texts[i][0]);
}

void test_category__records_say_it_themselves(void **state)
{
    (void)state;
    static const char
        yes[] =
            "{\"is_code\":true,\"language\":\"Chinese\",\"category_tag\":{\"math_v0.1\":{\"math\":true},"
            "\"criteria_v0.1\":{\"a\":true,\"b\":true,\"c\":true,\"d\":true,\"e\":true,\"f\":true,"
            "\"g\":false}},\"conv_metadata\":{\"sum_user_tokens\":700,\"sum_assistant_a_tokens\":10,"
            "\"sum_assistant_b_tokens\":100},\"conversation_a\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
        no[] = "{\"is_code\":false,\"language\":\"English\",\"category_tag\":{\"math_v0.1\":{\"math\":false},"
               "\"criteria_v0.1\":{\"a\":true}},\"conversation_a\":[{\"role\":\"user\",\"content\":"
               "\"```\\nint x;\\n``` prove the theorem\"}]}",
        bare[] = "{\"conversation_a\":[{\"role\":\"system\",\"content\":\"be kind\"},{\"role\":\"user\","
                 "\"content\":[{\"type\":\"text\",\"text\":\"prove this theorem, solve it\"}]},"
                 "{\"role\":\"user\",\"content\":\"```\"}]}";
    static const char *const names[] = {"code", "math", "hard", "long", "chinese"};
    for (size_t i = 0; i < 5; i++) {
        assert_true(category_has_record(names[i], span_of(yes)));
        assert_false(category_has_record(names[i], span_of(no)));
    }
    assert_true(category_has_record("math", span_of(bare)));
    assert_false(category_has_record("code", span_of(bare))); /* of the first question alone */
    assert_true(category_has_record("Latin", span_of(bare)));
    assert_false(category_has_record("code", SPAN("{}")));
    assert_false(category_has_record("Han", SPAN("{\"conversation_a\":7}")));
}
