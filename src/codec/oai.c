/* A record of OAI-PMH: a header that says when it was last touched and whether it is there still, and the
 * metadata as arXiv, arXivRaw or oai_dc. */
#include "codec/feed.h"

#include "codec/scan.h"

#include "base/banned.h"

static const char dc_ns[] = "http://purl.org/dc/elements/1.1/";

/* ---- the header ---- */

static bool header(struct feed *f, struct feed_entry *out, struct err *err)
{
    struct span status;
    struct xml_event e;
    const struct feed_field fields[] = {{NULL, "identifier", &f->texts.id}, {0}};
    out->deleted = f->xml->attribute(f->xml, "status", &status) && span_is(status, "deleted");
    while (xml_next(f->xml, &e, err) && e.kind != XML_CLOSE) {
        bool bad = false;
        if (e.kind != XML_OPEN)
            continue;
        if (span_is(e.name, "datestamp"))
            bad = !feed_day(f, &out->announced, err);
        else if (!feed_take(f, &e, fields, false, &bad, err))
            bad = !xml_skip(f->xml, err);
        if (bad)
            return false;
    }
    return err->code == E_NONE;
}

/* ---- authors of the form arXiv ---- */

static bool author(struct feed *f, struct err *err)
{
    struct feed_texts *t = &f->texts;
    struct xml_event e;
    const struct feed_field fields[] = {
        {NULL, "keyname", &t->one}, {NULL, "forenames", &t->two}, {NULL, "suffix", &t->three}, {0}};
    bool bad = false;
    buf_reset(&t->one);
    buf_reset(&t->two);
    buf_reset(&t->three);
    while (!bad && xml_next(f->xml, &e, err) && e.kind != XML_CLOSE)
        if (e.kind == XML_OPEN && !feed_take(f, &e, fields, false, &bad, err))
            bad = !xml_skip(f->xml, err);
    if (bad || err->code)
        return false;
    if (t->two.n && t->one.n)
        buf_add_byte(&t->two, ' ');
    buf_add(&t->two, buf_span(&t->one));
    feed_append(&t->authors, buf_span(&t->two), '\n');
    return true;
}

static bool authors(struct feed *f, struct err *err)
{
    struct xml_event e;
    struct buf *text = &f->texts.one;
    buf_reset(text);
    bool people = false;
    while (xml_next(f->xml, &e, err) && e.kind != XML_CLOSE) {
        if (e.kind == XML_TEXT && !people)
            buf_add(text, e.text);
        if (e.kind != XML_OPEN)
            continue;
        people = true;
        if (span_is(e.name, "author") ? !author(f, err) : !xml_skip(f->xml, err))
            return false;
    }
    if (!people)
        feed_names(&f->texts.authors, buf_span(text)); /* arXivRaw: one text */
    return err->code == E_NONE;
}

/* ---- versions of the form arXivRaw ---- */

static bool version(struct feed *f, struct feed_entry *out, struct err *err)
{
    struct span text = {NULL, 0};
    uint64_t number = 0;
    day_t day = FEED_NO_DAY;
    struct xml_event e;
    if (f->xml->attribute(f->xml, "version", &text) && scan_byte(&text, 'v') &&
        !scan_u64(&text, &number, 9999))
        number = 0;
    while (xml_next(f->xml, &e, err) && e.kind != XML_CLOSE)
        if (e.kind == XML_OPEN &&
            (span_is(e.name, "date") ? !feed_day(f, &day, err) : !xml_skip(f->xml, err)))
            return false;
    if (number && out->versions_n < FEED_VERSIONS)
        out->versions[out->versions_n++] = (struct feed_version){(int)number, day};
    return err->code == E_NONE;
}

/* ---- metadata ---- */

/* The id that people use, in place of the header's: they say the same. */
static bool other(struct feed *f, const struct xml_event *e, struct feed_entry *out, struct err *err)
{
    if (span_is(e->name, "authors"))
        return authors(f, err);
    if (span_is(e->name, "version"))
        return version(f, out, err);
    if (span_is(e->name, "created"))
        return feed_day(f, &out->published, err);
    if (span_is(e->name, "updated"))
        return feed_day(f, &out->updated, err);
    return xml_skip(f->xml, err);
}

/* dc:date is once for each version: the first is the earliest. */
static bool dc_date(struct feed *f, struct feed_entry *out, struct err *err)
{
    day_t day;
    if (!feed_day(f, &day, err))
        return false;
    if (day != FEED_NO_DAY && (out->published == FEED_NO_DAY || day < out->published))
        out->published = day;
    return true;
}

