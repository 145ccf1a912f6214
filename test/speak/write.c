/* speak/write.c: what goes into the outbox, and under which keys. */
#include "test/test.h"

#include "anon/anon_db.h"
#include "anon/item.h"
#include "anon/outbox_db.h"
#include "anon/spend.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "io/migrate.h"
#include "speak/board_keep.h"
#include "speak/drafts.h"
#include "speak/speak_room.h"
#include "speak/write.h"
#include "ui/room.h"

#include "base/banned.h"

enum { NOW = 1795651200 };
struct desk {
    struct db *db;
    struct arena *arena;
    struct known known;
    int64_t index;
};

static void desk_make(struct desk *d)
{
    struct err err = {0};
    *d = (struct desk){.arena = arena_new(), .index = 10};
    d->known = (struct known){.board_origin = "lab.example", .trial = true};
    memset(d->known.threads, 7, sizeof d->known.threads);
    struct migration_set sets[] = {{"anon", anon_migrations}, {"speak", speak_room.migrations}};
    assert_ok(db_open(&d->db, ":memory:", &err) && migrate(d->db, sets, 2, NODE, NULL, &err), &err);
}

static void desk_clear(struct desk *d)
{
    db_close(d->db);
    arena_free(d->arena);
}

/* A thread of somebody else's, as it was fetched. */
static void fetched(struct desk *d, uint8_t id)
{
    struct err err = {0};
    uint8_t id_all[16] = {id}, key[32] = {id};
    assert_ok(
        db_run(
            d->db, &err,
            "insert into item(id, kind, day, series, n, idx, thread, pk, json) values ($1, 'thread', 20000, "
            "'board', 1, $2, $1, $3, '{\"act\":{\"room\":\"\",\"text\":\"a "
            "word\",\"title\":\"\"},\"kind\":\"thread\"}')",
            V_BLOB(span_bytes(id_all, 16)), V_INT(d->index++), V_BLOB(span_bytes(key, 32))),
        &err);
}

static struct outbox_act last(struct desk *d)
{
    struct outbox all = {0};
    struct err err = {0};
    assert_ok(outbox_list(d->db, d->arena, -1, &all, &err), &err);
    assert_true(all.n > 0);
    return all.at[all.n - 1];
}

static bool write_text(struct desk *d, const char *text, const uint8_t *thread, struct err *err)
{
    struct writing w = {
        .text = span_of(text), .title = SPAN(""), .part = SPAN(""), .is_reply = thread != NULL};
    int64_t id;
    if (thread)
        memcpy(w.thread, thread, 16);
    return writing_put(d->db, d->arena, &d->known, &w, NOW, &id, err);
}

/* As if it had been sent: its item and the epoch of its key are known. */
static void was_sent(struct desk *d, int64_t id, uint8_t item, day_t epoch)
{
    struct err err = {0};
    uint8_t id_all[16] = {item};
    assert_ok(db_run(d->db, &err,
                     "update outbox set item = $2, tries = 1, state = 2, key_epoch = $3 where id = $1",
                     V_INT(id), V_BLOB(span_bytes(id_all, 16)), V_INT(epoch)),
              &err);
}

void test_write__metoo_one_time_key(void **state)
{
    (void)state;
    struct desk d;
    struct err err = {0};
    int64_t id;
    desk_make(&d);
    fetched(&d, 1);
    assert_ok(metoo_put(d.db, d.arena, &d.known, (uint8_t[16]){1}, false, NOW, &id, &err), &err);
    struct outbox_act act = last(&d);
    assert_true(span_is(act.kind, "metoo"));
    assert_false(act.has_thread || act.keep_key ||
                 act.begins); /* no bytes that a key could be made of again */
    assert_int_equal(act.key_epoch, 0);
    assert_false(metoo_put(d.db, d.arena, &d.known, (uint8_t[16]){1}, false, NOW, &id, &err)); /* once */
    assert_int_equal(err.code, E_REFUSED);
    err_clear(&err);
    assert_false(metoo_put(d.db, d.arena, &d.known, (uint8_t[16]){2}, false, NOW, &id, &err));
    assert_int_equal(err.code, E_MISSING);
    desk_clear(&d);
}

/* Two threads of one person have nothing in common: the bytes their keys are made of are drawn apart. */
void test_write__two_threads_share_no_bytes(void **state)
{
    (void)state;
    struct desk d;
    struct err err = {0};
    struct sign_key key;
    uint8_t pk[4][32];
    desk_make(&d);
    for (int i = 0; i < 2; i++) {
        assert_ok(write_text(&d, "A thread.", NULL, &err), &err);
        struct outbox_act act = last(&d);
        assert_true(act.has_thread && act.begins);
        for (int week = 0; week < 2; week++) {
            item_thread_key(d.known.threads, act.thread, epoch_of(NOW) + 7 * week, &key);
            sign_public(&key, pk[2 * i + week]);
        }
        for (int k = 0; i && k < 16; k++)
            assert_true(act.salt[k] || true);
    }
    struct outbox all = {0};
    assert_ok(outbox_list(d.db, d.arena, -1, &all, &err), &err);
    assert_memory_not_equal(all.at[0].thread, all.at[1].thread, 16);
    assert_memory_not_equal(all.at[0].salt, all.at[1].salt, 16);
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < i; k++)
            for (int at = 0; at + 4 <= 32; at++)
                assert_memory_not_equal(pk[i] + at, pk[k] + at, 4);
    desk_clear(&d);
}

