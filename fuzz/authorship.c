/* Authorship records: those read, written again, are the front of the input. */
#include "fuzz/fuzz.h"

#include "codec/gitlog.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span all = {(const char *)data, size}, in = all;
    struct err err = {0};
    struct git_authorship a;
    AUTO_BUF struct buf b;
    buf_init(&b, size);
    while (authorship_next(&in, &a, &err)) {
        must(inside(a.id, all) && inside(a.name, all) && inside(a.coauthors, all));
        must(a.id.n == 40 || a.id.n == 64);
        buf_add(&b, a.id);
        buf_add_byte(&b, '\0');
        buf_add(&b, a.name);
        buf_add_byte(&b, '\0');
        buf_add(&b, a.coauthors);
        buf_add_byte(&b, '\0');
    }
    must(!b.failed && b.n + in.n == size && span_starts(all, buf_span(&b)));
    must(err.code == E_NONE ? in.n == 0 : said(&err));
    return 0;
}
