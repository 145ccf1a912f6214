/* Taking a time, and giving it back. The words are closed here and now for the counsellor's key of that week;
 * what waits in the outbox is the closed box. The key that signs the taking is kept as that of a thread is,
 * so that the same hand, and no other, can give the time back. */
#include "anon/item.h"
#include "anon/outbox_db.h"
#include "anon/seen_head.h"
#include "anon/spend.h"
#include "base/vec.h"
#include "base/words.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "crypt/box.h"
#include "crypt/rand.h"
#include "crypt/secret.h"
#include "speak/counsel.h"
#include "speak/counsel_lab.h"
#include "speak/letter.h"
#include "speak/mailbox.h"
#include "speak/write.h"

#include "base/banned.h"

enum { DAY = 86400 };

struct taking {
    struct app *app;
    const struct counsel *c;
    const struct counsellor *whose;
    const struct counsel_slot *slot;
    uint8_t box_pk[32];
    struct span words;
    struct letter letter;
    uint8_t own_secret[32];
    int64_t outbox, conversation;
};

/* The key on the record of the week that holds the time. */
static bool box_key(struct taking *t, struct err *err)
{
    struct hours_list list;
    if (!hours_list(t->app->db, t->app->arena, t->app->now, &list, err))
        return false;
    for (size_t i = 0; i < list.n; i++)
        if (list.at[i].hours.week == epoch_of(t->slot->from) &&
            memcmp(list.at[i].hours.counsellor, t->whose->pk, 32) == 0) {
            memcpy(t->box_pk, list.at[i].hours.box_pk, 32);
            return true;
        }
    return fail(err, E_MISSING, tr("err.counsel.gone", "This time is not open any more."));
}

/* Bytes of words that fit the small box beside this checkpoint. */
static size_t room(const struct letter *l)
{
    size_t large = letter_room(l), more = BOX_LARGE - BOX_SMALL;
    return large > more ? large - more : 0;
}

static bool tidy(struct taking *t, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 4 * COUNSEL_WORDS);
    if (t->words.n > COUNSEL_WORDS || !plain_tidy(t->words, true, &text, err))
        return err->code != E_NONE
                   ? false
                   : fail(err, E_LIMIT,
                          tr("err.counsel.long", "There is room for %d bytes of words with a time."),
                          (int)room(&t->letter));
    t->letter.text = arena_span(t->app->arena, text.n ? buf_span(&text) : SPAN(""));
    if (!t->letter.text.p)
        return fail_memory(err);
    return plain_json_size(t->letter.text) <= room(&t->letter) ||
           fail(err, E_LIMIT, tr("err.counsel.long", "There is room for %d bytes of words with a time."),
                (int)room(&t->letter));
}

static bool closed(struct taking *t, struct buf *out, struct err *err)
{
    AUTO_BUF struct buf plain;
    buf_init(&plain, BOX_SMALL);
    if (!buf_space(&plain, BOX_SMALL - 1))
        return buf_ok(&plain, err);
    bool done = letter_write(&t->letter, &plain, err) && box_seal(buf_span(&plain), t->box_pk, out, err);
    if (plain.p)
        secret_wipe(plain.p, plain.room);
    return done;
}

/* A time that was given back before can be taken once more: what is left of the first goes. */
static bool make_place(struct db *db, struct taking *t, struct err *err)
{
    const struct counsel_mine *m = counsel_mine_of(t->c, t->slot->slot);
    if (!m)
        return true;
    return outbox_forget(db, m->outbox, err) && outbox_forget(db, m->back, err) &&
           db_run(db, err, "delete from counsel_mine where slot = $1", V_BLOB(span_bytes(m->slot, 16)));
}

static bool keep(struct db *db, const struct taking *t, struct err *err)
{
    const struct counsel_slot *s = t->slot;
    return db_run(db, err,
                  "insert into counsel_mine(slot, outbox, back, counsellor, name, begins, until, how, named, "
                  "conversation) values ($1, $2, 0, $3, $4, $5, $6, $7, $8, $9)",
                  V_BLOB(span_bytes(s->slot, 16)), V_INT(t->outbox), V_BLOB(span_bytes(t->whose->pk, 32)),
                  V_STR(t->whose->name), V_INT(s->from), V_INT(s->to), V_TEXT(s->by),
                  V_INT(item_name(s->slot, t->letter.pk)), V_INT(t->conversation));
}

