/* The issuer's week. What is due is planned from the record, new keys are made, and then one transaction
 * writes all of it, if the log is still the one that was planned for; else the next beat looks again. Rosters
 * grow at batch times, and before they are counted: with `open`, and with the sum. */
#include "anon/rotate.h"

#include <stdatomic.h>

#include "anon/adding.h"
#include "anon/invite.h"
#include "anon/issuer_base.h"
#include "anon/rotate_plan.h"
#include "anon/rotate_survey.h"
#include "base/words.h"

#include "base/banned.h"

struct work {
    struct app *app;
    struct rotate_plan plan;
    struct issuer_key key[ROTATE_KEYS];
    bool done;
};

/* ---- sums ---- */

/* How many a survey's group has. */
static bool group_size(struct db *db, const struct rotate_close *c, int64_t *out, struct err *err)
{
    return db_number(db, out, 0, err,
                     "select length(l.leaves) / 32 from issuer_key k join roster_list l on l.idx = k.roster "
                     "where k.key_id = $1",
                     V_BLOB(span_bytes(c->key_id, 32)));
}

static bool add_close(struct adding *a, const struct rotate_close *c, struct err *err)
{
    struct leaves leaves = {0};
    int64_t members, rows;
    struct entry e = {
        .kind = ENTRY_CLOSE, .at = a->now, .close = {.survey = c->survey, .epoch = c->epoch, .spent = -1}};
    memcpy(e.close.id_of, c->survey_id, 16);
    if (!c->survey && !adding_roster(a, c->epoch, false, &leaves, err))
        return false;
    members = (int64_t)leaves.n;
    if ((c->survey && !group_size(a->db, c, &members, err)) ||
        !issuer_key_close(a->db, c->key_id, &rows, &e.close.counsellors, err))
        return false;
    e.close.members = members;
    e.close.issued = rows * c->quota;
    return adding_entry(a, &e, err);
}

/* What is kept of names that left, of codes and of crowd keys, as far as its time is over. */
static bool forget(struct db *db, int64_t now, struct err *err)
{
    day_t running = epoch_of(now);
    return db_run(db, err, "delete from gone where since <= $1", V_INT(running)) &&
           db_run(db, err, "update issuer_key set crowd = null where epoch < $1 and crowd is not null",
                  V_INT(running - EPOCH_NEXT)) &&
           invite_forget(db, now, err);
}

/* ---- lists ---- */

/* True once for each slot. */
static bool take_turn(struct db *db, int64_t slot, bool *turn, struct err *err)
{
    if (!db_run(db, err, "insert into rotated(id, slot) values (1, -1) on conflict do nothing") ||
        !db_run(db, err, "update rotated set slot = $1 where id = 1 and slot < $1", V_INT(slot)))
        return false;
    *turn = db_changed(db) == 1;
    return true;
}

/* Lists of the running epoch and the next: those that are missing, and at a batch time those that grew. */
static bool add_lists(struct adding *a, const struct rotate_plan *p, bool turn, struct err *err)
{
    bool opens = p->open.possible && (!p->open.there || (p->trial && turn));
    struct leaves running = {0}, next;
    if ((p->roster[0].due || turn || opens) && !p->roster[0].lost &&
        !adding_roster(a, p->roster[0].epoch, p->roster[0].due, &running, err))
        return false;
    if ((p->roster[1].due || (p->roster[1].there && turn)) && !p->roster[1].lost &&
        !adding_roster(a, p->roster[1].epoch, p->roster[1].due, &next, err))
        return false;
    return !opens ||
           adding_open(a, p->roster[0].epoch, p->open.key_id, p->trial, !p->open.there, &running, err);
}

/* ---- all of it ---- */

static bool add_rules(struct adding *a, struct err *err)
{
    struct entry e = {.kind = ENTRY_RULES, .at = a->now};
    rotate_rules(a->lab, &e.rules);
    return adding_entry(a, &e, err);
}

static bool add_issuer(struct adding *a, struct work *w, struct err *err)
{
    const struct rotate_plan *p = &w->plan;
    bool turn;
    for (size_t i = 0; i < p->closes; i++)
        if (!add_close(a, &p->close[i], err))
            return false;
    if (!take_turn(a->db, p->slot, &turn, err) || !add_lists(a, p, turn, err))
        return false;
    for (size_t i = 0; i < p->keys; i++)
        if (!adding_key(a, &w->key[i], p->key[i], err))
            return false;
    return (p->closes == 0 && !turn) || forget(a->db, a->now, err);
}

