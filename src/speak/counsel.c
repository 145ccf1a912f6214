/* A member's view of counsellors. What is open is what the record and the board say; what one took stands in
 * rows of one's own, until it is over. */
#include "speak/counsel.h"

#include "anon/epoch.h"
#include "anon/outbox_db.h"
#include "base/vec.h"
#include "codec/utf8.h"
#include "speak/cards.h"

#include "base/banned.h"

enum { NAME_ROOM = 4096 };

static const char *clean(struct arena *arena, struct span text)
{
    AUTO_BUF struct buf out;
    buf_init(&out, NAME_ROOM);
    utf8_clean(&out, text);
    return buf_keep(&out, arena);
}

/* Counsellors -------------------------------------------------------------------------------------------- */
static const struct history *log_of(const struct counsel *c)
{
    return c->before.board ? c->before.board : c->before.issuer;
}

/* The one with this key, made when there is none. NULL: no memory. */
static struct counsellor *whose(struct app *app, struct counsel *c, const struct history_person *p)
{
    for (size_t i = 0; i < c->all.n; i++)
        if (memcmp(c->all.at[i].pk, p->person.pk, 32) == 0)
            return &c->all.at[i];
    struct counsellor *new = VEC_PUSH(app->arena, &c->all);
    if (!new)
        return NULL;
    memcpy(new->pk, p->person.pk, 32);
    new->name = clean(app->arena, p->person.name);
    new->employer = clean(app->arena, p->employer);
    new->where = clean(app->arena, p->where);
    new->words = key_in_words(app->arena, p->person.pk);
    new->since = (day_t)(p->from / 86400);
    return new;
}

static bool add_slots(struct app *app, struct counsellor *w, const struct hours *h, struct err *err)
{
    for (size_t i = 0; i < h->slots; i++) {
        const struct hours_slot *s = &h->slot[i];
        if (s->from <= app->now)
            continue;
        struct counsel_slot *slot = VEC_PUSH(app->arena, w);
        if (!slot)
            return fail_memory(err);
        *slot = (struct counsel_slot){.from = s->from, .to = s->to, .by = s->by};
        memcpy(slot->slot, s->id, sizeof slot->slot);
        if (!hours_is_taken(app->db, slot->slot, &slot->taken, err))
            return false;
    }
    return true;
}

/* Those in force, with or without hours, by their place in the record; then the hours of each, by week. */
static bool load_people(struct app *app, struct counsel *c, struct err *err)
{
    const struct history *log = log_of(c);
    struct hours_list list;
    for (size_t i = 0; i < log->people.n; i++) {
        const struct history_person *p = &log->people.at[i];
        if (p->kind == ENTRY_COUNSELLOR &&
            history_in_force(log, ENTRY_COUNSELLOR, p->person.pk, app->now) == p && !whose(app, c, p))
            return fail_memory(err);
    }
    c->some = c->all.n > 0;
    if (!hours_list(app->db, app->arena, app->now, &list, err))
        return false;
    for (size_t i = 0; i < list.n; i++) {
        const struct hours *h = &list.at[i].hours;
        const struct history_person *p = history_in_force(log, ENTRY_COUNSELLOR, h->counsellor, app->now);
        struct counsellor *w = p ? whose(app, c, p) : NULL;
        if (p && !w)
            return fail_memory(err);
        if (w && !add_slots(app, w, h, err))
            return false;
    }
    return true;
}

static void count_open(struct app *app, struct counsel *c)
{
    size_t number = 0;
    for (size_t i = 0; i < c->all.n; i++) {
        struct counsellor *w = &c->all.at[i];
        for (size_t k = 0; k < w->n; k++) {
            struct counsel_slot *s = &w->at[k];
            const struct counsel_mine *m = counsel_mine_of(c, s->slot);
            s->number = ++number;
            s->taken = s->taken || (m && m->state != COUNSEL_GIVEN && m->state != COUNSEL_LOST);
            if (s->taken)
                continue;
            w->open++;
            c->open++;
            c->this_week += epoch_of(s->from) == epoch_of(app->now);
            if (epoch_of(s->from) != epoch_of(app->now) && (!c->next || s->from < c->next))
                c->next = s->from;
        }
    }
}

