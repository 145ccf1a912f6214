/* The small readers, in an order the input chooses: a reader that fails moves nothing, one that succeeds
 * moves on inside the input. */
#include "fuzz/fuzz.h"

#include "codec/scan.h"

#include "base/banned.h"

/* Run reader `op` with limit `k`; *out is what it gave, if anything. A result past its limit is called a
 * failure, which has moved: the caller sees that. */
static bool step(struct span *in, unsigned op, unsigned k, struct span *out)
{
    uint64_t u = 0;
    int64_t i = 0;
    switch (op) {
    case 0:
        return scan_byte(in, (char)k);
    case 1:
        return scan_lit(in, SPAN("commit "));
    case 2:
        return scan_word(in, out, k) && out->n >= 1 && out->n <= k;
    case 3:
        return scan_until(in, ' ', out, k) && out->n <= k;
    case 4:
        return scan_hex(in, out, k / 2, k) && out->n >= k / 2 && out->n <= k;
    case 5:
        return scan_u64(in, &u, k) && u <= k;
    case 6:
        return scan_u64(in, &u, UINT64_MAX);
    default:
        return scan_i64(in, &i);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    size_t steps = data[0] % 16u * 2;
    if (size < 1 + steps)
        return 0;
    struct span all = {(const char *)data + 1 + steps, size - 1 - steps}, in = all;
    for (size_t s = 0; s < steps; s += 2) {
        struct span before = in, out = {NULL, 0};
        bool moved = step(&in, data[1 + s] % 8u, data[2 + s], &out);
        must(inside(in, all) && inside(out, all) && in.n <= before.n);
        must(moved || (in.n == before.n && in.p == before.p));
        must(scan_end(&in) == (in.n == 0));
        must(in.n == 0 || in.p + in.n == all.p + all.n);
    }
    return 0;
}
