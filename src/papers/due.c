/* Deadlines in the table paper_due. */
#include "papers/due.h"

#include <stdio.h>

#include "io/clock.h"

#include "base/banned.h"

enum { EARLIEST = 14 * 60 };

/* The moment at which a zone's clock shows it. Zones change in the night, so the second look finds it. */
static int64_t moment_of(const struct deadline *d)
{
    char name[64];
    int minutes, again;
    struct err none = {0};
    if (deadline_zone(d->zone, &minutes))
        return d->wall - (int64_t)minutes * 60;
    int n = snprintf(name, sizeof name, "%.*s", SPAN_ARG(span_first(d->zone, 60)));
    if (n > 0 && clock_zone_of(name, d->wall, &minutes, &none) &&
        clock_zone_of(name, d->wall - (int64_t)minutes * 60, &again, &none))
        return d->wall - (int64_t)again * 60;
    return d->wall - (int64_t)EARLIEST * 60;
}

static struct val day_val(day_t day)
{
    return day == DEADLINE_NO_DAY ? V_NULL : V_INT(day);
}

bool due_keep(struct db *db, const struct deadline *d, struct err *err)
{
    return db_run(
        db, err,
        "insert into paper_due (venue, year, kind, entry, moment, zone, place, link, subject, start, "
        "end_) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict(venue, year, "
        "entry, kind) do update set moment = excluded.moment, zone = excluded.zone, place = "
        "excluded.place, link = excluded.link, subject = excluded.subject, start = excluded.start, "
        "end_ = excluded.end_",
        V_TEXT(d->title), V_INT(d->year), V_TEXT(d->kind), V_TEXT(d->id), V_INT(moment_of(d)),
        V_TEXT(d->zone), V_TEXT(d->place), V_TEXT(d->link), V_TEXT(d->subject), day_val(d->start),
        day_val(d->end));
}

bool due_each(struct db *db, int64_t from, int64_t to, due_visit *visit, void *arg, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    if (!db_query(db, &q, err,
                  "select venue, kind, zone, place, link, subject, year, moment, start, end_ from paper_due "
                  "where moment between $1 and $2 order by moment, venue, kind",
                  V_INT(from), V_INT(to)))
        return false;
    while (db_next(q, err)) {
        struct due due = {.venue = db_text(q, 0),
                          .kind = db_text(q, 1),
                          .zone = db_text(q, 2),
                          .place = db_text(q, 3),
                          .link = db_text(q, 4),
                          .subject = db_text(q, 5),
                          .year = (int)db_int(q, 6),
                          .moment = db_int(q, 7),
                          .start = db_is_null(q, 8) ? DEADLINE_NO_DAY : (day_t)db_int(q, 8),
                          .end = db_is_null(q, 9) ? DEADLINE_NO_DAY : (day_t)db_int(q, 9)};
        if (!visit(&due, arg, err))
            break;
    }
    return err->code == E_NONE;
}
