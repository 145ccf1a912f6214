/* Passes, fetched and kept. A request for passes stands on the disk before it leaves, with what is needed to
 * finish it: after a crash the same body goes out and the same answer comes back. The bytes that leave do not
 * depend on whether anything was ever spent. */
#include "anon/wallet.h"

#include <stdio.h>

#include "anon/crowd.h"
#include "anon/guest.h"
#include "anon/outbox_db.h"
#include "anon/send_named.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/note_sig.h"
#include "crypt/brsa.h"
#include "crypt/rand.h"
#include "crypt/secret.h"
#include "crypt/sign.h"

#include "base/banned.h"

#define ONE_REQUEST "application/private-token-request"
#define ONE_RESPONSE "application/private-token-response"
#define ALL_REQUEST "application/private-token-generic-batch-request"
#define ALL_RESPONSE "application/private-token-generic-batch-response"

enum { BODY_MOST = 32 * 1024, MARGIN = 15 * 60, CLOCKS = 5 * 60, ITEM = 32 + TOKEN_SIG };

/* Making the request ------------------------------------------------------------------------------------ */
struct withdrawal {
    struct db *db;
    const struct known *known;
    const struct history_key *key;
    struct arena *arena;
    struct brsa_public *public;
    size_t n;
    int64_t now;
    struct span body, pending; /* pending: n times nonce and the factor's inverse */
    struct token *token;       /* finished */
    bool done;
};

static bool public_key(const struct history_key *key, struct brsa_public **out, struct err *err)
{
    uint8_t n[SPKI_MODULUS];
    return (spki_read(span_bytes(key->key.spki, SPKI_SIZE), n) &&
            brsa_public_new(span_bytes(n, sizeof n), BRSA_SALT, out, err)) ||
           fail(err, E_REFUSED,
                tr("err.wallet.key", "The key for this week's passes is not sound, so none were asked for."));
}

static void token_begin(const struct history_key *key, const uint8_t nonce[static 32], struct token *out)
{
    *out = (struct token){0};
    memcpy(out->nonce, nonce, 32);
    memcpy(out->digest, key->key.digest, 32);
    memcpy(out->key_id, key->key.key_id, 32);
}

static bool blind_all(struct withdrawal *w, struct brsa_item *item, uint8_t *pending, struct err *err)
{
    for (size_t i = 0; i < w->n; i++) {
        struct token token;
        uint8_t nonce[32], *input = arena_get(w->arena, TOKEN_INPUT);
        if (!input)
            return fail_memory(err);
        rand_bytes(nonce, sizeof nonce);
        token_begin(w->key, nonce, &token);
        token_input(&token, input);
        item[i].msg = span_bytes(input, TOKEN_INPUT);
        memcpy(pending + i * ITEM, nonce, 32);
        if (!brsa_draw(w->public, &item[i], err))
            return false;
    }
    if (!brsa_blind(w->public, item, w->n, err))
        return false;
    for (size_t i = 0; i < w->n; i++)
        memcpy(pending + i * ITEM + 32, item[i].inv, TOKEN_SIG);
    return true;
}

static bool write_body(struct withdrawal *w, const struct brsa_item *item, struct buf *out, struct err *err)
{
    struct token_request request[PASSES];
    uint8_t one[TOKEN_REQUEST], byte = w->key->key.key_id[31];
    if (w->n == 1) {
        token_request_write(byte, item[0].blinded, one);
        buf_add(out, span_bytes(one, sizeof one));
        return buf_ok(out, err);
    }
    for (size_t i = 0; i < w->n; i++)
        request[i] = (struct token_request){byte, span_bytes(item[i].blinded, TOKEN_SIG)};
    batch_request_write(request, w->n, out);
    return buf_ok(out, err);
}

