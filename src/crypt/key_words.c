/* Words for hashes. */
#include "crypt/key_words.h"

#include <assert.h>
#include <sodium.h>

#include "base/banned.h"

enum { BITS = 11 };

static const unsigned char salt[] = "respite/words/v1";
static_assert(sizeof salt - 1 == crypto_pwhash_argon2id_SALTBYTES, "salt");

/* The first n * 11 bits of `bytes`. */
static void words_of(const uint8_t *bytes, size_t n, uint16_t *out)
{
    for (size_t i = 0; i < n; i++) {
        uint16_t word = 0;
        for (size_t bit = i * BITS; bit < (i + 1) * BITS; bit++)
            word = (uint16_t)(word << 1 | (bytes[bit / 8] >> (7 - bit % 8) & 1));
        out[i] = word;
    }
}

void key_words_six(const uint8_t hash[static 32], uint16_t out[static KEY_WORDS])
{
    words_of(hash, KEY_WORDS, out);
}

bool key_words_four(const uint8_t head[static 32], uint16_t out[static HEAD_WORDS], struct err *err)
{
    uint8_t stretched[16];
    if (crypto_pwhash(stretched, sizeof stretched, (const char *)head, 32, salt, 2, 64u << 20,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        return fail_memory(err);
    words_of(stretched, HEAD_WORDS, out);
    return true;
}
