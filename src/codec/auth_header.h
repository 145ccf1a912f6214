#ifndef CODEC_AUTH_HEADER_H
#define CODEC_AUTH_HEADER_H
/* The headers Authorization and WWW-Authenticate as far as the lab's protocol uses them (RFC 9110 section 11,
 * RFC 9577 section 2, PROTOCOL sections 1 and 2):
 *     Authorization: Bearer <43>   |   Crowd <43>   |   PrivateToken token="<472>"
 *     WWW-Authenticate: PrivateToken challenge="…", token-key="…", max-age="10", PrivateToken challenge="…",
 * …
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/span.h"

enum {
    AUTH_KEY = 32,                /* bytes of a bearer's secret and of the crowd key … */
    AUTH_KEY_TEXT = 43,           /* … and letters */
    AUTH_PASS = 354,              /* bytes of a pass */
    AUTH_HEADER_MOST = 16 * 1024, /* bytes of a header that is read */
};

enum auth_scheme { AUTH_BEARER, AUTH_CROWD, AUTH_PRIVATE_TOKEN, AUTH_OTHER };
/* The scheme of an Authorization header; *value is what stands behind it. */
enum auth_scheme auth_scheme(struct span header, struct span *value);
/* The credential that stands behind a scheme. False when it is not of the form above (token with or without
 * quotation marks). It is secret: wipe it. */
MUST bool auth_key_read(struct span value, uint8_t key[static AUTH_KEY]);
MUST bool auth_pass_read(struct span value, uint8_t pass[static AUTH_PASS]);
/* Append a whole header. It is secret: `out` gets its room from one request when it is empty; wipe it. */
void auth_key_write(struct buf *out, enum auth_scheme scheme, const uint8_t key[static AUTH_KEY]);
void auth_pass_write(struct buf *out, const uint8_t pass[static AUTH_PASS]);

/* One PrivateToken challenge: bytes, not letters. */
struct auth_challenge {
    struct span challenge;
    struct span key; /* an SPKI; empty when the header names none */
    int64_t max_age; /* seconds; -1: not said */
};
/* Read a WWW-Authenticate header: all its PrivateToken challenges, their bytes in `arena`. Values are quoted
 * or not, padded or not; unknown parameters and other schemes are passed over. E_FORMAT when the header or a
 * PrivateToken in it cannot be understood, E_LIMIT when there are more than `most`. *n may be 0. */
MUST bool auth_challenges_read(struct span header, struct arena *arena, struct auth_challenge *out,
                               size_t most, size_t *n, struct err *err);
/* Append `n` challenges as one header. */
void auth_challenges_write(struct buf *out, const struct auth_challenge *challenge, size_t n);
#endif
