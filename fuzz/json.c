/* JSON: what is read and written reads the same and is written the same; getters never give what is not
 * there. */
#include "fuzz/fuzz.h"

#include "codec/json.h"

#include "base/banned.h"

static void look(const json_t *o)
{
    struct err err = {0};
    struct span text;
    int64_t n;
    const json_t *list;
    if (json_get_text(o, "a", 5, &text, &err))
        must(text.n <= 5 && text.p[text.n] == '\0');
    if (json_get_int(o, "a", -7, 7, &n, &err))
        must(n >= -7 && n <= 7);
    if (json_get_array(o, "a", 3, &list, &err))
        must(json_array_size(list) <= 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = {(const char *)data, size};
    struct err err = {0};
    AUTO_JSON json_t *o = NULL, *again = NULL, *shown = json_shown(text);
    must(json_is_string(shown));
    if (!json_read(text, 1 << 20, "The text", &o, &err)) {
        must(!o && said(&err) && err.code != E_MEMORY);
        return 0;
    }
    AUTO_BUF struct buf once, twice;
    buf_init(&once, size * 8 + 100);
    buf_init(&twice, size * 8 + 100);
    must(json_write(o, &once, &err));
    must(memchr(once.p, '\n', once.n) == once.p + once.n - 1);
    must(json_read(buf_span(&once), SIZE_MAX, "The text", &again, &err));
    must(json_equal(o, again));
    must(json_write(again, &twice, &err) && span_eq(buf_span(&once), buf_span(&twice)));
    look(o);
    return 0;
}
