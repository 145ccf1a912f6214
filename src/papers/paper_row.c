/* Rows and how they join: each field is the greatest that any record gave, in an order that is total, so
 * joining is commutative, associative and idempotent; the tests hold it to that. */
#include "papers/paper_row.h"

#include <string.h>

#include "base/words.h"
#include "papers/paper_text.h"

#include "base/banned.h"

enum { STAMP_BITS = 20, VERSION_BITS = 8 };

/* ---- weights ---- */

static uint32_t weigh(unsigned rank, day_t stamp, int version)
{
    uint32_t when = stamp == PAPER_NO_DAY || stamp < 0 ? 0 : (uint32_t)stamp;
    uint32_t which = version < 0 ? 0 : (uint32_t)version;
    if (when >= 1u << STAMP_BITS)
        when = (1u << STAMP_BITS) - 1;
    if (which >= 1u << VERSION_BITS)
        which = (1u << VERSION_BITS) - 1;
    return (rank + 1) << (STAMP_BITS + VERSION_BITS) | when << VERSION_BITS | which;
}

/* A place to keep preprints is no venue. */
static bool is_venue(struct span venue)
{
    return venue.n && !span_eq_nocase(venue, SPAN("arxiv")) && !span_eq_nocase(venue, SPAN("corr")) &&
           !span_eq_nocase(venue, SPAN("arxiv.org")) && !span_eq_nocase(venue, SPAN("arxiv preprint"));
}

static uint32_t day_weight(const struct paper_record *r)
{
    if (r->paper.day == PAPER_NO_DAY)
        return 0;
    return r->day_is_published ? 3 : r->source == SOURCE_ARXIV ? 2 : 1;
}

static void set_weights(const struct paper_record *r, struct paper_row *row)
{
    uint32_t w = weigh(r->source, r->stamp, r->version);
    const struct span texts[] = {row->p.title, row->p.abstract, row->p.authors, row->p.categories};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        row->weight[i] = texts[i].n ? w : 0;
    uint32_t venue = weigh(r->source, PAPER_NO_DAY, 0);
    row->weight[FIELD_VENUE] = row->p.venue.n ? venue : 0;
    row->weight[FIELD_YEAR] = row->p.year == 0 ? 0 : row->p.venue.n ? venue : 1;
    row->weight[FIELD_DAY] = day_weight(r);
    row->weight[FIELD_WITHDRAWN] = r->says_withdrawn < 0 ? 0 : w;
}

/* ---- from a record ---- */

struct part {
    struct span from, *to;
    size_t most;
    bool lines;
};

static bool clean_part(struct arena *arena, const struct part *part, struct err *err)
{
    AUTO_BUF struct buf made;
    buf_init(&made, 4 * part->most);
    if (part->lines)
        paper_clean_lines(&made, part->from);
    else
        paper_clean(&made, part->from);
    if (!buf_ok(&made, err))
        return false;
    *part->to = arena_span(arena, buf_span(&made));
    return part->to->p || made.n == 0 || fail_memory(err);
}

static day_t first_version(const struct paper_record *r)
{
    for (size_t i = 0; i < r->versions_n; i++)
        if (r->versions[i].number == 1)
            return r->versions[i].day;
    return PAPER_NO_DAY;
}

static int highest_version(const struct paper_record *r)
{
    int most = r->version;
    for (size_t i = 0; i < r->versions_n; i++)
        most = r->versions[i].number > most ? r->versions[i].number : most;
    return most;
}

