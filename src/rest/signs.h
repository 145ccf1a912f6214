#ifndef REST_SIGNS_H
#define REST_SIGNS_H
/* A sign of work: one own commit, or one act of the reflog that shows you were there. What it was about is
 * never read. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/day.h"
#include "base/span.h"

/* REST 2.4: each commit is in exactly one class, the first that fits. The last two count. */
enum sign_class {
    CLASS_OTHERS,
    CLASS_BOTS,
    CLASS_CLOCK,       /* no author time that can be */
    CLASS_MERGE_CLICK, /* committed by somebody else within a minute: the time of a click, not of work */
    CLASS_AGENTS,
    CLASS_ZONE_UNKNOWN, /* counts in the hours, never in evenings, nights, Sundays or rests */
    CLASS_COUNTED,
    CLASS_N
};
/* The key in `excluded` of --json: "others", "bots", … ; CLASS_COUNTED has none. */
const char *class_key(enum sign_class class);

struct sign {
    struct moment when; /* in the commit's own zone */
    enum sign_class class;
    bool presence; /* a reflog act that is no commit: for the rest facts alone */
    bool again;    /* a further time of a commit that is there: it is a sign, but no commit more */
};
struct signs {
    struct sign *at; /* by time, oldest first */
    size_t n, room;
};

struct mails {
    struct span *at;
    size_t n, room;
};
/* Compared without regard to case. mails_find gives the place, or -1. */
ptrdiff_t mails_find(const struct mails *mails, struct span mail);
bool mails_hold(const struct mails *mails, struct span mail);

/* Can this stand in a commit as an address: something@something, no blanks or control bytes, at most 320
 * bytes? */
bool mail_ok(struct span mail);

/* Mark as CLASS_ZONE_UNKNOWN the counted signs of zone +0000 that have another zone within 30 days around
 * them, where this machine's zone is not UTC at that time: `utc_here(epoch)` says so. `signs` are sorted. */
void signs_doubt_zones(struct signs *signs, bool (*utc_here)(int64_t epoch));
#endif
