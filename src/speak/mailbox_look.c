/* Looking through letters. Every address that a letter of a conversation here could have is worked out and
 * looked up among those that came; what has no such address may be a first letter, so each box key is tried
 * on it, once. A first letter brings its own addresses, so those that are left are looked at again. */
#include "speak/mailbox_rows.h"

#include "anon/batches.h"
#include "anon/fetched.h"
#include "anon/item.h"
#include "anon/seen_head.h"
#include "base/map.h"
#include "codec/json.h"
#include "crypt/box.h"
#include "crypt/secret.h"
#include "speak/circle_keep.h"

#include "base/banned.h"

enum { AT_ONCE = 256, HEADS_MOST = 32 /* checkpoints held against the record in one go */ };

struct mail {
    uint8_t item[16], addr[16];
    day_t day;
    bool tried, done;
};
struct slot {
    uint8_t addr[16];
    int64_t n;
    size_t of; /* index of its conversation */
    bool own, used;
};
struct looking {
    struct db *db;
    const struct known *known;
    const struct history *issuer, *board;
    int64_t now;
    struct arena *arena;
    struct conversations all;
    struct box_keys keys;
    struct {
        struct mail *at;
        size_t n, room;
    } mail;
    struct {
        struct slot *at;
        size_t n, room;
    } slots;
    struct span heads[HEADS_MOST];
    size_t heads_n;
    int64_t waiting; /* first letters that were not answered */
    bool again;      /* a conversation began */
    struct mailbox_news *news;
};

/* Gathering -------------------------------------------------------------------------------------------- */
static bool address_of(struct span json, uint8_t to[static 16], struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    struct err odd = {0};
    if (!json_read(json, ITEM_LARGE, "letter", &o, &odd))
        return odd.code == E_MEMORY && !fail_memory(err);
    const json_t *act = json_object_get(o, "act"), *v = json_object_get(act, "to");
    return json_is_string(v) && item_hex_read((struct span){json_string_value(v), json_string_length(v)}, to);
}

struct gathering {
    struct arena *arena;
    struct kept_items items;
};

/* Within db_write. */
static bool gather_work(struct db *db, void *arg, struct err *err)
{
    struct gathering *g = arg;
    struct gone_items none = {0};
    if (!items_new_in(db, g->arena, "letters", AT_ONCE, &g->items, err))
        return false;
    for (size_t i = 0; i < g->items.n; i++) {
        const struct kept_item *item = &g->items.at[i];
        uint8_t to[16];
        if (!address_of(item->json, to, err)) {
            if (err->code)
                return false;
            continue;
        }
        if (!db_run(db, err,
                    "insert into mail(item, day, addr, tried) values ($1, $2, $3, 0) on conflict do nothing",
                    V_BLOB(span_bytes(item->id, 16)), V_INT(item->day), V_BLOB(span_bytes(to, 16))))
            return false;
    }
    return items_taken(db, &g->items, &none, err);
}

static bool gather(struct db *db, int64_t *n, struct err *err)
{
    *n = 0;
    for (size_t last = AT_ONCE; last == AT_ONCE;) {
        struct arena *AUTO_ARENA arena = arena_new();
        struct gathering g = {.arena = arena};
        int64_t some;
        if (!arena)
            return fail_memory(err);
        if (!db_number(db, &some, 0, err,
                       "select count(*) from (select 1 from item where taken = 0 and series = 'letters' "
                       "limit 1) as t"))
            return false;
        if (!some)
            return true;
        if (!db_write(db, gather_work, &g, err))
            return false;
        last = g.items.n;
        *n += (int64_t)last;
    }
    return true;
}

