/* A record finds its work: by its ids, then by title, year and surname. None: a new row. One: the row and
 * what the record says are joined. Several: they were one work all along, and become the row with the lowest
 * number. Every id and every (title, year, surnames) under which a record came is kept, so which records are
 * one work depends on the records and not on their order. */
#include "papers/paper.h"

#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "base/words.h"
#include "papers/author_name.h"
#include "papers/paper_row.h"
#include "papers/paper_text.h"

#include "base/banned.h"

enum { FOLD_LEAST = 8 /* characters */ };

struct work_ids {
    int64_t *at;
    size_t n, room;
};
struct upsert {
    struct db *db;
    struct arena *arena;
    const struct paper_record *record;
    struct paper_row said;
    struct paper_id ids[PAPER_IDS + 1];
    size_t ids_n;
    bool by_title; /* has a key by which others find it */
    uint64_t fold;
    int year;
    char names[4 * PAPER_NAMES];
    size_t names_n;
    struct work_ids found; /* ascending, each once */
    bool news;             /* an id, a key or a version was not known */
    bool named;            /* a person's list names it now */
};

/* ---- what it is found by ---- */

static size_t characters(struct span s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((uint8_t)s.p[i] & 0xC0) != 0x80;
    return n;
}

static int year_said(const struct paper *p)
{
    return p->year || p->day == PAPER_NO_DAY ? p->year : day_ymd(p->day).year;
}

static bool add_id(struct upsert *u, struct span scheme, struct span value, struct err *err)
{
    struct paper_id *id = &u->ids[u->ids_n++];
    *id = (struct paper_id){arena_span(u->arena, scheme), arena_span(u->arena, value)};
    return (id->scheme.p && id->value.p) || fail_memory(err);
}

static bool keys_of(struct upsert *u, struct err *err)
{
    AUTO_BUF struct buf fold;
    uint32_t names[PAPER_NAMES];
    buf_init(&fold, 8 * PAPER_TITLE);
    paper_fold_title(&fold, u->said.p.title);
    if (!buf_ok(&fold, err))
        return false;
    u->fold = span_hash(buf_span(&fold));
    u->year = year_said(&u->said.p);
    size_t n = paper_surnames(u->said.p.authors, names);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < 4; k++)
            u->names[u->names_n++] = (char)(names[i] >> 8 * k);
    u->by_title = u->year && n && characters(buf_span(&fold)) >= FOLD_LEAST;
    for (size_t i = 0; i < u->record->paper.ids_n && i < PAPER_IDS; i++)
        if (!add_id(u, u->record->paper.ids[i].scheme, u->record->paper.ids[i].value, err))
            return false;
    if (u->ids_n)
        return true;
    char value[40];
    snprintf(value, sizeof value, "%016llx-%d", (unsigned long long)u->fold, u->year);
    return add_id(u, SPAN("title"), span_of(value), err);
}

static bool found(struct upsert *u, int64_t id, struct err *err)
{
    size_t i = 0;
    while (i < u->found.n && u->found.at[i] < id)
        i++;
    if (i < u->found.n && u->found.at[i] == id)
        return true;
    int64_t *last = VEC_PUSH(u->arena, &u->found);
    if (!last)
        return fail_memory(err);
    memmove(u->found.at + i + 1, u->found.at + i, (u->found.n - 1 - i) * sizeof *u->found.at);
    u->found.at[i] = id;
    return true;
}

static bool find_by_ids(struct upsert *u, struct err *err)
{
    for (size_t i = 0; i < u->ids_n; i++) {
        int64_t id;
        if (!paper_by_id(u->db, u->ids[i].scheme, u->ids[i].value, &id, err))
            return false;
        u->news = u->news || !id;
        if (id && !found(u, id, err))
            return false;
    }
    return true;
}

static bool find_by_title(struct upsert *u, struct err *err)
{
    bool known = false;
    AUTO_STMT struct stmt *q = NULL;
    if (!u->by_title)
        return true;
    if (!db_query(u->db, &q, err,
                  "select paper, year, names from paper_key where fold = $1 and year between $2 and $3",
                  V_INT((int64_t)u->fold), V_INT(u->year - 1), V_INT(u->year + 1)))
        return false;
    struct span names = {u->names, u->names_n};
    while (db_next(q, err)) {
        struct span its = db_text(q, 2);
        if (paper_names_meet(names, its) && !found(u, db_int(q, 0), err))
            return false;
        known = known || (db_int(q, 1) == u->year && span_eq(names, its));
    }
    u->news = u->news || !known;
    return err->code == E_NONE;
}

