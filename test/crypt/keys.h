#ifndef TEST_CRYPT_KEYS_H
#define TEST_CRYPT_KEYS_H
/* Issuers' keys of the vectors, which come as PEM in hex or as bare numbers. */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include "crypt/brsa.h"
#include "test/codec/vectors.h"

/* The DER inside a PEM text. */
static inline struct span pem_der(struct span pem, uint8_t *room, size_t most)
{
    char text[4096];
    size_t n = 0, got = 0;
    struct span line;
    for (bool more = true; more;) {
        more = span_cut(&pem, '\n', &line);
        if (line.n == 0 || line.p[0] == '-')
            continue;
        assert_true(n + line.n <= sizeof text);
        memcpy(text + n, line.p, line.n);
        n += line.n;
    }
    assert_true(b64_read((struct span){text, n}, B64, room, most, &got));
    return bytes_span(room, got);
}

/* The signing key `skS` of a Privacy Pass vector. Caller frees. */
static inline struct brsa_secret *pass_secret(const json_t *one)
{
    uint8_t pem[4096], der[4096];
    struct err err = {0};
    struct brsa_secret *key = NULL;
    struct span text = vector_hex(one, "skS", pem, sizeof pem);
    assert_ok(brsa_secret_read(pem_der(text, der, sizeof der), &key, &err), &err);
    return key;
}

/* r of vector `one` into `item`: big-endian, as many bytes as the modulus has. */
static inline void put_number(const BIGNUM *n, size_t size, uint8_t *out)
{
    assert_int_equal(BN_bn2binpad(n, out, (int)size), size);
}

static inline BIGNUM *vector_number(const json_t *one, const char *key)
{
    uint8_t room[1024];
    struct span bytes = vector_hex(one, key, room, sizeof room);
    BIGNUM *n = BN_bin2bn((const uint8_t *)bytes.p, (int)bytes.n, NULL);
    assert_non_null(n);
    return n;
}

/* DER of a key given by p, q, n, d, as OpenSSL writes it; `spoil` is added to d and to d mod (p-1), so that
 * what it signs is wrong. */
static inline struct span numbers_der(const json_t *one, unsigned long spoil, uint8_t *room, size_t most)
{
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *p = vector_number(one, "p"), *q = vector_number(one, "q"), *n = vector_number(one, "n"),
           *e = vector_number(one, "e"), *d = vector_number(one, "d"), *less = BN_new(), *dp = BN_new(),
           *dq = BN_new(), *qinv = BN_new();
    assert_true(BN_sub(less, p, BN_value_one()) && BN_mod(dp, d, less, ctx) &&
                BN_sub(less, q, BN_value_one()) && BN_mod(dq, d, less, ctx) &&
                BN_mod_inverse(qinv, q, p, ctx) && BN_add_word(d, spoil) && BN_add_word(dp, spoil));
    OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
    const char *names[] = {OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
                           OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
                           OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
                           OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1};
    BIGNUM *numbers[] = {n, e, d, p, q, dp, dq, qinv};
    for (size_t i = 0; i < 8; i++)
        assert_true(OSSL_PARAM_BLD_push_BN(bld, names[i], numbers[i]));
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
    EVP_PKEY_CTX *make = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY *pkey = NULL;
    assert_true(EVP_PKEY_fromdata_init(make) == 1 &&
                EVP_PKEY_fromdata(make, &pkey, EVP_PKEY_KEYPAIR, params) == 1);
    int size = i2d_PrivateKey(pkey, NULL);
    uint8_t *at = room;
    assert_true(size > 0 && (size_t)size <= most && i2d_PrivateKey(pkey, &at) == size);
    EVP_PKEY_free(pkey);
    EVP_PKEY_CTX_free(make);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(bld);
    for (size_t i = 0; i < 8; i++)
        BN_free(numbers[i]);
    BN_free(less);
    BN_CTX_free(ctx);
    return bytes_span(room, (size_t)size);
}
#endif
