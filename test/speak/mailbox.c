/* speak/mailbox*.c and box_key.c: two computers that write to each other over batches that everybody reads.
 */
#include "test/test.h"

#include <stdlib.h>
#include <unistd.h>

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

#include "base/banned.h"

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

static void log_sign(uint64_t size, uint8_t root, struct buf *note)
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
static void log_fill(struct node *n, uint64_t size, uint8_t root)
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

static void node_make(struct node *n)
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

static void node_clear(struct node *n)
{
    history_free(n->history);
    db_close(n->db);
    arena_free(n->arena);
    place_clear(&n->place);
}

/* The clock of everybody, and what was fetched then. */
static void at_day(struct node *n, day_t day)
{
    struct err err = {0};
    n->now = (int64_t)day * DAY + 12 * 3600;
    assert_ok(fetched_note(n->db, n->now, n->now, &err), &err);
}

static struct mailbox_news look(struct node *n)
{
    struct err err = {0};
    struct mailbox_news news;
    assert_ok(mailbox_look(n->db, &n->known, n->history, NULL, n->now, &news, &err), &err);
    return news;
}

/* An item of a letters batch of `day`, as batches_fetch keeps it. */
static void fetched(struct node *n, struct span act, day_t day)
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
static void publish(struct node *from, int64_t outbox, struct node *const *to, day_t day)
{
    struct err err = {0};
    struct outbox one = {0};
    assert_ok(outbox_list(from->db, from->arena, outbox, &one, &err), &err);
    assert_int_equal(one.n, 1);
    assert_ok(outbox_state(from->db, outbox, ACT_KEPT, 200, &err), &err);
    for (; *to; to++)
        fetched(*to, one.at->act, day);
}

static struct box_key key_of(struct node *n, day_t week)
{
    struct err err = {0};
    struct box_key key;
    assert_ok(box_key_of(n->db, "listener", week, &key, &err), &err);
    return key;
}

static int64_t begin(struct node *a, const struct box_key *key, const char *text, int64_t *outbox)
{
    struct err err = {0};
    int64_t id;
    static const uint8_t pk[32] = {5};
    struct mailbox_to to = {.role = "listener", .name = "Lin", .pk = pk, .box_pk = key->pk};
    assert_ok(mailbox_begin(a->db, &a->known, &to, span_of(text), true, a->now, &id, outbox, &err), &err);
    return id;
}

static int64_t write_to(struct node *n, int64_t id, const char *text)
{
    struct err err = {0};
    int64_t outbox;
    assert_ok(mailbox_send(n->db, &n->known, id, span_of(text), NULL, true, n->now, &outbox, &err), &err);
    return outbox;
}

static int64_t number(struct node *n, const char *what)
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

static struct conversations talk(struct node *n)
{
    struct err err = {0};
    struct conversations all = {0};
    assert_ok(conversations_list(n->db, n->arena, -1, &all, &err), &err);
    return all;
}

static struct letters_kept letters_of(struct node *n, int64_t id)
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

static void two_make(struct two *p)
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

static void two_clear(struct two *p)
{
    for (int i = 0; i < 3; i++)
        node_clear(p->all[i]);
}

static void pass_on(struct two *p, struct node *from, int64_t id, const char *text, day_t day)
{
    publish(from, write_to(from, id, text), p->all, day);
    for (int i = 0; i < 3; i++)
        (void)look(p->all[i]);
}

void test_mailbox__letters_go_both_ways(void **state)
{
    (void)state;
    struct two p;
    two_make(&p);
    struct conversations all = talk(&p.helper);
    assert_true(all.at[0].waits && all.at[0].side == MAILBOX_HELPER);
    assert_true(span_is(letters_of(&p.helper, p.theirs).at[0].text, "Could I talk about leaving?"));
    pass_on(&p, &p.helper, p.theirs, "Yes. I am here.", TODAY);
    for (int i = 0; i < 3; i++) {
        pass_on(&p, &p.asker, p.mine, "and from me", TODAY + i);
        pass_on(&p, &p.helper, p.theirs, "and from me too", TODAY + i);
    }
    assert_int_equal(letters_of(&p.helper, p.theirs).n, 8);
    struct letters_kept mine = letters_of(&p.asker, p.mine);
    assert_int_equal(mine.n, 8);
    for (size_t i = 0; i < mine.n; i++)
        assert_true(mine.at[i].day >= TODAY && !mine.at[i].gap);
    assert_int_equal(talk(&p.asker).at[0].last, TODAY + 2);
    assert_true(talk(&p.asker).at[0].acked && talk(&p.helper).at[0].acked);
    assert_int_equal(number(&p.other, "letter"), 0);
    two_clear(&p);
}

