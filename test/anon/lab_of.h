#ifndef TEST_ANON_LAB_OF_H
#define TEST_ANON_LAB_OF_H
/* A lab for tests of the issuer: its key file, its database with all tables, its log begun at LAB_NOW; the
 * clock is app.now. Members are made of a number, requests go to the functions that serve the routes. All
 * static: tools/gentests.awk wants a test in each .c here. */
#include <stdlib.h>

#include "anon/board_db.h"
#include "anon/cosign.h"
#include "anon/invite.h"
#include "anon/issuer.h"
#include "anon/issuer_base.h"
#include "anon/lab_key.h"
#include "anon/log_room.h"
#include "anon/member.h"
#include "anon/roster.h"
#include "anon/rotate.h"
#include "anon/token.h"
#include "codec/auth_header.h"
#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/brsa.h"
#include "crypt/hash.h"
#include "crypt/rand.h"
#include "io/migrate.h"
#include "test/io/pg.h"
#include "test/io/place.h"

enum { LAB_NOW = 1795608000 }; /* Wednesday 2026-11-25 12:00 UTC: 2026-W48 */
#define W48 epoch_of(LAB_NOW)
enum { LAB_HOUR = 3600, LAB_DAY = 86400 };

/* Slots are hours of the lab's zone; here that is UTC, from before anybody asks the clock. */
__attribute__((constructor)) static void lab_zone(void)
{
    setenv("TZ", "UTC", 1);
    rand_start();
}

struct lab_of {
    struct place place;
    const char *path;
    struct paths paths;
    struct arena *arena;
    struct app app;
    struct lab *lab;
    struct db *db;
};

static inline struct span lab_bytes(const void *p, size_t n)
{
    return (struct span){p, n};
}

static inline bool lab_first(struct db *db, void *arg, struct err *err)
{
    return rotate_begin(arg, db, err) && lab_begun(db, err);
}

static inline void lab_keys(struct lab_of *l, bool trial, int64_t quota)
{
    struct err err = {0};
    struct lab_key key = {.role = LAB,
                          .name = SPAN("Lab of trees"),
                          .by = SPAN("Trees"),
                          .zone = SPAN("UTC"),
                          .trial = trial,
                          .quota = quota,
                          .issuer = {SPAN("https://lab.example")},
                          .board = {SPAN("https://lab.example")},
                          .issuers = 1,
                          .boards = 1,
                          .log = {1},
                          .promise = {2},
                          .seal = {3}};
    l->paths = (struct paths){.data = l->place.dir, .home = l->place.dir};
    assert_ok(lab_key_write(l->arena, &l->paths, &key, &err), &err);
}

/* Tables of a room above this folder, for its own tests; set before lab_make. */
static struct migration_set lab_more;

/* On SQLite, or on the PostgreSQL at `url`, emptied. */
static inline void lab_make(struct lab_of *l, bool trial, int64_t quota, const char *url)
{
    struct err err = {0};
    const struct migration_set sets[] = {{"board", board_migrations},
                                         {log_room.name, log_room.migrations},
                                         {"issuer", issuer_migrations},
                                         lab_more};
    *l = (struct lab_of){.arena = arena_new()};
    place_make(&l->place);
    lab_keys(l, trial, quota);
    if (url) {
        assert_ok(db_open(&l->db, url, &err), &err);
        pg_empty(l->db);
        db_close(l->db);
    }
    assert_ok(lab_load(l->arena, &l->paths, url, &l->lab, &err), &err);
    l->lab->batch = trial ? 1 : 0;
    l->path = l->lab->db_url;
    assert_ok(db_open(&l->db, l->path, &err) && migrate(l->db, sets, lab_more.room ? 4 : 3, LAB, NULL, &err),
              &err);
    l->app = (struct app){
        .role = LAB, .arena = l->arena, .db = l->db, .paths = &l->paths, .now = LAB_NOW, .lab = l->lab};
    assert_ok(db_write(l->db, lab_first, &l->app, &err), &err);
}

static inline void lab_clear(struct lab_of *l)
{
    writer_stop(l->lab->writer);
    db_close(l->db);
    lab_free(l->lab);
    arena_free(l->arena);
    place_clear(&l->place);
}

static inline void lab_both(void (*check)(struct lab_of *l), bool trial, int64_t quota)
{
    struct lab_of l;
    lab_make(&l, trial, quota, NULL);
    check(&l);
    lab_clear(&l);
    if (!pg_url())
        skip();
    lab_make(&l, trial, quota, pg_url());
    check(&l);
    lab_clear(&l);
}

static inline void lab_beat(struct lab_of *l)
{
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct app app = l->app;
    app.arena = arena;
    assert_ok(rotate_beat(&app, &err), &err);
}

static inline int64_t lab_number(struct lab_of *l, const char *sql)
{
    struct err err = {0};
    int64_t n = -1;
    assert_ok(db_number_(l->db, &n, -1, &err, sql, NULL, 0), &err);
    return n;
}

