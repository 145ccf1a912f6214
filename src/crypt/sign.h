#ifndef CRYPT_SIGN_H
#define CRYPT_SIGN_H
/* Ed25519 (RFC 8032) by libsodium, for acts, cards, moderation, notes and cosignatures: one verifier for node
 * and server, which refuses keys of small order (OpenSSL's takes them, and then one signature fits every
 * message). */
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* A signing key: keep it in secret_pages(), or wipe it. */
struct sign_key {
    uint8_t secret[64];
};

/* The key of a seed: 32 bytes nobody can guess. */
void sign_key_init(struct sign_key *key, const uint8_t seed[static 32]);
void sign_public(const struct sign_key *key, uint8_t pk[static 32]);
void sign(const struct sign_key *key, struct span message, uint8_t sig[static 64]);
bool sign_good(const uint8_t pk[static 32], struct span message, const uint8_t sig[static 64]);
/* The id of a key of C2SP signed notes: the first 4 bytes of SHA-256(name || 0A || kind || pk); `kind` is 1
 * for notes, 4 for cosignatures (codec/note_sig.h). */
void sign_key_id(struct span name, uint8_t kind, const uint8_t pk[static 32], uint8_t id[static 4]);
#endif