static bool make_request(struct withdrawal *w, struct err *err)
{
    AUTO_BUF struct buf body;
    struct brsa_item *item = arena_array(w->arena, w->n, sizeof *item);
    uint8_t *pending = arena_array(w->arena, w->n, ITEM);
    buf_init(&body, BODY_MOST);
    if (!item || !pending)
        return fail_memory(err);
    bool done = blind_all(w, item, pending, err) && write_body(w, item, &body, err);
    secret_wipe(item, w->n * sizeof *item);
    done = done &&
           db_run(w->db, err,
                  "insert into withdrawal(key_id, epoch, survey, n, body, pending) values ($1, $2, $3, $4, "
                  "$5, $6) on conflict(key_id) do nothing",
                  V_BLOB(span_bytes(w->key->key.key_id, 32)),
                  V_INT(w->key->key.survey ? 0 : w->key->key.epoch), V_INT(w->key->key.survey),
                  V_INT((int64_t)w->n), V_BLOB(buf_span(&body)), V_BLOB(span_bytes(pending, w->n * ITEM)));
    secret_wipe(pending, w->n * ITEM);
    return done;
}

/* The request that is on its way, or done; *there is false when there is none yet. */
static bool load_request(struct withdrawal *w, bool *there, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    *there = false;
    if (!db_query(w->db, &q, err, "select n, body, pending, at from withdrawal where key_id = $1",
                  V_BLOB(span_bytes(w->key->key.key_id, 32))))
        return false;
    if (!db_next(q, &mine))
        return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
    *there = true;
    w->done = db_int(q, 3) != 0;
    if (w->done)
        return true;
    w->n = (size_t)db_int(q, 0);
    w->body = arena_span(w->arena, db_text(q, 1));
    w->pending = arena_span(w->arena, db_text(q, 2));
    if (!w->body.p || !w->pending.p)
        return fail_memory(err);
    return (w->n >= 1 && w->n <= PASSES && w->pending.n == w->n * ITEM) ||
           fail(err, E_FORMAT,
                tr("err.wallet.kept", "What is kept here of a request for passes is not whole."));
}

/* Finishing it ------------------------------------------------------------------------------------------ */
static bool finish_all(struct withdrawal *w, struct span answer, struct err *err)
{
    struct span sig[PASSES];
    w->token = arena_array(w->arena, w->n, sizeof *w->token);
    if (!w->token)
        return fail_memory(err);
    if (w->n == 1)
        sig[0] = answer;
    else if (!batch_response_read(answer, w->n, sig, err))
        return false;
    for (size_t i = 0; i < w->n; i++) {
        const uint8_t *kept = (const uint8_t *)w->pending.p + i * ITEM;
        uint8_t input[TOKEN_INPUT];
        token_begin(w->key, kept, &w->token[i]);
        token_input(&w->token[i], input);
        if (!brsa_finalize(w->public, span_bytes(input, sizeof input), kept + 32, sig[i], w->token[i].sig,
                           err))
            return false;
    }
    return true;
}

/* Of two processes that finish the same request one keeps the passes: else the other would bring back one
 * that was taken in between. */
static bool keep_work(struct db *db, void *arg, struct err *err)
{
    struct withdrawal *w = arg;
    uint8_t bytes[TOKEN_SIZE];
    bool done = db_run(
        db, err, "update withdrawal set at = $2, body = null, pending = null where key_id = $1 and at = 0",
        V_BLOB(span_bytes(w->key->key.key_id, 32)), V_INT(w->now));
    if (!done || db_changed(db) == 0)
        return done;
    for (size_t i = 0; done && i < w->n; i++) {
        token_write(&w->token[i], bytes);
        done = db_run(db, err, "insert into pass(nonce, key_id, token) values ($1, $2, $3)",
                      V_BLOB(span_bytes(w->token[i].nonce, 32)), V_BLOB(span_bytes(w->token[i].key_id, 32)),
                      V_BLOB(span_bytes(bytes, sizeof bytes)));
    }
    secret_wipe(bytes, sizeof bytes);
    return done;
}

