/* Conversations and letters as rows, and their end. What is removed here leaves nothing behind: the row, what
 * waited in the outbox, the promise of the board; deleted pages are overwritten, and the journal is emptied.
 */
#include "speak/mailbox_rows.h"

#include "anon/outbox_db.h"
#include "base/words.h"
#include "crypt/secret.h"
#include "ui/word_list.h"

#include "base/banned.h"

enum { LATE_DAYS = 5 /* three tries on three days, and the batch */ };

bool mailbox_damaged(struct err *err)
{
    return fail(err, E_FORMAT,
                tr("err.letters.row", "What is kept here of letters is damaged. `respite "
                                      "restore` puts a backup back."));
}

static bool copy(struct stmt *q, int column, void *to, size_t n, struct err *err)
{
    struct span bytes = db_text(q, column);
    if (bytes.n != n)
        return mailbox_damaged(err);
    memcpy(to, bytes.p, n);
    return true;
}

bool mailbox_in_circle(const char *role)
{
    return span_starts(span_of(role), SPAN("circle:"));
}

bool mailbox_with_counsellor(const char *role)
{
    return strcmp(role, MAILBOX_COUNSELLOR) == 0;
}

/* Conversations ---------------------------------------------------------------------------------------- */
static bool read_keys(struct stmt *q, struct conversation *c, struct err *err)
{
    return (db_is_null(q, 3) || copy(q, 3, c->other, 32, err)) && copy(q, 6, c->k, 32, err) &&
           copy(q, 7, c->own_pk, 32, err) && copy(q, 8, c->own_secret, 32, err) &&
           copy(q, 9, c->their_pk, 32, err) && copy(q, 10, c->box_pk, 32, err);
}

static bool read_row(struct stmt *q, struct arena *arena, struct conversation *c, struct err *err)
{
    c->id = db_int(q, 0);
    c->side = db_int(q, 1) == MAILBOX_ASKER ? MAILBOX_ASKER : MAILBOX_HELPER;
    c->role = arena_text(arena, db_text(q, 2));
    c->name = arena_text(arena, db_text(q, 4));
    c->named = (uint8_t)db_int(q, 5);
    c->acked = db_int(q, 11) != 0;
    c->next = db_int(q, 12);
    c->began = (day_t)db_int(q, 13);
    c->last = (day_t)db_int(q, 14);
    c->over = db_int(q, 15) != 0;
    c->came = db_int(q, 16);
    c->most = db_int(q, 17);
    c->keep = (day_t)db_int(q, 18);
    c->waits = c->side == MAILBOX_HELPER && c->next == 0;
    c->silent = c->role && mailbox_with_counsellor(c->role) && c->came == 0 &&
                c->next == (c->side == MAILBOX_ASKER ? 1 : 0);
    return c->role && c->name ? read_keys(q, c, err) : fail_memory(err);
}