/* The keys in the box are those of the letters that can follow. */
static bool talk(struct db *db, struct taking *t, struct err *err)
{
    bool fresh;
    struct conversation c = {.side = MAILBOX_ASKER,
                             .name = t->whose->name,
                             .began = (day_t)(t->app->now / DAY),
                             .keep = (day_t)(t->slot->to / DAY)};
    memcpy(c.other, t->whose->pk, 32);
    memcpy(c.box_pk, t->box_pk, 32);
    memcpy(c.their_pk, t->box_pk, 32);
    memcpy(c.k, t->letter.k, 32);
    memcpy(c.own_pk, t->letter.pk, 32);
    memcpy(c.own_secret, t->own_secret, 32);
    bool done = mailbox_counsel(db, &c, &fresh, err);
    t->conversation = c.id;
    secret_wipe(&c, sizeof c);
    return done;
}

static bool take_work(struct db *db, void *arg, struct err *err)
{
    struct taking *t = arg;
    AUTO_BUF struct buf box;
    buf_init(&box, BOX_SMALL);
    box_pair(t->letter.pk, t->own_secret);
    rand_bytes(t->letter.k, sizeof t->letter.k);
    t->letter.has_k = true;
    if (!box_key(t, err) || !seen_head_own(db, t->c->known, t->app->arena, &t->letter.head, err) ||
        !tidy(t, err) || !closed(t, &box, err) || !make_place(db, t, err) || !talk(db, t, err))
        return false;
    AUTO_JSON json_t *act = slot_act(t->slot->slot, buf_span(&box));
    if (!act)
        return fail_memory(err);
    struct spend_wish wish = {.kind = "slot", .act = act, .new_thread = true, .now = true};
    return spend(db, t->c->known, &wish, t->app->now, &t->outbox, err) && outbox_told(db, t->outbox, err) &&
           keep(db, t, err);
}

bool counsel_take_slot(struct app *app, const struct counsel *c, const uint8_t slot[static 16],
                       struct span words, int64_t *outbox, struct err *err)
{
    struct taking t = {.app = app, .c = c, .words = words};
    t.slot = counsel_slot_of(c, slot, &t.whose);
    if (!t.slot)
        return fail(err, E_MISSING, tr("err.counsel.gone", "This time is not open any more."));
    if (t.slot->taken)
        return fail(err, E_REFUSED,
                    tr("err.counsel.taken", "Somebody has taken this time. The others are "
                                            "open."));
    if (c->before.hindered)
        return fail(err, E_REFUSED, "%s", c->before.hindered);
    bool done = db_write(app->db, take_work, &t, err);
    secret_wipe(&t.letter.k, sizeof t.letter.k);
    secret_wipe(t.own_secret, sizeof t.own_secret);
    *outbox = t.outbox;
    return done;
}

/* Giving back -------------------------------------------------------------------------------------------- */
struct giving {
    struct app *app;
    const struct counsel *c;
    const struct counsel_mine *m;
    int64_t outbox;
};

static bool give_work(struct db *db, void *arg, struct err *err)
{
    struct giving *g = arg;
    struct outbox one = {0};
    bool unsent;
    struct val slot = V_BLOB(span_bytes(g->m->slot, 16));
    if (!outbox_cancel(db, g->m->outbox, &unsent, err))
        return false;
    if (!mailbox_counsel_end(db, g->m->conversation, unsent, err))
        return false;
    if (unsent)
        return db_run(db, err, "delete from counsel_mine where slot = $1", slot);
    if (!outbox_list(db, g->app->arena, g->m->outbox, &one, err))
        return false;
    if (one.n != 1)
        return fail(err, E_MISSING, tr("err.counsel.not_yours", "You have not taken this time."));
    return retract_put(db, g->app->arena, g->c->known, one.at->item, true, g->app->now, &g->outbox, err) &&
           outbox_told(db, g->outbox, err) &&
           db_run(db, err, "update counsel_mine set back = $2 where slot = $1", slot, V_INT(g->outbox));
}

