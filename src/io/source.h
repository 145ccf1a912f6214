#ifndef IO_SOURCE_H
#define IO_SOURCE_H
/* A file read from front to back in blocks, of any length: plain, gzip or zstd, told by its first bytes. "-"
 * is standard input. What it holds is bounded whatever the file's size; the libraries that unpack are loaded
 * when a packed file comes. */
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct source;
/* Open `path`; NULL with a sentence. source_close takes NULL. */
struct source *source_open(const char *path, struct err *err);
void source_close(struct source *s);
/* Append up to `room` unpacked bytes to `out`; *end says that there are no more. A packed file that breaks off
 * or is damaged is E_FORMAT. */
MUST bool source_read(struct source *s, size_t room, struct buf *out, bool *end, struct err *err);
/* How far it is read, in bytes of the file, and how long the file is (0 when that is not known). */
void source_progress(const struct source *s, uint64_t *at, uint64_t *size);
static inline void source_cleanup(struct source **s)
{
    source_close(*s);
}
#define AUTO_SOURCE __attribute__((cleanup(source_cleanup)))
#endif
