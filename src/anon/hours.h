#ifndef ANON_HOURS_H
#define ANON_HOURS_H
/* The open hours of a counsellor in a week (PROTOCOL section 6.7): a calendar of times that can be taken, and
 * the key that what is said beforehand is sealed to. Signed with the counsellor's own key; its hash stands in
 * the record, so that every member sees the same times and the same key. */
#include <jansson.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/day.h"
#include "base/err.h"
#include "base/span.h"
#include "crypt/sign.h"

enum {
    HOURS_SLOTS = 40,               /* times of one counsellor in one week */
    HOURS_BY = 120,                 /* bytes of "how": a telephone number, a room */
    HOURS_LONGEST = 8 * 3600,       /* seconds of one time */
    HOURS_N_MOST = 1000000,         /* records of one week */
    HOURS_RECORD = 24 * 1024,       /* bytes of one record */
    HOURS_AHEAD = 8,                /* weeks ahead of this one that can be published */
    HOURS_ANSWER = 4 * 1024 * 1024, /* bytes of GET /v1/counsellors */
};
struct hours_slot {
    uint8_t id[16];   /* drawn; names the time in the act that takes it */
    int64_t from, to; /* Unix seconds, whole minutes; begins within the week */
    struct span by;   /* one line: how they meet */
};
struct hours {
    uint8_t counsellor[32], box_pk[32], sig[64];
    struct span lab; /* the board's origin, "lab" of acts */
    day_t week;      /* an epoch: its Monday */
    int64_t n;       /* from 1: of a counsellor's records of a week, the newest in the log counts, and has the
                        highest n */
    size_t slots;    /* by time, none over another; 0 withdraws the week */
    struct hours_slot slot[HOURS_SLOTS];
};
/* Sign it: counsellor and sig are set. E_FORMAT, E_LIMIT when the times are not of the form. */
MUST bool hours_sign(struct hours *hours, const struct sign_key *key, struct err *err);
/* *good: the key it names has signed it. False: no memory. */
MUST bool hours_good(const struct hours *hours, bool *good, struct err *err);
/* Append the signed record, canonical. Its SHA-256 stands in the log. */
MUST bool hours_write(const struct hours *hours, struct buf *out, struct err *err);
/* Read a record that is parsed: just its members, within the limits; spans live as long as `o`. The signature
 * is not looked at. */
MUST bool hours_get(const json_t *o, struct hours *out, struct err *err);
/* The same of its canonical bytes; *o holds the texts and is dropped by the caller. */
MUST bool hours_read(struct span bytes, json_t **o, struct hours *out, struct err *err);
#endif
