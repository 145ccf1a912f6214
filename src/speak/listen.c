/* Cards of one's own. */
#include "speak/listen.h"

#include "anon/epoch.h"
#include "anon/outbox_db.h"
#include "anon/spend.h"
#include "base/words.h"
#include "codec/json.h"
#include "crypt/secret.h"
#include "io/clock.h"
#include "speak/box_key.h"
#include "speak/card.h"
#include "speak/cards.h"
#include "speak/own_key.h"

#include "base/banned.h"

bool listening_load(struct db *db, struct arena *arena, struct listening *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *out = (struct listening){.languages = SPAN(""), .topics = SPAN("")};
    if (!db_query(db, &q, err, "select languages, topics, open, until, week, n, outbox from listening"))
        return false;
    out->there = db_next(q, &inner);
    if (inner.code)
        return fail(err, inner.code, "%s", inner.text);
    if (!out->there)
        return true;
    out->languages = arena_span(arena, db_text(q, 0));
    out->topics = arena_span(arena, db_text(q, 1));
    out->open = db_int(q, 2) != 0;
    out->until = (day_t)db_int(q, 3);
    out->week = (day_t)db_int(q, 4);
    out->n = db_int(q, 5);
    out->outbox = db_int(q, 6);
    return (out->languages.p && out->topics.p) || fail_memory(err);
}

struct writing {
    const struct known *known;
    const struct listening *want;
    struct arena *arena;
    bool at_once;
    int64_t now, outbox;
};

/* Above every card of this key and week that is known here: also after the data of this computer was lost and
 * put back from a backup. */
static bool number_of(struct db *db, const struct writing *w, const struct own_key *own, day_t week,
                      int64_t *n, struct err *err)
{
    struct listening before;
    int64_t seen;
    if (!listening_load(db, w->arena, &before, err) || !card_last(db, own->pk, week, &seen, err))
        return false;
    *n = (before.there && before.week == week && before.n > seen ? before.n : seen) + 1;
    bool gone;
    return !before.there || outbox_cancel(db, before.outbox, &gone, err);
}

static bool card_make(struct db *db, struct writing *w, const struct own_key *own, struct card *c,
                      struct err *err)
{
    struct box_key box;
    *c = (struct card){.week = epoch_of(w->now), .paused = !w->want->open};
    if (!card_list(w->want->languages, c->language, &c->languages, err) ||
        !card_list(w->want->topics, c->topic, &c->topics, err) ||
        !number_of(db, w, own, c->week, &c->n, err) || !box_key_of(db, "listener", c->week, &box, err))
        return false;
    memcpy(c->box_pk, box.pk, sizeof c->box_pk);
    secret_wipe(box.secret, sizeof box.secret);
    return card_sign(c, span_of(w->known->board_origin), &own->key, err);
}

static bool keep(struct db *db, const struct writing *w, const struct card *c, struct err *err)
{
    const struct listening *l = w->want;
    return db_run(
        db, err,
        "insert into listening(one, languages, topics, open, until, week, n, outbox) values (1, $1, "
        "$2, $3, $4, $5, $6, $7) on conflict(one) do update set languages = $1, topics = $2, open = "
        "$3, until = $4, week = $5, n = $6, outbox = $7",
        V_TEXT(l->languages), V_TEXT(l->topics), V_INT(l->open), V_INT(l->until), V_INT(c->week), V_INT(c->n),
        V_INT(w->outbox));
}

static bool card_work(struct db *db, void *arg, struct err *err)
{
    struct writing *w = arg;
    struct own_key own;
    struct card c;
    bool there;
    if (!own_key_load(db, w->arena, "listener", &own, &there, err))
        return false;
    if (!there)
        return fail(err, E_REFUSED,
                    tr("err.listen.no_key", "There is no listener's key on this computer "
                                            "yet: `respite listen --ask NAME` makes it."));
    bool made = card_make(db, w, &own, &c, err);
    secret_wipe(&own.key, sizeof own.key);
    AUTO_JSON json_t *act = made ? card_act(&c) : NULL;
    if (!act)
        return made ? fail_memory(err) : false;
    struct spend_wish wish = {.kind = "card", .act = act, .one_time = true, .now = w->at_once};
    return spend(db, w->known, &wish, w->now, &w->outbox, err) && outbox_told(db, w->outbox, err) &&
           keep(db, w, &c, err);
}

bool listen_card(struct db *db, const struct known *known, const struct listening *want, bool at_once,
                 int64_t now, int64_t *outbox, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct writing w = {.known = known, .want = want, .arena = arena, .at_once = at_once, .now = now};
    if (!arena)
        return fail_memory(err);
    if (!db_write(db, card_work, &w, err))
        return false;
    *outbox = w.outbox;
    return true;
}

bool listen_renew(struct db *db, const struct known *known, int64_t now, int64_t *outbox, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct listening l;
    *outbox = 0;
    if (!arena)
        return fail_memory(err);
    if (!listening_load(db, arena, &l, err) || !l.there || !l.open)
        return err->code == E_NONE;
    if (moment_day(clock_local(now)) > l.until)
        l.open = false;
    else if (l.week >= epoch_of(now))
        return true;
    return listen_card(db, known, &l, false, now, outbox, err);
}