/* ---- joining rows ---- */

static bool move_rows(struct db *db, int64_t from, int64_t to, struct err *err)
{
    return db_run(db, err, "update paper_id set paper = $2 where paper = $1", V_INT(from), V_INT(to)) &&
           db_run(db, err,
                  "insert into paper_key (fold, year, names, paper) select fold, year, names, $2 from "
                  "paper_key where paper = $1 on conflict do nothing",
                  V_INT(from), V_INT(to)) &&
           db_run(db, err,
                  "insert into paper_version (paper, number, day) select $2, number, day from paper_version "
                  "where paper = $1 on conflict(paper, number) do update set day = min(day, excluded.day)",
                  V_INT(from), V_INT(to)) &&
           db_run(db, err,
                  "insert into paper_author_id (paper, name, id) select $2, name, id from paper_author_id "
                  "where paper = $1 on conflict do nothing",
                  V_INT(from), V_INT(to)) &&
           db_run(db, err, "update paper_moved set paper = $2 where paper = $1", V_INT(from), V_INT(to)) &&
           db_run(db, err, "insert into paper_moved (old, paper) values ($1, $2)", V_INT(from), V_INT(to)) &&
           db_run(db, err, "delete from paper where id = $1", V_INT(from));
}

static bool join_rows(struct upsert *u, struct paper_row *row, struct paper_upserted *out, struct err *err)
{
    size_t more = u->found.n - 1;
    if (!more)
        return true;
    out->joined = arena_array(u->arena, more, sizeof *out->joined);
    if (!out->joined)
        return fail_memory(err);
    for (size_t i = 0; i < more; i++) {
        struct paper_row other;
        int64_t id = u->found.at[i + 1];
        if (!paper_row_load(u->db, u->arena, id, &other, err) || !move_rows(u->db, id, row->p.id, err))
            return false;
        paper_row_join(row, &other);
        out->joined[out->joined_n++] = id;
    }
    u->news = true;
    return true;
}

/* ---- keeping ---- */

static bool next_number(struct db *db, int64_t *out, struct err *err)
{
    int64_t last, moved;
    if (!db_number(db, &last, 0, err, "select max(id) from paper") ||
        !db_number(db, &moved, 0, err, "select max(old) from paper_moved"))
        return false;
    *out = (last > moved ? last : moved) + 1;
    return *out <= UINT32_MAX ||
           fail(err, E_LIMIT, "%s",
                tr("err.papers.many", "There is no room for more papers in this database."));
}

static bool keep_keys(struct upsert *u, int64_t id, struct err *err)
{
    for (size_t i = 0; i < u->ids_n; i++)
        if (!db_run(u->db, err,
                    "insert into paper_id (scheme, value, paper) values ($1, $2, $3) on conflict do nothing",
                    V_TEXT(u->ids[i].scheme), V_TEXT(u->ids[i].value), V_INT(id)))
            return false;
    return !u->by_title ||
           db_run(u->db, err,
                  "insert into paper_key (fold, year, names, paper) values ($1, $2, $3, $4) on conflict do "
                  "nothing",
                  V_INT((int64_t)u->fold), V_INT(u->year), V_BLOB(((struct span){u->names, u->names_n})),
                  V_INT(id));
}

static bool keep_versions(struct upsert *u, int64_t id, struct err *err)
{
    const struct paper_record *r = u->record;
    for (size_t i = 0; i < r->versions_n; i++) {
        if (r->versions[i].number < 1 || r->versions[i].day == PAPER_NO_DAY)
            continue;
        if (!db_run(u->db, err,
                    "insert into paper_version (paper, number, day) values ($1, $2, $3) on conflict(paper, "
                    "number) do update set day = excluded.day where excluded.day < day",
                    V_INT(id), V_INT(r->versions[i].number), V_INT(r->versions[i].day)))
            return false;
        u->news = u->news || db_changed(u->db) > 0;
    }
    return true;
}