/* Passes that the issuer did not sign as it should are thrown away, and that is remembered. */
static bool throw_away(struct withdrawal *w, struct span answer, struct err *err)
{
    const char *text =
        tr("err.wallet.signature", "The lab's answer to the request for passes holds a signature that is "
                                   "none. The passes were thrown away.");
    return finding_keep(w->db, w->now, text, span_first(answer, 4096), err) &&
           fail(err, E_REFUSED, "%s", text);
}

static bool key_lost(const struct history_key *key, struct err *err)
{
    char week[16];
    return fail(err, E_REFUSED,
                tr("err.wallet.lost",
                   "The lab has no key any more for the passes of %s; it lost it with its data. Passes that "
                   "are here stay good, and the next ones come with the next key in its record."),
                key->key.survey ? tr("anon.h_survey", "a survey") : epoch_text(key->key.epoch, week));
}

static bool refused(int status, struct err *err)
{
    if (status == 401)
        return fail(err, E_REFUSED,
                    tr("err.wallet.401",
                       "The lab does not know this computer as a member any more. Ask those "
                       "who run it for a new invitation."));
    if (status == 403)
        return fail(err, E_REFUSED, tr("err.wallet.403", "The lab has no passes of this kind for you yet."));
    if (status == 409)
        return fail(err, E_REFUSED,
                    tr("err.wallet.409", "The lab says that this week's passes were collected before, by "
                                         "another request. The next ones come next week."));
    return fail(err, E_SYSTEM,
                tr("err.wallet.status",
                   "The lab did not give passes (%d). Respite asks again at the next drawn "
                   "moment."),
                status);
}

static bool ask(struct withdrawal *w, struct err *err)
{
    struct httpc_answer answer = {0};
    struct err why = {0};
    bool one = w->n == 1 && w->body.n == TOKEN_REQUEST;
    struct guest_wish wish = {.what = GUEST_WANTS_PASSES, .request = w->body, .now = w->now};
    if (w->known->guest
            ? !guest_send(w->db, w->known, &wish, &answer, err)
            : !named_send(w->db, w->known, "POST", "/token-request", one ? ONE_REQUEST : ALL_REQUEST,
                          one ? ONE_RESPONSE : ALL_RESPONSE, w->body, &answer, err))
        return false;
    bool closed =
        answer.status == 409 && span_find(buf_span(&answer.body), SPAN("urn:respite:error:closed")) >= 0;
    bool done = answer.status == 200 || (closed ? key_lost(w->key, err) : refused(answer.status, err));
    if (done && !finish_all(w, buf_span(&answer.body), &why))
        done = why.code == E_MEMORY ? fail_memory(err) : throw_away(w, buf_span(&answer.body), err);
    buf_clear(&answer.body);
    /* Lists say who held passes by the lab's clock: its time counts here too, when ours agrees with it. */
    if (answer.date > w->now - CLOCKS && answer.date < w->now + CLOCKS)
        w->now = answer.date;
    done = done && db_write(w->db, keep_work, w, err);
    if (w->token)
        secret_wipe(w->token, w->n * sizeof *w->token);
    return done;
}

static bool may_ask(const struct history *issuer, const struct history_key *key, int64_t now, struct err *err)
{
    if (history_key(issuer, key->key.key_id) != key)
        return fail(err, E_REFUSED,
                    tr("err.wallet.not_logged",
                       "This key for passes does not stand in the lab's record, so none "
                       "were asked for."));
    if (!key->good)
        return fail(err, E_REFUSED,
                    tr("err.wallet.not_good",
                       "This key for passes breaks the rules of the record, so none were "
                       "asked for."));
    return (now >= key->key.windows.issue_from && now < key->key.windows.issue_to) ||
           fail(err, E_REFUSED,
                tr("err.wallet.window", "Passes of this key are not given out at this time."));
}

