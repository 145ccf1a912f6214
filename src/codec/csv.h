#ifndef CODEC_CSV_H
#define CODEC_CSV_H
/* Comma-separated values, RFC 4180, with LF, CRLF, a BOM, quoted fields with "" and line ends inside. The
 * text is one span (a mapped file). A field that needs no unquoting points into it; one that does is copied
 * into the arena. */
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/span.h"

struct csv {
    struct span rest;
    char separator; /* ',' unless set: ';' and TAB are common */
    uint64_t line;  /* number of the line where the record last read begins, from 1 */
    uint64_t next_line;
    size_t columns_most; /* more is E_LIMIT */
};
/* Begins as {0}. csv_next uses the same array again for the next record. */
struct csv_record {
    struct span *field;
    size_t n, room;
};
void csv_init(struct csv *csv, struct span text);
/* The next record into *out (in the arena). Empty lines are passed over. False at the end, or err with the
 * line number. */
bool csv_next(struct csv *csv, struct arena *arena, struct csv_record *out, struct err *err);

/* A text that comes in blocks. How many bytes of the front of `text` are whole records (0 when there is
 * none): what stands after them goes before the next block. `text` begins at the beginning of a record. */
size_t csv_whole(struct span text, char separator);
/* Go on with the next block of whole records; lines are counted on, the BOM is no matter any more. */
void csv_more(struct csv *csv, struct span text);
#endif
