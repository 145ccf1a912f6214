#ifndef ANON_COSIGN_H
#define ANON_COSIGN_H
/* Members' cosignatures under the epoch's head (PROTOCOL section 5, Witness (a)). */
#include "anon/epoch.h"
#include "ui/room.h"

/* POST /v1/cosignatures */
void api_cosign(struct app *app, const struct request *request, struct reply *reply);
/* Append the lines of an epoch as {"line":…,"origin":…}, with commas between, in the order of their keys. */
MUST bool cosign_lines(struct db *db, day_t epoch, struct buf *out, struct err *err);
/* False unless `vkey` may be the witness key that a member sends when it joins: a cosigner named
 * `<origin>/m/<8 hex digits of the key>`. */
bool cosign_vkey_good(struct span vkey);
#endif
