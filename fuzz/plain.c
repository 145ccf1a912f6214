/* Text: what is tidied may be signed and is not tidied again; its size in JSON is what jansson writes. The
 * first byte says whether line ends are allowed. */
#include "fuzz/fuzz.h"

#include "codec/json.h"
#include "codec/plain.h"
#include "codec/utf8.h"

#include "base/banned.h"

static void try_size(struct span text)
{
    AUTO_JSON json_t *o = json_stringn(text.n ? text.p : "", text.n);
    AUTO_BUF struct buf out;
    buf_init(&out, 8 * text.n + 3);
    must(o && json_write(o, &out, NULL) && out.n == plain_json_size(text) + 3);
}

static void try_tidy(struct span text, bool lines, bool good)
{
    struct err err = {0};
    AUTO_BUF struct buf once, twice;
    buf_init(&once, 16 * text.n);
    buf_init(&twice, 16 * text.n);
    if (!plain_tidy(text, lines, &once, &err)) {
        must(said(&err) && once.n == 0 && !good);
        return;
    }
    must(plain_ok(buf_span(&once), lines, &err));
    must(plain_tidy(buf_span(&once), lines, &twice, &err) && span_eq(buf_span(&once), buf_span(&twice)));
    must(span_find(buf_span(&once), SPAN(" \n")) < 0 && span_find(buf_span(&once), SPAN("\n\n\n")) < 0);
    must(!span_ends(buf_span(&once), SPAN(" ")) && !span_ends(buf_span(&once), SPAN("\n")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    bool lines = data[0] & 1;
    struct span text = {(const char *)data + 1, size - 1};
    struct err err = {0};
    bool good = plain_ok(text, lines, &err);
    must(good != said(&err));
    if (good) {
        must(utf8_valid(text) && (lines || !memchr(text.p, '\n', text.n)));
        try_size(text);
    }
    try_tidy(text, lines, good);
    return 0;
}
