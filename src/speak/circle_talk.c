/* Letters to a whole circle. One work of the database: either all of them wait, or none. */
#include "speak/circle_talk.h"

#include <stdio.h>

#include "anon/epoch.h"
#include "anon/outbox_db.h"
#include "anon/spend.h"
#include "codec/scan.h"
#include "crypt/secret.h"
#include "io/clock.h"

#include "base/banned.h"

enum { WEEK = 7, WEEK_SECONDS = 7 * 86400, MINUTES_LEAST = 5, MINUTES_MOST = 720, EVERY_MOST = 4 };

struct telling {
    const struct circles_here *h;
    const struct circle_own *own;
    struct app *app;
    struct span text;
    struct meets meets;
    bool at_once, tells; /* tells: new times */
    struct circle_outs *out;
};

/* The conversation with this member that letters go on in, or 0. */
static bool talk_with(struct db *db, const struct circle_own *own, const uint8_t pk[static 32], int64_t *id,
                      struct err *err)
{
    return db_number(db, id, 0, err,
                     "select id from conversation where role = $1 and other = $2 and over = 0 order by acked "
                     "desc, id limit 1",
                     V_STR(own->role), V_BLOB(span_bytes(pk, 32)));
}

static bool note_sent(struct db *db, int64_t outbox, int64_t word, struct err *err)
{
    return db_run(
        db, err,
        "insert into circle_sent(conversation, n, word) select conversation, n, $2 from letter where "
        "own = 1 and outbox = $1",
        V_INT(outbox), V_INT(word));
}

static bool write_to(struct db *db, struct telling *t, const struct circle_member *m,
                     const struct sign_key *key, int64_t *outbox, struct err *err)
{
    int64_t id;
    struct mailbox_circle circle = {.circle = t->own->c->id, .key = key, .meets = t->meets};
    struct mailbox_to to = {
        .role = t->own->role, .name = "", .pk = m->pk, .box_pk = m->box_pk, .circle = &circle};
    static const struct meets none;
    if (!talk_with(db, t->own, m->pk, &id, err))
        return false;
    return id ? mailbox_send_meets(db, t->h->known, id, t->text, t->tells ? &t->meets : &none, t->at_once,
                                   t->app->now, outbox, err)
              : mailbox_begin(db, t->h->known, &to, t->text, t->at_once, t->app->now, &id, outbox, err);
}

/* Within db_write. */
static bool tell_work(struct db *db, void *arg, struct err *err)
{
    struct telling *t = arg;
    const struct circle *c = t->own->c;
    struct sign_key key;
    int64_t word;
    bool ok = db_number(db, &word, 0, err, "select coalesce(max(word), 0) + 1 from circle_sent");
    circle_key(t->h->known, t->own, &key);
    for (size_t i = 0; ok && i < c->n; i++) {
        const struct circle_member *m = &c->member[i];
        int64_t outbox;
        if (memcmp(m->pk, t->own->pk, 32) == 0)
            continue;
        if (m->week < epoch_of(t->app->now) - CIRCLE_FRESH_WEEKS * WEEK) {
            t->out->away++;
            continue;
        }
        ok = write_to(db, t, m, &key, &outbox, err) && note_sent(db, outbox, word, err);
        if (ok)
            t->out->id[t->out->n++] = outbox;
    }
    secret_wipe(&key, sizeof key);
    return ok && (!t->tells || circle_meets_put(db, t->own->seed, t->own->pk, &t->meets, err));
}

bool circle_write(struct app *app, const struct circles_here *h, const struct circle_own *own,
                  struct span text, const struct meets *meets, bool at_once, struct circle_outs *out,
                  struct err *err)
{
    struct telling t = {
        .h = h, .own = own, .app = app, .text = text, .at_once = at_once, .tells = meets != NULL, .out = out};
    *out = (struct circle_outs){0};
    if (own->place != PLACE_IN)
        return fail(err, E_REFUSED, tr("err.circles.not_in", "You are not in this circle."));
    if (own->c->n < 2)
        return fail(err, E_REFUSED, tr("err.circles.alone", "Nobody else is in this circle yet."));
    if (!circle_meets_load(app->db, own->seed, &t.meets, err))
        return false;
    if (meets) {
        int64_t n = t.meets.n + 1;
        t.meets = *meets;
        t.meets.n = n;
        if (!meets_check(&t.meets, err))
            return false;
    }
    return db_write(app->db, tell_work, &t, err) &&
           (out->n > 0 || fail(err, E_REFUSED,
                               tr("err.circles.away", "The others gave no sign for weeks: no letter would be "
                                                      "read. Nothing was sent.")));
}

/* Times ---------------------------------------------------------------------------------------------- */
static bool bad_time(struct err *err)
{
    return fail(
        err, E_FORMAT,
        tr("err.circles.time", "A meeting is written as 2026-12-02 15:00, by this computer's clock."));
}

/* Seconds of a wall clock of this machine's zone. */
static int64_t local(day_t day, int minute)
{
    int64_t guess = clock_day_start(day) + (int64_t)minute * 60;
    struct moment m = clock_local(guess);
    return guess + ((int64_t)minute - moment_minute(m)) * 60 * (moment_day(m) == day);
}

