/* Circles as rows on a node. */
#include "speak/circle_keep.h"

#include <stdio.h>

#include "anon/item.h"
#include "anon/outbox_db.h"
#include "base/vec.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/secret.h"
#include "speak/box_key.h"

#include "base/banned.h"

static bool damaged(struct err *err)
{
    return fail(err, E_FORMAT,
                tr("err.circle.row",
                   "What is kept here of circles is damaged. `respite restore` puts a backup back."));
}

static bool copy(struct stmt *q, int column, void *to, size_t n, struct err *err)
{
    struct span bytes = db_text(q, column);
    if (bytes.n != n)
        return damaged(err);
    memcpy(to, bytes.p, n);
    return true;
}

static bool all_read(const struct err *inner, struct err *err)
{
    return inner->code == E_NONE || fail(err, inner->code, "%s", inner->text);
}

/* Acts ----------------------------------------------------------------------------------------------- */
static bool put(struct db *db, const struct kept_item *item, const struct circle_act *a, struct err *err)
{
    bool opens = a->kind == CIRCLE_OPEN, box = opens || a->kind == CIRCLE_ASK || a->kind == CIRCLE_STAY;
    return db_run(
        db, err,
        "insert into circle_act(idx, id, batch, day, kind, circle, pk, about, yes, box_pk, week, theme, "
        "line) "
        "select $1, $2, coalesce((select n from item where id = $2), 0), $3, $4, $5, $6, $7, $8, $9, $10, "
        "$11, "
        "$12 on conflict do nothing",
        V_INT((int64_t)item->index), V_BLOB(span_bytes(item->id, 16)), V_INT(item->day), V_INT(a->kind),
        opens ? V_NULL : V_BLOB(span_bytes(a->circle, 16)), V_BLOB(span_bytes(item->pk, 32)),
        a->kind == CIRCLE_SAY ? V_BLOB(span_bytes(a->about, 32)) : V_NULL, V_INT(a->yes),
        box ? V_BLOB(span_bytes(a->box_pk, 32)) : V_NULL, V_INT(a->week), V_TEXT(a->theme), V_TEXT(a->line));
}

bool circle_take(struct db *db, const struct kept_item *item, bool *took, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    struct err why = {0};
    struct circle_act act;
    enum circle_kind kind = circle_kind_of(item->kind);
    *took = kind != CIRCLE_KINDS;
    if (!*took)
        return true;
    if (canon_read(item->json, ITEM_LARGE, &o, &why) &&
        circle_act_read(kind, json_object_get(o, "act"), &act, &why))
        return put(db, item, &act, err);
    return why.code != E_MEMORY || fail_memory(err);
}

bool circle_gone(struct db *db, const uint8_t id[static 16], struct err *err)
{
    return db_run(db, err, "update circle_act set theme = '', line = '', gone = 1 where id = $1",
                  V_BLOB(span_bytes(id, 16)));
}

static bool read_row(struct stmt *q, struct arena *arena, struct circle_row *r, struct err *err)
{
    int64_t kind = db_int(q, 4);
    struct circle_act *a = &r->act;
    if (kind < 0 || kind >= CIRCLE_KINDS)
        return damaged(err);
    a->kind = (enum circle_kind)kind;
    r->index = db_int(q, 0);
    r->batch = db_int(q, 2);
    r->day = (day_t)db_int(q, 3);
    a->yes = db_int(q, 8) != 0;
    a->week = (day_t)db_int(q, 10);
    a->theme = arena_span(arena, db_text(q, 11));
    a->line = arena_span(arena, db_text(q, 12));
    if (!a->theme.p || !a->line.p)
        return fail_memory(err);
    return copy(q, 1, r->id, 16, err) && copy(q, 6, r->pk, 32, err) &&
           (db_is_null(q, 5) || copy(q, 5, a->circle, 16, err)) &&
           (db_is_null(q, 7) || copy(q, 7, a->about, 32, err)) &&
           (db_is_null(q, 9) || copy(q, 9, a->box_pk, 32, err));
}

bool circle_rows_load(struct db *db, struct arena *arena, struct circle_rows *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err,
                  "select idx, id, batch, day, kind, circle, pk, about, yes, box_pk, week, theme, line from "
                  "circle_act order by batch, idx"))
        return false;
    while (db_next(q, &inner)) {
        struct circle_row *r = VEC_PUSH(arena, out);
        if (!r)
            return fail_memory(err);
        if (!read_row(q, arena, r, err))
            return false;
    }
    return all_read(&inner, err);
}

