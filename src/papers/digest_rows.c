/* Digests in and out of the database, and their papers in the ledger of what is held. */
#include "papers/digest_rows.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/vec.h"
#include "base/words.h"
#include "codec/scan.h"
#include "io/clock.h"
#include "io/sched.h"
#include "papers/profile.h"

#include "base/banned.h"

#define LEDGER "papers"

bool digest_candidates(struct db *db, struct arena *arena, day_t from, day_t to, struct numbers *out,
                       struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *out = (struct numbers){0};
    if (!db_query(
            db, &q, err,
            "select id from paper p where shown >= $3 and shown <= $2 and withdrawn = 0 and not (kind = 3 "
            "and day is null) and not exists (select 1 from digest_paper d where d.paper = p.id) and not "
            "exists (select 1 from paper_moved m join digest_paper d on d.paper = m.old where m.paper = "
            "p.id) and (shown >= $1 or exists (select 1 from digest g where g.from_day <= p.shown and "
            "g.to_day >= p.shown)) order by id",
            V_INT(from), V_INT(to), V_INT(from - DIGEST_LATE)))
        return false;
    while (db_next(q, err)) {
        int64_t *id = VEC_PUSH(arena, out);
        if (!id)
            return fail_memory(err);
        *id = db_int(q, 0);
    }
    return err->code == E_NONE;
}

static bool load_items(struct app *app, struct digest *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    if (!db_query(app->db, &q, err,
                  "select paper, why, score from digest_item where monday = $1 order by place",
                  V_INT(out->monday)))
        return false;
    while (out->items < CHOOSE_MOST && db_next(q, err)) {
        struct digest_item *item = &out->item[out->items];
        struct err inner = {0};
        item->reason = arena_printf(app->arena, "%.*s", SPAN_ARG(db_text(q, 1)));
        item->why = profile_why_say(app->arena, item->reason);
        item->score = db_real(q, 2);
        if (shown_load(app, db_int(q, 0), &item->shown, &inner))
            out->items++;
        else if (inner.code != E_MISSING)
            return fail(err, inner.code, "%s", inner.text);
    }
    return err->code == E_NONE;
}

static bool load_lasted(struct app *app, struct span json, struct digest_theme *out, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    if (json.n == 0)
        return true;
    struct told_term *t = arena_get(app->arena, sizeof *t);
    if (!t)
        return fail_memory(err);
    out->lasted = t;
    return json_read(json, 1 << 16, "digest_theme", &o, err) && told_read(app->arena, o, t, err);
}

static bool load_themes(struct app *app, struct digest *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    if (!db_query(app->db, &q, err,
                  "select theme, papers, lasted from digest_theme where monday = $1 order by place",
                  V_INT(out->monday)))
        return false;
    while (out->themes <= THEMES_MOST && db_next(q, err)) {
        struct span words = db_text(q, 0);
        struct digest_theme *t = &out->theme[out->themes++];
        *t = (struct digest_theme){words.n ? arena_printf(app->arena, "%.*s", SPAN_ARG(words)) : NULL,
                                   db_int(q, 1), NULL};
        if (!load_lasted(app, db_text(q, 2), t, err))
            return false;
    }
    return err->code == E_NONE;
}

bool digest_load(struct app *app, day_t monday, struct digest *out, bool *there, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *there = false;
    if (!db_query(
            app->db, &q, err,
            "select monday, from_day, to_day, papers, cap, known, after_quiet from digest where monday = "
            "$1 or (from_day <= $1 and to_day >= $1) order by monday = $1 desc, monday limit 1",
            V_INT(monday)))
        return false;
    if (!db_next(q, err))
        return err->code == E_NONE;
    *out = (struct digest){.monday = (day_t)db_int(q, 0),
                           .from = (day_t)db_int(q, 1),
                           .to = (day_t)db_int(q, 2),
                           .papers = db_int(q, 3),
                           .cap = db_int(q, 4),
                           .known = db_int(q, 5) != 0,
                           .after_quiet = db_int(q, 6) != 0,
                           .stored = true};
    *there = true;
    return load_items(app, out, err) && load_themes(app, out, err);
}

bool digest_covers(struct db *db, day_t day, bool *covered, struct err *err)
{
    int64_t n;
    if (!db_number(db, &n, 0, err, "select count(*) from digest where from_day <= $1 and to_day >= $1",
                   V_INT(day)))
        return false;
    *covered = n > 0;
    return true;
}

bool digest_last_before(struct db *db, day_t monday, day_t *day, struct err *err)
{
    int64_t last;
    if (!db_number(db, &last, INT32_MIN, err, "select max(to_day) from digest where to_day < $1",
                   V_INT(monday)))
        return false;
    if (last > INT32_MIN)
        *day = (day_t)last + 1;
    return true;
}

bool digest_newest(struct db *db, day_t today, day_t *out, struct err *err)
{
    int64_t day;
    if (!db_number(db, &day, PAPER_NO_DAY, err,
                   "select max(shown) from paper where shown <= $1 and withdrawn = 0", V_INT(today)))
        return false;
    *out = (day_t)day;
    return true;
}

/* ---- keeping ---- */

struct saving {
    struct app *app;
    const struct digest *d;
    const struct numbers *papers;
    bool kept; /* by save_work */
};

static struct span key_of(int64_t paper, char room[static 24])
{
    return span_bytes(room, (size_t)snprintf(room, 24, "%" PRId64, paper));
}

