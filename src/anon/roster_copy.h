#ifndef ANON_ROSTER_COPY_H
#define ANON_ROSTER_COPY_H
/* The board of a split lab serves the lists of its issuer: a copy that it has held against its copy of the
 * issuer's log (PROTOCOL section 5, Roster). */
#include "ui/room.h"

/* GET /v1/rosters/<epoch> on a board of its own. Who asks has read the issuer's log a moment ago, so the copy
 * is brought up to it first; the crowd key to ask the issuer with is the one that came with the request. When
 * the issuer is not there, what was copied before is served. */
void api_roster_copy(struct app *app, const struct request *request, struct reply *reply);

/* Check an answer of the issuer against the record and keep what the record speaks of. E_REFUSED: a list that
 * is missing, or is another than the record says; the copy stays as it was. */
MUST bool roster_copy_take(struct app *app, day_t epoch, struct span body, struct err *err);
#endif