/* Own ------------------------------------------------------------------------------------------------ */
void circle_key(const struct known *known, const struct circle_own *own, struct sign_key *key)
{
    item_thread_key(known->threads, own->seed, own->key_epoch, key);
}

static const char *role_of(struct arena *arena, const uint8_t seed[static 16])
{
    char role[48], hex[33];
    item_hex(seed, hex);
    snprintf(role, sizeof role, "circle:%s", hex);
    return arena_text(arena, span_of(role));
}

static bool seed_of(const char *role, uint8_t seed[static 16])
{
    return mailbox_in_circle(role) && item_hex_read(span_from(span_of(role), sizeof "circle:" - 1), seed);
}

/* Which circle: the one that was asked, or the one that this key has opened. */
static void find_circle(struct circle_own *own, const struct circles *all)
{
    if (own->has_circle) {
        own->c = circle_find(all, own->circle);
        return;
    }
    for (size_t i = 0; i < all->n && !own->c; i++)
        if (circle_was_in(&all->at[i], own->pk))
            own->c = &all->at[i];
    own->has_circle = own->c != NULL;
    if (own->c)
        memcpy(own->circle, own->c->id, 16);
}

/* `published`: an act of this key stands in the record. */
static enum circle_place place_of(const struct circle_own *own, bool published)
{
    if (!published)
        return own->left ? PLACE_OUT : own->has_circle ? PLACE_ASKS : PLACE_OPENS;
    if (own->c && circle_member(own->c, own->pk))
        return own->left ? PLACE_LEAVES : PLACE_IN;
    if (own->c && circle_asker(own->c, own->pk))
        return own->left ? PLACE_LEAVES : PLACE_ASKED;
    return PLACE_OUT;
}

static bool is_published(struct db *db, const uint8_t pk[static 32], bool *yes, struct err *err)
{
    int64_t n;
    if (!db_number(db, &n, 0, err, "select count(*) from circle_act where pk = $1",
                   V_BLOB(span_bytes(pk, 32))))
        return false;
    *yes = n > 0;
    return true;
}

static bool is_refused(struct db *db, struct circle_own *own, struct err *err)
{
    int64_t n;
    if (!db_number(db, &n, 0, err, "select count(*) from outbox where id = $1 and state in ($2, $3)",
                   V_INT(own->outbox), V_INT(ACT_REFUSED), V_INT(ACT_GIVEN_UP)))
        return false;
    own->refused = n > 0;
    return true;
}

static bool read_own(struct stmt *q, const struct known *known, struct arena *arena, struct circle_own *own,
                     struct err *err)
{
    struct sign_key key;
    own->key_epoch = (day_t)db_int(q, 1);
    own->has_circle = !db_is_null(q, 2);
    own->outbox = db_int(q, 3);
    own->began = db_int(q, 4);
    own->week = (day_t)db_int(q, 5);
    own->sign = db_int(q, 6);
    own->left = db_int(q, 7) != 0;
    own->feed = db_int(q, 8) != 0;
    if (!copy(q, 0, own->seed, 16, err) || (own->has_circle && !copy(q, 2, own->circle, 16, err)))
        return false;
    circle_key(known, own, &key);
    sign_public(&key, own->pk);
    secret_wipe(&key, sizeof key);
    own->role = role_of(arena, own->seed);
    return own->role || fail_memory(err);
}

bool circle_owns_load(struct db *db, const struct known *known, const struct circles *all,
                      struct arena *arena, struct circle_owns *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    bool published;
    if (!db_query(db, &q, err,
                  "select seed, key_epoch, circle, outbox, began, week, sign, ended, feed from circle_mine "
                  "order by began, seed"))
        return false;
    while (db_next(q, &inner)) {
        struct circle_own *own = VEC_PUSH(arena, out);
        if (!own)
            return fail_memory(err);
        if (!read_own(q, known, arena, own, err) || !is_published(db, own->pk, &published, err))
            return false;
        find_circle(own, all);
        own->place = place_of(own, published);
        if (!published && !is_refused(db, own, err))
            return false;
    }
    return all_read(&inner, err);
}

