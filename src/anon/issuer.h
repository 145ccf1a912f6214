#ifndef ANON_ISSUER_H
#define ANON_ISSUER_H
/* The issuer's routes about passes (PROTOCOL sections 2 and 3). It knows who asks, and sees blinded bytes. */
#include "ui/room.h"

/* POST /v1/counsellors/passes: the same for a counsellor, who need not be a member, signed with the key in
 * the record. */
void api_guest_passes(struct app *app, const struct request *request, struct reply *reply);
void api_token_request(struct app *app, const struct request *request, struct reply *reply);
void api_directory(struct app *app, const struct request *request, struct reply *reply);
/* GET /v1/epochs/<epoch>: the crowd key, for members. */
void api_epoch(struct app *app, const struct request *request, struct reply *reply);
#endif
