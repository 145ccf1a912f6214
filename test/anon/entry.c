/* Entries of the record: each kind comes back as it went, and nothing else is taken. */
#include "test/test.h"

#include "anon/entry.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/hash.h"
#include "crypt/merkle.h"
#include "crypt/sign.h"

#include "base/banned.h"

#define W48 20780 /* 2026-11-23, a Monday */

static struct entry genesis(void)
{
    return (struct entry){
        .kind = ENTRY_GENESIS,
        .at = 1795392000,
        .genesis = {.lab = SPAN("Lab of Things"),
                    .by = SPAN("The Works"),
                    .roles = SPAN("both"),
                    .zone = SPAN("Europe/Berlin"),
                    .origin_info = SPAN("127.0.0.1:8080"),
                    .promise = SPAN("127.0.0.1:8080/respite/promise+00000000+AQ=="),
                    .issuer = {.at = {SPAN("http://127.0.0.1:8080")}, .n = 1},
                    .board = {.at = {SPAN("http://127.0.0.1:8080"), SPAN("http://x.onion")}, .n = 2},
                    .log = {.at = {SPAN("127.0.0.1:8080/respite+00000000+AQ==")}, .n = 1},
                    .trial = true}};
}

static struct entry rules(bool trial)
{
    struct entry e = {.kind = ENTRY_RULES,
                      .at = 5,
                      .rules = {.floor = 10,
                                .quota = 64,
                                .letters = 4,
                                .retention = 14,
                                .fetch_from = 600,
                                .fetch_to = 960,
                                .send_from = 540,
                                .send_to = 1080}};
    if (trial)
        e.rules.batch = 3;
    else
        e.rules.slot[0] = 6, e.rules.slot[1] = 12, e.rules.slot[2] = 18, e.rules.slots = 3;
    return e;
}

static struct entry key(bool survey)
{
    struct entry e = {.kind = ENTRY_KEY,
                      .at = 7,
                      .key = {.survey = survey,
                              .windows = epoch_windows(W48),
                              .challenge = SPAN("\0\2\0\1x\0\0\0"),
                              .spki = {0x30, 0x82},
                              .crowd = {1, 2}}};
    if (survey)
        memset(e.key.id_of, 0xab, sizeof e.key.id_of);
    else
        e.key.epoch = W48;
    return e;
}

static struct entry batch(bool answers)
{
    struct entry e = {.kind = ENTRY_BATCH,
                      .batch = {.series = answers ? SPAN("answers") : SPAN("board"),
                                .n = 4,
                                .slot = 2,
                                .count = 12,
                                .day = W48 + 1}};
    if (answers) {
        memset(e.batch.survey, 7, sizeof e.batch.survey);
        return e;
    }
    e.batch.keys = 2;
    e.batch.key[0].epoch = W48 - 7, e.batch.key[0].n = 5;
    e.batch.key[1].epoch = W48, e.batch.key[1].n = 7;
    return e;
}

/* Write it, read it, write what was read: the same bytes. */
static struct entry again(const struct entry *e, struct arena *arena, struct span *text)
{
    struct err err = {0};
    struct entry read = {0};
    AUTO_BUF struct buf a, b;
    buf_init(&a, ENTRY_MOST);
    buf_init(&b, ENTRY_MOST);
    assert_ok(entry_write(e, &a, &err), &err);
    *text = arena_span(arena, buf_span(&a));
    assert_ok(entry_read(*text, arena, &read, &err), &err);
    assert_int_equal(read.kind, e->kind);
    assert_int_equal(read.at, e->at);
    assert_true(span_eq(read.bytes, *text));
    assert_ok(entry_write(&read, &b, &err), &err);
    assert_true(span_eq(buf_span(&b), *text));
    return read;
}

void test_entry__each_kind_comes_back_as_it_went(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct span text;
    struct entry e = genesis(), r = again(&e, arena, &text);
    assert_span(r.genesis.lab, "Lab of Things");
    assert_span(r.genesis.board.at[1], "http://x.onion");
    assert_true(r.genesis.trial);
    e = rules(false), r = again(&e, arena, &text);
    assert_int_equal(r.rules.slots, 3);
    assert_int_equal(r.rules.slot[2], 18);
    assert_int_equal(r.rules.fetch_to, 960);
    e = rules(true), r = again(&e, arena, &text);
    assert_int_equal(r.rules.batch, 3);
    assert_int_equal(r.rules.slots, 0);
    e = key(false), r = again(&e, arena, &text);
    assert_int_equal(r.key.epoch, W48);
    assert_int_equal(r.key.challenge.n, 8);
    uint8_t hash[32];
    hash_sha256(SPAN("\0\2\0\1x\0\0\0"), hash);
    assert_memory_equal(r.key.digest, hash, 32);
    hash_sha256((struct span){(const char *)e.key.spki, 342}, hash);
    assert_memory_equal(r.key.key_id, hash, 32);
    e = key(true), r = again(&e, arena, &text);
    assert_true(r.key.survey);
    assert_int_equal(r.key.id_of[15], 0xab);
    e = batch(false), r = again(&e, arena, &text);
    assert_int_equal(r.batch.keys, 2);
    assert_int_equal(r.batch.key[1].n, 7);
    e = batch(true), r = again(&e, arena, &text);
    assert_int_equal(r.batch.survey[0], 7);
}

