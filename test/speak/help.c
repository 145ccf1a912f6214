#include "test/test.h"

#include "base/day.h"
#include "base/mem.h"
#include "speak/help.h"
#include "ui/assets.h"

#include "base/banned.h"

static struct help shipped(struct arena *arena)
{
    const struct asset *file = asset_find(SPAN("crisis.json"));
    struct help help;
    struct err err = {0};
    assert_non_null(file);
    assert_ok(help_read(arena, file->bytes, &help, &err), &err);
    return help;
}

void test_help__the_shipped_list_reads_and_names_21_countries(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct help help = shipped(arena);
    assert_int_equal(help.n, 21);
    assert_int_equal(help.max_age_days, 183);
    for (size_t i = 0; i < help.n; i++) {
        assert_int_equal(help.at[i].cc.n, 2);
        assert_true(help.at[i].numbers.n > 0);
        assert_true(help.at[i].name.n > 0 && help.at[i].hours.n > 0 && help.at[i].source_date.n > 0);
        assert_true(help.at[i].seen <= help.made);
    }
    const struct help_line *line = help_find(&help, SPAN("GB"));
    assert_non_null(line);
    assert_span(line->numbers.at[0], "116 123");
}

void test_help__weak_lines_are_never_handed_out(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct help help = shipped(arena);
    assert_null(help_find(&help, SPAN("SE")));
    assert_null(help_find(&help, SPAN("AE")));
    assert_null(help_find(&help, SPAN("")));
    assert_null(help_find(&help, SPAN("XX")));
}

void test_help__outdated_numbers_are_not_in_the_list(void **state)
{
    (void)state;
    static const char *const outdated[] = {"1393",          "141",       "0800-788-995", "1-833-456-4566",
                                           "1800-221-4444", "0900-0113", "400-161-9995"};
    struct arena *AUTO_ARENA arena = arena_new();
    struct help help = shipped(arena);
    for (size_t i = 0; i < help.n; i++)
        for (size_t j = 0; j < help.at[i].numbers.n; j++)
            for (size_t k = 0; k < sizeof outdated / sizeof *outdated; k++)
                assert_false(span_is(help.at[i].numbers.at[j], outdated[k]));
}

void test_help__no_emergency_number_is_invented(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct help help = shipped(arena);
    size_t given = 0;
    for (size_t i = 0; i < help.n; i++)
        given += help.at[i].emergency.n;
    assert_int_equal(given, 3); /* US, AU, FR: the ones a source names */
    assert_int_equal(help_find(&help, SPAN("CN"))->emergency.n, 0);
}

void test_help__china_is_not_said_to_answer_day_and_night(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct help help = shipped(arena);
    const struct help_line *line = help_find(&help, SPAN("CN"));
    assert_non_null(line);
    assert_span(line->numbers.at[0], "12356");
    assert_true(span_starts(line->hours, SPAN("at least 18 hours a day")));
}

void test_help__every_phrase_of_the_list_can_be_translated(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct help help = shipped(arena);
    for (size_t i = 0; i < help.n; i++) {
        const struct help_line *line = &help.at[i];
        assert_true(help_known(line->country) && help_known(line->hours) && help_known(line->channels));
        for (size_t j = 0; j < line->languages.n; j++)
            assert_true(help_known(line->languages.at[j]));
    }
    assert_string_equal(help_say(arena, SPAN("yue")), "Cantonese");
    assert_string_equal(help_say(arena, SPAN("116 123")), "116 123");
}

void test_help__countries_stand_in_the_order_of_their_names(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct help help = shipped(arena);
    for (size_t i = 1; i < help.n; i++)
        assert_true(span_order(help.at[i - 1].country, help.at[i].country) <= 0);
}

void test_help__a_list_is_old_the_day_after_its_183rd(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct help help = shipped(arena);
    assert_false(help_old(&help, help.made));
    assert_false(help_old(&help, help.made + 183));
    assert_true(help_old(&help, help.made + 184));
}

