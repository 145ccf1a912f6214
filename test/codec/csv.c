/* CSV as RFC 4180 has it and as programs write it. */
#include "test/test.h"

#include "codec/csv.h"

#include "base/banned.h"

/* Read all of `text`; each record as its fields between | and |, with its line before it. */
static const char *read_all(struct span text, char separator, char *out, size_t size, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct csv csv;
    struct csv_record r = {0};
    size_t n = 0;
    out[0] = '\0';
    csv_init(&csv, text);
    csv.separator = separator;
    csv.columns_most = 6;
    while (csv_next(&csv, arena, &r, err)) {
        n += (size_t)snprintf(out + n, size - n, "%llu:", (unsigned long long)csv.line);
        for (size_t i = 0; i < r.n; i++)
            n += (size_t)snprintf(out + n, size - n, "%.*s|", SPAN_ARG(r.field[i]));
    }
    return out;
}

static void assert_csv(const char *text, char separator, const char *expected)
{
    struct err err = {0};
    char out[400];
    assert_string_equal(read_all(span_of(text), separator, out, sizeof out, &err), expected);
    assert_int_equal(err.code, E_NONE);
}

void test_csv__records_and_line_ends(void **state)
{
    (void)state;
    assert_csv("", ',', "");
    assert_csv("\n\r\n\n", ',', "");
    assert_csv("a,b\nc,d\n", ',', "1:a|b|2:c|d|");
    assert_csv("a,b\r\nc,d", ',', "1:a|b|2:c|d|");
    assert_csv("\xEF\xBB\xBF"
               "a,b\n",
               ',', "1:a|b|");
    assert_csv("\n\na\n\n\nb,\n", ',', "3:a|6:b||");
    assert_csv(",\n,,", ',', "1:||2:|||");
    assert_csv("a;b,c\n", ';', "1:a|b,c|");
    assert_csv("a\tb\n", '\t', "1:a|b|");
    assert_csv("a\rb\r\n", ',', "1:a\rb|");
}

void test_csv__quotes(void **state)
{
    (void)state;
    assert_csv("\"a\",\"b,c\"\n", ',', "1:a|b,c|");
    assert_csv("\"say \"\"hi\"\"\",x\n", ',', "1:say \"hi\"|x|");
    assert_csv("\"\",\"\"\"\"\n", ',', "1:|\"|");
    assert_csv("\"two\nlines\r\nhere\",x\ny\n", ',', "1:two\nlines\r\nhere|x|4:y|");
    assert_csv("5\" disk,b\"\"c\n", ',', "1:5\" disk|b\"\"c|");
    assert_csv("\"a\"", ',', "1:a|");
    assert_csv("\"a\"\r\n\"\"", ',', "1:a|2:|");
}

static void assert_refused(const char *text, enum err_code code, const char *line)
{
    struct err err = {0};
    char out[400];
    read_all(span_of(text), ',', out, sizeof out, &err);
    assert_int_equal(err.code, code);
    assert_non_null(strstr(err.text, line));
}

void test_csv__faults_name_their_line(void **state)
{
    (void)state;
    assert_refused("a\n\nb,\"c\nd\n", E_FORMAT, "line 3");
    assert_refused("a\n\"b\"c\n", E_FORMAT, "line 2");
    assert_refused("a\n\"b\" ,c\n", E_FORMAT, "ine 2");
    assert_refused("\"", E_FORMAT, "line 1");
    assert_refused("a\n1,2,3,4,5,6,7\n", E_LIMIT, "Line 2");
}

void test_csv__plain_fields_point_into_the_text(void **state)
{
    (void)state;
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct span text = SPAN("plain,\"quoted\",\"dou\"\"bled\"\n");
    struct csv csv;
    struct csv_record r = {0};
    csv_init(&csv, text);
    assert_ok(csv_next(&csv, arena, &r, &err), &err);
    assert_ptr_equal(r.field[0].p, text.p);
    assert_ptr_equal(r.field[1].p, text.p + 7);
    assert_true(r.field[2].p < text.p || r.field[2].p >= text.p + text.n);
}
