#ifndef TEST_SPEAK_CIRCLE_NODES_H
#define TEST_SPEAK_CIRCLE_NODES_H
/* Computers of members of one circle, for tests: acts are put into each one's tables as published, letters
 * into each one's batches. All static: tools/gentests.awk wants a test in each .c here. */
#include <stdio.h>

#include "anon/anon_db.h"
#include "anon/epoch.h"
#include "anon/fetched.h"
#include "anon/item.h"
#include "anon/outbox_db.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/note_sig.h"
#include "crypt/rand.h"
#include "crypt/secret.h"
#include "io/sched.h"
#include "speak/box_key.h"
#include "speak/circle_talk.h"
#include "speak/speak_room.h"
#include "test/io/place.h"

enum { TODAY = 20783 /* Thursday of 2026-W48 */, NODES = 8 };
#define NOON ((int64_t)TODAY * 86400 + 12 * 3600)
#define ORIGIN "lab.example/respite"

struct member {
    struct place place;
    struct db *db;
    struct arena *arena;
    struct history *history;
    struct known known;
    struct circle_own own;
    char vkey[200];
};
struct group {
    struct member node[NODES];
    int n;
    int64_t batch, index;
};

static inline void log_fill(struct member *m)
{
    struct err err = {0};
    struct sign_key key;
    uint8_t seed[32] = {3}, sig[64], leaf[32] = {1};
    AUTO_BUF struct buf text, note;
    buf_init(&text, 2048);
    buf_init(&note, 4096);
    sign_key_init(&key, seed);
    struct checkpoint head = {.origin = SPAN(ORIGIN), .size = 1};
    struct merkle tree = {0};
    merkle_add(&tree, leaf);
    merkle_root(&tree, head.root);
    struct note_sig_key k = {.name = SPAN(ORIGIN), .kind = NOTE_SIG_PLAIN};
    sign_public(&key, k.pk);
    sign_key_id(k.name, NOTE_SIG_PLAIN, k.pk, k.id);
    checkpoint_write(&text, &head);
    sign(&key, buf_span(&text), sig);
    note_sig_write(&note, buf_span(&text));
    note_sig_line_write(&note, &k, sig, 0);
    assert_ok(db_run(m->db, &err, "insert into log_entry(log, idx, entry, leaf) values (0, 0, 'x', $1)",
                     V_BLOB(span_bytes(leaf, 32))) &&
                  db_run(m->db, &err,
                         "insert into log_head(log, size, first_size, at, note) values (0, 1, 1, 0, $1)",
                         V_BLOB(buf_span(&note))),
              &err);
    text.n = 0;
    note_sig_key_write(&text, &k);
    snprintf(m->vkey, sizeof m->vkey, "%s", buf_text(&text));
}

static inline void member_make(struct member *m, uint8_t number)
{
    struct err err = {0};
    *m = (struct member){.arena = arena_new()};
    place_make(&m->place);
    struct migration_set sets[] = {{"anon", anon_migrations}, {"speak", speak_room.migrations}};
    assert_ok(db_open(&m->db, place_name(&m->place, "data.db"), &err) &&
                  migrate(m->db, sets, 2, NODE, NULL, &err) && history_new(&m->history, &err) &&
                  fetched_note(m->db, NOON, NOON, &err),
              &err);
    log_fill(m);
    m->known = (struct known){.trial = true,
                              .board_origin = "lab.example",
                              .issuer_log = ORIGIN,
                              .board_log = ORIGIN,
                              .issuer_vkey = m->vkey,
                              .board_vkey = m->vkey,
                              .threads = {number, 1}};
}

static inline struct app app_of(struct group *g, int who)
{
    return (struct app){.role = NODE, .arena = g->node[who].arena, .db = g->node[who].db, .now = NOON};
}

