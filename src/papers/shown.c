/* One paper for a list: read from the database, its texts cleaned once, here, for every page and command. */
#include "papers/shown.h"

#include <inttypes.h>
#include <string.h>

#include "base/words.h"
#include "codec/scan.h"
#include "codec/tex.h"
#include "codec/utf8.h"
#include "papers/tokens.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { SHOWN_MOST = 1 << 20, AUTHORS_SHOWN = 3, EXCERPT = 200, NAME_MOST = 300 };

/* Each line of `text` cleaned; what breaks lines in a title is a blank. tex: what TeX there is, as one reads
 * it. */
static const char *line_by_line(struct arena *arena, struct span text, bool lines, bool tex)
{
    AUTO_BUF struct buf out, plain;
    struct span line;
    buf_init(&out, SHOWN_MOST);
    buf_init(&plain, SHOWN_MOST);
    while (text.n) {
        span_cut(&text, '\n', &line);
        buf_reset(&plain);
        if (tex && tex_is(line)) {
            tex_plain(&plain, line);
            line = buf_span(&plain);
        }
        utf8_clean(&out, line);
        if (text.n)
            buf_add_byte(&out, lines ? '\n' : ' ');
    }
    return buf_keep(&out, arena);
}

static const char *cleaned(struct arena *arena, struct span text, bool lines)
{
    return line_by_line(arena, text, lines, false);
}

static const char *date_of(struct arena *arena, const struct paper *p)
{
    char day[16];
    day_t shown = paper_shown(p);
    if (shown >= DAY_MIN && shown <= DAY_MAX)
        return arena_printf(arena, "%s", day_text(shown, day));
    return p->year ? arena_printf(arena, "%d", p->year) : "";
}

/* Ids that have a page of their own on the web. */
static const char *link_of(struct arena *arena, struct span scheme, const char *value)
{
    for (const char *c = value; *c; c++)
        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7F || *c == '"' || *c == '<' || *c == '>')
            return NULL;
    if (span_is(scheme, "arxiv"))
        return arena_printf(arena, "https://arxiv.org/abs/%s", value);
    if (span_is(scheme, "doi"))
        return arena_printf(arena, "https://doi.org/%s", value);
    if (span_is(scheme, "openreview"))
        return arena_printf(arena, "https://openreview.net/forum?id=%s", value);
    if (span_is(scheme, "acl"))
        return arena_printf(arena, "https://aclanthology.org/%s", value);
    return NULL;
}

/* The id by which most people know it. */
static void set_id(struct arena *arena, const struct paper *p, struct shown *out)
{
    static const char *const schemes[] = {"arxiv", "doi", "openreview", "acl", "s2", "paperlists", "corpus"};
    out->id = arena_printf(arena, "%" PRId64, p->id);
    for (size_t k = 0; k < sizeof schemes / sizeof *schemes; k++)
        for (size_t i = 0; i < p->ids_n; i++)
            if (span_is(p->ids[i].scheme, schemes[k])) {
                out->id = cleaned(arena, p->ids[i].value, false);
                out->link = link_of(arena, p->ids[i].scheme, out->id);
                return;
            }
}

bool shown_load(struct app *app, int64_t paper, struct shown *out, struct err *err)
{
    struct paper p;
    AUTO_BUF struct buf names;
    buf_init(&names, SHOWN_MOST);
    if (!paper_load(app->db, app->arena, paper, &p, err))
        return false;
    *out = (struct shown){.paper = p.id,
                          .title = line_by_line(app->arena, p.title, false, true),
                          .given = cleaned(app->arena, p.title, false),
                          .abstract = cleaned(app->arena, p.abstract, false),
                          .authors = line_by_line(app->arena, index_names(p.authors, &names), true, true),
                          .categories = cleaned(app->arena, p.categories, false),
                          .venue = cleaned(app->arena, p.venue, false),
                          .date = date_of(app->arena, &p),
                          .withdrawn = p.withdrawn};
    set_id(app->arena, &p, out);
    return true;
}