void test_help__when_pages_were_published_is_said_in_words(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"2024-12 / 2025-12", "December 2024 and December 2025"},
                                          {"2014-2019", "2014 to 2019"},
                                          {"2024-01 / 2026", "January 2024 and 2026"},
                                          {"2018-07", "July 2018"},
                                          {"2025", "2025"},
                                          {"undated", "undated"},
                                          {"2018-13", "2018-13"},
                                          {"2018-00", "2018-00"},
                                          {"2018-7", "2018-7"},
                                          {"2018-", "2018-"},
                                          {"2018 / ", "2018 / "},
                                          {"02018", "02018"},
                                          {"2018x", "2018x"},
                                          {"", ""}};
    struct arena *AUTO_ARENA arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(help_published(arena, span_of(rows[i][0])), rows[i][1]);
    struct help help = shipped(arena);
    for (size_t i = 0; i < help.n; i++)
        assert_null(strchr(help_published(arena, help.at[i].source_date), '-'));
}

void test_help__a_number_in_the_name_is_found(void **state)
{
    (void)state;
    assert_int_equal(help_number_at(SPAN("Línea 024"), SPAN("024")), 7);
    assert_int_equal(help_number_at(SPAN("988 Lifeline"), SPAN("988")), 0);
    assert_int_equal(help_number_at(SPAN("热线12356。"), SPAN("12356")), 6);
    assert_int_equal(help_number_at(SPAN("Samaritans"), SPAN("116 123")), -1);
    assert_int_equal(help_number_at(SPAN("Line 11412"), SPAN("114")), -1);
    assert_int_equal(help_number_at(SPAN("Line 9114"), SPAN("114")), -1);
    assert_int_equal(help_number_at(SPAN("Line"), SPAN("")), -1);
}

void test_help__a_broken_list_is_one_plain_sentence(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "",
        "[]",
        "{\"format\":\"respite-crisis/2\",\"made\":\"2026-11-23\",\"max_age_days\":183,\"lines\":[]}",
        "{\"format\":\"respite-crisis/1\",\"made\":\"yesterday\",\"max_age_days\":183,\"lines\":[]}",
        "{\"format\":\"respite-crisis/1\",\"made\":\"2026-11-23\",\"max_age_days\":0,\"lines\":[]}",
        "{\"format\":\"respite-crisis/1\",\"made\":\"2026-11-23\",\"max_age_days\":183,\"lines\":[{}]}",
        "{\"format\":\"respite-crisis/"
        "1\",\"made\":\"2026-11-23\",\"max_age_days\":183,\"lines\":[{\"weak\":false}]}",
        "{\"format\":\"respite-crisis/"
        "1\",\"made\":\"2026-11-23\",\"max_age_days\":183,\"lines\":[{\"weak\":false,"
        "\"cc\":\"GB\",\"country\":\"x\",\"name\":\"x\",\"hours\":\"x\",\"channels\":\"x\",\"source_date\":"
        "\"x\","
        "\"seen\":\"2026-11-23\",\"numbers\":[116123],\"languages\":[],\"emergency\":[]}]}",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct arena *AUTO_ARENA arena = arena_new();
        struct help help = {.n = 77};
        struct err err = {0};
        assert_false(help_read(arena, span_of(broken[i]), &help, &err));
        assert_true(err.text[0] && !strchr(err.text, '\n'));
        assert_int_equal(help.n, 77);
    }
}

void test_help__each_request_for_memory_may_fail(void **state)
{
    (void)state;
    const struct asset *file = asset_find(SPAN("crisis.json"));
    assert_non_null(file);
    bool read = false;
    for (size_t nth = 1; !read && nth < 20000; nth += 7) {
        struct arena *AUTO_ARENA arena = arena_new();
        struct help help;
        struct err err = {0};
        mem_fail_at(nth, true);
        read = help_read(arena, file->bytes, &help, &err);
        mem_fail_at(0, false);
        if (!read)
            assert_true(err.code && err.text[0]); /* jansson does not always know that it was memory */
    }
    assert_true(read);
}
