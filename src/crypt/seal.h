#ifndef CRYPT_SEAL_H
#define CRYPT_SEAL_H
/* Rows at rest under a key of one's own: XChaCha20-Poly1305 (IETF form), a random nonce of 24 bytes in front,
 * a tag of 16 behind. `purpose` says what the bytes are ("lab/epoch key/2026-W48"): it is not in them, and
 * one that differs does not open them, so that rows cannot be exchanged for one another. */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

enum { SEAL_OVER = 24 + 16 };

/* Append SEAL_OVER bytes more than `plain` has. False when `out` has no room; buf_ok() says why. */
MUST bool seal(struct span plain, const uint8_t key[static 32], struct span purpose, struct buf *out);
/* Append the plain bytes. E_REFUSED when they were not sealed under this key and for this purpose, or were
 * changed since. They are secret: let `out` have its whole ceiling from one request, and wipe it. */
MUST bool seal_open(struct span sealed, const uint8_t key[static 32], struct span purpose, struct buf *out,
                    struct err *err);
#endif