static bool write_work(struct db *db, void *arg, struct err *err)
{
    struct work *w = arg;
    struct arena *AUTO_ARENA arena = arena_new();
    uint64_t size, first;
    w->done = false;
    struct adding *a = ARENA_NEW(arena, struct adding);
    if (!a)
        return fail_memory(err);
    *a = (struct adding){.db = db, .lab = w->app->lab, .arena = arena, .now = w->app->now};
    if (!tlog_hold(db, &size, err))
        return false;
    if (size != w->plan.size)
        return true;
    w->done = true;
    return (!w->plan.rules || add_rules(a, err)) && (!(w->app->role & ISSUER) || add_issuer(a, w, err)) &&
           adding_done(a, &first, err);
}

/* In a trial lab rosters may grow each second: nothing is written when they did not. */
static bool would_grow(struct app *app, const struct rotate_plan *p, bool *out, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct adding *a = ARENA_NEW(arena, struct adding);
    if (!a)
        return fail_memory(err);
    *a = (struct adding){.db = app->db, .lab = app->lab, .arena = arena, .now = app->now};
    if (!add_lists(a, p, true, err))
        return false;
    *out = a->n > 0;
    return true;
}

static bool is_due(struct app *app, const struct rotate_plan *p, bool *out, struct err *err)
{
    int64_t slot;
    *out = rotate_plan_due(p);
    if (*out || !(app->role & ISSUER))
        return true;
    if (!db_number(app->db, &slot, -1, err, "select slot from rotated where id = 1"))
        return false;
    *out = slot < p->slot;
    return !*out || !p->trial || would_grow(app, p, out, err);
}

static bool make_keys(struct work *w, size_t *made, struct err *err)
{
    for (*made = 0; *made < w->plan.keys; ++*made)
        if (!issuer_key_make(w->plan.taken, &w->key[*made], err))
            return false;
    return true;
}

static bool write_due(struct work *w, struct err *err)
{
    size_t made;
    bool done = make_keys(w, &made, err) && issuer_write(w->app, 0, write_work, w, err);
    while (made > 0)
        issuer_key_clear(&w->key[--made]);
    return done;
}

/* ---- what is left of a secret ---- */

static bool wipe_work(struct db *db, void *arg, struct err *err)
{
    int64_t in_use;
    (void)arg;
    if (db_is_pg(db))
        return db_run(db, err, "vacuum issuer_key") && db_run(db, err, "vacuum issued");
    return db_number(db, &in_use, 1, err, "pragma wal_checkpoint(truncate)") &&
           (in_use == 0 ||
            fail(err, E_BUSY,
                 tr("err.anon.tidy", "The database is being read, so that it could not be put in "
                                     "order.")));
}

/* Pages that held it are overwritten by the database; what still holds copies of pages goes here. */
static bool wipe_when_due(struct app *app, bool now, struct err *err)
{
    static atomic_bool unwiped = true;
    if (now)
        unwiped = true;
    if (!unwiped)
        return true;
    struct writer *writer = app->lab->writer;
    if (writer ? writer_between(writer, wipe_work, NULL, err) : wipe_work(app->db, NULL, err))
        unwiped = false;
    else if (err->code == E_BUSY)
        err_clear(err); /* the next beat tries again */
    return err->code == E_NONE;
}

static void forget_keys(const struct history *h, int64_t now)
{
    for (size_t i = 0; i < h->keys.n; i++)
        if (now >= h->keys.at[i].key.windows.issue_to)
            issuer_key_forget(h->keys.at[i].key.key_id);
}

bool rotate_beat(struct app *app, struct err *err)
{
    const struct history *issuer, *board;
    struct work *w = ARENA_NEW(app->arena, struct work);
    bool due = false, is_issuer = (app->role & ISSUER) != 0;
    if (!w)
        return fail_memory(err);
    w->app = app;
    if (!lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    const struct history *own = board ? board : issuer;
    bool begun = own->has_genesis;
    if (begun)
        rotate_plan_make(app->lab, own, is_issuer, app->now, &w->plan);
    if (is_issuer)
        forget_keys(own, app->now);
    lab_facts_done(app->lab);
    if (!begun)
        return true;
    if ((is_issuer && !rotate_plan_lost(app->db, &w->plan, err)) || !is_due(app, &w->plan, &due, err) ||
        (due && !write_due(w, err)))
        return false;
    return !is_issuer || (rotate_surveys(app, err) && wipe_when_due(app, w->done && w->plan.closes > 0, err));
}
