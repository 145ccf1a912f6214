/* Length-prefixed bytes, in an order the input chooses: a reader that fails moves nothing, one that succeeds
 * moves on inside the input, and what it gave is written again as the same bytes. */
#include "fuzz/fuzz.h"

#include "codec/scan.h"
#include "codec/wire.h"

#include "base/banned.h"

/* Run reader `op`; write what it gave to `again`. `loose`: several forms mean the same. */
static bool step(struct span *in, unsigned op, struct buf *again, struct span *part, bool *loose)
{
    uint8_t a = 0;
    uint16_t b = 0;
    uint64_t c = 0;
    bool done = false;
    switch (op) {
    case 0:
        done = wire_u8(in, &a);
        wire_put_u8(again, a);
        break;
    case 1:
        done = wire_u16(in, &b);
        wire_put_u16(again, b);
        break;
    case 2:
        done = wire_u64(in, &c);
        wire_put_u64(again, c);
        break;
    case 3:
        done = wire_varint(in, &c);
        wire_put_varint(again, c);
        *loose = true;
        break;
    case 4:
    case 5:
    case 6:
        done = wire_block(in, op - 4, part);
        wire_put_block(again, op - 4, *part);
        *loose = op - 4 == WIRE_VARINT;
        break;
    default:
        done = wire_take(in, op, part);
        buf_add(again, *part);
    }
    return done;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size < 1 + data[0] % 16u)
        return 0;
    size_t steps = data[0] % 16u;
    struct span all = {(const char *)data + 1 + steps, size - 1 - steps}, in = all;
    AUTO_BUF struct buf again;
    buf_init(&again, size + 16);
    for (size_t s = 0; s < steps; s++) {
        struct span before = in, part = {NULL, 0};
        bool loose = false;
        buf_reset(&again);
        if (!step(&in, data[1 + s] % 12u, &again, &part, &loose)) {
            must(in.n == before.n && in.p == before.p && part.n == 0);
            continue;
        }
        struct span read = span_first(before, before.n - in.n);
        must(in.n <= before.n && inside(in, all) && inside(part, read) && !again.failed);
        must(loose ? again.n <= read.n : span_eq(buf_span(&again), read));
        must(scan_end(&in) == (in.n == 0));
    }
    return 0;
}
