/* Times with a counsellor in one's own calendar: one of them as a file, all of them in the feed. There
 * they are named by their time alone: what a time is called in the lab's record would say which it is. */
#include <inttypes.h>

#include "base/vec.h"
#include "speak/away.h"
#include "speak/counsel.h"

#include "base/banned.h"

bool counsel_calendar(const struct counsel *c, const struct counsel_mine *m, struct buf *out, struct err *err)
{
    away_begin(out);
    away_event(out, c->known, span_bytes(m->slot, sizeof m->slot), m->begins, m->until);
    away_end(out);
    return buf_ok(out, err);
}

static bool book(struct app *app, struct bookings *out, int64_t from, int64_t until, struct err *err)
{
    struct booking *b = VEC_PUSH(app->arena, out);
    if (!b)
        return fail_memory(err);
    *b = (struct booking){.uid = arena_printf(app->arena, "time-%" PRId64, from),
                          .from = from,
                          .until = until,
                          .summary = tr("counsel.away", "Away")};
    return arena_ok(app->arena) || fail_memory(err);
}

/* What one took and did not give back, by what is known here. */
static bool book_mine(struct app *app, struct bookings *out, struct err *err)
{
    struct counsel c = {0};
    struct known *known;
    if (!known_load(app->db, app->arena, &known, err) || !known)
        return err->code == E_NONE;
    bool done = counsel_load(app, known, &c, err);
    for (size_t i = 0; done && i < c.mine.n; i++) {
        const struct counsel_mine *m = &c.mine.at[i];
        if (m->until > app->now && (m->state == COUNSEL_WAITS || m->state == COUNSEL_HAS))
            done = book(app, out, m->begins, m->until, err);
    }
    counsel_clear(&c);
    return done;
}

bool feed_counsel(struct app *app, struct bookings *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    if (!book_mine(app, out, err) ||
        !db_query(app->db, &q, err,
                  "select o.begins, o.until from counsel_own o join counsel_came c on c.slot = o.slot "
                  "where o.until > $1 order by o.begins",
                  V_INT(app->now)))
        return false;
    while (db_next(q, err))
        if (!book(app, out, db_int(q, 0), db_int(q, 1), err))
            return false;
    return err->code == E_NONE;
}
