#ifndef ANON_KINDS_H
#define ANON_KINDS_H
/* Which requests a route of the lab lets in, and how one is turned away. The centre asks before any room sees
 * the request. */
#include "ui/problem.h"
#include "ui/room.h"

/* True when the request carries exactly what the route's `who` says: its headers, its one credential, no
 * other (kind_form), and on a CROWD route the key of an epoch whose passes can be spent now. Whose a bearer
 * is, and whether a pass is good, the route itself looks up. */
MUST bool kind_let_in(struct app *app, const struct route *route, const struct request *request,
                      struct problem *p, struct err *err);
/* Turn a request away: reply_problem(), padded to 1,024 bytes on an ANONYMOUS route, and for a 401 the
 * WWW-Authenticate of its kind: `Bearer …`, `PrivateToken …` for each general key that can be spent now. */
void kind_refuse(struct app *app, const struct route *route, const struct request *request,
                 const struct problem *p, struct reply *reply);
#endif