void test_write__what_cannot_be_said(void **state)
{
    (void)state;
    struct desk d;
    static char large[WRITE_MOST + 2];
    desk_make(&d);
    memset(large, 'x', sizeof large - 1);
    static const struct {
        const char *text;
        enum err_code code;
    } all[] = {{"", E_FORMAT},         {" \n ", E_FORMAT},   {"a\u202eb", E_FORMAT}, {"a\u200bb", E_NONE},
               {"\xff\xfe", E_FORMAT}, {"a\u00adb", E_NONE}, {large, E_LIMIT},       {"a\tb\r\nc  ", E_NONE}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct err err = {0};
        bool good = write_text(&d, all[i].text, NULL, &err);
        assert_int_equal(err.code, all[i].code);
        assert_true(good == (err.code == E_NONE));
    }
    struct span text;
    struct err err = {0};
    struct outbox_act act = last(&d);
    assert_ok(act_text(d.arena, &act, &text, &err), &err);
    assert_true(span_is(text, "a b\nc"));
    assert_false(write_text(&d, "An answer.", (uint8_t[16]){9}, &err));
    assert_int_equal(err.code, E_MISSING);
    err_clear(&err);
    fetched(&d, 9);
    assert_ok(write_text(&d, "An answer.", (uint8_t[16]){9}, &err), &err);
    act = last(&d);
    assert_true(span_is(act.kind, "reply") && act.has_thread && !act.begins && act.thread[0] == 9);
    desk_clear(&d);
}

/* Signed by the key of the week in which the post was written, whatever week it is now. */
void test_write__taking_back_goes_by_the_old_name(void **state)
{
    (void)state;
    struct desk d;
    struct err err = {0};
    int64_t id;
    bool yes;
    day_t then = epoch_of(NOW) - 7;
    desk_make(&d);
    fetched(&d, 9);
    assert_false(
        retract_put(d.db, d.arena, &d.known, (uint8_t[16]){9}, false, NOW, &id, &err)); /* not one's own */
    assert_int_equal(err.code, E_REFUSED);
    err_clear(&err);
    assert_ok(write_text(&d, "Mine.", (uint8_t[16]){9}, &err), &err);
    was_sent(&d, last(&d).id, 5, then);
    assert_ok(name_to_keep(d.db, (uint8_t[16]){9}, NOW, &yes, &err), &err);
    assert_true(yes);
    assert_ok(retract_put(d.db, d.arena, &d.known, (uint8_t[16]){5}, false, NOW, &id, &err), &err);
    struct outbox_act act = last(&d);
    assert_true(span_is(act.kind, "retract") && act.has_thread && act.thread[0] == 9);
    assert_int_equal(act.key_epoch, then);
    assert_false(retract_put(d.db, d.arena, &d.known, (uint8_t[16]){5}, false, NOW, &id, &err)); /* once */
    err_clear(&err);
    bool there;
    assert_ok(outbox_cancel(d.db, act.id, &there, &err), &err);
    assert_true(there);
    assert_ok(outbox_cancel(d.db, act.id, &there, &err), &err);
    assert_false(there);
    assert_ok(retract_put(d.db, d.arena, &d.known, (uint8_t[16]){5}, false, NOW, &id, &err), &err);
    desk_clear(&d);
}

static void state_is(struct desk *d, int64_t id, enum act_state state)
{
    struct err err = {0};
    assert_ok(
        db_run(d->db, &err, "update outbox set state = $2, tries = 1 where id = $1", V_INT(id), V_INT(state)),
        &err);
}

/* What was to leave at once is said to have left when it did. */
void test_write__what_was_not_taken_has_not_left(void **state)
{
    (void)state;
    struct desk d;
    struct err err = {0};
    const char *said = NULL;
    desk_make(&d);
    assert_ok(write_text(&d, "Mine.", NULL, &err), &err);
    int64_t id = last(&d).id;
    state_is(&d, id, ACT_KEPT);
    assert_ok(act_left(d.db, d.arena, id, "It has left.", &said, &err), &err);
    assert_string_equal(said, "It has left.");
    state_is(&d, id, ACT_TRIED);
    assert_ok(act_left(d.db, d.arena, id, "It has left.", &said, &err), &err);
    assert_non_null(strstr(said, "tried again"));
    state_is(&d, id, ACT_REFUSED);
    assert_false(act_left(d.db, d.arena, id, "It has left.", &said, &err));
    assert_int_equal(err.code, E_REFUSED);
    assert_non_null(strstr(err.text, "--resend 1`"));
    err_clear(&err);
    state_is(&d, id, ACT_GIVEN_UP);
    assert_false(act_left(d.db, d.arena, id, "It has left.", &said, &err));
    err_clear(&err);
    assert_false(act_left(d.db, d.arena, id + 1, "It has left.", &said, &err));
    assert_int_equal(err.code, E_MISSING);
    desk_clear(&d);
}

