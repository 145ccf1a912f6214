/* An item of arXiv's RSS: what was announced on one day, how, and the abstract behind two lines of the
 * description ("arXiv:IDvN Announce Type: T", "Abstract: …"). */
#include "codec/feed.h"

#include "base/banned.h"

static const char arxiv_ns[] = "http://arxiv.org/schemas/atom";
static const char dc_ns[] = "http://purl.org/dc/elements/1.1/";

/* What stands behind "Abstract:" is the abstract; without it all of it is. */
static void description(struct feed_texts *t)
{
    struct span text = buf_span(&t->two), mark = SPAN("Abstract:");
    ptrdiff_t at = span_find(text, mark);
    if (at >= 0)
        text = span_from(text, (size_t)at + mark.n);
    buf_reset(&t->abstract);
    buf_add(&t->abstract, span_trim(text));
    struct span first = buf_span(&t->two), word = SPAN("arXiv:");
    if (t->id.n == 0 && span_starts(first, word)) {
        size_t n = word.n;
        while (n < first.n && first.p[n] != ' ' && first.p[n] != '\n')
            n++;
        buf_add(&t->id, span_first(first, n));
    }
}

bool feed_rss(struct feed *f, struct feed_entry *out, struct err *err)
{
    struct feed_texts *t = &f->texts;
    AUTO_BUF struct buf link;
    buf_init(&link, FEED_TITLE);
    const struct feed_field fields[] = {{NULL, "title", &t->title},
                                        {NULL, "guid", &t->id},
                                        {"", "link", &link},
                                        {arxiv_ns, "announce_type", &t->announced_as},
                                        {arxiv_ns, "DOI", &t->doi},
                                        {arxiv_ns, "journal_reference", &t->journal},
                                        {NULL, "description", &t->two},
                                        {0}};
    struct xml_event e;
    const struct feed_field creator[] = {{dc_ns, "creator", &t->one}, {0}};
    const struct feed_field category[] = {{NULL, "category", &t->categories}, {0}};
    while (xml_next(f->xml, &e, err) && e.kind != XML_CLOSE) {
        bool bad = false;
        if (e.kind != XML_OPEN)
            continue;
        if (span_is(e.name, "pubDate"))
            bad = !feed_day(f, &out->announced, err);
        else if (!feed_take(f, &e, fields, false, &bad, err) && !feed_take(f, &e, creator, true, &bad, err) &&
                 !feed_take(f, &e, category, true, &bad, err))
            bad = !xml_skip(f->xml, err);
        if (bad)
            return false;
    }
    for (size_t i = 0; i < t->categories.n; i++)
        if (t->categories.p[i] == '\n')
            t->categories.p[i] = ' ';
    feed_names(&t->authors, buf_span(&t->one));
    description(t);
    if (t->id.n == 0)
        buf_add(&t->id, buf_span(&link));
    return err->code == E_NONE;
}
