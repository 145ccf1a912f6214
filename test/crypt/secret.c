/* Comparing and wiping. */
#include "test/test.h"

#include "crypt/rand.h"
#include "crypt/secret.h"

#include "base/banned.h"

void test_secret__equal_means_every_byte(void **state)
{
    (void)state;
    rand_start();
    unsigned char a[64], b[64];
    rand_bytes(a, sizeof a);
    memcpy(b, a, sizeof a);
    assert_true(secret_eq(a, b, sizeof a));
    assert_true(secret_eq(a, b, 0));
    for (size_t i = 0; i < sizeof a; i++)
        for (int bit = 0; bit < 8; bit++) {
            b[i] ^= (unsigned char)(1 << bit);
            assert_false(secret_eq(a, b, sizeof a));
            assert_true(secret_eq(a, b, i));
            b[i] = a[i];
        }
}

void test_secret__wiped_is_zero(void **state)
{
    (void)state;
    unsigned char key[33];
    memset(key, 7, sizeof key);
    secret_wipe(key, 32);
    for (size_t i = 0; i < 32; i++)
        assert_int_equal(key[i], 0);
    assert_int_equal(key[32], 7);
}

void test_secret__pages_are_zeroed_and_ours(void **state)
{
    (void)state;
    rand_start();
    static const size_t sizes[] = {1, 32, 64, 4096, 5000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        unsigned char *p = secret_pages(sizes[i]);
        assert_non_null(p);
        for (size_t k = 0; k < sizes[i]; k++)
            assert_int_equal(p[k], 0);
        rand_bytes(p, sizes[i]);
        secret_free(p);
    }
    secret_free(NULL);
    assert_null(secret_pages(SIZE_MAX));
}
