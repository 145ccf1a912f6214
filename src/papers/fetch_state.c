/* The state of fetching, in two small tables. */
#include "papers/fetch_state.h"

#include "base/vec.h"

#include "base/banned.h"

static day_t day_at(struct stmt *q, int column)
{
    return db_is_null(q, column) ? FETCH_NO_DAY : (day_t)db_int(q, column);
}

bool fetch_categories(struct db *db, struct arena *arena, struct fetch_categories *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *out = (struct fetch_categories){0};
    if (!db_query(
            db, &q, err,
            "select c.category, f.last, f.since, f.token from paper_chosen c left join paper_fetch f on "
            "f.category = c.category order by c.category"))
        return false;
    while (db_next(q, err)) {
        struct fetch_category *c = VEC_PUSH(arena, out);
        if (!c)
            return fail_memory(err);
        *c = (struct fetch_category){.name = arena_text(arena, db_text(q, 0)),
                                     .last = day_at(q, 1),
                                     .from = day_at(q, 2),
                                     .token = db_is_null(q, 3) ? "" : arena_text(arena, db_text(q, 3))};
    }
    return err->code == E_NONE && (arena_ok(arena) || fail_memory(err));
}

bool fetch_missed(day_t last, day_t served)
{
    for (day_t day = last + 1; day < served && day < last + 8; day++)
        if (day_weekday(day) <= 4)
            return true;
    return false;
}

/* The day from which OAI is asked: two before the last one that is here, since its days are those on which
 * records were touched. */
static day_t fill_from(const struct fetch_category *c, day_t day, bool cut)
{
    day_t from = FETCH_NO_DAY;
    if (c->last == FETCH_NO_DAY)
        from = day - FETCH_BACK;
    else if (fetch_missed(c->last, day))
        from = c->last - 2;
    else if (cut)
        from = day - 2;
    if (c->from != FETCH_NO_DAY && (from == FETCH_NO_DAY || c->from < from))
        from = c->from;
    return from;
}

bool fetch_served(struct db *db, day_t day, bool cut, struct err *err)
{
    struct fetch_categories all;
    struct arena *AUTO_ARENA arena = arena_new();
    if (!fetch_categories(db, arena, &all, err))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        const struct fetch_category *c = &all.at[i];
        day_t from = fill_from(c, day, cut), last = c->last > day ? c->last : day;
        /* A token goes on only with the days it was given for. */
        bool same = from == c->from;
        if (!db_run(db, err,
                    "insert into paper_fetch (category, last, since, token) values ($1, $2, $3, $4) on "
                    "conflict(category) do update set last = excluded.last, since = excluded.since, token = "
                    "excluded.token",
                    V_STR(c->name), V_INT(last), from == FETCH_NO_DAY ? V_NULL : V_INT(from),
                    V_STR(same ? c->token : "")))
            return false;
    }
    return true;
}

bool fetch_filled(struct db *db, const char *category, const char *token, struct err *err)
{
    if (!token)
        return db_run(db, err, "update paper_fetch set since = null, token = '' where category = $1",
                      V_STR(category));
    return db_run(db, err, "update paper_fetch set token = $2 where category = $1", V_STR(category),
                  V_STR(token));
}

bool fetch_state(struct db *db, struct arena *arena, struct fetch_state *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *out = (struct fetch_state){.url = "", .modified = "", .etag = "", .tried = FETCH_NO_DAY, .said = ""};
    if (!db_query(db, &q, err,
                  "select url, modified, etag, done_at, tried, failing, said from paper_fetched"))
        return false;
    if (db_next(q, err))
        *out = (struct fetch_state){.url = arena_text(arena, db_text(q, 0)),
                                    .modified = arena_text(arena, db_text(q, 1)),
                                    .etag = arena_text(arena, db_text(q, 2)),
                                    .done_at = db_int(q, 3),
                                    .tried = day_at(q, 4),
                                    .failing = (int)db_int(q, 5),
                                    .said = arena_text(arena, db_text(q, 6))};
    return err->code == E_NONE && (arena_ok(arena) || fail_memory(err));
}

bool fetch_answered(struct db *db, const char *url, const char *modified, const char *etag, struct err *err)
{
    return db_run(db, err,
                  "insert into paper_fetched (one, url, modified, etag) values (1, $1, $2, $3) on "
                  "conflict(one) do update set url = excluded.url, modified = excluded.modified, etag = "
                  "excluded.etag",
                  V_STR(url), V_STR(modified), V_STR(etag));
}

bool fetch_tried(struct db *db, day_t day, struct err *err)
{
    return db_run(
        db, err,
        "insert into paper_fetched (one, tried) values (1, $1) on conflict(one) do update set tried "
        "= excluded.tried",
        V_INT(day));
}

bool fetch_ended(struct db *db, int64_t now, const char *said, struct err *err)
{
    if (!said)
        return db_run(
            db, err,
            "insert into paper_fetched (one, done_at) values (1, $1) on conflict(one) do update set "
            "done_at = excluded.done_at, failing = 0, failed = null, said = ''",
            V_INT(now));
    /* Several failures of one day count as one. */
    return db_run(db, err,
                  "insert into paper_fetched (one, failing, failed, said) values (1, 1, $1, $2) on "
                  "conflict(one) do update set failing = failing + (failed is null or failed <> "
                  "excluded.failed), failed = excluded.failed, said = excluded.said",
                  V_INT(now / 86400), V_STR(said));
}
