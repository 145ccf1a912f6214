#ifndef TEST_ANON_BOARD_H
#define TEST_ANON_BOARD_H
/* A board for tests: a database with the tables of a board and its log, a record with keys of two weeks and
 * one survey whose secrets are here, and members' passes and acts made with them. All static:
 * tools/gentests.awk wants a test in each .c here. Keys are made once for a program. */
#include <stdlib.h>

#include "anon/batch.h"
#include "anon/board_db.h"
#include "anon/item.h"
#include "anon/lab.h"
#include "anon/log_room.h"
#include "anon/redeem.h"
#include "codec/canon.h"
#include "crypt/brsa.h"
#include "crypt/hash.h"
#include "crypt/rand.h"
#include "io/migrate.h"
#include "test/io/pg.h"
#include "test/io/place.h"

enum { BOARD_WEEK, BOARD_NEXT, BOARD_SURVEY, BOARD_OTHER, BOARD_KEYS };
enum { BOARD_NOW = 1795651200 }; /* Thursday 2026-11-26 00:00 UTC: 2026-W48 */
#define BOARD_LAB "lab.example"
#define BOARD_ORIGIN "lab.example/respite"

/* Slots are hours of the lab's zone; here that is UTC, from before anybody asks the clock. */
__attribute__((constructor)) static void board_zone(void)
{
    setenv("TZ", "UTC", 1);
}

/* The survey ids of the keys BOARD_SURVEY and BOARD_OTHER. */
static const char *const board_surveys[] = {"00112233445566778899aabbccddeeff",
                                            "ffeeddccbbaa99887766554433221100"};

struct board_key {
    struct brsa_secret *secret;
    struct brsa_signer *signer;
    struct entry_key entry;
};
static struct board_key board_keys[BOARD_KEYS];

static inline bool board_takes_nothing(struct app *app, struct db *db, const struct item *item,
                                       struct problem *p, struct err *err)
{
    (void)app;
    (void)db;
    (void)item;
    (void)err;
    return problem(p, PROBLEM_TAKEN, NULL);
}

static const struct act board_acts[] = {
    {.kind = "thread", .series = "board"},
    {.kind = "reply", .series = "board"},
    {.kind = "metoo", .series = "board", .leaf_only = true, .counted = true},
    {.kind = "letter", .series = "letters"},
    {.kind = "slot", .series = "board", .accept = board_takes_nothing},
    {.kind = "answer", .series = "answers", .survey = true, .leaf_only = true},
    {0}};
static const struct room board_test_room = {.name = "test", .acts = board_acts};
static const struct room *const board_rooms[] = {&board_test_room, NULL};

struct board {
    struct place place;
    const char *path;
    struct db *db;
    struct arena *arena;
    struct history *history;
    struct lab lab;
    struct app app;
    uint8_t head[32]; /* of BOARD_WEEK */
    char vkey[200], promise[200];
};

static inline void board_key_make(int which)
{
    struct board_key *k = &board_keys[which];
    struct err err = {0};
    uint8_t n[SPKI_MODULUS];
    static struct buf challenge[BOARD_KEYS];
    if (k->secret)
        return;
    assert_ok(brsa_secret_make(&k->secret, &err) && brsa_signer_new(k->secret, &k->signer, &err), &err);
    brsa_modulus(brsa_secret_public(k->secret), n);
    spki_write(n, k->entry.spki);
    spki_key_id(k->entry.spki, k->entry.key_id);
    k->entry.survey = which >= BOARD_SURVEY;
    k->entry.epoch = epoch_of(BOARD_NOW) + (which == BOARD_NEXT ? EPOCH_NEXT : 0);
    k->entry.windows = epoch_windows(k->entry.epoch);
    struct challenge c = {.type = TOKEN_TYPE, .issuer = SPAN(BOARD_LAB), .origins = SPAN(BOARD_LAB)};
    if (k->entry.survey) {
        assert_true(item_hex_read(span_of(board_surveys[which - BOARD_SURVEY]), k->entry.id_of));
        c.context_n = 32;
        c.context[0] = (uint8_t)which;
    }
    buf_init(&challenge[which], CHALLENGE_MOST);
    challenge_write(&c, &challenge[which]);
    k->entry.challenge = buf_span(&challenge[which]);
    challenge_digest(k->entry.challenge, k->entry.digest);
}

