/* SHA-256 against the examples of FIPS 180-4, HMAC against RFC 4231. */
#include "test/test.h"

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
