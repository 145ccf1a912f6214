/* Votes enter a board ten or more at a time. A row's day is its vote's, or, where a day has fewer than ten,
 * that of the last of the days it was put together with, so that no day's count below ten can be read. Rows
 * lie in the order of random keys; what was published once stays as it is in every later board. */
#include "arena/blind_publish.h"

#include "anon/battle_road.h"
#include "anon/lab.h"
#include "arena/blind.h"
#include "base/vec.h"
#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "io/clock.h"
#include "ui/problem.h"

#include "base/banned.h"

enum { DAY = 86400, ENTRY_ROOM = 4096, WAIT = 60 };

struct publishing {
    struct app *app;
    struct arena *arena;
    const struct lab *lab;
    day_t day, before; /* before: votes of days before it are taken */
    int64_t now, n;
    bool done;
};

/* When ------------------------------------------------------------------------------------------------------
 */
static day_t month_start(day_t day)
{
    struct ymd date = day_ymd(day);
    date.day = 1;
    return day_of(date);
}

static day_t next_month(day_t day)
{
    return month_start(month_start(day) + 31);
}

static bool quiet_now(struct app *app, day_t day, bool *out, struct err *err)
{
    const struct history *issuer, *board;
    if (!lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    const struct history *h = board ? board : issuer;
    day_t from, to;
    *out = false;
    for (size_t i = 0; i < h->others.n; i++)
        *out |= history_quiet(&h->others.at[i], &from, &to) && from <= day && day <= to;
    lab_facts_done(app->lab);
    return true;
}

/* Enough votes wait, and the day of the calendar has come. */
static bool due(struct app *app, struct publishing *w, bool *out, struct err *err)
{
    int64_t last, waiting;
    bool trial = app->lab->trial;
    w->before = trial ? (day_t)(app->now / DAY) + 1 : month_start(w->day);
    *out = false;
    if (!db_number(app->db, &waiting, 0, err,
                   "select count(*) from battle_vote where n is null and why = 0 and day < $1",
                   V_INT(w->before)))
        return false;
    if (waiting < BLIND_LEAST)
        return true;
    if (!db_number(app->db, &last, 0, err, "select max(day) from arena_published") ||
        !db_number(app->db, &w->n, 0, err, "select max(n) from arena_published"))
        return false;
    w->n++;
    *out = trial || last < month_start(w->day);
    return true;
}

/* What
 * -------------------------------------------------------------------------------------------------------- */
static bool load_models(struct db *db, struct arena *arena, struct blind_doc *d, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    d->model = arena_array(arena, BLIND_MODELS, sizeof *d->model);
    if (!d->model)
        return fail_memory(err);
    if (!db_query(db, &q, err, "select name, from_day, to_day from arena_model"))
        return false;
    while (db_next(q, &inner)) {
        struct blind_model m = {arena_span(arena, db_text(q, 0)), (day_t)db_int(q, 1),
                                db_is_null(q, 2) ? 0 : (day_t)db_int(q, 2)};
        size_t at = d->models;
        if (!m.name.p || at == BLIND_MODELS)
            return m.name.p ? fail(err, E_LIMIT, "The arena has too many models.") : fail_memory(err);
        for (; at > 0 && span_order(d->model[at - 1].name, m.name) > 0; at--)
            d->model[at] = d->model[at - 1];
        d->model[at] = m;
        d->models++;
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

static int64_t number_of(const struct blind_doc *d, struct span name)
{
    for (size_t i = 0; i < d->models; i++)
        if (span_eq(d->model[i].name, name))
            return (int64_t)i;
    return -1;
}

/* The days of votes that no board has yet, put together until each has ten: the first days of a group get its
 * last one. What is left over goes with the group before. */
struct days {
    struct day_votes {
        int64_t day, n, shown;
    } * at;
    size_t n, room;
};

static bool days_load(struct db *db, struct arena *arena, day_t before, struct days *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(
            db, &q, err,
            "select day, count(*) from battle_vote where n is null and why = 0 and day < $1 group by day "
            "order by day",
            V_INT(before)))
        return false;
    while (db_next(q, &inner)) {
        struct day_votes *d = VEC_PUSH(arena, out);
        if (!d)
            return fail_memory(err);
        *d = (struct day_votes){db_int(q, 0), db_int(q, 1), 0};
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

static void days_group(struct days *d)
{
    size_t from = 0;
    int64_t sum = 0;
    for (size_t i = 0; i < d->n; i++) {
        sum += d->at[i].n;
        if (sum < BLIND_LEAST && i + 1 < d->n)
            continue;
        bool few = sum < BLIND_LEAST && from > 0;
        int64_t before = few ? d->at[from - 1].shown : 0;
        for (size_t k = 0; few && k < from; k++)
            if (d->at[k].shown == before)
                d->at[k].shown = d->at[i].day;
        for (size_t k = from; k <= i; k++)
            d->at[k].shown = d->at[i].day;
        from = i + 1;
        sum = 0;
    }
}

static bool mark_rows(struct db *db, struct publishing *w, struct err *err)
{
    struct days days = {0};
    if (!days_load(db, w->arena, w->before, &days, err))
        return false;
    days_group(&days);
    for (size_t i = 0; i < days.n; i++)
        if (!db_run(db, err,
                    "update battle_vote set n = $1, shown = $2 where n is null and why = 0 and day = $3",
                    V_INT(w->n), V_INT(days.at[i].shown), V_INT(days.at[i].day)))
            return false;
    /* Of what was published the day of the row is all that is kept; what counts for no board goes. */
    return db_run(db, err, "update battle_vote set day = shown where n is not null") &&
           db_run(db, err, "delete from battle_vote where why != 0 and day < $1", V_INT(w->before));
}

static bool load_rows(struct db *db, struct arena *arena, struct blind_doc *d, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    struct {
        struct blind_row *at;
        size_t n, room;
    } rows = {0};
    if (!db_query(db, &q, err,
                  "select a, b, outcome, shown, len, headers, lists, bold, tags, chance, n from battle_vote "
                  "where n is not null order by n, id"))
        return false;
    while (db_next(q, &inner)) {
        struct blind_row *r = VEC_PUSH(arena, &rows);
        if (!r)
            return fail_memory(err);
        *r = (struct blind_row){number_of(d, db_text(q, 0)),
                                number_of(d, db_text(q, 1)),
                                (enum vote_outcome)db_int(q, 2),
                                (day_t)db_int(q, 3),
                                {db_int(q, 4), db_int(q, 5), db_int(q, 6), db_int(q, 7)},
                                db_int(q, 8),
                                db_int(q, 9),
                                db_int(q, 10)};
        if (r->a < 0 || r->b < 0)
            rows.n--;
    }
    d->row = rows.at;
    d->rows = rows.n;
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

static bool entry(const struct publishing *w, const uint8_t digest[static 32], struct buf *out,
                  struct err *err)
{
    AUTO_JSON json_t *o =
        json_pack("{s:I,s:I,s:s}", "at", (json_int_t)w->now, "n", (json_int_t)w->n, "t", "arena");
    if (!o || !canon_put_b64(o, "digest", digest, 32))
        return fail_memory(err);
    return canon_write(o, out, err);
}

/* Rows are marked, read, ranked, written and logged as one: a board is whole or is not there. Votes that give
 * no ranking yet (one model that never lost, two islands) are published as rows without places. */
static bool publish_work(struct db *db, void *arg, struct err *err)
{
    struct publishing *w = arg;
    struct arena *arena = w->arena;
    struct blind_doc d = {.n = w->n, .day = w->day, .next = w->lab->trial ? 0 : next_month(w->day)};
    AUTO_BUF struct buf bytes, line;
    struct err none = {0};
    uint8_t digest[32];
    uint64_t at;
    int64_t again;
    buf_init(&bytes, BATTLE_BOARD_MOST);
    buf_init(&line, ENTRY_ROOM);
    w->done = false;
    if (!tlog_hold(db, &at, err) ||
        !db_number(db, &again, 0, err, "select count(*) from arena_published where n = $1", V_INT(w->n)))
        return false;
    if (again)
        return true; /* another process was faster */
    if (!mark_rows(db, w, err) || !load_models(db, arena, &d, err) || !load_rows(db, arena, &d, err))
        return false;
    if (!blind_work(&d, arena, &d.figures, &none)) {
        if (none.code == E_MEMORY)
            return fail_memory(err);
        d.figures = (struct blind_figures){.style = d.rows >= BLIND_STYLE};
    }
    if (!blind_write(&d, &bytes, err))
        return false;
    battle_digest(buf_span(&bytes), digest);
    if (!entry(w, digest, &line, err) ||
        !tlog_append(db, &w->lab->log, (const struct span[]){buf_span(&line)}, 1, &at, err) ||
        !db_run(db, err,
                "insert into arena_published(n, day, digest, idx, bytes) values ($1, $2, $3, $4, $5)",
                V_INT(w->n), V_INT(w->day), V_BLOB(span_bytes(digest, 32)), V_INT((int64_t)at),
                V_BLOB(buf_span(&bytes))))
        return false;
    w->done = true;
    return true;
}

bool blind_beat(struct app *app, struct err *err)
{
    static int64_t looked;
    bool is_due, quiet;
    struct publishing w = {.app = app, .arena = app->arena, .lab = app->lab, .now = app->now};
    if (!app->lab->trial && app->now >= looked && app->now - looked < WAIT)
        return true;
    looked = app->now;
    w.day = moment_day(clock_local(app->now));
    if (!due(app, &w, &is_due, err) || !is_due)
        return err->code == E_NONE;
    if (!quiet_now(app, w.day, &quiet, err))
        return false;
    return quiet || writer_do(app->lab->writer, publish_work, &w, err);
}

void api_arena_board(struct app *app, const struct request *request, struct reply *reply)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err err = {0};
    struct problem p = {.type = PROBLEM_BUSY};
    if (db_query(app->db, &q, &err, "select bytes from arena_published order by n desc limit 1")) {
        if (db_next(q, &err)) {
            buf_add(&reply->body, db_text(q, 0));
            reply->type = "application/json";
            reply_header(reply, request->arena, "Cache-Control", "private, max-age=3600");
            return;
        }
        if (err.code == E_NONE)
            p.type = PROBLEM_NOT_FOUND;
    }
    reply_problem(reply, request, &p, 0);
}
