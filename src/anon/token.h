#ifndef ANON_TOKEN_H
#define ANON_TOKEN_H
/* Passes as bytes: Privacy Pass type 2, blind RSA of 2,048 bits (RFC 9577, RFC 9578, PROTOCOL section 2),
 * and a week's 64 of them in one request (draft-ietf-privacypass-batched-tokens-06). Pure; the blinding is
 * crypt/brsa.h:
 *     node:    struct token with nonce, digest, key_id -> token_input -> brsa_blind -> batch_request_write
 *              batch_response_read -> brsa_finalize -> sig -> token_write
 *     issuer:  batch_request_read -> brsa_sign -> batch_response_write
 *     board:   token_read -> brsa_verify over token_input */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "crypt/spki.h"

enum {
    TOKEN_TYPE = 2,
    TOKEN_INPUT = 98, /* what is signed */
    TOKEN_SIZE = 354, /* the pass */
    TOKEN_TEXT = 472, /* the pass as b64u, padded */
    TOKEN_REQUEST = 259,
    TOKEN_SIG = 256, /* blinded messages, answers and signatures alike */
    CHALLENGE_MOST = 1024,
    PASSES = 64,        /* of a member and a week */
    BATCH_SIZE = 16580, /* bytes of a batch of 64, both ways */
};

/* What a pass answers. Passes are of TOKEN_TYPE and no other. */
struct challenge {
    uint16_t type;
    struct span issuer;  /* host[:port] */
    uint8_t context[32]; /* context_n is 0 or 32 */
    size_t context_n;
    struct span origins; /* hosts with commas between; may be empty: any */
};
/* Append it. Over CHALLENGE_MOST bytes, or with another context_n, `out` is marked as over its ceiling. */
void challenge_write(const struct challenge *c, struct buf *out);
/* Read one, whole; spans are borrowed from `bytes`. */
MUST bool challenge_read(struct span bytes, struct challenge *out, struct err *err);
/* SHA-256 of its bytes: what a token carries of it. */
void challenge_digest(struct span bytes, uint8_t out[static 32]);
/* True when `host` (host[:port]) is one of its origins; ASCII case does not matter. */
bool challenge_has_origin(const struct challenge *c, struct span host);
/* The context of a survey's challenge: of the bytes of its entry in the record. */
void survey_context(struct span entry, uint8_t out[static 32]);

/* A pass. It is as good as money: wipe it. */
struct token {
    uint8_t nonce[32], digest[32], key_id[32]; /* digest: challenge_digest() */
    uint8_t sig[TOKEN_SIG];
};
/* The bytes the signature is over. */
void token_input(const struct token *token, uint8_t out[static TOKEN_INPUT]);
void token_write(const struct token *token, uint8_t out[static TOKEN_SIZE]);
/* E_FORMAT unless they are the 354 bytes of a token of type 2. The signature is not looked at. */
MUST bool token_read(struct span bytes, struct token *out, struct err *err);
/* SHA-256 of the 354 bytes: `pass` of an act. */
void token_hash(const struct token *token, uint8_t out[static 32]);

/* A blinded pass on its way to the issuer. key_byte: the last byte of the key's id. */
struct token_request {
    uint8_t key_byte;
    struct span blinded; /* TOKEN_SIG bytes, borrowed */
};
void token_request_write(uint8_t key_byte, const uint8_t blinded[static TOKEN_SIG],
                         uint8_t out[static TOKEN_REQUEST]);
MUST bool token_request_read(struct span bytes, uint8_t *key_byte, struct span *blinded, struct err *err);

/* Batches, 1 to PASSES items; the length in front has its shortest form. Reading takes just `n` items; whose
 * key they name and whether they are below its modulus is the issuer's to look at. */
void batch_request_write(const struct token_request *item, size_t n, struct buf *out);
MUST bool batch_request_read(struct span bytes, size_t n, struct token_request *item, struct err *err);
/* `sig`: n answers of TOKEN_SIG bytes, one after the other. Read as spans into `bytes`; an item the issuer
 * did not sign refuses them all. */
void batch_response_write(const uint8_t *sig, size_t n, struct buf *out);
MUST bool batch_response_read(struct span bytes, size_t n, struct span *sig, struct err *err);

/* The issuer's directory: application/private-token-issuer-directory. */
enum { DIRECTORY_MOST = 32, DIRECTORY_BYTES = 65536 };
struct directory_key {
    uint8_t spki[SPKI_SIZE];
    int64_t not_before; /* Unix seconds; 0: now */
};
/* Append the JSON. 1 to DIRECTORY_MOST keys. */
MUST bool directory_write(const struct directory_key *keys, size_t n, struct buf *out, struct err *err);
/* Keys of type 2, in their order; those of other types are passed over. `keys` has room for `most`; E_LIMIT
 * when there are more. *n may be 0. Whether a key's bytes are a sound SPKI is spki_read()'s to say. */
MUST bool directory_read(struct span text, struct directory_key *keys, size_t most, size_t *n,
                         struct err *err);
#endif
