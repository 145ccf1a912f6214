#ifndef NUM_POST_H
#define NUM_POST_H
/* Posting lists: for one term, the documents that hold it in ascending order, how often each does, and upper
 * bounds of what each block of 128 can add to a score, so that a search passes over whole blocks (Ding and
 * Suel, SIGIR 2011). Pure: bytes in, numbers out.
 *
 * A list is a table of blocks, 8 bytes each: first document (u32), bound (u8), bits a gap (u8), bytes of the
 * block (u16), little-endian; then the blocks: gaps - 1, packed; counts - 1 in 4 bits, 15 = a byte more
 * follows behind. A cursor reads up to POST_PAD bytes past a list: whoever joins lists ends with as many
 * zeros. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { POST_BLOCK = 128, POST_PAD = 8 };

/* Append a list of `n` > 0 documents, ascending without repeats. tf: 1 to 255 each; bound: of each. The
 * largest bound of all is returned. */
uint8_t post_write(struct buf *out, const uint32_t *doc, const uint8_t *tf, const uint8_t *bound, size_t n);

struct post {
    const uint8_t *table, *data, *end; /* data: the block that `block` names */
    uint32_t n, blocks, block, docs;
    unsigned in, at; /* documents in the block, of which `at` is the next; `in` is 0 until it is unpacked */
    bool broken;     /* bytes that no list has: the cursor is at its end then */
    uint32_t doc[POST_BLOCK];
    uint8_t tf[POST_BLOCK];
};
/* Begin at the list of `n` documents, all below `docs`, that starts `bytes` (which may go on behind it, by
 * POST_PAD at least). False when the bytes cannot hold it. The bytes stay the caller's. */
bool post_open(struct post *p, struct span bytes, uint32_t n, uint32_t docs);
/* Go to the block that would hold `doc` without unpacking it. False at the end of the list. */
bool post_shallow(struct post *p, uint32_t doc);
/* After post_shallow(): the bound of that block, and the document with which the next one begins (`docs`
 * after the last). */
uint8_t post_bound(const struct post *p);
uint32_t post_next_block(const struct post *p);
/* The largest bound of that block and of those that begin before `end`. */
uint8_t post_bound_until(const struct post *p, uint32_t end);
/* Go to the first document >= `doc`; it is p->doc[p->at] then. False at the end of the list. Only forward. */
bool post_seek(struct post *p, uint32_t doc);
#endif
