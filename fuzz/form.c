/* Form fields: encoded again and read again they are the same. First byte: the limit. */
#include "fuzz/fuzz.h"

#include "base/buf.h"
#include "codec/form.h"

#include "base/banned.h"

static void encode(struct buf *b, struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        buf_printf(b, "%%%02X", (unsigned char)s.p[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct arena *AUTO_ARENA arena = arena_new();
    struct span in = {(const char *)data + 1, size - 1};
    size_t most = data[0] * 8u;
    struct err err = {0};
    struct form_field f, again;
    AUTO_BUF struct buf b;
    buf_init(&b, size * 3 + 10);
    while (form_next(&in, arena, most, &f, &err)) {
        must(f.name.n + f.value.n <= most);
        must(f.name.p[f.name.n] == '\0' && f.value.p[f.value.n] == '\0');
        buf_reset(&b);
        encode(&b, f.name);
        buf_add_byte(&b, '=');
        encode(&b, f.value);
        struct span text = buf_span(&b);
        must(form_next(&text, arena, most, &again, &err) && text.n == 0);
        must(span_eq(f.name, again.name) && span_eq(f.value, again.value));
    }
    must(err.code == E_NONE ? in.n == 0 : said(&err));
    return 0;
}
