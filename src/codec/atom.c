/* An entry of arXiv's API: Atom (RFC 4287) with elements of arXiv's own. */
#include "codec/feed.h"

#include "base/banned.h"

static const char atom_ns[] = "http://www.w3.org/2005/Atom";
static const char arxiv_ns[] = "http://arxiv.org/schemas/atom";

static bool author(struct feed *f, struct err *err)
{
    struct xml_event e;
    const struct feed_field fields[] = {{atom_ns, "name", &f->texts.one}, {0}};
    bool bad;
    buf_reset(&f->texts.one);
    while (xml_next(f->xml, &e, err) && e.kind != XML_CLOSE)
        if (e.kind == XML_OPEN && !feed_take(f, &e, fields, false, &bad, err) && !xml_skip(f->xml, err))
            return false;
    feed_append(&f->texts.authors, buf_span(&f->texts.one), '\n');
    return err->code == E_NONE;
}

/* Elements that are more than a text. *mine: it was one of them, read to its end. */
static bool other(struct feed *f, const struct xml_event *e, struct feed_entry *out, bool *mine,
                  struct err *err)
{
    struct span term;
    *mine = span_is(e->ns, atom_ns);
    if (*mine && span_is(e->name, "author"))
        return author(f, err);
    if (*mine && span_is(e->name, "published"))
        return feed_day(f, &out->published, err);
    if (*mine && span_is(e->name, "updated"))
        return feed_day(f, &out->updated, err);
    if (*mine && span_is(e->name, "category")) {
        if (f->xml->attribute(f->xml, "term", &term))
            feed_append(&f->texts.categories, term, ' ');
        return xml_skip(f->xml, err);
    }
    *mine = false;
    return true;
}

bool feed_atom(struct feed *f, struct feed_entry *out, struct err *err)
{
    struct feed_texts *t = &f->texts;
    const struct feed_field fields[] = {{atom_ns, "id", &t->id},
                                        {atom_ns, "title", &t->title},
                                        {atom_ns, "summary", &t->abstract},
                                        {arxiv_ns, "comment", &t->comments},
                                        {arxiv_ns, "journal_ref", &t->journal},
                                        {arxiv_ns, "doi", &t->doi},
                                        {0}};
    struct xml_event e;
    out->published_is_first = out->has_comments = true;
    while (xml_next(f->xml, &e, err) && e.kind != XML_CLOSE) {
        bool bad, mine;
        if (e.kind != XML_OPEN)
            continue;
        if (feed_take(f, &e, fields, false, &bad, err)) {
            if (bad)
                return false;
            continue;
        }
        if (!other(f, &e, out, &mine, err) || (!mine && !xml_skip(f->xml, err)))
            return false;
    }
    return err->code == E_NONE;
}