/* Addresses of one conversation have nothing in common that anybody without its secret can see, whoever
 * counts; the first one is drawn. */
void test_mailbox__mailbox_addresses_unlinkable(void **state)
{
    (void)state;
    struct two p;
    struct err err = {0};
    struct outbox all = {0};
    uint8_t seen[64][16];
    size_t n = 0;
    two_make(&p);
    for (int i = 0; i < 20; i++)
        pass_on(&p, &p.asker, p.mine, "the same words", TODAY);
    assert_ok(outbox_list(p.asker.db, p.asker.arena, -1, &all, &err), &err);
    for (size_t i = 0; i < all.n; i++) {
        AUTO_JSON json_t *act = NULL;
        AUTO_BUF struct buf box;
        buf_init(&box, BOX_LARGE);
        assert_ok(canon_read(all.at[i].act, 65536, &act, &err) && letter_act_read(act, seen[n], &box, &err),
                  &err);
        assert_int_equal(box.n, BOX_SMALL);
        assert_int_equal(json_object_size(act), 2);
        assert_true(!all.at[i].has_thread); /* a key of its own each time */
        for (size_t k = 0; k < n; k++) {
            int same = 0;
            for (int b = 0; b < 16; b++)
                same += seen[k][b] == seen[n][b];
            assert_true(same < 5); /* 5 of 16 by chance: one in 2^28 */
        }
        n++;
    }
    assert_int_equal(n, 21);
    two_clear(&p);
}

/* What the board gets of a first letter is two random runs of bytes: no listener's key is in it, and two
 * letters to one listener look like two to two. */
void test_mailbox__first_letter_names_nobody(void **state)
{
    (void)state;
    struct node a, l;
    struct err err = {0};
    struct outbox all = {0};
    int64_t outbox;
    node_make(&a);
    node_make(&l);
    struct box_key key = key_of(&l, epoch_of(NOON));
    (void)begin(&a, &key, "one", &outbox);
    (void)begin(&a, &key, "one", &outbox);
    assert_ok(outbox_list(a.db, a.arena, -1, &all, &err), &err);
    assert_int_equal(all.n, 2);
    for (size_t i = 0; i < 2; i++) {
        AUTO_JSON json_t *act = NULL;
        AUTO_BUF struct buf box;
        uint8_t to[16];
        buf_init(&box, BOX_LARGE);
        assert_ok(canon_read(all.at[i].act, 65536, &act, &err) && letter_act_read(act, to, &box, &err), &err);
        assert_true(span_find(buf_span(&box), span_bytes(key.pk, 8)) < 0);
        assert_true(span_find(span_bytes(to, 16), span_bytes(key.pk, 4)) < 0);
        assert_int_equal(box.n, BOX_SMALL);
    }
    assert_true(memcmp(all.at[0].act.p, all.at[1].act.p, 64) != 0);
    node_clear(&a);
    node_clear(&l);
}

void test_mailbox__a_letter_that_overtook_the_first_is_found(void **state)
{
    (void)state;
    struct node a, l;
    struct node *to[] = {&a, &l, NULL};
    int64_t first;
    node_make(&a);
    node_make(&l);
    struct box_key key = key_of(&l, epoch_of(NOON));
    int64_t id = begin(&a, &key, "first", &first);
    publish(&a, write_to(&a, id, "second"), to, TODAY);
    assert_int_equal(look(&l).letters, 0);
    publish(&a, first, to, TODAY + 1);
    assert_int_equal(look(&l).letters, 2);
    struct letters_kept all = letters_of(&l, talk(&l).at[0].id);
    assert_true(span_is(all.at[0].text, "second") || span_is(all.at[1].text, "second"));
    node_clear(&a);
    node_clear(&l);
}

