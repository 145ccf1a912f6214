/* The outbox at work. What is sent is made at the first try and never again: the pass, the act with it, its
 * signature, all on the disk before a byte leaves. Whatever comes back, that pass pays for nothing else; so
 * an answer can at most end the tries of this act, and never start one of another. */
#include "anon/spend.h"

#include "anon/fetched.h"
#include "anon/follow.h"
#include "anon/outbox_db.h"
#include "anon/receipts.h"
#include "anon/schedule.h"
#include "anon/send_anon.h"
#include "anon/wallet.h"
#include "base/note.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/rand.h"
#include "crypt/secret.h"

#include "base/banned.h"

enum { DAY = 86400, TRIES = 3, MARGIN = 15 * 60, PROMISE_DAYS = 2 };

/* Putting in ------------------------------------------------------------------------------------------ */
/* Refuse now what no board could take: the finished act has to fit a size. */
static bool fits(const struct outbox_act *act, json_t *json, struct err *err)
{
    static const uint8_t none[32];
    struct sign_key key;
    AUTO_BUF struct buf bytes;
    sign_key_init(&key, none);
    buf_init(&bytes, 2 * (size_t)ITEM_LARGE);
    struct item_draft draft = {.kind = act->kind, .lab = act->lab, .act = json};
    return item_make(&draft, none, none, &key, &bytes, err);
}

/* When it leaves. `after`: Unix seconds of the try before, 0 for the first. */
static bool draw(struct db *db, const struct known *known, const struct history *issuer, int64_t now,
                 int64_t after, int64_t *moment, struct err *err)
{
    const struct entry_rules *rules = history_rules(issuer, epoch_of(now));
    (void)db;
    if (known->trial) {
        *moment = after ? (now / DAY + 1) * DAY : now;
        return true;
    }
    if (!rules)
        return fail(err, E_MISSING,
                    tr("err.spend.no_rules",
                       "The lab's record does not say yet when posts may leave. `respite "
                       "board` fetches what is new."));
    return schedule_act(known->zone, rules, now, after, moment, err);
}

static bool draw_first(struct db *db, const struct known *known, int64_t now, int64_t *moment,
                       struct err *err)
{
    struct history *issuer = NULL, *board = NULL;
    bool ok = follow_load(db, known, &issuer, &board, err) && draw(db, known, issuer, now, 0, moment, err);
    history_free(issuer);
    history_free(board);
    return ok;
}

bool spend(struct db *db, const struct known *known, const struct spend_wish *wish, int64_t now,
           int64_t *outbox, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, ITEM_LARGE);
    struct outbox_act act = {.kind = span_of(wish->kind),
                             .lab = span_of(known->board_origin),
                             .has_thread = !wish->one_time,
                             .begins = wish->new_thread,
                             .keep_key = wish->keep_key,
                             .key_epoch = wish->key_epoch,
                             .at_once = wish->now,
                             .made = now,
                             .moment = now};
    rand_bytes(act.salt, sizeof act.salt);
    if (wish->new_thread)
        rand_bytes(act.thread, sizeof act.thread);
    else if (act.has_thread && !outbox_thread(db, wish->thread, act.thread, err))
        return false;
    if (!canon_write(wish->act, &text, err) || !fits(&act, wish->act, err))
        return false;
    act.act = buf_span(&text);
    if (!wish->now && !known->trial && !draw_first(db, known, now, &act.moment, err))
        return false;
    return outbox_put(db, &act, outbox, err);
}

/* Posting again --------------------------------------------------------------------------------------- */
/* Whether the first one may have arrived after all: its answers were lost, and the log may have it. */
static bool may_be_there(struct db *db, const struct outbox_act *act, int64_t now, bool *maybe,
                         const char **why, struct err *err)
{
    int64_t n, at, ahead, due = (act->last_try / DAY + PROMISE_DAYS + 1) * DAY;
    *maybe = false;
    if (act->state == ACT_REFUSED)
        return true;
    if (!db_number(db, &n, 0, err, "select count(*) from log_entry where leaf = $1",
                   V_BLOB(span_bytes(act->leaf, 32))) ||
        !fetched_last(db, &at, &ahead, err))
        return false;
    *maybe = n > 0 || now < due || at < due;
    *why = n > 0 ? tr("spend.again.there", "It did arrive: it stands in the lab's record.")
                 : tr("spend.again.soon",
                      "It may have arrived although no answer came. Two days after the last try the record "
                      "says so or it does not: then look for new posts, and post it again.");
    return true;
}