/* One act of the circle, published: a batch of its own, on all computers. */
static inline void act(struct group *g, enum circle_kind kind, int who, int about, bool yes)
{
    struct err err = {0};
    uint8_t id[16] = {'C'}, circle[16] = {'C'};
    bool opens = kind == CIRCLE_OPEN, box = kind != CIRCLE_SAY && kind != CIRCLE_LEAVE;
    struct box_key key = {0};
    struct member *m = &g->node[who];
    if (!opens)
        rand_bytes(id, sizeof id);
    if (box)
        assert_ok(box_key_of(m->db, m->own.role, epoch_of(NOON), &key, &err), &err);
    g->batch++;
    g->index++;
    for (int i = 0; i < g->n; i++)
        assert_ok(
            db_run(g->node[i].db, &err,
                   "insert into circle_act(idx, id, batch, day, kind, circle, pk, about, yes, box_pk, week, "
                   "theme, line) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'parents', '')",
                   V_INT(g->index), V_BLOB(span_bytes(id, 16)), V_INT(g->batch), V_INT(TODAY), V_INT(kind),
                   opens ? V_NULL : V_BLOB(span_bytes(circle, 16)), V_BLOB(span_bytes(m->own.pk, 32)),
                   kind == CIRCLE_SAY ? V_BLOB(span_bytes(g->node[about].own.pk, 32)) : V_NULL, V_INT(yes),
                   box ? V_BLOB(span_bytes(key.pk, 32)) : V_NULL, V_INT(epoch_of(NOON))),
            &err);
}

/* `n` computers, the first `in` of them in the circle. The others have a key that would be theirs. */
static inline void group_make(struct group *g, int n, int in)
{
    struct err err = {0};
    *g = (struct group){.n = n};
    for (int i = 0; i < n; i++) {
        struct member *m = &g->node[i];
        struct sign_key key;
        char role[48], hex[33];
        member_make(m, (uint8_t)(i + 1));
        m->own = (struct circle_own){.seed = {(uint8_t)(i + 1), 7},
                                     .circle = {'C'},
                                     .has_circle = true,
                                     .key_epoch = epoch_of(NOON),
                                     .week = epoch_of(NOON),
                                     .began = NOON};
        circle_key(&m->known, &m->own, &key);
        sign_public(&key, m->own.pk);
        item_hex(m->own.seed, hex);
        snprintf(role, sizeof role, "circle:%s", hex);
        m->own.role = arena_text(m->arena, span_of(role));
        assert_ok(circle_own_put(m->db, &m->own, &err), &err);
    }
    act(g, CIRCLE_OPEN, 0, 0, false);
    for (int i = 1; i < in; i++) {
        act(g, CIRCLE_ASK, i, 0, false);
        act(g, CIRCLE_SAY, 0, i, true);
        if (i > 1)
            act(g, CIRCLE_SAY, 1, i, true);
    }
}

static inline void group_clear(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        history_free(g->node[i].history);
        db_close(g->node[i].db);
        arena_free(g->node[i].arena);
        place_clear(&g->node[i].place);
    }
}

static inline struct circles_here here_of(struct group *g, int who)
{
    struct err err = {0};
    struct member *m = &g->node[who];
    struct circle_rows rows = {0};
    struct circles_here h = {.known = &m->known, .today = TODAY, .now = NOON};
    assert_ok(circle_rows_load(m->db, m->arena, &rows, &err) &&
                  circles_fold(&rows, TODAY, m->arena, &h.all, &err) &&
                  circle_owns_load(m->db, &m->known, &h.all, m->arena, &h.own, &err),
              &err);
    return h;
}

static inline bool tidy_work(struct db *db, void *arg, struct err *err)
{
    return circle_tidy(db, arg, err);
}

/* What a computer does when it looks: letters first, then what is over. */
static inline void look_all(struct group *g)
{
    struct err err = {0};
    struct mailbox_news news;
    for (int i = 0; i < g->n; i++) {
        struct member *m = &g->node[i];
        assert_ok(mailbox_look(m->db, &m->known, m->history, NULL, NOON, &news, &err), &err);
        struct circles_here h = here_of(g, i);
        assert_ok(db_write(m->db, tidy_work, &h.own, &err), &err);
    }
}

