/* Acts and their receipts: what is signed is what is read, in one of three sizes, and a changed byte
 * anywhere is refused. */
#include "test/test.h"

#include <stdlib.h>

#include "anon/entry.h"
#include "anon/item.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/note_sig.h"
#include "crypt/hash.h"

#include "base/banned.h"

#define W48 20780

static struct sign_key key_of(uint8_t n)
{
    struct sign_key key;
    uint8_t seed[32] = {n};
    sign_key_init(&key, seed);
    return key;
}

static const uint8_t pass[32] = {1, 2, 3}, head[32] = {4, 5, 6};

static void make(json_t *act, struct buf *out)
{
    struct err err = {0};
    struct sign_key key = key_of(7);
    struct item_draft draft = {SPAN("reply"), SPAN("127.0.0.1:8080"), {9, 9}, act};
    buf_init(out, ITEM_LARGE);
    assert_ok(item_make(&draft, pass, head, &key, out, &err), &err);
}

void test_item__made_padded_unpadded_and_read(void **state)
{
    (void)state;
    struct err err = {0};
    struct problem p = {0};
    AUTO_JSON json_t *act = json_pack("{s:s,s:s}", "text", "ça va\n", "thread", "00");
    AUTO_BUF struct buf body;
    AUTO_ITEM struct item item = {0};
    struct span bytes;
    make(act, &body);
    size_t n = body.n;
    assert_ok(item_pad(&body, 0, &err), &err);
    assert_int_equal(body.n, ITEM_SMALL);
    assert_true(item_unpad(buf_span(&body), &bytes, &p));
    assert_int_equal(bytes.n, n);
    assert_ok(item_read(bytes, &item, &p, &err), &err);
    assert_span(item.kind, "reply");
    assert_span(item.lab, "127.0.0.1:8080");
    assert_memory_equal(item.pass, pass, 32);
    assert_memory_equal(item.head, head, 32);
    assert_true(json_equal(item.act, act));
    uint8_t c[32], leaf[32];
    hash_sha256(bytes, c);
    assert_memory_equal(item.c, c, 32);
    entry_act_leaf(c, NULL, leaf);
    assert_memory_equal(item.leaf, leaf, 32);
    assert_memory_equal(item.id, leaf, 16);
}

void test_item__the_signature_is_over_the_object_without_it(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_JSON json_t *act = json_pack("{s:s}", "text", "x"), *o = NULL;
    AUTO_BUF struct buf body, text;
    uint8_t sig[64], pk[32];
    struct sign_key key = key_of(7);
    make(act, &body);
    assert_ok(canon_read(buf_span(&body), ITEM_LARGE, &o, &err), &err);
    assert_ok(canon_b64(o, "sig", sig, 64, &err), &err);
    json_object_del(o, "sig");
    buf_init(&text, ITEM_LARGE);
    buf_add_text(&text, "respite/act/v1\n");
    assert_ok(canon_write(o, &text, &err), &err);
    sign_public(&key, pk);
    assert_true(sign_good(pk, buf_span(&text), sig));
}

void test_item__every_changed_byte_is_refused(void **state)
{
    (void)state;
    AUTO_JSON json_t *act = json_pack("{s:s}", "text", "Ein Satz.");
    AUTO_BUF struct buf body;
    make(act, &body);
    for (size_t i = 0; i < body.n; i++)
        for (unsigned flip = 1; flip < 256; flip *= 2) {
            struct err err = {0};
            struct problem p = {0};
            AUTO_ITEM struct item item = {0};
            body.p[i] = (char)(body.p[i] ^ (char)flip);
            bool read = item_read(buf_span(&body), &item, &p, &err);
            body.p[i] = (char)(body.p[i] ^ (char)flip);
            assert_false(read);
            assert_int_equal(err.code, E_NONE);
            assert_true(p.type == PROBLEM_BAD_JSON || p.type == PROBLEM_BAD_FIELD ||
                        p.type == PROBLEM_BAD_SIG);
        }
}

/* The problem that one change of the object makes; "v" of NULL takes the member out. */
static enum problem_type after(const char *name, json_t *v)
{
    struct err err = {0};
    struct problem p = {0};
    AUTO_JSON json_t *act = json_pack("{s:s}", "text", "x"), *o = NULL;
    AUTO_BUF struct buf body, text;
    AUTO_ITEM struct item item = {0};
    make(act, &body);
    assert_ok(canon_read(buf_span(&body), ITEM_LARGE, &o, &err), &err);
    if (v)
        json_object_set_new(o, name, v);
    else
        json_object_del(o, name);
    buf_init(&text, ITEM_LARGE);
    assert_ok(canon_write(o, &text, &err), &err);
    assert_false(item_read(buf_span(&text), &item, &p, &err));
    assert_int_equal(err.code, E_NONE);
    return p.type;
}

