/* TeX to plain text: no command and no brace is left, and the text does not grow without bound. */
#include "fuzz/fuzz.h"

#include "codec/tex.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 8 * size + 16);
    tex_plain(&out, (struct span){(const char *)data, size});
    must(!out.failed);
    return 0;
}