bool shown_find(struct db *db, struct span name, int64_t *paper, struct err *err)
{
    AUTO_BUF struct buf room;
    struct paper_id id;
    uint64_t number;
    struct span in = name = span_trim(span_first(name, NAME_MOST));
    buf_init(&room, 4096);
    *paper = 0;
    if (paper_id_read(name, &room, &id, NULL) && !paper_by_id(db, id.scheme, id.value, paper, err))
        return false;
    if (!*paper && !db_number(db, paper, 0, err,
                              "select paper from paper_id where scheme in ('corpus', 'paperlists', 's2') and "
                              "value = $1 order by scheme limit 1",
                              V_TEXT(name)))
        return false;
    if (*paper || !scan_u64(&in, &number, UINT32_MAX) || in.n)
        return true;
    return paper_now(db, (int64_t)number, paper, err);
}

const char *shown_authors(struct arena *arena, const char *authors)
{
    AUTO_BUF struct buf out;
    struct span rest = span_of(authors), one;
    buf_init(&out, SHOWN_MOST);
    for (int i = 0; rest.n && i < AUTHORS_SHOWN; i++) {
        span_cut(&rest, '\n', &one);
        if (i)
            buf_add_text(&out, tr("papers.comma", ", "));
        buf_add(&out, span_trim(one));
    }
    if (!rest.n)
        return buf_keep(&out, arena);
    AUTO_BUF struct buf more;
    buf_init(&more, SHOWN_MOST);
    words_say(&more, tr("papers.others", "{names} and others"), {"names", buf_text(&out)});
    return buf_keep(&more, arena);
}

/* ---- what of a search stands in a text ---- */

static bool asks_for(struct index_build *stems, const struct search *s, struct span word, size_t *which)
{
    char stem[TERM_MOST];
    size_t n = index_stem(stems, word, stem);
    for (size_t i = 0; i < s->terms; i++)
        if (!s->term[i].field && span_eq(span_bytes(s->term[i].text, s->term[i].n), span_bytes(stem, n))) {
            *which = i;
            return true;
        }
    return false;
}

/* How many different words of the search stand in the text. */
static int held(struct index_build *stems, const struct search *s, struct span text)
{
    uint64_t seen = 0;
    size_t which;
    struct tokens t;
    AUTO_BUF struct buf folded;
    buf_init(&folded, SHOWN_MOST);
    tokens_begin(&t, text, &folded);
    while (tokens_next(&t))
        if (asks_for(stems, s, t.word, &which))
            seen |= (uint64_t)1 << which;
    return __builtin_popcountll(seen);
}

const char *shown_excerpt(struct arena *arena, struct index_build *stems, const struct search *search,
                          const char *abstract)
{
    struct span rest = span_of(abstract), best = span_first(rest, 0);
    int most = -1;
    while (rest.n) {
        ptrdiff_t stop = span_find(rest, SPAN(". "));
        struct span one = stop < 0 ? rest : span_first(rest, (size_t)stop + 1);
        rest = stop < 0 ? span_first(rest, 0) : span_from(rest, (size_t)stop + 2);
        int now = held(stems, search, one);
        if (now > most) {
            most = now;
            best = one;
        }
    }
    struct span front = utf8_front(best, EXCERPT);
    if (front.n < best.n) {
        size_t cut = front.n;
        while (cut && front.p[cut - 1] != ' ')
            cut--;
        front = span_trim(span_first(front, cut ? cut : front.n));
    }
    return arena_printf(arena, "%.*s%s", SPAN_ARG(front), front.n < best.n ? "…" : "");
}

void shown_marked(struct html *h, struct index_build *stems, const struct search *search, const char *text)
{
    struct span rest = span_of(text), one;
    while (rest.n) {
        bool more = span_cut(&rest, ' ', &one);
        bool mark = one.n && held(stems, search, one) > 0;
        if (mark)
            html_raw(h, "<mark>");
        html_span(h, one);
        if (mark)
            html_raw(h, "</mark>");
        if (more)
            html_raw(h, " ");
    }
}

json_t *shown_json(const struct shown *s)
{
    json_t *o = json_pack("{s:s,s:s,s:s,s:[],s:I}", "id", s->id, "title", s->given, "date", s->date,
                          "authors", "paper", (json_int_t)s->paper);
    struct span rest = span_of(s->authors), one;
    while (o && rest.n) {
        span_cut(&rest, '\n', &one);
        json_array_append_new(json_object_get(o, "authors"), json_shown(span_trim(one)));
    }
    return o;
}

bool shown_count(struct db *db, int64_t *n, struct err *err)
{
    return db_number(db, n, 0, err, "select count(*) from paper");
}
