#ifndef CRYPT_SPKI_H
#define CRYPT_SPKI_H
/* The one form of an issuer's public key that RFC 9578 knows (section 8.2.2: RSASSA-PSS, SHA-384, MGF1 with
 * SHA-384, salt 48): 342 bytes, of which all but the modulus are fixed. OpenSSL writes it otherwise, with
 * NULL parameters, so that the key's id would be another: it is written and read here, byte for byte. */
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

enum { SPKI_SIZE = 342, SPKI_MODULUS = 256 };

/* `n`: the modulus, big-endian, its top bit set. */
void spki_write(const uint8_t n[static SPKI_MODULUS], uint8_t out[static SPKI_SIZE]);
/* False unless `spki` is 342 bytes of just this form, with an odd modulus of 2,048 bits; e is 65537. */
bool spki_read(struct span spki, uint8_t n[static SPKI_MODULUS]);
/* token_key_id = SHA-256 of the 342 bytes. */
void spki_key_id(const uint8_t spki[static SPKI_SIZE], uint8_t out[static 32]);
#endif
