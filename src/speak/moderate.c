/* Decisions read out of the record. The rows are made anew whenever the record has grown by anything, since
 * whether a decision counts is a matter of all that stands before it; there are few of them. */
#include "speak/moderate.h"

#include <stdlib.h>

#include "anon/follow.h"
#include "anon/item.h"
#include "base/vec.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "io/clock.h"
#include "speak/moderate_act.h"

#include "base/banned.h"

/* Taking over ------------------------------------------------------------------------------------------- */
static int which_log(const struct known *known)
{
    return known->split ? FOLLOW_BOARD : FOLLOW_ISSUER;
}

static bool put_decision(struct db *db, const struct history *h, const struct history_moderation *m,
                         struct err *err)
{
    struct span who = m->by >= 0 ? h->people.at[m->by].person.name : SPAN("");
    return db_run(
        db, err, "insert into moderation(idx, target, act, reason, who, day) values ($1, $2, $3, $4, $5, $6)",
        V_INT((int64_t)m->index), V_BLOB(span_bytes(m->moderation.target, 16)), V_INT(m->moderation.act),
        V_TEXT(m->moderation.reason), V_TEXT(who), V_INT(moment_day(clock_local(m->at))));
}

static bool keep_work(struct db *db, void *arg, struct err *err)
{
    const struct history *h = arg;
    if (!db_run(db, err, "delete from moderation"))
        return false;
    for (size_t i = 0; i < h->moderations.n; i++)
        if (h->moderations.at[i].good && !put_decision(db, h, &h->moderations.at[i], err))
            return false;
    return db_run(
        db, err, "insert into moderate_seen(id, size) values (1, $1) on conflict(id) do update set size = $1",
        V_INT((int64_t)h->tree.size));
}

bool moderate_keep(struct db *db, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct known *known;
    struct history *issuer = NULL, *board = NULL;
    int64_t size, seen;
    if (!arena)
        return fail_memory(err);
    if (!known_load(db, arena, &known, err))
        return false;
    if (!known)
        return true;
    if (!db_number(db, &size, 0, err, "select count(*) from log_entry where log = $1",
                   V_INT(which_log(known))) ||
        !db_number(db, &seen, 0, err, "select size from moderate_seen where id = 1"))
        return false;
    if (size == seen)
        return true;
    bool ok =
        follow_load(db, known, &issuer, &board, err) && db_write(db, keep_work, board ? board : issuer, err);
    history_free(issuer);
    history_free(board);
    return ok;
}

bool moderate_take_appeal(struct db *db, const struct kept_item *item, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    struct err why = {0};
    struct span text;
    int64_t target;
    if (!canon_read(item->json, ITEM_LARGE, &o, &why) ||
        !appeal_check(json_object_get(o, "act"), &target, &text, &why))
        return why.code != E_MEMORY || fail_memory(err);
    return db_run(db, err,
                  "insert into appeal(idx, id, target, day, text) values ($1, $2, $3, $4, $5) on conflict do "
                  "nothing",
                  V_INT((int64_t)item->index), V_BLOB(span_bytes(item->id, 16)), V_INT(target),
                  V_INT(item->day), V_TEXT(text));
}

bool moderate_gone_appeal(struct db *db, const uint8_t id[static 16], struct err *err)
{
    return db_run(db, err, "update appeal set text = '' where id = $1", V_BLOB(span_bytes(id, 16)));
}

bool moderate_forget(struct db *db, struct err *err)
{
    return db_run(db, err, "delete from moderation") && db_run(db, err, "delete from appeal") &&
           db_run(db, err, "delete from moderate_seen") && db_run(db, err, "delete from moderate_self") &&
           db_run(db, err, "delete from moderate_desk");
}

/* What stands ------------------------------------------------------------------------------------------- */
static bool read_all(const struct err *inner, struct err *err)
{
    return inner->code == E_NONE || fail(err, inner->code, "%s", inner->text);
}

static bool keep(struct arena *arena, struct span text, struct span *out, struct err *err)
{
    *out = arena_span(arena, text.p ? text : SPAN(""));
    return out->p || fail_memory(err);
}

static bool get_act(struct stmt *q, int column, enum moderation_do *out)
{
    int64_t act = db_int(q, column);
    *out = (enum moderation_do)act;
    return act >= 0 && act < MODERATION_DOS;
}

/* Which decision is the one to show: that of the strongest thing that stands. */
static int weight(const struct moderate_state *s)
{
    return s->dropped ? 3 : s->hidden ? 2 : s->muted ? 1 : 0;
}