bool wallet_withdraw(struct db *db, const struct known *known, const struct history *issuer,
                     const struct history_key *key, int64_t now, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    const struct entry_rules *rules = history_rules(issuer, key->key.epoch);
    struct withdrawal w = {.db = db, .known = known, .key = key, .arena = arena, .now = now};
    bool there;
    if (!arena)
        return fail_memory(err);
    w.n = key->key.survey || !rules ? 1 : (size_t)rules->quota;
    if (!load_request(&w, &there, err))
        return false;
    if (w.done)
        return true;
    if (!may_ask(issuer, key, now, err) || !public_key(key, &w.public, err))
        return false;
    if (w.n < 1 || w.n > PASSES) {
        brsa_public_free(w.public);
        return fail(err, E_LIMIT,
                    tr("err.wallet.quota", "The lab's rules give more passes than a request can hold."));
    }
    /* What is sent is what is kept: of two processes that make one at once, both send the first. */
    bool done = (there || (make_request(&w, err) && load_request(&w, &there, err))) &&
                (w.done || (there && ask(&w, err)));
    brsa_public_free(w.public);
    if (w.pending.p)
        secret_wipe((void *)(uintptr_t)w.pending.p, w.pending.n);
    return done;
}

/* The lab said at the joining that they begin later, since somebody of this name left and had them; at most
 * the two epochs of which there can be any. Then none are asked for. */
static bool is_before_us(const struct known *known, const struct history_key *key, int64_t now)
{
    return !key->key.survey && key->key.epoch < known->passes &&
           known->passes <= epoch_of(now) + 2 * EPOCH_NEXT;
}

bool wallet_collect(struct db *db, const struct known *known, const struct history *issuer, int64_t now,
                    struct err *err)
{
    struct err first = {0};
    for (size_t i = 0; i < issuer->keys.n; i++) {
        const struct history_key *key = &issuer->keys.at[i];
        struct err why = {0};
        if (!key->good || now < key->key.windows.issue_from || now >= key->key.windows.issue_to ||
            is_before_us(known, key, now) || (known->guest && key->key.survey))
            continue;
        if (!wallet_withdraw(db, known, issuer, key, now, &why) && !first.code &&
            (why.code != E_REFUSED || !key->key.survey)) /* a survey of another group */
            first = why;
    }
    return !first.code || fail(err, first.code, "%s", first.text);
}

/* The crowd key ----------------------------------------------------------------------------------------- */
static bool read_crowd(struct span body, const struct history_key *key, uint8_t out[static 32],
                       struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    uint8_t hash[32];
    if (!json_read(body, 4096, "crowd", &o, err) || !canon_b64(o, "crowd", out, 32, err))
        return false;
    crowd_hash(out, hash);
    return secret_eq(hash, key->key.crowd, 32) ||
           fail(err, E_REFUSED,
                tr("err.wallet.crowd", "The lab gave this computer another key for reading than its record "
                                       "names for everybody. It was not used."));
}

static bool fetch_crowd(struct db *db, const struct known *known, const struct history_key *key, int64_t now,
                        struct err *err)
{
    struct httpc_answer answer = {0};
    char path[48], text[16];
    uint8_t crowd[32];
    struct err why = {0};
    snprintf(path, sizeof path, "/v1/epochs/%s", epoch_text(key->key.epoch, text));
    if (!named_send(db, known, "GET", path, NULL, "application/json", (struct span){0}, &answer, err))
        return false;
    bool done =
        answer.status == 200 || (answer.status == 404 ? key_lost(key, err) : refused(answer.status, err));
    if (done && !read_crowd(buf_span(&answer.body), key, crowd, &why))
        done = why.code == E_REFUSED ? finding_keep(db, now, why.text, (struct span){0}, err) &&
                                           fail(err, E_REFUSED, "%s", why.text)
                                     : fail(err, why.code, "%s", why.text);
    buf_clear(&answer.body);
    done = done && db_run(db, err, "insert into crowd(epoch, key) values ($1, $2) on conflict do nothing",
                          V_INT(key->key.epoch), V_BLOB(span_bytes(crowd, 32)));
    secret_wipe(crowd, sizeof crowd);
    return done;
}

