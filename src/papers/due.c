/* Deadlines in the table paper_due, venues chosen in paper_venue, editions pinned in paper_due_pin. A pin
 * keeps no date: what a newer list says of the edition is what is followed. */
#include "papers/due.h"

#include <stdio.h>

#include "base/vec.h"
#include "base/words.h"
#include "codec/utf8.h"
#include "io/clock.h"
#include "ui/cli.h"

#include "base/banned.h"

enum { EARLIEST = 14 * 60, SAID = 160, ID_MOST = 40, NEAREST = 3000 };

/* Minutes east of UTC of a zone; false for one that nobody knows. `at`: near which moment. */
static bool zone_minutes(struct span zone, int64_t at, int *minutes)
{
    char name[64];
    struct err none = {0};
    if (deadline_zone(zone, minutes))
        return true;
    int n = snprintf(name, sizeof name, "%.*s", SPAN_ARG(span_first(zone, 60)));
    return n > 0 && clock_zone_of(name, at, minutes, &none);
}

/* The moment at which a zone's clock shows it. Zones change in the night, so the second look finds it. */
static int64_t moment_of(const struct deadline *d)
{
    int minutes, again;
    if (zone_minutes(d->zone, d->wall, &minutes) &&
        zone_minutes(d->zone, d->wall - (int64_t)minutes * 60, &again))
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

/* ---- names ---- */

static const char *said(struct arena *arena, struct span text)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 8 * SAID);
    utf8_clean(&out, utf8_front(span_trim(text), SAID));
    return buf_keep(&out, arena);
}

static bool plain(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* As the list calls the entry, when that can be typed; else made of the venue and the year. */
static const char *id_of(struct arena *arena, struct span venue, struct span entry, int year)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 4 * SAID);
    bool ok = entry.n > 0 && entry.n <= ID_MOST;
    for (size_t i = 0; ok && i < entry.n; i++)
        ok = plain((unsigned char)entry.p[i]) || (i && memchr("._-", entry.p[i], 3));
    if (ok)
        return arena_text(arena, entry);
    venue = span_first(venue, ID_MOST);
    for (size_t i = 0; i < venue.n; i++)
        if (plain((unsigned char)venue.p[i]))
            buf_add_byte(&out, (char)(venue.p[i] | (venue.p[i] >= 'A' ? 0x20 : 0)));
        else if (out.n && out.p[out.n - 1] != '-')
            buf_add_byte(&out, '-');
    if (out.n && out.p[out.n - 1] != '-')
        buf_add_byte(&out, '-');
    buf_printf(&out, "%d", year);
    return buf_keep(&out, arena);
}

/* "NeurIPS 2027"; without the year when it is unknown, or stands there already. */
static const char *name_of(struct arena *arena, struct span venue, int year)
{
    char digits[16];
    const char *name = said(arena, venue);
    snprintf(digits, sizeof digits, "%d", year);
    if (!name || year == 0 || strstr(name, digits))
        return name;
    return arena_printf(arena, "%s %s", name, digits);
}

/* ---- loading ---- */

static bool read_due(struct arena *arena, struct stmt *q, struct due *d)
{
    int minutes;
    struct span zone = db_text(q, 4);
    *d = (struct due){.venue = arena_span(arena, db_text(q, 0)),
                      .entry = arena_span(arena, db_text(q, 1)),
                      .year = (int)db_int(q, 2),
                      .kind = said(arena, db_text(q, 3)),
                      .zone = said(arena, zone),
                      .place = said(arena, db_text(q, 5)),
                      .link = said(arena, db_text(q, 6)),
                      .subject = said(arena, db_text(q, 7)),
                      .moment = db_int(q, 8),
                      .start = db_is_null(q, 9) ? DEADLINE_NO_DAY : (day_t)db_int(q, 9),
                      .end = db_is_null(q, 10) ? DEADLINE_NO_DAY : (day_t)db_int(q, 10),
                      .chosen = db_int(q, 11) != 0,
                      .pinned = db_int(q, 12) != 0};
    d->id = id_of(arena, d->venue, d->entry, d->year);
    d->name = name_of(arena, d->venue, d->year);
    d->zone_known = zone_minutes(zone, d->moment, &minutes);
    d->wall = d->moment + (int64_t)(d->zone_known ? minutes : EARLIEST) * 60;
    return arena_ok(arena);
}