/* Kinds whose key is that of the epoch in which something else was signed. */
static bool keeps_epoch(struct span kind)
{
    return span_is(kind, "retract") || span_starts(kind, SPAN("circle"));
}

bool spend_again(struct db *db, const struct known *known, int64_t id, int64_t now, int64_t *outbox,
                 struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct outbox one = {0};
    AUTO_JSON json_t *json = NULL;
    const char *why = NULL;
    bool maybe;
    if (!arena)
        return fail_memory(err);
    if (!outbox_list(db, arena, id, &one, err))
        return false;
    if (one.n != 1 || (one.at->state != ACT_REFUSED && one.at->state != ACT_GIVEN_UP))
        return fail(err, E_REFUSED, tr("spend.again.no", "There is nothing of that number to post again."));
    const struct outbox_act *act = one.at;
    if (!may_be_there(db, act, now, &maybe, &why, err))
        return false;
    if (maybe)
        return fail(err, E_REFUSED, "%s", why);
    if (!canon_read(act->act, ITEM_LARGE, &json, err))
        return false;
    const char *kind = arena_text(arena, act->kind);
    if (!kind)
        return fail_memory(err);
    struct spend_wish wish = {.kind = kind,
                              .act = json,
                              .new_thread = act->begins,
                              .keep_key = act->keep_key,
                              .one_time = !act->has_thread,
                              .key_epoch = keeps_epoch(act->kind) ? act->key_epoch : 0};
    memcpy(wish.thread, act->thread, sizeof wish.thread);
    return spend(db, known, &wish, now, outbox, err) && outbox_told(db, id, err);
}

/* The first try -------------------------------------------------------------------------------------- */
struct spending {
    struct db *db;
    const struct known *known;
    struct history *issuer, *board;
    struct arena *arena;
    int64_t now;
    bool loaded;
};

struct completing {
    struct spending *s;
    struct outbox_act *act;
    bool ours;
};

/* The key that signs: of this thread and epoch, of the epoch whose name the person keeps, or of nothing. */
static bool key_of(struct spending *s, struct outbox_act *act, struct sign_key *key, struct err *err)
{
    uint8_t seed[32];
    bool named = act->key_epoch != 0;
    if (!named)
        act->key_epoch = act->epoch;
    if (act->has_thread) {
        if (!named && act->keep_key &&
            !outbox_key_epoch(s->db, act->thread, act->epoch, &act->key_epoch, err))
            return false;
        item_thread_key(s->known->threads, act->thread, act->key_epoch, key);
        return true;
    }
    rand_bytes(seed, sizeof seed);
    sign_key_init(key, seed);
    secret_wipe(seed, sizeof seed);
    return true;
}

static bool make_item(struct spending *s, struct outbox_act *act, const struct token *token, struct err *err)
{
    uint8_t pass[32], head[32];
    struct sign_key key;
    struct problem p = {0};
    AUTO_JSON json_t *json = NULL;
    AUTO_BUF struct buf bytes;
    AUTO_ITEM struct item item = {0};
    buf_init(&bytes, ITEM_LARGE);
    if (!history_head(s->issuer, s->board, act->epoch, NULL, head))
        return fail(err, E_MISSING, tr("err.anon.no_head", "The lab's record of this week is not here yet."));
    if (!canon_read(act->act, ITEM_LARGE, &json, err) || !key_of(s, act, &key, err))
        return false;
    struct item_draft draft = {.kind = act->kind, .lab = act->lab, .act = json};
    memcpy(draft.salt, act->salt, sizeof draft.salt);
    token_hash(token, pass);
    bool made = item_make(&draft, pass, head, &key, &bytes, err);
    secret_wipe(&key, sizeof key);
    if (!made)
        return false;
    act->bytes = arena_span(s->arena, buf_span(&bytes));
    if (!act->bytes.p)
        return fail_memory(err);
    if (!item_read(act->bytes, &item, &p, err))
        return fail(err, E_SYSTEM, "An act that was made here cannot be read here.");
    memcpy(act->item, item.id, sizeof act->item);
    memcpy(act->leaf, item.leaf, sizeof act->leaf);
    return true;
}

