#ifndef ANON_KIND_FORM_H
#define ANON_KIND_FORM_H
/* What a request carries, told apart without looking anything up (PROTOCOL section 1): identified, anonymous
 * or public, never two at once (DESIGN invariant 1). Pure. */
#include "io/httpd.h"
#include "ui/problem.h"
#include "ui/room.h"

enum { KIND_BODY_MOST = 32 * 1024 };

/* True when the headers, the credential's scheme, the query and the size of the body are those of a route of
 * this `who`. *value is then what stands behind the scheme: of a Bearer and a Crowd 43 letters, of a
 * PrivateToken anything; {NULL,0} on a PUBLIC route without one. */
MUST bool kind_form(enum who who, const struct request *request, struct span *value, struct problem *p);
#endif
