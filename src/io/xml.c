/* libxml2's reader as events. A document type is refused where it begins, so no entity is ever declared. */
#include "io/xml.h"

#include <libxml/xmlreader.h>
#include <string.h>

#include "base/mem.h"
#include "base/words.h"
#include "io/load.h"

#include "base/banned.h"

/* clang-format off */
#define XML_CALLS(X) \
    X(xmlReaderForIO) X(xmlTextReaderRead) X(xmlTextReaderNodeType) X(xmlTextReaderDepth) \
    X(xmlTextReaderConstLocalName) X(xmlTextReaderConstNamespaceUri) X(xmlTextReaderConstValue) \
    X(xmlTextReaderIsEmptyElement) X(xmlTextReaderMoveToAttribute) X(xmlTextReaderMoveToElement) \
    X(xmlTextReaderGetParserLineNumber) X(xmlTextReaderSetStructuredErrorHandler) X(xmlFreeTextReader)
/* clang-format on */
static struct {
    XML_CALLS(LOAD_POINTER)
} xml;
static const char *const xml_names[] = {XML_CALLS(LOAD_NAME) NULL};
static struct library libxml = LIBRARY("libxml2.so.2", "libxml2", xml_names, &xml);

struct xml_file {
    struct xml events; /* first: what it is known by */
    xmlTextReaderPtr reader;
    xml_piece *piece;
    void *arg;
    struct span bytes, rest; /* of memory; of the piece at hand */
    struct err why;          /* of the piece */
    struct xml_event last;   /* an element without content is opened, and closed at the next call */
    bool to_close;
    char said[200]; /* libxml2's first complaint */
    int line;
};

static int read_piece(void *arg, char *to, int room)
{
    struct xml_file *f = arg;
    if (f->rest.n == 0 && !f->piece(f->arg, &f->rest, &f->why))
        return -1;
    size_t n = f->rest.n < (size_t)room ? f->rest.n : (size_t)room;
    if (n)
        memcpy(to, f->rest.p, n);
    f->rest = span_from(f->rest, n);
    return (int)n;
}

static int end_pieces(void *arg)
{
    (void)arg;
    return 0;
}

static void complain(void *arg, xmlErrorPtr error)
{
    struct xml_file *f = arg;
    if (f->said[0] || error->level < XML_ERR_ERROR)
        return;
    snprintf(f->said, sizeof f->said, "%s", error->message ? error->message : "?");
    f->said[strcspn(f->said, "\r\n")] = 0;
    f->line = error->line;
}

/* ---- events ---- */

static struct span text_of(const xmlChar *s)
{
    return span_of((const char *)s);
}

static bool fail_read(struct xml_file *f, struct err *err)
{
    if (f->why.code)
        return fail(err, f->why.code, "%s", f->why.text);
    AUTO_BUF struct buf said;
    buf_init(&said, 1000);
    for (const char *c = f->said; *c; c++)
        if (*c != '!')
            buf_add_byte(&said, *c >= ' ' && *c < 0x7F ? *c : '?');
    while (said.n && said.p[said.n - 1] == ' ')
        said.p[--said.n] = 0;
    return fail(err, E_FORMAT, tr("err.io.xml", "its XML cannot be read: line %d, %s"), f->line,
                said.n ? buf_text(&said) : "?");
}

static bool refused(struct xml_file *f, struct err *err)
{
    return fail(err, E_FORMAT,
                tr("err.io.xml_dtd", "its XML declares a document type or entities (line %d), which Respite "
                                     "does not read"),
                xml.xmlTextReaderGetParserLineNumber(f->reader));
}

static bool opened(struct xml_file *f, unsigned depth, struct xml_event *out, struct err *err)
{
    if (depth >= XML_DEPTH)
        return fail(err, E_LIMIT, tr("err.io.xml_deep", "its XML is nested more than %d deep (line %d)"),
                    XML_DEPTH, xml.xmlTextReaderGetParserLineNumber(f->reader));
    const xmlChar *ns = xml.xmlTextReaderConstNamespaceUri(f->reader);
    *out = (struct xml_event){.kind = XML_OPEN,
                              .depth = depth,
                              .name = text_of(xml.xmlTextReaderConstLocalName(f->reader)),
                              .ns = ns ? text_of(ns) : SPAN("")};
    f->last = *out;
    f->to_close = xml.xmlTextReaderIsEmptyElement(f->reader) == 1;
    return true;
}

