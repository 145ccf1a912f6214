/* BibTeX by its grammar. An entry that breaks is left at the next "@" that begins a line. */
#include "codec/bibtex.h"

#include <string.h>

#include "base/vec.h"
#include "base/words.h"

#include "base/banned.h"

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* What a name is made of: nothing that the grammar uses. */
static bool is_name(char c)
{
    return (uint8_t)c > ' ' && !strchr("{}(),=\"#%'@", c);
}

static void step(struct bibtex *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        b->line += b->rest.p[i] == '\n';
    b->rest = span_from(b->rest, n);
}

static void blanks(struct bibtex *b)
{
    size_t n = 0;
    while (n < b->rest.n && is_blank(b->rest.p[n]))
        n++;
    step(b, n);
}

static bool byte(struct bibtex *b, char c)
{
    blanks(b);
    if (b->rest.n == 0 || b->rest.p[0] != c)
        return false;
    step(b, 1);
    return true;
}

static struct span name(struct bibtex *b)
{
    size_t n = 0;
    blanks(b);
    while (n < b->rest.n && is_name(b->rest.p[n]))
        n++;
    struct span out = span_first(b->rest, n);
    step(b, n);
    return out;
}

static struct span lower(struct arena *arena, struct span text)
{
    char *to = arena_text(arena, text);
    for (size_t i = 0; to && i < text.n; i++)
        to[i] = (char)(to[i] >= 'A' && to[i] <= 'Z' ? to[i] + 32 : to[i]);
    return to ? (struct span){to, text.n} : (struct span){"", 0};
}

static bool broken(struct err *err, const char *what)
{
    return fail(err, E_FORMAT, tr("err.codec.bibtex", "its BibTeX breaks off or has no %s"), what);
}

/* Up to the bracket or quote that closes what was opened before. */
static bool braced(struct bibtex *b, char end, struct span *out, struct err *err)
{
    size_t n = 0;
    long open = 0;
    for (; n < b->rest.n; n++) {
        char c = b->rest.p[n];
        if (c == '\\' && n + 1 < b->rest.n) {
            n++;
            continue;
        }
        if (open == 0 && c == end)
            break;
        open += c == '{';
        open -= c == '}';
        if (open < 0)
            return broken(err, end == '"' ? "\"" : "}");
    }
    if (n == b->rest.n)
        return broken(err, end == '"' ? "\"" : "}");
    *out = span_first(b->rest, n);
    step(b, n + 1);
    return true;
}

static struct span defined(const struct bibtex *b, struct span word)
{
    for (size_t i = b->strings.n; i > 0; i--)
        if (span_eq_nocase(b->strings.at[i - 1].name, word))
            return b->strings.at[i - 1].value;
    return word; /* a number, a month */
}

/* One value, or several with # between. */
static bool value(struct bibtex *b, struct arena *arena, struct span *out, struct err *err)
{
    AUTO_BUF struct buf all;
    struct span part;
    size_t parts = 0;
    buf_init(&all, BIBTEX_VALUE);
    do {
        if (byte(b, '{')) {
            if (!braced(b, '}', &part, err))
                return false;
        } else if (byte(b, '"')) {
            if (!braced(b, '"', &part, err))
                return false;
        } else {
            part = name(b);
            if (part.n == 0)
                return broken(err, "value");
            part = defined(b, part);
        }
        buf_add(&all, part);
        parts++;
    } while (byte(b, '#'));
    if (all.over)
        return fail(err, E_LIMIT, "%s",
                    tr("err.codec.bibtex_long", "one of its fields is longer than there is room for"));
    if (!buf_ok(&all, err))
        return false;
    *out = parts == 1 ? part : arena_span(arena, buf_span(&all));
    return true;
}

static bool string_entry(struct bibtex *b, char end, struct err *err)
{
    struct span key = lower(b->strings_in, name(b)), text;
    if (!byte(b, '=') || !value(b, b->strings_in, &text, err))
        return broken(err, "=");
    struct bibtex_field *s = b->strings.n < BIBTEX_STRINGS ? VEC_PUSH(b->strings_in, &b->strings) : NULL;
    if (!s)
        return fail_memory(err);
    *s = (struct bibtex_field){key, text};
    return byte(b, end) || broken(err, "}");
}

static bool fields(struct bibtex *b, struct arena *arena, char end, struct bibtex_entry *out, struct err *err)
{
    while (byte(b, ',')) {
        struct bibtex_field f = {lower(arena, name(b)), {"", 0}};
        if (f.name.n == 0)
            break; /* a comma at the end */
        if (!byte(b, '='))
            return broken(err, "=");
        if (!value(b, arena, &f.value, err))
            return false;
        if (out->fields < BIBTEX_FIELDS)
            out->field[out->fields++] = f;
    }
    return byte(b, end) || broken(err, "}");
}

/* To the next "@" behind which a word and a bracket stand. */
static bool to_entry(struct bibtex *b)
{
    const char *at = b->rest.n ? memchr(b->rest.p, '@', b->rest.n) : NULL;
    if (!at)
        return false;
    step(b, (size_t)(at - b->rest.p) + 1);
    return true;
}

static bool pass_over(struct bibtex *b, char end, struct err *err)
{
    struct span ignored;
    return braced(b, end, &ignored, err);
}

void bibtex_begin(struct bibtex *b, struct span text, struct arena *strings)
{
    *b = (struct bibtex){.rest = text, .line = 1, .strings_in = strings};
}

bool bibtex_next(struct bibtex *b, struct arena *arena, struct bibtex_entry *out, struct err *err)
{
    while (to_entry(b)) {
        out->line = b->line;
        out->fields = 0;
        out->type = lower(arena, name(b));
        char end = byte(b, '{') ? '}' : byte(b, '(') ? ')' : 0;
        if (!end || out->type.n == 0)
            continue; /* an address in a comment */
        if (span_is(out->type, "comment") || span_is(out->type, "preamble")) {
            if (!pass_over(b, end, err))
                return false;
            continue;
        }
        if (span_is(out->type, "string")) {
            if (!string_entry(b, end, err))
                return false;
            continue;
        }
        out->key = name(b);
        return fields(b, arena, end, out, err);
    }
    return false;
}

struct span bibtex_field(const struct bibtex_entry *e, const char *wanted)
{
    for (size_t i = 0; i < e->fields; i++)
        if (span_is(e->field[i].name, wanted))
            return span_trim(e->field[i].value);
    return (struct span){"", 0};
}

bool bibtex_name(struct span *names, struct span *out)
{
    long open = 0;
    *names = span_trim(*names);
    if (names->n == 0)
        return false;
    for (size_t i = 0; i < names->n; i++) {
        struct span here = span_from(*names, i);
        open += here.p[0] == '{';
        open -= here.p[0] == '}';
        if (open > 0 || !is_blank(here.p[0]) || here.n < 5 || strncmp(here.p + 1, "and", 3) != 0 ||
            !is_blank(here.p[4]))
            continue;
        *out = span_trim(span_first(*names, i));
        *names = span_from(*names, i + 5);
        return true;
    }
    *out = *names;
    *names = (struct span){"", 0};
    return true;
}
