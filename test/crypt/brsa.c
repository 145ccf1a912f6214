/* Blind signatures: the four variants of RFC 9474, and each way in which one can be wrong. */
#include "test/test.h"

#include "base/mem.h"
#include "crypt/brsa.h"
#include "crypt/rand.h"
#include "test/crypt/keys.h"

#include "base/banned.h"

/* r = inv^-1 mod n, as the RFC gives only the inverse. */
static void factor_of(const json_t *one, size_t size, uint8_t *r)
{
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *n = vector_number(one, "n"), *inv = vector_number(one, "inv"), *out = BN_new();
    assert_non_null(BN_mod_inverse(out, inv, n, ctx));
    put_number(out, size, r);
    BN_free(n);
    BN_free(inv);
    BN_free(out);
    BN_CTX_free(ctx);
}

static void assert_bytes(const json_t *one, const char *key, const uint8_t *bytes, size_t n)
{
    uint8_t room[1024];
    struct span want = vector_hex(one, key, room, sizeof room);
    assert_int_equal(want.n, n);
    assert_memory_equal(want.p, bytes, n);
}

static void try_variant(const json_t *one)
{
    struct err err = {0};
    uint8_t n[BRSA_MOST], msg[200], salt[BRSA_SALT], em[BRSA_MOST], der[8192], blind_sig[BRSA_MOST],
        sig[BRSA_MOST];
    struct span modulus = vector_hex(one, "n", n, sizeof n),
                salted = vector_hex(one, "salt", salt, sizeof salt);
    struct brsa_public *key = NULL;
    assert_ok(brsa_public_new(modulus, salted.n, &key, &err), &err);
    size_t size = brsa_size(key);
    assert_int_equal(size, 512);

    struct brsa_item item = {.msg = vector_hex(one, "input_msg", msg, sizeof msg)};
    if (json_object_get(one, "encoded_msg")) {
        assert_ok(brsa_pss(item.msg, salted, size, em, &err), &err);
        assert_bytes(one, "encoded_msg", em, size);
    }
    memcpy(item.salt, salt, salted.n);
    factor_of(one, size, item.r);
    assert_ok(brsa_blind(key, &item, 1, &err), &err);
    assert_bytes(one, "blinded_msg", item.blinded, size);
    assert_bytes(one, "inv", item.inv, size);

    struct brsa_secret *secret = NULL;
    struct brsa_signer *signer = NULL;
    assert_ok(brsa_secret_read(numbers_der(one, 0, der, sizeof der), &secret, &err), &err);
    assert_ok(brsa_signer_new(secret, &signer, &err), &err);
    assert_ok(brsa_sign(signer, bytes_span(item.blinded, size), blind_sig, &err), &err);
    assert_bytes(one, "blind_sig", blind_sig, size);
    assert_ok(brsa_finalize(key, item.msg, item.inv, bytes_span(blind_sig, size), sig, &err), &err);
    assert_bytes(one, "sig", sig, size);
    assert_ok(brsa_verify(key, item.msg, bytes_span(sig, size), &err), &err);
    brsa_signer_free(signer);
    brsa_secret_free(secret);
    brsa_public_free(key);
}

void test_brsa__vectors_of_rfc_9474(void **state)
{
    (void)state;
    AUTO_JSON json_t *all = vectors_load("rsabssa_rfc9474.json");
    size_t i;
    json_t *one;
    json_array_foreach(all, i, one) try_variant(one);
    assert_int_equal(i, 4);
}

/* A salt of 48 bytes is part of the scheme: a signature over another is none. */
void test_brsa__the_salt_has_one_length(void **state)
{
    (void)state;
    AUTO_JSON json_t *all = vectors_load("rsabssa_rfc9474.json");
    size_t i;
    json_t *one;
    json_array_foreach(all, i, one) for (size_t salt = 0; salt <= BRSA_SALT; salt += BRSA_SALT)
    {
        struct err err = {0};
        uint8_t n[BRSA_MOST], msg[200], sig[BRSA_MOST], salted[BRSA_SALT];
        struct brsa_public *key = NULL;
        assert_ok(brsa_public_new(vector_hex(one, "n", n, sizeof n), salt, &key, &err), &err);
        assert_int_equal(brsa_verify(key, vector_hex(one, "input_msg", msg, sizeof msg),
                                     vector_hex(one, "sig", sig, sizeof sig), &err),
                         salt == vector_hex(one, "salt", salted, sizeof salted).n);
        brsa_public_free(key);
    }
}

