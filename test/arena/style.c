/* Counts of layout in Markdown. */
#include "test/test.h"

#include "arena/style.h"

#include "base/banned.h"

void test_style__counts_marks_outside_of_code(void **state)
{
    (void)state;
    struct style_counts c = {0};
    style_count(SPAN("# Head\n####### none\n#none\nsome **bold** and __more__ and ** not\n - item\n12. "
                     "item\n* item\n1.none\n"
                     "```c\n# not a head\n- no item **no**\n```\nend"),
                &c);
    assert_true(c.headers == 1);
    assert_true(c.lists == 3);
    assert_true(c.bold == 2);
    assert_true(c.length == 2 + 2 + 1 + 7 + 2 + 2 + 2 + 1 + 1);
}

void test_style__features_are_between_minus_one_and_one(void **state)
{
    (void)state;
    struct style_counts a = {100, 0, 3, 1}, b = {50, 0, 0, 1};
    float f[4];
    style_compare(&a, &b, f);
    assert_true(f[0] == (float)(50.0 / 151) && f[1] == 0 && f[2] == 0.75f && f[3] == 0);
}
