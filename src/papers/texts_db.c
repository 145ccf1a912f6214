/* Papers of the database as texts. */
#include "papers/texts_db.h"

#include "papers/paper.h"

#include "base/banned.h"

struct taking {
    struct texts *texts;
    struct buf venue, authors;
    int this_year;
    struct stmt *volumes; /* ids of the ACL Anthology, in the order of their papers */
    int64_t volume_of;    /* the paper of the one at hand; INT64_MAX behind the last */
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

static bool next_volume(struct taking *t, struct err *err)
{
    bool there = db_next(t->volumes, err);
    t->volume_of = there ? db_int(t->volumes, 0) : INT64_MAX;
    return there || !err->code;
}

/* Its id in the ACL Anthology, of which the volume is a part: "P18-1001". */
static bool volume_of(struct taking *t, const struct paper *p, struct span *out, struct err *err)
{
    while (t->volume_of < p->id)
        if (!next_volume(t, err))
            return false;
    *out = t->volume_of == p->id && p->venue.n ? db_text(t->volumes, 1) : SPAN("");
    return true;
}

static bool take(const struct paper *p, void *arg, struct err *err)
{
    struct taking *t = arg;
    struct span volume;
    char day[16] = "";
    if (p->year == 0 || p->year > t->this_year)
        return true;
    if (!volume_of(t, p, &volume, err))
        return false;
    join_authors(&t->authors, p->authors);
    struct corpus_paper paper = {.venue = venue_of(&t->venue, p),
                                 .title = p->title,
                                 .abstract = p->abstract,
                                 .authors = buf_span(&t->authors),
                                 .vol = volume,
                                 .date = span_of(p->day == PAPER_NO_DAY ? day : day_text(p->day, day)),
                                 .year = p->year};
    return buf_ok(&t->authors, err) && buf_ok(&t->venue, err) && texts_add(t->texts, &paper, err);
}

bool texts_of_db(struct db *db, day_t today, struct texts *texts, struct err *err)
{
    struct papers_asked all = {.from = PAPER_NO_DAY, .to = DAY_MAX, .texts = true};
    AUTO_STMT struct stmt *volumes = NULL;
    if (!db_query(db, &volumes, err,
                  "select paper, value from paper_id where scheme = 'acl' order by paper, value"))
        return false;
    struct taking t = {.texts = texts, .this_year = day_ymd(today).year, .volumes = volumes, .volume_of = -1};
    buf_init(&t.venue, CORPUS_TITLE * 4);
    buf_init(&t.authors, 2 * CORPUS_AUTHORS);
    bool ok = papers_each(db, &all, take, &t, err);
    buf_clear(&t.venue);
    buf_clear(&t.authors);
    return ok;
}
