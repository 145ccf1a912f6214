/* Papers out of the database. What goes in: papers/paper_upsert.c and papers/paper_keep.c. */
#include "papers/paper.h"

#include <string.h>

#include "base/vec.h"
#include "base/words.h"
#include "papers/paper_row.h"

#include "base/banned.h"

struct ids {
    struct paper_id *at;
    size_t n, room;
};

bool paper_by_id(struct db *db, struct span scheme, struct span value, int64_t *id, struct err *err)
{
    return db_number(db, id, 0, err, "select paper from paper_id where scheme = $1 and value = $2",
                     V_TEXT(scheme), V_TEXT(value));
}

bool paper_now(struct db *db, int64_t id, int64_t *now, struct err *err)
{
    if (!db_number(db, now, 0, err, "select id from paper where id = $1", V_INT(id)))
        return false;
    return *now || db_number(db, now, 0, err, "select paper from paper_moved where old = $1", V_INT(id));
}

static day_t day_at(struct stmt *q, int column)
{
    return db_is_null(q, column) ? PAPER_NO_DAY : (day_t)db_int(q, column);
}

void paper_of_row(struct stmt *q, struct paper *out)
{
    *out = (struct paper){.id = db_int(q, 0),
                          .title = db_text(q, 1),
                          .abstract = db_text(q, 2),
                          .authors = db_text(q, 3),
                          .categories = db_text(q, 4),
                          .venue = db_text(q, 5),
                          .year = (int)db_int(q, 6),
                          .day = day_at(q, 7),
                          .announced = day_at(q, 8),
                          .kind = (enum paper_kind)db_int(q, 9),
                          .version = (int)db_int(q, 10),
                          .withdrawn = db_int(q, 11) != 0};
}

static bool load_ids(struct db *db, struct arena *arena, struct paper *p, struct err *err)
{
    struct ids ids = {0};
    AUTO_STMT struct stmt *q = NULL;
    if (!db_query(db, &q, err, "select scheme, value from paper_id where paper = $1 order by scheme, value",
                  V_INT(p->id)))
        return false;
    while (db_next(q, err)) {
        struct paper_id *id = VEC_PUSH(arena, &ids);
        if (!id)
            return fail_memory(err);
        *id = (struct paper_id){arena_span(arena, db_text(q, 0)), arena_span(arena, db_text(q, 1))};
    }
    p->ids = ids.at;
    p->ids_n = ids.n;
    return err->code == E_NONE && (arena_ok(arena) || fail_memory(err));
}

bool paper_load(struct db *db, struct arena *arena, int64_t id, struct paper *out, struct err *err)
{
    struct paper p;
    AUTO_STMT struct stmt *q = NULL;
    int64_t now;
    if (!paper_now(db, id, &now, err) ||
        !db_query(db, &q, err, "select " PAPER_COLUMNS " from paper where id = $1", V_INT(now)))
        return false;
    if (!db_next(q, err))
        return err->code == E_NONE
                   ? fail(err, E_MISSING, tr("err.papers.none", "There is no paper with this number here."))
                   : false;
    paper_of_row(q, &p);
    struct span *texts[] = {&p.title, &p.abstract, &p.authors, &p.categories, &p.venue};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = arena_span(arena, *texts[i]);
    if (!load_ids(db, arena, &p, err))
        return false;
    *out = p;
    return true;
}

static bool walk(struct stmt *q, bool texts, papers_visit *visit, void *arg, struct err *err)
{
    struct paper p;
    while (db_next(q, err)) {
        paper_of_row(q, &p);
        if (!texts)
            p.abstract = (struct span){"", 0};
        if (!visit(&p, arg, err))
            break;
    }
    return err->code == E_NONE;
}

bool papers_each(struct db *db, const struct papers_asked *asked, papers_visit *visit, void *arg,
                 struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    bool all = asked->from == PAPER_NO_DAY && asked->to >= DAY_MAX;
    if (all ? !db_query(db, &q, err,
                        "select " PAPER_COLUMNS " from paper where id > $1 and withdrawn <= $2 order by id",
                        V_INT(asked->after), V_INT(asked->withdrawn))
            : !db_query(db, &q, err,
                        "select " PAPER_COLUMNS " from paper where id in (select id from paper where shown "
                        "between $3 and $4 union all select id from paper where shown is null and $5 > 0) "
                        "and id > $1 and withdrawn <= $2 order by id",
                        V_INT(asked->after), V_INT(asked->withdrawn), V_INT(asked->from), V_INT(asked->to),
                        V_INT(asked->from == PAPER_NO_DAY)))
        return false;
    return walk(q, asked->texts, visit, arg, err);
}

bool papers_count(struct db *db, const struct papers_asked *asked, int64_t *out, struct err *err)
{
    return db_number(db, out, 0, err,
                     "select count(*) from paper where (shown between $3 and $4 or (shown is null and $5 > "
                     "0)) and id > $1 and withdrawn <= $2",
                     V_INT(asked->after), V_INT(asked->withdrawn), V_INT(asked->from), V_INT(asked->to),
                     V_INT(asked->from == PAPER_NO_DAY));
}
