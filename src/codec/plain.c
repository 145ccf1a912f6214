/* Text without marks. NFC is made in memory of base/mem.h, which is wiped: utf8proc_NFC() would use its own.
 */
#include "codec/plain.h"

#include <string.h>
#include <utf8proc.h>

#include "base/mem.h"
#include "base/words.h"
#include "codec/utf8.h"

#include "base/banned.h"

#define NFC ((utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPOSE))

static bool fail_utf8(struct err *err)
{
    return fail(
        err, E_FORMAT,
        tr("err.codec.plain_utf8", "The text holds bytes that are not UTF-8. Please type it once more."));
}

/* Bidi controls are default ignorable too. Some format characters can be seen, as Arabic number signs. */
static bool invisible(const utf8proc_property_t *p)
{
    return p->ignorable ||
           (p->category == UTF8PROC_CATEGORY_CF && p->boundclass != UTF8PROC_BOUNDCLASS_PREPEND);
}

/* What can go without a change in what is read. */
static bool needless(int32_t code)
{
    return (code >= 0xFE00 && code <= 0xFE0F) || (code >= 0xE0100 && code <= 0xE01EF) || code == 0xAD ||
           code == 0x200B || code == 0x2060 || code == 0xFEFF;
}

static bool pictured(int32_t code)
{
    int class = utf8proc_get_property(code)->boundclass;
    return class == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC || class == UTF8PROC_BOUNDCLASS_E_ZWG ||
           (code >= 0x1F3FB && code <= 0x1F3FF); /* tones of skin */
}

/* A joiner holds two emoji together; what stands between it and the first does not count. */
static bool joins(int32_t before, struct span rest)
{
    int32_t next = utf8_next(&rest);
    return pictured(before) && next >= 0 && pictured(next);
}

/* The characters of `text` but for those; `out` may be NULL. What is no UTF-8 ends it, and stays. */
static struct plain_taken take_out(struct span text, struct buf *out)
{
    struct plain_taken taken = {0};
    int32_t before = -1;
    while (text.n > 0) {
        struct span rest = text;
        int32_t code = utf8_next(&rest);
        bool sign = code >= 0 && needless(code), join = code == 0x200D && joins(before, rest);
        if (code < 0)
            rest = span_from(text, text.n);
        taken.signs += sign;
        taken.joins += join;
        if (!sign && !join) {
            before = code;
            if (out)
                buf_add(out, span_first(text, text.n - rest.n));
        }
        text = rest;
    }
    return taken;
}

struct plain_taken plain_taken(struct span text)
{
    return take_out(text, NULL);
}

static bool character_ok(int32_t code, bool lines, struct err *err)
{
    if (code == '\n' && lines)
        return true;
    const utf8proc_property_t *p = utf8proc_get_property(code);
    if (invisible(p))
        return fail(
            err, E_FORMAT,
            tr("err.codec.plain_invisible",
               "The text holds an invisible character (U+%04X). Such characters can be used as marks, so "
               "please take it out."),
            (unsigned)code);
    switch (p->category) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return fail(
            err, E_FORMAT,
            tr("err.codec.plain_control",
               "The text holds a control character or a line end (U+%04X) where none can stand. Please take "
               "it out."),
            (unsigned)code);
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CN:
        return fail(err, E_FORMAT,
                    tr("err.codec.plain_unknown",
                       "The text holds a character without a common meaning (U+%04X). Please take it out."),
                    (unsigned)code);
    default:
        return true;
    }
}

static bool characters_ok(struct span text, bool lines, struct err *err)
{
    while (text.n > 0) {
        int32_t code = utf8_next(&text);
        if (code < 0)
            return fail_utf8(err);
        if (!character_ok(code, lines, err))
            return false;
    }
    return true;
}

/* Code points in NFC. */
struct codes {
    int32_t *at;
    size_t n, room; /* room: bytes */
};

static void codes_clear(struct codes *codes)
{
    if (codes->at)
        explicit_bzero(codes->at, codes->room);
    mem_free(codes->at);
}
#define AUTO_CODES __attribute__((cleanup(codes_clear)))

