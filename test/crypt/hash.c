/* SHA-256 against the examples of FIPS 180-4, HMAC against RFC 4231, HKDF against RFC 5869. */
#include "test/test.h"

#include <openssl/kdf.h>
#include <openssl/params.h>

#include "crypt/hash.h"

#include "base/banned.h"

static void assert_sha256(struct span bytes, const char *hex)
{
    uint8_t hash[32];
    char text[65];
    hash_sha256(bytes, hash);
    hash_hex(hash, text);
    assert_string_equal(text, hex);
}

void test_hash__sha256_of_the_standard(void **state)
{
    (void)state;
    static char million[1000000];
    memset(million, 'a', sizeof million);
    assert_sha256(SPAN("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_sha256(SPAN(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_sha256((struct span){NULL, 0}, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_sha256(SPAN("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    assert_sha256((struct span){million, sizeof million},
                  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* RFC 4231, section 4. HMAC fills a short key with zeros and hashes one of more than 64 bytes, so that each
 * key of the RFC has an equal one of 32 bytes (case 5, cut to 128 bits, is left out). */
void test_hash__hmac_of_rfc_4231(void **state)
{
    (void)state;
    uint8_t long_key[131];
    memset(long_key, 0xaa, sizeof long_key);
    static const struct {
        uint8_t byte;
        size_t n;
        const char *key, *data, *mac;
    } cases[] = {
        {0x0b, 20, NULL, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {0, 4, "Jefe", "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {0xaa, 131, NULL, "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {0xaa, 131, NULL,
         "This is a test using a larger than block-size key and a larger than block-size data. The key needs "
         "to be hashed "
         "before being used by the HMAC algorithm.",
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t key[32] = {0}, mac[32];
        char hex[65];
        if (cases[i].n > 64)
            hash_sha256((struct span){(const char *)long_key, cases[i].n}, key);
        else if (cases[i].key)
            memcpy(key, cases[i].key, cases[i].n);
        else
            memset(key, cases[i].byte, cases[i].n);
        hash_hmac(key, span_of(cases[i].data), mac);
        hash_hex(mac, hex);
        assert_string_equal(hex, cases[i].mac);
    }
}

void test_hash__hmac_of_rfc_4231_on_bytes(void **state)
{
    (void)state;
    uint8_t key[32] = {0}, mac[32];
    char data[50], hex[65];
    memset(key, 0xaa, 20);
    memset(data, 0xdd, sizeof data);
    hash_hmac(key, (struct span){data, sizeof data}, mac);
    hash_hex(mac, hex);
    assert_string_equal(hex, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");

    memset(key, 0, sizeof key);
    for (uint8_t i = 0; i < 25; i++)
        key[i] = (uint8_t)(i + 1);
    memset(data, 0xcd, sizeof data);
    hash_hmac(key, (struct span){data, sizeof data}, mac);
    hash_hex(mac, hex);
    assert_string_equal(hex, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
}

void test_hash__tagged_is_of_both_parts(void **state)
{
    (void)state;
    uint8_t hash[32], whole[32];
    hash_tagged(SPAN("ab"), SPAN("c"), hash);
    hash_sha256(SPAN("abc"), whole);
    assert_memory_equal(hash, whole, 32);
    hash_tagged(SPAN(""), (struct span){NULL, 0}, hash);
    hash_sha256(SPAN(""), whole);
    assert_memory_equal(hash, whole, 32);
}

/* HKDF by OpenSSL, with an empty salt. */
static void openssl_hkdf(struct span ikm, struct span info, uint8_t *out, size_t n)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string("digest", (char *)(uintptr_t) "SHA256", 0),
        OSSL_PARAM_construct_octet_string("key", (void *)(uintptr_t)ikm.p, ikm.n),
        OSSL_PARAM_construct_octet_string("info", (void *)(uintptr_t)info.p, info.n),
        OSSL_PARAM_construct_end(),
    };
    assert_int_equal(EVP_KDF_derive(ctx, out, n, params), 1);
    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);
}

/* RFC 5869's case without salt has a key of 22 bytes, ours are of 32: OpenSSL is held to the RFC, and ours to
 * OpenSSL. */
void test_hash__hkdf_as_rfc_5869(void **state)
{
    (void)state;
    uint8_t ikm[32], out[32], other[32];
    char hex[65], info[HASH_INFO];
    memset(ikm, 0x0b, sizeof ikm);
    openssl_hkdf((struct span){(char *)ikm, 22}, SPAN(""), out, 32);
    hash_hex(out, hex);
    assert_string_equal(hex, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    memset(info, 0x5c, sizeof info);
    static const size_t sizes[] = {0, 1, 42, HASH_INFO};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        ikm[i] = (uint8_t)i;
        openssl_hkdf((struct span){(char *)ikm, 32}, (struct span){info, sizes[i]}, other, 32);
        hash_hkdf(ikm, (struct span){info, sizes[i]}, out);
        assert_memory_equal(out, other, 32);
    }
}