/* The record; give it back with lab_facts_done. */
static inline const struct history *lab_record(struct lab_of *l)
{
    const struct history *issuer, *board;
    struct err err = {0};
    assert_ok(lab_facts(l->lab, l->db, &issuer, &board, &err), &err);
    return issuer;
}

/* Nothing in the record breaks a rule. */
static inline void lab_sound(struct lab_of *l)
{
    const struct history *h = lab_record(l);
    for (size_t i = 0; i < h->findings.n; i++)
        print_error("entry %d: %s\n", (int)h->findings.at[i].index, h->findings.at[i].text);
    assert_int_equal(h->findings.n, 0);
    lab_facts_done(l->lab);
}

/* ---- requests ---- */

typedef void lab_route(struct app *app, const struct request *request, struct reply *reply);
/* What came back. Body as text, valid for the life of the lab. */
struct lab_said {
    int status;
    const char *type;
    struct span body;
    char problem[32];
};

static inline void lab_header(struct request *r, const char *name, struct span value)
{
    static struct pair pairs[4];
    if (r->headers.n == 0)
        r->headers.at = pairs;
    r->headers.at[r->headers.n++] = (struct pair){span_of(name), value};
}

static inline struct lab_said lab_ask(struct lab_of *l, lab_route *route, const uint8_t *secret,
                                      const char *path, const char *type, struct span body)
{
    struct request r = {.arena = l->arena, .method = SPAN("POST"), .path = span_of(path), .body = body};
    struct reply reply = {.status = 200};
    AUTO_BUF struct buf bearer;
    struct lab_said said = {0};
    buf_init(&reply.body, 1 << 22);
    buf_init(&bearer, 128);
    if (secret) {
        auth_key_write(&bearer, AUTH_BEARER, secret);
        lab_header(&r, "Authorization", buf_span(&bearer));
    }
    if (type)
        lab_header(&r, "Content-Type", span_of(type));
    route(&l->app, &r, &reply);
    said.status = reply.status;
    said.type = reply.type;
    said.body = arena_span(l->arena, buf_span(&reply.body));
    ptrdiff_t at = span_find(said.body, SPAN("urn:respite:error:"));
    if (reply.status >= 400 && at >= 0) {
        struct span rest = span_from(said.body, (size_t)at + 18), name;
        assert_true(span_cut(&rest, '"', &name));
        snprintf(said.problem, sizeof said.problem, "%.*s", SPAN_ARG(name));
    }
    buf_clear(&reply.body);
    return said;
}

/* ---- members ---- */

/* Of a number: secret, tag and witness key are hashes of it, the name is "Member <n>". */
struct lab_member {
    uint8_t secret[32], tag[32], code[16];
    struct sign_key witness;
    char name[32], vkey[200];
};

static inline struct lab_member lab_member(int n)
{
    struct lab_member m = {.secret = {1, (uint8_t)n, (uint8_t)(n >> 8)},
                           .tag = {2, (uint8_t)n, (uint8_t)(n >> 8)},
                           .code = {3, (uint8_t)n, (uint8_t)(n >> 8)}};
    struct note_sig_key key = {.kind = NOTE_SIG_COSIGNS};
    char hex[65], name[120];
    snprintf(m.name, sizeof m.name, "Member %d", n);
    sign_key_init(&m.witness, (const uint8_t[32]){4, (uint8_t)n, (uint8_t)(n >> 8)});
    sign_public(&m.witness, key.pk);
    hash_hex(key.pk, hex);
    snprintf(name, sizeof name, "lab.example/respite/m/%.8s", hex);
    key.name = span_of(name);
    sign_key_id(key.name, NOTE_SIG_COSIGNS, key.pk, key.id);
    AUTO_BUF struct buf text;
    buf_init(&text, sizeof m.vkey - 1);
    note_sig_key_write(&text, &key);
    memcpy(m.vkey, buf_text(&text), text.n + 1);
    return m;
}

static inline void lab_invited(struct lab_of *l, const struct lab_member *m, const char *name)
{
    struct err err = {0};
    uint8_t hash[32];
    hash_sha256(lab_bytes(m->code, sizeof m->code), hash);
    assert_ok(db_run(l->db, &err, "insert into invite(code, name, day) values ($1, $2, $3)",
                     V_BLOB(lab_bytes(hash, 32)), V_STR(name), V_INT(l->app.now / LAB_DAY)),
              &err);
}

static inline json_t *lab_join_json(const struct lab_member *m, const char *name)
{
    uint8_t hash[32];
    AUTO_BUF struct buf code;
    buf_init(&code, 64);
    b64_add(&code, lab_bytes(m->code, sizeof m->code), B64_URL_BARE);
    hash_sha256(lab_bytes(m->secret, 32), hash);
    json_t *o =
        json_pack("{s:i,s:s,s:s,s:s}", "v", 1, "code", buf_text(&code), "name", name, "witness", m->vkey);
    assert_true(o && canon_put_b64(o, "tag", m->tag, 32) && canon_put_b64(o, "secret_sha256", hash, 32));
    return o;
}