bool paper_row_of(struct arena *arena, const struct paper_record *r, struct paper_row *out, struct err *err)
{
    struct paper_record said = *r;
    struct paper_row row = {.p = r->paper};
    const struct part parts[] = {
        {r->paper.title, &row.p.title, PAPER_TITLE, false},
        {r->paper.abstract, &row.p.abstract, PAPER_ABSTRACT, false},
        {r->paper.authors, &row.p.authors, PAPER_AUTHORS, true},
        {r->paper.categories, &row.p.categories, PAPER_TITLE, false},
        {is_venue(r->paper.venue) ? r->paper.venue : SPAN(""), &row.p.venue, PAPER_TITLE, false}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!clean_part(arena, &parts[i], err))
            return false;
    if (first_version(r) != PAPER_NO_DAY) {
        said.paper.day = row.p.day = first_version(r);
        said.day_is_published = true;
    }
    row.p.version = highest_version(r);
    row.p.withdrawn = r->says_withdrawn > 0;
    row.p.ids = NULL;
    row.p.ids_n = 0;
    set_weights(&said, &row);
    *out = row;
    return true;
}

/* ---- joining ---- */

/* Of two texts of one weight: the longer, then the one that is greater by bytes. */
static bool beats(uint32_t w, struct span text, uint32_t than, struct span other)
{
    if (w != than)
        return w > than;
    return text.n != other.n ? text.n > other.n : span_order(text, other) > 0;
}

static void join_text(struct paper_row *row, const struct paper_row *other, enum paper_field field,
                      struct span *mine, struct span its)
{
    if (beats(other->weight[field], its, row->weight[field], *mine)) {
        *mine = its;
        row->weight[field] = other->weight[field];
    }
}

/* Of two numbers of one weight: the lower. */
static bool number_beats(uint32_t w, int64_t n, uint32_t than, int64_t other)
{
    return w != than ? w > than : w && n < other;
}

static int kind_class(enum paper_kind kind)
{
    return kind == PAPER_NEW || kind == PAPER_CROSS ? 2 : kind == PAPER_REPLACE ? 1 : 0;
}

/* New or cross before replacement before none; then the earlier day, then new before cross. */
static bool announcement_beats(const struct paper *a, const struct paper *b)
{
    if (kind_class(a->kind) != kind_class(b->kind))
        return kind_class(a->kind) > kind_class(b->kind);
    if (a->announced != b->announced)
        return b->announced == PAPER_NO_DAY || (a->announced != PAPER_NO_DAY && a->announced < b->announced);
    return a->kind < b->kind;
}

void paper_row_join(struct paper_row *row, const struct paper_row *other)
{
    struct paper *p = &row->p;
    const struct paper *o = &other->p;
    join_text(row, other, FIELD_TITLE, &p->title, o->title);
    join_text(row, other, FIELD_ABSTRACT, &p->abstract, o->abstract);
    join_text(row, other, FIELD_AUTHORS, &p->authors, o->authors);
    join_text(row, other, FIELD_CATEGORIES, &p->categories, o->categories);
    join_text(row, other, FIELD_VENUE, &p->venue, o->venue);
    const uint32_t *w = other->weight;
    if (number_beats(w[FIELD_YEAR], o->year, row->weight[FIELD_YEAR], p->year)) {
        p->year = o->year;
        row->weight[FIELD_YEAR] = w[FIELD_YEAR];
    }
    if (number_beats(w[FIELD_DAY], o->day, row->weight[FIELD_DAY], p->day)) {
        p->day = o->day;
        row->weight[FIELD_DAY] = w[FIELD_DAY];
    }
    if (number_beats(w[FIELD_WITHDRAWN], !o->withdrawn, row->weight[FIELD_WITHDRAWN], !p->withdrawn)) {
        p->withdrawn = o->withdrawn;
        row->weight[FIELD_WITHDRAWN] = w[FIELD_WITHDRAWN];
    }
    if (announcement_beats(o, p)) {
        p->announced = o->announced;
        p->kind = o->kind;
    }
    p->version = o->version > p->version ? o->version : p->version;
}

bool paper_row_same_words(const struct paper_row *a, const struct paper_row *b)
{
    return span_eq(a->p.title, b->p.title) && span_eq(a->p.abstract, b->p.abstract) &&
           span_eq(a->p.authors, b->p.authors) && span_eq(a->p.categories, b->p.categories) &&
           paper_shown(&a->p) == paper_shown(&b->p) &&
           (paper_shown(&a->p) != PAPER_NO_DAY || a->p.year == b->p.year);
}