bool conversations_list(struct db *db, struct arena *arena, int64_t id, struct conversations *out,
                        struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err,
                  "select id, side, role, other, name, named, k, own_pk, own_secret, their_pk, box_pk, "
                  "acked, next, began, last, over, (select count(*) from letter where conversation = c.id "
                  "and own = 0), coalesce((select max(n) + 1 from letter where conversation = c.id and own = "
                  "0), 0), keep from conversation c where $1 < 0 or id = $1 order by last desc, id desc",
                  V_INT(id)))
        return false;
    while (db_next(q, &inner)) {
        struct conversation *c = VEC_PUSH(arena, out);
        if (!c)
            return fail_memory(err);
        if (!read_row(q, arena, c, err))
            return false;
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

void conversations_wipe(struct conversations *all)
{
    for (size_t i = 0; i < all->n; i++) {
        secret_wipe(all->at[i].k, sizeof all->at[i].k);
        secret_wipe(all->at[i].own_secret, sizeof all->at[i].own_secret);
    }
}

const char *conversation_name(struct arena *arena, const struct conversation *c)
{
    if (c->side == MAILBOX_ASKER)
        return c->name;
    const char *name = arena_text(arena, name_word(words_lang(), c->named));
    return name ? name : "";
}

bool conversations_busy(struct db *db, const char *role, int64_t *n, struct err *err)
{
    return db_number(
        db, n, 0, err,
        "select count(*) from conversation where side = $1 and role = $2 and next > 0 and over = "
        "0",
        V_INT(MAILBOX_HELPER), V_STR(role));
}

bool conversation_put(struct db *db, const struct conversation *c, int64_t *id, struct err *err)
{
    return db_run(db, err,
                  "insert into conversation(side, role, other, name, named, k, own_pk, own_secret, their_pk, "
                  "box_pk, acked, next, began, last, over) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
                  "0, $11, $12, $12, 0)",
                  V_INT(c->side), V_STR(c->role),
                  c->side == MAILBOX_ASKER || mailbox_in_circle(c->role) ? V_BLOB(span_bytes(c->other, 32))
                                                                         : V_NULL,
                  V_STR(c->name), V_INT(c->named), V_BLOB(span_bytes(c->k, 32)),
                  V_BLOB(span_bytes(c->own_pk, 32)), V_BLOB(span_bytes(c->own_secret, 32)),
                  V_BLOB(span_bytes(c->their_pk, 32)), V_BLOB(span_bytes(c->box_pk, 32)), V_INT(c->next),
                  V_INT(c->began)) &&
           db_number(db, id, 0, err, "select id from conversation where k = $1",
                     V_BLOB(span_bytes(c->k, 32)));
}

/* The keys are the ones in the box of the time, so a second look at that box begins nothing. */
bool mailbox_counsel(struct db *db, struct conversation *c, bool *fresh, struct err *err)
{
    int64_t n;
    struct val k = V_BLOB(span_bytes(c->k, 32));
    if (!db_number(db, &n, 0, err, "select count(*) from conversation where k = $1", k))
        return false;
    *fresh = n == 0;
    if (!*fresh)
        return db_number(db, &c->id, 0, err, "select id from conversation where k = $1", k);
    c->role = MAILBOX_COUNSELLOR;
    c->next = c->side == MAILBOX_ASKER ? 1 : 0;
    c->last = c->began;
    return conversation_put(db, c, &c->id, err) &&
           db_run(db, err, "update conversation set keep = $2 where id = $1", V_INT(c->id), V_INT(c->keep));
}

bool mailbox_counsel_end(struct db *db, int64_t conversation, bool for_good, struct err *err)
{
    int64_t letters;
    if (!db_number(db, &letters, 0, err, "select count(*) from letter where conversation = $1",
                   V_INT(conversation)))
        return false;
    return letters == 0 && for_good
               ? conversation_drop(db, conversation, err)
               : db_run(db, err, "update conversation set over = 1 where id = $1", V_INT(conversation));
}

bool mailbox_counsel_open(struct db *db, int64_t conversation, struct err *err)
{
    return db_run(db, err, "update conversation set over = 0 where id = $1", V_INT(conversation));
}

bool conversation_save(struct db *db, const struct conversation *c, struct err *err)
{
    return db_run(db, err,
                  "update conversation set next = $2, their_pk = $3, acked = $4, last = $5, over = $6 where "
                  "id = $1",
                  V_INT(c->id), V_INT(c->next), V_BLOB(span_bytes(c->their_pk, 32)), V_INT(c->acked),
                  V_INT(c->last), V_INT(c->over));
}

/* Letters ---------------------------------------------------------------------------------------------- */
bool letter_put(struct db *db, const struct letter_row *r, struct err *err)
{
    return db_run(
        db, err,
        "insert into letter(conversation, own, n, day, text, ask, addr, outbox, seq) values ($1, $2, "
        "$3, $4, $5, $6, $7, $8, (select coalesce(max(seq), 0) + 1 from letter where conversation = "
        "$1))",
        V_INT(r->conversation), V_INT(r->own), V_INT(r->n), V_INT(r->day), V_TEXT(r->text),
        r->ask ? V_BLOB(span_bytes(r->ask, 32)) : V_NULL, r->addr ? V_BLOB(span_bytes(r->addr, 16)) : V_NULL,
        r->own ? V_INT(r->outbox) : V_NULL);
}

bool letters_sent(struct db *db, struct arena *arena, struct letters_sent *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err,
                  "select conversation, n, addr from letter where own = 1 and day = 0 and addr is not null"))
        return false;
    while (db_next(q, &inner)) {
        struct letter_sent *s = VEC_PUSH(arena, out);
        if (!s)
            return fail_memory(err);
        s->conversation = db_int(q, 0);
        s->n = db_int(q, 1);
        if (!copy(q, 2, s->addr, 16, err))
            return false;
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

bool letter_published(struct db *db, int64_t conversation, int64_t n, day_t day, struct err *err)
{
    return db_run(db, err,
                  "update letter set day = $3, addr = null where conversation = $1 and own = 1 and n = $2",
                  V_INT(conversation), V_INT(n), V_INT(day)) &&
           db_run(db, err, "update conversation set last = max(last, $2) where id = $1", V_INT(conversation),
                  V_INT(day));
}

bool letters_came(struct db *db, struct arena *arena, int64_t conversation, struct letter_numbers *out,
                  struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err, "select n from letter where conversation = $1 and own = 0 order by n",
                  V_INT(conversation)))
        return false;
    while (db_next(q, &inner)) {
        int64_t *n = VEC_PUSH(arena, out);
        if (!n)
            return fail_memory(err);
        *n = db_int(q, 0);
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

static bool read_letter(struct stmt *q, struct arena *arena, struct letter_kept *l, struct err *err)
{
    l->own = db_int(q, 0) != 0;
    l->n = db_int(q, 1);
    l->day = (day_t)db_int(q, 2);
    l->text = arena_span(arena, db_text(q, 3));
    l->asks = !db_is_null(q, 4);
    l->told = db_int(q, 5) != 0;
    l->outbox = db_int(q, 6);
    if (!l->text.p)
        return fail_memory(err);
    return !l->asks || copy(q, 4, l->ask, 32, err);
}

bool letters_list(struct db *db, struct arena *arena, int64_t conversation, day_t today,
                  struct letters_kept *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    int64_t next[2] = {0, 0};
    /* To a counsellor: the words with the time were the first. */
    if (!db_number(db, &next[0], 0, err,
                   "select count(*) from conversation where id = $1 and side = $2 and role = $3",
                   V_INT(conversation), V_INT(MAILBOX_HELPER), V_STR(MAILBOX_COUNSELLOR)) ||
        !db_query(db, &q, err,
                  "select own, n, day, text, ask, told, outbox from letter where conversation = $1 order by "
                  "seq",
                  V_INT(conversation)))
        return false;
    while (db_next(q, &inner)) {
        struct letter_kept *l = VEC_PUSH(arena, out);
        if (!l)
            return fail_memory(err);
        if (!read_letter(q, arena, l, err))
            return false;
        l->gap = !l->own && l->n > next[0];
        l->late = l->gap && l->day + LATE_DAYS < today;
        if (l->n >= next[l->own])
            next[l->own] = l->n + 1;
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

bool mailbox_told(struct db *db, int64_t conversation, int64_t n, struct err *err)
{
    return db_run(db, err, "update letter set told = 1 where conversation = $1 and own = 0 and n = $2",
                  V_INT(conversation), V_INT(n));
}

bool mailbox_resent(struct db *db, int64_t conversation, int64_t n, int64_t outbox, struct err *err)
{
    return db_run(db, err, "update letter set outbox = $3 where conversation = $1 and own = 1 and n = $2",
                  V_INT(conversation), V_INT(n), V_INT(outbox));
}

/* Ends ------------------------------------------------------------------------------------------------- */
struct numbers {
    int64_t *at;
    size_t n, room;
};

static bool gather(struct stmt *q, struct arena *arena, struct numbers *out, struct err *err)
{
    struct err inner = {0};
    while (db_next(q, &inner)) {
        int64_t *n = VEC_PUSH(arena, out);
        if (!n)
            return fail_memory(err);
        *n = db_int(q, 0);
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

bool conversation_drop(struct db *db, int64_t id, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct arena *AUTO_ARENA arena = arena_new();
    struct numbers acts = {0};
    bool there;
    if (!arena)
        return fail_memory(err);
    if (!db_query(db, &q, err, "select outbox from letter where conversation = $1 and own = 1", V_INT(id)) ||
        !gather(q, arena, &acts, err))
        return false;
    for (size_t i = 0; i < acts.n; i++)
        if (!outbox_cancel(db, acts.at[i], &there, err) || !outbox_forget(db, acts.at[i], err))
            return false;
    return db_run(db, err, "delete from letter where conversation = $1", V_INT(id)) &&
           db_run(db, err, "delete from conversation where id = $1", V_INT(id));
}

struct ending {
    day_t today;
    int64_t n;
};

/* Silent for so long, and nothing of it is on its way. */
static bool over_work(struct db *db, void *arg, struct err *err)
{
    struct ending *e = arg;
    AUTO_STMT struct stmt *q = NULL;
    struct arena *AUTO_ARENA arena = arena_new();
    struct numbers all = {0};
    if (!arena)
        return fail_memory(err);
    if (!db_query(db, &q, err,
                  "select id from conversation where last < $1 and keep < $1 and not exists (select 1 from "
                  "letter l join "
                  "outbox o on o.id = l.outbox where l.conversation = conversation.id and l.own = 1 and "
                  "(o.state < 2 or (o.state = 2 and l.day = 0 and o.last_try >= $1 * 86400)))",
                  V_INT(e->today - MAILBOX_DAYS)) ||
        !gather(q, arena, &all, err))
        return false;
    for (size_t i = 0; i < all.n; i++)
        if (!conversation_drop(db, all.at[i], err))
            return false;
    e->n = (int64_t)all.n;
    return db_run(db, err, "delete from mail where day < $1", V_INT(e->today - MAILBOX_DAYS));
}

bool mailbox_over(struct db *db, day_t today, int64_t *n, struct err *err)
{
    struct ending e = {.today = today};
    if (!db_write(db, over_work, &e, err))
        return false;
    *n = e.n;
    return true;
}

bool mailbox_end(struct db *db, int64_t conversation, bool *there, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct conversations one = {0};
    if (!arena)
        return fail_memory(err);
    if (!conversations_list(db, arena, conversation, &one, err))
        return false;
    *there = one.n == 1 && !one.at->over;
    bool waits = *there && one.at->waits;
    conversations_wipe(&one);
    if (waits)
        return conversation_drop(db, conversation, err);
    return !*there || db_run(db, err, "update conversation set over = 1 where id = $1", V_INT(conversation));
}

bool mailbox_forget(struct db *db, struct err *err)
{
    return db_run(db, err, "delete from conversation") && db_run(db, err, "delete from letter") &&
           db_run(db, err, "delete from mail") && db_run(db, err, "delete from box_key") &&
           db_run(db, err, "delete from opened");
}

bool mailbox_copied(struct db *copy, struct err *err)
{
    return mailbox_forget(copy, err) && outbox_drop_kind(copy, "letter", err);
}
