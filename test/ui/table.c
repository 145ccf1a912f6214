/* One table, two drawings. */
#include "test/test.h"

#include "codec/utf8.h"
#include "ui/table.h"

#include "base/banned.h"

static const struct table_column columns[] = {{"周", false}, {"痕迹", true}, {"Sunday", false}};
static const char *const cells[] = {"11-17", "31", "nothing", "11-10", "1,044", "有痕迹", NULL, "3", ""};
static const struct table sample = {
    .caption = "Signs", .columns = columns, .columns_n = 3, .cells = cells, .rows_n = 3};

void test_table__chinese_counts_two_columns_a_character(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 10000);
    table_text(&b, &sample);
    assert_string_equal(buf_text(&b), "Signs\n"
                                      "周      痕迹  Sunday\n"
                                      "11-17     31  nothing\n"
                                      "11-10  1,044  有痕迹\n"
                                      "           3\n");
}

void test_table__a_wide_one_fits_eighty_columns_and_loses_no_word(void **state)
{
    (void)state;
    static const struct table_column two[] = {{"name", false}, {"votes", true}, {"what", false}};
    static const char *const wide[] = {
        "a", "7,102",
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth last"};
    struct table t = {.caption = NULL, .columns = two, .columns_n = 3, .cells = wide, .rows_n = 1};
    AUTO_BUF struct buf b;
    buf_init(&b, 10000);
    table_text(&b, &t);
    struct span rest = buf_span(&b), line;
    while (rest.n) {
        span_cut(&rest, '\n', &line);
        assert_true(utf8_width(line) <= 80);
        assert_false(span_ends(line, SPAN(" ")));
    }
    assert_true(span_find(buf_span(&b), SPAN("last")) > 0 && span_find(buf_span(&b), SPAN("thirteenth")) > 0);
}

static size_t count(const struct buf *b, const char *what)
{
    size_t n = 0;
    for (const char *at = buf_text(b); (at = strstr(at, what)); at += strlen(what))
        n++;
    return n;
}

void test_table__markup_has_a_scope_on_every_head(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 10000);
    struct html h = {&b};
    table_html(&h, &sample);
    assert_int_equal(count(&b, "<th scope=\"col\""), 3);
    assert_int_equal(count(&b, "<th scope=\"row\""), 3);
    assert_int_equal(count(&b, "<th"), 3 + 3 + 1); /* and <thead> */
    assert_int_equal(count(&b, "<td"), 6);
    assert_int_equal(count(&b, "<caption>Signs</caption>"), 1);
}

void test_table__cells_are_escaped_in_text_and_attribute(void **state)
{
    (void)state;
    static const struct table_column five[] = {
        {"a", false}, {"\"<b>", false}, {"c", true}, {"d", true}, {"e", true}};
    static const char *const row[] = {"<i>", "<u>", "1", "2", "3"};
    struct table t = {.caption = "<caption>", .columns = five, .columns_n = 5, .cells = row, .rows_n = 1};
    AUTO_BUF struct buf b;
    buf_init(&b, 10000);
    struct html h = {&b};
    table_html(&h, &t);
    assert_null(strstr(buf_text(&b), "<i>"));
    assert_null(strstr(buf_text(&b), "<u>"));
    assert_null(strstr(buf_text(&b), "<b>"));
    assert_non_null(strstr(buf_text(&b), "data-head=\"&quot;&lt;b&gt;\""));
}

void test_table__one_without_rows_is_its_head(void **state)
{
    (void)state;
    struct table t = {.caption = NULL, .columns = columns, .columns_n = 3, .cells = NULL, .rows_n = 0};
    AUTO_BUF struct buf b;
    buf_init(&b, 1000);
    table_text(&b, &t);
    assert_string_equal(buf_text(&b), "周  痕迹  Sunday\n");
}