void test_mailbox__gaps_are_said_and_used_addresses_ignored(void **state)
{
    (void)state;
    struct two p;
    struct err err = {0};
    struct outbox all = {0};
    two_make(&p);
    (void)write_to(&p.asker, p.mine, "lost");
    pass_on(&p, &p.asker, p.mine, "third", TODAY);
    struct letters_kept kept = letters_of(&p.helper, p.theirs);
    assert_int_equal(kept.n, 2);
    assert_true(kept.at[1].gap && !kept.at[1].late);
    at_day(&p.helper, TODAY + 6);
    assert_true(letters_of(&p.helper, p.theirs).at[1].late);
    /* the same act once more, and one of the lab's to a used address */
    assert_ok(outbox_list(p.asker.db, p.asker.arena, -1, &all, &err), &err);
    fetched(&p.helper, all.at[2].act, TODAY);
    fetched(&p.helper, all.at[0].act, TODAY); /* a copy of the first letter is no new conversation */
    assert_int_equal(look(&p.helper).letters, 0);
    assert_int_equal(number(&p.helper, "conversation"), 1);
    assert_int_equal(letters_of(&p.helper, p.theirs).n, 2);
    two_clear(&p);
}

static bool file_holds(struct node *n, const char *what)
{
    static const char *const names[] = {"data.db", "data.db-wal"};
    bool found = false;
    for (size_t i = 0; i < 2; i++) {
        FILE *f = fopen(place_name(&n->place, names[i]), "rb");
        if (!f)
            continue;
        static char bytes[1 << 22];
        size_t got = fread(bytes, 1, sizeof bytes, f);
        found |= span_find((struct span){bytes, got}, span_of(what)) >= 0;
        fclose(f);
    }
    return found;
}

void test_mailbox__letters_gone_on_both_sides(void **state)
{
    (void)state;
    struct two p;
    two_make(&p);
    pass_on(&p, &p.helper, p.theirs, "words-of-the-helper", TODAY + 1);
    pass_on(&p, &p.asker, p.mine, "words-of-the-asker", TODAY + 2);
    for (int i = 0; i < 2; i++) {
        struct node *n = p.all[i];
        at_day(n, TODAY + 2 + MAILBOX_DAYS);
        assert_int_equal(look(n).ended, 0);
        assert_true(file_holds(n, "words-of-the-asker") && file_holds(n, "words-of-the-helper"));
        n->now += 10 * DAY; /* a clock that runs ahead by days removes nothing: the lab's counts */
        (void)look(n);
        at_day(n, TODAY + 3 + MAILBOX_DAYS);
        assert_int_equal(look(n).ended, i == 0 || i == 1 ? 1 : 0);
        assert_int_equal(number(n, "conversation"), 0);
        assert_int_equal(number(n, "letter"), 0);
        assert_int_equal(number(n, "outbox"), 0);
        assert_int_equal(number(n, "mail"), 0);
        assert_false(file_holds(n, "words-of-the-asker"));
        assert_false(file_holds(n, "words-of-the-helper"));
    }
    two_clear(&p);
}

/* Whose clock runs behind by days, or who was away, has them removed all the same, at the first fetch. */
void test_mailbox__a_lab_that_is_gone_keeps_nothing_here(void **state)
{
    (void)state;
    struct two p;
    two_make(&p);
    p.asker.now = NOON + (int64_t)(2 * MAILBOX_DAYS + 1) * DAY; /* nothing was fetched since */
    assert_int_equal(look(&p.asker).ended, 1);
    two_clear(&p);
}

void test_mailbox__old_box_key_deleted(void **state)
{
    (void)state;
    struct node a, l;
    struct node *to[] = {&l, NULL};
    struct err err = {0};
    int64_t n, outbox;
    day_t week = epoch_of(NOON);
    node_make(&a);
    node_make(&l);
    struct box_key key = key_of(&l, week), next = key_of(&l, week + 7);
    assert_true(memcmp(key.pk, next.pk, 32) != 0);
    assert_true(memcmp(key_of(&l, week).pk, key.pk, 32) == 0);
    int64_t last = (int64_t)(week + 7) * DAY + 16 * 3600; /* the week's last letters batch */
    assert_ok(box_keys_end(l.db, last + 14 * DAY - 1, &n, &err), &err);
    assert_int_equal(n, 0);
    assert_ok(box_keys_end(l.db, last + 14 * DAY, &n, &err), &err);
    assert_int_equal(n, 1);
    (void)begin(&a, &key, "too late", &outbox);
    publish(&a, outbox, to, TODAY);
    assert_int_equal(look(&l).letters, 0); /* nobody can open it any more */
    (void)begin(&a, &next, "in time", &outbox);
    publish(&a, outbox, to, TODAY);
    assert_int_equal(look(&l).first, 1);
    node_clear(&a);
    node_clear(&l);
}

