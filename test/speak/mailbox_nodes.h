#ifndef TEST_SPEAK_MAILBOX_NODES_H
#define TEST_SPEAK_MAILBOX_NODES_H
/* Computers that write to each other over batches that everybody reads: a node each, a log that all follow,
 * and a board that hands every letter to everybody. */
#include "anon/anon_db.h"
#include "anon/epoch.h"
#include "anon/fetched.h"
#include "anon/item.h"
#include "anon/outbox_db.h"
#include "anon/seen_head.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/note_sig.h"
#include "crypt/box.h"
#include "crypt/hash.h"
#include "crypt/rand.h"
#include "speak/letter.h"
#include "speak/mailbox.h"
#include "speak/speak_room.h"
#include "test/io/place.h"
#include <stdlib.h>
#include <unistd.h>

enum { DAY = 86400, TODAY = 20783 /* Thursday of 2026-W48 */ };
#define NOON ((int64_t)TODAY * DAY + 12 * 3600)
#define ORIGIN "lab.example/respite"

struct node {
    struct place place;
    struct db *db;
    struct arena *arena;
    struct history *history;
    struct known known;
    int64_t now, index;
    char vkey[200];
};

static inline void log_sign(uint64_t size, uint8_t root, struct buf *note)
{
    struct sign_key key;
    uint8_t seed[32] = {3}, sig[64];
    AUTO_BUF struct buf text;
    buf_init(&text, 2048);
    sign_key_init(&key, seed);
    struct checkpoint head = {.origin = SPAN(ORIGIN), .size = size};
    if (root) /* another history than the one of log_fill */
        memset(head.root, root, 32);
    else {
        struct merkle tree = {0};
        for (uint64_t i = 0; i < size; i++) {
            uint8_t leaf[32] = {(uint8_t)i};
            merkle_add(&tree, leaf);
        }
        merkle_root(&tree, head.root);
    }
    struct note_sig_key k = {.name = SPAN(ORIGIN), .kind = NOTE_SIG_PLAIN};
    sign_public(&key, k.pk);
    sign_key_id(k.name, NOTE_SIG_PLAIN, k.pk, k.id);
    checkpoint_write(&text, &head);
    sign(&key, buf_span(&text), sig);
    note_sig_write(note, buf_span(&text));
    note_sig_line_write(note, &k, sig, 0);
}

/* The node follows a log of so many entries. */
static inline void log_fill(struct node *n, uint64_t size, uint8_t root)
{
    struct err err = {0};
    AUTO_BUF struct buf note;
    buf_init(&note, 4096);
    log_sign(size, root, &note);
    for (uint64_t i = 0; i < size; i++) {
        uint8_t leaf[32] = {(uint8_t)i};
        assert_ok(
            db_run(n->db, &err,
                   "insert into log_entry(log, idx, entry, leaf) values (0, $1, 'x', $2) on conflict do "
                   "nothing",
                   V_INT((int64_t)i), V_BLOB(span_bytes(leaf, 32))),
            &err);
    }
    assert_ok(db_run(n->db, &err,
                     "insert into log_head(log, size, first_size, at, note) values (0, $1, 1, 0, $2) on "
                     "conflict(log) do update set size = $1, note = $2",
                     V_INT((int64_t)size), V_BLOB(buf_span(&note))),
              &err);
}

static inline void node_make(struct node *n)
{
    struct err err = {0};
    struct sign_key key;
    uint8_t seed[32] = {3};
    AUTO_BUF struct buf vkey;
    buf_init(&vkey, 400);
    *n = (struct node){.arena = arena_new(), .now = NOON};
    place_make(&n->place);
    sign_key_init(&key, seed);
    struct note_sig_key k = {.name = SPAN(ORIGIN), .kind = NOTE_SIG_PLAIN};
    sign_public(&key, k.pk);
    sign_key_id(k.name, NOTE_SIG_PLAIN, k.pk, k.id);
    note_sig_key_write(&vkey, &k);
    snprintf(n->vkey, sizeof n->vkey, "%s", buf_text(&vkey));
    n->known = (struct known){.trial = true,
                              .board_origin = "lab.example",
                              .issuer_log = ORIGIN,
                              .board_log = ORIGIN,
                              .issuer_vkey = n->vkey,
                              .board_vkey = n->vkey};
    struct migration_set sets[] = {{"anon", anon_migrations}, {"speak", speak_room.migrations}};
    assert_ok(db_open(&n->db, place_name(&n->place, "data.db"), &err) &&
                  migrate(n->db, sets, 2, NODE, NULL, &err) && history_new(&n->history, &err) &&
                  fetched_note(n->db, n->now, n->now, &err),
              &err);
    log_fill(n, 3, 0);
}

static inline void node_clear(struct node *n)
{
    history_free(n->history);
    db_close(n->db);
    arena_free(n->arena);
    place_clear(&n->place);
}

/* The clock of everybody, and what was fetched then. */
static inline void at_day(struct node *n, day_t day)
{
    struct err err = {0};
    n->now = (int64_t)day * DAY + 12 * 3600;
    assert_ok(fetched_note(n->db, n->now, n->now, &err), &err);
}

