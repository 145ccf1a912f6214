#ifndef CRYPT_BRSA_H
#define CRYPT_BRSA_H
/* Blind RSA signatures (RFC 9474, RSABSSA-SHA384-PSS): the issuer signs what it cannot see, and cannot tell
 * the signature from any other afterwards. Prepare is the identity here (the variant called Deterministic,
 * of Privacy Pass): a pass brings 32 random bytes of its own. In Respite keys have 2,048 bits and salts 48
 * bytes; the code takes what the RFC's vectors have as well.
 *     node:    brsa_draw -> brsa_blind -> (issuer) -> brsa_finalize
 *     issuer:  brsa_sign, with one struct brsa_signer for each thread
 *     anyone:  brsa_verify
 * Chance is drawn in one place and is an argument everywhere else. */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

enum { BRSA_LEAST = 256, BRSA_MOST = 512, BRSA_SALT = 48 }; /* bytes: 2,048 to 4,096 bits */

/* An issuer's key, for blinding and verifying; threads may share it. */
struct brsa_public;
/* `n`: an odd modulus of 256, 384 or 512 bytes with its top bit set; e is 65537. `salt`: BRSA_SALT, or 0 for
 * the RFC's PSSZERO. */
MUST bool brsa_public_new(struct span n, size_t salt, struct brsa_public **out, struct err *err);
void brsa_public_free(struct brsa_public *key);
/* Bytes of the modulus, and so of blinded messages and signatures. */
size_t brsa_size(const struct brsa_public *key);
void brsa_modulus(const struct brsa_public *key, uint8_t *n);

/* One message on its way to a signature. `msg` is borrowed; salt and r are chance; blinded goes to the
 * issuer; inv is kept for brsa_finalize. All but blinded are secret: wipe it when done. */
struct brsa_item {
    struct span msg;
    uint8_t salt[BRSA_SALT];
    uint8_t r[BRSA_MOST]; /* big-endian, brsa_size() bytes, from 1 to n - 1 */
    uint8_t blinded[BRSA_MOST];
    uint8_t inv[BRSA_MOST]; /* r's inverse mod n */
};
/* Fill salt and r. */
MUST bool brsa_draw(const struct brsa_public *key, struct brsa_item *item, struct err *err);
/* Fill blinded and inv of `count` items, 1 or more, with one inversion for all. On failure send none. */
MUST bool brsa_blind(const struct brsa_public *key, struct brsa_item *item, size_t count, struct err *err);
/* The signature over `msg` from the issuer's answer; E_REFUSED when it is none. `sig` takes brsa_size()
 * bytes. */
MUST bool brsa_finalize(const struct brsa_public *key, struct span msg, const uint8_t *inv,
                        struct span answer, uint8_t *sig, struct err *err);
/* E_REFUSED when `sig` is not the key's signature over `msg`. */
MUST bool brsa_verify(const struct brsa_public *key, struct span msg, struct span sig, struct err *err);
/* EMSA-PSS (RFC 8017 section 9.1.1) with SHA-384, MGF1 with SHA-384 and emBits = 8 * size - 1: `size` bytes
 * into `em`. `salt` has at most BRSA_SALT bytes. */
MUST bool brsa_pss(struct span msg, struct span salt, size_t size, uint8_t *em, struct err *err);

/* The issuer's half: it does blind signatures and nothing else. Threads may share it. */
struct brsa_secret;
/* A new key of 2,048 bits. */
MUST bool brsa_secret_make(struct brsa_secret **out, struct err *err);
/* DER: PKCS #8 or RFC 8017's RSAPrivateKey, with e = 65537; written as the latter. What is written is secret:
 * it is one request of `out`, which is wiped by whoever owns it. */
MUST bool brsa_secret_read(struct span der, struct brsa_secret **out, struct err *err);
MUST bool brsa_secret_write(const struct brsa_secret *key, struct buf *out, struct err *err);
void brsa_secret_free(struct brsa_secret *key);
/* Its public half (salt 48), alive as long as it. */
const struct brsa_public *brsa_secret_public(const struct brsa_secret *key);

/* What one thread signs with. */
struct brsa_signer;
MUST bool brsa_signer_new(const struct brsa_secret *key, struct brsa_signer **out, struct err *err);
void brsa_signer_free(struct brsa_signer *signer);
/* Sign a blinded message into `out`, brsa_size() bytes. E_FORMAT when it has another length or is not below
 * n. The result is checked before it leaves: of a faulty one, from which the key could be computed, nothing
 * is written (E_SYSTEM). */
MUST bool brsa_sign(struct brsa_signer *signer, struct span blinded, uint8_t *out, struct err *err);
#endif
