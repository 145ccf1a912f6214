#ifndef PAPERS_INTAKE_H
#define PAPERS_INTAKE_H
/* A file of papers, whatever its form: known by its first bytes, never by its name. Plain, gzip or zstd; long
 * ones are read piece by piece, so memory is bounded by the longest record. */
#include "codec/deadline.h"
#include "papers/record.h"

enum intake_form {
    INTAKE_ATOM,
    INTAKE_RSS,
    INTAKE_OAI,
    INTAKE_OPML,
    INTAKE_JSON,
    INTAKE_BIBTEX,
    INTAKE_DEADLINES,
    INTAKE_IDS
};
enum intake_what {
    INTAKE_RECORD,
    INTAKE_LEFT_OUT, /* no paper, and none was to be expected: a review, a note of a deadline without a date
                      */
    INTAKE_BAD,      /* cannot be read or kept: `why` says it */
    INTAKE_FEED,     /* OPML: an address */
    INTAKE_DEADLINE
};
struct intake_item {
    enum intake_what what;
    struct paper_record record;
    struct span address;
    struct deadline deadline;
    struct err why;
};
struct intake;

/* E_FORMAT: it is none of the forms; E_MISSING, E_SYSTEM. "-" is standard input. `*out` is closed with
 * intake_close, NULL is fine. */
MUST bool intake_open(struct intake **out, const char *path, struct err *err);
void intake_close(struct intake *in);
static inline void intake_cleanup(struct intake **in)
{
    intake_close(*in);
}
#define AUTO_INTAKE __attribute__((cleanup(intake_cleanup)))
enum intake_form intake_form(const struct intake *in);
/* What is read, for a person: "arXiv API (Atom)"; of JSON, what its last record was. */
const char *intake_form_name(const struct intake *in);
/* The next item; texts in the arena. False at the end, or with a sentence that names the file (err must be
 * clean): then nothing more can be read of it. */
bool intake_next(struct intake *in, struct arena *arena, struct intake_item *out, struct err *err);
/* Of the item last read: its line, or where `*is_line` is false its number among the records. */
uint64_t intake_number(const struct intake *in, bool *is_line);
void intake_progress(const struct intake *in, uint64_t *read, uint64_t *size);
#endif
