#ifndef UI_WORD_LIST_H
#define UI_WORD_LIST_H
/* Words that stand for numbers: 2,048 of BIP-39, for keys, receipts and the record's state
 * (crypt/key_words.h), and 256 from nature, for names in a thread (PROTOCOL sections 4 and 7). Both languages
 * use the same numbers. Nothing here takes memory. */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/words.h"

enum { WORD_LIST = 2048, NAME_LIST = 256 };

/* The word of `index`, 0 to 2047. */
const char *word_list_at(enum lang lang, unsigned index);
/* Append `n` words with a blank between two; false when `out` has no room. */
bool word_list_say(struct buf *out, enum lang lang, const uint16_t *index, size_t n);
/* "River" | "河流" */
struct span name_word(enum lang lang, uint8_t index);
#endif
