#ifndef SPEAK_HELP_LINE_H
#define SPEAK_HELP_LINE_H
/* Lines that a lab adds to Help now (PULSE section 10): entries `line` of its record, so that everybody has
 * the same ones and nobody slips a number to one member alone. They stand beside the national line, never in
 * its place. */
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/span.h"
#include "io/db.h"

enum {
    LINE_NUMBERS = 4,
    LINE_NAME = 120, /* bytes */
    LINE_NUMBER = 60,
    LINE_HOURS = 120,
    LINES_MOST = 12, /* shown */
};
/* {"at","hours","name","numbers":["…"],"t":"line"}: hours may be "". Of one name the newest counts; one
 * without numbers takes the line back. */
struct help_lab_line {
    struct span name, hours, number[LINE_NUMBERS];
    size_t numbers;
    int64_t at; /* Unix seconds: when the lab put it there */
};
struct help_lab_lines {
    struct help_lab_line *at;
    size_t n, room;
};
/* Append the canonical entry. Texts are one line each, without what cannot be seen; a number is of digits,
 * blanks and + - ( ) / . * # with a digit or more, or short words with a digit ("text 85258"). */
MUST bool help_line_write(const struct help_lab_line *line, struct buf *out, struct err *err);
/* Read one; *is is false for an entry of another kind, or one that is not of this form. E_MEMORY. */
MUST bool help_line_read(struct span entry, struct arena *arena, struct help_lab_line *out, bool *is,
                         struct err *err);
/* The next entry of a record, in its order: what it adds to the list or takes from it. */
MUST bool help_lines_add(struct help_lab_lines *lines, struct span entry, struct arena *arena,
                         struct err *err);
/* The lines of the lab this node is in, out of the copy of its record that is here; none in no lab. Nothing
 * is written and nobody is asked. */
MUST bool help_lines_load(struct db *db, struct arena *arena, struct help_lab_lines *out, struct err *err);
#endif