void test_item__members_are_these_and_no_others(void **state)
{
    (void)state;
    const char *names[] = {"act", "head", "kind", "lab", "pass", "pk", "salt", "sig", "v"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(after(names[i], NULL), PROBLEM_BAD_FIELD);
        assert_int_equal(after(names[i], json_true()), PROBLEM_BAD_FIELD);
    }
    assert_int_equal(after("more", json_integer(1)), PROBLEM_BAD_JSON);
    assert_int_equal(after("v", json_integer(2)), PROBLEM_BAD_FIELD);
    assert_int_equal(after("kind", json_string("")), PROBLEM_BAD_FIELD);
    assert_int_equal(after("kind", json_string("seventeen letters")), PROBLEM_BAD_FIELD);
    assert_int_equal(after("head", json_string("AAAA")), PROBLEM_BAD_FIELD);
    assert_int_equal(after("lab", json_string("elsewhere")), PROBLEM_BAD_SIG);
    assert_int_equal(after("act", json_object()), PROBLEM_BAD_SIG);
}

void test_item__bodies_have_three_sizes(void **state)
{
    (void)state;
    static const size_t sizes[] = {ITEM_SMALL, ITEM_MIDDLE, ITEM_LARGE};
    struct err err = {0};
    struct span bytes;
    char *room = mem_get(ITEM_LARGE + 1);
    memset(room, 'x', ITEM_LARGE + 1);
    for (size_t i = 0; i < 3; i++)
        for (int off = -1; off <= 1; off++) {
            struct problem p = {0};
            bool good = item_unpad((struct span){room, sizes[i] + (size_t)off}, &bytes, &p);
            assert_int_equal(good, off == 0);
            assert_int_equal(p.type, good ? PROBLEM_NONE : PROBLEM_BAD_SIZE);
            AUTO_BUF struct buf b;
            buf_init(&b, ITEM_LARGE + 1);
            buf_add(&b, (struct span){room, sizes[i] + (size_t)off});
            size_t want = off <= 0 ? sizes[i] : i < 2 ? sizes[i + 1] : 0;
            assert_int_equal(item_pad(&b, 0, &err), want > 0);
            assert_int_equal(err.code, want ? E_NONE : E_LIMIT);
            assert_true(!want || b.n == want);
            err_clear(&err);
        }
    AUTO_BUF struct buf b;
    buf_init(&b, ITEM_LARGE);
    buf_add_text(&b, "x");
    assert_ok(item_pad(&b, ITEM_MIDDLE, &err), &err);
    assert_int_equal(b.n, ITEM_MIDDLE);
    mem_free(room);
}

void test_item__one_byte_over_the_largest_is_not_made(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_JSON json_t *act = json_pack("{s:s}", "text", "");
    AUTO_BUF struct buf body, more;
    struct sign_key key = key_of(7);
    make(act, &body);
    size_t left = ITEM_LARGE - body.n;
    char *text = mem_get(left + 2);
    memset(text, 'a', left);
    json_object_set_new(act, "text", json_string(text));
    struct item_draft draft = {SPAN("reply"), SPAN("127.0.0.1:8080"), {9, 9}, act};
    buf_init(&more, ITEM_LARGE);
    assert_ok(item_make(&draft, pass, head, &key, &more, &err), &err);
    assert_int_equal(more.n, ITEM_LARGE);
    text[left] = 'a';
    json_object_set_new(act, "text", json_string(text));
    buf_reset(&more);
    assert_false(item_make(&draft, pass, head, &key, &more, &err));
    assert_int_equal(err.code, E_LIMIT);
    assert_int_equal(more.n, 0);
    mem_free(text);
}