/* Within db_write: a pass for it, the act with it, both kept. */
static bool complete_work(struct db *db, void *arg, struct err *err)
{
    struct completing *c = arg;
    struct token token;
    uint8_t *pass = arena_get(c->s->arena, TOKEN_SIZE);
    if (!pass)
        return fail_memory(err);
    if (!wallet_take(db, c->s->issuer, c->s->now, &token, &c->act->epoch, err))
        return false;
    token_write(&token, pass);
    c->act->pass = (struct span){(const char *)pass, TOKEN_SIZE};
    bool ok = make_item(c->s, c->act, &token, err) && outbox_try(db, c->act, c->s->now, &c->ours, err) &&
              (c->ours ||
               fail(err, E_BUSY, tr("err.anon.outbox_taken", "Another Respite sends this at the moment.")));
    secret_wipe(&token, sizeof token);
    return ok;
}

/* A further try: the bytes are what they were. */
static bool again_work(struct db *db, void *arg, struct err *err)
{
    struct completing *c = arg;
    return outbox_try(db, c->act, c->s->now, &c->ours, err);
}

/* Sending -------------------------------------------------------------------------------------------- */
/* What the person is told at the end of an act, now and by the next page. */
static bool end(struct spending *s, struct outbox_act *act, enum act_state state, int status, struct err *err)
{
    if (!outbox_state(s->db, act->id, state, status, err))
        return false;
    act->state = state;
    if (state == ACT_GIVEN_UP)
        complaint("%s",
                  tr("post.failed", "The board did not take this post in three tries. It is kept here."));
    if (state == ACT_REFUSED)
        complaint("%s", tr("post.refused", "The board refused this post. It is kept here, and can be posted "
                                           "again with another pass."));
    return true;
}

static bool has_time_for(const struct spending *s, const struct outbox_act *act, int64_t moment)
{
    const struct history_key *key = history_general(s->issuer, act->epoch);
    return key && moment < key->key.windows.spend_to - MARGIN;
}

/* It was tried and not taken: another day, while its pass can be spent. */
static bool try_later(struct spending *s, struct outbox_act *act, int status, struct err *err)
{
    int64_t moment;
    if (act->tries >= TRIES)
        return end(s, act, ACT_GIVEN_UP, status, err);
    if (!draw(s->db, s->known, s->issuer, s->now, s->now, &moment, err))
        return false;
    if (!has_time_for(s, act, moment))
        return end(s, act, ACT_GIVEN_UP, status, err);
    return outbox_state(s->db, act->id, ACT_TRIED, status, err) && outbox_later(s->db, act->id, moment, err);
}

/* The board has looked at it and says no: the same bytes would get the same answer. */
static bool is_final(int status)
{
    return status == 400 || status == 403 || status == 409 || status == 413 || status == 422;
}

static bool answered(struct spending *s, struct outbox_act *act, const struct httpc_answer *answer,
                     struct err *err)
{
    struct err why = {0};
    if (answer->status == 200) {
        if (receipt_keep(s->db, s->known, act->leaf, s->now, buf_span(&answer->body), &why))
            return outbox_state(s->db, act->id, ACT_KEPT, 200, err);
        if (why.code == E_MEMORY)
            return fail_memory(err);
        return finding_keep(s->db, s->now, why.text, buf_span(&answer->body), err) &&
               try_later(s, act, 200, err);
    }
    if (answer->status == 409 && span_find(buf_span(&answer->body), SPAN("other-history")) >= 0 &&
        !finding_keep(s->db, s->now,
                      tr("spend.other_history",
                         "The board has another record of this week than the one this computer follows."),
                      act->bytes, err))
        return false;
    return is_final(answer->status) ? end(s, act, ACT_REFUSED, answer->status, err)
                                    : try_later(s, act, answer->status, err);
}

static bool send_act(struct spending *s, struct outbox_act *act, int *sent, struct err *err)
{
    struct err why = {0};
    struct httpc_answer answer = {0};
    AUTO_BUF struct buf body;
    buf_init(&body, ITEM_LARGE);
    buf_add(&body, act->bytes);
    if (!item_pad(&body, 0, err) || !buf_ok(&body, err))
        return false;
    act->tries++;
    bool got = anon_send(s->db, s->known, buf_span(&body), (const uint8_t *)act->pass.p, &answer, &why);
    ++*sent;
    bool ok = got ? answered(s, act, &answer, err) : try_later(s, act, 0, err);
    buf_clear(&answer.body);
    if (ok && !got && why.code == E_STOPPED)
        return fail(err, E_STOPPED, "%s", why.text);
    return ok;
}

