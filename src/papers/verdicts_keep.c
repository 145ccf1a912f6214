/* From the papers kept here to verdicts, and the verdicts kept. */
#include "papers/verdicts_keep.h"
#include "base/words.h"
#include "papers/texts_db.h"

#include "base/banned.h"

/* The last year with papers that is over; the last with papers where all of them are of this year. */
static int last_whole(const struct panel *p, int this_year)
{
    int year = p->last < this_year ? p->last : this_year - 1;
    while (year > p->first && panel_total(p, year) <= 0)
        year--;
    return year < p->first ? p->last : year;
}

static bool make(struct arena *arena, struct field *f, struct field *rest, const struct texts *texts,
                 struct span name, int origin, int this_year, json_t **out, struct err *err)
{
    AUTO_BUF struct buf shown;
    struct verdicts v;
    size_t from, to;
    buf_init(&shown, 4 * FIELD_MOST);
    buf_add(&shown, name.n ? name : SPAN(FIELD_USUAL));
    if (f->panel.first > f->panel.last)
        return fail(err, E_MISSING,
                    tr("err.papers.young", "There are no papers of this field from the year %d on."),
                    PANEL_START);
    if (origin == 0)
        origin = last_whole(&f->panel, this_year);
    if (origin < f->panel.first || origin > f->panel.last)
        return fail(err, E_MISSING,
                    tr("err.papers.year", "There are papers of this field from %d to %d, so none of %d."),
                    f->panel.first, f->panel.last, origin);
    trends_known(&f->trends, origin, &from, &to);
    if (to - from < TRENDS_LEAST && !field_make_rest(rest, texts, f, err))
        return false;
    if (!verdicts_make(arena, f, rest->arena ? rest : NULL, origin, origin < this_year, &v, err))
        return false;
    *out = verdicts_json(&v, buf_text(&shown));
    return *out ? buf_ok(&shown, err) : fail_memory(err);
}

bool verdicts_of_db(struct db *db, struct span name, int origin, int this_year, json_t **out, struct err *err)
{
    AUTO_ARENA struct arena *arena = arena_new();
    AUTO_TEXTS struct texts texts;
    AUTO_FIELD struct field f = {0};
    AUTO_FIELD struct field rest = {0};
    texts_init(&texts);
    if (name.n > FIELD_MOST)
        return fail(err, E_LIMIT, tr("err.papers.field.long", "A field's name has at most %d characters."),
                    FIELD_MOST);
    if (!texts_of_db(db, &texts, err))
        return false;
    if (texts.n == 0)
        return fail(err, E_MISSING,
                    tr("err.papers.empty", "There are no papers here yet: `respite papers import FILE` or "
                                           "`respite papers fetch` brings some."));
    bool *mine = arena_array(arena, texts.venues.n + 1, sizeof *mine);
    if (!mine)
        return fail_memory(err);
    bool abstracts = field_venues(&texts, name, mine) && field_has_abstracts(&texts, mine);
    return field_make(&f, &texts, name, abstracts, err) &&
           make(arena, &f, &rest, &texts, name, origin, this_year, out, err);
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
    if (!json_get_int(verdicts, "origin", 0, 9999, &k.origin, err) || !json_write(verdicts, &text, err))
        return false;
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