static inline struct lab_said lab_join_as(struct lab_of *l, const json_t *o)
{
    struct err err = {0};
    AUTO_BUF struct buf body;
    buf_init(&body, 1 << 16);
    assert_ok(canon_write(o, &body, &err), &err);
    return lab_ask(l, api_join, NULL, "/v1/join", "application/json", arena_span(l->arena, buf_span(&body)));
}

static inline void lab_join(struct lab_of *l, const struct lab_member *m)
{
    AUTO_JSON json_t *o = lab_join_json(m, m->name);
    lab_invited(l, m, m->name);
    assert_int_equal(lab_join_as(l, o).status, 201);
}

/* ---- passes ---- */

/* A whole request for passes of a key, and what is needed to finish it. */
struct lab_order {
    struct brsa_public *public;
    struct brsa_item item[PASSES];
    struct token token[PASSES];
    uint8_t input[PASSES][TOKEN_INPUT];
    size_t n;
    uint8_t key_byte;
    struct span body; /* a batch; of one: the plain form */
    const char *type;
};

static inline void lab_key_of(struct lab_of *l, day_t epoch, const uint8_t *survey, struct entry_key *out)
{
    const struct history *h = lab_record(l);
    const struct history_key *k = survey ? history_survey_key(h, survey) : history_general(h, epoch);
    assert_non_null(k);
    assert_true(k->good);
    *out = k->key;
    lab_facts_done(l->lab);
}

static inline struct span lab_frame(struct lab_of *l, const struct lab_order *o, size_t n)
{
    struct token_request requests[PASSES];
    AUTO_BUF struct buf body;
    buf_init(&body, 1 << 16);
    for (size_t i = 0; i < n; i++)
        requests[i] = (struct token_request){o->key_byte, lab_bytes(o->item[i].blinded, TOKEN_SIG)};
    batch_request_write(requests, n, &body);
    return arena_span(l->arena, buf_span(&body));
}

static inline struct lab_order *lab_order(struct lab_of *l, const struct entry_key *key, size_t n)
{
    struct err err = {0};
    uint8_t modulus[SPKI_MODULUS], one[TOKEN_REQUEST];
    struct lab_order *o = ARENA_NEW(l->arena, struct lab_order);
    assert_non_null(o);
    assert_true(spki_read(lab_bytes(key->spki, SPKI_SIZE), modulus));
    assert_ok(brsa_public_new(lab_bytes(modulus, sizeof modulus), BRSA_SALT, &o->public, &err), &err);
    o->n = n;
    o->key_byte = key->key_id[31];
    for (size_t i = 0; i < n; i++) {
        struct token *t = &o->token[i];
        rand_bytes(t->nonce, sizeof t->nonce);
        memcpy(t->digest, key->digest, 32);
        memcpy(t->key_id, key->key_id, 32);
        token_input(t, o->input[i]);
        o->item[i].msg = lab_bytes(o->input[i], TOKEN_INPUT);
        assert_ok(brsa_draw(o->public, &o->item[i], &err), &err);
    }
    assert_ok(brsa_blind(o->public, o->item, n, &err), &err);
    o->type =
        n == 1 ? "application/private-token-request" : "application/private-token-generic-batch-request";
    o->body = lab_frame(l, o, n);
    if (n == 1) {
        token_request_write(o->key_byte, o->item[0].blinded, one);
        o->body = arena_span(l->arena, lab_bytes(one, sizeof one));
    }
    return o;
}

static inline struct lab_said lab_request(struct lab_of *l, const struct lab_member *m,
                                          const struct lab_order *o)
{
    return lab_ask(l, api_token_request, m->secret, "/token-request", o->type, o->body);
}

/* All of them are good passes. */
static inline void lab_finish(struct lab_order *o, struct span answer)
{
    struct err err = {0};
    struct span sig[PASSES] = {answer};
    uint8_t out[TOKEN_SIG];
    if (o->n > 1)
        assert_ok(batch_response_read(answer, o->n, sig, &err), &err);
    for (size_t i = 0; i < o->n; i++)
        assert_ok(brsa_finalize(o->public, o->item[i].msg, o->item[i].inv, sig[i], out, &err) &&
                      brsa_verify(o->public, o->item[i].msg, lab_bytes(out, sizeof out), &err),
                  &err);
}

static inline void lab_order_free(struct lab_order *o)
{
    brsa_public_free(o->public);
    o->public = NULL;
}

/* Fetch them; the status. */
static inline int lab_fetch(struct lab_of *l, const struct lab_member *m, day_t epoch, size_t n)
{
    struct entry_key key;
    lab_key_of(l, epoch, NULL, &key);
    struct lab_order *o = lab_order(l, &key, n);
    struct lab_said said = lab_request(l, m, o);
    if (said.status == 200)
        lab_finish(o, said.body);
    lab_order_free(o);
    return said.status;
}
#endif
