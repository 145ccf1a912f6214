/* Redeeming a pass. The checks stand in the order of PROTOCOL section 4, which is by price and by what must
 * stay equal: the bytes' form, the key and its use, the nonce (a repeated act gets its first answer, also
 * when the window is over), the window, then RSA, then what the act says about pass and record.
 *
 * The row in `spent` is the only tie between a pass and an act; it holds the UTC day and no time. Tables are
 * without rowid and keyed by hashes, so that rows stand in no order of arrival. */
#include "anon/redeem.h"

#include "anon/lab.h"
#include "anon/pass_key.h"
#include "anon/placed.h"
#include "base/words.h"
#include "codec/plain.h"
#include "crypt/hash.h"
#include "crypt/secret.h"
#include "io/writer.h"

#include "base/banned.h"

enum { DAY = 86400, PROMISE_DAYS = 2 };

void redeem_clear(struct redeem *r)
{
    item_free(&r->item);
    secret_wipe(&r->token, sizeof r->token);
}

/* What the request says by itself ---------------------------------------------------------------------- */
static const struct history_key *key_of(const struct redeem_facts *facts, const struct token *token)
{
    const struct history_key *key = history_key(facts->issuer, token->key_id);
    return key && key->good && secret_eq(key->key.digest, token->digest, 32) ? key : NULL;
}

/* The act in a body whose form is good. A signature that is not is kept for later: a repeated act, a spent
 * pass or a window that is over is said before. */
static bool read_act(struct span bytes, struct item *item, bool *signed_well, struct problem *p,
                     struct err *err)
{
    *signed_well = item_read(bytes, item, p, err);
    if (*signed_well || p->type != PROBLEM_BAD_SIG)
        return *signed_well;
    *p = (struct problem){0};
    hash_sha256(bytes, item->c);
    return true;
}

/* An answer goes with the key of its own survey, everything else with a general one. */
static bool fits_use(const struct act *act, const struct item *item, const struct entry_key *key)
{
    uint8_t survey[16];
    if (!act->survey || !key->survey)
        return act->survey == key->survey;
    const json_t *named = json_object_get(item->act, "survey");
    struct span text = {json_string_value(named), json_string_length(named)};
    return text.p && item_hex_read(text, survey) && secret_eq(survey, key->id_of, sizeof survey);
}

static day_t promised(const struct redeem *r, day_t day)
{
    return r->act->survey ? (day_t)(r->spend_to / DAY) + 1 : day + PROMISE_DAYS;
}

static void is_again(struct redeem *r, day_t day)
{
    r->again = true;
    r->day = day;
    r->promised = promised(r, day);
}

/* Whether the pass is spent: for the same act, then it is `again`; for another, a problem. */
static bool look_up(struct db *db, struct redeem *r, struct problem *p, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    if (!db_query(db, &q, err, "select c, day from spent where nonce = $1",
                  V_BLOB(((struct span){(const char *)r->token.nonce, 32}))))
        return false;
    struct err inner = {0};
    if (!db_next(q, &inner))
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    if (!span_eq(db_text(q, 0), (struct span){(const char *)r->item.c, 32}))
        return problem(p, PROBLEM_PASS_SPENT, NULL);
    is_again(r, (day_t)db_int(q, 1));
    return true;
}

/* Every text of an act, however deep, is plain. */
static bool texts_plain(const json_t *v, bool *memory)
{
    struct err err = {0};
    const char *key;
    json_t *member;
    size_t i;
    if (json_is_string(v)) {
        bool ok = plain_ok((struct span){json_string_value(v), json_string_length(v)}, true, &err);
        *memory |= err.code == E_MEMORY;
        return ok;
    }
    bool ok = true;
    if (json_is_object(v))
        json_object_foreach((json_t *)(uintptr_t)v, key, member)
        {
            ok = ok && texts_plain(member, memory);
        }
    json_array_foreach(v, i, member)
    {
        ok = ok && texts_plain(member, memory);
    }
    return ok;
}

