#ifndef CRYPT_KEY_WORDS_H
#define CRYPT_KEY_WORDS_H
/* Hashes that people compare by reading words aloud (PROTOCOL sections 3 and 7), as indices into a list of
 * 2,048 words (ui/word_list.h): 11 bits a word, the first bits first. */
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { KEY_WORDS = 6, HEAD_WORDS = 4 };

/* A key or a receipt: the first 66 bits of its SHA-256. */
void key_words_six(const uint8_t hash[static 32], uint16_t out[static KEY_WORDS]);
/* An epoch head: 44 bits of its Argon2id hash. A lab could search for another head with the same 44 bits of
 * a plain hash; this takes 64 MiB and about a tenth of a second, so it is asked once an epoch and kept. */
MUST bool key_words_four(const uint8_t head[static 32], uint16_t out[static HEAD_WORDS], struct err *err);
#endif
