/* What every reader of XML does with an element. */
#include "codec/xml.h"

#include "base/words.h"

#include "base/banned.h"

static bool broken(struct err *err)
{
    return err->code == E_NONE ? fail(err, E_FORMAT, "%s", tr("err.codec.xml_end", "the XML breaks off"))
                               : false;
}

bool xml_text(struct xml *x, struct buf *out, struct err *err)
{
    struct xml_event e;
    for (unsigned open = 1; open;) {
        if (!xml_next(x, &e, err))
            return broken(err);
        if (e.kind == XML_TEXT && out)
            buf_add(out, e.text);
        open += e.kind == XML_OPEN;
        open -= e.kind == XML_CLOSE;
    }
    return true;
}

bool xml_skip(struct xml *x, struct err *err)
{
    return xml_text(x, NULL, err);
}
