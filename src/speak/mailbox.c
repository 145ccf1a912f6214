/* Writing letters. The words are boxed here and now, with the record as it is here; what waits in the outbox
 * is the closed box, which this computer could not open either. */
#include "speak/mailbox.h"

#include "anon/outbox_db.h"
#include "anon/seen_head.h"
#include "anon/spend.h"
#include "base/words.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "crypt/box.h"
#include "crypt/rand.h"
#include "crypt/secret.h"
#include "speak/mailbox_rows.h"

#include "base/banned.h"

enum { TYPED_MOST = 256 * 1024 };

struct writing {
    const struct known *known;
    struct arena *arena;
    struct conversation *c;
    struct letter letter;
    uint8_t to[16];
    struct span typed;
    bool at_once;
    int64_t now, outbox;
};

static bool tidy(struct writing *w, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, TYPED_MOST);
    if (w->typed.n > TYPED_MOST / 2)
        return fail(err, E_LIMIT,
                    tr("err.letter.long", "A letter has room for %d bytes. Please make it "
                                          "shorter, or make two letters of it."),
                    LETTER_TEXT);
    if (!plain_tidy(w->typed, true, &text, err))
        return false;
    w->letter.text = arena_span(w->arena, text.n ? buf_span(&text) : SPAN(""));
    if (!w->letter.text.p)
        return fail_memory(err);
    if (w->letter.text.n == 0 && !w->letter.has_ask && !w->letter.circle.meets.n)
        return fail(err, E_FORMAT, tr("err.letter.empty", "There is no text in this letter yet."));
    size_t room = letter_room(&w->letter);
    return plain_json_size(w->letter.text) <= room ||
           fail(err, E_LIMIT,
                tr("err.letter.long", "A letter has room for %d bytes. Please make it shorter, "
                                      "or make two letters of it."),
                (int)room);
}

/* Own to other; a helper uses the week's key until the other side has written to its own. */
static bool secret_of(struct db *db, struct writing *w, uint8_t out[static 32], struct err *err)
{
    const struct conversation *c = w->c;
    struct box_keys keys = {0};
    memcpy(out, c->own_secret, 32);
    if (c->side == MAILBOX_ASKER || c->acked)
        return true;
    if (!box_keys_list(db, w->arena, &keys, err))
        return false;
    for (size_t i = 0; i < keys.n; i++)
        if (memcmp(keys.at[i].pk, c->box_pk, 32) == 0)
            memcpy(out, keys.at[i].secret, 32);
    box_keys_wipe(&keys);
    return true;
}

static bool box(struct db *db, struct writing *w, struct buf *out, struct err *err)
{
    AUTO_BUF struct buf plain;
    uint8_t secret[32];
    buf_init(&plain, BOX_LARGE);
    if (!buf_space(&plain, BOX_LARGE - 1))
        return buf_ok(&plain, err);
    bool done = letter_write(&w->letter, &plain, err);
    if (done && w->letter.has_k) {
        done = box_seal(buf_span(&plain), w->c->box_pk, out, err);
    } else if (done) {
        done = secret_of(db, w, secret, err) && box_make(buf_span(&plain), w->c->their_pk, secret, out, err);
        secret_wipe(secret, sizeof secret);
    }
    if (plain.p)
        secret_wipe(plain.p, plain.room);
    return done;
}

/* Within db_write: the closed letter into the outbox, its words beside the conversation. */
static bool put(struct db *db, struct writing *w, struct err *err)
{
    AUTO_BUF struct buf closed;
    buf_init(&closed, BOX_LARGE);
    if (!box(db, w, &closed, err))
        return false;
    AUTO_JSON json_t *act = letter_act(w->to, buf_span(&closed));
    if (!act)
        return fail_memory(err);
    struct spend_wish wish = {.kind = "letter", .act = act, .one_time = true, .now = w->at_once};
    struct letter_row row = {.conversation = w->c->id,
                             .own = true,
                             .n = (int64_t)w->letter.n,
                             .text = w->letter.text,
                             .ask = w->letter.has_ask ? w->letter.ask : NULL,
                             .addr = w->to};
    if (!spend(db, w->known, &wish, w->now, &w->outbox, err) || !outbox_told(db, w->outbox, err))
        return false;
    row.outbox = w->outbox;
    w->c->next = (int64_t)w->letter.n + 1;
    return letter_put(db, &row, err) && conversation_save(db, w->c, err);
}

static bool letter_head(struct db *db, struct writing *w, struct err *err)
{
    memcpy(w->letter.pk, w->c->own_pk, 32);
    return seen_head_own(db, w->known, w->arena, &w->letter.head, err) && tidy(w, err);
}

