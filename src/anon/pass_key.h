#ifndef ANON_PASS_KEY_H
#define ANON_PASS_KEY_H
/* Whether a pass is signed by the key it names. What OpenSSL makes of a key is kept for the next pass: there
 * are two general keys at a time and one for each open survey. Any thread may ask. */
#include "anon/history.h"
#include "anon/token.h"

/* *good: the signature holds. False: no memory, or the system refused. */
MUST bool pass_key_good(const struct entry_key *key, const struct token *token, bool *good, struct err *err);
#endif