/* One's own ---------------------------------------------------------------------------------------------- */
static enum counsel_state state_of(const struct outbox_act *act, bool back)
{
    switch (act ? act->state : ACT_KEPT) {
    case ACT_WAITING:
    case ACT_TRIED:
        return back ? COUNSEL_BACK : COUNSEL_WAITS;
    case ACT_KEPT:
        return back ? COUNSEL_GIVEN : COUNSEL_HAS;
    default:
        return back ? COUNSEL_HAS : COUNSEL_LOST;
    }
}

static bool act_of(struct app *app, int64_t outbox, struct outbox_act **out, struct err *err)
{
    struct outbox one = {0};
    *out = NULL;
    if (!outbox || !outbox_list(app->db, app->arena, outbox, &one, err))
        return !outbox;
    if (one.n == 1)
        *out = &one.at[0];
    return true;
}

static bool settle(struct app *app, struct counsel_mine *m, struct err *err)
{
    struct outbox_act *act, *back;
    if (!act_of(app, m->outbox, &act, err) || !act_of(app, m->back, &back, err))
        return false;
    m->state = m->back ? state_of(back, true) : state_of(act, false);
    m->status = act ? act->status : 0;
    return true;
}

static bool load_mine(struct app *app, struct counsel *c, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(app->db, &q, err,
                  "select slot, outbox, back, name, begins, until, how, named, (select id from conversation "
                  "t where "
                  "t.id = m.conversation and t.over = 0) from counsel_mine m order by begins"))
        return false;
    while (db_next(q, &inner)) {
        struct counsel_mine *m = VEC_PUSH(app->arena, &c->mine);
        if (!m)
            return fail_memory(err);
        if (db_text(q, 0).n == sizeof m->slot)
            memcpy(m->slot, db_text(q, 0).p, sizeof m->slot);
        m->outbox = db_int(q, 1);
        m->back = db_int(q, 2);
        m->name = clean(app->arena, db_text(q, 3));
        m->begins = db_int(q, 4);
        m->until = db_int(q, 5);
        m->how = arena_span(app->arena, db_text(q, 6));
        m->named = (uint8_t)db_int(q, 7);
        m->conversation = db_int(q, 8);
        if (!settle(app, m, err))
            return false;
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

/* The counsellor has signed the week anew without it. */
static void see_withdrawn(struct app *app, struct counsel *c)
{
    for (size_t i = 0; i < c->mine.n; i++) {
        struct counsel_mine *m = &c->mine.at[i];
        const struct counsellor *w;
        if (m->state == COUNSEL_HAS && m->begins > app->now && !counsel_slot_of(c, m->slot, &w))
            m->state = COUNSEL_WITHDRAWN;
    }
}

static bool over_work(struct db *db, void *arg, struct err *err)
{
    const int64_t *now = arg;
    return counsel_over(db, *now, err);
}

bool counsel_load(struct app *app, const struct known *known, struct counsel *out, struct err *err)
{
    *out = (struct counsel){.known = known};
    if (!db_write(app->db, over_work, &app->now, err) || !before_load(app, known, true, &out->before, err) ||
        !load_mine(app, out, err) || !load_people(app, out, err))
        return false;
    count_open(app, out);
    see_withdrawn(app, out);
    return arena_ok(app->arena) || fail_memory(err);
}

void counsel_clear(struct counsel *c)
{
    before_clear(&c->before);
}

const struct counsel_slot *counsel_numbered(const struct counsel *c, size_t number,
                                            const struct counsellor **out)
{
    for (size_t i = 0; i < c->all.n; i++)
        for (size_t k = 0; k < c->all.at[i].n; k++)
            if (c->all.at[i].at[k].number == number) {
                *out = &c->all.at[i];
                return &c->all.at[i].at[k];
            }
    return NULL;
}

const struct counsel_slot *counsel_slot_of(const struct counsel *c, const uint8_t slot[static 16],
                                           const struct counsellor **out)
{
    for (size_t i = 0; i < c->all.n; i++)
        for (size_t k = 0; k < c->all.at[i].n; k++)
            if (memcmp(c->all.at[i].at[k].slot, slot, 16) == 0) {
                *out = &c->all.at[i];
                return &c->all.at[i].at[k];
            }
    return NULL;
}

const struct counsel_mine *counsel_mine_of(const struct counsel *c, const uint8_t slot[static 16])
{
    for (size_t i = 0; i < c->mine.n; i++)
        if (memcmp(c->mine.at[i].slot, slot, 16) == 0)
            return &c->mine.at[i];
    return NULL;
}

const char *counsel_hindered(const struct counsel *c)
{
    return c->before.hindered;
}
