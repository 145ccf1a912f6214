/* Randomness: what can be told from outside. */
#include "test/test.h"

#include "crypt/rand.h"

#include "base/banned.h"

void test_rand__two_draws_differ_and_bits_are_even(void **state)
{
    (void)state;
    rand_start();
    rand_start(); /* a second call does no harm */
    unsigned char a[32], b[32], many[4096];
    rand_bytes(a, sizeof a);
    rand_bytes(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    rand_bytes(many, sizeof many);
    int ones = 0;
    for (size_t i = 0; i < sizeof many; i++)
        ones += __builtin_popcount(many[i]);
    assert_in_range(ones, 16384 - 910, 16384 + 910); /* ten standard deviations */
}

void test_rand__hex_is_lower_case_and_ends(void **state)
{
    (void)state;
    rand_start();
    char text[40];
    memset(text, 'x', sizeof text);
    rand_hex(text, 16);
    assert_int_equal(strspn(text, "0123456789abcdef"), 32);
    assert_int_equal(text[32], '\0');
    assert_int_equal(text[33], 'x');
    rand_hex(text, 0);
    assert_string_equal(text, "");
}
