/* Passes for members: everybody the same number, once for each key. What is asked for is looked at whole
 * first, since a refusal must not burn the quota; then one row says that this member had this request; what
 * is signed after that can be signed again, with the same result, when the answer was lost. */
#include "anon/issuer.h"

#include "anon/guest_ask.h"
#include "anon/issuer_base.h"
#include "anon/issuer_key.h"
#include "anon/member.h"
#include "anon/roster.h"
#include "anon/token.h"
#include "base/words.h"
#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/hash.h"
#include "crypt/secret.h"

#include "base/banned.h"

#define ONE_REQUEST "application/private-token-request"
#define ONE_RESPONSE "application/private-token-response"
#define ALL_REQUEST "application/private-token-generic-batch-request"
#define ALL_RESPONSE "application/private-token-generic-batch-response"

enum { CROWD_ANSWER = 1024 };

/* ---- a request for passes ---- */

struct ask {
    struct token_request item[PASSES];
    size_t n;
    bool batch;
    uint8_t hash[32]; /* of the body */
};

/* What the request is for, out of the record. */
struct ware {
    uint8_t key_id[32], n[SPKI_MODULUS];
    struct windows windows;
    bool survey;
    day_t epoch;
    int64_t quota;
};

/* A batch is of the quota; one item in a batch is one item. */
static bool ask_read(struct span type, struct span body, int64_t quota, struct ask *out, struct problem *p)
{
    struct err none = {0};
    hash_sha256(body, out->hash);
    if (span_is(type, ONE_REQUEST)) {
        out->n = 1;
        if (token_request_read(body, &out->item[0].key_byte, &out->item[0].blinded, &none))
            return true;
    } else if (span_is(type, ALL_REQUEST)) {
        out->batch = true;
        out->n = (size_t)quota;
        if (batch_request_read(body, out->n, out->item, &none))
            return true;
        err_clear(&none);
        out->n = 1;
        if (batch_request_read(body, 1, out->item, &none))
            return true;
    }
    return problem(p, PROBLEM_BAD_TOKEN_REQUEST, NULL);
}

/* The newest key that ends so: it differs from all that live. */
static const struct history_key *key_of(const struct history *h, uint8_t byte)
{
    for (size_t i = h->keys.n; i > 0; i--) {
        const struct history_key *k = &h->keys.at[i - 1];
        if (k->good && k->key.key_id[31] == byte)
            return k;
    }
    return NULL;
}

static int64_t quota_of(const struct history *h, const struct lab *lab, day_t epoch)
{
    const struct entry_rules *rules = history_rules(h, epoch);
    return rules ? rules->quota : lab->quota;
}

/* All items name one key, and each is below its modulus. */
static bool items_good(const struct ask *a, const struct ware *w)
{
    if ((int64_t)a->n != w->quota)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (a->item[i].key_byte != w->key_id[31] || memcmp(a->item[i].blinded.p, w->n, SPKI_MODULUS) >= 0)
            return false;
    return true;
}

/* Read the request and find what it is for; the record is held. */
static bool look_in(const struct app *app, const struct history *h, struct span type, struct span body,
                    struct ask *a, struct ware *w, struct problem *p)
{
    if (!ask_read(type, body, quota_of(h, app->lab, epoch_of(app->now)), a, p))
        return false;
    const struct history_key *k = key_of(h, a->item[0].key_byte);
    if (!k || !spki_read(span_bytes(k->key.spki, SPKI_SIZE), w->n))
        return problem(p, PROBLEM_BAD_TOKEN_REQUEST, NULL);
    memcpy(w->key_id, k->key.key_id, 32);
    w->windows = k->key.windows;
    w->survey = k->key.survey;
    w->epoch = k->key.epoch;
    w->quota = w->survey ? 1 : quota_of(h, app->lab, w->epoch);
    return items_good(a, w) || problem(p, PROBLEM_BAD_TOKEN_REQUEST, NULL);
}

