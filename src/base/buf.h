#ifndef BASE_BUF_H
#define BASE_BUF_H
/* Owned bytes that grow, born with the most they may ever hold. A failed append (no memory, ceiling reached)
 * leaves the bytes as they were and marks the buffer `failed`; appends after that do nothing, so that a page
 * is built without a test per line and asked once at the end: buf_ok(). The bytes are always followed by a
 * NUL that is not counted. */
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/span.h"

struct buf {
    char *p;
    size_t n, room, most;
    bool failed, over; /* over: it was the ceiling, not the machine */
};

/* An empty buffer that will never hold more than `most` bytes. Takes no memory yet. */
void buf_init(struct buf *b, size_t most);
/* Give the memory back; the buffer is empty and usable again. */
void buf_clear(struct buf *b);
/* Forget the bytes and a failure, keep the memory. */
void buf_reset(struct buf *b);
void buf_add(struct buf *b, struct span s);
void buf_add_text(struct buf *b, const char *text);
void buf_add_byte(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) PRINTS(2, 3);
/* Room for `n` more bytes at the end, for read(2); NULL when there is none. Then buf_grew says how many came.
 */
char *buf_space(struct buf *b, size_t n);
void buf_grew(struct buf *b, size_t n);
/* Drop the first `n` bytes. */
void buf_drop(struct buf *b, size_t n);
/* The bytes, valid until the next append. */
struct span buf_span(const struct buf *b);
/* The bytes as NUL-ended text ("" when empty), valid until the next append. */
const char *buf_text(const struct buf *b);
/* The bytes as NUL-ended text in `arena`: a sentence made by the way. "" when memory was refused; then
 * arena_ok is false, so that the page it was for is not sent. */
struct arena;
const char *buf_keep(const struct buf *b, struct arena *arena);
/* The same of a few words written at once, as printf. */
const char *arena_printf(struct arena *arena, const char *format, ...) PRINTS(2, 3);
/* True when nothing was lost; else `err` says whether memory or the ceiling. */
MUST bool buf_ok(const struct buf *b, struct err *err);
#define AUTO_BUF __attribute__((cleanup(buf_clear)))
#endif