/* The first -------------------------------------------------------------------------------------------- */
static bool begin_work(struct db *db, void *arg, struct err *err)
{
    struct writing *w = arg;
    return letter_head(db, w, err) && conversation_put(db, w->c, &w->c->id, err) && put(db, w, err);
}

bool mailbox_begin(struct db *db, const struct known *known, const struct mailbox_to *to, struct span text,
                   bool at_once, int64_t now, int64_t *conversation, int64_t *outbox, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    if (!arena)
        return fail_memory(err);
    struct conversation c = {.side = MAILBOX_ASKER, .role = to->role, .name = to->name};
    struct writing w = {
        .known = known, .arena = arena, .c = &c, .typed = text, .at_once = at_once, .now = now};
    c.began = c.last = (day_t)(now / SECONDS_OF_DAY);
    memcpy(c.other, to->pk, 32);
    memcpy(c.box_pk, to->box_pk, 32);
    memcpy(c.their_pk, to->box_pk, 32);
    rand_bytes(c.k, sizeof c.k);
    rand_bytes(w.to, sizeof w.to);
    box_pair(c.own_pk, c.own_secret);
    w.letter.has_k = true;
    memcpy(w.letter.k, c.k, sizeof c.k);
    if (to->circle) {
        w.letter.circle.meets = to->circle->meets;
        letter_circle_sign(&w.letter.circle, &(struct circle_seal){to->circle->circle, to->pk, c.own_pk, c.k},
                           to->circle->key);
    }
    bool done = db_write(db, begin_work, &w, err);
    *conversation = c.id;
    *outbox = w.outbox;
    secret_wipe(&c, sizeof c);
    secret_wipe(&w.letter, sizeof w.letter);
    return done;
}

/* Later ones --------------------------------------------------------------------------------------------- */
static bool may_write(struct db *db, const struct conversation *c, struct err *err)
{
    int64_t busy;
    if (c->over)
        return fail(err, E_REFUSED,
                    mailbox_with_counsellor(c->role)
                        ? tr("err.letters.over.counsel",
                             "This conversation is over: it was ended here, or the time was given back. "
                             "Taking another time begins a new one.")
                        : tr("err.letters.over", "This conversation was ended here. A new one "
                                                 "begins with a first letter."));
    if (!c->waits || mailbox_in_circle(c->role) || mailbox_with_counsellor(c->role))
        return true;
    return conversations_busy(db, c->role, &busy, err) &&
           (busy < MAILBOX_TWO ||
            fail(err, E_REFUSED,
                 tr("err.letters.two", "You have two conversations. Another one can be taken on when one of "
                                       "them is over; this letter waits, and nobody is told.")));
}

struct sending {
    struct writing w;
    int64_t id;
};

static bool send_work(struct db *db, void *arg, struct err *err)
{
    struct sending *s = arg;
    struct writing *w = &s->w;
    struct conversations one = {0};
    if (!conversations_list(db, w->arena, s->id, &one, err))
        return false;
    if (one.n != 1)
        return fail(err, E_MISSING, tr("err.letters.none", "There is no conversation of that number."));
    w->c = one.at;
    w->letter.n = (uint64_t)w->c->next;
    box_address(w->c->k, w->c->side == MAILBOX_ASKER ? 0 : 1, w->letter.n, w->to);
    bool done = may_write(db, w->c, err) && letter_head(db, w, err) && put(db, w, err);
    conversations_wipe(&one);
    return done;
}

static bool send_it(struct db *db, struct sending *s, struct arena *arena, int64_t *outbox, struct err *err)
{
    if (!arena)
        return fail_memory(err);
    s->w.arena = arena;
    if (!db_write(db, send_work, s, err))
        return false;
    *outbox = s->w.outbox;
    return true;
}

bool mailbox_send(struct db *db, const struct known *known, int64_t conversation, struct span text,
                  const uint8_t *ask, bool at_once, int64_t now, int64_t *outbox, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct sending s = {.id = conversation};
    s.w = (struct writing){.known = known, .typed = text, .at_once = at_once, .now = now};
    s.w.letter.has_ask = ask != NULL;
    if (ask)
        memcpy(s.w.letter.ask, ask, 32);
    return send_it(db, &s, arena, outbox, err);
}

bool mailbox_send_meets(struct db *db, const struct known *known, int64_t conversation, struct span text,
                        const struct meets *meets, bool at_once, int64_t now, int64_t *outbox,
                        struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct sending s = {.id = conversation};
    s.w = (struct writing){.known = known, .typed = text, .at_once = at_once, .now = now};
    s.w.letter.circle = (struct letter_circle){.there = true, .meets = *meets};
    return send_it(db, &s, arena, outbox, err);
}