/* The next decision about one post. */
static bool state_add(struct arena *arena, struct moderate_state *s, struct stmt *q, enum moderation_do act,
                      struct err *err)
{
    int before = weight(s);
    s->last = db_int(q, 1);
    switch (act) {
    case MODERATION_HIDE:
        s->hidden = true;
        break;
    case MODERATION_SHOW:
        s->hidden = s->muted = false;
        break;
    case MODERATION_MUTE:
        s->muted = true;
        break;
    default:
        s->dropped = true;
    }
    int after = weight(s);
    if (after < before || (after == before && act == MODERATION_MUTE && after != 1))
        return true;
    s->entry = s->last;
    s->day = (day_t)db_int(q, 5);
    return keep(arena, db_text(q, 3), &s->reason, err) && keep(arena, db_text(q, 4), &s->who, err);
}

bool moderate_states(struct db *db, struct arena *arena, struct moderate_states *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    enum moderation_do act;
    *out = (struct moderate_states){0};
    if (!db_query(db, &q, err,
                  "select target, idx, act, reason, who, day from moderation order by target, idx"))
        return false;
    while (db_next(q, &inner)) {
        struct span target = db_text(q, 0);
        if (target.n != 16 || !get_act(q, 2, &act))
            continue;
        struct moderate_state *s = out->n ? &out->at[out->n - 1] : NULL;
        if (!s || memcmp(s->target, target.p, 16) != 0) {
            s = VEC_PUSH(arena, out);
            if (!s)
                return fail_memory(err);
            *s = (struct moderate_state){.entry = -1, .last = -1};
            memcpy(s->target, target.p, 16);
        }
        if (!state_add(arena, s, q, act, err))
            return false;
    }
    return read_all(&inner, err);
}

static int by_target(const void *key, const void *state)
{
    return memcmp(key, ((const struct moderate_state *)state)->target, 16);
}

const struct moderate_state *moderate_of(const struct moderate_states *all, const uint8_t id[static 16])
{
    return all->n ? bsearch(id, all->at, all->n, sizeof *all->at, by_target) : NULL;
}

bool moderate_state(struct db *db, struct arena *arena, const uint8_t id[static 16],
                    struct moderate_state *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    enum moderation_do act;
    *out = (struct moderate_state){.entry = -1, .last = -1};
    memcpy(out->target, id, 16);
    if (!db_query(db, &q, err,
                  "select target, idx, act, reason, who, day from moderation where target = $1 order by idx",
                  V_BLOB(span_bytes(id, 16))))
        return false;
    while (db_next(q, &inner))
        if (get_act(q, 2, &act) && !state_add(arena, out, q, act, err))
            return false;
    return read_all(&inner, err);
}

/* Lists ------------------------------------------------------------------------------------------------- */
struct appeal_list {
    struct moderate_appeal *at;
    size_t n, room;
};

/* What the moderators did about the post after the appeal was in the record. */
static bool appeal_ended(struct db *db, int64_t index, const uint8_t target[static 16], enum appeal_end *out,
                         struct err *err)
{
    int64_t act;
    if (!db_number(db, &act, -1, err,
                   "select act from moderation where target = $1 and idx > $2 order by idx limit 1",
                   V_BLOB(span_bytes(target, 16)), V_INT(index)))
        return false;
    *out = act < 0 ? APPEAL_OPEN : act == MODERATION_SHOW ? APPEAL_UNDONE : APPEAL_STAYS;
    return true;
}

static bool appeals_load(struct db *db, struct arena *arena, struct moderate_act *act, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    struct appeal_list list = {0};
    struct moderate_state own;
    if (!db_query(db, &q, err, "select idx, id, day, text from appeal where target = $1 order by idx",
                  V_INT(act->index)))
        return false;
    while (db_next(q, &inner)) {
        struct moderate_appeal *a = VEC_PUSH(arena, &list);
        if (!a || db_text(q, 1).n != 16)
            return fail_memory(err);
        *a = (struct moderate_appeal){.day = (day_t)db_int(q, 2)};
        memcpy(a->id, db_text(q, 1).p, 16);
        if (!keep(arena, db_text(q, 3), &a->text, err) ||
            !appeal_ended(db, db_int(q, 0), act->target, &a->end, err) ||
            !moderate_state(db, arena, a->id, &own, err))
            return false;
        a->hidden = own.hidden;
    }
    act->appeal = list.at;
    act->appeals = list.n;
    return read_all(&inner, err);
}