bool wallet_crowd(struct db *db, const struct known *known, const struct history *issuer, int64_t now,
                  struct err *err)
{
    struct err first = {0};
    for (int i = 0; i < 2; i++) {
        day_t epoch = epoch_of(now) + (day_t)i * EPOCH_NEXT;
        const struct history_key *key = history_general(issuer, epoch);
        struct err why = {0};
        int64_t have;
        if (!db_number(db, &have, 0, err, "select count(*) from crowd where epoch = $1", V_INT(epoch)))
            return false;
        if (key && !have && !fetch_crowd(db, known, key, now, &why) && !first.code)
            first = why;
    }
    return !first.code || fail(err, first.code, "%s", first.text);
}

/* Taking one -------------------------------------------------------------------------------------------- */
static bool take_of(struct db *db, const struct history_key *key, struct token *out, bool *found,
                    struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    uint8_t nonce[32];
    *found = false;
    if (!db_query(db, &q, err, "select nonce, token from pass where key_id = $1 order by nonce limit 1",
                  V_BLOB(span_bytes(key->key.key_id, 32))))
        return false;
    if (!db_next(q, &mine))
        return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
    if (db_text(q, 0).n != 32 || !token_read(db_text(q, 1), out, err))
        return err->code == E_NONE
                   ? fail(err, E_FORMAT, tr("err.wallet.pass", "A pass that is kept here is not whole."))
                   : false;
    memcpy(nonce, db_text(q, 0).p, 32);
    *found = true;
    return db_run(db, err, "delete from pass where nonce = $1", V_BLOB(span_bytes(nonce, 32)));
}

bool wallet_take(struct db *db, const struct history *issuer, int64_t now, struct token *out, day_t *epoch,
                 struct err *err)
{
    for (int back = 0; back < 2; back++) {
        day_t e = epoch_of(now) - (day_t)back * EPOCH_NEXT;
        const struct history_key *key = history_general(issuer, e);
        bool found;
        if (!key || now < key->key.windows.spend_from + MARGIN || now >= key->key.windows.spend_to - MARGIN)
            continue;
        if (!take_of(db, key, out, &found, err))
            return false;
        if (found) {
            *epoch = e;
            return true;
        }
    }
    return fail(err, E_MISSING,
                tr("err.wallet.none", "This computer has no pass left that can be used now."));
}

bool wallet_count(struct db *db, const struct history *issuer, day_t epoch, int64_t *n, int64_t *fetched_at,
                  struct err *err)
{
    const struct history_key *key = history_general(issuer, epoch);
    *n = *fetched_at = 0;
    if (!key)
        return true;
    struct span id = span_bytes(key->key.key_id, 32);
    return db_number(db, n, 0, err, "select count(*) from pass where key_id = $1", V_BLOB(id)) &&
           db_number(db, fetched_at, 0, err, "select at from withdrawal where key_id = $1", V_BLOB(id));
}

bool wallet_drop_all(struct db *db, struct err *err)
{
    return db_run(db, err, "delete from pass") &&
           db_run(
               db, err,
               "update withdrawal set body = null, pending = null, at = case at when 0 then 1 else at end");
}

bool wallet_drop_over(struct db *db, const struct history *issuer, int64_t now, struct err *err)
{
    for (size_t i = 0; i < issuer->keys.n; i++) {
        const struct history_key *key = &issuer->keys.at[i];
        if (now < key->key.windows.spend_to)
            continue;
        if (!db_run(db, err, "delete from pass where key_id = $1", V_BLOB(span_bytes(key->key.key_id, 32))))
            return false;
    }
    return db_run(db, err, "delete from crowd where epoch < $1", V_INT(epoch_of(now) - 2 * EPOCH_NEXT));
}

/* Cosigning --------------------------------------------------------------------------------------------- */
/* The time in it is the beginning of the week, for every member: the lines are published, and the moment of
 * signing would say when this computer was on. */
