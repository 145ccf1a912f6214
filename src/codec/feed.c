/* The frame of all feeds: which form it is, where the entries stand, and what the feed says of itself. */
#include "codec/feed.h"

#include <string.h>

#include "base/words.h"
#include "codec/date.h"
#include "codec/scan.h"

#include "base/banned.h"

static const char oai_ns[] = "http://www.openarchives.org/OAI/2.0/";
static const char atom_ns[] = "http://www.w3.org/2005/Atom";
static const char search_ns[] = "http://a9.com/-/spec/opensearch/1.1/";

#define TEXTS(t) \
    { \
        &(t)->id, &(t)->title, &(t)->abstract, &(t)->authors, &(t)->categories, &(t)->doi, &(t)->journal, \
            &(t)->comments, &(t)->announced_as, &(t)->one, &(t)->two, &(t)->three \
    }

void feed_begin(struct feed *f, struct xml *xml)
{
    struct feed_texts *t = &f->texts;
    struct buf *all[] = TEXTS(t);
    *f = (struct feed){.xml = xml, .built = FEED_NO_DAY, .total = -1};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        buf_init(all[i], FEED_TITLE);
    buf_init(&t->abstract, FEED_ABSTRACT);
    buf_init(&t->authors, FEED_AUTHORS);
    buf_init(&t->one, FEED_AUTHORS);
    buf_init(&t->two, FEED_ABSTRACT);
    buf_init(&f->token, 2000);
    buf_init(&f->problem, 200);
}

void feed_end(struct feed *f)
{
    struct buf *all[] = TEXTS(&f->texts);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        buf_clear(all[i]);
    buf_clear(&f->token);
    buf_clear(&f->problem);
}

/* ---- elements ---- */

static bool fits(const struct buf *b, struct err *err)
{
    if (b->over)
        return fail(err, E_LIMIT, "%s",
                    tr("err.codec.feed_long", "one of its texts is longer than there is room for"));
    return buf_ok(b, err);
}

static void trim(struct buf *b, size_t from)
{
    struct span text = span_trim(span_from(buf_span(b), from));
    if (text.n)
        memmove(b->p + from, text.p, text.n);
    b->n = from + text.n;
    if (b->p)
        b->p[b->n] = 0;
}

bool feed_take(struct feed *f, const struct xml_event *e, const struct feed_field *fields, bool list,
               bool *bad, struct err *err)
{
    *bad = false;
    for (; fields->name; fields++) {
        if (!span_is(e->name, fields->name) || (fields->ns && !span_is(e->ns, fields->ns)))
            continue;
        if (!list)
            buf_reset(fields->to);
        else if (fields->to->n)
            buf_add_byte(fields->to, '\n');
        size_t from = fields->to->n;
        *bad = !xml_text(f->xml, fields->to, err) || !fits(fields->to, err);
        if (!*bad)
            trim(fields->to, from);
        return true;
    }
    return false;
}

bool feed_day(struct feed *f, day_t *out, struct err *err)
{
    day_t day;
    buf_reset(&f->texts.three);
    if (!xml_text(f->xml, &f->texts.three, err) || !fits(&f->texts.three, err))
        return false;
    *out = date_read(buf_span(&f->texts.three), &day) ? day : FEED_NO_DAY;
    return true;
}

void feed_append(struct buf *list, struct span name, char between)
{
    name = span_trim(name);
    if (name.n == 0)
        return;
    if (list->n)
        buf_add_byte(list, between);
    buf_add(list, name);
}

static bool at_word(struct span rest, const char *word)
{
    struct span w = span_of(word);
    return span_starts(rest, w);
}

void feed_names(struct buf *list, struct span names)
{
    AUTO_BUF struct buf name;
    int open = 0;
    buf_init(&name, names.n + 1);
    while (names.n) {
        char c = names.p[0];
        size_t step = 1;
        bool end = open == 0 && (c == ',' || c == ';');
        if (open == 0 && (at_word(names, " and ") || at_word(names, "\nand "))) {
            end = true;
            step = 5;
        }
        if (end) {
            feed_append(list, buf_span(&name), '\n');
            buf_reset(&name);
        } else if (c == '(') {
            open++;
        } else if (c == ')') {
            open -= open > 0;
        } else if (open == 0) {
            buf_add_byte(&name, c == '\n' ? ' ' : c);
        }
        names = span_from(names, step);
    }
    feed_append(list, buf_span(&name), '\n');
}

/* ---- the frame ---- */

static const struct {
    const char *root;
    enum feed_form form;
} roots[] = {{"feed", FEED_ATOM},  {"entry", FEED_ATOM},      {"rss", FEED_RSS},       {"OAI-PMH", FEED_OAI},
             {"record", FEED_OAI}, {"ListRecords", FEED_OAI}, {"GetRecord", FEED_OAI}, {"opml", FEED_OPML}};

static enum feed_form form_of(struct span root)
{
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (span_is(root, roots[i].root))
            return roots[i].form;
    return FEED_UNKNOWN;
}

