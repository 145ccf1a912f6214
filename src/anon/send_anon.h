#ifndef ANON_SEND_ANON_H
#define ANON_SEND_ANON_H
/* The one anonymous request: POST /v1/acts with a pass, on a connection of its own. Never a bearer. */
#include "anon/known.h"
#include "anon/token.h"
#include "io/httpc.h"

/* `body`: canonical bytes padded to a class; `token`: its 354 bytes. The status is the caller's to look at.
 */
MUST bool anon_send(struct db *db, const struct known *known, struct span body,
                    const uint8_t token[static TOKEN_SIZE], struct httpc_answer *answer, struct err *err);
#endif
