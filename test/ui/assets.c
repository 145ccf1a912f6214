/* What is embedded is what stands in the tree. */
#include "test/test.h"

#include "base/buf.h"
#include "io/file.h"
#include "ui/assets.h"

#include "base/banned.h"

void test_assets__each_is_its_file_byte_for_byte(void **state)
{
    (void)state;
    static const char *const files[][2] = {
        {"theme.css", "web/theme.css"},       {"keys.js", "web/keys.js"},
        {"icon.svg", "web/icon.svg"},         {"crisis.json", "data/crisis.json"},
        {"bots.txt", "data/bots.txt"},        {"agents.txt", "data/agents.txt"},
        {"names.txt", "data/names.txt"},      {"words.en.txt", "data/words.en.txt"},
        {"words.zh.txt", "data/words.zh.txt"}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const struct asset *a = asset_find(span_of(files[i][0]));
        struct err err = {0};
        char path[600];
        AUTO_BUF struct buf b;
        buf_init(&b, 1 << 20);
        snprintf(path, sizeof path, "%s/../../%s", TEST_DATA, files[i][1]);
        assert_non_null(a);
        assert_ok(file_read(path, &b, &err), &err);
        assert_true(b.n > 0 && span_eq(a->bytes, buf_span(&b)));
        assert_non_null(strchr(a->type, '/'));
    }
}

void test_assets__there_is_no_other(void **state)
{
    (void)state;
    assert_null(asset_find(SPAN("")));
    assert_null(asset_find(SPAN("theme.cs")));
    assert_null(asset_find(SPAN("../web/theme.css")));
}

void test_assets__the_style_sheet_asks_for_nothing_from_elsewhere(void **state)
{
    (void)state;
    const struct asset *css = asset_find(SPAN("theme.css")), *js = asset_find(SPAN("keys.js"));
    assert_true(span_find(css->bytes, SPAN("url(")) < 0 && span_find(css->bytes, SPAN("@import")) < 0);
    assert_true(span_find(css->bytes, SPAN("gradient")) < 0 && span_find(css->bytes, SPAN("shadow")) < 0);
    assert_true(span_find(js->bytes, SPAN("innerHTML")) < 0 && span_find(js->bytes, SPAN("fetch(")) < 0);
    assert_true(span_starts(css->bytes, SPAN(":root{color-scheme:light dark;")));
}