/* The name of this week in a thread was muted there: no pass goes for an answer under it. In another thread,
 * and with the name of another week, the same person answers. */
void test_write__a_muted_name_spends_nothing(void **state)
{
    (void)state;
    struct desk d;
    struct err err = {0};
    struct outbox all = {0};
    desk_make(&d);
    fetched(&d, 1);
    fetched(&d, 2);
    assert_ok(write_text(&d, "You are lying.", (uint8_t[16]){1}, &err), &err);
    was_sent(&d, last(&d).id, 9, epoch_of(NOW));
    assert_ok(write_text(&d, "Not muted yet.", (uint8_t[16]){1}, &err), &err);
    assert_ok(db_run(d.db, &err,
                     "insert into moderation(idx, target, act, reason, who, day) values (7, $1, $2, 'rude', "
                     "'S. Okoro', 20000)",
                     V_BLOB(span_bytes((uint8_t[16]){9}, 16)), V_INT(MODERATION_MUTE)),
              &err);
    assert_false(write_text(&d, "And you know it.", (uint8_t[16]){1}, &err));
    assert_int_equal(err.code, E_REFUSED);
    err_clear(&err);
    assert_ok(outbox_list(d.db, d.arena, -1, &all, &err), &err);
    assert_int_equal(all.n, 2);
    assert_ok(write_text(&d, "Another matter.", (uint8_t[16]){2}, &err), &err);
    assert_ok(
        db_run(d.db, &err, "update outbox set key_epoch = $1 where tries > 0", V_INT(epoch_of(NOW) - 7)),
        &err);
    assert_ok(write_text(&d, "Under this week's name.", (uint8_t[16]){1}, &err), &err);
    desk_clear(&d);
}

/* Posted again only when the first one cannot have arrived. */
void test_write__again_when_it_was_not_taken(void **state)
{
    (void)state;
    struct desk d;
    struct err err = {0};
    int64_t fresh;
    desk_make(&d);
    assert_ok(write_text(&d, "Mine.", NULL, &err), &err);
    int64_t id = last(&d).id;
    assert_false(spend_again(d.db, &d.known, id, NOW, &fresh, &err)); /* it waits */
    err_clear(&err);
    assert_ok(db_run(d.db, &err, "update outbox set state = 4, tries = 3, last_try = $1, leaf = zeroblob(32)",
                     V_INT(NOW)),
              &err);
    assert_false(
        spend_again(d.db, &d.known, id, NOW + 3600, &fresh, &err)); /* its answers may have been lost */
    err_clear(&err);
    assert_ok(db_run(d.db, &err, "update outbox set state = 3"), &err);
    assert_ok(spend_again(d.db, &d.known, id, NOW + 3600, &fresh, &err), &err);
    struct outbox all = {0};
    assert_ok(outbox_list(d.db, d.arena, -1, &all, &err), &err);
    assert_int_equal(all.n, 2);
    assert_true(all.at[0].told && !all.at[1].told && all.at[1].begins);
    assert_memory_not_equal(all.at[0].thread, all.at[1].thread, 16);
    assert_true(span_eq(all.at[0].act, all.at[1].act));
    desk_clear(&d);
}

void test_write__notes_are_kept_and_bounded(void **state)
{
    (void)state;
    struct desk d;
    struct err err = {0};
    struct draft draft = {.day = 20000, .text = SPAN("one"), .part = SPAN("")};
    struct drafts all = {0};
    int64_t id, other;
    bool there;
    desk_make(&d);
    assert_ok(draft_put(d.db, &draft, &id, &err), &err);
    draft = (struct draft){
        .id = id, .day = 20001, .text = SPAN("two"), .part = SPAN("p"), .is_reply = true, .thread = {3}};
    assert_ok(draft_put(d.db, &draft, &other, &err), &err);
    assert_int_equal(id, other);
    assert_ok(drafts_list(d.db, d.arena, id, &all, &err), &err);
    assert_true(all.n == 1 && span_is(all.at[0].text, "two") && all.at[0].is_reply &&
                all.at[0].thread[0] == 3);
    draft.text = SPAN(" ");
    assert_false(draft_put(d.db, &draft, &other, &err));
    err_clear(&err);
    draft.text = SPAN("\xff");
    assert_false(draft_put(d.db, &draft, &other, &err));
    err_clear(&err);
    assert_ok(draft_drop(d.db, id, &there, &err), &err);
    assert_true(there);
    assert_ok(draft_drop(d.db, id, &there, &err), &err);
    assert_false(there);
    desk_clear(&d);
}
