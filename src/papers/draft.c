/* A draft's title and first words. */
#include "papers/draft.h"

#include "base/words.h"
#include "codec/tex.h"
#include "codec/utf8.h"
#include "io/file.h"
#include "io/lines.h"
#include "io/proc.h"

#include "base/banned.h"

enum {
    PDF_TEXT = 1 << 20,
    PIECE = 1 << 14,
    TEXT_MOST = 1 << 20,
    SHORT_WORDS = 3,
    HIGH_PART = 8 /* of Latin-1 */
};

enum draft_kind draft_kind_of(struct span path)
{
    static const struct {
        const char *end;
        enum draft_kind kind;
    } ends[] = {{".tex", DRAFT_TEX}, {".ltx", DRAFT_TEX}, {".bib", DRAFT_BIB}, {".pdf", DRAFT_PDF}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct span end = span_of(ends[i].end);
        if (path.n >= end.n && span_eq_nocase(span_from(path, path.n - end.n), end))
            return ends[i].kind;
    }
    return DRAFT_TEXT;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

/* The first `most` words of `text`, one blank between; how many there were. */
static size_t first_words(struct span text, size_t most, struct buf *out)
{
    size_t words = 0, i = 0;
    while (i < text.n && words < most) {
        size_t from;
        while (i < text.n && is_blank(text.p[i]))
            i++;
        for (from = i; i < text.n && !is_blank(text.p[i]);)
            i++;
        if (i == from)
            break;
        if (words++)
            buf_add_byte(out, ' ');
        buf_add(out, (struct span){text.p + from, i - from});
    }
    return words;
}

/* The span between the brace that opens at `at` and the one that closes it; all that is left when none does.
 */
static struct span braced(struct span text, size_t at)
{
    size_t depth = 0;
    for (size_t i = at; i < text.n; i++) {
        if (text.p[i] == '\\') {
            i++;
            continue;
        }
        depth += text.p[i] == '{';
        if (text.p[i] == '}' && --depth == 0)
            return (struct span){text.p + at + 1, i - at - 1};
    }
    return span_from(text, at + 1);
}

/* ---- plain text: the first paragraph's first line is the title ---- */

static bool keep(struct arena *arena, const struct buf *title, const struct buf *text, struct draft *out,
                 struct err *err)
{
    if (!buf_ok(title, err) || !buf_ok(text, err))
        return false;
    out->title = arena_span(arena, buf_span(title));
    out->text = arena_span(arena, buf_span(text));
    return arena_ok(arena) || fail_memory(err);
}

/* The first line with three words or more is the title; one word in a line of its own ("ICML 2027") is not. A
 * title that ends within a line of many words is the first of them. */
static bool cut_plain(struct span bytes, struct buf *title, struct buf *text, struct err *err)
{
    struct span line, rest = bytes;
    AUTO_BUF struct buf words;
    buf_init(&words, TEXT_MOST);
    while (rest.n) {
        struct span before = rest;
        span_cut(&rest, '\n', &line);
        buf_reset(&words);
        size_t n = first_words(line, DRAFT_WORDS, &words);
        if (n >= SHORT_WORDS || (n && !span_trim(rest).n)) {
            size_t in_title = n > DRAFT_TITLE_WORDS ? 0 : n; /* a paragraph in one line has no title */
            buf_add(title, in_title ? buf_span(&words) : SPAN(""));
            first_words(in_title ? rest : before, DRAFT_WORDS - in_title, text);
            return buf_ok(&words, err);
        }
    }
    first_words(bytes, DRAFT_WORDS, text);
    return buf_ok(&words, err);
}

static bool parse_plain(struct arena *arena, struct span bytes, struct draft *out, struct err *err)
{
    AUTO_BUF struct buf title, text;
    buf_init(&title, TEXT_MOST);
    buf_init(&text, TEXT_MOST);
    return cut_plain(bytes, &title, &text, err) && keep(arena, &title, &text, out, err);
}

/* ---- TeX ---- */

/* Without comments: from a % that no backslash stands before to the end of the line. */
static void without_comments(struct span bytes, struct buf *out)
{
    struct span line;
    while (bytes.n) {
        bool ended = span_cut(&bytes, '\n', &line);
        size_t end = 0;
        while (end < line.n && !(line.p[end] == '%' && (end == 0 || line.p[end - 1] != '\\')))
            end++;
        buf_add(out, span_first(line, end));
        if (ended)
            buf_add_byte(out, '\n');
    }
}

/* What a command's braces hold: \title[short]{…}. {NULL, 0} when it is not there. */
static struct span command(struct span tex, const char *name)
{
    size_t n = strlen(name);
    for (ptrdiff_t at; (at = span_find(tex, span_of(name))) >= 0;) {
        tex = span_from(tex, (size_t)at + n);
        struct span in = tex;
        while (in.n && is_blank(in.p[0]))
            in = span_from(in, 1);
        if (in.n && in.p[0] == '[') {
            struct span option;
            span_cut(&in, ']', &option);
        }
        if (in.n && in.p[0] == '{')
            return braced(in, 0);
    }
    return (struct span){0};
}

static struct span environment(struct span tex, const char *begin, const char *end)
{
    ptrdiff_t at = span_find(tex, span_of(begin));
    if (at < 0)
        return (struct span){0};
    tex = span_from(tex, (size_t)at + strlen(begin));
    ptrdiff_t stop = span_find(tex, span_of(end));
    return stop < 0 ? tex : span_first(tex, (size_t)stop);
}

static bool parse_tex(struct arena *arena, struct span bytes, struct draft *out, struct err *err)
{
    AUTO_BUF struct buf plain, piece, title, text;
    struct span name, body;
    buf_init(&plain, DRAFT_FILE + 1);
    buf_init(&piece, DRAFT_FILE + 1);
    buf_init(&title, TEXT_MOST);
    buf_init(&text, TEXT_MOST);
    without_comments(bytes, &plain);
    name = command(buf_span(&plain), "\\title");
    body = environment(buf_span(&plain), "\\begin{abstract}", "\\end{abstract}");
    if (!body.n)
        body = command(buf_span(&plain), "\\abstract");
    if (!body.n)
        body = environment(buf_span(&plain), "\\begin{document}", "\\end{document}");
    if (!body.n && !name.n)
        body = buf_span(&plain);
    tex_plain(&piece, name);
    first_words(buf_span(&piece), DRAFT_TITLE_WORDS, &title);
    buf_reset(&piece);
    tex_plain(&piece, body);
    first_words(buf_span(&piece), DRAFT_WORDS, &text);
    return buf_ok(&plain, err) && buf_ok(&piece, err) && keep(arena, &title, &text, out, err);
}

/* ---- BibTeX: the first entry that has a title ---- */

/* The value of a field: {…} or "…". The name stands behind a blank or a comma, so that booktitle is not
 * title. */
static struct span bib_field(struct span entry, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 1; i + n < entry.n; i++) {
        if (!(is_blank(entry.p[i - 1]) || entry.p[i - 1] == ',') ||
            !span_eq_nocase((struct span){entry.p + i, n}, span_of(name)))
            continue;
        struct span rest = span_trim(span_from(entry, i + n)), value;
        if (!rest.n || rest.p[0] != '=')
            continue;
        rest = span_trim(span_from(rest, 1));
        if (rest.n && rest.p[0] == '{')
            return braced(rest, 0);
        if (!rest.n || rest.p[0] != '"')
            return (struct span){0};
        rest = span_from(rest, 1);
        span_cut(&rest, '"', &value);
        return value;
    }
    return (struct span){0};
}

