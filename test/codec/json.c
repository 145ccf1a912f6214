/* JSON: strict in, one line out, getters with limits. */
#include "test/test.h"

#include "codec/json.h"

#include "base/banned.h"

static enum err_code code_of(struct span text, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    bool read = json_read(text, 4096, "The file", &o, err);
    assert_int_equal(read, o != NULL);
    return err->code;
}

void test_json__reads_objects_and_lists(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(code_of(SPAN("{\"a\":[1,2.5,\"\\u4f60\",null,true]}\n"), &err), E_NONE);
    assert_int_equal(code_of(SPAN(" [] "), &err), E_NONE);
}

void test_json__refuses_what_is_not_strict(void **state)
{
    (void)state;
    const struct {
        struct span text;
        const char *said;
    } bad[] = {
        {SPAN(""), "The file"},
        {SPAN("{\"a\":1"), "ends too early, on line 1"},
        {SPAN("{\"a\":1,\n\"a\":2}"), "names the same key twice, on line 2"},
        {SPAN("{} x"), "line 1"},
        {SPAN("{\"a\":1,}"), "line 1"},
        {SPAN("[1]\0"), "line 1"},
        {SPAN("\"text\""), "line 1"},
        {SPAN("[\"\xFF\"]"), "not UTF-8"},
        {SPAN("[\"\\u0000\"]"), "line 1"},
        {SPAN("[99999999999999999999]"), "line 1"},
        {SPAN("[NaN]"), "line 1"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err = {0};
        assert_int_equal(code_of(bad[i].text, &err), E_FORMAT);
        assert_non_null(strstr(err.text, bad[i].said));
    }
}

void test_json__refuses_what_is_too_long_or_deep(void **state)
{
    (void)state;
    static char deep[4096], large[4098];
    struct err err = {0};
    memset(deep, '[', sizeof deep);
    assert_int_equal(code_of((struct span){deep, sizeof deep}, &err), E_LIMIT);
    memset(large, ' ', sizeof large);
    err_clear(&err);
    assert_int_equal(code_of((struct span){large, 4097}, &err), E_LIMIT);
}

void test_json__writes_one_line_and_reads_it_back(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, 1000);
    AUTO_JSON json_t *o =
        json_pack("{s:[i,s,b],s:n,s:I}", "list", 1, "Zoë\n“你”", 1, "none", "most", (json_int_t)INT64_MIN);
    assert_ok(json_write(o, &out, &err), &err);
    assert_string_equal(buf_text(&out),
                        "{\"list\":[1,\"Zoë\\n“你”\",true],\"none\":null,\"most\":-9223372036854775808}\n");
    AUTO_JSON json_t *back = NULL;
    assert_ok(json_read(buf_span(&out), 1000, "It", &back, &err), &err);
    assert_true(json_equal(o, back));
}

void test_json__reals_have_as_many_digits_as_a_person_would_write(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, 1000);
    AUTO_JSON json_t *o = json_pack("[f,f,f,f,f]", 59.33, 0.1 + 0.2, 27.0, 1234567.25, -0.5);
    assert_ok(json_write(o, &out, &err), &err);
    assert_string_equal(buf_text(&out), "[59.33,0.3,27.0,1234567.25,-0.5]\n");
}

void test_json__writing_nothing_or_too_much_leaves_the_buffer(void **state)
{
    (void)state;
    AUTO_BUF struct buf out;
    buf_init(&out, 20);
    buf_add_text(&out, "kept");
    struct err err = {0};
    assert_false(json_write(NULL, &out, &err));
    assert_int_equal(err.code, E_MEMORY);
    assert_string_equal(buf_text(&out), "kept");
    AUTO_JSON json_t *o = json_pack("[s,s]", "ten bytes.", "ten bytes.");
    err_clear(&err);
    assert_false(json_write(o, &out, &err));
    assert_int_equal(err.code, E_LIMIT);
    assert_string_equal(buf_text(&out), "kept");
}

void test_json__getters_take_what_fits(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_JSON json_t *o = json_pack("{s:s,s:i,s:[i,i]}", "text", "abc", "n", -5, "list", 1, 2);
    struct span text;
    int64_t n;
    const json_t *list;
    assert_ok(json_get_text(o, "text", 3, &text, &err), &err);
    assert_span(text, "abc");
    assert_ok(json_get_int(o, "n", -5, -5, &n, &err), &err);
    assert_int_equal(n, -5);
    assert_ok(json_get_array(o, "list", 2, &list, &err), &err);
    assert_int_equal(json_array_size(list), 2);
}

#define SAYS(call, expected, said) \
    do { \
        struct err err = {0}; \
        assert_false(call); \
        assert_int_equal(err.code, expected); \
        assert_non_null(strstr(err.text, said)); \
    } while (0)

void test_json__getters_name_what_does_not_fit(void **state)
{
    (void)state;
    AUTO_JSON json_t *o =
        json_pack("{s:s,s:i,s:[i,i],s:f}", "text", "abc", "n", 5, "list", 1, 2, "real", 1.5);
    struct span text;
    int64_t n;
    const json_t *list;
    SAYS(json_get_text(o, "title", 3, &text, &err), E_FORMAT, "“title” is missing");
    SAYS(json_get_text(o, "n", 3, &text, &err), E_FORMAT, "“n” is not a text");
    SAYS(json_get_text(o, "text", 2, &text, &err), E_LIMIT, "“text” is longer than 2");
    SAYS(json_get_int(o, "text", 0, 9, &n, &err), E_FORMAT, "“text” is not a whole number");
    SAYS(json_get_int(o, "real", 0, 9, &n, &err), E_FORMAT, "“real” is not a whole number");
    SAYS(json_get_int(o, "n", 6, 9, &n, &err), E_LIMIT, "“n” does not lie between 6 and 9");
    SAYS(json_get_int(o, "n", 0, 4, &n, &err), E_LIMIT, "“n”");
    SAYS(json_get_array(o, "text", 9, &list, &err), E_FORMAT, "“text” is not a list");
    SAYS(json_get_array(o, "list", 1, &list, &err), E_LIMIT, "“list” has more than 1");
    SAYS(json_get_array(NULL, "list", 1, &list, &err), E_FORMAT, "“list” is missing");
}

void test_json__shown_is_always_a_string(void **state)
{
    (void)state;
    AUTO_JSON json_t *o = json_shown(SPAN("/home/zo\xEB/\n\xE2\x80\xAE你"));
    assert_string_equal(json_string_value(o), "/home/zo\xEF\xBF\xBD/\xEF\xBF\xBD\xEF\xBF\xBD你");
    AUTO_JSON json_t *empty = json_shown((struct span){NULL, 0});
    assert_string_equal(json_string_value(empty), "");
}
