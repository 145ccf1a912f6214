#ifndef CRYPT_HASH_H
#define CRYPT_HASH_H
/* SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104), by libsodium. */
#include <stdint.h>

#include "base/span.h"

void hash_sha256(struct span bytes, uint8_t out[static 32]);
void hash_hmac(const uint8_t key[static 32], struct span bytes, uint8_t out[static 32]);
/* 64 lower-case hex digits and a NUL. */
void hash_hex(const uint8_t hash[static 32], char out[static 65]);
#endif
