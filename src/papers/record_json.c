/* Records of JSON objects, whoever wrote them: arXiv's snapshot, OpenReview (both forms), Semantic Scholar,
 * Hugging Face's daily papers, Paperlists, and lines of our own (papers/corpus.h). Only the members that are
 * wanted are looked at. */
#include "papers/record.h"

#include <string.h>

#include "base/vec.h"
#include "base/words.h"
#include "codec/date.h"
#include "codec/json_scan.h"
#include "codec/scan.h"

#include "base/banned.h"

enum { TEXT_MOST = 1 << 20 };

struct reading {
    struct arena *arena;
    struct span object;
    struct paper_record *r;
};

/* ---- members ---- */

static struct span text_of(struct arena *arena, struct span value)
{
    AUTO_BUF struct buf out;
    int64_t n;
    buf_init(&out, TEXT_MOST);
    if (json_int(value, &n))
        buf_printf(&out, "%lld", (long long)n);
    else if (!json_text(value, &out) || out.failed)
        return SPAN("");
    return out.n ? arena_span(arena, buf_span(&out)) : SPAN("");
}

static struct span text_at(struct arena *arena, struct span object, const char *key)
{
    struct span value;
    return json_find(object, key, &value) ? text_of(arena, value) : SPAN("");
}

/* A list of texts, or of objects with a member `name`, joined; a text as it is. */
static struct span list_at(struct arena *arena, struct span list, const char *name, char between)
{
    AUTO_BUF struct buf out;
    struct span element, value;
    bool bad;
    buf_init(&out, TEXT_MOST);
    if (list.n == 0 || list.p[0] != '[')
        return text_of(arena, list);
    while (json_element(&list, &element, &bad)) {
        bool object = element.n && element.p[0] == '{';
        if (object && !json_find(element, name, &value))
            continue;
        feed_append(&out, text_of(arena, object ? value : element), between);
    }
    return out.failed || out.n == 0 ? SPAN("") : arena_span(arena, buf_span(&out));
}

static struct span list_member(struct arena *arena, struct span object, const char *key, const char *name,
                               char between)
{
    struct span list;
    return json_find(object, key, &list) ? list_at(arena, list, name, between) : SPAN("");
}

struct who_list {
    struct paper_who *at;
    size_t n, room;
};

/* Who the authors of a list are: `ids` stands beside it, element by element, or an author that is an object
 * has the id within. */
static bool who_of(struct reading *in, struct span names, const char *name, struct span ids, struct err *err)
{
    static const char *const within[] = {"orcid", "username", "authorid"};
    struct who_list list = {0};
    struct span one, id, value;
    bool bad;
    if (!names.n || names.p[0] != '[')
        return true;
    while (list.n < PAPER_AUTHORS && json_element(&names, &one, &bad)) {
        bool object = one.n && one.p[0] == '{', beside = ids.n && json_element(&ids, &id, &bad);
        for (size_t i = 0; !beside && object && i < sizeof within / sizeof *within; i++)
            beside = json_find(one, within[i], &id);
        if (!beside || (object && !json_find(one, name, &value)))
            continue;
        struct paper_who *w = VEC_PUSH(in->arena, &list);
        if (!w)
            return fail_memory(err);
        *w = (struct paper_who){text_of(in->arena, object ? value : one), text_of(in->arena, id)};
    }
    in->r->who = list.at;
    in->r->who_n = list.n;
    return true;
}

/* "A; B": one a line. */
static struct span semicolons(struct arena *arena, struct span names)
{
    char *to = arena_text(arena, names);
    for (size_t i = 0; to && i < names.n; i++)
        if (to[i] == ';')
            to[i] = '\n';
    return to ? (struct span){to, names.n} : SPAN("");
}

static day_t day_of_text(struct span text)
{
    day_t day;
    return text.n && date_read(text, &day) ? day : PAPER_NO_DAY;
}

static int year_of_text(struct span text)
{
    int64_t n;
    return scan_i64(&text, &n) && text.n == 0 && n >= 1900 && n <= 2199 ? (int)n : 0;
}

/* ---- the snapshot ---- */