/* A record as the ledger reads it, put together by hand: what redeem and batch look at. */
static inline void board_history_make(struct board *b)
{
    struct err err = {0};
    assert_ok(history_new(&b->history, &err), &err);
    struct history *h = b->history;
    h->keys.at = arena_array(h->arena, BOARD_KEYS, sizeof *h->keys.at);
    h->heads.at = arena_array(h->arena, 2, sizeof *h->heads.at);
    h->rules.at = arena_array(h->arena, 1, sizeof *h->rules.at);
    assert_true(h->keys.at && h->heads.at && h->rules.at);
    for (int i = 0; i < BOARD_KEYS; i++) {
        board_key_make(i);
        h->keys.at[h->keys.n++] = (struct history_key){.key = board_keys[i].entry, .good = true};
    }
    h->heads.n = 2;
    h->heads.at[0] = (struct history_head){epoch_of(BOARD_NOW), 4, {1}};
    h->heads.at[1] = (struct history_head){epoch_of(BOARD_NOW) + EPOCH_NEXT, 9, {2}};
    h->rules.n = 1;
    h->rules.at[0].rules = (struct entry_rules){
        .floor = 10, .quota = 64, .letters = 4, .retention = 14, .slot = {6, 12, 18}, .slots = 3};
    h->has_genesis = true;
    h->genesis.log.at[0] = span_of(b->vkey);
    h->genesis.log.n = 1;
    h->first_size = UINT64_MAX;
    assert_true(history_head(h, NULL, epoch_of(BOARD_NOW), NULL, b->head));
}

static inline void board_log_make(struct board *b, uint8_t seed, const char *origin)
{
    struct tlog *log = &b->lab.log;
    sign_key_init(&log->key, (const uint8_t[32]){seed});
    log->origin = origin;
    struct note_sig_key key = {.name = span_of(log->origin), .kind = NOTE_SIG_PLAIN};
    sign_public(&log->key, key.pk);
    sign_key_id(key.name, NOTE_SIG_PLAIN, key.pk, key.id);
    AUTO_BUF struct buf text;
    buf_init(&text, sizeof b->vkey - 1);
    note_sig_key_write(&text, &key);
    memcpy(b->vkey, buf_text(&text), text.n + 1);
    log->vkey = b->vkey;
    sign_key_init(&b->lab.promise, (const uint8_t[32]){8});
}

/* Tables of a room above this folder, for its own tests; set before board_make. */
static struct migration_set board_more;

static inline struct db *board_open(const char *path)
{
    struct err err = {0};
    struct db *db = NULL;
    struct migration_set sets[] = {
        {"board", board_migrations}, {log_room.name, log_room.migrations}, board_more};
    assert_ok(db_open(&db, path, &err) && migrate(db, sets, board_more.room ? 3 : 2, LAB, NULL, &err), &err);
    return db;
}

/* On SQLite, or on the PostgreSQL at `url`, emptied. */
static inline void board_make(struct board *b, const char *url)
{
    struct err err = {0};
    *b = (struct board){.arena = arena_new()};
    place_make(&b->place);
    b->path = url ? url : place_name(&b->place, "lab.db");
    if (url) {
        assert_ok(db_open(&b->db, url, &err), &err);
        pg_empty(b->db);
        db_close(b->db);
    }
    b->db = board_open(b->path);
    board_log_make(b, 7, BOARD_ORIGIN);
    pthread_rwlock_init(&b->lab.facts, NULL);
    board_history_make(b);
    b->lab.role = LAB;
    b->lab.board_origin = BOARD_LAB;
    b->lab.board_log = b->lab.issuer_log = BOARD_ORIGIN;
    b->lab.board_vkey = b->lab.issuer_vkey = b->vkey;
    b->app = (struct app){
        .rooms = board_rooms, .role = LAB, .arena = b->arena, .db = b->db, .now = BOARD_NOW, .lab = &b->lab};
}

