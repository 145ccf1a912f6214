/* Unicode: what was cleaned is valid and stays as it is; fronts fit and are fronts. First byte: columns. */
#include "fuzz/fuzz.h"

#include "codec/utf8.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct span s = {(const char *)data + 1, size - 1};
    AUTO_BUF struct buf clean, again;
    buf_init(&clean, size * 3);
    buf_init(&again, size * 3);
    utf8_clean(&clean, s);
    must(!clean.failed && utf8_valid(buf_span(&clean)));
    must(utf8_length(buf_span(&clean)) == utf8_length(s));
    for (size_t i = 0; i < clean.n; i++)
        must((unsigned char)clean.p[i] >= 0x20 && clean.p[i] != 0x7f);
    utf8_clean(&again, buf_span(&clean));
    must(span_eq(buf_span(&clean), buf_span(&again)));

    size_t columns = data[0], width = utf8_width(s);
    struct span front = utf8_front(s, columns);
    must(front.n <= s.n && (front.n == 0 || front.p == s.p) && utf8_width(front) <= columns);
    must(width > columns || front.n == s.n);
    must(!utf8_valid(s) || utf8_valid(front));
    must(utf8_front(s, width).n == s.n);
    must(utf8_length(s) <= s.n);

    struct err err = {0}; /* a sentence about any name is valid text on one line */
    fail(&err, E_FORMAT, "“%.*s” is odd.", SPAN_ARG(s));
    must(said(&err) && utf8_valid(span_of(err.text)));
    return 0;
}