/* [["Balázs", "C.", ""], …] */
static struct span parsed_authors(struct arena *arena, struct span list)
{
    AUTO_BUF struct buf out, name;
    struct span one, part;
    bool bad;
    buf_init(&out, TEXT_MOST);
    buf_init(&name, TEXT_MOST);
    while (json_element(&list, &one, &bad)) {
        struct span parts[3] = {SPAN(""), SPAN(""), SPAN("")};
        size_t n = 0;
        bool worse;
        while (n < 3 && json_element(&one, &part, &worse))
            parts[n++] = text_of(arena, part);
        buf_reset(&name);
        static const size_t order[] = {1, 0, 2};
        for (size_t i = 0; i < 3; i++)
            feed_append(&name, parts[order[i]], ' ');
        feed_append(&out, buf_span(&name), '\n');
    }
    return out.failed || out.n == 0 ? SPAN("") : arena_span(arena, buf_span(&out));
}

static bool snapshot_versions(struct reading *in, struct err *err)
{
    struct span list, one;
    bool bad;
    struct paper_version *v = arena_array(in->arena, PAPER_VERSIONS, sizeof *v);
    if (!v)
        return fail_memory(err);
    if (!json_find(in->object, "versions", &list))
        return true;
    while (in->r->versions_n < PAPER_VERSIONS && json_element(&list, &one, &bad)) {
        uint64_t number;
        struct span name = text_at(in->arena, one, "version");
        if (!scan_byte(&name, 'v') || !scan_u64(&name, &number, 9999) || number == 0)
            continue;
        v[in->r->versions_n++] =
            (struct paper_version){(int)number, day_of_text(text_at(in->arena, one, "created"))};
        in->r->version = (int)number > in->r->version ? (int)number : in->r->version;
    }
    in->r->versions = v;
    return true;
}

static bool snapshot(struct reading *in, struct err *err)
{
    struct paper *p = &in->r->paper;
    struct arena *a = in->arena;
    struct span parsed, id = text_at(a, in->object, "id");
    in->r->source = SOURCE_ARXIV;
    if (!record_add_id(a, in->r, id, NULL) || !span_is(p->ids[0].scheme, "arxiv"))
        return fail(err, E_FORMAT, tr("err.papers.feed_id", "“%.*s” is not an id of arXiv"),
                    SPAN_ARG(span_first(id, 100)));
    struct span arxiv = p->ids[0].value;
    record_add_id(a, in->r, text_at(a, in->object, "doi"), NULL);
    if (json_find(in->object, "authors_parsed", &parsed))
        p->authors = parsed_authors(a, parsed);
    if (p->authors.n == 0) {
        AUTO_BUF struct buf names;
        buf_init(&names, TEXT_MOST);
        feed_names(&names, text_at(a, in->object, "authors"));
        p->authors = names.n ? arena_span(a, buf_span(&names)) : SPAN("");
    }
    p->categories = list_member(a, in->object, "categories", "", ' ');
    in->r->stamp = day_of_text(text_at(a, in->object, "update_date"));
    in->r->says_withdrawn = record_is_withdrawn(text_at(a, in->object, "comments"));
    if (!snapshot_versions(in, err))
        return false;
    for (size_t i = 0; i < in->r->versions_n; i++)
        if (in->r->versions[i].number == 1 && in->r->versions[i].day != PAPER_NO_DAY) {
            p->day = in->r->versions[i].day;
            in->r->day_is_published = true;
        }
    if (p->day == PAPER_NO_DAY)
        p->year = record_arxiv_year(arxiv);
    return true;
}

/* ---- OpenReview ---- */

/* Form 2 has {"value": …} where form 1 has the value. */
static struct span content_of(struct span content, const char *key)
{
    struct span value, inner;
    if (!json_find(content, key, &value))
        return (struct span){NULL, 0};
    return value.n && value.p[0] == '{' && json_find(value, "value", &inner) ? inner : value;
}

static int year_within(struct span text)
{
    for (size_t i = 0; i + 4 <= text.n; i++) {
        int year = year_of_text(span_first(span_from(text, i), 4));
        if (year)
            return year;
    }
    return 0;
}

