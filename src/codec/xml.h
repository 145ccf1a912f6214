#ifndef CODEC_XML_H
#define CODEC_XML_H
/* XML as a row of events, from whoever reads it (io/xml.h; a test's own list). What an event points to is
 * valid until the next one. */
#include "base/buf.h"
#include "base/err.h"

enum { XML_DEPTH = 64 };
enum xml_kind { XML_OPEN, XML_TEXT, XML_CLOSE };
struct xml_event {
    enum xml_kind kind;
    unsigned depth;       /* of the element: the root has 0; a text has its element's + 1 */
    struct span name, ns; /* without prefix; the namespace's address, or empty */
    struct span text;
};
struct xml {
    /* The next event; false at the end, or with a sentence. Every element that opens closes. */
    bool (*next)(struct xml *xml, struct xml_event *out, struct err *err);
    /* An attribute of the element that was just opened, by its local name; false when it has none. */
    bool (*attribute)(struct xml *xml, const char *name, struct span *out);
};
static inline bool xml_next(struct xml *x, struct xml_event *out, struct err *err)
{
    return x->next(x, out, err);
}
/* All text of the element that was just opened, of those in it too, appended to `out`; then it is closed.
 * False with a sentence when the XML breaks off. */
MUST bool xml_text(struct xml *x, struct buf *out, struct err *err);
/* Go past the element that was just opened. */
MUST bool xml_skip(struct xml *x, struct err *err);
#endif
