/* Base64 both ways. A letter's value is a sum over the five ranges of the alphabet, each multiplied by 0 or
 * 1, instead of a look into a table, whose cache line would tell which byte of a key it was. */
#include "codec/b64.h"

#include <stdint.h>

#include "base/banned.h"

/* The two letters that the alphabets differ in. */
static uint32_t letter_62(enum b64_form form)
{
    return form == B64 ? '+' : '-';
}

static uint32_t letter_63(enum b64_form form)
{
    return form == B64 ? '/' : '_';
}

/* 1 when lo <= x <= hi, else 0; all below 2^31. */
static uint32_t within(uint32_t x, uint32_t lo, uint32_t hi)
{
    return ((lo - 1 - x) & (x - hi - 1)) >> 31;
}

static char letter(uint32_t value, enum b64_form form)
{
    uint32_t c = within(value, 0, 25) * ('A' + value) + within(value, 26, 51) * ('a' + value - 26) +
                 within(value, 52, 61) * ('0' + value - 52) + within(value, 62, 62) * letter_62(form) +
                 within(value, 63, 63) * letter_63(form);
    return (char)c;
}

/* The six bits of a letter; 64 when it is none. */
static uint32_t bits_of(char letter, enum b64_form form)
{
    uint32_t c = (unsigned char)letter;
    uint32_t upper = within(c, 'A', 'Z'), lower = within(c, 'a', 'z'), digit = within(c, '0', '9'),
             plus = within(c, letter_62(form), letter_62(form)),
             slash = within(c, letter_63(form), letter_63(form));
    return upper * (c - 'A') + lower * (c - 'a' + 26) + digit * (c - '0' + 52) + plus * 62 + slash * 63 +
           (1 - (upper + lower + digit + plus + slash)) * 64;
}

size_t b64_size(enum b64_form form, size_t n)
{
    size_t rest = n % 3;
    return n / 3 * 4 + (rest == 0 ? 0 : form == B64_URL_BARE ? rest + 1 : 4);
}

void b64_put(char *out, struct span bytes, enum b64_form form)
{
    char *to = out;
    for (size_t i = 0; i < bytes.n; i += 3) {
        size_t have = bytes.n - i < 3 ? bytes.n - i : 3;
        uint32_t three = 0;
        for (size_t k = 0; k < 3; k++)
            three = three << 8 | (k < have ? (unsigned char)bytes.p[i + k] : 0);
        for (size_t k = 0; k < 4; k++) {
            if (k <= have)
                *to++ = letter(three >> (18 - 6 * k) & 63, form);
            else if (form != B64_URL_BARE)
                *to++ = '=';
        }
    }
}

void b64_add(struct buf *out, struct span bytes, enum b64_form form)
{
    char *to = buf_space(out, b64_size(form, bytes.n)); /* at once: growing would leave copies behind */
    if (!to)
        return;
    b64_put(to, bytes, form);
    buf_grew(out, b64_size(form, bytes.n));
}

/* Cut the padding; false when there is not just as much of it as the form wants. */
static bool unpadded(struct span *text, enum b64_form form)
{
    size_t pad = 0;
    if (form != B64_URL_BARE) {
        if (text->n % 4 != 0)
            return false;
        while (pad < 2 && pad < text->n && text->p[text->n - 1 - pad] == '=')
            pad++;
    }
    text->n -= pad;
    return text->n % 4 != 1;
}

bool b64_read(struct span text, enum b64_form form, void *out, size_t most, size_t *n)
{
    if (!unpadded(&text, form) || text.n / 4 * 3 + (text.n % 4 ? text.n % 4 - 1 : 0) > most)
        return false;
    unsigned char *to = out;
    uint32_t bad = 0;
    for (size_t i = 0; i < text.n; i += 4) {
        size_t have = text.n - i < 4 ? text.n - i : 4;
        uint32_t four = 0;
        for (size_t k = 0; k < 4; k++) {
            uint32_t bits = k < have ? bits_of(text.p[i + k], form) : 0;
            bad |= bits >> 6;
            four = four << 6 | (bits & 63);
        }
        for (size_t k = 0; k + 1 < have; k++)
            *to++ = (unsigned char)(four >> (16 - 8 * k));
        bad |= have < 4 ? four & (0xffffffu >> 8 * (have - 1)) : 0; /* unused bits */
    }
    *n = (size_t)(to - (unsigned char *)out);
    return !bad; /* the one thing that shows; whoever branches on it does so outside */
}

bool b64_exact(struct span text, enum b64_form form, void *out, size_t n)
{
    size_t got = 0;
    if (text.n != b64_size(form, n))
        return false;
    bool good = b64_read(text, form, out, n, &got);
    return good & (got == n);
}
