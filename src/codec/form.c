/* Fields of a form, decoded. Stricter than browsers: a percent sign without two hex digits is refused, not
 * taken as it stands. */
#include "codec/form.h"

#include "base/words.h"

#include "base/banned.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Bytes of `s` once decoded; false at a broken %XX. */
static bool decoded_size(struct span s, size_t *out)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++, n++) {
        if (s.p[i] != '%')
            continue;
        if (s.n - i < 3 || hex_value(s.p[i + 1]) < 0 || hex_value(s.p[i + 2]) < 0)
            return false;
        i += 2;
    }
    *out = n;
    return true;
}

/* `n` is the decoded size of `s`. */
static bool decode(struct span s, size_t n, struct arena *arena, struct span *out)
{
    char *p = arena_get(arena, n + 1);
    if (!p)
        return false;
    char *to = p;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '%') {
            *to++ = (char)(hex_value(s.p[i + 1]) << 4 | hex_value(s.p[i + 2]));
            i += 2;
        } else {
            *to++ = s.p[i] == '+' ? ' ' : s.p[i];
        }
    }
    *out = (struct span){p, n};
    return true;
}

bool form_next(struct span *in, struct arena *arena, size_t most, struct form_field *out, struct err *err)
{
    struct span rest = *in, value = {NULL, 0}, name;
    do {
        if (rest.n == 0) {
            *in = rest;
            return false;
        }
        span_cut(&rest, '&', &value);
    } while (value.n == 0);
    span_cut(&value, '=', &name);

    size_t name_n, value_n;
    if (!decoded_size(name, &name_n) || !decoded_size(value, &value_n))
        return fail(err, E_FORMAT,
                    tr("err.codec.form", "The form did not arrive whole. Please send it once more."));
    if (name_n > most || value_n > most - name_n)
        return fail(err, E_LIMIT,
                    tr("err.codec.form_long",
                       "One field of the form is longer than the %zu bytes there is room for."),
                    most);
    struct form_field field;
    if (!decode(name, name_n, arena, &field.name) || !decode(value, value_n, arena, &field.value))
        return fail_memory(err);
    *out = field;
    *in = rest;
    return true;
}

void form_write(struct buf *out, struct span value)
{
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
                     c == '.' || c == '_' || c == '*';
        if (plain)
            buf_add_byte(out, c);
        else if (c == ' ')
            buf_add_byte(out, '+');
        else
            buf_printf(out, "%%%02X", (unsigned char)c);
    }
}