static bool same_record(const struct redeem_facts *facts, const struct entry_key *key,
                        const struct item *item)
{
    uint8_t head[32];
    day_t epoch = key->survey ? epoch_of(key->windows.spend_from) : key->epoch;
    return history_head(facts->issuer, facts->board, epoch, NULL, head) && secret_eq(head, item->head, 32);
}

/* Signature of the act, its pass, its record, its place, its words. */
static bool check_said(const struct redeem_facts *facts, const struct entry_key *key, struct redeem *r,
                       bool signed_well, struct problem *p, struct err *err)
{
    uint8_t pass[32];
    bool memory = false;
    if (!signed_well)
        return problem(p, PROBLEM_BAD_SIG, NULL);
    token_hash(&r->token, pass);
    if (!secret_eq(pass, r->item.pass, 32))
        return problem(p, PROBLEM_BAD_PASS, NULL);
    if (!same_record(facts, key, &r->item))
        return problem(p, PROBLEM_OTHER_HISTORY, NULL);
    if (!span_is(r->item.lab, facts->board_origin))
        return problem(p, PROBLEM_BAD_FIELD, "lab");
    if (texts_plain(r->item.act, &memory))
        return true;
    return memory ? fail_memory(err) : problem(p, PROBLEM_BAD_FIELD, "act");
}

bool redeem_check(struct app *app, const struct redeem_facts *facts, struct span pass, struct span body,
                  struct redeem *out, struct problem *p, struct err *err)
{
    struct span bytes;
    struct err none = {0};
    bool signed_well, good = false;
    if (!item_unpad(body, &bytes, p))
        return false;
    if (!token_read(pass, &out->token, &none))
        return problem(p, PROBLEM_BAD_PASS, NULL);
    const struct history_key *key = key_of(facts, &out->token);
    if (!key)
        return problem(p, PROBLEM_BAD_PASS, NULL);
    if (!read_act(bytes, &out->item, &signed_well, p, err))
        return false;
    out->act = act_find(app->rooms, out->item.kind);
    if (!out->act)
        return problem(p, PROBLEM_BAD_FIELD, "kind");
    if (!fits_use(out->act, &out->item, &key->key))
        return problem(p, PROBLEM_BAD_PASS, NULL);
    memcpy(out->key_id, out->token.key_id, sizeof out->key_id);
    out->spend_to = key->key.windows.spend_to;
    if (!look_up(app->db, out, p, err))
        return false;
    if (out->again)
        return true;
    if (app->now < key->key.windows.spend_from || app->now >= out->spend_to)
        return problem(p, PROBLEM_BAD_PASS, NULL);
    if (!pass_key_good(&key->key, &out->token, &good, err))
        return false;
    if (!good)
        return problem(p, PROBLEM_BAD_PASS, NULL);
    out->day = (day_t)(app->now / DAY);
    out->promised = promised(out, out->day);
    return check_said(facts, &key->key, out, signed_well, p, err);
}

/* The transaction -------------------------------------------------------------------------------------- */
struct work {
    struct app *app;
    struct redeem *r;
    struct problem *p;
};

bool spent_put(struct db *db, const uint8_t nonce[static 32], const uint8_t key_id[static 32],
               const uint8_t c[static 32], day_t day, struct err *err)
{
    return db_run(
        db, err, "insert into spent(nonce, key_id, c, day) values ($1, $2, $3, $4) on conflict do nothing",
        V_BLOB(span_bytes(nonce, 32)), V_BLOB(span_bytes(key_id, 32)), V_BLOB(span_bytes(c, 32)), V_INT(day));
}

/* The item that an act is about, or null. */
static struct val target_of(const struct redeem *r, uint8_t id[static 16])
{
    const json_t *target = json_object_get(r->item.act, "target");
    struct span text = {json_string_value(target), json_string_length(target)};
    return text.p && item_hex_read(text, id) ? V_BLOB(span_bytes(id, 16)) : V_NULL;
}

/* What the batch counts a leaf-only act under, or null. */
static struct val counted_under(const struct redeem *r, uint8_t id[static 16])
{
    return r->act->counted ? target_of(r, id) : V_NULL;
}