static bool cosign_line(const struct known *known, const char *origin, struct span head, day_t epoch,
                        struct buf *line, struct err *err)
{
    uint64_t at = (uint64_t)epoch_start(epoch);
    struct sign_key key;
    struct note_sig_key by = {.kind = NOTE_SIG_COSIGNS};
    uint8_t sig[64];
    char name[300];
    AUTO_BUF struct buf message;
    (void)origin;
    buf_init(&message, NOTE_SIG_MOST);
    sign_key_init(&key, known->witness);
    wallet_witness_name(known->issuer_log, known->witness, name, sizeof name);
    by.name = span_of(name);
    sign_public(&key, by.pk);
    sign_key_id(by.name, NOTE_SIG_COSIGNS, by.pk, by.id);
    note_sig_cosigned(&message, at, head);
    if (!buf_ok(&message, err))
        return false;
    sign(&key, buf_span(&message), sig);
    secret_wipe(&key, sizeof key);
    note_sig_line_write(line, &by, sig, at);
    return buf_ok(line, err);
}

void wallet_witness_name(const char *origin, const uint8_t seed[static 32], char *out, size_t size)
{
    struct sign_key key;
    uint8_t pk[32];
    sign_key_init(&key, seed);
    sign_public(&key, pk);
    secret_wipe(&key, sizeof key);
    snprintf(out, size, "%s/m/%02x%02x%02x%02x", origin, pk[0], pk[1], pk[2], pk[3]);
}

static bool send_line(struct db *db, const struct known *known, day_t epoch, const char *origin,
                      struct span line, bool *taken, struct err *err)
{
    struct httpc_answer answer = {0};
    char text[16];
    AUTO_BUF struct buf body;
    AUTO_JSON json_t *o = json_pack("{s:s,s:s,s:s%}", "epoch", epoch_text(epoch, text), "origin", origin,
                                    "line", span_trim(line).p, (size_t)span_trim(line).n);
    buf_init(&body, 4096);
    if (!o || !canon_write(o, &body, err))
        return o ? false : fail_memory(err);
    if (!named_send(db, known, "POST", "/v1/cosignatures", "application/json", NULL, buf_span(&body), &answer,
                    err))
        return false;
    *taken = answer.status == 204 || answer.status == 409;
    buf_clear(&answer.body);
    return true;
}

/* One log's head of an epoch, once. */
static bool cosign_one(struct db *db, const struct known *known, const char *origin, struct span head,
                       day_t epoch, int64_t now, struct err *err)
{
    int64_t done;
    bool taken = false;
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    if (!db_number(db, &done, 0, err, "select count(*) from cosigned where epoch = $1 and origin = $2",
                   V_INT(epoch), V_STR(origin)))
        return false;
    if (done)
        return true;
    if (!cosign_line(known, origin, head, epoch, &line, err) ||
        !send_line(db, known, epoch, origin, buf_span(&line), &taken, err))
        return false;
    return !taken || db_run(db, err, "insert into cosigned(epoch, origin, head, at) values ($1, $2, $3, $4)",
                            V_INT(epoch), V_STR(origin), V_BLOB(head), V_INT(now));
}

bool wallet_cosign(struct db *db, const struct known *known, const struct history *issuer,
                   const struct history *board, int64_t now, struct err *err)
{
    day_t epoch = epoch_of(now);
    uint8_t hash[32];
    AUTO_BUF struct buf text;
    buf_init(&text, 4096);
    if (!history_head(issuer, NULL, epoch, &text, hash))
        return true;
    if (!cosign_one(db, known, known->issuer_log, buf_span(&text), epoch, now, err))
        return false;
    if (!board)
        return true;
    buf_reset(&text);
    if (!history_head(issuer, board, epoch, &text, hash))
        return true;
    struct span both = buf_span(&text), first = both, line; /* the board's three lines come second */
    for (int i = 0; i < 3; i++)
        span_cut(&first, '\n', &line);
    return cosign_one(db, known, known->board_log, first, epoch, now, err);
}
