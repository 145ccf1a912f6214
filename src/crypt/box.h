#ifndef CRYPT_BOX_H
#define CRYPT_BOX_H
/* Letters as bytes (PROTOCOL section 6): text padded to one of three classes and boxed by libsodium, X25519
 * with XSalsa20-Poly1305. A first letter is sealed: nobody sees by whom. Later ones are between two known
 * keys. A box has the same length for everything in its class. */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

enum { BOX_SMALL = 1024, BOX_MIDDLE = 4096, BOX_LARGE = 16384 };
/* What a box adds to the padded text. */
enum { BOX_SEALED_OVER = 48, BOX_OVER = 24 + 16 };

/* A pair of keys; the secret one belongs in secret_pages(), or is wiped. */
void box_pair(uint8_t pk[static 32], uint8_t secret[static 32]);
/* The smallest class that takes `n` bytes of text under `over` bytes; 0 when none does. Padding takes one
 * byte, so a class of 1,024 sealed holds 975. */
size_t box_class(size_t n, size_t over);

/* Append the box. E_LIMIT when the text fits no class. */
MUST bool box_seal(struct span text, const uint8_t to[static 32], struct buf *out, struct err *err);
MUST bool box_make(struct span text, const uint8_t to[static 32], const uint8_t secret[static 32],
                   struct buf *out, struct err *err);
/* Append the text. E_REFUSED when the box is not one for this key: an ordinary answer, since a listener tries
 * each letter. The text is secret: let `out` have its whole ceiling from one request (nothing in it before),
 * and wipe it. */
MUST bool box_seal_open(struct span box, const uint8_t pk[static 32], const uint8_t secret[static 32],
                        struct buf *out, struct err *err);
MUST bool box_open(struct span box, const uint8_t from[static 32], const uint8_t secret[static 32],
                   struct buf *out, struct err *err);

/* Address `n` of one direction of a conversation (0 asker to listener, 1 back) under its secret `k`. */
void box_address(const uint8_t k[static 32], uint8_t direction, uint64_t n, uint8_t out[static 16]);
#endif
