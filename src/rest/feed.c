/* The calendar feed: entries with their SEQUENCE, and the file of them. */
#include "rest/feed.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/map.h"
#include "base/vec.h"
#include "codec/ics.h"
#include "io/clock.h"
#include "io/sched.h"

#include "base/banned.h"

enum { DAY = 86400, STAYS = 90 * DAY, ENTRIES_MOST = 10000 };

static void zeros(char token[static FEED_TOKEN + 1])
{
    memset(token, '0', FEED_TOKEN);
    token[FEED_TOKEN] = '\0';
}

bool feed_load(struct db *db, struct arena *arena, struct feed *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *out = (struct feed){.text = SPAN("")};
    zeros(out->token);
    if (!db_query(db, &q, err, "select token, seed, made, text from feed"))
        return false;
    if (!db_next(q, err))
        return err->code == E_NONE;
    struct span token = db_text(q, 0), seed = db_text(q, 1);
    out->on = token.n == FEED_TOKEN;
    if (out->on)
        memcpy(out->token, token.p, FEED_TOKEN);
    snprintf(out->seed, sizeof out->seed, "%.*s", SPAN_ARG(span_first(seed, sizeof out->seed - 1)));
    out->made = db_int(q, 2);
    out->text = arena_span(arena, db_text(q, 3));
    return out->text.p || fail_memory(err);
}

bool feed_put(struct db *db, const char *token, const char *seed, struct err *err)
{
    return db_run(db, err,
                  "insert into feed(one, token, seed, made, text) values (1, $1, $2, 0, '') on conflict(one) "
                  "do update set token = excluded.token, made = 0, text = ''",
                  V_STR(token ? token : ""), V_STR(seed));
}

bool feed_made(struct db *db, struct span text, int64_t now, struct err *err)
{
    return db_run(db, err, "update feed set text = $1, made = $2", V_TEXT(text), V_INT(now));
}

/* ---- entries ---- */

struct keeping {
    const struct bookings *all;
    int64_t now;
};

/* The second of the same name in one gathering is not there: an entry has one state. */
static bool keep_one(struct db *db, struct map *seen, const struct booking *b, int64_t now, struct err *err)
{
    int64_t *n = map_at(seen, span_of(b->uid));
    if (!n)
        return fail_memory(err);
    if (++*n > 1)
        return true;
    return db_run(
        db, err,
        "insert into feed_entry(uid, begins, until, days, open, summary, sequence, modified, gone) values "
        "($1, $2, $3, $4, $5, $6, 0, $7, 0) on conflict(uid) do update set begins = excluded.begins, until = "
        "excluded.until, days = excluded.days, open = excluded.open, summary = excluded.summary, sequence = "
        "sequence + 1, modified = $7, gone = 0 where begins <> excluded.begins or until <> excluded.until or "
        "days <> excluded.days or open <> excluded.open or summary <> excluded.summary or gone = 1",
        V_STR(b->uid), V_INT(b->from), V_INT(b->until), V_INT(b->days), V_INT(b->open), V_STR(b->summary),
        V_INT(now));
}

/* What is to come and was not given any more. */
static bool take_out(struct db *db, struct arena *arena, const struct map *seen, int64_t now, struct err *err)
{
    struct {
        struct span *at;
        size_t n, room;
    } gone = {0};
    AUTO_STMT struct stmt *q = NULL;
    if (!db_query(db, &q, err,
                  "select uid from feed_entry where gone = 0 and case days when 1 then (until + 1) * 86400 "
                  "else until end > $1",
                  V_INT(now)))
        return false;
    while (db_next(q, err))
        if (!map_find(seen, db_text(q, 0))) {
            struct span copy = arena_span(arena, db_text(q, 0)), *at = copy.p ? VEC_PUSH(arena, &gone) : NULL;
            if (!at)
                return fail_memory(err);
            *at = copy;
        }
    if (err->code)
        return false;
    for (size_t i = 0; i < gone.n; i++)
        if (!db_run(db, err, "update feed_entry set gone = 1 where uid = $1", V_TEXT(gone.at[i])))
            return false;
    return true;
}