static inline void board_clear(struct board *b)
{
    writer_stop(b->lab.writer);
    db_close(b->db);
    history_free(b->history);
    history_free(b->lab.own);
    history_free(b->lab.peer);
    pthread_rwlock_destroy(&b->lab.facts);
    arena_free(b->arena);
    place_clear(&b->place);
}

/* Run `check` on a board of either kind. */
static inline void board_both(void (*check)(struct board *b))
{
    struct board b;
    board_make(&b, NULL);
    check(&b);
    board_clear(&b);
    if (!pg_url())
        skip();
    board_make(&b, pg_url());
    check(&b);
    board_clear(&b);
}

/* A pass as a member gets it; `nonce`: its first byte, the rest is zero (-1: chance). */
static inline struct token board_token(int which, int nonce)
{
    struct board_key *k = &board_keys[which];
    struct err err = {0};
    struct token t = {0};
    uint8_t input[TOKEN_INPUT], answer[TOKEN_SIG];
    if (nonce < 0)
        rand_bytes(t.nonce, sizeof t.nonce);
    else
        t.nonce[0] = (uint8_t)nonce;
    memcpy(t.digest, k->entry.digest, 32);
    memcpy(t.key_id, k->entry.key_id, 32);
    token_input(&t, input);
    const struct brsa_public *public = brsa_secret_public(k->secret);
    struct brsa_item item = {.msg = {(const char *)input, sizeof input}};
    assert_ok(brsa_draw(public, &item, &err), &err);
    if (nonce >= 0) { /* the same pass each time */
        memset(item.salt, 1, sizeof item.salt);
    }
    assert_ok(brsa_blind(public, &item, 1, &err) &&
                  brsa_sign(k->signer, (struct span){(const char *)item.blinded, TOKEN_SIG}, answer, &err) &&
                  brsa_finalize(public, item.msg, item.inv, (struct span){(const char *)answer, TOKEN_SIG},
                                t.sig, &err),
              &err);
    return t;
}

/* An act on its way: its pass and its padded body. */
struct board_act {
    uint8_t pass[TOKEN_SIZE];
    struct buf body;
};

/* `act` as JSON; salt and key of `seed`. */
static inline void board_act_make(struct board *b, struct board_act *out, const struct token *token,
                                  const char *kind, const char *act, uint8_t seed)
{
    struct err err = {0};
    struct sign_key key;
    uint8_t hash[32];
    sign_key_init(&key, (const uint8_t[32]){seed, 1});
    struct item_draft draft = {.kind = span_of(kind), .lab = SPAN(BOARD_LAB), .salt = {seed}};
    draft.act = json_loads(act, 0, NULL);
    assert_non_null(draft.act);
    token_write(token, out->pass);
    token_hash(token, hash);
    buf_init(&out->body, ITEM_LARGE);
    assert_ok(item_make(&draft, hash, b->head, &key, &out->body, &err) && item_pad(&out->body, 0, &err),
              &err);
    json_decref(draft.act);
}

static inline void board_act_clear(struct board_act *act)
{
    buf_clear(&act->body);
}

/* What becomes of it: PROBLEM_NONE is a receipt. */
static inline enum problem_type board_redeem(struct board *b, const struct board_act *act, struct redeem *out)
{
    struct redeem_facts facts = {.issuer = b->history, .board_origin = BOARD_LAB};
    struct problem p = {0};
    struct err err = {0};
    struct redeem r = {0};
    bool good = redeem_check(&b->app, &facts, (struct span){(const char *)act->pass, TOKEN_SIZE},
                             buf_span(&act->body), &r, &p, &err) &&
                redeem(&b->app, &r, &p, &err);
    assert_ok(good || p.type != PROBLEM_NONE, &err);
    if (out)
        *out = r;
    redeem_clear(&r);
    return p.type;
}

