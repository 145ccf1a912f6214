/* A counsellor's rows: the key's line, times, and what stands in the boxes of who took one. */
#include "speak/counsel_own.h"

#include "anon/epoch.h"
#include "anon/hours.h"
#include "base/vec.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "crypt/box.h"
#include "crypt/rand.h"
#include "crypt/secret.h"
#include "speak/box_key.h"
#include "speak/cards.h"
#include "speak/counsel_lab.h"
#include "speak/counsel_mail.h"
#include "speak/letter.h"
#include "speak/moderate_key.h"

#include "anon/item.h"

#include "base/banned.h"

enum { MINUTE = 60, TAKEN_MOST = 4096 };

/* Loading ---------------------------------------------------------------------------------------------- */
static bool load_at(struct app *app, struct counsel_self *s, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(app->db, &q, err, "select board, origin, trial, name, employer, place from counsel_at"))
        return false;
    s->there = db_next(q, &inner);
    if (!s->there)
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    s->board = arena_text(app->arena, db_text(q, 0));
    s->origin = arena_text(app->arena, db_text(q, 1));
    s->trial = db_int(q, 2) != 0;
    s->name = arena_text(app->arena, db_text(q, 3));
    s->employer = arena_text(app->arena, db_text(q, 4));
    s->place = arena_text(app->arena, db_text(q, 5));
    return arena_ok(app->arena) || fail_memory(err);
}