/* A note that is the start of its own forum and has a title is a paper. */
static bool openreview(struct reading *in, bool *left_out, struct err *err)
{
    struct arena *a = in->arena;
    struct paper *p = &in->r->paper;
    struct span content, odate, id = text_at(a, in->object, "id"), forum = text_at(a, in->object, "forum");
    int64_t when;
    in->r->source = SOURCE_OPENREVIEW;
    *left_out = !json_find(in->object, "content", &content) || id.n == 0 ||
                (forum.n && !span_eq(forum, id)) || !content_of(content, "title").n;
    if (*left_out)
        return true;
    record_put_id(a, in->r, SPAN("openreview"), id);
    p->title = text_of(a, content_of(content, "title"));
    p->abstract = text_of(a, content_of(content, "abstract"));
    p->authors = list_at(a, content_of(content, "authors"), "fullname", '\n');
    p->venue = text_of(a, content_of(content, "venue"));
    struct span venueid = text_of(a, content_of(content, "venueid"));
    struct span invitation = text_at(a, in->object, "invitation");
    if (invitation.n == 0)
        invitation = list_member(a, in->object, "invitations", "", ' ');
    p->year = year_within(venueid.n ? venueid : p->venue.n ? p->venue : invitation);
    if (json_find(in->object, "odate", &odate) && json_int(odate, &when) && when > 0 &&
        when < (int64_t)DAY_MAX * 86400000)
        p->day = (day_t)(when / 86400000);
    in->r->says_withdrawn = span_find(venueid, SPAN("Withdrawn")) >= 0 ||
                            span_find(invitation, SPAN("Withdrawn")) >= 0 ||
                            span_find(venueid, SPAN("Desk_Reject")) >= 0;
    return who_of(in, content_of(content, "authors"), "fullname", content_of(content, "authorids"), err);
}

/* ---- Semantic Scholar, Hugging Face ---- */

static void s2(struct reading *in)
{
    struct arena *a = in->arena;
    struct paper *p = &in->r->paper;
    struct span ids, id = text_at(a, in->object, "paperId");
    in->r->source = SOURCE_S2;
    if (id.n)
        record_put_id(a, in->r, SPAN("s2"), id);
    if (json_find(in->object, "externalIds", &ids)) {
        struct span acl = text_at(a, ids, "ACL");
        record_add_id(a, in->r, text_at(a, ids, "ArXiv"), NULL);
        record_add_id(a, in->r, text_at(a, ids, "DOI"), NULL);
        if (acl.n && acl.n < 100)
            record_put_id(a, in->r, SPAN("acl"), acl);
    }
    p->authors = list_member(a, in->object, "authors", "name", '\n');
    p->venue = text_at(a, in->object, "venue");
    p->year = year_of_text(text_at(a, in->object, "year"));
    p->day = day_of_text(text_at(a, in->object, "publicationDate"));
}

static bool hugging_face(struct reading *in, struct err *err)
{
    struct arena *a = in->arena;
    struct paper *p = &in->r->paper;
    struct span paper, list, one, hidden;
    bool bad, is_hidden;
    AUTO_BUF struct buf names;
    buf_init(&names, TEXT_MOST);
    if (!json_find(in->object, "paper", &paper))
        return fail(err, E_FORMAT, "%s",
                    tr("err.papers.json_kind", "it is no record of a paper that Respite "
                                               "knows"));
    in->r->source = SOURCE_HF;
    record_add_id(a, in->r, text_at(a, paper, "id"), NULL);
    p->title = text_at(a, paper, "title");
    p->abstract = text_at(a, paper, "summary");
    p->day = day_of_text(text_at(a, paper, "publishedAt"));
    if (json_find(paper, "authors", &list))
        while (json_element(&list, &one, &bad))
            if (!json_find(one, "hidden", &hidden) || !json_bool(hidden, &is_hidden) || !is_hidden)
                feed_append(&names, text_at(a, one, "name"), '\n');
    p->authors = names.n ? arena_span(a, buf_span(&names)) : SPAN("");
    return true;
}

/* ---- Paperlists, and our own lines ---- */

static void paperlists(struct reading *in, struct span venue, int year)
{
    struct arena *a = in->arena;
    struct paper *p = &in->r->paper;
    struct span id = text_at(a, in->object, "id"), status = text_at(a, in->object, "status");
    in->r->source = SOURCE_PAPERLISTS;
    if (id.n && id.n < 100)
        record_put_id(a, in->r, SPAN("paperlists"), id);
    p->authors = semicolons(a, text_at(a, in->object, "author"));
    p->venue = venue;
    p->year = year;
    in->r->says_withdrawn = span_starts(status, SPAN("Withdraw")) || span_starts(status, SPAN("Desk Reject"));
}

