/* From the table of papers to counts. Two walks: which venues there are in which years, then the papers of
 * those asked for. */
#include "papers/authors_db.h"

#include <stdlib.h>

#include "base/vec.h"
#include "base/words.h"
#include "codec/utf8.h"
#include "papers/field.h"
#include "papers/paper.h"
#include "papers/verdicts_keep.h"

#include "base/banned.h"

enum { VENUES_MOST = 1 << 20, NAME_ROOM = 5 * PAPER_TITLE };

/* A venue as texts_of_db has it: a paper without one stands under its first category. */
#define VENUE_NAME \
    "case when venue <> '' or categories = '' then venue when instr(categories, ' ') > 0 then 'arxiv/' || " \
    "substr(categories, 1, instr(categories, ' ') - 1) else 'arxiv/' || categories end"

/* ---- which venues ---- */

struct venue_year {
    uint32_t name, family;
    int year;
    int64_t papers;
};
struct venues {
    struct vocabulary name, family; /* as they are written; families */
    uint32_t *family_of;            /* by name */
    bool *mine;                     /* by family */
    struct venue_year *at;
    size_t n, room, of_room;
};

static void venues_free(struct venues *v)
{
    vocabulary_free(&v->name);
    vocabulary_free(&v->family);
    mem_free(v->family_of);
    mem_free(v->mine);
    mem_free(v->at);
}

static bool take_name(struct venues *v, struct span name, struct venue_year *out, struct err *err)
{
    size_t before = v->name.n;
    uint32_t number;
    AUTO_BUF struct buf family;
    buf_init(&family, NAME_ROOM);
    if (!vocabulary_add(&v->name, name, &number, err))
        return false;
    if (v->name.n > before) {
        texts_family(name, (struct span){0}, &family);
        if (!buf_ok(&family, err) ||
            !rows_room(&v->family_of, before, 1, &v->of_room, sizeof *v->family_of, err) ||
            !vocabulary_add(&v->family, buf_span(&family), &v->family_of[number], err))
            return false;
    }
    out->name = number;
    out->family = v->family_of[number];
    return true;
}

static bool venues_load(struct db *db, struct venues *v, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    if (!db_query(db, &q, err,
                  "select " VENUE_NAME " as name, year, count(*) from paper where withdrawn = 0 and year > 0 "
                  "and authors <> '' group by name, year order by name, year"))
        return false;
    while (db_next(q, err)) {
        struct venue_year row = {.year = (int)db_int(q, 1), .papers = db_int(q, 2)};
        if (!take_name(v, db_text(q, 0), &row, err) ||
            !rows_room(&v->at, v->n, 1, &v->room, sizeof *v->at, err))
            return false;
        v->at[v->n++] = row;
    }
    v->mine = err->code == E_NONE ? mem_get(v->family.n + 1) : NULL;
    return err->code == E_NONE && (v->mine || fail_memory(err));
}

static bool choose(struct venues *v, struct span field, struct err *err)
{
    if (field.n > FIELD_MOST)
        return fail(err, E_LIMIT, tr("err.papers.field.long", "A field's name has at most %d characters."),
                    FIELD_MOST);
    if (v->n == 0)
        return fail(err, E_MISSING,
                    tr("err.papers.empty", "There are no papers here yet: `respite papers import FILE` or "
                                           "`respite papers fetch` brings some."));
    return field_names(&v->family, field, v->mine) || field_missing(field, err);
}

/* The year asked for, or the last one that is over and has papers. */
static bool choose_year(const struct venues *v, int this_year, int *year, struct err *err)
{
    int first = INT32_MAX, last = 0, whole = 0;
    bool there = false;
    for (size_t i = 0; i < v->n; i++) {
        int y = v->at[i].year;
        if (!v->mine[v->at[i].family])
            continue;
        first = y < first ? y : first;
        last = y > last ? y : last;
        whole = y < this_year && y > whole ? y : whole;
        there = there || y == *year;
    }
    if (*year == 0) {
        *year = whole ? whole : last;
        return true;
    }
    return there ||
           fail(err, E_MISSING,
                tr("err.papers.year", "There are papers of this field from %d to %d, so none of %d."), first,
                last, *year);
}

static int venue_order(const void *a, const void *b)
{
    const struct authors_venue *x = a, *y = b;
    return x->papers != y->papers ? (x->papers < y->papers ? 1 : -1) : strcmp(x->name, y->name);
}

/* As people write it: a category without the word before it. */
static const char *name_said(struct arena *arena, struct span name)
{
    AUTO_BUF struct buf text;
    buf_init(&text, NAME_ROOM);
    utf8_clean(&text, span_starts(name, SPAN("arxiv/")) ? span_from(name, 6) : name);
    return buf_keep(&text, arena);
}

/* The field's venues with papers of the year, under their own names. */
static bool list_venues(struct arena *arena, const struct venues *v, int year, struct authors_found *out)
{
    out->venue = arena_array(arena, v->name.n + 1, sizeof *out->venue);
    if (!out->venue)
        return false;
    for (size_t i = 0; i < v->n; i++)
        if (v->at[i].year == year && v->mine[v->at[i].family])
            out->venue[out->venues++] = (struct authors_venue){
                name_said(arena, vocabulary_at(&v->name, v->at[i].name)), v->at[i].papers};
    if (out->venues)
        qsort(out->venue, out->venues, sizeof *out->venue, venue_order);
    return arena_ok(arena);
}

/* ---- the papers ---- */