/* dc:identifier: an address of arXiv, or a DOI. */
static void dc_identifier(struct feed_texts *t)
{
    struct span one = buf_span(&t->one);
    if (span_starts(one, SPAN("doi:")) || span_find(one, SPAN("doi.org/")) >= 0) {
        buf_reset(&t->doi);
        buf_add(&t->doi, one);
    }
}

/* "Noether, Emmy" */
static void dc_creator(struct feed_texts *t)
{
    struct span fore = buf_span(&t->one), sur;
    if (span_cut(&fore, ',', &sur)) {
        buf_reset(&t->two);
        buf_add(&t->two, span_trim(fore));
        buf_add_byte(&t->two, ' ');
        buf_add(&t->two, span_trim(sur));
        feed_append(&t->authors, buf_span(&t->two), '\n');
    } else {
        feed_append(&t->authors, sur, '\n');
    }
}

/* One element of Dublin Core, each of which may stand several times. */
static bool dc(struct feed *f, const struct xml_event *e, struct feed_entry *out, struct err *err)
{
    struct feed_texts *t = &f->texts;
    const struct feed_field one[] = {{dc_ns, "identifier", &t->one}, {dc_ns, "creator", &t->one}, {0}};
    const struct feed_field title[] = {{dc_ns, "title", &t->title}, {0}};
    const struct feed_field description[] = {{dc_ns, "description", &t->two}, {0}};
    bool bad = false, is_creator = span_is(e->name, "creator");
    if (span_is(e->name, "date"))
        return dc_date(f, out, err);
    if (feed_take(f, e, one, false, &bad, err)) {
        if (!bad && is_creator)
            dc_creator(t);
        else if (!bad)
            dc_identifier(t);
    } else if (feed_take(f, e, description, false, &bad, err)) {
        /* the abstract comes first; "Comment: …" behind it */
        if (!bad && span_starts(buf_span(&t->two), SPAN("Comment:")))
            buf_add(&t->comments, span_trim(span_from(buf_span(&t->two), 8)));
        else if (!bad && t->abstract.n == 0)
            buf_add(&t->abstract, buf_span(&t->two));
    } else if (!feed_take(f, e, title, false, &bad, err)) {
        bad = !xml_skip(f->xml, err);
    }
    return !bad;
}

static bool metadata(struct feed *f, struct feed_entry *out, struct err *err)
{
    struct feed_texts *t = &f->texts;
    const struct feed_field fields[] = {{NULL, "id", &t->id},
                                        {NULL, "title", &t->title},
                                        {NULL, "abstract", &t->abstract},
                                        {NULL, "categories", &t->categories},
                                        {NULL, "comments", &t->comments},
                                        {NULL, "journal-ref", &t->journal},
                                        {NULL, "doi", &t->doi},
                                        {0}};
    struct xml_event e;
    out->has_comments = true;
    while (xml_next(f->xml, &e, err) && e.kind != XML_CLOSE) {
        bool bad = false;
        if (e.kind != XML_OPEN)
            continue;
        if (span_is(e.ns, dc_ns))
            bad = !dc(f, &e, out, err);
        else if (!feed_take(f, &e, fields, false, &bad, err))
            bad = !other(f, &e, out, err);
        if (bad)
            return false;
    }
    return err->code == E_NONE;
}

/* <metadata> holds one element, whose children are the fields. */
static bool envelope(struct feed *f, struct feed_entry *out, struct err *err)
{
    struct xml_event e;
    while (xml_next(f->xml, &e, err) && e.kind != XML_CLOSE)
        if (e.kind == XML_OPEN && !metadata(f, out, err))
            return false;
    return err->code == E_NONE;
}

bool feed_oai(struct feed *f, struct feed_entry *out, struct err *err)
{
    struct xml_event e;
    while (xml_next(f->xml, &e, err) && e.kind != XML_CLOSE) {
        bool done = true;
        if (e.kind != XML_OPEN)
            continue;
        if (span_is(e.name, "header"))
            done = header(f, out, err);
        else if (span_is(e.name, "metadata"))
            done = envelope(f, out, err);
        else
            done = xml_skip(f->xml, err);
        if (!done)
            return false;
    }
    for (size_t i = 0; i < out->versions_n; i++)
        if (out->versions[i].number == 1) {
            out->published = out->versions[i].day;
            out->published_is_first = out->published != FEED_NO_DAY;
        }
    return err->code == E_NONE;
}
