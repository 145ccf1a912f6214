#ifndef PAPERS_TERMS_H
#define PAPERS_TERMS_H
/* Which terms, groups of one to three words, stand in which papers (PAPERS section 6). A term's first and
 * last word are no stop words; a single word has three letters at least and is not a number. Kept are terms
 * that stand at least TERM_LEAST times in some year and the one before it: what a later year brings can add
 * terms, never take one away or change what is counted for an earlier year.
 *
 * A term is a number; its words are packed into 64 bits, exactly. Its papers ascend, so that papers up to a
 * year are a front of the list. 150,000 abstracts give some 40 million places, 160 MB. */
#include "papers/texts.h"

enum { TERM_WORDS = 3, TERM_LEAST = 3, TERM_BITS = 21 };

struct terms {
    const struct texts *texts; /* borrowed, settled */
    uint64_t *key;
    uint64_t *start; /* papers of term i: paper[start[i]] … paper[start[i + 1] - 1] */
    uint32_t *paper;
    uint32_t *slot; /* number + 1, by key */
    bool *stop;     /* by word */
    bool *alone;    /* by word: may be a term by itself */
    size_t n, room, slots;
};
/* Count the terms of titles, or of titles and abstracts. take: by venue, which papers are looked at; grow: by
 * venue, whose papers bring terms. */
MUST bool terms_count(struct terms *out, const struct texts *texts, const bool *take, const bool *grow,
                      bool abstracts, struct err *err);
void terms_free(struct terms *terms);
#define AUTO_TERMS __attribute__((cleanup(terms_free)))
/* A term's number, or NAME_NONE. */
uint32_t terms_find(const struct terms *terms, uint64_t key);
/* How many words, and the word at `i`. */
unsigned term_length(uint64_t key);
static inline uint32_t term_word(uint64_t key, unsigned i)
{
    return (uint32_t)(key >> (TERM_BITS * i) & ((1u << TERM_BITS) - 1)) - 1;
}
uint64_t term_key(const uint32_t *word, unsigned n);
/* The front of a term's list whose papers are before `paper`: how many. */
size_t term_before(const struct terms *terms, uint32_t term, size_t paper);
/* Append the words, one blank between. */
void term_text(const struct terms *terms, uint64_t key, struct buf *out);
/* True when the words of `part` stand side by side in `whole`, which is longer. */
bool term_holds(uint64_t whole, uint64_t part);
bool word_is_stop(struct span word);
#endif
