#ifndef ANON_GUEST_ASK_H
#define ANON_GUEST_ASK_H
/* What somebody who is in the record and no member asks a lab for (PROTOCOL section 13, Counsellors): who
 * took a time, one batch of letters as members have it, a week's passes. The key that stands in the record
 * signs each request; there is no other credential. */
#include <jansson.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/span.h"
#include "crypt/sign.h"

enum {
    GUEST_BODY = 32 * 1024, /* bytes of a request */
    GUEST_CLOCKS = 300,     /* seconds by which the two clocks may differ */
};
enum guest_do { GUEST_READ, GUEST_LETTERS, GUEST_PASSES };
struct guest_ask {
    enum guest_do what;
    int64_t at;          /* Unix seconds, near the lab's clock */
    int64_t n;           /* letters: the number of a batch */
    struct span request; /* passes: the batch of token requests, as a member sends it */
    uint8_t pk[32], sig[64];
};
/* Append {"at","do","lab","n"?,"pk","request"?,"sig","v":1}, canonical, signed over "respite/slots/v1\n" and
 * the rest. `lab`: the board's origin. */
MUST bool guest_ask_write(const struct guest_ask *ask, struct span lab, const struct sign_key *key,
                          struct buf *out, struct err *err);
/* Read one: just these members. *good: signed so, for this lab. `request` lives in the arena. */
MUST bool guest_ask_read(const json_t *o, struct span lab, struct arena *arena, struct guest_ask *out,
                         bool *good, struct err *err);
#endif