/* What is due ---------------------------------------------------------------------------------------- */
static bool load(struct spending *s, struct err *err)
{
    if (s->loaded)
        return true;
    int64_t date = 0;
    if (s->known->trial && !s->known->guest &&
        (!follow(s->db, s->known, s->now, &date, err) || !fetched_note(s->db, s->now, date, err)))
        return false;
    s->loaded = follow_load(s->db, s->known, &s->issuer, &s->board, err);
    return s->loaded;
}

static bool first_try(struct spending *s, struct outbox_act *act, bool asked, int *sent, struct err *err)
{
    const char *why;
    struct completing c = {s, act, false};
    if (!spend_hindered(s->db, s->known, s->issuer, s->board, s->now, act->at_once || asked, s->arena, &why,
                        err))
        return false;
    if (why && asked)
        return fail(err, E_REFUSED, "%s", why);
    if (why) {
        int64_t moment;
        return draw(s->db, s->known, s->issuer, s->known->trial ? s->now : s->now + 3600, 0, &moment, err) &&
               outbox_later(s->db, act->id, moment, err);
    }
    return db_write(s->db, complete_work, &c, err) && send_act(s, act, sent, err);
}

static bool next_try(struct spending *s, struct outbox_act *act, int *sent, struct err *err)
{
    struct completing c = {s, act, false};
    if (!has_time_for(s, act, s->now))
        return end(s, act, ACT_GIVEN_UP, act->status, err);
    if (!db_write(s->db, again_work, &c, err))
        return false;
    return !c.ours || send_act(s, act, sent, err);
}

/* Its moment came while the machine was off or asleep: another one is drawn. */
static bool missed(struct spending *s, struct outbox_act *act, struct err *err)
{
    int64_t moment;
    if (!load(s, err) ||
        !draw(s->db, s->known, s->issuer, s->now, act->tries ? act->last_try : 0, &moment, err))
        return false;
    if (act->tries && !has_time_for(s, act, moment))
        return end(s, act, ACT_GIVEN_UP, act->status, err);
    return outbox_later(s->db, act->id, moment, err);
}

static bool one(struct spending *s, struct outbox_act *act, int64_t awake_since, bool asked, int *sent,
                struct err *err)
{
    if (act->state != ACT_WAITING && act->state != ACT_TRIED)
        return !asked || fail(err, E_REFUSED,
                              tr("err.anon.outbox_done", "This was sent before; nothing was sent again."));
    if (asked && act->tries)
        return fail(err, E_REFUSED,
                    tr("err.anon.outbox_tried",
                       "This was tried before. Further tries go out on other days, so that they tell less."));
    bool due = asked || (s->known->guest   ? act->last_try / DAY < s->now / DAY
                         : s->known->trial ? act->moment <= s->now
                                           : moments_due(act->moment, s->now, awake_since));
    if (!due)
        return s->known->guest || act->moment > s->now || missed(s, act, err);
    if (!load(s, err))
        return false;
    return act->tries ? next_try(s, act, sent, err) : first_try(s, act, asked, sent, err);
}

bool spend_due(struct db *db, const struct known *known, int64_t now, int64_t awake_since, int64_t only,
               int *sent, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct spending s = {.db = db, .known = known, .arena = arena, .now = now};
    struct outbox all = {0};
    *sent = 0;
    if (!arena)
        return fail_memory(err);
    bool ok = outbox_list(db, arena, only, &all, err);
    for (size_t i = 0; ok && i < all.n; i++)
        if (only >= 0 || all.at[i].state == ACT_WAITING || all.at[i].state == ACT_TRIED)
            ok = one(&s, &all.at[i], awake_since, only >= 0, sent, err);
    if (ok && only >= 0 && all.n == 0)
        ok = fail(err, E_MISSING, tr("err.anon.outbox_none", "Nothing of that number waits to be sent."));
    history_free(s.issuer);
    history_free(s.board);
    return ok;
}
