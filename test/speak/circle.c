/* speak/circle.c: acts of circles as they are written and read. */
#include "test/test.h"

#include <stdlib.h>

#include "anon/epoch.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "speak/circle.h"

#include "base/banned.h"

static struct circle_act act_of(enum circle_kind kind)
{
    return (struct circle_act){.kind = kind,
                               .circle = {1},
                               .box_pk = {2},
                               .about = {3},
                               .yes = true,
                               .week = epoch_of(1795651200),
                               .theme = SPAN("first paper rejected"),
                               .line = SPAN("第一篇被拒")};
}

void test_circle__each_kind_is_read_as_it_was_written(void **state)
{
    (void)state;
    for (int k = 0; k < CIRCLE_KINDS; k++) {
        struct err err = {0};
        struct circle_act read, a = act_of((enum circle_kind)k);
        AUTO_JSON json_t *o = circle_act_write(&a);
        assert_non_null(o);
        assert_ok(circle_act_read((enum circle_kind)k, o, &read, &err), &err);
        AUTO_JSON json_t *again = circle_act_write(&read);
        assert_true(json_equal(o, again));
        assert_int_equal(circle_kind_of(span_of(circle_kind_name((enum circle_kind)k))), k);
    }
    assert_int_equal(circle_kind_of(SPAN("thread")), CIRCLE_KINDS);
}

/* One member less, one more, one of another form: refused, in a sentence. */
void test_circle__what_is_not_of_its_form_is_refused(void **state)
{
    (void)state;
    for (int k = 0; k < CIRCLE_KINDS; k++) {
        struct circle_act read, a = act_of((enum circle_kind)k);
        AUTO_JSON json_t *o = circle_act_write(&a);
        AUTO_JSON json_t *names = json_object();
        const char *key;
        json_t *v;
        json_object_foreach(o, key, v)
        {
            json_object_set(names, key, v);
        }
        json_object_foreach(names, key, v)
        {
            struct err err = {0};
            AUTO_JSON json_t *less = json_deep_copy(o), *other = json_deep_copy(o);
            json_object_del(less, key);
            json_object_set_new(other, key, json_integer(7));
            assert_false(circle_act_read((enum circle_kind)k, less, &read, &err));
            assert_true(*err.text);
            err_clear(&err);
            assert_false(circle_act_read((enum circle_kind)k, other, &read, &err));
            assert_true(*err.text);
        }
        struct err err = {0};
        json_object_set_new(o, "name", json_string("Ana"));
        assert_false(circle_act_read((enum circle_kind)k, o, &read, &err));
    }
}

static bool theme(struct span text, struct span line)
{
    struct err err = {0};
    struct circle_act read, a = act_of(CIRCLE_OPEN);
    a.theme = text;
    a.line = line;
    AUTO_JSON json_t *o = circle_act_write(&a);
    return o && circle_act_read(CIRCLE_OPEN, o, &read, &err);
}

void test_circle__a_theme_is_a_few_plain_words(void **state)
{
    (void)state;
    char many[CIRCLE_LINE + 2];
    memset(many, 'x', sizeof many);
    assert_true(theme((struct span){many, CIRCLE_THEME}, (struct span){many, CIRCLE_LINE}));
    assert_false(theme((struct span){many, CIRCLE_THEME + 1}, SPAN("")));
    assert_false(theme(SPAN("x"), (struct span){many, CIRCLE_LINE + 1}));
    assert_false(theme(SPAN(""), SPAN("")));
    assert_false(theme(SPAN(" x"), SPAN("")));
    assert_false(theme(SPAN("a\nb"), SPAN("")));
    assert_false(theme(SPAN("a\u202eb"), SPAN("")));
    assert_false(theme(SPAN("x"), SPAN("zero\u200bwidth")));
    assert_true(theme(SPAN("想离开"), SPAN("")));
}