static bool parse_bib(struct arena *arena, struct span bytes, struct draft *out, struct err *err)
{
    AUTO_BUF struct buf piece, title, text;
    struct span rest = bytes, before;
    buf_init(&piece, DRAFT_FILE + 1);
    buf_init(&title, TEXT_MOST);
    buf_init(&text, TEXT_MOST);
    while (span_cut(&rest, '@', &before)) {
        for (size_t i = 0; i < rest.n; i++) {
            if (rest.p[i] != '{')
                continue;
            struct span entry = braced(rest, i), name = bib_field(entry, "title");
            if (name.n) {
                tex_plain(&piece, name);
                first_words(buf_span(&piece), DRAFT_TITLE_WORDS, &title);
                buf_reset(&piece);
                tex_plain(&piece, bib_field(entry, "abstract"));
                first_words(buf_span(&piece), DRAFT_WORDS, &text);
                return buf_ok(&piece, err) && keep(arena, &title, &text, out, err);
            }
            break;
        }
    }
    return parse_plain(arena, bytes, out, err);
}

static bool has_letters(struct span text)
{
    while (text.n) {
        enum utf8_kind kind = utf8_kind(utf8_next(&text));
        if (kind == UTF8_LETTER || kind == UTF8_CJK)
            return true;
    }
    return false;
}

/* A byte of Latin-1 is its code point. */
static void from_latin1(struct span bytes, struct buf *out)
{
    for (size_t i = 0; i < bytes.n; i++) {
        uint8_t c = (uint8_t)bytes.p[i];
        if (c >= 0x80)
            buf_add_byte(out, (char)(0xC0 | c >> 6));
        buf_add_byte(out, (char)(c >= 0x80 ? 0x80 | (c & 0x3F) : c));
    }
}