void test_mailbox__junk_letters_leave_listener_open(void **state)
{
    (void)state;
    struct two p;
    struct node *l = &p.helper;
    struct err err = {0};
    int64_t outbox, busy, refused;
    char noise[BOX_SMALL];
    two_make(&p);
    struct box_key key = key_of(l, epoch_of(NOON));
    struct node *to[] = {l, NULL};
    for (int i = 0; i < 40; i++) { /* well-made ones … */
        (void)begin(&p.other, &key, "junk", &outbox);
        publish(&p.other, outbox, to, TODAY);
    }
    for (int i = 0; i < 40; i++) { /* … and noise */
        uint8_t addr[16];
        AUTO_BUF struct buf act;
        buf_init(&act, 1 << 16);
        rand_bytes(addr, sizeof addr);
        rand_bytes(noise, sizeof noise);
        AUTO_JSON json_t *o = letter_act(addr, (struct span){noise, sizeof noise});
        assert_ok(canon_write(o, &act, &err), &err);
        fetched(l, buf_span(&act), TODAY);
    }
    assert_int_equal(look(l).first, 40);
    assert_ok(conversations_busy(l->db, "listener", &busy, &err), &err);
    assert_int_equal(busy, 0); /* none of them takes a place */
    (void)write_to(l, p.theirs, "I am here.");
    (void)write_to(l, p.theirs + 1, "And here.");
    assert_ok(conversations_busy(l->db, "listener", &busy, &err), &err);
    assert_int_equal(busy, MAILBOX_TWO);
    assert_false(
        mailbox_send(l->db, &l->known, p.theirs + 2, SPAN("third"), NULL, true, l->now, &refused, &err));
    assert_int_equal(err.code, E_REFUSED);
    err_clear(&err);
    bool there;
    assert_ok(mailbox_end(l->db, p.theirs + 1, &there, &err), &err);
    (void)write_to(l, p.theirs + 2, "third");
    assert_ok(mailbox_end(l->db, p.theirs + 3, &there, &err), &err); /* put aside: gone */
    assert_int_equal(number(l, "conversation"), 40);
    two_clear(&p);
}

/* A day of 500 letters tried with three keys. The bar is in bench/; here, that all of it is looked at. */
void test_mailbox__a_flood_is_looked_at_once(void **state)
{
    (void)state;
    struct node l;
    struct err err = {0};
    int64_t untried;
    char noise[BOX_SMALL];
    node_make(&l);
    for (int i = 0; i < 3; i++)
        (void)key_of(&l, epoch_of(NOON) - 7 * i);
    for (int i = 0; i < 500; i++) {
        uint8_t addr[16];
        AUTO_BUF struct buf act;
        buf_init(&act, 1 << 16);
        rand_bytes(addr, sizeof addr);
        rand_bytes(noise, sizeof noise);
        AUTO_JSON json_t *o = letter_act(addr, (struct span){noise, sizeof noise});
        assert_ok(canon_write(o, &act, &err), &err);
        fetched(&l, buf_span(&act), TODAY);
    }
    fetched(&l, SPAN("{\"to\":7}"), TODAY);
    fetched(&l, SPAN("[]"), TODAY);
    assert_int_equal(look(&l).letters, 0);
    assert_ok(db_number(l.db, &untried, -1, &err, "select count(*) from mail where tried = 0"), &err);
    assert_int_equal(untried, 0);
    assert_int_equal(number(&l, "mail"), 500);
    at_day(&l, TODAY + 15);
    (void)look(&l);
    assert_int_equal(number(&l, "mail"), 0);
    node_clear(&l);
}

static int64_t confirmed_or_stopped(struct node *n, bool stopped)
{
    struct err err = {0};
    int64_t x;
    if (stopped)
        assert_ok(db_number(n->db, &x, 0, &err, "select count(*) from log_evidence where over = 0"), &err);
    else
        assert_ok(db_number(n->db, &x, 0, &err, "select count(*) from seen_head"), &err);
    return x;
}

