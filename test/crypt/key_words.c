/* Words for hashes, against the vector of PROTOCOL section 3 and bits by hand. */
#include "test/test.h"

#include "crypt/key_words.h"
#include "crypt/rand.h"

#include "base/banned.h"

void test_key_words__six_are_the_first_66_bits(void **state)
{
    (void)state;
    /* 00000000001 10000000000 11111111111 00000000000 01010101010 10000000001, and ones that do not count */
    uint8_t hash[32] = {0x00, 0x30, 0x03, 0xff, 0x80, 0x05, 0x55, 0x00, 0x7f};
    static const uint16_t want[KEY_WORDS] = {1, 1024, 2047, 0, 682, 1025};
    uint16_t got[KEY_WORDS];
    memset(hash + 9, 0xff, sizeof hash - 9);
    key_words_six(hash, got);
    assert_memory_equal(got, want, sizeof want);
}

/* PROTOCOL section 12, 12. */
void test_key_words__head_words(void **state)
{
    (void)state;
    rand_start();
    static const uint8_t head[32] = {0};
    static const uint16_t want[HEAD_WORDS] = {1770, 1798, 1974, 1342};
    uint16_t got[HEAD_WORDS];
    struct err err = {0};
    assert_ok(key_words_four(head, got, &err), &err);
    assert_memory_equal(got, want, sizeof want);
}