void test_entry__small_kinds_come_back_as_they_went(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct span text;
    struct entry small[] = {
        {.kind = ENTRY_ROSTER, .at = 9, .list = {.epoch = W48, .n = 12, .root = {3}}},
        {.kind = ENTRY_OPEN, .at = 9, .list = {.epoch = W48, .n = 11, .root = {4}}},
        {.kind = ENTRY_CLOSE, .at = 9, .close = {.epoch = W48, .members = 12, .issued = 768, .spent = -1}},
        {.kind = ENTRY_CLOSE, .at = 9, .close = {.epoch = W48, .members = -1, .issued = -1, .spent = 0}},
        {.kind = ENTRY_CLOSE,
         .at = 9,
         .close = {.survey = true, .id_of = {1}, .members = 3, .issued = 0, .spent = -1}},
        {.kind = ENTRY_ACT, .act = {.c = {5}}},
        {.kind = ENTRY_ANSWER, .act = {.c = {5}, .survey = {6}}},
        {.kind = ENTRY_PEER,
         .at = 9,
         .peer = {.note = SPAN("a\n1\nb\n\n— c d\n"), .has_epoch = true, .epoch = W48}},
        {.kind = ENTRY_PEER, .at = 9, .peer = {.note = SPAN("x")}},
        {.kind = ENTRY_BREAK, .at = 9, .broken = {.size = 70000, .root = {1}, .reason = SPAN("fire\nwater")}},
    };
    for (size_t i = 0; i < sizeof small / sizeof *small; i++)
        again(&small[i], arena, &text);
}

void test_entry__the_leaf_of_an_act_is_that_of_its_entry(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct entry e = {.kind = ENTRY_ACT};
    uint8_t leaf[32], other[32];
    struct span text;
    for (size_t i = 0; i < 32; i++)
        e.act.c[i] = (uint8_t)(i * 9 + 200);
    again(&e, arena, &text);
    AUTO_BUF struct buf out;
    buf_init(&out, 100);
    entry_act_leaf(e.act.c, &out, leaf);
    assert_true(span_eq(buf_span(&out), text));
    merkle_leaf(text, other);
    assert_memory_equal(leaf, other, 32);
}

static bool takes(const json_t *o)
{
    struct err err = {0};
    struct entry e;
    struct arena *AUTO_ARENA arena = arena_new();
    AUTO_BUF struct buf text;
    buf_init(&text, ENTRY_MOST);
    assert_ok(canon_write(o, &text, &err), &err);
    bool read = entry_read(buf_span(&text), arena, &e, &err);
    assert_int_equal(read, err.code == E_NONE);
    return read;
}

/* Without any one of its members, with one more, or with one of another type, it is refused. */
static void shaken(struct entry e)
{
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct span text;
    const char *name;
    json_t *v;
    again(&e, arena, &text);
    AUTO_JSON json_t *o = NULL;
    assert_ok(canon_read(text, ENTRY_MOST, &o, &err), &err);
    json_object_foreach(o, name, v)
    {
        AUTO_JSON json_t *less = json_copy(o);
        assert_int_equal(json_object_del(less, name), 0);
        if (strcmp(name, "t") != 0 && takes(less)) {
            print_error("%s without %s was taken\n", text.p, name);
            assert_true(false);
        }
        if (strcmp(name, "t") == 0)
            continue;
        AUTO_JSON json_t *typed = json_copy(o);
        json_object_set_new(typed, name, json_is_string(v) ? json_integer(1) : json_string("?"));
        assert_false(takes(typed));
    }
    json_object_set_new(o, "zzz", json_true());
    assert_false(takes(o));
}

void test_entry__what_is_missing_extra_or_of_another_type_is_refused(void **state)
{
    (void)state;
    shaken(genesis());
    shaken(rules(false));
    shaken(rules(true));
    shaken(key(false));
    shaken(key(true));
    shaken(batch(false));
    shaken(batch(true));
    shaken((struct entry){.kind = ENTRY_ROSTER, .list = {.epoch = W48, .n = 12}});
    shaken((struct entry){.kind = ENTRY_CLOSE, .close = {.epoch = W48, .spent = -1}});
    shaken((struct entry){.kind = ENTRY_ACT});
    shaken((struct entry){.kind = ENTRY_ANSWER});
    shaken((struct entry){.kind = ENTRY_BREAK});
}