static bool keep_work(struct db *db, void *arg, struct err *err)
{
    const struct keeping *k = arg;
    struct arena *AUTO_ARENA arena = arena_new();
    struct map seen;
    if (!arena)
        return fail_memory(err);
    map_init(&seen, arena, ENTRIES_MOST);
    for (size_t i = 0; i < k->all->n && i < ENTRIES_MOST; i++)
        if (!keep_one(db, &seen, &k->all->at[i], k->now, err))
            return false;
    return take_out(db, arena, &seen, k->now, err) &&
           db_run(
               db, err,
               "delete from feed_entry where case days when 1 then (until + 1) * 86400 else until end < $1",
               V_INT(k->now - STAYS));
}

bool feed_keep(struct db *db, const struct bookings *bookings, int64_t now, struct err *err)
{
    struct keeping k = {bookings, now};
    return db_write(db, keep_work, &k, err);
}

/* ---- the file ---- */

static void put_entry(struct buf *out, struct stmt *q, const char *seed)
{
    char uid[400], number[32];
    bool days = db_int(q, 3) != 0, open = db_int(q, 4) != 0;
    int64_t from = db_int(q, 1), until = db_int(q, 2), modified = db_int(q, 7);
    snprintf(uid, sizeof uid, "%.*s.%s@respite", SPAN_ARG(db_text(q, 0)), seed);
    snprintf(number, sizeof number, "%" PRId64, db_int(q, 6));
    ics_line(out, "BEGIN", SPAN("VEVENT"));
    ics_text(out, "UID", span_of(uid));
    ics_moment(out, "DTSTAMP", modified);
    ics_moment(out, "LAST-MODIFIED", modified);
    ics_line(out, "SEQUENCE", span_of(number));
    if (days) {
        ics_day(out, "DTSTART", (day_t)from);
        ics_day(out, "DTEND", (day_t)until + 1); /* the day after the last */
    } else {
        ics_moment(out, "DTSTART", from);
        if (until > from) /* else it has no length */
            ics_moment(out, "DTEND", until);
    }
    ics_text(out, "SUMMARY", db_text(q, 5));
    ics_line(out, "CLASS", SPAN("PRIVATE"));
    ics_line(out, "TRANSP", open ? SPAN("TRANSPARENT") : SPAN("OPAQUE"));
    ics_line(out, "END", SPAN("VEVENT"));
}

bool feed_write(struct db *db, const char *seed, struct buf *out, size_t *events, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *events = 0;
    ics_line(out, "BEGIN", SPAN("VCALENDAR"));
    ics_line(out, "VERSION", SPAN("2.0"));
    ics_line(out, "PRODID", SPAN("-//Respite//EN"));
    ics_line(out, "NAME", SPAN("Respite"));
    ics_line(out, "X-WR-CALNAME", SPAN("Respite"));
    ics_line(out, "REFRESH-INTERVAL;VALUE=DURATION", SPAN("PT12H"));
    ics_line(out, "X-PUBLISHED-TTL", SPAN("PT12H"));
    if (!db_query(db, &q, err,
                  "select uid, begins, until, days, open, summary, sequence, modified from feed_entry where "
                  "gone = 0 order by case days when 1 then begins * 86400 else begins end, uid"))
        return false;
    while (db_next(q, err)) {
        put_entry(out, q, seed);
        ++*events;
    }
    ics_line(out, "END", SPAN("VCALENDAR"));
    return err->code == E_NONE && buf_ok(out, err);
}

/* ---- the room's own row ---- */

bool feed_quiet(struct app *app, struct bookings *out, struct err *err)
{
    struct quiets quiets = {0};
    if (!sched_quiets(app->db, app->arena, moment_day(clock_local(app->now)), &quiets, err))
        return false;
    for (size_t i = 0; i < quiets.n; i++) {
        struct booking *b = VEC_PUSH(app->arena, out);
        if (!b)
            return fail_memory(err);
        *b = (struct booking){.uid = arena_printf(app->arena, "quiet-%" PRId64, quiets.at[i].id),
                              .from = quiets.at[i].from,
                              .until = quiets.at[i].to,
                              .days = true,
                              .summary = tr("counsel.away", "Away")};
        if (!b->uid)
            return fail_memory(err);
    }
    return true;
}