static void reset(struct feed *f, struct feed_entry *out)
{
    struct buf *all[] = TEXTS(&f->texts);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        buf_reset(all[i]);
    *out = (struct feed_entry){.published = FEED_NO_DAY, .updated = FEED_NO_DAY, .announced = FEED_NO_DAY};
}

static void point(struct feed *f, struct feed_entry *out)
{
    struct feed_texts *t = &f->texts;
    out->id = span_trim(buf_span(&t->id));
    out->title = buf_span(&t->title);
    out->abstract = buf_span(&t->abstract);
    out->authors = buf_span(&t->authors);
    out->categories = buf_span(&t->categories);
    out->doi = buf_span(&t->doi);
    out->journal = buf_span(&t->journal);
    out->comments = buf_span(&t->comments);
    out->announced_as = buf_span(&t->announced_as);
}

static bool number_of(struct feed *f, struct err *err)
{
    uint64_t n;
    buf_reset(&f->texts.one);
    if (!xml_text(f->xml, &f->texts.one, err))
        return false;
    struct span text = span_trim(buf_span(&f->texts.one));
    if (scan_u64(&text, &n, INT64_MAX) && text.n == 0)
        f->total = (int64_t)n;
    return true;
}

/* What stands beside the entries and says something of the feed. *mine: it was read to its end. */
static bool frame_element(struct feed *f, const struct xml_event *e, bool *mine, struct err *err)
{
    *mine = true;
    if (f->form == FEED_ATOM && span_is(e->ns, search_ns) && span_is(e->name, "totalResults"))
        return number_of(f, err);
    if (f->form == FEED_RSS && e->depth == 2 && span_is(e->name, "pubDate"))
        return feed_day(f, &f->built, err);
    if (f->form == FEED_OAI && span_is(e->ns, oai_ns) && span_is(e->name, "resumptionToken")) {
        struct span size;
        uint64_t n;
        if (f->xml->attribute(f->xml, "completeListSize", &size) && scan_u64(&size, &n, INT64_MAX))
            f->total = (int64_t)n;
        buf_reset(&f->token);
        bool done = xml_text(f->xml, &f->token, err) && fits(&f->token, err);
        if (done)
            trim(&f->token, 0);
        return done;
    }
    if (f->form == FEED_OAI && span_is(e->ns, oai_ns) && span_is(e->name, "error")) {
        struct span code;
        buf_reset(&f->problem);
        buf_add(&f->problem, f->xml->attribute(f->xml, "code", &code) ? code : SPAN("unknown"));
        return xml_skip(f->xml, err) && fits(&f->problem, err);
    }
    *mine = false;
    return true;
}

/* An outline with an address: its text is its name. */
static bool outline(struct feed *f, bool *mine, struct err *err)
{
    struct span url, title;
    *mine = f->xml->attribute(f->xml, "xmlUrl", &url);
    if (!*mine)
        return true;
    buf_add(&f->texts.id, url);
    if (f->xml->attribute(f->xml, "title", &title) || f->xml->attribute(f->xml, "text", &title))
        buf_add(&f->texts.title, title);
    return fits(&f->texts.id, err) && fits(&f->texts.title, err);
}

static bool entry_element(struct feed *f, const struct xml_event *e, struct feed_entry *out, bool *mine,
                          struct err *err)
{
    *mine = true;
    if (f->form == FEED_ATOM && span_is(e->name, "entry") && span_is(e->ns, atom_ns))
        return feed_atom(f, out, err);
    if (f->form == FEED_RSS && span_is(e->name, "item"))
        return feed_rss(f, out, err);
    if (f->form == FEED_OAI && span_is(e->name, "record"))
        return feed_oai(f, out, err);
    if (f->form == FEED_OPML && span_is(e->name, "outline"))
        return outline(f, mine, err);
    *mine = false;
    return true;
}

static bool known_form(struct feed *f, const struct xml_event *e, struct err *err)
{
    if (f->form == FEED_UNKNOWN)
        f->form = form_of(e->name);
    return f->form != FEED_UNKNOWN ||
           fail(err, E_FORMAT,
                tr("err.codec.feed_form", "its XML begins with <%.*s>, which is no form of feed that Respite "
                                          "reads (Atom, RSS, OAI-PMH, OPML)"),
                SPAN_ARG(span_first(e->name, 40)));
}

bool feed_next(struct feed *f, struct feed_entry *out, struct err *err)
{
    struct xml_event e;
    while (xml_next(f->xml, &e, err)) {
        bool mine = false;
        if (e.kind != XML_OPEN)
            continue;
        if (!known_form(f, &e, err) || !frame_element(f, &e, &mine, err))
            return false;
        if (mine)
            continue;
        reset(f, out);
        if (!entry_element(f, &e, out, &mine, err))
            return false;
        if (mine) {
            f->number++;
            point(f, out);
            return true;
        }
    }
    return false;
}
