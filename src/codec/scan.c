/* Small readers of hostile bytes: the words every grammar here is written in. */
#include "codec/scan.h"

#include "base/ckd.h"

#include "base/banned.h"

static bool white(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Take the first `n` bytes of *in into *out. */
static bool take(struct span *in, size_t n, struct span *out)
{
    *out = span_first(*in, n);
    *in = span_from(*in, n);
    return true;
}

bool scan_byte(struct span *in, char c)
{
    struct span taken;
    return in->n > 0 && in->p[0] == c && take(in, 1, &taken);
}

bool scan_lit(struct span *in, struct span literal)
{
    struct span taken;
    return span_starts(*in, literal) && take(in, literal.n, &taken);
}

bool scan_word(struct span *in, struct span *out, size_t most)
{
    size_t n = 0;
    while (n < in->n && n <= most && !white(in->p[n]))
        n++;
    return n > 0 && n <= most && take(in, n, out);
}

bool scan_until(struct span *in, char stop, struct span *out, size_t most)
{
    size_t look = most < in->n ? most + 1 : in->n;
    const char *at = look ? memchr(in->p, stop, look) : NULL;
    if (!at)
        return false;
    struct span head = {in->p, (size_t)(at - in->p)};
    *in = span_from(*in, head.n + 1);
    *out = head;
    return true;
}

bool scan_hex(struct span *in, struct span *out, size_t least, size_t most)
{
    size_t n = 0;
    while (n < in->n && n <= most && (digit(in->p[n]) || (in->p[n] >= 'a' && in->p[n] <= 'f')))
        n++;
    return n >= least && n <= most && take(in, n, out);
}

/* The digits at the front of `s`: their value and how many they are; 0 when there are none or the value
 * passes 2^64-1. */
static size_t number(struct span s, uint64_t *out)
{
    uint64_t value = 0;
    size_t n = 0;
    for (; n < s.n && digit(s.p[n]); n++)
        if (ckd_mul(&value, value, 10u) || ckd_add(&value, value, (uint64_t)(s.p[n] - '0')))
            return 0;
    *out = value;
    return n;
}

bool scan_u64(struct span *in, uint64_t *out, uint64_t most)
{
    uint64_t value = 0;
    size_t n = number(*in, &value);
    if (n == 0 || value > most)
        return false;
    *in = span_from(*in, n);
    *out = value;
    return true;
}

bool scan_i64(struct span *in, int64_t *out)
{
    struct span s = *in;
    uint64_t value = 0;
    bool minus = scan_byte(&s, '-');
    if (!scan_u64(&s, &value, (uint64_t)INT64_MAX + minus))
        return false;
    *out = minus ? -(int64_t)(value / 2) - (int64_t)(value - value / 2) : (int64_t)value;
    *in = s;
    return true;
}

bool scan_end(const struct span *in)
{
    return in->n == 0;
}
