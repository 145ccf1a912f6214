/* A scanner of JSON. A string is passed over by its quotes and backslashes, a list or an object by its
 * brackets. */
#include "codec/json_scan.h"

#include <math.h>
#include <stdlib.h>

#include "codec/scan.h"

#include "base/banned.h"

enum { DEEPEST = 64 };

bool json_cut_next(struct json_cut *cut, struct span text, size_t *n)
{
    for (; cut->at < text.n; cut->at++) {
        char c = text.p[cut->at];
        if (cut->string) {
            if (cut->escaped)
                cut->escaped = false;
            else if (c == '\\')
                cut->escaped = true;
            else if (c == '"')
                cut->string = false;
            continue;
        }
        if (c == '"')
            cut->string = true;
        else if (c == '{' || c == '[')
            cut->depth++;
        else if ((c == '}' || c == ']') && --cut->depth == 0) {
            *n = ++cut->at;
            return true;
        }
    }
    return false;
}

void json_blank(struct span *in)
{
    while (in->n && (in->p[0] == ' ' || in->p[0] == '\n' || in->p[0] == '\r' || in->p[0] == '\t'))
        *in = span_from(*in, 1);
}

/* The length of the string that begins at s.p[0], with its quotes; 0 when it breaks off. */
static size_t string_length(struct span s)
{
    for (size_t i = 1; i < s.n; i++) {
        if (s.p[i] == '"')
            return i + 1;
        i += s.p[i] == '\\';
    }
    return 0;
}

static size_t nest_length(struct span s)
{
    char open[DEEPEST];
    size_t deep = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '"') {
            size_t n = string_length(span_from(s, i));
            if (n == 0)
                return 0;
            i += n - 1;
        } else if (c == '{' || c == '[') {
            if (deep == DEEPEST)
                return 0;
            open[deep++] = c;
        } else if (c == '}' || c == ']') {
            if (open[deep - 1] != (c == '}' ? '{' : '['))
                return 0;
            if (--deep == 0)
                return i + 1;
        }
    }
    return 0;
}

bool json_value(struct span *in, struct span *value)
{
    size_t n = 0;
    json_blank(in);
    if (in->n == 0)
        return false;
    if (in->p[0] == '"')
        n = string_length(*in);
    else if (in->p[0] == '{' || in->p[0] == '[')
        n = nest_length(*in);
    else
        while (n < in->n && !strchr(",]}: \t\r\n", in->p[n]))
            n++;
    if (n == 0)
        return false;
    *value = span_first(*in, n);
    *in = span_from(*in, n);
    return true;
}

/* Past the opening bracket or a comma, or to the end. Tells whether something follows. */
static bool next(struct span *in, char open, char close, bool *bad)
{
    *bad = false;
    bool first = scan_byte(in, open);
    json_blank(in);
    if (scan_byte(in, close))
        return false;
    if (first)
        return true;
    *bad = !scan_byte(in, ',');
    json_blank(in);
    *bad = *bad || (in->n && in->p[0] == close);
    return !*bad;
}

bool json_member(struct span *in, struct span *key, struct span *value, bool *bad)
{
    if (!next(in, '{', '}', bad))
        return false;
    struct span quoted;
    *bad = !json_value(in, &quoted) || quoted.p[0] != '"';
    json_blank(in);
    *bad = *bad || !scan_byte(in, ':') || !json_value(in, value);
    if (!*bad)
        *key = span_first(span_from(quoted, 1), quoted.n - 2);
    return !*bad;
}

bool json_element(struct span *in, struct span *value, bool *bad)
{
    if (!next(in, '[', ']', bad))
        return false;
    *bad = !json_value(in, value);
    return !*bad;
}

bool json_find(struct span object, const char *key, struct span *value)
{
    struct span name;
    bool bad;
    if (object.n == 0 || object.p[0] != '{')
        return false;
    while (json_member(&object, &name, value, &bad))
        if (span_is(name, key))
            return true;
    return false;
}

static void add_code_point(struct buf *out, uint32_t c)
{
    if (c < 0x80) {
        buf_add_byte(out, (char)c);
        return;
    }
    if (c < 0x800)
        buf_add_byte(out, (char)(0xc0 | c >> 6));
    else {
        if (c < 0x10000)
            buf_add_byte(out, (char)(0xe0 | c >> 12));
        else {
            buf_add_byte(out, (char)(0xf0 | c >> 18));
            buf_add_byte(out, (char)(0x80 | (c >> 12 & 0x3f)));
        }
        buf_add_byte(out, (char)(0x80 | (c >> 6 & 0x3f)));
    }
    buf_add_byte(out, (char)(0x80 | (c & 0x3f)));
}

static bool hex4(struct span *in, uint32_t *out)
{
    if (in->n < 4)
        return false;
    *out = 0;
    for (int i = 0; i < 4; i++) {
        char c = in->p[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return false;
        *out = *out << 4 | (uint32_t)digit;
    }
    *in = span_from(*in, 4);
    return true;
}

static bool unicode(struct span *in, struct buf *out)
{
    uint32_t c, low;
    if (!hex4(in, &c))
        return false;
    if (c >= 0xd800 && c < 0xdc00 && span_starts(*in, SPAN("\\u"))) {
        struct span after = span_from(*in, 2);
        if (hex4(&after, &low) && low >= 0xdc00 && low < 0xe000) {
            *in = after;
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        }
    }
    add_code_point(out, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
    return true;
}

bool json_text(struct span value, struct buf *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (value.n < 2 || value.p[0] != '"')
        return false;
    struct span in = span_first(span_from(value, 1), value.n - 2), plain;
    while (in.n) {
        if (!memchr(in.p, '\\', in.n)) {
            buf_add(out, in);
            break;
        }
        span_cut(&in, '\\', &plain);
        buf_add(out, plain);
        if (in.n == 0)
            return false;
        char c = in.p[0];
        in = span_from(in, 1);
        const char *at = memchr(from, c, sizeof from - 1);
        if (at)
            buf_add_byte(out, to[at - from]);
        else if (c != 'u' || !unicode(&in, out))
            return false;
    }
    return !out->failed;
}

bool json_number(struct span value, double *out)
{
    char copy[64], *end;
    if (value.n == 0 || value.n >= sizeof copy ||
        !(value.p[0] == '-' || (value.p[0] >= '0' && value.p[0] <= '9')))
        return false;
    memcpy(copy, value.p, value.n);
    copy[value.n] = '\0';
    double x = strtod(copy, &end);
    if (*end != '\0' || !isfinite(x))
        return false;
    *out = x;
    return true;
}

bool json_int(struct span value, int64_t *out)
{
    int64_t x;
    if (!scan_i64(&value, &x) || !scan_end(&value))
        return false;
    *out = x;
    return true;
}

bool json_bool(struct span value, bool *out)
{
    if (!span_is(value, "true") && !span_is(value, "false"))
        return false;
    *out = value.p[0] == 't';
    return true;
}
