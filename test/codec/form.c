/* Form fields, good and broken. */
#include "test/test.h"

#include "codec/form.h"

#include "base/banned.h"

void test_form__fields_are_decoded(void **state)
{
    (void)state;
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct span in = SPAN("a=1&&text=two+words%21&empty=&bare&=x&e=a=b&%E4%BD%A0=%00%2B%2b+&"),
                parts[] = {SPAN("a"), SPAN("1"),    SPAN("text"), SPAN("two words!"), SPAN("empty"),
                           SPAN(""),  SPAN("bare"), SPAN(""),     SPAN(""),           SPAN("x"),
                           SPAN("e"), SPAN("a=b"),  SPAN("你"),   SPAN("\0++ ")};
    struct form_field f;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i += 2) {
        assert_ok(form_next(&in, arena, 100, &f, &err), &err);
        assert_true(span_eq(f.name, parts[i]));
        assert_true(span_eq(f.value, parts[i + 1]));
        assert_int_equal(f.value.p[f.value.n], '\0');
    }
    assert_false(form_next(&in, arena, 100, &f, &err));
    assert_int_equal(err.code, E_NONE);
    assert_int_equal(in.n, 0);
}

static enum err_code code_of(const char *text, size_t most)
{
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct span in = span_of(text);
    struct form_field f;
    while (form_next(&in, arena, most, &f, &err))
        ;
    return err.code;
}

void test_form__broken_escapes_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"a=%",   "a=%4",        "a=%4&b=1", "%zz=1", "a=%g0",
                                      "a=%0g", "ok=1&a=%%41", "a=% 1",    "a=%+1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(code_of(bad[i], 100), E_FORMAT);
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct span cut = span_first(SPAN("a=%41"), 4); /* the digit behind the end is not of the form */
    struct form_field f;
    assert_false(form_next(&cut, arena, 100, &f, &err));
    assert_int_equal(err.code, E_FORMAT);
    assert_int_equal(code_of("a=%41%fF", 100), E_NONE);
    assert_int_equal(code_of("", 100), E_NONE);
    assert_int_equal(code_of("&&&", 100), E_NONE);
}

void test_form__a_field_has_a_limit_once_decoded(void **state)
{
    (void)state;
    assert_int_equal(code_of("ab=%41%42", 4), E_NONE);
    assert_int_equal(code_of("ab=%41%42", 3), E_LIMIT);
    assert_int_equal(code_of("abcd", 3), E_LIMIT);
}