/* What this node gives; *none: nothing that anybody is told of. */
static bool event_of(struct xml_file *f, struct xml_event *out, bool *none, struct err *err)
{
    unsigned depth = (unsigned)xml.xmlTextReaderDepth(f->reader);
    *none = false;
    switch (xml.xmlTextReaderNodeType(f->reader)) {
    case XML_READER_TYPE_ELEMENT:
        return opened(f, depth, out, err);
    case XML_READER_TYPE_END_ELEMENT:
        *out = (struct xml_event){
            .kind = XML_CLOSE, .depth = depth, .name = text_of(xml.xmlTextReaderConstLocalName(f->reader))};
        return true;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
        *out = (struct xml_event){
            .kind = XML_TEXT, .depth = depth, .text = text_of(xml.xmlTextReaderConstValue(f->reader))};
        return true;
    case XML_READER_TYPE_DOCUMENT_TYPE:
    case XML_READER_TYPE_ENTITY_REFERENCE:
    case XML_READER_TYPE_ENTITY:
        return refused(f, err);
    default:
        *none = true;
        return true;
    }
}

static bool next(struct xml *x, struct xml_event *out, struct err *err)
{
    struct xml_file *f = (struct xml_file *)x;
    if (f->to_close) {
        f->to_close = false;
        *out = f->last;
        out->kind = XML_CLOSE;
        return true;
    }
    for (bool none = true; none;) {
        int said = xml.xmlTextReaderRead(f->reader);
        if (said < 0 || f->why.code)
            return fail_read(f, err);
        if (said == 0)
            return false;
        if (!event_of(f, out, &none, err))
            return false;
    }
    return true;
}

/* By its local name, which for all that is read here is its name. */
static bool attribute(struct xml *x, const char *name, struct span *out)
{
    struct xml_file *f = (struct xml_file *)x;
    if (xml.xmlTextReaderMoveToAttribute(f->reader, (const xmlChar *)name) != 1)
        return false;
    const xmlChar *value = xml.xmlTextReaderConstValue(f->reader);
    *out = value ? text_of(value) : SPAN("");
    xml.xmlTextReaderMoveToElement(f->reader);
    return true;
}

/* ---- opening ---- */

static bool open_file(struct xml_file *f, struct err *err)
{
    enum { OPTIONS = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT };
    f->events = (struct xml){next, attribute};
    f->reader = xml.xmlReaderForIO(read_piece, end_pieces, f, NULL, NULL, OPTIONS);
    if (!f->reader)
        return fail_memory(err);
    xml.xmlTextReaderSetStructuredErrorHandler(f->reader, complain, f);
    return true;
}

static bool make(struct xml_file **out, const struct xml_file *with, struct err *err)
{
    if (!library_load(&libxml, err))
        return false;
    struct xml_file *f = mem_get(sizeof *f);
    if (!f)
        return fail_memory(err);
    *f = *with;
    f->arg = f->arg ? f->arg : f;
    if (!open_file(f, err)) {
        mem_free(f);
        return false;
    }
    *out = f;
    return true;
}

bool xml_open(struct xml_file **out, xml_piece *piece, void *arg, struct err *err)
{
    return make(out, &(struct xml_file){.piece = piece, .arg = arg}, err);
}

static bool whole(void *arg, struct span *piece, struct err *err)
{
    struct xml_file *f = arg;
    (void)err;
    *piece = f->bytes;
    f->bytes = SPAN("");
    return true;
}

bool xml_open_span(struct xml_file **out, struct span bytes, struct err *err)
{
    return make(out, &(struct xml_file){.piece = whole, .bytes = bytes}, err);
}

void xml_close(struct xml_file *f)
{
    if (!f)
        return;
    xml.xmlFreeTextReader(f->reader);
    mem_free(f);
}

struct xml *xml_events(struct xml_file *f)
{
    return &f->events;
}

unsigned xml_line(const struct xml_file *f)
{
    int line = xml.xmlTextReaderGetParserLineNumber(f->reader);
    return line > 0 ? (unsigned)line : 0;
}