static inline struct circle_outs tell(struct group *g, int who, const char *text, const struct meets *meets)
{
    struct err err = {0};
    struct circle_outs out;
    struct app app = app_of(g, who);
    struct circles_here h = here_of(g, who);
    assert_ok(circle_write(&app, &h, &h.own.at[0], span_of(text), meets, true, &out, &err), &err);
    return out;
}

/* Somebody who is not in writes as if: a first letter to each who is, sealed to their keys, signed with a key
 * that is not in. */
static inline struct circle_outs force(struct group *g, int who, const char *text)
{
    struct err err = {0};
    struct circle_outs out = {0};
    struct member *m = &g->node[who];
    struct circles_here h = here_of(g, who);
    const struct circle *c = circle_find(&h.all, m->own.circle);
    struct sign_key key;
    circle_key(&m->known, &m->own, &key);
    for (size_t i = 0; i < c->n; i++) {
        struct mailbox_circle in = {.circle = c->id, .key = &key};
        struct mailbox_to to = {.role = m->own.role,
                                .name = "",
                                .pk = c->member[i].pk,
                                .box_pk = c->member[i].box_pk,
                                .circle = &in};
        int64_t id;
        assert_ok(
            mailbox_begin(m->db, &m->known, &to, span_of(text), true, NOON, &id, &out.id[out.n++], &err),
            &err);
    }
    return out;
}

/* The board publishes these letters, as far as they were not taken back before: every computer gets them. */
static inline void publish_all(struct group *g, int from, const struct circle_outs *out)
{
    struct err err = {0};
    static const uint8_t none[32];
    for (size_t i = 0; i < out->n; i++) {
        struct outbox one = {0};
        AUTO_BUF struct buf json;
        uint8_t id[16];
        assert_ok(outbox_list(g->node[from].db, g->node[from].arena, out->id[i], &one, &err), &err);
        if (one.n == 0)
            continue;
        assert_ok(outbox_state(g->node[from].db, out->id[i], ACT_KEPT, 200, &err), &err);
        buf_init(&json, 1 << 16);
        buf_add_text(&json, "{\"act\":");
        buf_add(&json, one.at->act);
        buf_add_byte(&json, '}');
        rand_bytes(id, sizeof id);
        g->index++;
        for (int k = 0; k < g->n; k++)
            assert_ok(db_run(g->node[k].db, &err,
                             "insert into item(id, kind, day, series, n, idx, thread, pk, json) values ($1, "
                             "'letter', $2, 'letters', 1, $3, $1, $4, $5)",
                             V_BLOB(span_bytes(id, 16)), V_INT(TODAY), V_INT(g->index),
                             V_BLOB(span_bytes(none, 32)), V_TEXT(buf_span(&json))),
                      &err);
    }
}

static inline struct circle_saids said(struct group *g, int who)
{
    struct err err = {0};
    struct circle_saids all = {0};
    struct app app = app_of(g, who);
    struct circles_here h = here_of(g, who);
    assert_ok(h.own.n == 1 && circle_read(&app, &h.own.at[0], &all, &err), &err);
    return all;
}

/* How often somebody reads these words of another. */
static inline int heard(struct group *g, int who, const char *text)
{
    int n = 0;
    struct circle_saids all = said(g, who);
    for (size_t i = 0; i < all.n; i++)
        n += !all.at[i].own && span_is(all.at[i].text, text);
    return n;
}

static inline int64_t number(struct group *g, int who, const char *sql)
{
    struct err err = {0};
    int64_t n = -1;
    assert_ok(db_number_(g->node[who].db, &n, -1, &err, sql, NULL, 0), &err);
    return n;
}

static inline struct meets meets_at(struct group *g, int who)
{
    struct err err = {0};
    struct meets m;
    assert_ok(circle_meets_load(g->node[who].db, g->node[who].own.seed, &m, &err), &err);
    return m;
}
#endif
