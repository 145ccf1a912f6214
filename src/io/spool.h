#ifndef IO_SPOOL_H
#define IO_SPOOL_H
/* Records of one size, added at the end and read in order as often as needed: in memory up to a bound, beyond
 * it in a nameless file that is gone with the process. */
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct spool;
/* Records of `size` bytes; past `most` bytes of memory all of them go to a file in `folder` (NULL: $TMPDIR or
 * /var/tmp). NULL with a sentence. spool_free takes NULL. */
struct spool *spool_new(size_t size, size_t most, const char *folder, struct err *err);
void spool_free(struct spool *s);
MUST bool spool_add(struct spool *s, const void *record, struct err *err);
uint64_t spool_count(const struct spool *s);
bool spool_on_disk(const struct spool *s);
/* The records of block `block` (from 0), valid until the next call; *n is 0 behind the last. */
MUST bool spool_block(struct spool *s, size_t block, const void **records, size_t *n, struct err *err);
#endif
