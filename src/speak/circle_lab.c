/* The board's half of circles. */
#include "speak/circle_lab.h"

#include "anon/batch.h"
#include "anon/epoch.h"
#include "base/vec.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "speak/circle_fold.h"

#include "base/banned.h"

enum { DAY = 86400 };

struct judging {
    const struct item *item;
    const struct circle_act *act;
    day_t today, week;
    struct circle_rows published, waiting;
    struct circles all;
    const struct circle *c;
    struct problem *p;
};

/* Loading -------------------------------------------------------------------------------------------- */
static bool copy(struct stmt *q, int column, void *to, size_t n, struct err *err)
{
    struct span bytes = db_text(q, column);
    if (bytes.n != n)
        return fail(err, E_FORMAT,
                    tr("err.anon.placed",
                       "A row of what this board published is damaged. Put back a backup of its database."));
    memcpy(to, bytes.p, n);
    return true;
}

static bool read_row(struct stmt *q, const uint8_t circle[static 16], struct circle_row *r, struct err *err)
{
    struct circle_act *a = &r->act;
    a->kind = (enum circle_kind)(db_int(q, 1) % CIRCLE_KINDS);
    a->yes = db_int(q, 4) != 0;
    a->week = (day_t)db_int(q, 6);
    a->theme = a->line = SPAN("");
    memcpy(a->circle, circle, 16);
    r->day = (day_t)db_int(q, 7);
    r->batch = db_is_null(q, 8) ? INT64_MAX : db_int(q, 8);
    return copy(q, 0, r->id, 16, err) && copy(q, 2, r->pk, 32, err) &&
           (db_is_null(q, 3) || copy(q, 3, a->about, 32, err)) &&
           (db_is_null(q, 5) || copy(q, 5, a->box_pk, 32, err));
}

/* The day of a batch is not kept beside its acts: that of the latest act in it stands in, which is the same
 * or one or two before. */
static void same_days(struct circle_rows *rows)
{
    for (size_t i = 0, n; i < rows->n; i += n) {
        day_t day = rows->at[i].day;
        for (n = 1; i + n < rows->n && rows->at[i + n].batch == rows->at[i].batch; n++)
            day = rows->at[i + n].day > day ? rows->at[i + n].day : day;
        for (size_t k = 0; k < n; k++)
            rows->at[i + k].day = day;
    }
}

