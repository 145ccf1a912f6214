/* From the papers kept here to verdicts, and the verdicts kept. */
#include "papers/verdicts_keep.h"

#include "base/words.h"
#include "papers/authors_db.h"
#include "papers/texts_db.h"

#include "base/banned.h"

/* Its time is over and, where days are known, there are papers of each of its months and of its last days. */
static bool is_complete(const struct panel *p, int unit, int now)
{
    unsigned parts = 0;
    if (unit >= now || !p->texts->quarters)
        return unit < now;
    for (size_t i = p->before[unit - PANEL_FROM]; i < p->before[unit + 1 - PANEL_FROM]; i++)
        parts |= p->mine[p->texts->paper[i].venue] ? 1u << p->texts->paper[i].part : 0;
    return (parts & 6) == 6 && parts & (1u << 4);
}

/* The last year, or quarter, with papers that is complete; the last with papers where none is. */
static int last_whole(const struct panel *p, int now)
{
    int unit = p->last < now ? p->last : now - 1;
    while (unit >= p->first && (panel_total(p, unit) <= 0 || !is_complete(p, unit, now)))
        unit--;
    return unit < p->first ? p->last : unit;
}

/* What was asked for as a number of the panel's; a year of a field counted by quarters is its last one. */
static bool origin_of(const struct panel *p, const struct verdicts_asked *asked, int now, int *out,
                      struct err *err)
{
    bool quarter;
    if (asked->at.n == 0) {
        *out = last_whole(p, now);
        return true;
    }
    if (!unit_read(asked->at, out, &quarter))
        return fail(err, E_USAGE, tr("err.papers.at", "Name a year or a quarter: --at 2024, --at 2025Q2."));
    if (quarter && !p->texts->quarters)
        return fail(err, E_USAGE, tr("err.papers.by_year", "This field is counted by years: --at 2024."));
    if (p->texts->quarters && !quarter) {
        int year = *out;
        *out = quarter_unit(year, 4);
        if (*out > p->last && quarter_unit(year, 1) <= p->last)
            *out = p->last;
    }
    if (*out >= p->first && *out <= p->last)
        return true;
    AUTO_BUF struct buf first, last, at;
    buf_init(&first, 16);
    buf_init(&last, 16);
    buf_init(&at, 16);
    unit_add(&first, p->first, p->texts->quarters);
    unit_add(&last, p->last, p->texts->quarters);
    unit_add(&at, *out, p->texts->quarters);
    return fail(err, E_MISSING,
                tr("err.papers.time", "There are papers of this field from %s to %s, so none of %s."),
                buf_text(&first), buf_text(&last), buf_text(&at));
}

struct making {
    const struct verdicts_asked *asked;
    struct arena *arena;
    struct texts texts;
    struct field field, rest;
    int now, origin; /* years or quarters */
    size_t known;    /* cases resolved by the origin */
};

static void making_clear(struct making *m)
{
    field_free(&m->field);
    field_free(&m->rest);
    texts_free(&m->texts);
}

/* The papers, and whether nearly all of the field have an abstract. */
static bool load(struct making *m, struct db *db, bool titles, bool *abstracts, struct err *err)
{
    texts_init(&m->texts);
    m->texts.titles = titles;
    if (!texts_of_db(db, m->asked->today, &m->texts, err))
        return false;
    if (m->texts.n == 0)
        return fail(err, E_MISSING,
                    tr("err.papers.empty", "There are no papers here yet: `respite papers import FILE` or "
                                           "`respite papers fetch` brings some."));
    bool *mine = arena_array(m->arena, m->texts.venues.n + 1, sizeof *mine);
    if (!mine)
        return fail_memory(err);
    m->texts.quarters = field_venues(&m->texts, m->asked->field, mine) && field_is_arxiv(&m->texts, mine);
    m->now = m->texts.quarters ? quarter_of(m->asked->today) : day_ymd(m->asked->today).year;
    if (!texts_settle(&m->texts, err))
        return false;
    *abstracts = field_venues(&m->texts, m->asked->field, mine) && field_has_abstracts(&m->texts, mine);
    return true;
}

static bool look(struct making *m, bool abstracts, struct err *err)
{
    size_t from, to;
    if (!field_make(&m->field, &m->texts, m->asked->field, abstracts, err))
        return false;
    const struct panel *p = &m->field.panel;
    if (p->first > p->last)
        return fail(err, E_MISSING,
                    tr("err.papers.young", "There are no papers of this field from the year %d on."),
                    PANEL_START);
    if (!origin_of(p, m->asked, m->now, &m->origin, err))
        return false;
    trends_known(&m->field.trends, m->origin, &from, &to);
    m->known = to - from;
    return true;
}

/* Titles first: most fields have no years, or no cases, enough for more. `m` is two, the second for abstracts
 * too; `*out` the one to go on with. */
static bool choose_text(struct making *m, struct db *db, struct making **out, struct err *err)
{
    bool abstracts;
    enum verdict_text text = m->asked->text;
    *out = &m[text == TEXT_ABSTRACTS];
    if (!load(*out, db, text != TEXT_ABSTRACTS, &abstracts, err) || !look(*out, text == TEXT_ABSTRACTS, err))
        return false;
    if (text != TEXT_USUAL || !abstracts || m->known == 0)
        return true;
    if (!load(&m[1], db, false, &abstracts, err) || !look(&m[1], true, err))
        return false;
    *out = &m[m[1].known > TRENDS_ABSTRACTS];
    return true;
}

