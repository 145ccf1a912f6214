/* A kept board, which may come from somebody else's backup: whatever JSON it is, it is drawn in every form or
 * refused with one sentence. */
#include "fuzz/fuzz.h"

#include "arena/rank_draw.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *AUTO_ARENA arena = arena_new();
    AUTO_JSON json_t *o = NULL;
    AUTO_BUF struct buf out;
    struct err err = {0};
    struct votes v;
    struct ranking r;
    buf_init(&out, 64 << 20);
    if (!json_read(span_bytes(data, size), 1 << 20, "It", &o, &err) ||
        !rank_from_json(arena, o, &v, &r, &err)) {
        must(said(&err));
        return 0;
    }
    must(r.rated <= r.n && r.nexts <= NEXT_MOST);
    must(rank_text(arena, &v, &r, &out, &err) && rank_csv(&r, &out, &err) && rank_svg(arena, &r, &out, &err));
    return 0;
}