struct said_list {
    struct author_said *at;
    size_t n, room;
};

/* What is known of who is who in the paper `id`: `q` walks all papers in order, and `*more` says that it
 * stands on a row. */
static bool said_of(struct stmt *q, struct arena *arena, int64_t id, bool *more, struct said_list *out,
                    struct err *err)
{
    while (*more && db_int(q, 0) <= id) {
        if (db_int(q, 0) == id) {
            struct author_said *s = VEC_PUSH(arena, out);
            if (!s)
                return fail_memory(err);
            *s = (struct author_said){arena_span(arena, db_text(q, 1)), arena_span(arena, db_text(q, 2))};
        }
        *more = db_next(q, err);
    }
    return err->code == E_NONE && (arena_ok(arena) || fail_memory(err));
}

static bool add_paper(struct authors *a, struct venues *v, struct stmt *q, struct stmt *ids, bool *more,
                      struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct said_list said = {0};
    /* A venue that was not there a moment ago is left for the next time. */
    uint32_t name = vocabulary_find(&v->name, db_text(q, 4));
    uint32_t family = name == NAME_NONE ? NAME_NONE : v->family_of[name];
    if (family == NAME_NONE || !v->mine[family])
        return true;
    if (!said_of(ids, arena, db_int(q, 0), more, &said, err))
        return false;
    struct authors_paper paper = {.title = db_text(q, 1),
                                  .names = db_text(q, 2),
                                  .year = (int)db_int(q, 3),
                                  .venue = vocabulary_at(&v->family, family),
                                  .said = said.at,
                                  .said_n = said.n};
    return authors_add(a, &paper, err);
}

static bool load(struct db *db, struct venues *v, int from, int to, struct authors *a, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    AUTO_STMT struct stmt *ids = NULL;
    if (!db_query(db, &ids, err, "select paper, name, id from paper_author_id order by paper, name, id") ||
        !db_query(db, &q, err,
                  "select id, title, authors, year, " VENUE_NAME " from paper where withdrawn = 0 and year "
                  "between $1 and $2 and authors <> '' order by id",
                  V_INT(from), V_INT(to)))
        return false;
    bool more = db_next(ids, err);
    while (err->code == E_NONE && db_next(q, err))
        if (!add_paper(a, v, q, ids, &more, err))
            return false;
    return err->code == E_NONE && authors_settle(a, err);
}

/* ---- what is asked ---- */

/* The usual field by what it stands for here. */
static const char *field_said(struct arena *arena, const struct venues *v, struct span field)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 4 * FIELD_MOST + 1);
    if (field.n && !span_is(field, FIELD_USUAL)) {
        utf8_clean(&text, field);
        return buf_keep(&text, arena);
    }
    for (uint32_t f = 0; f < v->family.n; f++)
        if (!v->mine[f])
            return "ml";
    return FIELD_EVERY;
}

static bool ask(struct db *db, struct arena *arena, struct venues *v, struct span field, int year,
                int this_year, struct span me, struct authors_found *out, struct err *err)
{
    AUTO_AUTHORS struct authors a = {0};
    struct authors_found f = {.draws = AUTHORS_DRAWS};
    if (!venues_load(db, v, err) || !choose(v, field, err) || !choose_year(v, this_year, &year, err))
        return false;
    f.complete = year < this_year;
    f.field = field_said(arena, v, field);
    if (!list_venues(arena, v, year, &f))
        return fail_memory(err);
    if (!authors_init(&a, err) || !load(db, v, 1, year, &a, err) ||
        !authors_count(&a, year, f.draws, &f.y, err))
        return false;
    me = span_trim(me);
    if (me.n) {
        AUTO_BUF struct buf shown;
        buf_init(&shown, 8 * AUTHOR_NAME);
        utf8_clean(&shown, span_first(me, AUTHOR_NAME));
        f.me = buf_keep(&shown, arena);
        if (!authors_own(&a, me, year, &f.own, err))
            return false;
    }
    if (!arena_ok(arena))
        return fail_memory(err);
    *out = f;
    return true;
}

static struct venues venues_begin(void)
{
    return (struct venues){.name.most = VENUES_MOST, .family.most = VENUES_MOST};
}

bool authors_of_db(struct db *db, struct arena *arena, struct span field, int year, int this_year,
                   struct span me, struct authors_found *out, struct err *err)
{
    struct venues v = venues_begin();
    bool ok = ask(db, arena, &v, field, year, this_year, me, out, err);
    venues_free(&v);
    return ok;
}

static bool norm(struct db *db, struct venues *v, struct span field, int year, uint32_t *out, struct err *err)
{
    AUTO_AUTHORS struct authors a = {0};
    struct authors_year y;
    *out = 0;
    if (!venues_load(db, v, err))
        return false;
    if (!field_names(&v->family, field, v->mine))
        return true;
    if (!authors_init(&a, err) || !load(db, v, year, year, &a, err) || !authors_count(&a, year, 0, &y, err))
        return false;
    for (int k = 0; k < AUTHORS_KINDS && y.papers >= AUTHORS_NORM; k++)
        *out = y.now.by[k].at[COUNT_50] > *out ? y.now.by[k].at[COUNT_50] : *out;
    return true;
}

bool authors_norm(struct db *db, struct span field, int year, uint32_t *out, struct err *err)
{
    struct venues v = venues_begin();
    bool ok = norm(db, &v, field, year, out, err);
    venues_free(&v);
    return ok;
}