bool paper_row_same(const struct paper_row *a, const struct paper_row *b)
{
    return paper_row_same_words(a, b) && span_eq(a->p.venue, b->p.venue) && a->p.year == b->p.year &&
           a->p.day == b->p.day && a->p.announced == b->p.announced && a->p.kind == b->p.kind &&
           a->p.version == b->p.version && a->p.withdrawn == b->p.withdrawn &&
           memcmp(a->weight, b->weight, sizeof a->weight) == 0;
}

/* ---- the database ---- */

bool paper_row_load(struct db *db, struct arena *arena, int64_t id, struct paper_row *out, struct err *err)
{
    struct paper_row row = {0};
    AUTO_STMT struct stmt *q = NULL;
    if (!db_query(db, &q, err, "select " PAPER_COLUMNS ", weights from paper where id = $1", V_INT(id)))
        return false;
    if (!db_next(q, err))
        return err->code == E_NONE
                   ? fail(err, E_FORMAT,
                          tr("err.papers.row", "The table of papers is damaged. `respite restore` puts a "
                                               "backup back."))
                   : false;
    paper_of_row(q, &row.p);
    struct span weights = db_text(q, 12);
    if (weights.n != 4 * PAPER_FIELDS)
        return fail(
            err, E_FORMAT,
            tr("err.papers.row", "The table of papers is damaged. `respite restore` puts a backup back."));
    for (size_t i = 0; i < PAPER_FIELDS; i++)
        for (size_t k = 0; k < 4; k++)
            row.weight[i] |= (uint32_t)(uint8_t)weights.p[4 * i + k] << 8 * k;
    if (!row.weight[FIELD_YEAR])
        row.p.year = 0;
    struct span *texts[] = {&row.p.title, &row.p.abstract, &row.p.authors, &row.p.categories, &row.p.venue};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = arena_span(arena, *texts[i]);
    *out = row;
    return arena_ok(arena) || fail_memory(err);
}

static struct val day_val(day_t day)
{
    return day == PAPER_NO_DAY ? V_NULL : V_INT(day);
}

static struct val text_val(struct span text)
{
    return V_TEXT(text.p ? text : SPAN(""));
}

/* A year that nobody named is that of the first day. */
static int year_of(const struct paper *p)
{
    return p->year || p->day == PAPER_NO_DAY ? p->year : day_ymd(p->day).year;
}

bool paper_row_save(struct db *db, const struct paper_row *row, struct err *err)
{
    const struct paper *p = &row->p;
    char weights[4 * PAPER_FIELDS];
    for (size_t i = 0; i < sizeof weights; i++)
        weights[i] = (char)(row->weight[i / 4] >> 8 * (i % 4));
    return db_run(
        db, err,
        "insert into paper (id, title, abstract, authors, categories, venue, year, day, announced, "
        "kind, version, withdrawn, shown, weights) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
        "$11, $12, $13, $14) on conflict(id) do update set title = excluded.title, abstract = "
        "excluded.abstract, authors = excluded.authors, categories = excluded.categories, venue = "
        "excluded.venue, year = excluded.year, day = excluded.day, announced = excluded.announced, "
        "kind = excluded.kind, version = excluded.version, withdrawn = excluded.withdrawn, shown = "
        "excluded.shown, weights = excluded.weights",
        V_INT(p->id), text_val(p->title), text_val(p->abstract), text_val(p->authors),
        text_val(p->categories), text_val(p->venue), V_INT(year_of(p)), day_val(p->day),
        day_val(p->announced), V_INT(p->kind), V_INT(p->version), V_INT(p->withdrawn),
        day_val(paper_shown(p)), V_BLOB(span_bytes(weights, sizeof weights)));
}