static bool load_times(struct app *app, struct counsel_self *s, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(
            app->db, &q, err,
            "select o.slot, begins, until, how, shown, c.named, words, t.id from counsel_own o left join "
            "counsel_came c on c.slot = o.slot left join conversation t on t.k = c.k where until > $1 "
            "order by begins",
            V_INT(app->now)))
        return false;
    while (db_next(q, &inner)) {
        struct counsel_time *t = VEC_PUSH(app->arena, &s->times);
        if (!t)
            return fail_memory(err);
        if (db_text(q, 0).n == sizeof t->slot)
            memcpy(t->slot, db_text(q, 0).p, sizeof t->slot);
        t->begins = db_int(q, 1);
        t->until = db_int(q, 2);
        t->by = arena_span(app->arena, db_text(q, 3));
        t->shown = db_int(q, 4) != 0;
        t->came = !db_is_null(q, 5);
        t->named = (uint8_t)db_int(q, 5);
        t->words = arena_span(app->arena, db_text(q, 6));
        t->conversation = db_int(q, 7);
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

bool counsel_self_load(struct app *app, struct counsel_self *out, struct err *err)
{
    struct own_key own;
    *out = (struct counsel_self){0};
    if (!load_at(app, out, err) || !own_key_load(app->db, app->arena, "counsellor", &own, &out->has_key, err))
        return false;
    secret_wipe(&own.key, sizeof own.key);
    if (out->has_key) {
        memcpy(out->pk, own.pk, sizeof out->pk);
        out->line = arena_text(app->arena, own.line);
        out->words = key_in_words(app->arena, own.pk);
    }
    return load_times(app, out, err) && (arena_ok(app->arena) || fail_memory(err));
}

/* The key ------------------------------------------------------------------------------------------------ */
static bool key_work(struct db *db, void *arg, struct err *err)
{
    const struct counsel_entry *w = arg;
    return db_run(db, err,
                  "insert into counsel_at(one, board, origin, trial, name, employer, place) values (1, $1, "
                  "$2, $3, $4, $5, $6) on conflict(one) do update set board = $1, origin = $2, trial = $3, "
                  "name = $4, employer = $5, place = $6",
                  V_STR(w->board), V_STR(w->origin), V_INT(w->trial), V_TEXT(w->name), V_TEXT(w->employer),
                  V_TEXT(w->place));
}

bool counsel_key(struct app *app, const struct counsel_entry *want, struct err *err)
{
    struct own_key own;
    struct entry e = {.kind = ENTRY_COUNSELLOR,
                      .counsellor = {.person = {.name = want->name, .from = want->from, .to = want->to},
                                     .employer = want->employer,
                                     .where = want->place}};
    bool done = own_key_line(app->db, app->arena, "counsellor", &e, &own, err) &&
                db_write(app->db, key_work, (void *)(uintptr_t)want, err);
    secret_wipe(&own.key, sizeof own.key);
    return done;
}

/* Times -------------------------------------------------------------------------------------------------- */
static bool put_time(struct db *db, int64_t begins, int64_t until, struct span by, struct err *err)
{
    uint8_t slot[16];
    rand_bytes(slot, sizeof slot);
    return db_run(
               db, err,
               "insert into counsel_own(slot, week, begins, until, how, shown) values ($1, $2, $3, $4, $5, "
               "0)",
               V_BLOB(span_bytes(slot, sizeof slot)), V_INT(epoch_of(begins)), V_INT(begins), V_INT(until),
               V_TEXT(by)) &&
           db_run(db, err,
                  "insert into counsel_week(week, n, shown) values ($1, 0, 0) on conflict do nothing",
                  V_INT(epoch_of(begins)));
}

bool counsel_open(struct app *app, int64_t begins, int64_t minutes, struct span by, struct err *err)
{
    int64_t over, in_week, until = begins + minutes * MINUTE;
    AUTO_BUF struct buf tidy;
    buf_init(&tidy, 4 * HOURS_BY);
    if (begins <= app->now)
        return fail(err, E_USAGE, tr("err.counsel.past", "A time that is opened lies ahead."));
    if (epoch_of(begins) > epoch_of(app->now) + HOURS_AHEAD * EPOCH_NEXT)
        return fail(err, E_USAGE, tr("err.counsel.far", "Times can be opened for this week and the next %d."),
                    HOURS_AHEAD);
    if (by.n > (size_t)2 * HOURS_BY || !plain_tidy(by, false, &tidy, err) || tidy.n == 0 || tidy.n > HOURS_BY)
        return err->code != E_NONE
                   ? false
                   : fail(err, E_USAGE,
                          tr("err.hours.by",
                             "Say in one line of at most %d bytes how you meet: a telephone number, a room."),
                          HOURS_BY);
    if (!db_number(app->db, &over, 0, err,
                   "select count(*) from counsel_own where begins < $2 and until > $1", V_INT(begins),
                   V_INT(until)) ||
        !db_number(app->db, &in_week, 0, err, "select count(*) from counsel_own where week = $1",
                   V_INT(epoch_of(begins))))
        return false;
    if (over)
        return fail(err, E_USAGE, tr("err.hours.over", "Two of the times lie over one another."));
    if (in_week >= HOURS_SLOTS)
        return fail(err, E_LIMIT, tr("err.counsel.many", "A week has room for %d times."), HOURS_SLOTS);
    return put_time(app->db, begins, until, buf_span(&tidy), err);
}

/* The week is signed anew without it. */
bool counsel_close(struct app *app, int64_t begins, struct err *err)
{
    if (!db_run(app->db, err, "delete from counsel_own where begins = $1", V_INT(begins)))
        return false;
    if (db_changed(app->db) == 0)
        return fail(err, E_MISSING,
                    tr("err.counsel.none", "You have no open time then. `respite counsel` "
                                           "lists them."));
    return db_run(app->db, err,
                  "delete from counsel_came where slot not in (select slot from counsel_own)") &&
           db_run(app->db, err, "update counsel_week set shown = 0 where week = $1", V_INT(epoch_of(begins)));
}

/* Who took one ------------------------------------------------------------------------------------------- */
static bool open_box(struct app *app, const uint8_t box[static 1024], const struct box_keys *keys,
                     uint8_t box_pk[static 32], struct letter *out, bool *opened, struct err *err)
{
    *opened = false;
    for (size_t i = 0; i < keys->n && !*opened; i++) {
        struct err why = {0};
        AUTO_BUF struct buf plain;
        if (strcmp(keys->at[i].role, "counsellor") != 0)
            continue;
        buf_init(&plain, BOX_SMALL);
        if (!buf_space(&plain, BOX_SMALL - 1))
            return buf_ok(&plain, err);
        *opened =
            box_seal_open(span_bytes(box, BOX_SMALL), keys->at[i].pk, keys->at[i].secret, &plain, &why) &&
            letter_read_slot(buf_span(&plain), app->arena, out, &why);
        if (plain.p)
            secret_wipe(plain.p, plain.room);
        if (why.code == E_MEMORY)
            return fail_memory(err);
        memcpy(box_pk, keys->at[i].pk, 32);
    }
    return true;
}

struct coming {
    struct app *app;
    const json_t *list;
    struct box_keys keys;
};

/* A box that cannot be opened is a time that was taken all the same. */
static bool put_one(struct db *db, struct coming *c, const json_t *o, struct err *err)
{
    struct err odd = {0};
    uint8_t slot[16], box[BOX_SMALL], box_pk[32] = {0};
    struct letter l = {.text = SPAN("")};
    bool opened;
    if (!slot_act_read(o, slot, box, &odd))
        return odd.code != E_MEMORY || fail_memory(err);
    if (!open_box(c->app, box, &c->keys, box_pk, &l, &opened, err))
        return false;
    bool done = db_run(
        db, err,
        "insert into counsel_came(slot, named, words, k, pk, box_pk) select slot, $2, $3, $4, $5, $6 from "
        "counsel_own where slot = $1",
        V_BLOB(span_bytes(slot, 16)), V_INT(item_name(slot, l.pk)), V_TEXT(l.text),
        l.has_k ? V_BLOB(span_bytes(l.k, 32)) : V_NULL, V_BLOB(span_bytes(l.pk, 32)),
        V_BLOB(span_bytes(box_pk, 32)));
    if (done && l.has_k && db_changed(db) == 1)
        done = counsel_mail_begin(db, &(struct counsel_box){slot, box_pk, l.k, l.pk, item_name(slot, l.pk)},
                                  c->app->now, err);
    secret_wipe(&l, sizeof l);
    return done;
}

static bool come_work(struct db *db, void *arg, struct err *err)
{
    struct coming *c = arg;
    const json_t *o;
    size_t i;
    struct counsel_held held = {0};
    if (!counsel_mail_held(db, c->app->arena, c->app->now, &held, err) ||
        !db_run(db, err, "delete from counsel_came"))
        return false;
    json_array_foreach(c->list, i, o)
    {
        if (!put_one(db, c, o, err))
            return false;
    }
    return counsel_mail_given_back(db, &held, err);
}

bool counsel_take(struct app *app, struct span answer, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    struct coming c = {.app = app};
    if (!json_read(answer, COUNSEL_TAKEN, "taken", &o, err) ||
        !json_get_array(o, "taken", TAKEN_MOST, &c.list, err) ||
        !box_keys_list(app->db, app->arena, &c.keys, err))
        return false;
    bool done = db_write(app->db, come_work, &c, err);
    box_keys_wipe(&c.keys);
    return done;
}

/* Forgetting --------------------------------------------------------------------------------------------- */
static bool forget_work(struct db *db, void *arg, struct err *err)
{
    const int64_t *now = arg;
    int64_t n;
    return db_run(db, err, "delete from counsel_own where until <= $1", V_INT(*now)) &&
           db_run(db, err, "delete from counsel_came where slot not in (select slot from counsel_own)") &&
           db_run(db, err, "delete from counsel_week where week < $1", V_INT(epoch_of(*now))) &&
           box_keys_end(db, *now, &n, err);
}

bool counsel_forget(struct app *app, struct err *err)
{
    return db_write(app->db, forget_work, &app->now, err);
}

bool counsel_copied(struct db *copy, struct err *err)
{
    return db_run(copy, err, "delete from counsel_came") &&
           db_run(copy, err, "update counsel_mine set conversation = 0");
}
