/* Secrets decide no branch and no index. test/tools/ctgrind runs these tests under valgrind with every secret
 * marked as undefined, so that valgrind names each jump and each address that depends on one; what has to
 * come out in the open is marked defined again. Run in the ordinary way they are plain tests. */
#include "test/test.h"

#include <stdlib.h>
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#else /* built without valgrind's headers: plain tests, nothing to mark for */
#define VALGRIND_MAKE_MEM_UNDEFINED(p, n) ((void)(p), (void)(n), 0)
#define VALGRIND_MAKE_MEM_DEFINED(p, n) ((void)(p), (void)(n), 0)
#endif

#include "codec/auth_header.h"
#include "codec/b64.h"
#include "crypt/box.h"
#include "crypt/brsa.h"
#include "crypt/hash.h"
#include "crypt/rand.h"
#include "crypt/seal.h"
#include "crypt/secret.h"
#include "crypt/sign.h"
#include "test/crypt/keys.h"

#include "base/banned.h"

static bool marking(void)
{
    return getenv("RESPITE_CTGRIND") != NULL;
}

static void hide(void *p, size_t n)
{
    if (marking())
        (void)VALGRIND_MAKE_MEM_UNDEFINED(p, n);
}

static void show(void *p, size_t n)
{
    if (marking())
        (void)VALGRIND_MAKE_MEM_DEFINED(p, n);
}

/* The planted fault: only with RESPITE_CTGRIND=leak, and then valgrind has to name it. */
void test_ct__a_branch_on_a_secret_is_seen(void **state)
{
    (void)state;
    const char *how = getenv("RESPITE_CTGRIND");
    if (!how || strcmp(how, "leak") != 0)
        return;
    uint8_t key[4] = {1, 2, 3, 4};
    static volatile int seen;
    hide(key, sizeof key);
    if (key[2] == 3)
        seen++;
    show(key, sizeof key);
}

void test_ct__comparing_and_wiping(void **state)
{
    (void)state;
    uint8_t a[64], b[64];
    rand_start();
    rand_bytes(a, sizeof a);
    memcpy(b, a, sizeof a);
    b[63] ^= 1;
    hide(a, sizeof a);
    hide(b, sizeof b);
    bool same = secret_eq(a, b, sizeof a), front = secret_eq(a, b, 63);
    secret_wipe(a, sizeof a); /* zeros are known again */
    show(&same, sizeof same);
    show(&front, sizeof front);
    assert_true(front && !same);
    assert_int_equal(a[0] | a[63], 0);
}

void test_ct__base64_of_a_key(void **state)
{
    (void)state;
    uint8_t key[32], again[32];
    char text[44];
    AUTO_BUF struct buf out;
    rand_start();
    rand_bytes(key, sizeof key);
    for (enum b64_form form = B64; form <= B64_URL_BARE; form++) {
        buf_init(&out, 100);
        hide(key, sizeof key);
        b64_add(&out, bytes_span(key, 32), form);
        size_t n = out.n;
        assert_int_equal(n, form == B64_URL_BARE ? 43 : 44);
        memcpy(text, out.p, n);
        show(key, sizeof key);
        show(out.p, n);
        memcpy(text, out.p, n);
        hide(text, 42); /* where it ends is known: the letter before the padding says so */
        uint32_t good = b64_exact((struct span){text, n}, form, again, 32);
        show(&good, sizeof good);
        show(again, sizeof again);
        assert_true(good);
        assert_memory_equal(again, key, 32);
        buf_clear(&out);
    }
}

void test_ct__hmac_key(void **state)
{
    (void)state;
    uint8_t key[32], mac[32], again[32];
    rand_start();
    rand_bytes(key, sizeof key);
    hash_hmac(key, SPAN("form"), again);
    hide(key, sizeof key);
    hash_hmac(key, SPAN("form"), mac);
    show(mac, sizeof mac);
    assert_memory_equal(mac, again, 32);
}

void test_ct__derived_key(void **state)
{
    (void)state;
    uint8_t ikm[32], out[32], again[32];
    rand_start();
    rand_bytes(ikm, sizeof ikm);
    hash_hkdf(ikm, SPAN("thread"), again);
    hide(ikm, sizeof ikm);
    hash_hkdf(ikm, SPAN("thread"), out);
    show(out, sizeof out);
    assert_memory_equal(out, again, 32);
}

void test_ct__sealed_row(void **state)
{
    (void)state;
    struct err err = {0};
    uint8_t key[32];
    char row[100];
    AUTO_BUF struct buf sealed, out;
    buf_init(&sealed, 200);
    buf_init(&out, 200);
    rand_start();
    rand_bytes(key, sizeof key);
    memset(row, 'x', sizeof row);
    hide(key, sizeof key);
    hide(row, sizeof row);
    assert_true(seal(bytes_span(row, sizeof row), key, SPAN("row"), &sealed));
    show(sealed.p, sealed.n);
    show(key, sizeof key); /* whether a row opens may show */
    assert_ok(seal_open(buf_span(&sealed), key, SPAN("row"), &out, &err), &err);
    assert_int_equal(out.p[0] & out.p[99], 'x');
}

