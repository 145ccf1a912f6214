/* Texts and ids of papers in the form in which they are kept and compared. */
#include "papers/paper_text.h"

#include <string.h>

#include "base/map.h"
#include "codec/scan.h"
#include "codec/tex.h"
#include "codec/utf8.h"
#include "papers/index_build.h"

#include "base/banned.h"

enum { ID_MOST = 300, FOLD_MOST = 4 * PAPER_TITLE };

/* ---- texts ---- */

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

void paper_clean(struct buf *out, struct span text)
{
    size_t start = out->n;
    while (text.n) {
        size_t blank = 0, word = 0;
        while (blank < text.n && is_blank(text.p[blank]))
            blank++;
        text = span_from(text, blank);
        bool plain = true;
        while (word < text.n && !is_blank(text.p[word])) {
            plain = plain && (uint8_t)text.p[word] > ' ' && (uint8_t)text.p[word] < 0x7F;
            word++;
        }
        if (word && out->n > start)
            buf_add_byte(out, ' ');
        if (plain)
            buf_add(out, span_first(text, word));
        else
            utf8_clean(out, span_first(text, word));
        text = span_from(text, word);
    }
}

void paper_clean_lines(struct buf *out, struct span lines)
{
    struct span line;
    size_t start = out->n;
    while (lines.n) {
        span_cut(&lines, '\n', &line);
        line = span_trim(line);
        if (line.n == 0 || span_eq_nocase(line, SPAN("others")) || span_eq_nocase(line, SPAN("et al.")))
            continue;
        if (out->n > start)
            buf_add_byte(out, '\n');
        paper_clean(out, line);
    }
}

void paper_fold_title(struct buf *out, struct span title)
{
    AUTO_BUF struct buf plain, folded;
    buf_init(&plain, FOLD_MOST);
    buf_init(&folded, FOLD_MOST);
    tex_plain(&plain, title);
    utf8_fold(&folded, buf_span(&plain));
    if (plain.failed || folded.failed) {
        out->failed = true;
        return;
    }
    for (struct span rest = buf_span(&folded); rest.n;) {
        struct span at = rest;
        if (utf8_kind(utf8_next(&rest)) != UTF8_OTHER)
            buf_add(out, span_first(at, at.n - rest.n));
    }
}