void test_mailbox__split_view_found_by_letter(void **state)
{
    (void)state;
    struct two p;
    two_make(&p);
    assert_int_equal(confirmed_or_stopped(&p.helper, true), 0);
    log_fill(&p.asker, 3, 0x44); /* the asker was shown another record, signed as well */
    pass_on(&p, &p.asker, p.mine, "what do you see?", TODAY);
    assert_int_equal(confirmed_or_stopped(&p.helper, true), 1);
    assert_int_equal(confirmed_or_stopped(&p.other, true), 0); /* who cannot open it learns nothing */
    assert_int_equal(letters_of(&p.helper, p.theirs).n, 2);
    two_clear(&p);
}

void test_mailbox__a_longer_record_waits_for_the_own_one(void **state)
{
    (void)state;
    struct two p;
    two_make(&p);
    log_fill(&p.asker, 5, 0x44);
    pass_on(&p, &p.asker, p.mine, "later", TODAY);
    assert_int_equal(confirmed_or_stopped(&p.helper, false), 1);
    assert_int_equal(confirmed_or_stopped(&p.helper, true), 0);
    log_fill(&p.helper, 6, 0);
    (void)look(&p.helper);
    assert_int_equal(confirmed_or_stopped(&p.helper, false), 0);
    assert_int_equal(confirmed_or_stopped(&p.helper, true), 1);
    two_clear(&p);
}

/* A backup has no letter and no key that opens one. */
void test_mailbox__a_copy_holds_no_letters(void **state)
{
    (void)state;
    struct two p;
    struct err err = {0};
    two_make(&p);
    (void)write_to(&p.asker, p.mine, "on its way");
    assert_ok(mailbox_copied(p.asker.db, &err) && mailbox_copied(p.helper.db, &err), &err);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(number(p.all[i], "conversation") + number(p.all[i], "letter"), 0);
        assert_int_equal(number(p.all[i], "outbox") + number(p.all[i], "box_key"), 0);
    }
    two_clear(&p);
}

/* With a counsellor ------------------------------------------------------------------------------------- */
struct time {
    struct node member, counsellor;
    struct node *all[3];
    struct box_key key;
    int64_t mine, theirs;
};

static bool counsel_work(struct db *db, void *arg, struct err *err)
{
    bool fresh;
    return mailbox_counsel(db, arg, &fresh, err);
}

/* A time on day `until` that was taken: what the box of it brings to the one side is on the other. */
static void time_make(struct time *t, day_t until)
{
    struct err err = {0};
    struct conversation a = {.side = MAILBOX_ASKER, .name = "R. Hale", .began = TODAY, .keep = until},
                        b = {.side = MAILBOX_HELPER, .name = "", .began = TODAY, .keep = until};
    node_make(&t->member);
    node_make(&t->counsellor);
    t->all[0] = &t->member, t->all[1] = &t->counsellor, t->all[2] = NULL;
    assert_ok(box_key_of(t->counsellor.db, "counsellor", epoch_of(NOON), &t->key, &err), &err);
    rand_bytes(a.k, sizeof a.k);
    memcpy(b.k, a.k, sizeof b.k);
    box_pair(a.own_pk, a.own_secret);
    box_pair(b.own_pk, b.own_secret);
    memcpy(a.box_pk, t->key.pk, 32);
    memcpy(a.their_pk, t->key.pk, 32);
    memcpy(b.box_pk, t->key.pk, 32);
    memcpy(b.their_pk, a.own_pk, 32);
    assert_ok(db_write(t->member.db, counsel_work, &a, &err) &&
                  db_write(t->counsellor.db, counsel_work, &b, &err) &&
                  db_write(t->counsellor.db, counsel_work, &b, &err), /* a second look at the same box */
              &err);
    t->mine = a.id;
    t->theirs = b.id;
    assert_int_equal(number(&t->counsellor, "conversation"), 1);
    assert_true(talk(&t->member).at[0].silent && talk(&t->counsellor).at[0].silent);
}

static void time_clear(struct time *t)
{
    node_clear(&t->member);
    node_clear(&t->counsellor);
}