void test_item__keys_of_a_thread_differ_by_thread_and_epoch(void **state)
{
    (void)state;
    uint8_t secret[32] = {1}, a[16] = {1}, b[16] = {2}, pk[3][32], expect[32], seed[32];
    struct sign_key key;
    item_thread_key(secret, a, W48, &key);
    sign_public(&key, pk[0]);
    item_thread_key(secret, a, W48 + 7, &key);
    sign_public(&key, pk[1]);
    item_thread_key(secret, b, W48, &key);
    sign_public(&key, pk[2]);
    assert_memory_not_equal(pk[0], pk[1], 32);
    assert_memory_not_equal(pk[0], pk[2], 32);
    hash_hkdf(secret, SPAN("respite/thread/v1\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0002026-W48"), seed);
    sign_key_init(&key, seed);
    sign_public(&key, expect);
    assert_memory_equal(pk[0], expect, 32);
    hash_sha256(SPAN("respite/name/v1\n\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                     "\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
                expect);
    assert_int_equal(item_name(a, (const uint8_t[32]){2}), expect[0]);
}

void test_item__ids_as_hex(void **state)
{
    (void)state;
    uint8_t id[16] = {0, 1, 0xfe, 0xff}, back[16];
    char text[33];
    item_hex(id, text);
    assert_string_equal(text, "0001feff000000000000000000000000");
    assert_true(item_hex_read(span_of(text), back));
    assert_memory_equal(id, back, 16);
    assert_false(item_hex_read(SPAN("0001FEFF000000000000000000000000"), back));
    assert_false(item_hex_read(SPAN("0001feff00000000000000000000000"), back));
    assert_false(item_hex_read(SPAN("0001feff0000000000000000000000000"), back));
}

/* A promise with its vkey. */
static void promised(struct span origin, uint8_t seed, const struct promise *promise, struct buf *note,
                     struct buf *vkey)
{
    struct err err = {0};
    struct sign_key key = key_of(seed);
    AUTO_BUF struct buf name;
    buf_init(&name, 300);
    buf_init(note, 2000);
    buf_init(vkey, 500);
    buf_printf(&name, "%.*s/promise", SPAN_ARG(origin));
    struct note_sig_key by = {.name = buf_span(&name), .kind = NOTE_SIG_PLAIN};
    sign_public(&key, by.pk);
    sign_key_id(by.name, NOTE_SIG_PLAIN, by.pk, by.id);
    note_sig_key_write(vkey, &by);
    assert_ok(promise_write(origin, &key, promise, note, &err), &err);
}

void test_item__a_receipt_holds_a_promise_that_its_key_signed(void **state)
{
    (void)state;
    struct err err = {0};
    struct span origin = SPAN("127.0.0.1:8080/respite"), kept;
    struct promise promise = {W48 + 2, {7, 7}}, read = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    uint8_t id[16] = {3}, back[16] = {0};
    AUTO_BUF struct buf note, vkey, other, other_vkey, body;
    promised(origin, 1, &promise, &note, &vkey);
    promised(origin, 2, &promise, &other, &other_vkey);
    assert_true(span_starts(buf_span(&note), SPAN("127.0.0.1:8080/respite/promise\npromise 2026-11-25\n")));
    buf_init(&body, 1024);
    assert_ok(receipt_write(id, buf_span(&note), &body, &err), &err);
    assert_int_equal(body.n, 1024);
    assert_ok(receipt_read(buf_span(&body), arena, back, &kept, &err), &err);
    assert_memory_equal(back, id, 16);
    assert_true(span_eq(kept, buf_span(&note)));
    assert_ok(promise_read(kept, origin, buf_span(&vkey), &read, &err), &err);
    assert_int_equal(read.day, promise.day);
    assert_memory_equal(read.leaf, promise.leaf, 32);
    AUTO_BUF struct buf altered; /* another day under the same signature */
    buf_init(&altered, 2000);
    buf_add(&altered, buf_span(&note));
    strstr(altered.p, "2026-11-25")[9] = '6';
    const struct {
        struct span note, origin, vkey;
    } bad[] = {{buf_span(&altered), origin, buf_span(&vkey)},
               {buf_span(&other), origin, buf_span(&vkey)},
               {buf_span(&note), origin, buf_span(&other_vkey)},
               {buf_span(&note), SPAN("127.0.0.1:8081/respite"), buf_span(&vkey)},
               {buf_span(&note), origin, SPAN("x")},
               {SPAN("x\n"), origin, buf_span(&vkey)}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err_clear(&err);
        assert_false(promise_read(bad[i].note, bad[i].origin, bad[i].vkey, &read, &err));
        assert_int_equal(err.code, E_REFUSED);
    }
    err_clear(&err);
    assert_false(receipt_read(span_first(buf_span(&body), 1023), arena, back, &kept, &err));
}
