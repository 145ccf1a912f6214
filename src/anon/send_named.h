#ifndef ANON_SEND_NAMED_H
#define ANON_SEND_NAMED_H
/* Requests as this member: Authorization: Bearer. Never a pass, never the crowd key. */
#include "anon/known.h"
#include "io/httpc.h"

/* `method`: "GET", "POST", "PATCH", "DELETE"; `type` and `accept` may be NULL. To known->issuer[0]. The
 * status is the caller's to look at. */
MUST bool named_send(struct db *db, const struct known *known, const char *method, const char *path,
                     const char *type, const char *accept, struct span body, struct httpc_answer *answer,
                     struct err *err);
#endif