bool counsel_give(struct app *app, const struct counsel *c, const uint8_t slot[static 16], int64_t *outbox,
                  struct err *err)
{
    struct giving g = {.app = app, .c = c, .m = counsel_mine_of(c, slot)};
    if (!g.m || g.m->state == COUNSEL_LOST)
        return fail(err, E_MISSING, tr("err.counsel.not_yours", "You have not taken this time."));
    if (g.m->state == COUNSEL_BACK || g.m->state == COUNSEL_GIVEN)
        return fail(err, E_REFUSED, tr("err.counsel.back_twice", "You have given this time back."));
    *outbox = 0;
    if (!db_write(app->db, give_work, &g, err))
        return false;
    *outbox = g.outbox;
    return true;
}

/* What came of it ---------------------------------------------------------------------------------------- */
struct ending {
    const uint8_t *slot;
    int64_t outbox, back, conversation;
    enum act_state state;
    int status;
    bool is_back;
};

static bool end_work(struct db *db, void *arg, struct err *err)
{
    struct ending *e = arg;
    struct val slot = V_BLOB(span_bytes(e->slot, 16));
    if (e->is_back)
        return outbox_forget(db, e->back, err) && mailbox_counsel_open(db, e->conversation, err) &&
               db_run(db, err, "update counsel_mine set back = 0 where slot = $1", slot);
    return outbox_forget(db, e->outbox, err) && mailbox_counsel_end(db, e->conversation, true, err) &&
           db_run(db, err, "delete from counsel_mine where slot = $1", slot);
}

static bool load_ending(struct app *app, struct ending *e, bool *over, struct err *err)
{
    struct outbox one = {0};
    struct val slot = V_BLOB(span_bytes(e->slot, 16));
    *over = false;
    if (!db_number(app->db, &e->outbox, 0, err, "select outbox from counsel_mine where slot = $1", slot) ||
        !db_number(app->db, &e->back, 0, err, "select back from counsel_mine where slot = $1", slot) ||
        !db_number(app->db, &e->conversation, 0, err, "select conversation from counsel_mine where slot = $1",
                   slot))
        return false;
    e->is_back = e->back != 0;
    if (!e->outbox || !outbox_list(app->db, app->arena, e->is_back ? e->back : e->outbox, &one, err))
        return err->code == E_NONE;
    if (one.n != 1)
        return true;
    e->state = one.at->state;
    e->status = one.at->status;
    *over = e->state == ACT_REFUSED || e->state == ACT_GIVEN_UP;
    return true;
}

bool counsel_after(struct app *app, const uint8_t slot[static 16], struct err *err)
{
    struct ending e = {.slot = slot};
    bool over;
    if (!load_ending(app, &e, &over, err))
        return false;
    if (!over)
        return true;
    if (!db_write(app->db, end_work, &e, err))
        return false;
    if (e.is_back)
        return fail(err, E_REFUSED,
                    tr("err.counsel.back", "The board did not take this, so the time is yours as before. "
                                           "Please try again later."));
    if (e.status == 409)
        return fail(err, E_REFUSED,
                    tr("err.counsel.faster", "Somebody took this time a moment before. Nothing of what you "
                                             "wrote was kept, here or there."));
    return fail(err, E_REFUSED,
                tr("err.counsel.refused", "The board did not take this: the counsellor may have closed the "
                                          "time. Look for what is open now."));
}

/* Forgetting --------------------------------------------------------------------------------------------- */
bool counsel_over(struct db *db, int64_t now, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct {
        int64_t *at;
        size_t n, room;
    } acts = {0};
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!arena)
        return fail_memory(err);
    if (!db_query(db, &q, err, "select outbox, back from counsel_mine where until <= $1", V_INT(now)))
        return false;
    while (db_next(q, &inner))
        for (int i = 0; i < 2; i++) {
            int64_t *id = VEC_PUSH(arena, &acts);
            if (!id)
                return fail_memory(err);
            *id = db_int(q, i);
        }
    if (inner.code)
        return fail(err, inner.code, "%s", inner.text);
    db_close_stmt(q);
    q = NULL;
    for (size_t i = 0; i < acts.n; i++)
        if (!outbox_forget(db, acts.at[i], err))
            return false;
    return acts.n == 0 || db_run(db, err, "delete from counsel_mine where until <= $1", V_INT(now));
}

bool counsel_left(struct db *db, struct err *err)
{
    return db_run(db, err, "delete from counsel_mine");
}
