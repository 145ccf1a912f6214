/* Markup with every value escaped, the same way for text and for attributes in double or single quotes. */
#include "ui/html.h"

#include <math.h>

#include "codec/utf8.h"

#include "base/banned.h"

static const char *escaped(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* Well-formed text: runs without a special byte are copied whole. */
static void add_valid(struct buf *out, struct span s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        const char *instead = escaped(s.p[i]);
        if (!instead)
            continue;
        buf_add(out, (struct span){s.p + from, i - from});
        buf_add_text(out, instead);
        from = i + 1;
    }
    buf_add(out, span_from(s, from));
}

/* The length of the well-formed character at the front, or 0. */
static size_t character(struct span s)
{
    for (size_t n = 1; n <= 4 && n <= s.n; n++)
        if (utf8_valid(span_first(s, n)))
            return n;
    return 0;
}

void html_span(struct html *h, struct span text)
{
    if (utf8_valid(text)) {
        add_valid(h->out, text);
        return;
    }
    while (text.n) {
        size_t n = character(text);
        if (n)
            add_valid(h->out, span_first(text, n));
        else
            buf_add(h->out, SPAN("\xEF\xBF\xBD"));
        text = span_from(text, n ? n : 1);
    }
}

void html_text(struct html *h, const char *text)
{
    html_span(h, span_of(text));
}

void html_int(struct html *h, int64_t n)
{
    buf_printf(h->out, "%lld", (long long)n);
}

void html_fixed(struct html *h, double x, int decimals)
{
    if (!isfinite(x) || fabs(x) < 0.5 * pow(10, -decimals))
        x = 0; /* no "-0.0", no "nan" in a drawing */
    buf_printf(h->out, "%.*f", decimals, x);
}

void html_fill(struct html *h, const char *pattern, const struct arg *args)
{
    struct span rest = span_of(pattern);
    for (struct piece piece; words_next(&rest, &piece);) {
        const char *value = piece.is_name ? words_arg(args, piece.text) : NULL;
        if (value) {
            html_text(h, value);
        } else if (piece.is_name) {
            html_raw(h, "{");
            html_span(h, piece.text);
            html_raw(h, "}");
        } else {
            html_span(h, piece.text);
        }
    }
}
