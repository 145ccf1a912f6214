/* SHA-256, HMAC and HKDF. */
#include "crypt/hash.h"

#include <assert.h>
#include <sodium.h>

#include "crypt/secret.h"

#include "base/banned.h"

void hash_sha256(struct span bytes, uint8_t out[static 32])
{
    crypto_hash_sha256(out, (const unsigned char *)bytes.p, bytes.n);
}

void hash_tagged(struct span tag, struct span bytes, uint8_t out[static 32])
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)tag.p, tag.n);
    crypto_hash_sha256_update(&state, (const unsigned char *)bytes.p, bytes.n);
    crypto_hash_sha256_final(&state, out);
    secret_wipe(&state, sizeof state);
}

void hash_hmac(const uint8_t key[static 32], struct span bytes, uint8_t out[static 32])
{
    crypto_auth_hmacsha256(out, (const unsigned char *)bytes.p, bytes.n, key);
}

/* RFC 5869: PRK = HMAC(salt, IKM), where an empty salt is 32 zero bytes; OKM = HMAC(PRK, info || 01), its
 * first block. */
void hash_hkdf(const uint8_t ikm[static 32], struct span info, uint8_t out[static 32])
{
    static const uint8_t salt[32];
    uint8_t prk[32];
    char bytes[HASH_INFO + 1];
    assert(info.n <= HASH_INFO);
    hash_hmac(salt, (struct span){(const char *)ikm, 32}, prk);
    if (info.n > 0)
        memcpy(bytes, info.p, info.n);
    bytes[info.n] = 1;
    hash_hmac(prk, (struct span){bytes, info.n + 1}, out);
    secret_wipe(prk, sizeof prk);
}

void hash_hex(const uint8_t hash[static 32], char out[static 65])
{
    sodium_bin2hex(out, 65, hash, 32);
}