static int number_order(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Put `h` into the ascending list, unless it is there, or higher than the highest of a full one. */
static size_t names_put(uint32_t *at, size_t n, uint32_t h)
{
    size_t i = 0;
    while (i < n && at[i] < h)
        i++;
    if ((i < n && at[i] == h) || i == PAPER_NAMES)
        return n;
    size_t keep = n < PAPER_NAMES ? n : PAPER_NAMES - 1;
    memmove(at + i + 1, at + i, (keep - i) * sizeof *at);
    at[i] = h;
    return keep + 1;
}

size_t paper_surnames(struct span authors, uint32_t out[static PAPER_NAMES])
{
    AUTO_BUF struct buf folded, names;
    size_t n = 0;
    buf_init(&folded, 4096);
    buf_init(&names, PAPER_AUTHORS);
    authors = index_names(authors, &names);
    while (authors.n) {
        struct span line;
        span_cut(&authors, '\n', &line);
        struct span surname = index_surname(line, &folded);
        if (surname.n)
            n = names_put(out, n, (uint32_t)span_hash(surname));
    }
    return n;
}

static uint32_t name_at(struct span names, size_t i)
{
    const uint8_t *p = (const uint8_t *)names.p + 4 * i;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

bool paper_names_meet(struct span a, struct span b)
{
    for (size_t i = 0, j = 0; i < a.n / 4 && j < b.n / 4;) {
        uint32_t x = name_at(a, i), y = name_at(b, j);
        int order = number_order(&x, &y);
        if (order == 0)
            return true;
        if (order < 0)
            i++;
        else
            j++;
    }
    return false;
}

/* ---- ids ---- */

static bool digits(struct span *in, size_t least, size_t most, struct span *out)
{
    size_t n = 0;
    while (n < in->n && n < most && in->p[n] >= '0' && in->p[n] <= '9')
        n++;
    if (n < least || (n < in->n && in->p[n] >= '0' && in->p[n] <= '9'))
        return false;
    *out = span_first(*in, n);
    *in = span_from(*in, n);
    return true;
}

static bool lead_nocase(struct span *in, struct span lead)
{
    if (!span_eq_nocase(span_first(*in, lead.n), lead))
        return false;
    *in = span_from(*in, lead.n);
    return true;
}

/* "v2", or nothing. */
static bool version_tail(struct span *in, int *version)
{
    uint64_t n;
    struct span rest = *in;
    *version = 0;
    if (!scan_byte(&rest, 'v'))
        return true;
    if (!scan_u64(&rest, &n, 9999))
        return false;
    *version = (int)n;
    *in = rest;
    return true;
}

/* Up to here the id, behind it nothing that belongs to one. */
static bool ends_well(struct span rest)
{
    return rest.n == 0 || rest.p[0] == '?' || rest.p[0] == '#' || span_is(rest, ".pdf") || span_is(rest, "/");
}

/* YYMM.NNNN, YYMM.NNNNN */
static bool arxiv_new(struct span text, struct buf *room, int *version)
{
    struct span month, number;
    if (!digits(&text, 4, 4, &month) || !scan_byte(&text, '.') || !digits(&text, 4, 5, &number) ||
        !version_tail(&text, version) || !ends_well(text))
        return false;
    int m = (month.p[2] - '0') * 10 + month.p[3] - '0';
    if (m < 1 || m > 12)
        return false;
    buf_add(room, month);
    buf_add_byte(room, '.');
    buf_add(room, number);
    return true;
}

/* archive/YYMMNNN, archive.XX/YYMMNNN: the same paper, without its class. */
static bool arxiv_old(struct span text, struct buf *room, int *version)
{
    size_t n = 0;
    struct span number, archive;
    while (n < text.n && ((text.p[n] >= 'a' && text.p[n] <= 'z') || text.p[n] == '-'))
        n++;
    archive = span_first(text, n);
    text = span_from(text, n);
    if (n < 2 || n > 10)
        return false;
    if (scan_byte(&text, '.')) {
        if (text.n < 2 || text.p[0] < 'A' || text.p[0] > 'Z' || text.p[1] < 'A' || text.p[1] > 'Z')
            return false;
        text = span_from(text, 2);
    }
    if (!scan_byte(&text, '/') || !digits(&text, 7, 7, &number) || !version_tail(&text, version) ||
        !ends_well(text))
        return false;
    buf_add(room, archive);
    buf_add_byte(room, '/');
    buf_add(room, number);
    return true;
}

static bool arxiv(struct span text, struct buf *room, int *version)
{
    return arxiv_new(text, room, version) || arxiv_old(text, room, version);
}

/* Lower case; what a sentence leaves behind one at its end goes. */
static bool doi(struct span text, struct buf *room)
{
    struct span prefix = text, number;
    size_t n = 0;
    if (!scan_lit(&prefix, SPAN("10.")) || !digits(&prefix, 4, 9, &number))
        return false;
    while (n < text.n && !is_blank(text.p[n]) && n < ID_MOST)
        n++;
    while (n && strchr(".,;)>\"'", text.p[n - 1]))
        n--;
    text = span_first(text, n);
    if (span_find(text, SPAN("/")) < 0 || span_ends(text, SPAN("/")))
        return false;
    for (size_t i = 0; i < text.n; i++)
        buf_add_byte(room, (char)(text.p[i] >= 'A' && text.p[i] <= 'Z' ? text.p[i] + 32 : text.p[i]));
    return true;
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* P18-1001, or 2014.lilt-11.7. */
static bool acl(struct span text, struct buf *room)
{
    struct span rest = text, part;
    size_t n = 0;
    if (rest.n == 8 && rest.p[0] >= 'A' && rest.p[0] <= 'Z') {
        rest = span_from(rest, 1);
        if (!digits(&rest, 2, 2, &part) || !scan_byte(&rest, '-') || !digits(&rest, 4, 4, &part))
            return false;
    } else {
        if (!digits(&rest, 4, 4, &part) || !scan_byte(&rest, '.'))
            return false;
        while (n < rest.n && is_word_byte(rest.p[n]))
            n++;
        if (n < 2 || span_find(span_first(rest, n), SPAN("-")) < 0)
            return false;
        rest = span_from(rest, n);
        if (!scan_byte(&rest, '.') || !digits(&rest, 1, 4, &part) || rest.n)
            return false;
    }
    buf_add(room, text);
    return true;
}

/* 40 hex digits: Semantic Scholar's. */
static bool s2(struct span text, struct buf *room)
{
    struct span hex;
    if (!scan_hex(&text, &hex, 40, 40) || text.n)
        return false;
    buf_add(room, hex);
    return true;
}

/* The value of id= in an address of OpenReview. */
static bool openreview(struct span text, struct buf *room)
{
    size_t n = 0;
    ptrdiff_t at = span_find(text, SPAN("id="));
    if (at < 0)
        return false;
    text = span_from(text, (size_t)at + 3);
    while (n < text.n && n < 40 && is_word_byte(text.p[n]))
        n++;
    buf_add(room, span_first(text, n));
    return n >= 8;
}

static struct span last_part(struct span path)
{
    struct span part = path;
    while (path.n)
        if (span_cut(&path, '/', &part) && path.n == 0)
            break;
    return part;
}

static struct span without_pdf(struct span text)
{
    if (span_ends(text, SPAN("/")))
        text.n--;
    return span_ends(text, SPAN(".pdf")) ? span_first(text, text.n - 4) : text;
}

/* Behind "https://": by its host. */
static const char *address(struct span text, struct buf *room, int *version)
{
    struct span host;
    lead_nocase(&text, SPAN("www."));
    if (!span_cut(&text, '/', &host))
        return NULL;
    if (span_is(host, "arxiv.org") || span_is(host, "export.arxiv.org")) {
        struct span what;
        return span_cut(&text, '/', &what) && arxiv(text, room, version) ? "arxiv" : NULL;
    }
    if (span_is(host, "doi.org") || span_is(host, "dx.doi.org"))
        return doi(text, room) ? "doi" : NULL;
    if (span_is(host, "openreview.net"))
        return openreview(text, room) ? "openreview" : NULL;
    if (span_is(host, "aclanthology.org") || span_is(host, "aclweb.org"))
        return acl(last_part(without_pdf(text)), room) ? "acl" : NULL;
    if (span_is(host, "semanticscholar.org") || span_is(host, "api.semanticscholar.org"))
        return s2(last_part(text), room) ? "s2" : NULL;
    return NULL;
}

static const char *bare(struct span text, struct buf *room, int *version)
{
    if (lead_nocase(&text, SPAN("arxiv:")) || lead_nocase(&text, SPAN("oai:arxiv.org:")))
        return arxiv(span_trim(text), room, version) ? "arxiv" : NULL;
    if (lead_nocase(&text, SPAN("doi:")))
        return doi(span_trim(text), room) ? "doi" : NULL;
    if (lead_nocase(&text, SPAN("https://")) || lead_nocase(&text, SPAN("http://")))
        return address(text, room, version);
    if (arxiv(text, room, version))
        return "arxiv";
    if (doi(text, room))
        return "doi";
    if (acl(text, room))
        return "acl";
    return s2(text, room) ? "s2" : NULL;
}

bool paper_id_read(struct span text, struct buf *room, struct paper_id *out, int *version)
{
    size_t start = room->n;
    int v = 0;
    text = span_trim(text);
    if (text.n == 0 || text.n > ID_MOST)
        return false;
    const char *scheme = bare(text, room, &v);
    if (!scheme || room->failed)
        return false;
    struct span value = span_from(buf_span(room), start), rest = value;
    /* arXiv gives each paper a DOI of its own: the same id once more. */
    if (span_is(span_of(scheme), "doi") && lead_nocase(&rest, SPAN("10.48550/arxiv."))) {
        AUTO_BUF struct buf id;
        buf_init(&id, ID_MOST);
        if (arxiv(rest, &id, &v)) {
            buf_add(room, buf_span(&id));
            scheme = "arxiv";
            value = span_from(buf_span(room), room->n - id.n);
        }
    }
    if (version)
        *version = v;
    *out = (struct paper_id){span_of(scheme), value};
    return !room->failed;
}