static bool load(struct db *db, struct arena *arena, const uint8_t id[static 16], struct judging *j,
                 struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    struct circle_row r;
    if (!db_query(db, &q, err,
                  "select c.id, c.kind, c.pk, c.about, c.yes, c.box_pk, c.week, c.day, p.n from circle_row c "
                  "left join placed p on p.id = c.id where c.circle = $1 order by p.n, c.id",
                  V_BLOB(span_bytes(id, 16))))
        return false;
    while (db_next(q, &inner)) {
        r = (struct circle_row){0};
        if (!read_row(q, id, &r, err))
            return false;
        struct circle_row *kept = VEC_PUSH(arena, r.batch == INT64_MAX ? &j->waiting : &j->published);
        if (!kept)
            return fail_memory(err);
        *kept = r;
    }
    same_days(&j->published);
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

/* Judging -------------------------------------------------------------------------------------------- */
static bool no(struct judging *j, const char *field)
{
    return problem(j->p, PROBLEM_BAD_FIELD, field);
}

/* Whether an act like this one waits: by the same key, of the same kind, about the same. */
static bool waits_already(const struct judging *j)
{
    for (size_t i = 0; i < j->waiting.n; i++) {
        const struct circle_row *w = &j->waiting.at[i];
        if (w->act.kind == j->act->kind && memcmp(w->pk, j->item->pk, 32) == 0 &&
            (j->act->kind != CIRCLE_SAY ||
             (w->act.yes == j->act->yes && memcmp(w->act.about, j->act->about, 32) == 0)))
            return true;
    }
    return false;
}

/* How many of those who are in said yes to this one, with those whose yes waits. */
static size_t yes_of(const struct judging *j, const struct circle_asker *a)
{
    size_t n = circle_yes(j->c, a);
    for (size_t i = 0; i < j->waiting.n; i++) {
        const struct circle_row *w = &j->waiting.at[i];
        n += w->act.kind == CIRCLE_SAY && w->act.yes && memcmp(w->act.about, a->who.pk, 32) == 0 &&
             circle_member(j->c, w->pk);
    }
    return n;
}

/* Who gets in with the next batches, by what waits. */
static size_t coming(const struct judging *j)
{
    size_t n = 0;
    for (size_t i = 0; i < j->c->askers.n; i++)
        n += yes_of(j, &j->c->askers.at[i]) >= j->c->need;
    return n;
}

static bool judge_yes(struct judging *j)
{
    const struct circle_asker *a = circle_asker(j->c, j->act->about);
    if (!a)
        return no(j, "about");
    for (size_t i = 0; i < a->yes_n; i++)
        if (memcmp(a->yes[i], j->item->pk, 32) == 0)
            return no(j, "about");
    bool in_by_this = yes_of(j, a) < j->c->need && yes_of(j, a) + 1 >= j->c->need;
    return !in_by_this || j->c->n + coming(j) < CIRCLE_MOST || problem(j->p, PROBLEM_TAKEN, NULL);
}

static bool judge_no(struct judging *j)
{
    return (circle_member(j->c, j->act->about) && memcmp(j->act->about, j->item->pk, 32) != 0) ||
           no(j, "about");
}

static bool judge_ask(struct judging *j)
{
    if (circle_was_in(j->c, j->item->pk) || circle_asker(j->c, j->item->pk))
        return no(j, "pk");
    return j->c->n + coming(j) < CIRCLE_MOST || problem(j->p, PROBLEM_TAKEN, NULL);
}

static bool judge(struct judging *j)
{
    const struct circle_member *own = circle_member(j->c, j->item->pk);
    bool asked = circle_asker(j->c, j->item->pk) != NULL;
    if (waits_already(j))
        return no(j, "act");
    switch (j->act->kind) {
    case CIRCLE_ASK:
        return judge_ask(j);
    case CIRCLE_SAY:
        return own ? j->act->yes ? judge_yes(j) : judge_no(j) : no(j, "pk");
    case CIRCLE_STAY:
        return own ? j->act->week > own->week || no(j, "week") : no(j, "pk");
    default:
        return own || asked || no(j, "pk");
    }
}

/* The row -------------------------------------------------------------------------------------------- */
static bool keep(struct db *db, const struct item *item, const struct circle_act *a, day_t day,
                 struct err *err)
{
    bool box = a->kind == CIRCLE_OPEN || a->kind == CIRCLE_ASK || a->kind == CIRCLE_STAY;
    const uint8_t *circle = a->kind == CIRCLE_OPEN ? item->id : a->circle;
    return db_run(
        db, err,
        "insert into circle_row(id, kind, circle, pk, about, yes, box_pk, week, day) values ($1, $2, "
        "$3, $4, $5, $6, $7, $8, $9) on conflict do nothing",
        V_BLOB(span_bytes(item->id, 16)), V_INT(a->kind), V_BLOB(span_bytes(circle, 16)),
        V_BLOB(span_bytes(item->pk, 32)), a->kind == CIRCLE_SAY ? V_BLOB(span_bytes(a->about, 32)) : V_NULL,
        V_INT(a->yes), box ? V_BLOB(span_bytes(a->box_pk, 32)) : V_NULL, V_INT(a->week), V_INT(day));
}

/* Two processes on one database: who holds the circle's own row is alone in it until the end of the work. */
static bool hold(struct db *db, const uint8_t circle[static 16], struct err *err)
{
    return db_run(db, err, "update circle_row set kind = kind where id = $1", V_BLOB(span_bytes(circle, 16)));
}

static bool judge_in(struct db *db, struct judging *j, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    if (!arena)
        return fail_memory(err);
    if (!hold(db, j->act->circle, err) || !load(db, arena, j->act->circle, j, err) ||
        !circles_fold(&j->published, j->today, arena, &j->all, err))
        return false;
    j->c = j->all.n ? &j->all.at[0] : NULL;
    if (!j->c || j->c->n == 0)
        return no(j, "circle");
    return judge(j);
}

bool circle_accept(struct app *app, struct db *db, const struct item *item, struct problem *p,
                   struct err *err)
{
    struct circle_act act;
    struct err why = {0};
    struct judging j = {.item = item, .act = &act, .p = p, .week = epoch_of(app->now)};
    j.today = (day_t)(app->now / DAY);
    if (!circle_act_read(circle_kind_of(item->kind), item->act, &act, &why))
        return why.code == E_MEMORY ? fail_memory(err) : problem(p, PROBLEM_BAD_FIELD, "act");
    bool box = act.kind == CIRCLE_OPEN || act.kind == CIRCLE_ASK || act.kind == CIRCLE_STAY;
    if (box && (act.week < j.week - EPOCH_NEXT || act.week > j.week + EPOCH_NEXT))
        return problem(p, PROBLEM_BAD_FIELD, "week");
    if (act.kind == CIRCLE_OPEN)
        return keep(db, item, &act, j.today, err);
    return judge_in(db, &j, err) && keep(db, item, &act, j.today, err);
}

/* After `lab recover` ---------------------------------------------------------------------------------- */
static bool recover_item(struct db *db, const json_t *o, day_t day, struct err *err)
{
    AUTO_ITEM struct item item = {0};
    AUTO_BUF struct buf bytes;
    struct problem p = {0};
    struct circle_act act;
    struct span kind;
    struct err why = {0};
    buf_init(&bytes, ITEM_LARGE);
    if (!json_get_text(o, "kind", 16, &kind, &why) || circle_kind_of(kind) == CIRCLE_KINDS)
        return true;
    if (!canon_write(o, &bytes, err))
        return false;
    if (!item_read(buf_span(&bytes), &item, &p, err))
        return err->code == E_NONE;
    if (!circle_act_read(circle_kind_of(item.kind), item.act, &act, &why))
        return why.code != E_MEMORY || fail_memory(err);
    return keep(db, &item, &act, day, err);
}

/* The first batch after *n, read; *o is NULL when there is none. */
static bool next_batch(struct db *db, int64_t *n, day_t *day, json_t **o, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err,
                  "select n, day, bytes from batch where series = 'board' and n > $1 order by n limit 1",
                  V_INT(*n)))
        return false;
    if (!db_next(q, &inner))
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    *n = db_int(q, 0);
    *day = (day_t)db_int(q, 1);
    return canon_read(db_text(q, 2), BATCH_BYTES, o, err);
}

bool circle_recovered(struct db *db, struct err *err)
{
    int64_t n = -1;
    for (;;) {
        AUTO_JSON json_t *batch = NULL;
        const json_t *list, *item;
        size_t i;
        day_t day;
        if (!next_batch(db, &n, &day, &batch, err))
            return false;
        if (!batch)
            return true;
        if (!json_get_array(batch, "items", ENTRY_ACTS_MOST, &list, err))
            return false;
        json_array_foreach(list, i, item)
        {
            if (!recover_item(db, item, day, err))
                return false;
        }
    }
}