static bool make(struct making *m, json_t **out, struct err *err)
{
    AUTO_BUF struct buf shown;
    struct verdicts v;
    struct span name = m->asked->field;
    buf_init(&shown, 4 * FIELD_MOST);
    buf_add(&shown, name.n ? name : SPAN(FIELD_USUAL));
    if (m->known < TRENDS_LEAST && !field_make_rest(&m->rest, &m->texts, &m->field, err))
        return false;
    if (!verdicts_make(m->arena, &m->field, m->rest.arena ? &m->rest : NULL, m->origin,
                       is_complete(&m->field.panel, m->origin, m->now), &v, err))
        return false;
    *out = verdicts_json(&v, buf_text(&shown));
    return *out ? buf_ok(&shown, err) : fail_memory(err);
}

/* What is usual to publish, beside the verdicts of the present. */
static bool add_norm(struct db *db, struct span name, int last_year, json_t *verdicts, struct err *err)
{
    uint32_t median;
    if (!authors_norm(db, name, last_year, &median, err))
        return false;
    return !median ||
           json_object_set_new(verdicts, "norm",
                               json_pack("{s:i,s:I}", "year", last_year, "median", (json_int_t)median)) ==
               0 ||
           fail_memory(err);
}

bool verdicts_of_db(struct db *db, const struct verdicts_asked *asked, json_t **out, struct err *err)
{
    AUTO_ARENA struct arena *arena = arena_new();
    struct making m[2] = {{.asked = asked, .arena = arena}, {.asked = asked, .arena = arena}}, *chosen;
    if (asked->field.n > FIELD_MOST)
        return fail(err, E_LIMIT, tr("err.papers.field.long", "A field's name has at most %d characters."),
                    FIELD_MOST);
    AUTO_JSON json_t *made = NULL;
    bool ok = choose_text(m, db, &chosen, err) && make(chosen, &made, err) &&
              (asked->at.n || add_norm(db, asked->field, day_ymd(asked->today).year - 1, made, err));
    if (ok) {
        *out = made;
        made = NULL;
    }
    making_clear(&m[0]);
    making_clear(&m[1]);
    return ok;
}

struct keeping {
    struct span field, json;
    int64_t origin;
    day_t today;
};

static bool keep(struct db *db, void *arg, struct err *err)
{
    const struct keeping *k = arg;
    return db_run(db, err, "delete from paper_verdict where field = $1", V_TEXT(k->field)) &&
           db_run(db, err, "insert into paper_verdict(field, origin, made, json) values($1, $2, $3, $4)",
                  V_TEXT(k->field), V_INT(k->origin), V_INT(k->today), V_TEXT(k->json));
}

bool verdicts_keep(struct db *db, struct span field, day_t today, const json_t *verdicts, struct err *err)
{
    AUTO_BUF struct buf text;
    struct keeping k = {.field = field.n ? field : SPAN(FIELD_USUAL), .today = today};
    buf_init(&text, VERDICTS_MOST);
    int origin;
    bool quarters;
    if (!verdicts_unit(json_object_get(verdicts, "origin"), &origin, &quarters))
        return fail(err, E_FORMAT, "origin");
    if (!json_write(verdicts, &text, err))
        return false;
    k.origin = origin;
    k.json = buf_span(&text);
    return db_write(db, keep, &k, err);
}

bool verdicts_kept(struct db *db, struct span field, json_t **out, day_t *made, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *out = NULL;
    if (!db_query(
            db, &q, err,
            "select json, made from paper_verdict where field = $1 or $1 = '' order by made desc, field "
            "limit 1",
            V_TEXT(field)))
        return false;
    if (!db_next(q, err))
        return !err->code;
    *made = (day_t)db_int(q, 1);
    return json_read(db_text(q, 0), VERDICTS_MOST, "paper_verdict", out, err);
}

bool verdicts_each(struct db *db, verdicts_visit *visit, void *arg, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    if (!db_query(db, &q, err, "select field, made, json from paper_verdict order by made desc, field"))
        return false;
    while (db_next(q, err)) {
        AUTO_JSON json_t *verdicts = NULL;
        if (!json_read(db_text(q, 2), VERDICTS_MOST, "paper_verdict", &verdicts, err) ||
            !visit(db_text(q, 0), (day_t)db_int(q, 1), verdicts, arg, err))
            return false;
    }
    return !err->code;
}

bool fields_here(struct db *db, struct arena *arena, size_t most, struct field_name *out, size_t *n,
                 struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *n = 0;
    if (!db_query(
            db, &q, err,
            "select case when venue <> '' then venue when instr(categories, ' ') > 0 then "
            "substr(categories, 1, instr(categories, ' ') - 1) else categories end as name, count(*) as "
            "papers from paper where withdrawn = 0 group by name having name <> '' order by papers "
            "desc, name limit $1",
            V_INT((int64_t)most)))
        return false;
    while (*n < most && db_next(q, err)) {
        const char *name = arena_text(arena, db_text(q, 0));
        if (!name)
            return fail_memory(err);
        out[(*n)++] = (struct field_name){name, db_int(q, 1)};
    }
    return !err->code;
}