/* A pass in its header, written and read. */
void test_ct__credential(void **state)
{
    (void)state;
    uint8_t pass[AUTH_PASS], again[AUTH_PASS];
    AUTO_BUF struct buf out;
    buf_init(&out, 600);
    rand_start();
    rand_bytes(pass, sizeof pass);
    hide(pass, sizeof pass);
    auth_pass_write(&out, pass);
    struct span value = span_from(buf_span(&out), strlen("PrivateToken "));
    show(out.p + out.n - 3, 2); /* that there is no padding is known: these say so */
    uint32_t good = auth_pass_read(value, again);
    show(&good, sizeof good);
    show(pass, sizeof pass);
    show(again, sizeof again);
    assert_true(good);
    assert_memory_equal(again, pass, sizeof pass);
}

void test_ct__signing_key(void **state)
{
    (void)state;
    uint8_t seed[32], pk[32], sig[64];
    struct sign_key key;
    rand_start();
    rand_bytes(seed, sizeof seed);
    hide(seed, sizeof seed);
    sign_key_init(&key, seed);
    sign_public(&key, pk);
    sign(&key, SPAN("an act"), sig);
    show(pk, sizeof pk);
    show(sig, sizeof sig);
    assert_true(sign_good(pk, SPAN("an act"), sig));
}

/* Text and keys of a letter; the sealing key is drawn inside libsodium. */
void test_ct__letter(void **state)
{
    (void)state;
    struct err err = {0};
    uint8_t pk[2][32], secret[2][32], k[32], address[16];
    char text[700];
    AUTO_BUF struct buf box, out;
    buf_init(&box, BOX_LARGE);
    buf_init(&out, BOX_LARGE);
    rand_start();
    memset(text, 'x', sizeof text);
    for (int i = 0; i < 2; i++) {
        box_pair(pk[i], secret[i]);
        hide(secret[i], 32);
    }
    hide(text, sizeof text);
    assert_ok(box_make((struct span){text, sizeof text}, pk[1], secret[0], &box, &err), &err);
    show(box.p, box.n);
    show(secret[1], 32); /* whether a box opens may show, and the length that its padding gives */
    bool opened = box_open(buf_span(&box), pk[0], secret[1], &out, &err);
    assert_ok(opened, &err);
    assert_int_equal(out.n, sizeof text);
    assert_int_equal(out.p[0] & out.p[699], 'x');
    rand_bytes(k, sizeof k);
    hide(k, sizeof k);
    box_address(k, 1, 5, address);
}

void test_ct__padding_of_a_pass(void **state)
{
    (void)state;
    struct err err = {0};
    uint8_t msg[98], salt[BRSA_SALT], em[256];
    rand_start();
    rand_bytes(msg, sizeof msg);
    rand_bytes(salt, sizeof salt);
    hide(msg, sizeof msg);
    hide(salt, sizeof salt);
    assert_ok(brsa_pss(bytes_span(msg, 98), bytes_span(salt, BRSA_SALT), 256, em, &err), &err);
    show(em, sizeof em);
    assert_int_equal(em[255], 0xbc);
    assert_int_equal(em[0] & 0x80, 0);
}

/* Blinding and unblinding. OpenSSL's numbers drop leading zeros, by branches of its own that the suppressions
 * of test/tools/ctgrind leave out; ours are looked at. */
void test_ct__blinding(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_JSON json_t *all = vectors_load("privacypass_type2_rfc9578_go.json");
    struct brsa_secret *secret = pass_secret(json_array_get(all, 0));
    const struct brsa_public *key = brsa_secret_public(secret);
    struct brsa_signer *signer = NULL;
    static struct brsa_item item[3];
    uint8_t answer[256], sig[256];
    rand_start();
    assert_ok(brsa_signer_new(secret, &signer, &err), &err);
    for (int i = 0; i < 3; i++) {
        item[i].msg = SPAN("a message");
        assert_ok(brsa_draw(key, &item[i], &err), &err);
        hide(item[i].salt, sizeof item[i].salt);
        hide(item[i].r, 256);
    }
    assert_ok(brsa_blind(key, item, 3, &err), &err);
    for (int i = 0; i < 3; i++) {
        show(item[i].blinded, 256);
        assert_ok(brsa_sign(signer, bytes_span(item[i].blinded, 256), answer, &err), &err);
        hide(item[i].inv, 256);
        assert_ok(brsa_finalize(key, item[i].msg, item[i].inv, bytes_span(answer, 256), sig, &err), &err);
    }
    brsa_signer_free(signer);
    brsa_secret_free(secret);
}
