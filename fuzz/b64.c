/* Base64: what is taken is written again as the same letters, in each form, and the limit holds. */
#include "fuzz/fuzz.h"

#include "base/mem.h"
#include "codec/b64.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = {(const char *)data, size};
    AUTO_BUF struct buf again;
    buf_init(&again, size * 2 + 8);
    char *bytes = mem_get(size + 1);
    must(bytes);
    for (enum b64_form form = B64; form <= B64_URL_BARE; form++) {
        size_t n = 0, most = size;
        if (b64_read(text, form, bytes, most, &n)) {
            must(n <= size && b64_size(form, n) == size);
            buf_reset(&again);
            b64_add(&again, (struct span){bytes, n}, form);
            must(span_eq(buf_span(&again), text));
            must(b64_exact(text, form, bytes, n) && (n == 0 || !b64_read(text, form, bytes, n - 1, &n)));
        }
        buf_reset(&again);
        b64_add(&again, text, form); /* any bytes come back */
        struct span letters = buf_span(&again);
        char *back = mem_get(size + 1);
        must(back && b64_exact(letters, form, back, size) && memcmp(back, data, size) == 0);
        mem_free(back);
    }
    mem_free(bytes);
    return 0;
}
