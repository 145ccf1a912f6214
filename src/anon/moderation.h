#ifndef ANON_MODERATION_H
#define ANON_MODERATION_H
/* What a moderator decides about a post (PROTOCOL sections 5 and 7): signed with a key of their own over the
 * lab, the post, and the decision on that post that came before, so that no decision is used twice or
 * elsewhere. Its body, its entry in the record, and the asking for what members wrote to the moderators. */
#include <jansson.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/span.h"
#include "crypt/sign.h"

enum moderation_do { MODERATION_HIDE, MODERATION_SHOW, MODERATION_MUTE, MODERATION_DROP, MODERATION_DOS };
enum { MODERATION_REASON = 500 /* bytes as written in JSON */, MODERATION_BODY = 4096 };
struct moderation {
    enum moderation_do act;
    uint8_t target[16], pk[32], sig[64];
    int64_t prev; /* log index of the last entry on this target, or -1 */
    struct span reason;
};
/* "hide" */
const char *moderation_name(enum moderation_do act);
bool moderation_named(struct span name, enum moderation_do *out);

/* Whether `reason` may stand in one: a line that is not empty. E_FORMAT, E_LIMIT in a sentence. */
MUST bool moderation_reason_good(struct span reason, struct err *err);
/* Sign: pk and sig are set. `lab` is the board's origin, "lab" of acts. */
MUST bool moderation_sign(struct moderation *m, struct span lab, const struct sign_key *key, struct err *err);
/* *good: the key in it has signed it for this lab. False: no memory. */
MUST bool moderation_good(const struct moderation *m, struct span lab, bool *good, struct err *err);
/* Append the body of POST /v1/moderation, canonical. */
MUST bool moderation_write(const struct moderation *m, struct span lab, struct buf *out, struct err *err);
/* Read one that is parsed: just these members. Spans live as long as `o`. E_FORMAT; the signature is not
 * looked at. */
MUST bool moderation_read(const json_t *o, struct moderation *out, struct span *lab, struct err *err);
/* The members that an entry of the record shares with the body, read from it and set in it. */
MUST bool moderation_get(const json_t *o, struct moderation *out, struct err *err);
bool moderation_put(json_t *o, const struct moderation *m);

/* The same route, asked for what members wrote to the moderators: {"at","do":"read","lab","pk","sig","v":1};
 * at: Unix seconds, near the lab's clock. */
enum { MODERATION_CLOCKS = 300 };
struct moderation_ask {
    int64_t at;
    uint8_t pk[32], sig[64];
};
MUST bool moderation_ask_write(struct span lab, int64_t at, const struct sign_key *key, struct buf *out,
                               struct err *err);
/* *good: signed so, for this lab. E_FORMAT when it is not of the form. */
MUST bool moderation_ask_read(const json_t *o, struct span lab, struct moderation_ask *out, bool *good,
                              struct err *err);
#endif
