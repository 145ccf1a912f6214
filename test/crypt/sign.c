/* Ed25519 against RFC 8032, and the keys that must not pass. */
#include "test/test.h"

#include "crypt/sign.h"
#include "test/codec/vectors.h"

#include "base/banned.h"

/* RFC 8032, section 7.1, tests 1 to 3. */
void test_sign__vectors_of_rfc_8032(void **state)
{
    (void)state;
    const struct {
        const char *seed, *pk, *sig;
        struct span message;
    } cases[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25"
         "b"
         "f5f0595bbe24655141438e7a100b",
         SPAN("")},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387"
         "b"
         "2eaeb4302aeeb00d291612bb0c00",
         SPAN("\x72")},
        {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7"
         "c"
         "15e9716ed28dc027beceea1ec40a",
         SPAN("\xaf\x82")},
    };
    for (size_t i = 0; i < 3; i++) {
        struct sign_key key;
        uint8_t seed[32], pk[32], want_pk[32], sig[64], want[64];
        unhex(span_of(cases[i].seed), seed, 32);
        unhex(span_of(cases[i].pk), want_pk, 32);
        unhex(span_of(cases[i].sig), want, 64);
        sign_key_init(&key, seed);
        sign_public(&key, pk);
        sign(&key, cases[i].message, sig);
        assert_memory_equal(pk, want_pk, 32);
        assert_memory_equal(sig, want, 64);
        assert_true(sign_good(pk, cases[i].message, sig));
        assert_false(sign_good(pk, SPAN("another"), sig));
        for (size_t bit = 0; bit < 512; bit++) {
            sig[bit / 8] ^= (uint8_t)(1 << bit % 8);
            assert_false(sign_good(pk, cases[i].message, sig));
            sig[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        pk[i] ^= 4;
        assert_false(sign_good(pk, cases[i].message, sig));
    }
}

/* With a key of small order one signature would fit every message: the identity with S = 0 does. */
void test_sign__small_order_key_refused(void **state)
{
    (void)state;
    static const char *const small[] = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    };
    for (size_t i = 0; i < sizeof small / sizeof *small; i++)
        for (size_t k = 0; k < sizeof small / sizeof *small; k++) {
            uint8_t pk[32], sig[64] = {0};
            unhex(span_of(small[i]), pk, 32);
            unhex(span_of(small[k]), sig, 32);
            assert_false(sign_good(pk, SPAN("any message"), sig));
            assert_false(sign_good(pk, SPAN("another"), sig));
        }
}

void test_sign__s_has_one_form(void **state)
{
    (void)state;
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                      0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                      0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
    const uint8_t seed[32] = {7};
    struct sign_key key;
    uint8_t pk[32], sig[64];
    sign_key_init(&key, seed);
    sign_public(&key, pk);
    sign(&key, SPAN("m"), sig);
    assert_true(sign_good(pk, SPAN("m"), sig));
    unsigned carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += sig[32 + i] + order[i];
        sig[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    assert_false(sign_good(pk, SPAN("m"), sig)); /* S + L is the same number mod L */
}