const struct circle_own *circle_own_of(const struct circle_owns *all, const struct circle *c)
{
    const struct circle_own *found = NULL;
    for (size_t i = 0; i < all->n; i++)
        if (all->at[i].has_circle && memcmp(all->at[i].circle, c->id, 16) == 0 &&
            (!found || (all->at[i].place <= PLACE_LEAVES && !all->at[i].refused)))
            found = &all->at[i];
    return found;
}

bool circle_own_put(struct db *db, const struct circle_own *own, struct err *err)
{
    return db_run(
        db, err,
        "insert into circle_mine(seed, key_epoch, circle, outbox, began, week, sign, ended, feed) values "
        "($1, "
        "$2, $3, $4, $5, $6, $7, $8, $9) on conflict(seed) do update set outbox = $4, week = $6, sign = $7, "
        "ended = $8, feed = $9",
        V_BLOB(span_bytes(own->seed, 16)), V_INT(own->key_epoch),
        own->has_circle ? V_BLOB(span_bytes(own->circle, 16)) : V_NULL, V_INT(own->outbox), V_INT(own->began),
        V_INT(own->week), V_INT(own->sign), V_INT(own->left), V_INT(own->feed));
}

/* Meetings ------------------------------------------------------------------------------------------- */
bool circle_meets_load(struct db *db, const uint8_t seed[static 16], struct meets *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *out = (struct meets){0};
    if (!db_query(db, &q, err, "select n, begins, until from circle_meet where seed = $1 order by begins",
                  V_BLOB(span_bytes(seed, 16))))
        return false;
    while (db_next(q, &inner) && out->count < MEETS_MOST) {
        out->n = db_int(q, 0);
        if (db_int(q, 2) > 0) /* a row without an end says that there are none, and who said it last */
            out->at[out->count++] = (struct meet){db_int(q, 1), db_int(q, 2)};
    }
    return all_read(&inner, err);
}

/* Whether what is told now takes the place of what is here. */
static bool newer(struct db *db, const uint8_t seed[static 16], const uint8_t told[static 32], int64_t n,
                  bool *yes, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err, "select n, told from circle_meet where seed = $1 limit 1",
                  V_BLOB(span_bytes(seed, 16))))
        return false;
    *yes = !db_next(q, &inner) || n > db_int(q, 0) ||
           (n == db_int(q, 0) && span_order(span_bytes(told, 32), db_text(q, 1)) <= 0);
    return all_read(&inner, err);
}

bool circle_meets_put(struct db *db, const uint8_t seed[static 16], const uint8_t told[static 32],
                      const struct meets *m, struct err *err)
{
    bool yes;
    struct val s = V_BLOB(span_bytes(seed, 16)), by = V_BLOB(span_bytes(told, 32));
    if (m->n == 0)
        return true;
    if (!newer(db, seed, told, m->n, &yes, err) || !yes)
        return err->code == E_NONE;
    if (!db_run(db, err, "delete from circle_meet where seed = $1", s))
        return false;
    if (m->count == 0)
        return db_run(db, err,
                      "insert into circle_meet(seed, n, told, begins, until) values ($1, $2, $3, 0, 0)", s,
                      V_INT(m->n), by);
    for (size_t i = 0; i < m->count; i++)
        if (!db_run(db, err,
                    "insert into circle_meet(seed, n, told, begins, until) values ($1, $2, $3, $4, $5)", s,
                    V_INT(m->n), by, V_INT(m->at[i].from), V_INT(m->at[i].until)))
            return false;
    return true;
}

/* For the mailbox ------------------------------------------------------------------------------------ */
bool circle_hears(struct db *db, const struct known *known, const char *role, const struct letter *letter,
                  day_t day, bool *yes, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct circle_rows rows = {0};
    struct circles all;
    struct circle_owns owns = {0};
    *yes = false;
    if (!arena)
        return fail_memory(err);
    if (!letter->circle.has_by || !letter->has_k)
        return true;
    if (!circle_rows_load(db, arena, &rows, err) || !circles_fold(&rows, day, arena, &all, err) ||
        !circle_owns_load(db, known, &all, arena, &owns, err))
        return false;
    for (size_t i = 0; i < owns.n; i++) {
        const struct circle_own *own = &owns.at[i];
        if (strcmp(own->role, role) == 0 && own->c && own->place == PLACE_IN &&
            circle_member(own->c, letter->circle.by) && memcmp(letter->circle.by, own->pk, 32) != 0)
            *yes = letter_circle_good(&letter->circle,
                                      &(struct circle_seal){own->c->id, own->pk, letter->pk, letter->k});
    }
    return true;
}