static void send(struct time *t, struct node *from, int64_t id, const char *text, day_t day)
{
    publish(from, write_to(from, id, text), t->all, day);
    (void)look(&t->member);
    (void)look(&t->counsellor);
}

/* Either may write first, and more than two times can be taken at once. */
void test_mailbox__a_taken_time_begins_a_conversation(void **state)
{
    (void)state;
    for (int first = 0; first < 2; first++) {
        struct time t;
        time_make(&t, TODAY + 30);
        struct node *a = first ? &t.counsellor : &t.member, *b = first ? &t.member : &t.counsellor;
        int64_t in_a = first ? t.theirs : t.mine, in_b = first ? t.mine : t.theirs;
        send(&t, a, in_a, "the first", TODAY);
        send(&t, b, in_b, "the second", TODAY);
        send(&t, a, in_a, "the third", TODAY + 1);
        for (int side = 0; side < 2; side++) {
            struct letters_kept all = letters_of(side ? a : b, side ? in_a : in_b);
            assert_int_equal(all.n, 3);
            assert_true(span_is(all.at[0].text, "the first") && span_is(all.at[1].text, "the second"));
            for (size_t i = 0; i < 3; i++)
                assert_true(!all.at[i].gap && all.at[i].day >= TODAY);
        }
        assert_false(talk(&t.member).at[0].silent || talk(&t.counsellor).at[0].silent);
        time_clear(&t);
    }
}

/* A letter that anybody could seal to the counsellor's key of the week. */
void test_mailbox__no_letter_without_a_time(void **state)
{
    (void)state;
    struct time t;
    int64_t outbox;
    time_make(&t, TODAY + 3);
    (void)begin(&t.member, &t.key, "I have taken no time.", &outbox);
    publish(&t.member, outbox, t.all, TODAY);
    struct mailbox_news news = look(&t.counsellor);
    assert_int_equal(news.first, 0);
    assert_int_equal(number(&t.counsellor, "conversation"), 1);
    assert_int_equal(number(&t.counsellor, "letter"), 0);
    assert_int_equal(number(&t.counsellor, "mail"), 0);
    time_clear(&t);
}

static bool end_work(struct db *db, void *arg, struct err *err)
{
    return mailbox_counsel_end(db, *(int64_t *)arg, true, err);
}

void test_mailbox__given_back_ends_it(void **state)
{
    (void)state;
    struct time t;
    struct err err = {0};
    int64_t outbox;
    time_make(&t, TODAY + 3);
    send(&t, &t.member, t.mine, "the first", TODAY);
    assert_ok(db_write(t.member.db, end_work, &t.mine, &err), &err); /* there is a letter: it stays */
    assert_int_equal(letters_of(&t.member, t.mine).n, 1);
    assert_false(mailbox_send(t.member.db, &t.member.known, t.mine, SPAN("more"), NULL, true, t.member.now,
                              &outbox, &err));
    assert_int_equal(err.code, E_REFUSED);
    err_clear(&err);
    time_clear(&t);
    time_make(&t, TODAY + 3);
    assert_ok(db_write(t.member.db, end_work, &t.mine, &err),
              &err); /* nothing was written: nothing is left */
    assert_int_equal(number(&t.member, "conversation"), 0);
    time_clear(&t);
}

/* Fourteen days after the time, though nothing was written; or after the last letter, when that is later. */
void test_mailbox__a_time_keeps_its_conversation(void **state)
{
    (void)state;
    struct time t;
    time_make(&t, TODAY + 30);
    at_day(&t.member, TODAY + 44);
    (void)look(&t.member);
    assert_int_equal(number(&t.member, "conversation"), 1);
    at_day(&t.member, TODAY + 45);
    (void)look(&t.member);
    assert_int_equal(number(&t.member, "conversation"), 0);
    time_clear(&t);
    time_make(&t, TODAY);
    send(&t, &t.member, t.mine, "the first", TODAY + 5);
    at_day(&t.counsellor, TODAY + 19);
    (void)look(&t.counsellor);
    assert_int_equal(number(&t.counsellor, "letter"), 1);
    at_day(&t.counsellor, TODAY + 20);
    (void)look(&t.counsellor);
    assert_int_equal(number(&t.counsellor, "letter"), 0);
    time_clear(&t);
}
