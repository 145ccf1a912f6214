/* The list of worktrees: it ends, and what it gives lies inside it; written again, it reads the same. */
#include "fuzz/fuzz.h"

#include "codec/gitlog.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span all = {(const char *)data, size}, in = all;
    struct git_worktree w, again;
    AUTO_BUF struct buf b;
    buf_init(&b, size + 200);
    for (size_t left = in.n + 1; worktree_next(&in, &w); left = in.n) {
        must(in.n < left);
        must(w.path.n > 0 && inside(w.path, all) && inside(w.head, all));
        must(w.head.n == 0 || w.head.n == 40 || w.head.n == 64);
        must(!memchr(w.path.p, '\0', w.path.n));
        buf_reset(&b);
        buf_add_text(&b, "worktree ");
        buf_add(&b, w.path);
        buf_add_byte(&b, '\0');
        buf_add_text(&b, "HEAD ");
        buf_add(&b, w.head);
        buf_add_byte(&b, '\0');
        buf_add(&b, w.bare ? SPAN("bare\0\0") : SPAN("\0"));
        struct span one = buf_span(&b);
        must(worktree_next(&one, &again) && one.n == 0);
        must(span_eq(w.path, again.path) && span_eq(w.head, again.head) && w.bare == again.bare);
    }
    must(in.n == 0);
    return 0;
}
