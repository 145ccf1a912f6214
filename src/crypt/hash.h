#ifndef CRYPT_HASH_H
#define CRYPT_HASH_H
/* SHA-256 (FIPS 180-4), HMAC-SHA-256 (RFC 2104) and HKDF-SHA-256 (RFC 5869), by libsodium. */
#include <stdint.h>

#include "base/span.h"

void hash_sha256(struct span bytes, uint8_t out[static 32]);
/* SHA-256 of `tag` and `bytes`, one after the other: SPAN("respite/…/v1\n") and what it is about. */
void hash_tagged(struct span tag, struct span bytes, uint8_t out[static 32]);
void hash_hmac(const uint8_t key[static 32], struct span bytes, uint8_t out[static 32]);
/* 32 bytes of HKDF out of a secret, with an empty salt; `info` has at most HASH_INFO bytes. */
enum { HASH_INFO = 128 };
void hash_hkdf(const uint8_t ikm[static 32], struct span info, uint8_t out[static 32]);
/* 64 lower-case hex digits and a NUL. */
void hash_hex(const uint8_t hash[static 32], char out[static 65]);
#endif
