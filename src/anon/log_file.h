#ifndef ANON_LOG_FILE_H
#define ANON_LOG_FILE_H
/* A log and its batches as a plain file: what `respite export --log` writes on a member's computer and
 * `respite lab recover` reads. Lines of text:
 *     respite log 1 <origin>
 *     <index> <base64 of the entry>                       from 0 on, each in its turn
 *     batch <series> <n> <base64 of the batch as served>
 *     checkpoint <base64 of the signed checkpoint>        the last
 * Of a lab of two operators the issuer's log stands first, and the board's follows in the same form. */
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* The writer's half: append one line each. */
void log_file_begin(struct buf *out, struct span origin);
void log_file_entry(struct buf *out, uint64_t index, struct span entry);
void log_file_batch(struct buf *out, struct span series, int64_t n, struct span bytes);
void log_file_end(struct buf *out, struct span checkpoint);

enum log_line_kind { LOG_ENTRY, LOG_BATCH, LOG_CHECKPOINT, LOG_NEXT };
struct log_line {
    enum log_line_kind kind;
    uint64_t index;     /* of an entry */
    struct span series; /* of a batch, with n; valid until the next line, as bytes */
    int64_t n;
    struct span bytes; /* of LOG_NEXT, with which another log begins: its origin */
};
struct log_file;
/* Open one and read its first line: *origin is valid until it is closed. NULL is fine for closing. */
MUST bool log_file_open(const char *path, struct log_file **out, struct span *origin, struct err *err);
/* The same over bytes in memory, which stay the caller's. */
MUST bool log_file_over(struct span bytes, struct log_file **out, struct span *origin, struct err *err);
void log_file_close(struct log_file *file);
/* The next line; false at the end, or with a sentence: a line that is none of these or out of its turn, an
 * entry over 65,535 bytes, a batch over 8 MiB, an end without a checkpoint or something after it. */
bool log_file_next(struct log_file *file, struct log_line *out, struct err *err);
#endif