static bool text_taken(const char *text)
{
    struct err err = {0};
    struct entry e;
    struct arena *AUTO_ARENA arena = arena_new();
    return entry_read(span_of(text), arena, &e, &err);
}

void test_entry__other_kinds_are_kept_with_their_time(void **state)
{
    (void)state;
    struct err err = {0};
    struct entry e = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    assert_ok(entry_read(SPAN("{\"at\":17,\"from\":{},\"t\":\"quiet\"}"), arena, &e, &err), &err);
    assert_int_equal(e.kind, ENTRY_OTHER);
    assert_int_equal(e.at, 17);
    assert_span(e.t, "quiet");
    assert_ok(entry_read(SPAN("{\"at\":17,\"closes\":1,\"t\":\"survey\"}"), arena, &e, &err), &err);
    assert_int_equal(e.kind, ENTRY_SURVEY);
    assert_false(text_taken("{\"t\":\"quiet\"}"));
    assert_false(text_taken("{\"at\":-1,\"t\":\"quiet\"}"));
    assert_false(text_taken("{\"at\":1}"));
    assert_false(text_taken("{\"at\":1,\"t\":\"a\\nb\"}"));
    assert_false(text_taken("[]"));
    assert_false(text_taken("{\"at\":1, \"t\":\"quiet\"}"));
    assert_false(text_taken(""));
}

void test_entry__a_key_in_an_entry_has_signed_it(void **state)
{
    (void)state;
    struct sign_key key;
    uint8_t seed[32] = {9}, pk[32], sig[64];
    struct err err = {0};
    sign_key_init(&key, seed);
    sign_public(&key, pk);
    AUTO_JSON json_t *o = json_pack("{s:s,s:s,s:s,s:s}", "from", "2026-11-03", "name", "Ada", "t",
                                    "moderator", "to", "2027-05-01");
    assert_true(canon_put_b64(o, "pk", pk, 32));
    AUTO_BUF struct buf text;
    buf_init(&text, 1000);
    buf_add_text(&text, "respite/moderator/v1\n");
    assert_ok(canon_write(o, &text, &err), &err);
    sign(&key, buf_span(&text), sig);
    assert_true(canon_put_b64(o, "proof", sig, 64));
    assert_false(takes(o));                        /* no time */
    json_object_set_new(o, "at", json_integer(3)); /* of the lab, after the key's holder signed */
    assert_true(takes(o));
    json_object_set_new(o, "name", json_string("Eve"));
    assert_false(takes(o));
    json_object_set_new(o, "name", json_string("Ada"));
    json_object_set_new(o, "t", json_string("voucher"));
    assert_false(takes(o));
    json_object_del(o, "pk");
    assert_false(takes(o));
}

void test_entry__numbers_and_lists_have_their_bounds(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_BUF struct buf out;
    struct arena *AUTO_ARENA arena = arena_new();
    struct entry read, e = rules(false);
    buf_init(&out, ENTRY_MOST);
    e.rules.slot[1] = 6; /* not ascending */
    assert_ok(entry_write(&e, &out, &err), &err);
    assert_false(entry_read(buf_span(&out), arena, &read, &err));
    struct entry bad[] = {batch(false), batch(false), rules(false), rules(true), key(false)};
    bad[0].batch.count = ENTRY_ACTS_MOST + 1;
    bad[1].batch.key[0].n = 0;
    bad[2].rules.send_to = bad[2].rules.send_from;
    bad[3].rules.quota = 65;
    bad[4].key.windows.issue_from = -1;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err_clear(&err);
        buf_reset(&out);
        assert_ok(entry_write(&bad[i], &out, &err), &err);
        assert_false(entry_read(buf_span(&out), arena, &read, &err));
    }
    err_clear(&err);
    assert_false(entry_write(&(struct entry){.kind = ENTRY_OTHER}, &out, &err));
    err_clear(&err);
    assert_false(entry_write(&(struct entry){.kind = ENTRY_SURVEY}, &out, &err));
}

void test_entry__without_memory_there_is_one_sentence(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_BUF struct buf text;
    buf_init(&text, ENTRY_MOST);
    struct entry e = genesis();
    assert_ok(entry_write(&e, &text, &err), &err);
    for (size_t nth = 1;; nth++) {
        struct err mine = {0};
        struct entry read;
        AUTO_BUF struct buf out;
        struct arena *AUTO_ARENA arena = arena_new();
        buf_init(&out, ENTRY_MOST);
        mem_fail_at(nth, true);
        bool done = entry_read(buf_span(&text), arena, &read, &mine) && entry_write(&read, &out, &mine);
        size_t asked = mem_asked();
        mem_fail_at(0, false);
        assert_true(done || mine.code == E_MEMORY);
        if (done && asked < nth)
            break;
    }
}
