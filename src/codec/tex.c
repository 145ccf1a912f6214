/* TeX to plain text, one pass. An accent waits for the letter it goes on; letter and mark are put together
 * (NFC) at the end. */
#include "codec/tex.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/banned.h"

struct mark {
    char sign;
    const char *mark; /* combining */
};
static const struct mark marks[] = {
    {'\'', "\u0301"}, {'`', "\u0300"}, {'^', "\u0302"}, {'"', "\u0308"}, {'~', "\u0303"},
    {'=', "\u0304"},  {'.', "\u0307"}, {'u', "\u0306"}, {'v', "\u030C"}, {'H', "\u030B"},
    {'c', "\u0327"},  {'d', "\u0323"}, {'b', "\u0331"}, {'r', "\u030A"}, {'k', "\u0328"},
};
static const struct {
    const char *name, *text;
} letters[] = {
    {"i", "i"},
    {"j", "j"},
    {"o", "ø"},
    {"O", "Ø"},
    {"l", "ł"},
    {"L", "Ł"},
    {"ss", "ß"},
    {"ae", "æ"},
    {"AE", "Æ"},
    {"oe", "œ"},
    {"OE", "Œ"},
    {"aa", "å"},
    {"AA", "Å"},
    {"dh", "ð"},
    {"DH", "Ð"},
    {"th", "þ"},
    {"TH", "Þ"},
    {"alpha", "α"},
    {"beta", "β"},
    {"gamma", "γ"},
    {"delta", "δ"},
    {"epsilon", "ε"},
    {"varepsilon", "ε"},
    {"zeta", "ζ"},
    {"eta", "η"},
    {"theta", "θ"},
    {"iota", "ι"},
    {"kappa", "κ"},
    {"lambda", "λ"},
    {"mu", "μ"},
    {"nu", "ν"},
    {"xi", "ξ"},
    {"pi", "π"},
    {"rho", "ρ"},
    {"sigma", "σ"},
    {"tau", "τ"},
    {"upsilon", "υ"},
    {"phi", "φ"},
    {"varphi", "φ"},
    {"chi", "χ"},
    {"psi", "ψ"},
    {"omega", "ω"},
    {"Gamma", "Γ"},
    {"Delta", "Δ"},
    {"Theta", "Θ"},
    {"Lambda", "Λ"},
    {"Xi", "Ξ"},
    {"Pi", "Π"},
    {"Sigma", "Σ"},
    {"Phi", "Φ"},
    {"Psi", "Ψ"},
    {"Omega", "Ω"},
    {"infty", "∞"},
    {"times", "×"},
    {"textendash", "–"},
    {"textemdash", "—"},
    {"textquoteleft", "‘"},
    {"textquoteright", "’"},
    {"ldots", "…"},
    {"dots", "…"},
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static const char *mark_of(char sign)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (marks[i].sign == sign)
            return marks[i].mark;
    return NULL;
}

struct reading {
    struct span in;
    struct buf *out;
    const char *mark; /* waits for a letter */
    bool composed;
};

/* A letter, with the mark that waits. */
static void put(struct reading *r, struct span letter)
{
    buf_add(r->out, letter);
    if (r->mark) {
        buf_add_text(r->out, r->mark);
        r->composed = true;
    }
    r->mark = NULL;
}

static void blanks(struct reading *r)
{
    while (r->in.n && is_blank(r->in.p[0]))
        r->in = span_from(r->in, 1);
}

/* Behind a backslash: the name of a command, letters only. */
static void command(struct reading *r)
{
    size_t n = 0;
    while (n < r->in.n && is_letter(r->in.p[n]))
        n++;
    struct span name = span_first(r->in, n);
    r->in = span_from(r->in, n);
    const char *mark = n == 1 ? mark_of(name.p[0]) : NULL;
    if (mark) {
        blanks(r);
        r->mark = mark;
        return;
    }
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (span_is(name, letters[i].name)) {
            put(r, span_of(letters[i].text));
            break;
        }
    /* The blank ends the name, unless it stands between two words. */
    if (r->in.n && is_blank(r->in.p[0]) && n <= 2)
        blanks(r);
}

static void escape(struct reading *r)
{
    r->in = span_from(r->in, 1);
    if (r->in.n == 0)
        return;
    char c = r->in.p[0];
    if (is_letter(c)) {
        command(r);
        return;
    }
    r->in = span_from(r->in, 1);
    const char *mark = mark_of(c);
    if (mark)
        r->mark = mark;
    else if (c == '\\' || is_blank(c) || c == ',' || c == ';' || c == ':')
        buf_add_byte(r->out, ' ');
    else if (c == '%' || c == '&' || c == '_' || c == '#' || c == '$' || c == '{' || c == '}')
        buf_add_byte(r->out, c);
}

/* One character: the bytes of it that belong together. */
static void plain(struct reading *r)
{
    size_t n = 1;
    while (n < r->in.n && n < 4 && ((uint8_t)r->in.p[n] & 0xC0) == 0x80 && ((uint8_t)r->in.p[0] & 0x80))
        n++;
    put(r, span_first(r->in, n));
    r->in = span_from(r->in, n);
}

static void compose(struct buf *out, size_t start)
{
    utf8proc_uint8_t *made = NULL;
    struct span text = span_from(buf_span(out), start);
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)text.p, (utf8proc_ssize_t)text.n, &made,
                                      (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    if (n >= 0) {
        out->n = start;
        buf_add(out, span_bytes(made, (size_t)n));
    }
    free(made);
}

void tex_plain(struct buf *out, struct span text)
{
    struct reading r = {.in = text, .out = out};
    size_t start = out->n;
    while (r.in.n && !out->failed) {
        char c = r.in.p[0];
        if (c == '\\') {
            escape(&r);
        } else if (c == '{' || c == '}' || c == '$') {
            r.in = span_from(r.in, 1);
        } else if (c == '~') {
            buf_add_byte(out, ' ');
            r.in = span_from(r.in, 1);
        } else {
            plain(&r);
        }
    }
    if (r.composed && !out->failed)
        compose(out, start);
}

/* From the dollar sign that `in` begins with to the one that ends its formula. */
static bool is_formula(struct span in)
{
    for (size_t i = 1; i < in.n && !is_blank(in.p[1]); i++)
        if (in.p[i] == '$')
            return i > 1 && !is_blank(in.p[i - 1]) &&
                   !(i + 1 < in.n && in.p[i + 1] >= '0' && in.p[i + 1] <= '9');
    return false;
}

bool tex_is(struct span text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == '{' || (text.p[i] == '\\' && i + 1 < text.n) ||
            (text.p[i] == '$' && is_formula(span_from(text, i))))
            return true;
    return false;
}
