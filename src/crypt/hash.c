/* SHA-256 and HMAC. */
#include "crypt/hash.h"

#include <sodium.h>

#include "base/banned.h"

void hash_sha256(struct span bytes, uint8_t out[static 32])
{
    crypto_hash_sha256(out, (const unsigned char *)bytes.p, bytes.n);
}

void hash_hmac(const uint8_t key[static 32], struct span bytes, uint8_t out[static 32])
{
    crypto_auth_hmacsha256(out, (const unsigned char *)bytes.p, bytes.n, key);
}

void hash_hex(const uint8_t hash[static 32], char out[static 65])
{
    sodium_bin2hex(out, 65, hash, 32);
}
