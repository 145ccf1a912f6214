/* Records of feeds, of BibTeX and of plain ids, and what all kinds share. JSON: papers/record_json.c. */
#include "papers/record.h"

#include "base/words.h"
#include "codec/date.h"
#include "codec/scan.h"
#include "codec/tex.h"

#include "base/banned.h"

enum { FRESH_DAYS = 7 /* between a paper's date and the day it is first listed, at most */ };

/* ---- shared ---- */

void record_begin(struct paper_record *r, enum paper_source source)
{
    *r = (struct paper_record){.source = source, .stamp = PAPER_NO_DAY, .says_withdrawn = -1};
    r->paper.day = r->paper.announced = PAPER_NO_DAY;
}

void record_put_id(struct arena *arena, struct paper_record *r, struct span scheme, struct span value)
{
    struct paper_id *ids = arena_array(arena, r->paper.ids_n + 1, sizeof *ids);
    if (!ids || r->paper.ids_n >= PAPER_IDS)
        return;
    for (size_t i = 0; i < r->paper.ids_n; i++) {
        ids[i] = r->paper.ids[i];
        if (span_eq(ids[i].scheme, scheme) && span_eq(ids[i].value, value))
            return;
    }
    ids[r->paper.ids_n] = (struct paper_id){arena_span(arena, scheme), arena_span(arena, value)};
    r->paper.ids = ids;
    r->paper.ids_n++;
}

bool record_add_id(struct arena *arena, struct paper_record *r, struct span text, int *version)
{
    AUTO_BUF struct buf room;
    struct paper_id id;
    buf_init(&room, 4096);
    if (!paper_id_read(text, &room, &id, version))
        return false;
    record_put_id(arena, r, id.scheme, id.value);
    return true;
}

static bool holds_nocase(struct span text, struct span word)
{
    for (size_t i = 0; i + word.n <= text.n; i++)
        if (span_eq_nocase(span_first(span_from(text, i), word.n), word))
            return true;
    return false;
}

bool record_is_withdrawn(struct span comments)
{
    return holds_nocase(comments, SPAN("withdrawn"));
}

/* The two digits before the month: 91 to 06 of old ids, 07 and on of new ones. */
int record_arxiv_year(struct span value)
{
    struct span archive, rest = value;
    if (span_find(value, SPAN("/")) >= 0)
        span_cut(&rest, '/', &archive);
    if (rest.n < 4 || rest.p[0] < '0' || rest.p[0] > '9' || rest.p[1] < '0' || rest.p[1] > '9')
        return 0;
    int two = (rest.p[0] - '0') * 10 + rest.p[1] - '0';
    return two >= 91 ? 1900 + two : 2000 + two;
}

static bool no_future_versions(struct arena *arena, struct paper_record *r, day_t last, struct err *err)
{
    size_t n = 0;
    struct paper_version *v = arena_array(arena, r->versions_n + 1, sizeof *v);
    if (!v)
        return fail_memory(err);
    for (size_t i = 0; i < r->versions_n; i++)
        if (r->versions[i].day <= last)
            v[n++] = r->versions[i];
    r->versions = v;
    r->versions_n = n;
    return true;
}

bool record_no_future(struct arena *arena, struct paper_record *r, day_t today, struct err *err)
{
    day_t last = today + 2;
    if (r->paper.day > last)
        r->paper.day = PAPER_NO_DAY;
    if (r->paper.announced > last) {
        r->paper.announced = PAPER_NO_DAY;
        r->paper.kind = PAPER_FOUND;
    }
    if (r->stamp > last)
        r->stamp = PAPER_NO_DAY;
    if (r->paper.year > day_ymd(last).year + 1)
        r->paper.year = 0;
    return no_future_versions(arena, r, last, err);
}

/* ---- feeds ---- */

