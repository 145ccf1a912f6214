#ifndef ARENA_VOTES_READ_H
#define ARENA_VOTES_READ_H
/* Vote files of all kinds, told by what stands in them. What a row names is said with its line. */
#include "arena/votes.h"
#include "base/buf.h"
#include "io/lines.h"

/* Read all votes of the file (or standard input, "-") into `v`. May be called again for another file.
 * `progress` says now and then on standard error how far it is. */
MUST bool votes_read(struct votes *v, const char *path, bool progress, struct err *err);

/* The part of a reader that takes bytes as they come; for the readers and their fuzz targets. */
struct votes_feed {
    struct lines *lines; /* NULL: what is in `in` is all there is */
    struct buf in;
    size_t at; /* so much of `in` is done with */
    bool end, progress;
    int shown; /* tenths of the file said */
};
/* One more block into feed->in, after what is done with was dropped. */
MUST bool votes_more(struct votes_feed *feed, struct err *err);
/* CSV with a header row: feed->in holds its beginning. */
MUST bool votes_read_csv(struct votes *v, struct votes_feed *feed, struct err *err);
/* JSON: a list, lines, or one object. */
MUST bool votes_read_json(struct votes *v, struct votes_feed *feed, struct err *err);
/* By content. */
MUST bool votes_read_feed(struct votes *v, struct votes_feed *feed, struct err *err);

/* The error for an outcome that is none, or, with --skip-bad, the row left out. */
MUST bool votes_bad_outcome(struct votes *v, struct span text, uint64_t line, struct err *err);
#endif