/* An id of a form of its own, else one that is known within its venue. */
static void corpus_id(struct reading *in, const struct corpus_paper *c)
{
    AUTO_BUF struct buf value;
    buf_init(&value, 2 * CORPUS_TITLE);
    if (c->id.n == 0 || record_add_id(in->arena, in->r, c->id, &in->r->version))
        return;
    buf_add(&value, c->venue);
    buf_add_byte(&value, '/');
    buf_add(&value, span_first(c->id, 200));
    record_put_id(in->arena, in->r, SPAN("corpus"), buf_span(&value));
}

static bool corpus(struct reading *in, struct err *err)
{
    struct arena *a = in->arena;
    struct paper *p = &in->r->paper;
    struct corpus_texts texts;
    struct corpus_paper c;
    struct span names;
    corpus_texts_init(&texts);
    bool done = corpus_read(in->object, &texts, &c, err);
    if (done) {
        in->r->source = SOURCE_CORPUS;
        corpus_id(in, &c);
        p->title = arena_span(a, c.title);
        p->abstract = c.abstract.n ? arena_span(a, c.abstract) : SPAN("");
        p->authors = semicolons(a, c.authors);
        p->categories = c.categories.n ? arena_span(a, c.categories) : SPAN("");
        p->venue = c.venue.n ? arena_span(a, c.venue) : SPAN("");
        p->day = day_of_text(c.date);
        p->year = c.year;
    }
    corpus_texts_clear(&texts);
    return done && (!json_find(in->object, "authors", &names) ||
                    who_of(in, names, "name", (struct span){NULL, 0}, err));
}

/* ---- which ---- */

enum record_json record_json_kind(struct span object)
{
    static const struct {
        const char *key;
        enum record_json kind;
    } marks[] = {{"paperId", JSON_S2},        {"externalIds", JSON_S2}, {"authors_parsed", JSON_SNAPSHOT},
                 {"versions", JSON_SNAPSHOT}, {"paper", JSON_HF},       {"content", JSON_OPENREVIEW},
                 {"author", JSON_PAPERLISTS}, {"title", JSON_CORPUS}};
    struct span any;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (json_find(object, marks[i].key, &any))
            return marks[i].kind;
    return JSON_OTHER;
}

static bool by_kind(struct reading *in, enum record_json kind, struct span venue, int year, bool *left_out,
                    struct err *err)
{
    switch (kind) {
    case JSON_SNAPSHOT:
        return snapshot(in, err);
    case JSON_OPENREVIEW:
        return openreview(in, left_out, err);
    case JSON_S2:
        s2(in);
        return true;
    case JSON_HF:
        return hugging_face(in, err);
    case JSON_PAPERLISTS:
        paperlists(in, venue, year);
        return true;
    case JSON_CORPUS:
        return corpus(in, err);
    case JSON_OTHER:
        break;
    }
    return fail(err, E_FORMAT, "%s",
                tr("err.papers.json_kind", "it is no record of a paper that Respite knows"));
}

bool record_of_json(struct arena *arena, enum record_json kind, struct span object, struct span venue,
                    int year, struct paper_record *out, bool *left_out, struct err *err)
{
    struct paper_record r;
    struct reading in = {arena, object, &r};
    bool bad = false;
    struct span rest = object, key, value;
    *left_out = false;
    record_begin(&r, SOURCE_CORPUS);
    while (json_member(&rest, &key, &value, &bad))
        ;
    if (bad || span_trim(rest).n)
        return fail(err, E_FORMAT, "%s", tr("err.papers.corpus_json", "it cannot be read as JSON"));
    if (kind == JSON_SNAPSHOT || kind == JSON_S2 || kind == JSON_PAPERLISTS) {
        r.paper.title = text_at(arena, object, "title");
        r.paper.abstract = text_at(arena, object, "abstract");
    }
    if (!by_kind(&in, kind, venue, year, left_out, err) || (!arena_ok(arena) && !fail_memory(err)))
        return false;
    *out = r;
    return true;
}