static enum paper_kind kind_of(struct span announced_as)
{
    if (span_is(announced_as, "new"))
        return PAPER_NEW;
    if (span_is(announced_as, "cross"))
        return PAPER_CROSS;
    return announced_as.n ? PAPER_REPLACE : PAPER_FOUND;
}

/* A datestamp moves with any edit: it is that of the first listing when it follows the paper's date closely
 * and there is one version. */
static enum paper_kind oai_kind(const struct feed_entry *e)
{
    bool fresh = e->published != FEED_NO_DAY && e->announced - e->published <= FRESH_DAYS &&
                 e->versions_n <= 1 && e->updated == FEED_NO_DAY;
    return fresh ? PAPER_NEW : PAPER_REPLACE;
}

static void set_days(struct paper_record *r, enum feed_form form, const struct feed_entry *e)
{
    struct paper *p = &r->paper;
    p->day = e->published;
    r->day_is_published = e->published_is_first && e->published != FEED_NO_DAY;
    r->stamp = form == FEED_ATOM ? e->updated : e->announced;
    if (form == FEED_RSS || form == FEED_OAI) {
        p->kind = form == FEED_RSS ? kind_of(e->announced_as) : oai_kind(e);
        p->announced = p->kind == PAPER_FOUND ? PAPER_NO_DAY : e->announced;
    }
    if (e->deleted) {
        p->kind = PAPER_FOUND;
        p->announced = PAPER_NO_DAY;
    }
    if (form == FEED_RSS && p->kind == PAPER_NEW)
        p->day = e->announced;
}

static bool set_versions(struct arena *arena, struct paper_record *r, enum feed_form form,
                         const struct feed_entry *e, struct err *err)
{
    struct paper_version *v = arena_array(arena, e->versions_n + 2, sizeof *v);
    if (!v)
        return fail_memory(err);
    for (size_t i = 0; i < e->versions_n; i++)
        v[r->versions_n++] = (struct paper_version){e->versions[i].number, e->versions[i].day};
    if (form == FEED_ATOM) {
        v[r->versions_n++] = (struct paper_version){1, e->published};
        if (r->version > 1)
            v[r->versions_n++] = (struct paper_version){r->version, e->updated};
    }
    r->versions = v;
    return true;
}

static struct span kept(struct arena *arena, struct span text)
{
    return text.n ? arena_span(arena, text) : SPAN("");
}

bool record_of_feed(struct arena *arena, enum feed_form form, const struct feed_entry *e,
                    struct paper_record *out, struct err *err)
{
    struct paper_record r;
    record_begin(&r, SOURCE_ARXIV);
    if (!record_add_id(arena, &r, e->id, &r.version) || !span_is(r.paper.ids[0].scheme, "arxiv"))
        return fail(err, E_FORMAT, tr("err.papers.feed_id", "“%.*s” is not an id of arXiv"),
                    SPAN_ARG(span_first(e->id, 100)));
    struct span arxiv = r.paper.ids[0].value;
    record_add_id(arena, &r, e->doi, NULL);
    r.paper.title = kept(arena, e->title);
    r.paper.abstract = kept(arena, e->abstract);
    r.paper.authors = kept(arena, e->authors);
    r.paper.categories = kept(arena, e->categories);
    set_days(&r, form, e);
    if (r.paper.day == PAPER_NO_DAY)
        r.paper.year = record_arxiv_year(arxiv);
    if (e->has_comments || e->deleted)
        r.says_withdrawn = e->deleted || record_is_withdrawn(e->comments);
    *out = r;
    return set_versions(arena, out, form, e, err) && (arena_ok(arena) || fail_memory(err));
}

/* ---- BibTeX ---- */

static struct span plain(struct arena *arena, struct span text)
{
    AUTO_BUF struct buf out;
    buf_init(&out, BIBTEX_VALUE);
    tex_plain(&out, text);
    return out.failed ? SPAN("") : kept(arena, buf_span(&out));
}

