#ifndef ANON_ISSUER_KEY_H
#define ANON_ISSUER_KEY_H
/* The keys that passes are signed with: made, kept sealed in the database until issuing ends, and unsealed in
 * memory for as long as they sign. Any thread may sign. */
#include "anon/history.h"
#include "anon/lab.h"
#include "anon/token.h"

/* A new key and what is said of it in the record. */
struct issuer_key {
    struct brsa_secret *secret;
    uint8_t spki[SPKI_SIZE], key_id[32];
    uint8_t crowd[32]; /* secret; general keys */
};
/* Make one whose id ends in a byte that no key of `taken` ends in (256 places); its own is marked there. */
MUST bool issuer_key_make(bool taken[static 256], struct issuer_key *out, struct err *err);
void issuer_key_clear(struct issuer_key *key);
/* The bytes that are taken at `now`: of keys that live, and of the last two epochs'. */
void issuer_key_taken(const struct history *h, int64_t now, bool taken[static 256]);
/* Within db_write: keep it, and let passes be signed with it. `epoch`: 0 for a survey; `roster`: the log
 * index of its group's, -1 for a general key. */
MUST bool issuer_key_save(struct db *db, const struct lab *lab, const struct issuer_key *key, day_t epoch,
                          int64_t roster, struct err *err);
/* Within db_write: issuing is over. The secret is gone from the database; *issued is how many members had
 * passes of it, whose rows go too. */
MUST bool issuer_key_close(struct db *db, const uint8_t key_id[static 32], int64_t *issued,
                           int64_t *counsellors, struct err *err);
/* Gone from the memory of this process, as soon as no thread signs with it. */
void issuer_key_forget(const uint8_t key_id[static 32]);

/* Sign `n` blinded messages, one after the other into `sig`, TOKEN_SIG bytes each. E_MISSING: the secret is
 * not there (any more). */
MUST bool issuer_key_sign(const struct lab *lab, struct db *db, const uint8_t key_id[static 32],
                          const struct token_request *item, size_t n, uint8_t *sig, struct err *err);
/* The crowd key that came with it. E_MISSING. */
MUST bool issuer_key_crowd(const struct lab *lab, struct db *db, const uint8_t key_id[static 32],
                           uint8_t out[static 32], struct err *err);
#endif