/* *bytes as UTF-8, in `room` when it was not: a text with few bytes above ASCII is taken for Latin-1. */
static bool as_utf8(struct span *bytes, struct buf *room, struct err *err)
{
    size_t high = 0, nul = 0;
    for (size_t i = 0; i < bytes->n; i++) {
        high += (uint8_t)bytes->p[i] >= 0x80;
        nul += bytes->p[i] == 0;
    }
    if (!nul && utf8_valid(*bytes))
        return true;
    if (nul || high > bytes->n / HIGH_PART)
        return fail(err, E_FORMAT, "%s",
                    tr("err.papers.draft_bytes", "This file is no text in UTF-8, so its words cannot be "
                                                 "read. Save it as plain text in UTF-8."));
    from_latin1(*bytes, room);
    *bytes = buf_span(room);
    return buf_ok(room, err);
}

bool draft_parse(struct arena *arena, struct span bytes, enum draft_kind kind, struct draft *out,
                 struct err *err)
{
    struct draft d = {0};
    AUTO_BUF struct buf room;
    buf_init(&room, 2 * DRAFT_FILE + 1);
    if (!as_utf8(&bytes, &room, err))
        return false;
    bool ok = kind == DRAFT_TEX   ? parse_tex(arena, bytes, &d, err)
              : kind == DRAFT_BIB ? parse_bib(arena, bytes, &d, err)
                                  : parse_plain(arena, bytes, &d, err);
    if (!ok)
        return false;
    if (!has_letters(d.title) && !has_letters(d.text))
        return fail(err, E_FORMAT, "%s", tr("err.papers.draft_empty", "There are no words in this file."));
    *out = d;
    return true;
}

/* ---- files ---- */

static bool read_bytes(const char *path, struct buf *bytes, struct err *err)
{
    AUTO_LINES struct lines *lines = NULL;
    struct span piece;
    if (!lines_open(&lines, path, PIECE, err))
        return false;
    while (lines_piece(lines, &piece, err))
        buf_add(bytes, piece);
    if (err->code)
        return false;
    if (bytes->failed && bytes->over)
        return fail(err, E_LIMIT,
                    tr("err.papers.draft_large", "%s is larger than %d MB. Give the file with the "
                                                 "title and the abstract."),
                    path, (int)(DRAFT_FILE >> 20));
    return buf_ok(bytes, err);
}

static bool no_pdftotext(struct err *err)
{
    return fail(err, E_MISSING, "%s",
                tr("err.papers.pdftotext",
                   "Reading a PDF takes the program pdftotext, which is not on this "
                   "computer (package poppler-utils). A file with the text of title and "
                   "abstract does as well."));
}

/* Its first pages as text, for at most twenty seconds and 1 MB. */
static bool read_pdf(const char *path, struct buf *bytes, struct err *err)
{
    const char *argv[] = {"timeout", "20",    "pdftotext", "-q", "-l", "3",
                          "-enc",    "UTF-8", "--",        path, "-",  NULL};
    struct proc_spec spec = {.argv = argv};
    struct proc_end end = {0};
    struct proc *p = NULL;
    struct err why = {0};
    char piece[PIECE];
    size_t got = 1;
    if (!proc_start(&p, &spec, &why))
        return why.code == E_MISSING ? no_pdftotext(err) : fail(err, why.code, "%s", why.text);
    bool ok = true;
    while (ok && got && bytes->n + sizeof piece <= PDF_TEXT) {
        ok = proc_read(p, piece, sizeof piece, &got, err);
        if (ok)
            buf_add(bytes, (struct span){piece, got});
    }
    bool whole = got == 0;
    if (!proc_finish(p, !whole, &end, err) || !ok)
        return false;
    if (whole && end.status == 127)
        return no_pdftotext(err);
    if ((whole && end.status != 0) || !has_letters(buf_span(bytes)))
        return fail(err, E_FORMAT,
                    tr("err.papers.pdf_text", "No text could be read out of %s: it may hold pictures "
                                              "of pages alone. A file with the text of title and "
                                              "abstract does as well."),
                    path);
    return buf_ok(bytes, err);
}

bool draft_read(struct arena *arena, const char *path, struct draft *out, struct err *err)
{
    AUTO_BUF struct buf bytes;
    enum draft_kind kind = draft_kind_of(span_of(path));
    buf_init(&bytes, DRAFT_FILE);
    if (strcmp(path, "-") != 0 && !file_exists(path))
        return fail(err, E_MISSING, tr("err.papers.draft_gone", "%s is not there."), path);
    if (kind != DRAFT_PDF) {
        if (!read_bytes(path, &bytes, err))
            return false;
        if (span_starts(buf_span(&bytes), SPAN("%PDF-"))) { /* whatever its name says */
            buf_reset(&bytes);
            kind = DRAFT_PDF;
        }
    }
    if (kind == DRAFT_PDF && !read_pdf(path, &bytes, err))
        return false;
    return draft_parse(arena, buf_span(&bytes), kind == DRAFT_PDF ? DRAFT_TEXT : kind, out, err);
}