static bool codes_make(struct span text, struct codes *out, struct err *err)
{
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)text.p;
    if (text.n > PLAIN_MOST)
        return fail(err, E_LIMIT,
                    tr("err.codec.plain_long", "The text is longer than %d bytes. Please make it shorter."),
                    PLAIN_MOST);
    if (text.n == 0)
        return true;
    utf8proc_ssize_t n = utf8proc_decompose(p, (utf8proc_ssize_t)text.n, NULL, 0, NFC);
    if (n < 0)
        return fail_utf8(err);
    out->room = ((size_t)n + 1) * sizeof *out->at;
    out->at = mem_get(out->room);
    if (!out->at)
        return fail_memory(err);
    utf8proc_decompose(p, (utf8proc_ssize_t)text.n, out->at, n, NFC);
    out->n = (size_t)utf8proc_normalize_utf32(out->at, n, NFC);
    return true;
}

/* True when `codes` are just those of `text`. */
static bool same(struct span text, const struct codes *codes)
{
    size_t i = 0;
    while (text.n > 0 && i < codes->n && utf8_next(&text) == codes->at[i])
        i++;
    return text.n == 0 && i == codes->n;
}

bool plain_ok(struct span text, bool lines, struct err *err)
{
    AUTO_CODES struct codes codes = {0};
    if (!codes_make(text, &codes, err) || !characters_ok(text, lines, err))
        return false;
    return same(text, &codes) ||
           fail(err, E_FORMAT,
                tr("err.codec.plain_nfc", "The text is not in the one form its characters have (NFC)."));
}

/* Text on its way out: what is blank waits until something comes after it. */
struct tidy {
    struct buf *out;
    size_t begin;        /* of the text in `out` */
    size_t blanks, ends; /* that wait */
    bool lines;
};

static void put_code(struct buf *out, int32_t code)
{
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t n = utf8proc_encode_char(code, bytes);
    buf_add(out, (struct span){(const char *)bytes, (size_t)n});
}

static void tidy_put(struct tidy *t, int32_t code)
{
    bool first = t->out->n == t->begin;
    for (; t->ends > 0; t->ends--)
        if (!first)
            buf_add_byte(t->out, '\n');
    for (; t->blanks > 0; t->blanks--)
        if (!first || t->lines)
            buf_add_byte(t->out, ' ');
    put_code(t->out, code);
}

static void tidy_end(struct tidy *t)
{
    t->blanks = 0;
    t->ends = t->ends < 2 ? t->ends + 1 : 2; /* one blank line at most */
}

/* Every kind of line end is '\n', every kind of blank ' '. */
static int32_t tidied(int32_t code, bool lines)
{
    utf8proc_category_t category = utf8proc_category(code);
    if (code == '\n' || code == '\r' || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP)
        return lines ? '\n' : ' ';
    return code == '\t' || category == UTF8PROC_CATEGORY_ZS ? ' ' : code;
}

static void tidy(struct tidy *t, const struct codes *codes)
{
    for (size_t i = 0; i < codes->n; i++) {
        if (codes->at[i] == '\n' && i > 0 && codes->at[i - 1] == '\r')
            continue; /* CR LF is one */
        int32_t code = tidied(codes->at[i], t->lines);
        if (code == ' ')
            t->blanks++;
        else if (code == '\n')
            tidy_end(t);
        else
            tidy_put(t, code);
    }
}

bool plain_tidy(struct span text, bool lines, struct buf *out, struct err *err)
{
    AUTO_CODES struct codes codes = {0};
    AUTO_BUF struct buf left;
    struct tidy t = {.out = out, .begin = out->n, .lines = lines};
    buf_init(&left, PLAIN_MOST + 1);
    take_out(span_first(text, PLAIN_MOST + 1), &left);
    bool made = buf_ok(&left, err) && codes_make(buf_span(&left), &codes, err);
    if (left.p)
        explicit_bzero(left.p, left.n);
    if (!made)
        return false;
    tidy(&t, &codes);
    if (buf_ok(out, err) && plain_ok(span_from(buf_span(out), t.begin), lines, err))
        return true;
    if (out->n > t.begin) {
        explicit_bzero(out->p + t.begin, out->n - t.begin);
        out->n = t.begin;
    }
    return false;
}

size_t plain_json_size(struct span text)
{
    size_t n = text.n;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '"' || c == '\\' || (c < 0x20 && strchr("\b\f\n\r\t", c) && c != 0))
            n += 1;
        else if (c < 0x20)
            n += 5; /* \u00xx */
    }
    return n;
}