/* What is gone when this is published, or null: its room has looked that it is the writer's own. */
static struct val taken_back(const struct redeem *r, uint8_t id[static 16])
{
    return r->act->takes_back ? target_of(r, id) : V_NULL;
}

/* The thread that an item of the board stands in, or null: the one it names, or the one it begins. */
static struct val thread_of(const struct redeem *r, uint8_t id[static 16])
{
    const json_t *named = json_object_get(r->item.act, "thread");
    struct span text = {json_string_value(named), json_string_length(named)};
    if (r->act->leaf_only || !span_is(SPAN("board"), r->act->series))
        return V_NULL;
    if (span_is(r->item.kind, "thread"))
        memcpy(id, r->item.id, 16);
    else if (!text.p || !item_hex_read(text, id))
        return V_NULL;
    return V_BLOB(span_bytes(id, 16));
}

/* What takes back an act that is no item (a counsellor's time) is none either. */
static bool is_leaf_only(struct db *db, const struct redeem *r, bool *out, struct err *err)
{
    struct placed target;
    uint8_t id[16];
    bool there = true;
    if (r->act->takes_back && target_of(r, id).kind != VAL_NULL && !placed_find(db, id, &target, &there, err))
        return false;
    *out = r->act->leaf_only || !there;
    return true;
}

static bool wait_for_batch(struct db *db, const struct redeem *r, struct err *err)
{
    uint8_t token[TOKEN_SIZE], target[16], thread[16], takes[16];
    bool leaf_only;
    if (!is_leaf_only(db, r, &leaf_only, err))
        return false;
    token_write(&r->token, token);
    return db_run_later(
        db, err,
        "insert into waiting(id, series, c, item, thread, counted, token, key_id, day, takes) values "
        "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        V_BLOB(span_bytes(r->item.id, 16)), V_STR(r->act->series), V_BLOB(span_bytes(r->item.c, 32)),
        leaf_only ? V_NULL : V_TEXT(r->item.bytes), thread_of(r, thread), counted_under(r, target),
        V_BLOB(span_bytes(token, sizeof token)), V_BLOB(span_bytes(r->key_id, 32)), V_INT(r->day),
        leaf_only ? V_NULL : taken_back(r, takes));
}

/* Mark the pass as spent, unless it is, or unless the sum of its epoch is in the log by now: a request that
 * was looked at before and comes here after. */
static bool spend(struct db *db, const struct redeem *r, bool *fresh, struct err *err)
{
    if (!db_run(db, err,
                "insert into spent(nonce, key_id, c, day) select $1, $2, $3, $4 where not exists (select 1 "
                "from summed where key_id = $2) on conflict do nothing",
                V_BLOB(span_bytes(r->token.nonce, 32)), V_BLOB(span_bytes(r->key_id, 32)),
                V_BLOB(span_bytes(r->item.c, 32)), V_INT(r->day)))
        return false;
    *fresh = db_changed(db) == 1;
    return true;
}

static bool redeem_work(struct db *db, void *arg, struct err *err)
{
    struct work *w = arg;
    struct redeem *r = w->r;
    *w->p = (struct problem){0};
    bool fresh;
    if (!spend(db, r, &fresh, err))
        return false;
    if (!fresh)
        return look_up(db, r, w->p, err) && (r->again || problem(w->p, PROBLEM_BAD_PASS, NULL));
    return (!r->act->accept || r->act->accept(w->app, db, &r->item, w->p, err)) && wait_for_batch(db, r, err);
}

/* Two processes that write in one order do not wait for each other; 0 is left to who holds the log. */
static uint64_t order_of(const struct redeem *r)
{
    uint64_t order = 0;
    for (size_t i = 0; i < sizeof order; i++)
        order = order << 8 | r->token.nonce[i];
    return order ? order : 1;
}

bool redeem(struct app *app, struct redeem *r, struct problem *p, struct err *err)
{
    struct work work = {app, r, p};
    if (r->again)
        return true;
    if (app->lab && app->lab->writer)
        return writer_do_in(app->lab->writer, order_of(r), redeem_work, &work, err);
    return db_write(app->db, redeem_work, &work, err);
}