bool dues_load(struct db *db, struct arena *arena, enum due_which which, int64_t from, int64_t to,
               size_t most, struct dues *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *out = (struct dues){0};
    if (!db_query(
            db, &q, err,
            "select venue, entry, year, kind, zone, place, link, subject, moment, start, end_, chosen, "
            "pinned from (select d.*, exists(select 1 from paper_venue v where v.venue = d.venue) chosen, "
            "exists(select 1 from paper_due_pin p where p.venue = d.venue and p.year = d.year and p.entry = "
            "d.entry) pinned from paper_due d where d.moment between $1 and $2) where $3 = 0 or pinned = 1 "
            "or ($3 = 1 and chosen = 1) order by moment, venue, year, entry, kind",
            V_INT(from), V_INT(to), V_INT(which)))
        return false;
    while (db_next(q, err)) {
        if (out->n >= most) {
            out->later++;
            continue;
        }
        struct due *d = VEC_PUSH(arena, out);
        if (!d || !read_due(arena, q, d))
            return fail_memory(err);
    }
    return err->code == E_NONE;
}

bool due_count(struct db *db, int64_t now, struct due_counts *out, struct err *err)
{
    return db_number(db, &out->coming, 0, err, "select count(*) from paper_due where moment >= $1",
                     V_INT(now)) &&
           db_number(db, &out->over, 0, err, "select count(*) from paper_due where moment < $1",
                     V_INT(now)) &&
           db_number(db, &out->chosen, 0, err, "select count(*) from paper_venue");
}

bool due_venues(struct db *db, struct arena *arena, int64_t now, struct due_venues *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *out = (struct due_venues){0};
    if (!db_query(db, &q, err,
                  "select venue, sum(coming), max(chosen) from (select venue, 1 coming, 0 chosen from "
                  "paper_due where moment >= $1 union all select venue, 0, 1 from paper_venue) group by "
                  "venue order by venue collate nocase, venue limit 2000",
                  V_INT(now)))
        return false;
    while (db_next(q, err)) {
        struct due_venue *v = VEC_PUSH(arena, out);
        if (!v)
            return fail_memory(err);
        *v = (struct due_venue){.name = said(arena, db_text(q, 0)),
                                .venue = arena_span(arena, db_text(q, 0)),
                                .coming = db_int(q, 1),
                                .chosen = db_int(q, 2) != 0};
    }
    return err->code == E_NONE && (arena_ok(arena) || fail_memory(err));
}

/* ---- choosing ---- */

static const char *lower(struct arena *arena, const char *text)
{
    char *copy = arena_text(arena, span_of(text));
    for (char *c = copy; c && *c; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c);
    return copy;
}

/* E_MISSING with the one of the `n` names that is nearest, upper and lower case alike. */
static bool fail_name(struct arena *arena, struct err *err, const char *text, const char *const *names,
                      size_t n)
{
    const char **lows = arena_array(arena, n + 1, sizeof *lows), *low = lower(arena, text), *near = NULL;
    for (size_t i = 0; lows && i < n; i++)
        lows[i] = lower(arena, names[i]);
    if (!lows || !low || !arena_ok(arena))
        return fail_memory(err);
    lows[n] = NULL;
    const char *found = cli_nearest(low, lows);
    for (size_t i = 0; found && i < n && !near; i++)
        near = lows[i] == found ? names[i] : NULL;
    if (near)
        return fail(
            err, E_MISSING,
            tr("err.papers.due_near", "There are no deadlines of “%.60s” here. Did you mean “%.60s”?"), text,
            near);
    return fail(err, E_MISSING,
                tr("err.papers.due_none",
                   "There are no deadlines of “%.60s” here. `respite papers deadlines --list` shows the "
                   "venues there are; `respite papers import FILE` takes in more."),
                text);
}

struct choosing {
    struct arena *arena;
    struct span name;
    bool on;
};

static bool choose_work(struct db *db, void *arg, struct err *err)
{
    struct choosing *c = arg;
    int64_t n;
    if (!c->on)
        return db_run(db, err, "delete from paper_venue where venue = $1 collate nocase", V_TEXT(c->name)) &&
               (db_changed(db) > 0 ||
                fail(err, E_MISSING, tr("err.papers.due_not_chosen", "“%s” is not among the venues chosen."),
                     said(c->arena, c->name)));
    if (!db_run(db, err,
                "insert into paper_venue(venue) select distinct venue from paper_due where venue = $1 "
                "collate nocase on conflict do nothing",
                V_TEXT(c->name)) ||
        !db_number(db, &n, 0, err, "select count(*) from paper_venue"))
        return false;
    return n <= DUE_VENUES ||
           fail(err, E_LIMIT, tr("err.papers.due_venues", "%d venues are chosen, which is the most."),
                (int)DUE_VENUES);
}