static bool mail_load(struct looking *l, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(l->db, &q, err, "select item, day, addr, tried from mail"))
        return false;
    while (db_next(q, &inner)) {
        struct mail *m = VEC_PUSH(l->arena, &l->mail);
        struct span item = db_text(q, 0), addr = db_text(q, 2);
        if (!m)
            return fail_memory(err);
        if (item.n != 16 || addr.n != 16)
            return mailbox_damaged(err);
        memcpy(m->item, item.p, 16);
        memcpy(m->addr, addr.p, 16);
        m->day = (day_t)db_int(q, 1);
        m->tried = db_int(q, 3) != 0;
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

/* Addresses -------------------------------------------------------------------------------------------- */
static bool add_slot(struct looking *l, const uint8_t addr[static 16], size_t of, int64_t n, bool own,
                     struct err *err)
{
    struct slot *s = VEC_PUSH(l->arena, &l->slots);
    if (!s)
        return fail_memory(err);
    *s = (struct slot){.of = of, .n = n, .own = own};
    memcpy(s->addr, addr, 16);
    return true;
}

/* Those that letters of the other side can have: each that did not come, up to so many past the last one.
 * Direction 0 is from the asker; its first has an address of its own, and came. */
static bool add_coming(struct looking *l, size_t of, struct err *err)
{
    const struct conversation *c = &l->all.at[of];
    uint8_t direction = c->side == MAILBOX_ASKER ? 1 : 0, addr[16];
    struct letter_numbers came = {0};
    int64_t ahead = c->waits ? MAILBOX_FEW : MAILBOX_AHEAD;
    size_t i = 0;
    if (c->over && mailbox_in_circle(c->role)) /* who is not in a circle any more is not heard in it */
        return true;
    if (!letters_came(l->db, l->arena, c->id, &came, err))
        return false;
    for (int64_t n = direction == 0 ? 1 : 0; n < c->most + ahead && n <= LETTER_N_MOST; n++) {
        while (i < came.n && came.at[i] < n)
            i++;
        if (i < came.n && came.at[i] == n)
            continue;
        box_address(c->k, direction, (uint64_t)n, addr);
        if (!add_slot(l, addr, of, n, false, err))
            return false;
    }
    return true;
}

static size_t index_of(const struct looking *l, int64_t id)
{
    size_t i = 0;
    while (i < l->all.n && l->all.at[i].id != id)
        i++;
    return i;
}

static bool slots_load(struct looking *l, struct err *err)
{
    struct letters_sent sent = {0};
    if (!letters_sent(l->db, l->arena, &sent, err))
        return false;
    for (size_t i = 0; i < sent.n; i++) {
        size_t of = index_of(l, sent.at[i].conversation);
        if (of < l->all.n && !add_slot(l, sent.at[i].addr, of, sent.at[i].n, true, err))
            return false;
    }
    for (size_t i = 0; i < l->all.n; i++)
        if (!add_coming(l, i, err))
            return false;
    return true;
}

/* Opening ---------------------------------------------------------------------------------------------- */
/* The box of a kept letter; false without a failure when it is not here or no letter. */
static bool box_load(struct looking *l, const struct mail *m, struct buf *box, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    struct arena *AUTO_ARENA arena = arena_new();
    struct span json;
    struct err odd = {0};
    uint8_t to[16];
    if (!arena)
        return fail_memory(err);
    if (!item_json(l->db, arena, m->item, &json, err) || !json.p)
        return false;
    if (json_read(json, ITEM_LARGE, "letter", &o, &odd) &&
        letter_act_read(json_object_get(o, "act"), to, box, &odd))
        return true;
    return odd.code == E_MEMORY && fail_memory(err);
}

/* Hold the record of who wrote against the one here; each checkpoint once in a go, and not more than some. */
static bool look_head(struct looking *l, struct span head, struct err *err)
{
    enum seen_head is;
    for (size_t i = 0; i < l->heads_n; i++)
        if (span_eq(l->heads[i], head))
            return true;
    if (l->heads_n == HEADS_MOST)
        return true;
    l->heads[l->heads_n++] = head;
    return seen_head_take(l->db, l->known, l->issuer, l->board, head, l->now, &is, err);
}

/* Open the box of a later letter: from the key that the other side told last, or from the week's key of the
 * card; to the own key of the conversation, or to that week's. */
static bool open_later(struct looking *l, const struct conversation *c, struct span box, struct buf *text,
                       bool *to_own)
{
    const uint8_t *from[] = {c->their_pk, c->box_pk};
    struct err none = {0};
    *to_own = true;
    if (c->side == MAILBOX_ASKER) {
        for (size_t i = 0; i < 2; i++, err_clear(&none))
            if (box_open(box, from[i], c->own_secret, text, &none))
                return true;
        return false;
    }
    if (box_open(box, c->their_pk, c->own_secret, text, &none))
        return true;
    *to_own = false;
    for (size_t i = 0; i < l->keys.n; i++, err_clear(&none))
        if (memcmp(l->keys.at[i].pk, c->box_pk, 32) == 0)
            return box_open(box, c->their_pk, l->keys.at[i].secret, text, &none);
    return false;
}

static bool keep_later(struct looking *l, struct slot *s, const struct mail *m, const struct letter *letter,
                       bool to_own, struct err *err)
{
    struct conversation *c = &l->all.at[s->of];
    s->used = true;
    memcpy(c->their_pk, letter->pk, 32);
    c->acked = c->acked || to_own;
    if (!c->over) /* what was ended here is not kept longer by whoever writes on */
        c->last = m->day > c->last ? m->day : c->last;
    l->news->letters++;
    if (!circle_heard(l->db, c->role, c->other, &letter->circle.meets, err))
        return false;
    return letter_put(l->db,
                      &(struct letter_row){.conversation = c->id,
                                           .n = s->n,
                                           .day = m->day,
                                           .text = letter->text,
                                           .ask = letter->has_ask ? letter->ask : NULL},
                      err) &&
           conversation_save(l->db, c, err) && look_head(l, letter->head, err);
}

static bool take_later(struct looking *l, struct slot *s, const struct mail *m, struct err *err)
{
    struct letter letter = {0};
    struct err odd = {0};
    bool to_own;
    AUTO_BUF struct buf box, text;
    buf_init(&box, BOX_LARGE);
    buf_init(&text, BOX_LARGE);
    if (!box_load(l, m, &box, err))
        return err->code == E_NONE;
    bool opened = open_later(l, &l->all.at[s->of], buf_span(&box), &text, &to_own) &&
                  letter_read(buf_span(&text), l->arena, &letter, &odd) && (int64_t)letter.n == s->n;
    if (text.p)
        secret_wipe(text.p, text.room);
    if (odd.code == E_MEMORY)
        return fail_memory(err);
    return !opened || keep_later(l, s, m, &letter, to_own, err);
}

static bool take_known(struct looking *l, struct slot *s, struct mail *m, struct err *err)
{
    m->done = true;
    if (s->used) /* a second letter to a used address */
        return true;
    if (!s->own)
        return take_later(l, s, m, err);
    s->used = true;
    struct conversation *c = &l->all.at[s->of];
    c->last = m->day > c->last ? m->day : c->last;
    return letter_published(l->db, c->id, s->n, m->day, err);
}

/* First letters ---------------------------------------------------------------------------------------- */
/* A conversation of a helper, whose own pair is new: the week's key is deleted soon. */
static bool begin(struct looking *l, const struct box_key *key, const struct mail *m,
                  const struct letter *letter, struct err *err)
{
    struct conversation *c = VEC_PUSH(l->arena, &l->all);
    if (!c)
        return fail_memory(err);
    *c = (struct conversation){.side = MAILBOX_HELPER,
                               .role = key->role,
                               .name = "",
                               .named = item_name(m->addr, letter->pk),
                               .began = m->day,
                               .last = m->day,
                               .came = 1,
                               .most = 1,
                               .waits = true};
    memcpy(c->k, letter->k, 32);
    memcpy(c->their_pk, letter->pk, 32);
    memcpy(c->box_pk, key->pk, 32);
    memcpy(c->other, letter->circle.by, 32);
    box_pair(c->own_pk, c->own_secret);
    l->waiting += !mailbox_in_circle(key->role);
    l->news->first++;
    l->news->letters++;
    l->again = true;
    return conversation_put(l->db, c, &c->id, err) &&
           letter_put(
               l->db,
               &(struct letter_row){.conversation = c->id, .n = 0, .day = m->day, .text = letter->text},
               err) &&
           add_coming(l, l->all.n - 1, err) && look_head(l, letter->head, err);
}

static bool take_first(struct looking *l, const struct box_key *key, struct mail *m, struct span text,
                       struct err *err)
{
    struct letter letter = {0};
    struct err odd = {0};
    bool fresh;
    m->done = true;
    if (!letter_read(text, l->arena, &letter, &odd) || letter.n != 0 || !letter.has_k)
        return odd.code != E_MEMORY || fail_memory(err);
    if (mailbox_in_circle(key->role)) {
        bool in;
        return circle_hears(l->db, l->known, key->role, &letter, m->day, &in, err) &&
               (!in ||
                (box_key_opened(l->db, key->pk, letter.k, &fresh, err) &&
                 (!fresh || (circle_heard(l->db, key->role, letter.circle.by, &letter.circle.meets, err) &&
                             begin(l, key, m, &letter, err)))));
    }
    if (l->waiting >= MAILBOX_WAITING || mailbox_with_counsellor(key->role)) /* only by taking a time */
        return true;
    return box_key_opened(l->db, key->pk, letter.k, &fresh, err) &&
           (!fresh || begin(l, key, m, &letter, err));
}

static bool try_keys(struct looking *l, struct mail *m, struct err *err)
{
    AUTO_BUF struct buf box, text;
    buf_init(&box, BOX_LARGE);
    buf_init(&text, BOX_LARGE);
    m->tried = true;
    if (l->keys.n == 0)
        return true;
    if (!box_load(l, m, &box, err))
        return err->code == E_NONE;
    bool ok = true, opened = false;
    for (size_t i = 0; ok && !opened && i < l->keys.n; i++) {
        struct err none = {0};
        opened = box_seal_open(buf_span(&box), l->keys.at[i].pk, l->keys.at[i].secret, &text, &none);
        if (none.code == E_MEMORY)
            return fail_memory(err);
        if (opened)
            ok = take_first(l, &l->keys.at[i], m, buf_span(&text), err);
    }
    if (text.p)
        secret_wipe(text.p, text.room);
    return ok;
}

/* All of it -------------------------------------------------------------------------------------------- */
static bool map_slots(struct looking *l, size_t from, struct map *map, struct err *err)
{
    for (size_t i = from; i < l->slots.n; i++) {
        int64_t *at = map_at(map, arena_span(l->arena, span_bytes(l->slots.at[i].addr, 16)));
        if (!at)
            return fail_memory(err);
        if (!*at)
            *at = (int64_t)i + 1;
    }
    return true;
}

static bool pass(struct looking *l, const struct map *map, struct err *err)
{
    for (size_t i = 0; i < l->mail.n; i++) {
        struct mail *m = &l->mail.at[i];
        if (m->done)
            continue;
        const int64_t *at = map_find(map, span_bytes(m->addr, 16));
        if (at ? !take_known(l, &l->slots.at[*at - 1], m, err) : !m->tried && !try_keys(l, m, err))
            return false;
    }
    return true;
}

static bool mail_save(struct looking *l, struct err *err)
{
    for (size_t i = 0; i < l->mail.n; i++) {
        const struct mail *m = &l->mail.at[i];
        if (m->done &&
            !db_run(l->db, err, "delete from mail where item = $1", V_BLOB(span_bytes(m->item, 16))))
            return false;
    }
    return db_run(l->db, err, "update mail set tried = 1 where tried = 0");
}

/* Within db_write. */
static bool look_work(struct db *db, void *arg, struct err *err)
{
    struct looking *l = arg;
    struct map map;
    size_t mapped = 0;
    (void)db;
    if (!mail_load(l, err) || !conversations_list(l->db, l->arena, -1, &l->all, err) ||
        !box_keys_list(l->db, l->arena, &l->keys, err) || !slots_load(l, err))
        return false;
    for (size_t i = 0; i < l->all.n; i++)
        l->waiting += l->all.at[i].waits && !mailbox_in_circle(l->all.at[i].role) &&
                      !mailbox_with_counsellor(l->all.at[i].role);
    map_init(&map, l->arena, SIZE_MAX / 4);
    do {
        l->again = false;
        if (!map_slots(l, mapped, &map, err))
            return false;
        mapped = l->slots.n;
        if (!pass(l, &map, err))
            return false;
    } while (l->again);
    return mail_save(l, err);
}

bool mailbox_clock(struct db *db, int64_t now, int64_t *out, struct err *err)
{
    int64_t at, ahead, least = now - (int64_t)MAILBOX_DAYS * SECONDS_OF_DAY;
    if (!fetched_last(db, &at, &ahead, err))
        return false;
    *out = at + ahead > least && at > 0 ? at + ahead : least;
    return true;
}

static bool take_all(struct db *db, const struct known *known, const struct history *issuer,
                     const struct history *board, int64_t now, struct mailbox_news *news, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct looking l = {
        .db = db, .known = known, .issuer = issuer, .board = board, .now = now, .arena = arena, .news = news};
    if (!arena)
        return fail_memory(err);
    bool done = db_write(db, look_work, &l, err);
    conversations_wipe(&l.all);
    box_keys_wipe(&l.keys);
    return done;
}

bool mailbox_tidy(struct db *db, int64_t now, int64_t *ended, struct err *err)
{
    int64_t lab_now, keys, in_use;
    if (!mailbox_clock(db, now, &lab_now, err) || !box_keys_end(db, lab_now, &keys, err) ||
        !mailbox_over(db, (day_t)(lab_now / SECONDS_OF_DAY), ended, err))
        return false;
    /* What was deleted is overwritten in the file; the journal still has it until it is emptied. */
    return (keys == 0 && *ended == 0) || db_is_writing(db) ||
           db_number(db, &in_use, 1, err, "pragma wal_checkpoint(truncate)");
}

bool mailbox_look(struct db *db, const struct known *known, const struct history *issuer,
                  const struct history *board, int64_t now, struct mailbox_news *out, struct err *err)
{
    int64_t some;
    *out = (struct mailbox_news){0};
    return gather(db, &some, err) && (!some || take_all(db, known, issuer, board, now, out, err)) &&
           seen_heads_again(db, known, issuer, board, now, err) && mailbox_tidy(db, now, &out->ended, err);
}
