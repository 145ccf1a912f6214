#ifndef IO_LINES_H
#define IO_LINES_H
/* A file in pieces or lines, however long it is: plain, gzip (RFC 1952, several members after one another
 * too) or zstd (RFC 8878), told apart by their first bytes. Memory is bounded by the longest line taken. */
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct lines;

/* `most`: the longest line in bytes. The path is for sentences too; it is copied. "-" is standard input.
 * E_MISSING, E_SYSTEM. */
MUST bool lines_open(struct lines **out, const char *path, size_t most, struct err *err);
void lines_close(struct lines *lines); /* NULL is fine */
static inline void lines_cleanup(struct lines **lines)
{
    lines_close(*lines);
}
#define AUTO_LINES __attribute__((cleanup(lines_cleanup)))

/* The next line without its end (LF or CRLF), valid until the next call. False at the end, or with a sentence
 * (err must be clean): E_LIMIT a line that is too long, E_FORMAT compressed bytes that end or break off,
 * E_SYSTEM. Each names the file, and the line where there is one. */
bool lines_next(struct lines *lines, struct span *line, struct err *err);
/* The number of the line given last, from 1. */
uint64_t lines_number(const struct lines *lines);
/* The next bytes as they come, for a reader with a notion of records of its own; not together with
 * lines_next. False at the end or with a sentence. */
bool lines_piece(struct lines *lines, struct span *piece, struct err *err);
/* The bytes that come next, up to 256 KiB of them, which stay where they are: for telling what a file is
 * before it is read. False at the end or with a sentence. */
bool lines_peek(struct lines *lines, struct span *piece, struct err *err);
/* How far it is: bytes of the file read so far, and its size (0: not known). For progress. */
void lines_progress(const struct lines *lines, uint64_t *read, uint64_t *size);
#endif