static bool acts_read(struct db *db, struct arena *arena, struct stmt *q, struct moderate_acts *out,
                      struct err *err)
{
    struct err inner = {0};
    while (db_next(q, &inner)) {
        struct moderate_act *a = VEC_PUSH(arena, out);
        if (!a)
            return fail_memory(err);
        *a = (struct moderate_act){.index = db_int(q, 0), .day = (day_t)db_int(q, 5)};
        if (db_text(q, 1).n != 16 || !get_act(q, 2, &a->act))
            return fail(err, E_FORMAT,
                        tr("err.speak.row", "A row of the board that is kept here is damaged."));
        memcpy(a->target, db_text(q, 1).p, 16);
        if (!keep(arena, db_text(q, 3), &a->reason, err) || !keep(arena, db_text(q, 4), &a->who, err) ||
            !appeals_load(db, arena, a, err))
            return false;
    }
    return read_all(&inner, err);
}

bool moderate_list(struct db *db, struct arena *arena, int64_t skip, int64_t most, struct moderate_acts *out,
                   struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    *out = (struct moderate_acts){0};
    return db_number(db, &out->all, 0, err, "select count(*) from moderation") &&
           db_query(db, &q, err,
                    "select idx, target, act, reason, who, day from moderation order by idx desc limit $1 "
                    "offset $2",
                    V_INT(most), V_INT(skip)) &&
           acts_read(db, arena, q, out, err);
}

bool moderate_one(struct db *db, struct arena *arena, int64_t index, struct moderate_act *out, bool *there,
                  struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct moderate_acts one = {0};
    if (!db_query(db, &q, err, "select idx, target, act, reason, who, day from moderation where idx = $1",
                  V_INT(index)) ||
        !acts_read(db, arena, q, &one, err))
        return false;
    *there = one.n == 1;
    if (*there)
        *out = one.at[0];
    return true;
}

bool moderate_open(struct db *db, struct arena *arena, struct moderate_acts *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct moderate_acts all = {0};
    *out = (struct moderate_acts){0};
    if (!db_query(db, &q, err,
                  "select idx, target, act, reason, who, day from moderation m where exists (select 1 from "
                  "appeal a where a.target = m.idx) order by idx") ||
        !acts_read(db, arena, q, &all, err))
        return false;
    for (size_t i = 0; i < all.n; i++)
        for (size_t k = 0; k < all.at[i].appeals; k++) {
            if (all.at[i].appeal[k].end != APPEAL_OPEN)
                continue;
            struct moderate_act *a = VEC_PUSH(arena, out);
            if (!a)
                return fail_memory(err);
            *a = all.at[i];
            a->appeal = &all.at[i].appeal[k];
            a->appeals = 1;
        }
    out->all = (int64_t)out->n;
    return true;
}

/* People ------------------------------------------------------------------------------------------------ */
static bool moderators_of(const struct history *h, struct arena *arena, int64_t now, struct moderators *out,
                          struct err *err)
{
    for (size_t i = h->people.n; i-- > 0;) {
        const struct history_person *p = &h->people.at[i];
        if (p->kind != ENTRY_MODERATOR || !p->good || p->until <= now)
            continue;
        struct moderator *m = VEC_PUSH(arena, out);
        if (!m)
            return fail_memory(err);
        *m = (struct moderator){.from = p->from, .until = p->until, .ended = p->ended};
        memcpy(m->pk, p->person.pk, sizeof m->pk);
        if (!keep(arena, p->person.name, &m->name, err))
            return false;
    }
    return true;
}

bool moderators_load(struct db *db, struct arena *arena, int64_t now, struct moderators *out, struct err *err)
{
    struct known *known;
    struct history *issuer = NULL, *board = NULL;
    *out = (struct moderators){0};
    if (!known_load(db, arena, &known, err))
        return false;
    bool ok = !known || (follow_load(db, known, &issuer, &board, err) &&
                         moderators_of(board ? board : issuer, arena, now, out, err));
    history_free(issuer);
    history_free(board);
    return ok;
}

const char *moderate_say(enum moderation_do act)
{
    switch (act) {
    case MODERATION_HIDE:
        return tr("mod.did.hide", "Hidden");
    case MODERATION_SHOW:
        return tr("mod.did.show", "Shown again");
    case MODERATION_MUTE:
        return tr("mod.did.mute", "Its made-up name muted in this thread");
    default:
        return tr("mod.did.drop", "Removed for being unlawful");
    }
}