static bool look(struct app *app, struct span type, struct span body, struct ask *a, struct ware *w,
                 struct problem *p, struct err *err)
{
    const struct history *issuer, *board;
    if (!lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    bool good = look_in(app, issuer, type, body, a, w, p);
    lab_facts_done(app->lab);
    return good;
}

/* A survey's group stands in the roster that its key was made for; a general key is for those whose quota
 * has begun. */
static bool in_group(struct app *app, const struct member *m, const struct ware *w, bool *in, struct err *err)
{
    int64_t index;
    if (!w->survey) {
        *in = m->quota_from <= w->epoch;
        return true;
    }
    return db_number(app->db, &index, -1, err, "select roster from issuer_key where key_id = $1",
                     V_BLOB(span_bytes(w->key_id, 32))) &&
           roster_has(app->db, index, m->tag, in, err);
}

static bool in_time(const struct app *app, const struct ware *w, struct problem *p)
{
    if (app->now < w->windows.issue_from)
        return problem(p, PROBLEM_NOT_YET, NULL);
    return app->now < w->windows.issue_to || problem(p, PROBLEM_CLOSED, NULL);
}

static bool may_have(struct app *app, const struct member *m, const struct ware *w, struct problem *p,
                     struct err *err)
{
    bool in;
    return in_time(app, w, p) && in_group(app, m, w, &in, err) &&
           (in || problem(p, PROBLEM_NOT_IN_GROUP, NULL));
}

/* id: of the row in `issued`: a member's, or "counsellor/" and the key. */
struct issue {
    const char *id;
    bool guest;
    const struct ware *ware;
    struct span request; /* its hash */
    bool late;
    struct problem p;
};

static bool same_request(struct db *db, struct issue *i, struct err *err)
{
    int64_t same;
    if (!db_number(db, &same, 0, err,
                   "select count(*) from issued where member = $1 and key_id = $2 and request = $3",
                   V_STR(i->id), V_BLOB(span_bytes(i->ware->key_id, 32)), V_BLOB(i->request)))
        return false;
    if (same == 0)
        i->p.type = PROBLEM_QUOTA_USED;
    return true;
}

static bool issue_work(struct db *db, void *arg, struct err *err)
{
    struct issue *i = arg;
    struct span id = span_bytes(i->ware->key_id, 32);
    i->p = (struct problem){0};
    if (!db_run(db, err, "update issuing set key_id = key_id where key_id = $1", V_BLOB(id)))
        return false;
    if (db_changed(db) == 0) {
        i->p.type = PROBLEM_CLOSED;
        return true;
    }
    if (!i->guest && !db_run(db, err, "update member set since = since where member = $1", V_STR(i->id)))
        return false;
    if (!i->guest && db_changed(db) == 0) {
        i->p.type = PROBLEM_BAD_BEARER;
        return true;
    }
    if (!db_run(db, err,
                "insert into issued(member, key_id, request, late) values ($1, $2, $3, $4) on conflict do "
                "nothing",
                V_STR(i->id), V_BLOB(id), V_BLOB(i->request), V_INT(i->late)))
        return false;
    return db_changed(db) == 1 || same_request(db, i, err);
}

/* Behind the works of order 0, which take the log first. */
static uint64_t order_of(const struct ware *w)
{
    uint64_t order = 0;
    for (size_t i = 0; i < 8; i++)
        order = order << 8 | w->key_id[i];
    return order | 1;
}

static bool answer(struct app *app, const struct request *request, const struct ask *a, const struct ware *w,
                   struct reply *reply, struct err *err)
{
    uint8_t *sig = arena_get(request->arena, a->n * TOKEN_SIG);
    if (!sig)
        return fail_memory(err);
    if (!issuer_key_sign(app->lab, app->db, w->key_id, a->item, a->n, sig, err))
        return false;
    reply->type = a->batch ? ALL_RESPONSE : ONE_RESPONSE;
    if (a->batch)
        batch_response_write(sig, a->n, &reply->body);
    else
        buf_add(&reply->body, span_bytes(sig, TOKEN_SIG));
    return buf_ok(&reply->body, err);
}

/* One row that says who had this request, then the signatures. */
static bool give(struct app *app, const struct request *request, const char *id, bool guest,
                 const struct ask *a, const struct ware *w, struct reply *reply, struct problem *p,
                 struct err *err)
{
    struct issue issue = {.id = id,
                          .guest = guest,
                          .ware = w,
                          .request = span_bytes(a->hash, 32),
                          .late = app->now >= w->windows.spend_from};
    if (!issuer_write(app, order_of(w), issue_work, &issue, err))
        return false;
    if (issue.p.type != PROBLEM_NONE)
        return problem(p, issue.p.type, NULL);
    return answer(app, request, a, w, reply, err) ||
           (err->code == E_MISSING && problem(p, PROBLEM_CLOSED, NULL));
}

static bool give_member(struct app *app, const struct request *request, struct reply *reply,
                        struct problem *p, struct err *err)
{
    struct member m;
    struct ask *a = ARENA_NEW(request->arena, struct ask);
    struct ware w;
    if (!a)
        return fail_memory(err);
    return member_auth(app, request, &m, p, err) &&
           look(app, request_header(request, "Content-Type"), request->body, a, &w, p, err) &&
           may_have(app, &m, &w, p, err) && give(app, request, m.id, false, a, &w, reply, p, err);
}

void api_token_request(struct app *app, const struct request *request, struct reply *reply)
{
    struct problem p = {0};
    struct err err = {0};
    if (!give_member(app, request, reply, &p, &err))
        issuer_refuse(app, IDENTIFIED, request, &p, reply);
}

/* ---- passes for counsellors ---- */

/* In force now, by the log that has such entries: of a split lab, the copy of the board's. */
static bool is_counsellor(struct app *app, const uint8_t pk[static 32], struct problem *p, struct err *err)
{
    const struct history *issuer, *board;
    if (!lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    const struct history *log = app->lab->role == LAB ? issuer : app->lab->peer;
    bool yes = log && history_in_force(log, ENTRY_COUNSELLOR, pk, app->now);
    lab_facts_done(app->lab);
    return yes || problem(p, PROBLEM_NOT_COUNSELLOR, NULL);
}

static bool read_guest(struct app *app, const struct request *request, struct guest_ask *ask,
                       struct problem *p, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    struct err why = {0};
    bool good;
    if (request->body.n > GUEST_BODY)
        return problem(p, PROBLEM_TOO_LARGE, NULL);
    if (!json_read(request->body, GUEST_BODY, "body", &o, &why) || !json_is_object(o) ||
        !canon_check(o, &why))
        return why.code == E_MEMORY ? fail_memory(err) : problem(p, PROBLEM_BAD_JSON, NULL);
    if (!guest_ask_read(o, span_of(app->lab->board_origin), request->arena, ask, &good, &why) ||
        ask->what != GUEST_PASSES)
        return why.code == E_MEMORY ? fail_memory(err) : problem(p, PROBLEM_BAD_FIELD, NULL);
    if (!good)
        return problem(p, PROBLEM_BAD_SIG, NULL);
    return (ask->at >= app->now - GUEST_CLOCKS && ask->at <= app->now + GUEST_CLOCKS) ||
           problem(p, PROBLEM_BAD_FIELD, "at");
}

/* The same number as a member has, once for a week: never of a survey. */
static bool give_guest(struct app *app, const struct request *request, struct reply *reply, struct problem *p,
                       struct err *err)
{
    struct guest_ask g;
    struct ask *a = ARENA_NEW(request->arena, struct ask);
    struct ware w;
    char id[96] = "counsellor/";
    if (!a)
        return fail_memory(err);
    if (!read_guest(app, request, &g, p, err) || !is_counsellor(app, g.pk, p, err) ||
        !look(app, SPAN(ALL_REQUEST), g.request, a, &w, p, err))
        return false;
    if (w.survey)
        return problem(p, PROBLEM_NOT_IN_GROUP, NULL);
    hash_hex(g.pk, id + sizeof "counsellor/" - 1);
    return in_time(app, &w, p) && give(app, request, id, true, a, &w, reply, p, err);
}

void api_guest_passes(struct app *app, const struct request *request, struct reply *reply)
{
    struct problem p = {0};
    struct err err = {0};
    if (!give_guest(app, request, reply, &p, &err))
        issuer_refuse(app, PUBLIC, request, &p, reply);
    else
        reply_header(reply, request->arena, "Cache-Control", "no-store");
}

/* ---- what anybody may know of the keys ---- */

/* One whose secret was lost with the database is in the record and signs nothing. */
static bool signs(struct db *db, const uint8_t key_id[static 32])
{
    struct err none = {0};
    int64_t n = 0;
    return db_number(db, &n, 0, &none, "select count(*) from issuing where key_id = $1",
                     V_BLOB(span_bytes(key_id, 32))) &&
           n > 0;
}

static size_t live_keys(struct app *app, const struct history *h, bool survey, struct directory_key *out,
                        size_t n)
{
    int64_t now = app->now;
    for (size_t i = 0; i < h->keys.n && n < DIRECTORY_MOST; i++) {
        const struct history_key *k = &h->keys.at[i];
        if (!k->good || k->key.survey != survey || now >= k->key.windows.issue_to ||
            !signs(app->db, k->key.key_id))
            continue;
        memcpy(out[n].spki, k->key.spki, SPKI_SIZE);
        out[n++].not_before = k->key.windows.issue_from;
    }
    return n;
}

/* The key of the running week first: clients take the first that can be used. */
void api_directory(struct app *app, const struct request *request, struct reply *reply)
{
    const struct history *issuer, *board;
    struct err err = {0};
    size_t n = 0;
    struct directory_key *keys = arena_array(request->arena, DIRECTORY_MOST, sizeof *keys);
    if (keys && lab_facts(app->lab, app->db, &issuer, &board, &err)) {
        n = live_keys(app, issuer, false, keys, 0);
        n = live_keys(app, issuer, true, keys, n);
        lab_facts_done(app->lab);
    }
    reply->type = "application/private-token-issuer-directory";
    if (n == 0 || !directory_write(keys, n, &reply->body, &err)) {
        issuer_refuse(app, PUBLIC, request, &(struct problem){.type = PROBLEM_BUSY}, reply);
        return;
    }
    reply_header(reply, request->arena, "Cache-Control", "max-age=3600");
}

/* ---- the crowd key ---- */

static bool epoch_key(struct app *app, day_t epoch, uint8_t key_id[static 32], bool *found, struct err *err)
{
    const struct history *issuer, *board;
    if (!lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    const struct history_key *k = history_general(issuer, epoch);
    *found = k && app->now < k->key.windows.spend_to;
    if (*found)
        memcpy(key_id, k->key.key_id, 32);
    lab_facts_done(app->lab);
    return true;
}

static bool crowd_of(struct app *app, struct span text, uint8_t out[static 32], struct problem *p,
                     struct err *err)
{
    day_t epoch;
    uint8_t key_id[32];
    bool found;
    if (!epoch_read(text, &epoch))
        return problem(p, PROBLEM_NOT_FOUND, NULL);
    if (!epoch_key(app, epoch, key_id, &found, err))
        return false;
    if (found && issuer_key_crowd(app->lab, app->db, key_id, out, err))
        return true;
    return !found || err->code == E_MISSING ? problem(p, PROBLEM_NOT_FOUND, NULL) : false;
}

void api_epoch(struct app *app, const struct request *request, struct reply *reply)
{
    struct member m;
    struct problem p = {0};
    struct err err = {0};
    uint8_t crowd[32];
    struct span text = span_from(request->path, sizeof "/v1/epochs/" - 1);
    if (!member_auth(app, request, &m, &p, &err) || !crowd_of(app, text, crowd, &p, &err)) {
        issuer_refuse(app, IDENTIFIED, request, &p, reply);
        return;
    }
    reply->type = "application/json";
    buf_add_text(&reply->body, "{\"crowd\":\"");
    b64_add(&reply->body, span_bytes(crowd, 32), B64);
    buf_add_text(&reply->body, "\"}");
    while (reply->body.n < CROWD_ANSWER && !reply->body.failed)
        buf_add_byte(&reply->body, ' ');
    secret_wipe(crowd, sizeof crowd);
}