/* All that any record said: which names the row has in the end does not matter here. */
static bool keep_who(struct upsert *u, int64_t paper, struct err *err)
{
    AUTO_BUF struct buf room, id;
    struct author_name name;
    buf_init(&room, 16 * AUTHOR_NAME);
    buf_init(&id, 200);
    for (size_t i = 0; i < u->record->who_n; i++) {
        const struct paper_who *w = &u->record->who[i];
        buf_reset(&id);
        if (!author_id_read(w->id, &id))
            continue;
        if (!author_name_fold(&room, w->name, &name))
            return fail_memory(err);
        if (!name.full.n)
            continue;
        if (!db_run(
                u->db, err,
                "insert into paper_author_id (paper, name, id) values ($1, $2, $3) on conflict do nothing",
                V_INT(paper), V_TEXT(name.full), V_TEXT(buf_span(&id))))
            return false;
        u->news = u->news || db_changed(u->db) > 0;
    }
    return true;
}

static bool add(struct upsert *u, struct paper_upserted *out, struct err *err)
{
    if (!next_number(u->db, &out->id, err))
        return false;
    u->said.p.id = out->id;
    out->added = out->words = true;
    return paper_row_save(u->db, &u->said, err) && keep_keys(u, out->id, err) &&
           keep_versions(u, out->id, err) && keep_who(u, out->id, err);
}

static bool change(struct upsert *u, struct paper_upserted *out, struct err *err)
{
    struct paper_row old, row;
    out->id = u->found.at[0];
    if (!paper_row_load(u->db, u->arena, out->id, &old, err))
        return false;
    row = old;
    if (!join_rows(u, &row, out, err))
        return false;
    paper_row_join(&row, &u->said);
    bool same = paper_row_same(&old, &row);
    if ((!same && !paper_row_save(u->db, &row, err)) || (u->news && !keep_keys(u, out->id, err)) ||
        !keep_versions(u, out->id, err) || !keep_who(u, out->id, err))
        return false;
    out->words = !paper_row_same_words(&old, &row);
    out->changed = !same || u->news;
    return true;
}

/* Ids of a person's own list, whether a paper here has them or not. */
static bool keep_named(struct upsert *u, struct err *err)
{
    for (size_t i = 0; i < u->ids_n && u->record->named; i++) {
        if (!db_run(u->db, err,
                    "insert into paper_named (scheme, value) values ($1, $2) on conflict do nothing",
                    V_TEXT(u->ids[i].scheme), V_TEXT(u->ids[i].value)))
            return false;
        u->named = u->named || db_changed(u->db) > 0;
    }
    return true;
}

static bool has_nothing(const struct upsert *u)
{
    return u->said.p.title.n == 0 && u->record->says_withdrawn != 1;
}

static bool find(struct upsert *u, struct err *err)
{
    return paper_row_of(u->arena, u->record, &u->said, err) && keys_of(u, err) && find_by_ids(u, err) &&
           find_by_title(u, err);
}

bool paper_upsert(struct db *db, struct arena *arena, const struct paper_record *record,
                  struct paper_upserted *out, struct err *err)
{
    struct upsert u = {.db = db, .arena = arena, .record = record};
    *out = (struct paper_upserted){0};
    if (!find(&u, err) || !keep_named(&u, err))
        return false;
    if (has_nothing(&u))
        out->id = u.found.n ? u.found.at[0] : 0;
    else if (!(u.found.n ? change(&u, out, err) : add(&u, out, err)))
        return false;
    out->changed = out->changed || (u.named && !out->added);
    return true;
}

bool paper_find(struct db *db, struct arena *arena, const struct paper_record *record, int64_t *id,
                struct err *err)
{
    struct upsert u = {.db = db, .arena = arena, .record = record};
    if (!find(&u, err))
        return false;
    *id = u.found.n ? u.found.at[0] : 0;
    return true;
}

/* ---- what may be kept ---- */

bool paper_check(const struct paper_record *r, struct err *err)
{
    const struct paper *p = &r->paper;
    if (span_trim(p->title).n == 0 && !(p->ids_n && (r->named || r->says_withdrawn == 1)))
        return fail(err, E_FORMAT, "%s", tr("err.papers.no_title", "it has no title"));
    if (p->ids_n == 0 && !year_said(p))
        return fail(err, E_FORMAT, "%s", tr("err.papers.no_key", "it has neither an id nor a year"));
    if (p->title.n > PAPER_TITLE || p->abstract.n > PAPER_ABSTRACT || p->authors.n > PAPER_AUTHORS ||
        p->categories.n > PAPER_TITLE || p->venue.n > PAPER_TITLE || p->ids_n > PAPER_IDS)
        return fail(err, E_LIMIT, "%s",
                    tr("err.papers.long", "one of its texts is longer than there is room for"));
    return true;
}