static inline struct mailbox_news look(struct node *n)
{
    struct err err = {0};
    struct mailbox_news news;
    assert_ok(mailbox_look(n->db, &n->known, n->history, NULL, n->now, &news, &err), &err);
    return news;
}

/* An item of a letters batch of `day`, as batches_fetch keeps it. */
static inline void fetched(struct node *n, struct span act, day_t day)
{
    struct err err = {0};
    uint8_t id[16];
    static const uint8_t none[32];
    AUTO_BUF struct buf json;
    buf_init(&json, 1 << 16);
    buf_add_text(&json, "{\"act\":");
    buf_add(&json, act);
    buf_add_byte(&json, '}');
    rand_bytes(id, sizeof id);
    assert_ok(
        db_run(n->db, &err,
               "insert into item(id, kind, day, series, n, idx, thread, pk, json) values ($1, 'letter', "
               "$2, 'letters', 1, $3, $1, $4, $5)",
               V_BLOB(span_bytes(id, 16)), V_INT(day), V_INT(n->index++), V_BLOB(span_bytes(none, 32)),
               V_TEXT(buf_span(&json))),
        &err);
}

/* The board publishes the act of the outbox: every node gets it. */
static inline void publish(struct node *from, int64_t outbox, struct node *const *to, day_t day)
{
    struct err err = {0};
    struct outbox one = {0};
    assert_ok(outbox_list(from->db, from->arena, outbox, &one, &err), &err);
    assert_int_equal(one.n, 1);
    assert_ok(outbox_state(from->db, outbox, ACT_KEPT, 200, &err), &err);
    for (; *to; to++)
        fetched(*to, one.at->act, day);
}

static inline struct box_key key_of(struct node *n, day_t week)
{
    struct err err = {0};
    struct box_key key;
    assert_ok(box_key_of(n->db, "listener", week, &key, &err), &err);
    return key;
}

static inline int64_t begin(struct node *a, const struct box_key *key, const char *text, int64_t *outbox)
{
    struct err err = {0};
    int64_t id;
    static const uint8_t pk[32] = {5};
    struct mailbox_to to = {.role = "listener", .name = "Lin", .pk = pk, .box_pk = key->pk};
    assert_ok(mailbox_begin(a->db, &a->known, &to, span_of(text), true, a->now, &id, outbox, &err), &err);
    return id;
}

static inline int64_t write_to(struct node *n, int64_t id, const char *text)
{
    struct err err = {0};
    int64_t outbox;
    assert_ok(mailbox_send(n->db, &n->known, id, span_of(text), NULL, true, n->now, &outbox, &err), &err);
    return outbox;
}

static inline int64_t number(struct node *n, const char *what)
{
    struct err err = {0};
    int64_t x = -1;
    if (strcmp(what, "conversation") == 0)
        assert_ok(db_number(n->db, &x, -1, &err, "select count(*) from conversation"), &err);
    else if (strcmp(what, "letter") == 0)
        assert_ok(db_number(n->db, &x, -1, &err, "select count(*) from letter"), &err);
    else if (strcmp(what, "outbox") == 0)
        assert_ok(db_number(n->db, &x, -1, &err, "select count(*) from outbox"), &err);
    else if (strcmp(what, "box_key") == 0)
        assert_ok(db_number(n->db, &x, -1, &err, "select count(*) from box_key"), &err);
    else if (strcmp(what, "mail") == 0)
        assert_ok(db_number(n->db, &x, -1, &err, "select count(*) from mail"), &err);
    return x;
}

static inline struct conversations talk(struct node *n)
{
    struct err err = {0};
    struct conversations all = {0};
    assert_ok(conversations_list(n->db, n->arena, -1, &all, &err), &err);
    return all;
}

static inline struct letters_kept letters_of(struct node *n, int64_t id)
{
    struct err err = {0};
    struct letters_kept all = {0};
    assert_ok(letters_list(n->db, n->arena, id, (day_t)(n->now / DAY), &all, &err), &err);
    return all;
}

struct two {
    struct node asker, helper, other;
    struct node *all[4];
    int64_t mine, theirs; /* the conversation, on either side */
};

static inline void two_make(struct two *p)
{
    int64_t outbox;
    node_make(&p->asker);
    node_make(&p->helper);
    node_make(&p->other);
    p->all[0] = &p->asker, p->all[1] = &p->helper, p->all[2] = &p->other, p->all[3] = NULL;
    struct box_key key = key_of(&p->helper, epoch_of(NOON));
    p->mine = begin(&p->asker, &key, "Could I talk about leaving?", &outbox);
    publish(&p->asker, outbox, p->all, TODAY);
    for (int i = 0; i < 3; i++)
        (void)look(p->all[i]);
    assert_int_equal(number(&p->helper, "conversation"), 1);
    assert_int_equal(number(&p->other, "conversation"), 0);
    p->theirs = talk(&p->helper).at[0].id;
}

static inline void two_clear(struct two *p)
{
    for (int i = 0; i < 3; i++)
        node_clear(p->all[i]);
}

static inline void pass_on(struct two *p, struct node *from, int64_t id, const char *text, day_t day)
{
    publish(from, write_to(from, id, text), p->all, day);
    for (int i = 0; i < 3; i++)
        (void)look(p->all[i]);
}
#endif