static bool read_when(struct span when, day_t *day, int *minute, struct err *err)
{
    struct span text = span_trim(when), date = span_first(text, 10), clock = span_from(text, 11);
    uint64_t hour, min;
    struct err why = {0};
    if (text.n < 15 || (text.p[10] != ' ' && text.p[10] != 'T') || !day_read(date, day, &why) ||
        !scan_u64(&clock, &hour, 23) || !scan_byte(&clock, ':') || clock.n != 2 ||
        !scan_u64(&clock, &min, 59))
        return bad_time(err);
    *minute = (int)(hour * 60 + min);
    return true;
}

bool meets_of(const struct meet_wish *w, int64_t now, struct meets *out, struct err *err)
{
    day_t day;
    int minute;
    *out = (struct meets){0};
    if (!read_when(w->when, &day, &minute, err))
        return false;
    if (w->minutes < MINUTES_LEAST || w->minutes > MINUTES_MOST || w->every < 1 || w->every > EVERY_MOST ||
        w->times < 1 || w->times > MEETS_MOST)
        return fail(err, E_LIMIT,
                    tr("err.circles.times",
                       "A meeting lasts from %d to %d minutes; there are up to %d of them, "
                       "from one to %d weeks apart."),
                    MINUTES_LEAST, MINUTES_MOST, MEETS_MOST, EVERY_MOST);
    for (int64_t i = 0; i < w->times; i++) {
        int64_t from = local(day + (day_t)(i * w->every * WEEK), minute);
        out->at[out->count++] = (struct meet){from, from + w->minutes * 60};
    }
    if (out->at[0].from < now || out->at[out->count - 1].from > now + (int64_t)MEET_WEEKS * WEEK_SECONDS)
        return fail(err, E_LIMIT, tr("err.circles.when", "A meeting is some time in the next %d weeks."),
                    MEET_WEEKS);
    return true;
}

/* Reading -------------------------------------------------------------------------------------------- */
/* An own letter that belongs to the same words as one that is there. */
static struct circle_said *same_word(struct circle_saids *all, const int64_t *words, int64_t word)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->at[i].own && words[i] == word)
            return &all->at[i];
    return NULL;
}

struct reading {
    struct app *app;
    const struct circle_own *own;
    struct circle_saids *out;
    int64_t *words;
    size_t most;
};

static bool state_of(struct reading *r, struct circle_said *s, int64_t outbox, struct err *err)
{
    struct outbox one = {0};
    if (!outbox_list(r->app->db, r->app->arena, outbox, &one, err))
        return false;
    bool failed = one.n == 1 && (one.at->state == ACT_REFUSED || one.at->state == ACT_GIVEN_UP);
    s->failed += failed;
    s->waits += !failed;
    return true;
}

/* Columns: own, day, text, outbox, word, other. */
static bool read_one(struct reading *r, struct stmt *q, struct err *err)
{
    bool own = db_int(q, 0) != 0;
    day_t day = (day_t)db_int(q, 1);
    int64_t word = db_int(q, 4), outbox = db_int(q, 3);
    struct span other = db_text(q, 5);
    struct circle_said *s = own && word ? same_word(r->out, r->words, word) : NULL;
    if (!s) {
        s = VEC_PUSH(r->app->arena, r->out);
        if (!s)
            return fail_memory(err);
        r->words[r->out->n - 1] = own ? word : 0;
        *s = (struct circle_said){.own = own, .name = "", .day = day};
        s->text = arena_span(r->app->arena, db_text(q, 2));
        if (!own && other.n == 32 && r->own->c)
            s->name = circle_name_of(r->app->arena, r->own->c, (const uint8_t *)other.p);
        if (!s->text.p || !s->name)
            return fail_memory(err);
    }
    s->to += own;
    if (day)
        s->day = s->day && s->day < day ? s->day : day;
    return !own || day || state_of(r, s, outbox, err);
}

bool circle_read(struct app *app, const struct circle_own *own, struct circle_saids *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    struct reading r = {.app = app, .own = own, .out = out};
    int64_t n;
    struct val role = V_STR(own->role);
    if (!db_number(
            app->db, &n, 0, err,
            "select count(*) from letter l join conversation c on c.id = l.conversation where c.role = $1",
            role))
        return false;
    r.words = arena_array(app->arena, (size_t)n + 1, sizeof *r.words);
    if (!r.words)
        return fail_memory(err);
    if (!db_query(
            app->db, &q, err,
            "select l.own, l.day, l.text, coalesce(l.outbox, 0), coalesce(s.word, 0), c.other from letter l "
            "join conversation c on c.id = l.conversation left join circle_sent s on s.conversation = "
            "l.conversation and s.n = l.n and l.own = 1 where c.role = $1 order by case when l.day = 0 "
            "then 99999999 else l.day end, l.own, coalesce(s.word, 0), l.conversation, l.n",
            role))
        return false;
    while ((int64_t)out->n <= n && db_next(q, &inner))
        if (!read_one(&r, q, err))
            return false;
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}