bool due_choose(struct db *db, struct arena *arena, struct span name, bool on, struct err *err)
{
    int64_t n;
    struct choosing c = {arena, span_trim(name), on};
    if (!db_number(db, &n, 0, err, "select count(*) from paper_due where venue = $1 collate nocase",
                   V_TEXT(c.name)))
        return false;
    if (n || !on)
        return db_write(db, choose_work, &c, err);
    struct due_venues all;
    const char *text = said(arena, c.name);
    if (!due_venues(db, arena, 0, &all, err))
        return false;
    const char **names = arena_array(arena, all.n, sizeof *names);
    if ((!names && all.n) || !text)
        return fail_memory(err);
    for (size_t i = 0; i < all.n; i++)
        names[i] = all.at[i].name;
    return fail_name(arena, err, text, names, all.n);
}

/* ---- pinning ---- */

/* Every edition by its last date, with the columns of read_due. */
static bool editions(struct db *db, struct arena *arena, struct dues *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *out = (struct dues){0};
    if (!db_query(db, &q, err,
                  "select d.venue, d.entry, d.year, '', '', '', '', '', max(d.moment), null, null, 0, "
                  "exists(select 1 from paper_due_pin p where p.venue = d.venue and p.year = d.year and "
                  "p.entry = d.entry) from paper_due d group by d.venue, d.year, d.entry order by "
                  "max(d.moment)"))
        return false;
    while (db_next(q, err)) {
        struct due *d = VEC_PUSH(arena, out);
        if (!d || !read_due(arena, q, d))
            return fail_memory(err);
    }
    return err->code == E_NONE;
}

static bool fail_several(struct err *err, const char *text, const struct due *a, const struct due *b)
{
    return fail(err, E_USAGE,
                tr("err.papers.due_several", "“%.60s” is %.80s and %.80s alike. Name it so: \"%.80s\"."),
                text, a->name, b->name, b->name);
}

bool due_named(struct db *db, struct arena *arena, int64_t now, const char *text, struct due *out,
               struct err *err)
{
    struct dues all;
    struct span name = span_trim(span_of(text));
    const struct due *found = NULL, *next = NULL;
    if (!editions(db, arena, &all, err))
        return false;
    const char **names = arena_array(arena, NEAREST, sizeof *names);
    if (!names)
        return fail_memory(err);
    size_t n = 0;
    for (size_t i = 0; i < all.n; i++) {
        const struct due *d = &all.at[i];
        bool by_name = span_eq_nocase(span_of(d->name), name);
        if (by_name || span_eq_nocase(span_of(d->id), name)) {
            if (found && !by_name && strcmp(found->name, d->name) != 0)
                return fail_several(err, text, found, d);
            found = d;
        }
        if (!next && d->moment >= now && span_eq_nocase(span_trim(d->venue), name))
            next = d;
        if (n < NEAREST && d->moment >= now)
            names[n++] = d->id;
    }
    found = found ? found : next;
    if (!found)
        return fail_name(arena, err, said(arena, name), names, n);
    if (found->moment < now && !found->pinned)
        return fail(err, E_REFUSED, tr("err.papers.due_over", "The dates of %s are over."), found->name);
    *out = *found;
    return true;
}

struct pinning {
    struct span venue, entry;
    int64_t year;
    bool on;
};

static bool pin_work(struct db *db, void *arg, struct err *err)
{
    struct pinning *p = arg;
    int64_t n;
    if (!p->on)
        return db_run(db, err, "delete from paper_due_pin where venue = $1 and year = $2 and entry = $3",
                      V_TEXT(p->venue), V_INT(p->year), V_TEXT(p->entry)) &&
               (db_changed(db) > 0 ||
                fail(err, E_MISSING, "%s", tr("err.papers.due_unpinned", "That deadline is not pinned.")));
    if (!db_number(db, &n, 0, err,
                   "select count(*) from paper_due where venue = $1 and year = $2 and entry = $3",
                   V_TEXT(p->venue), V_INT(p->year), V_TEXT(p->entry)))
        return false;
    if (n == 0)
        return fail(err, E_MISSING, "%s", tr("err.papers.due_gone", "That deadline is not here any more."));
    if (!db_run(db, err,
                "insert into paper_due_pin(venue, year, entry) values ($1, $2, $3) on conflict do nothing",
                V_TEXT(p->venue), V_INT(p->year), V_TEXT(p->entry)) ||
        !db_number(db, &n, 0, err, "select count(*) from paper_due_pin"))
        return false;
    return n <= DUE_PINS ||
           fail(err, E_LIMIT,
                tr("err.papers.due_pins", "%d deadlines are pinned, which is the most. Unpin one first."),
                (int)DUE_PINS);
}

bool due_pin(struct db *db, struct span venue, int64_t year, struct span entry, bool on, struct err *err)
{
    struct pinning p = {venue, entry, year, on};
    return db_write(db, pin_work, &p, err);
}
