/* Unicode by utf8proc. Bytes that are no UTF-8 are taken one at a time and stand for U+FFFD. */
#include "codec/utf8.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "codec/eight.h"

#include "base/banned.h"

enum { REPLACEMENT = 0xFFFD };

int32_t utf8_next(struct span *s)
{
    utf8proc_int32_t code;
    utf8proc_ssize_t most = s->n > 4 ? 4 : (utf8proc_ssize_t)s->n;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s->p, most, &code);
    *s = span_from(*s, n > 0 ? (size_t)n : 1);
    return n > 0 ? code : -1;
}

bool utf8_valid(struct span s)
{
    while (s.n)
        if (utf8_next(&s) < 0)
            return false;
    return true;
}

/* Variation selectors choose between the forms of the character before them ("❤" and "❤️") and are
 * harmless. */
static bool selects_form(utf8proc_int32_t code)
{
    return (code >= 0xFE00 && code <= 0xFE0F) || (code >= 0xE0100 && code <= 0xE01EF);
}

/* Nothing that breaks a line, turns the text round, or hides: controls, format characters (those that are
 * seen, as Arabic number signs, apart), and what Unicode calls default ignorable. */
static bool may_show(utf8proc_int32_t code)
{
    const utf8proc_property_t *p = utf8proc_get_property(code);
    switch (p->category) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return false;
    case UTF8PROC_CATEGORY_CF:
        return p->boundclass == UTF8PROC_BOUNDCLASS_PREPEND;
    default:
        return !p->ignorable || selects_form(code);
    }
}

void utf8_clean(struct buf *out, struct span s)
{
    while (s.n) {
        struct span run = s; /* what can be copied as it stands */
        size_t good = 0;
        bool shown = true;
        while (s.n) {
            utf8proc_int32_t code = utf8_next(&s);
            shown = code >= 0 && may_show(code);
            if (!shown)
                break;
            good = run.n - s.n;
        }
        buf_add(out, span_first(run, good));
        if (!shown)
            buf_add(out, SPAN("\xEF\xBF\xBD"));
    }
}

static size_t columns_of(utf8proc_int32_t code)
{
    int n = code < 0 ? 1 : utf8proc_charwidth(code);
    return n > 0 ? (size_t)n : 0;
}

size_t utf8_width(struct span s)
{
    size_t width = 0;
    while (s.n)
        width += columns_of(utf8_next(&s));
    return width;
}

struct span utf8_front(struct span s, size_t columns)
{
    struct span rest = s;
    size_t fits = 0, width = 0;
    utf8proc_int32_t before = -1, state = 0;
    while (rest.n) {
        size_t at = s.n - rest.n;
        utf8proc_int32_t code = utf8_next(&rest), shown = code < 0 ? REPLACEMENT : code;
        if (at > 0 && utf8proc_grapheme_break_stateful(before, shown, &state))
            fits = at; /* the clusters before this one are within the columns */
        width += columns_of(code);
        if (width > columns)
            return span_first(s, fits);
        before = shown;
    }
    return s;
}

size_t utf8_length(struct span s)
{
    size_t n = 0;
    for (; s.n; n++)
        utf8_next(&s);
    return n;
}

static void fold_run(struct buf *out, struct span s)
{
    enum {
        FORM = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE |
               UTF8PROC_STRIPMARK
    };
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t n =
        utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, &folded, (utf8proc_option_t)FORM);
    if (n >= 0)
        buf_add(out, span_bytes(folded, (size_t)n));
    else
        out->failed = true;
    free(folded);
}

/* To the first byte that is not ASCII; how far that was. */
static size_t fold_ascii(struct buf *out, struct span s)
{
    size_t n = 0;
    while (n + 8 <= s.n && !(eight_load(s.p + n) & EIGHT_HIGHS))
        n += 8;
    while (n < s.n && (uint8_t)s.p[n] < 0x80)
        n++;
    char *to = buf_space(out, n);
    if (!to)
        return 0;
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        eight_store(to + i, eight_lower(eight_load(s.p + i)));
    for (; i < n; i++)
        to[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + 32 : s.p[i]);
    buf_grew(out, n);
    return n;
}

/* ASCII is copied, so that a text with one accent costs little: of a letter and its combining mark, the mark
 * alone is folded, to nothing. */
void utf8_fold(struct buf *out, struct span s)
{
    while (s.n) {
        size_t good = 0;
        s = span_from(s, fold_ascii(out, s));
        if (out->failed)
            return;
        struct span run = s;
        while (s.n && (uint8_t)*s.p >= 0x80 && utf8_next(&s) >= 0)
            good = run.n - s.n;
        if (good)
            fold_run(out, span_first(run, good));
        if (good < run.n - s.n)
            buf_add_byte(out, ' ');
    }
}

static bool within(int32_t code, int32_t from, int32_t to)
{
    return code >= from && code <= to;
}

enum utf8_kind utf8_kind(int32_t code)
{
    switch (code < 0 ? UTF8PROC_CATEGORY_CN : utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        break;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return UTF8_DIGIT;
    default:
        return UTF8_OTHER;
    }
    bool cjk = within(code, 0x2E80, 0x9FFF) || within(code, 0xAC00, 0xD7AF) || within(code, 0xF900, 0xFAFF) ||
               within(code, 0x20000, 0x3FFFF);
    return cjk ? UTF8_CJK : UTF8_LETTER;
}