/* One key of 2,048 bits for the tests below, out of the vectors. */
static struct brsa_secret *the_key(void)
{
    AUTO_JSON json_t *all = vectors_load("privacypass_type2_rfc9578_go.json");
    rand_start();
    return pass_secret(json_array_get(all, 0));
}

void test_brsa__batch_inversion_equals_single_inversions(void **state)
{
    (void)state;
    enum { COUNT = 9 };
    static struct brsa_item batch[COUNT];
    struct brsa_secret *secret = the_key();
    const struct brsa_public *key = brsa_secret_public(secret);
    struct err err = {0};
    for (size_t i = 0; i < COUNT; i++) {
        batch[i].msg = (struct span){"messages of many lengths", 10 + i};
        assert_ok(brsa_draw(key, &batch[i], &err), &err);
    }
    assert_memory_not_equal(batch[0].r, batch[1].r, 256);
    assert_memory_not_equal(batch[0].salt, batch[1].salt, BRSA_SALT);
    assert_ok(brsa_blind(key, batch, COUNT, &err), &err);
    for (size_t i = 0; i < COUNT; i++) {
        struct brsa_item one = batch[i];
        memset(one.blinded, 0, sizeof one.blinded);
        memset(one.inv, 0, sizeof one.inv);
        assert_ok(brsa_blind(key, &one, 1, &err), &err);
        assert_memory_equal(one.blinded, batch[i].blinded, 256);
        assert_memory_equal(one.inv, batch[i].inv, 256);
    }
    brsa_secret_free(secret);
}

void test_brsa__a_factor_outside_its_range_is_refused(void **state)
{
    (void)state;
    struct brsa_secret *secret = the_key();
    const struct brsa_public *key = brsa_secret_public(secret);
    struct err err = {0};
    static struct brsa_item item;
    item.msg = SPAN("m");
    assert_false(brsa_blind(key, &item, 1, &err)); /* r = 0 */
    assert_int_equal(err.code, E_SYSTEM);
    err_clear(&err);
    brsa_modulus(key, item.r); /* r = n */
    assert_false(brsa_blind(key, &item, 1, &err));
    err_clear(&err);
    item.r[255] -= 1; /* n - 1, since n is odd */
    assert_ok(brsa_blind(key, &item, 1, &err), &err);
    brsa_secret_free(secret);
}

/* A whole pass; then every wrong answer an issuer could give. */
void test_brsa__a_wrong_answer_makes_no_signature(void **state)
{
    (void)state;
    struct brsa_secret *secret = the_key(), *other = NULL;
    const struct brsa_public *key = brsa_secret_public(secret);
    struct brsa_signer *signer = NULL, *other_signer = NULL;
    struct err err = {0};
    static struct brsa_item item;
    uint8_t answer[BRSA_MOST], sig[BRSA_MOST];
    item.msg = SPAN("a message of a member");
    assert_ok(brsa_signer_new(secret, &signer, &err), &err);
    assert_ok(brsa_draw(key, &item, &err) && brsa_blind(key, &item, 1, &err), &err);
    assert_ok(brsa_sign(signer, bytes_span(item.blinded, 256), answer, &err), &err);
    assert_ok(brsa_finalize(key, item.msg, item.inv, bytes_span(answer, 256), sig, &err), &err);
    assert_ok(brsa_verify(key, item.msg, bytes_span(sig, 256), &err), &err);
    assert_memory_not_equal(sig, answer, 256);

    uint8_t untouched[BRSA_MOST];
    memset(untouched, 0xee, sizeof untouched);
    for (size_t i = 0; i < 256; i += 15) {
        answer[i] ^= 1;
        assert_false(brsa_finalize(key, item.msg, item.inv, bytes_span(answer, 256), untouched, &err));
        assert_int_equal(err.code, E_REFUSED);
        err_clear(&err);
        answer[i] ^= 1;
    }
    assert_int_equal(untouched[0] & untouched[255], 0xee);
    assert_false(brsa_finalize(key, item.msg, item.inv, bytes_span(answer, 255), sig, &err));
    err_clear(&err);
    assert_false(brsa_finalize(key, SPAN("another"), item.inv, bytes_span(answer, 256), sig, &err));
    err_clear(&err);
    assert_ok(brsa_secret_make(&other, &err) && brsa_signer_new(other, &other_signer, &err), &err);
    item.blinded[0] = 0; /* below either modulus */
    assert_ok(brsa_sign(other_signer, bytes_span(item.blinded, 256), answer, &err), &err);
    assert_false(brsa_finalize(key, item.msg, item.inv, bytes_span(answer, 256), sig, &err));
    assert_int_equal(err.code, E_REFUSED);
    brsa_signer_free(other_signer);
    brsa_secret_free(other);
    brsa_signer_free(signer);
    brsa_secret_free(secret);
}

