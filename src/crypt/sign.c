/* Ed25519. */
#include "crypt/sign.h"

#include <assert.h>
#include <sodium.h>

#include "base/banned.h"

static_assert(sizeof(struct sign_key) == crypto_sign_SECRETKEYBYTES, "seed and public key");

void sign_key_init(struct sign_key *key, const uint8_t seed[static 32])
{
    uint8_t pk[32];
    crypto_sign_seed_keypair(pk, key->secret, seed);
}

void sign_public(const struct sign_key *key, uint8_t pk[static 32])
{
    crypto_sign_ed25519_sk_to_pk(pk, key->secret);
}

void sign(const struct sign_key *key, struct span message, uint8_t sig[static 64])
{
    crypto_sign_detached(sig, NULL, (const unsigned char *)message.p, message.n, key->secret);
}

bool sign_good(const uint8_t pk[static 32], struct span message, const uint8_t sig[static 64])
{
    return crypto_sign_verify_detached(sig, (const unsigned char *)message.p, message.n, pk) == 0;
}

void sign_key_id(struct span name, uint8_t kind, const uint8_t pk[static 32], uint8_t id[static 4])
{
    uint8_t hash[32];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)name.p, name.n);
    crypto_hash_sha256_update(&state, (const unsigned char[]){'\n', kind}, 2);
    crypto_hash_sha256_update(&state, pk, 32);
    crypto_hash_sha256_final(&state, hash);
    memcpy(id, hash, 4);
}
