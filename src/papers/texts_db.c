/* Papers of the database as texts. */
#include "papers/texts_db.h"

#include "papers/paper.h"

#include "base/banned.h"

struct taking {
    struct texts *texts;
    struct buf venue, authors;
};

/* "A. Noether\nE. Lasker" as a corpus writes it: "A. Noether; E. Lasker". */
static void join_authors(struct buf *out, struct span lines)
{
    struct span name;
    out->n = 0;
    while (lines.n) {
        span_cut(&lines, '\n', &name);
        if (out->n)
            buf_add(out, SPAN("; "));
        buf_add(out, name);
    }
}

static struct span venue_of(struct buf *room, const struct paper *p)
{
    struct span rest = p->categories, first;
    if (p->venue.n || !rest.n)
        return p->venue;
    span_cut(&rest, ' ', &first);
    room->n = 0;
    buf_add(room, SPAN("arxiv/"));
    buf_add(room, first);
    return buf_span(room);
}

static bool take(const struct paper *p, void *arg, struct err *err)
{
    struct taking *t = arg;
    if (p->year == 0)
        return true;
    join_authors(&t->authors, p->authors);
    struct corpus_paper paper = {.venue = venue_of(&t->venue, p),
                                 .title = p->title,
                                 .abstract = p->abstract,
                                 .authors = buf_span(&t->authors),
                                 .year = p->year};
    return buf_ok(&t->authors, err) && buf_ok(&t->venue, err) && texts_add(t->texts, &paper, err);
}

bool texts_of_db(struct db *db, struct texts *texts, struct err *err)
{
    struct papers_asked all = {.from = PAPER_NO_DAY, .to = DAY_MAX, .texts = true};
    struct taking t = {.texts = texts};
    buf_init(&t.venue, CORPUS_TITLE * 4);
    buf_init(&t.authors, 2 * CORPUS_AUTHORS);
    bool ok = papers_each(db, &all, take, &t, err) && texts_settle(texts, err);
    buf_clear(&t.venue);
    buf_clear(&t.authors);
    return ok;
}