static bool receive_all(struct app *app, const struct numbers *papers, bool deliver, struct err *err)
{
    char room[24];
    for (size_t i = 0; i < papers->n; i++) {
        struct span key = key_of(papers->at[i], room);
        if (!held_receive(app->db, LEDGER, key, app->now, err) ||
            (deliver && !held_deliver(app->db, LEDGER, key, err)))
            return false;
    }
    return true;
}

static bool write_lasted(const struct digest_theme *t, struct buf *out, struct err *err)
{
    if (!t->lasted)
        return true;
    AUTO_JSON json_t *o = told_json(t->lasted);
    return o ? json_write(o, out, err) : fail_memory(err);
}

static bool save_rows(struct db *db, const struct digest *d, struct err *err)
{
    for (size_t i = 0; i < d->items; i++)
        if (!db_run(db, err,
                    "insert into digest_item(monday, place, paper, why, score) values ($1, $2, $3, $4, $5)",
                    V_INT(d->monday), V_INT((int64_t)i), V_INT(d->item[i].shown.paper),
                    V_STR(d->item[i].reason), V_REAL(d->item[i].score)))
            return false;
    for (size_t i = 0; i < d->themes; i++) {
        AUTO_BUF struct buf lasted;
        buf_init(&lasted, 1 << 16);
        if (!write_lasted(&d->theme[i], &lasted, err) ||
            !db_run(db, err,
                    "insert into digest_theme(monday, place, theme, papers, lasted) values ($1, $2, $3, $4, "
                    "$5)",
                    V_INT(d->monday), V_INT((int64_t)i), V_STR(d->theme[i].words ? d->theme[i].words : ""),
                    V_INT(d->theme[i].papers), V_TEXT(buf_span(&lasted))))
            return false;
    }
    return true;
}

static bool save_work(struct db *db, void *arg, struct err *err)
{
    struct saving *s = arg;
    const struct digest *d = s->d;
    int64_t there;
    if (!db_number(db, &there, 0, err, "select count(*) from digest where monday = $1", V_INT(d->monday)))
        return false;
    s->kept = there == 0;
    if (there)
        return true;
    if (!db_run(
            db, err,
            "insert into digest(monday, from_day, to_day, made_on, papers, cap, known, after_quiet) values "
            "($1, $2, $3, $4, $5, $6, $7, $8)",
            V_INT(d->monday), V_INT(d->from), V_INT(d->to), V_INT(moment_day(clock_local(s->app->now))),
            V_INT(d->papers), V_INT(d->cap), V_INT(d->known), V_INT(d->after_quiet)) ||
        !save_rows(db, d, err))
        return false;
    for (size_t i = 0; i < s->papers->n; i++)
        if (!db_run(db, err, "insert into digest_paper(paper, monday) values ($1, $2)",
                    V_INT(s->papers->at[i]), V_INT(d->monday)))
            return false;
    return receive_all(s->app, s->papers, true, err);
}

bool digest_save(struct app *app, const struct digest *d, const struct numbers *papers, bool *kept,
                 struct err *err)
{
    struct saving s = {app, d, papers, false};
    if (!db_write(app->db, save_work, &s, err))
        return false;
    *kept = s.kept;
    return true;
}

static bool receive_work(struct db *db, void *arg, struct err *err)
{
    const struct saving *s = arg;
    (void)db;
    return receive_all(s->app, s->papers, false, err);
}

bool digest_receive(struct app *app, const struct numbers *papers, struct err *err)
{
    struct saving s = {.app = app, .papers = papers};
    return papers->n == 0 || db_write(app->db, receive_work, &s, err);
}

/* ---- settings and the list ---- */

static bool number_setting(struct db *db, struct arena *arena, const char *name, int64_t usual, int64_t least,
                           int64_t most, int64_t *out, struct err *err)
{
    const char *text;
    if (!setting_get(db, arena, name, "", &text, err))
        return false;
    struct span in = span_of(text);
    if (!scan_i64(&in, out) || in.n || *out < least || *out > most)
        *out = usual;
    return true;
}

static bool put_number(struct db *db, const char *name, int64_t value, struct err *err)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    return setting_put(db, name, text, err);
}

bool digest_cap(struct db *db, struct arena *arena, int64_t *out, struct err *err)
{
    return number_setting(db, arena, "papers.cap", CHOOSE_USUAL, 1, CHOOSE_MOST, out, err);
}

bool digest_cap_put(struct db *db, int64_t cap, struct err *err)
{
    return put_number(db, "papers.cap", cap, err);
}

bool digest_day(struct db *db, struct arena *arena, int64_t *out, struct err *err)
{
    return number_setting(db, arena, "papers.day", 0, 0, 6, out, err);
}

bool digest_day_put(struct db *db, int64_t day, struct err *err)
{
    return put_number(db, "papers.day", day, err);
}

bool digest_list(struct db *db, struct arena *arena, size_t most, day_t **out, size_t *n, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *n = 0;
    *out = arena_array(arena, most + 1, sizeof **out);
    if (!*out)
        return fail_memory(err);
    if (!db_query(db, &q, err, "select monday from digest order by monday desc limit $1",
                  V_INT((int64_t)most)))
        return false;
    while (*n < most && db_next(q, err))
        (*out)[(*n)++] = (day_t)db_int(q, 0);
    return err->code == E_NONE;
}