/* "Noether, Emmy", "von Neumann, Jr, John": as they are spoken. */
static void add_author(struct buf *list, struct span name)
{
    AUTO_BUF struct buf out;
    struct span last, middle, first = name;
    buf_init(&out, BIBTEX_VALUE);
    if (span_cut(&first, ',', &last)) {
        struct span rest = first;
        if (!span_cut(&rest, ',', &middle))
            middle = (struct span){"", 0}, rest = first;
        tex_plain(&out, span_trim(rest));
        buf_add_byte(&out, ' ');
        tex_plain(&out, span_trim(last));
        if (span_trim(middle).n) {
            buf_add_byte(&out, ' ');
            tex_plain(&out, span_trim(middle));
        }
    } else {
        tex_plain(&out, span_trim(name));
    }
    for (size_t i = 0; i < out.n; i++)
        if (out.p[i] == '\n')
            out.p[i] = ' ';
    feed_append(list, buf_span(&out), '\n');
}

static struct span authors(struct arena *arena, struct span names)
{
    AUTO_BUF struct buf list;
    struct span name;
    buf_init(&list, BIBTEX_VALUE);
    while (bibtex_name(&names, &name))
        add_author(&list, name);
    return kept(arena, buf_span(&list));
}

static void bibtex_ids(struct arena *arena, struct paper_record *r, const struct bibtex_entry *e)
{
    static const char *const fields[] = {"eprint", "arxivid", "doi", "url", "journal", "note"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct span value = bibtex_field(e, fields[i]);
        ptrdiff_t at = span_find(value, SPAN("arXiv:"));
        if (i >= 4 && at < 0)
            continue; /* "arXiv preprint arXiv:1412.6980" */
        if (i >= 4) {
            size_t n = 6;
            value = span_from(value, (size_t)at);
            while (n < value.n && value.p[n] != ' ' && value.p[n] != ',' && value.p[n] != ']')
                n++;
            value = span_first(value, n);
        }
        record_add_id(arena, r, value, i < 2 ? &r->version : NULL);
    }
}

static int year_in(struct span text)
{
    for (size_t i = 0; i + 4 <= text.n; i++) {
        int64_t n;
        struct span four = span_first(span_from(text, i), 4);
        if (scan_i64(&four, &n) && four.n == 0 && n >= 1900 && n <= 2199)
            return (int)n;
    }
    return 0;
}

bool record_of_bibtex(struct arena *arena, const struct bibtex_entry *e, struct paper_record *out,
                      struct err *err)
{
    struct paper_record r;
    record_begin(&r, SOURCE_BIBTEX);
    bibtex_ids(arena, &r, e);
    r.paper.title = plain(arena, bibtex_field(e, "title"));
    r.paper.abstract = plain(arena, bibtex_field(e, "abstract"));
    r.paper.authors = authors(arena, bibtex_field(e, "author"));
    struct span venue = bibtex_field(e, "booktitle");
    if (venue.n == 0)
        venue = bibtex_field(e, "journal");
    if (!holds_nocase(venue, SPAN("arxiv")))
        r.paper.venue = plain(arena, venue);
    r.paper.year = year_in(bibtex_field(e, "year"));
    day_t day;
    if (date_read(bibtex_field(e, "date"), &day))
        r.paper.day = day;
    if (!r.paper.year)
        r.paper.year = year_in(bibtex_field(e, "date"));
    r.version = 0;
    *out = r;
    return arena_ok(arena) || fail_memory(err);
}

/* ---- ids ---- */

bool record_of_id(struct arena *arena, struct span line, struct paper_record *out, struct err *err)
{
    record_begin(out, SOURCE_IDS);
    if (!record_add_id(arena, out, line, NULL))
        return fail(err, E_FORMAT, tr("err.papers.id", "“%.*s” is not an id of a paper"),
                    SPAN_ARG(span_first(line, 100)));
    return arena_ok(arena) || fail_memory(err);
}