#define BOARD_TEXT "{\"title\":\"\",\"text\":\"a word\",\"room\":\"\"}"
/* Post a thread with a fresh pass. */
static inline void board_post(struct board *b, int which, int nonce, uint8_t seed)
{
    struct board_act act;
    struct token token = board_token(which, nonce);
    board_act_make(b, &act, &token, "thread", BOARD_TEXT, seed);
    assert_int_equal(board_redeem(b, &act, NULL), PROBLEM_NONE);
    board_act_clear(&act);
}

static inline int64_t board_number(struct board *b, const char *sql)
{
    struct err err = {0};
    int64_t n = -1;
    assert_ok(db_number_(b->db, &n, -1, &err, sql, NULL, 0), &err);
    return n;
}

/* A record as the lab begins it ------------------------------------------------------------------------ */
struct board_begin {
    struct board *b;
    const char *roles, *other; /* "both", "issuer", "board"; the other operator's vkey */
};

static inline bool board_begin_work(struct db *db, void *arg, struct err *err)
{
    const struct board_begin *begin = arg;
    struct board *b = begin->b;
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, 1 << 20);
    uint8_t crowd[32] = {5};
    int64_t at = epoch_start(epoch_of(BOARD_NOW)) - 9 * 86400;
    struct entry e[5] = {
        {.kind = ENTRY_GENESIS,
         .at = at,
         .genesis = {.lab = SPAN("Lab"),
                     .by = SPAN("us"),
                     .roles = span_of(begin->roles),
                     .zone = SPAN("UTC"),
                     .origin_info = SPAN(BOARD_LAB),
                     .promise = span_of(b->promise),
                     .issuer = {{SPAN("https://" BOARD_LAB)}, 1},
                     .board = {{SPAN("https://" BOARD_LAB)}, 1},
                     .log = {{span_of(b->vkey), span_of(begin->other)}, begin->other ? 2 : 1}}},
        {.kind = ENTRY_RULES,
         .at = at,
         .rules = {.floor = 10,
                   .quota = 64,
                   .letters = 4,
                   .retention = 14,
                   .slot = {6, 12, 18},
                   .slots = 3,
                   .fetch_from = 600,
                   .fetch_to = 960,
                   .send_from = 540,
                   .send_to = 1080}},
        {.kind = ENTRY_KEY, .at = at, .key = board_keys[BOARD_WEEK].entry},
        {.kind = ENTRY_KEY, .at = at, .key = board_keys[BOARD_NEXT].entry},
        {.kind = ENTRY_ROSTER, .at = at, .list = {.epoch = epoch_of(BOARD_NOW), .n = 12, .root = {3}}}};
    hash_tagged(SPAN("respite/crowd/v1\n"), (struct span){(const char *)crowd, 32}, e[2].key.crowd);
    struct span entries[5];
    size_t ends[6] = {0}, n = strcmp(begin->roles, "board") == 0 ? 2 : 5;
    for (size_t i = 0; i < n; i++) {
        if (!entry_write(&e[i], &bytes, err))
            return false;
        ends[i + 1] = bytes.n;
    }
    for (size_t i = 0; i < n; i++)
        entries[i] = (struct span){bytes.p + ends[i], ends[i + 1] - ends[i]};
    uint64_t first;
    return tlog_append(db, &b->lab.log, entries, n, &first, err) && lab_begun(db, err);
}

/* Write genesis, rules and, unless this is the board of a split lab, keys and the roster of this week. */
static inline void board_begin(struct board *b, const char *roles, const char *other)
{
    struct err err = {0};
    struct board_begin begin = {b, roles, other};
    AUTO_BUF struct buf text;
    buf_init(&text, sizeof b->promise - 1);
    struct note_sig_key key = {.name = SPAN(BOARD_ORIGIN "/promise"), .kind = NOTE_SIG_PLAIN};
    sign_public(&b->lab.promise, key.pk);
    sign_key_id(key.name, NOTE_SIG_PLAIN, key.pk, key.id);
    note_sig_key_write(&text, &key);
    memcpy(b->promise, buf_text(&text), text.n + 1);
    b->lab.promise_vkey = b->promise;
    assert_ok(db_write(b->db, board_begin_work, &begin, &err), &err);
}
#endif
