/* .mailmap: it ends, and what it gives lies inside it; written again, it reads the same. */
#include "fuzz/fuzz.h"

#include "base/buf.h"
#include "codec/mailmap.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span all = {(const char *)data, size}, in = all;
    struct mailmap_line l, again;
    AUTO_BUF struct buf b;
    buf_init(&b, size + 64);
    for (size_t left = in.n + 1; mailmap_next(&in, &l); left = in.n) {
        must(in.n < left);
        must(l.proper.n > 0 && inside(l.proper, all) && inside(l.commit, all));
        must(!l.proper.n || !memchr(l.proper.p, '>', l.proper.n));
        buf_reset(&b);
        buf_add_byte(&b, '<');
        buf_add(&b, l.proper);
        buf_add(&b, SPAN("> <"));
        buf_add(&b, l.commit);
        buf_add(&b, SPAN(">\n"));
        struct span one = buf_span(&b);
        must(mailmap_next(&one, &again) && one.n == 0);
        must(span_eq(l.proper, again.proper) && span_eq(l.commit, again.commit));
    }
    return 0;
}
