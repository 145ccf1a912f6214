/* speak/help_line.c, speak/help_own.c: a lab's lines are read strictly, the newest of a name counts, and a
 * record can take one back; own numbers stay as they were typed. */
#include "test/test.h"

#include "anon/entry.h"
#include "speak/help_line.h"
#include "speak/help_own.h"

#include "base/banned.h"

static struct span entry_of(struct arena *arena, const char *name, const char *number, int64_t at)
{
    struct err err = {0};
    AUTO_BUF struct buf out;
    struct help_lab_line line = {
        .name = span_of(name), .hours = SPAN("9:00 to 16:00"), .numbers = number ? 1 : 0, .at = at};
    if (number)
        line.number[0] = span_of(number);
    buf_init(&out, ENTRY_MOST);
    assert_ok(help_line_write(&line, &out, &err), &err);
    return arena_span(arena, buf_span(&out));
}

void test_help_line__what_is_written_is_read(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct err err = {0};
    struct help_lab_line line;
    struct entry entry;
    bool is;
    struct span bytes = entry_of(arena, "Counselling service", "+49 30 1234567", 1795392000);
    assert_span(bytes, "{\"at\":1795392000,\"hours\":\"9:00 to 16:00\",\"name\":\"Counselling service\","
                       "\"numbers\":[\"+49 30 1234567\"],\"t\":\"line\"}");
    assert_ok(help_line_read(bytes, arena, &line, &is, &err), &err);
    assert_true(is && line.numbers == 1 && line.at == 1795392000);
    assert_span(line.name, "Counselling service");
    assert_span(line.number[0], "+49 30 1234567");
    assert_ok(entry_read(bytes, arena, &entry, &err), &err); /* every node can follow a record that has it */
    assert_int_equal(entry.at, 1795392000);
}

void test_help_line__other_entries_and_odd_ones_are_none(void **state)
{
    (void)state;
    static const char *const odd[] = {
        "",
        "[]",
        "{}",
        "{\"t\":\"line\"}",
        "{\"at\":1,\"hours\":\"\",\"name\":\"x\",\"numbers\":[\"1\"],\"t\":\"quiet\"}",
        "{\"at\":1,\"hours\":\"\",\"name\":\"\",\"numbers\":[\"1\"],\"t\":\"line\"}",
        "{\"at\":1,\"hours\":\"\",\"name\":\"x\",\"numbers\":[\"call us\"],\"t\":\"line\"}",
        "{\"at\":1,\"hours\":\"\",\"name\":\"x\",\"numbers\":[1],\"t\":\"line\"}",
        "{\"at\":1,\"hours\":\"\",\"name\":\"x\",\"numbers\":[\"1\",\"2\",\"3\",\"4\",\"5\"],\"t\":\"line\"}",
        "{\"at\":1,\"hours\":\"\",\"more\":1,\"name\":\"x\",\"numbers\":[\"1\"],\"t\":\"line\"}",
        "{\"at\":1,\"hours\":\"a\\nb\",\"name\":\"x\",\"numbers\":[\"1\"],\"t\":\"line\"}",
        "{\"at\":1,\"hours\":\"\",\"name\":\"a\xE2\x80\xAE"
        "b\",\"numbers\":[\"1\"],\"t\":\"line\"}",
        "{\"at\":1,\"hours\":\"\",\"name\":\"x\",\"numbers\":[\"1\xE2\x80\x8B\"],\"t\":\"line\"}",
        "{ \"at\":1,\"hours\":\"\",\"name\":\"x\",\"numbers\":[\"1\"],\"t\":\"line\"}",
    };
    struct arena *AUTO_ARENA arena = arena_new();
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        struct err err = {0};
        struct help_lab_line line = {.at = 77};
        bool is = true;
        assert_ok(help_line_read(span_of(odd[i]), arena, &line, &is, &err), &err);
        if (is)
            print_error("%s\n", odd[i]);
        assert_false(is);
        assert_int_equal(line.at, 77);
    }
}

void test_help_line__the_newest_of_a_name_counts_and_none_takes_it_back(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct err err = {0};
    struct help_lab_lines lines = {0};
    assert_ok(help_lines_add(&lines, entry_of(arena, "One", "1", 10), arena, &err) &&
                  help_lines_add(&lines, entry_of(arena, "Two", "2", 11), arena, &err) &&
                  help_lines_add(&lines, SPAN("{\"c\":\"x\",\"t\":\"act\"}"), arena, &err) &&
                  help_lines_add(&lines, entry_of(arena, "One", "11", 12), arena, &err),
              &err);
    assert_int_equal(lines.n, 2);
    assert_span(lines.at[0].name, "Two");
    assert_span(lines.at[1].number[0], "11");
    assert_int_equal(lines.at[1].at, 12);
    assert_ok(help_lines_add(&lines, entry_of(arena, "Two", NULL, 13), arena, &err) &&
                  help_lines_add(&lines, entry_of(arena, "Nobody", NULL, 14), arena, &err),
              &err);
    assert_int_equal(lines.n, 1);
    for (int i = 0; i < 30; i++) {
        char name[16];
        snprintf(name, sizeof name, "More %d", i);
        assert_ok(help_lines_add(&lines, entry_of(arena, name, "3", 15), arena, &err), &err);
    }
    assert_int_equal(lines.n, LINES_MOST);
}

void test_help_line__a_line_without_a_number_cannot_be_written(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_BUF struct buf out;
    struct help_lab_line line = {.name = SPAN("x"), .hours = SPAN(""), .numbers = 1, .number = {SPAN("us")}};
    buf_init(&out, ENTRY_MOST);
    assert_false(help_line_write(&line, &out, &err));
    assert_int_equal(err.code, E_USAGE);
    assert_int_equal(out.n, 0);
}