void test_brsa__one_bit_changed_does_not_verify(void **state)
{
    (void)state;
    AUTO_JSON json_t *all = vectors_load("privacypass_type2_rfc9578_rust.json");
    const json_t *one = json_array_get(all, 0);
    struct brsa_secret *secret = pass_secret(one);
    const struct brsa_public *key = brsa_secret_public(secret);
    uint8_t token[400];
    struct span all_of_it = vector_hex(one, "token", token, sizeof token), msg = span_first(all_of_it, 98),
                sig = span_from(all_of_it, 98);
    struct err err = {0};
    assert_ok(brsa_verify(key, msg, sig, &err), &err);
    for (size_t bit = 0; bit < 354 * 8; bit += 7) {
        err_clear(&err);
        token[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(brsa_verify(key, msg, sig, &err));
        assert_int_equal(err.code, E_REFUSED);
        token[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_false(brsa_verify(key, msg, span_first(sig, 255), &err));
    assert_false(brsa_verify(key, msg, (struct span){NULL, 0}, &err));
    assert_false(brsa_verify(key, (struct span){NULL, 0}, sig, &err));
    brsa_secret_free(secret);
}

void test_brsa__what_is_not_below_n_is_not_signed(void **state)
{
    (void)state;
    struct brsa_secret *secret = the_key();
    struct brsa_signer *signer = NULL;
    struct err err = {0};
    uint8_t m[257] = {0}, out[BRSA_MOST];
    memset(out, 0xee, sizeof out);
    assert_ok(brsa_signer_new(secret, &signer, &err), &err);
    brsa_modulus(brsa_secret_public(secret), m);
    assert_false(brsa_sign(signer, bytes_span(m, 256), out, &err)); /* n */
    assert_int_equal(err.code, E_FORMAT);
    err_clear(&err);
    m[255] -= 1;
    assert_ok(brsa_sign(signer, bytes_span(m, 256), out, &err), &err); /* n - 1 signs as itself: d is odd */
    assert_memory_equal(out, m, 256);
    memset(out, 0xee, sizeof out);
    memset(m, 0xff, sizeof m);
    assert_false(brsa_sign(signer, bytes_span(m, 256), out, &err));
    assert_int_equal(err.code, E_FORMAT);
    err_clear(&err);
    for (size_t n = 0; n <= 257; n += n == 0 ? 255 : 2) {
        assert_false(brsa_sign(signer, bytes_span(m, n), out, &err));
        assert_int_equal(err.code, E_FORMAT);
        err_clear(&err);
    }
    memset(m, 0, sizeof m); /* below n, but for its length */
    assert_false(brsa_sign(signer, bytes_span(m, 257), out, &err));
    assert_int_equal(err.code, E_FORMAT);
    assert_int_equal(out[0] & out[255], 0xee);
    brsa_signer_free(signer);
    brsa_secret_free(secret);
}

/* A key whose exponents are spoilt signs wrongly, as a machine with a fault would. */
void test_brsa__faulty_signature_not_sent(void **state)
{
    (void)state;
    AUTO_JSON json_t *all = vectors_load("rsabssa_rfc9474.json");
    const json_t *one = json_array_get(all, 2);
    struct err err = {0};
    uint8_t der[8192], blinded[BRSA_MOST], out[BRSA_MOST];
    struct brsa_secret *secret = NULL;
    struct brsa_signer *signer = NULL;
    struct span in = vector_hex(one, "blinded_msg", blinded, sizeof blinded);
    memset(out, 0xee, sizeof out);
    assert_ok(brsa_secret_read(numbers_der(one, 2, der, sizeof der), &secret, &err), &err);
    assert_ok(brsa_signer_new(secret, &signer, &err), &err);
    assert_false(brsa_sign(signer, in, out, &err));
    assert_int_equal(err.code, E_SYSTEM);
    for (size_t i = 0; i < sizeof out; i++)
        assert_int_equal(out[i], 0xee);
    brsa_signer_free(signer);
    brsa_secret_free(secret);
}

void test_brsa__a_key_is_written_and_read_again(void **state)
{
    (void)state;
    struct err err = {0};
    struct brsa_secret *made = NULL, *again = NULL;
    uint8_t n[BRSA_MOST], n_again[BRSA_MOST];
    AUTO_BUF struct buf der;
    buf_init(&der, 4096);
    rand_start();
    assert_ok(brsa_secret_make(&made, &err) && brsa_secret_write(made, &der, &err), &err);
    assert_ok(brsa_secret_read(buf_span(&der), &again, &err), &err);
    assert_int_equal(brsa_size(brsa_secret_public(made)), 256);
    brsa_modulus(brsa_secret_public(made), n);
    brsa_modulus(brsa_secret_public(again), n_again);
    assert_memory_equal(n, n_again, 256);
    brsa_secret_free(again);
    brsa_secret_free(made);
    again = NULL;
    for (size_t cut = 0; cut < der.n; cut += 61) {
        assert_false(brsa_secret_read(span_first(buf_span(&der), cut), &again, &err));
        assert_int_equal(err.code, E_FORMAT);
    }
    buf_add_byte(&der, 0);
    assert_false(brsa_secret_read(buf_span(&der), &again, &err)); /* something after it */
    assert_null(again);
}

void test_brsa__public_keys_have_limits(void **state)
{
    (void)state;
    static uint8_t n[513];
    struct err err = {0};
    struct brsa_public *key = NULL;
    memset(n, 0xff, sizeof n);
    for (size_t size = 0; size <= 513; size++) {
        bool good = brsa_public_new(bytes_span(n, size), BRSA_SALT, &key, &err);
        assert_int_equal(good, size == 256 || size == 384 || size == 512);
        if (good)
            brsa_public_free(key);
    }
    err_clear(&err);
    n[255] = 0xfe;
    assert_false(brsa_public_new(bytes_span(n, 256), BRSA_SALT, &key, &err)); /* even */
    assert_int_equal(err.code, E_FORMAT);
    n[255] = 0xff;
    n[0] = 0x7f;
    assert_false(brsa_public_new(bytes_span(n, 256), BRSA_SALT, &key, &err)); /* 2,047 bits */
}

static void assert_no_memory(bool done, struct err *err)
{
    mem_fail_at(0, false);
    assert_false(done);
    assert_int_equal(err->code, E_MEMORY);
    err_clear(err);
}

void test_brsa__no_memory_is_said(void **state)
{
    (void)state;
    struct brsa_secret *secret = the_key(), *again = NULL;
    const struct brsa_public *key = brsa_secret_public(secret);
    struct brsa_signer *signer = NULL;
    struct brsa_public *public = NULL;
    struct err err = {0};
    static struct brsa_item item;
    uint8_t n[BRSA_MOST];
    AUTO_BUF struct buf der;
    buf_init(&der, 4096);
    assert_ok(brsa_draw(key, &item, &err), &err);
    brsa_modulus(key, n);
    mem_fail_at(1, true);
    assert_no_memory(brsa_blind(key, &item, 1, &err), &err);
    mem_fail_at(1, true);
    assert_no_memory(brsa_signer_new(secret, &signer, &err), &err);
    mem_fail_at(1, true);
    assert_no_memory(brsa_public_new(bytes_span(n, 256), BRSA_SALT, &public, &err), &err);
    mem_fail_at(1, true);
    assert_no_memory(brsa_secret_write(secret, &der, &err), &err);
    buf_reset(&der);
    assert_ok(brsa_secret_write(secret, &der, &err), &err);
    for (size_t nth = 1; nth <= 2; nth++) {
        mem_fail_at(nth, false);
        assert_no_memory(brsa_secret_read(buf_span(&der), &again, &err), &err);
    }
    brsa_secret_free(secret);
}
