/* The first failure, kept as one sentence. */
#include "base/err.h"

#include <stdio.h>
#include <string.h>

#include "base/words.h"

#include "base/banned.h"

/* Bytes of the UTF-8 sequence at `s` when it may stand in a sentence, else 0. Names from outside may hold
 * anything: line ends and terminal commands (U+0000 to 001F, 007F to 009F), text turned round (U+061C, 200E,
 * 200F, 202A to 202E, 2066 to 2069), separators (U+2028, 2029), and cut or broken sequences. */
static size_t shown(const unsigned char *s)
{
    if (s[0] < 0x80)
        return s[0] >= 0x20 && s[0] != 0x7f;
    size_t n = s[0] >= 0xc2 && s[0] < 0xe0   ? 2
               : s[0] >= 0xe0 && s[0] < 0xf0 ? 3
               : s[0] >= 0xf0 && s[0] < 0xf5 ? 4
                                             : 0;
    unsigned code = n ? s[0] & (0x7fu >> n) : 0;
    for (size_t i = 1; i < n; i++) { /* stops at the NUL at the latest */
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (s[i] & 0x3fu);
    }
    bool overlong = (n == 3 && code < 0x800) || (n == 4 && code < 0x10000);
    bool hidden = code < 0xa0 || code == 0x61c || code == 0x200e || code == 0x200f ||
                  (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    return overlong || hidden || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff ? 0 : n;
}

bool fail(struct err *err, enum err_code code, const char *format, ...)
{
    if (!err || err->code != E_NONE)
        return false;
    err->code = code;
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    for (unsigned char *c = (unsigned char *)err->text; *c;) {
        size_t n = shown(c);
        if (n == 0)
            *c = '?';
        c += n ? n : 1;
    }
    return false;
}

bool fail_memory(struct err *err)
{
    return fail(err, E_MEMORY, "%s", tr("err.memory", "The machine has no memory left for this."));
}

void err_clear(struct err *err)
{
    err->code = E_NONE;
    err->text[0] = '\0';
}

const char *err_system(int number, char *out, unsigned size)
{
    /* strerror would look into the C library's own catalogue, which need not speak the page's language nor
     * in its bytes. */
    const char *words = strerrordesc_np(number);
    if (words)
        snprintf(out, size, "%s", words);
    else
        snprintf(out, size, "Unknown error %d", number);
    return out;
}