bool circle_heard(struct db *db, const char *role, const uint8_t from[static 32], const struct meets *meets,
                  struct err *err)
{
    uint8_t seed[16];
    return !seed_of(role, seed) || circle_meets_put(db, seed, from, meets, err);
}

/* What goes ------------------------------------------------------------------------------------------ */
struct ending {
    int64_t conversation, outbox;
};
struct endings {
    struct ending *at;
    size_t n, room;
};

/* The letters that wait for somebody who is not in any more, and the conversation. */
static bool end_talk(struct db *db, struct arena *arena, int64_t id, struct err *err)
{
    struct endings all = {0};
    {
        AUTO_STMT struct stmt *q = NULL;
        struct err inner = {0};
        if (!db_query(
                db, &q, err,
                "select l.outbox from letter l join outbox o on o.id = l.outbox where l.conversation = $1 "
                "and l.own = 1 and l.day = 0 and o.tries = 0",
                V_INT(id)))
            return false;
        while (db_next(q, &inner)) {
            struct ending *e = VEC_PUSH(arena, &all);
            if (!e)
                return fail_memory(err);
            e->outbox = db_int(q, 0);
        }
        if (!all_read(&inner, err))
            return false;
    }
    for (size_t i = 0; i < all.n; i++) {
        bool gone;
        if (!outbox_cancel(db, all.at[i].outbox, &gone, err) ||
            (gone &&
             !db_run(db, err, "delete from letter where conversation = $1 and own = 1 and outbox = $2",
                     V_INT(id), V_INT(all.at[i].outbox))))
            return false;
    }
    return db_run(db, err, "update conversation set over = 1 where id = $1", V_INT(id));
}

static bool tidy_one(struct db *db, struct arena *arena, const struct circle_own *own, struct err *err)
{
    struct endings talks = {0};
    {
        AUTO_STMT struct stmt *q = NULL;
        struct err inner = {0};
        if (!db_query(db, &q, err, "select id, other from conversation where role = $1 and over = 0",
                      V_STR(own->role)))
            return false;
        while (db_next(q, &inner)) {
            struct span other = db_text(q, 1);
            if (own->place == PLACE_IN && other.n == 32 && circle_member(own->c, (const uint8_t *)other.p))
                continue;
            struct ending *e = VEC_PUSH(arena, &talks);
            if (!e)
                return fail_memory(err);
            e->conversation = db_int(q, 0);
        }
        if (!all_read(&inner, err))
            return false;
    }
    for (size_t i = 0; i < talks.n; i++)
        if (!end_talk(db, arena, talks.at[i].conversation, err))
            return false;
    if (own->place != PLACE_OUT && own->place != PLACE_LEAVES)
        return true;
    struct val seed = V_BLOB(span_bytes(own->seed, 16));
    return db_run(db, err, "delete from box_key where role = $1", V_STR(own->role)) &&
           db_run(db, err, "delete from circle_meet where seed = $1", seed) &&
           (own->place != PLACE_OUT || !own->left ||
            db_run(db, err,
                   "delete from circle_mine where seed = $1 and not exists (select 1 from conversation where "
                   "role = $2)",
                   seed, V_STR(own->role)));
}

bool circle_tidy(struct db *db, const struct circle_owns *all, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    if (!arena)
        return fail_memory(err);
    for (size_t i = 0; i < all->n; i++)
        if (!tidy_one(db, arena, &all->at[i], err))
            return false;
    return db_run(db, err,
                  "delete from circle_sent where not exists (select 1 from letter l where l.conversation = "
                  "circle_sent.conversation and l.own = 1 and l.n = circle_sent.n)");
}

bool circle_forget(struct db *db, struct err *err)
{
    return db_run(db, err, "delete from circle_act") && db_run(db, err, "delete from circle_mine") &&
           db_run(db, err, "delete from circle_meet") && db_run(db, err, "delete from circle_sent");
}
