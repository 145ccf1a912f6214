#ifndef UI_PROBLEM_H
#define UI_PROBLEM_H
/* How the lab says no: application/problem+json (RFC 9457), one of a fixed list (PROTOCOL section 9), the
 * same bytes for everybody: no trace, no id, no echo of what was sent. A function of the lab that can be
 * refused by the protocol takes `struct problem *` beside `struct err *`: it returns false with a problem set
 * (the client's doing), or false with none (ours: `err` says what, the client gets 503 busy). */
#include <stdbool.h>

#include "base/err.h"
#include "io/httpd.h"

enum problem_type {
    PROBLEM_NONE = 0,
    /* 400 */ PROBLEM_BAD_JSON,
    PROBLEM_BAD_SIZE,
    PROBLEM_BAD_FIELD,
    PROBLEM_BAD_SIG,
    PROBLEM_HEADER,
    PROBLEM_MIXED,
    PROBLEM_BAD_REQUEST,
    /* 401 */ PROBLEM_NO_BEARER,
    PROBLEM_BAD_BEARER,
    PROBLEM_NO_PASS,
    PROBLEM_NO_CROWD,
    /* 403 */ PROBLEM_BAD_CODE,
    PROBLEM_NOT_IN_GROUP,
    PROBLEM_NOT_MODERATOR,
    PROBLEM_NOT_COUNSELLOR,
    PROBLEM_MUTED,
    PROBLEM_BELOW_FLOOR,
    /* 404 405 */ PROBLEM_NOT_FOUND,
    PROBLEM_METHOD,
    /* 409 */ PROBLEM_QUOTA_USED,
    PROBLEM_CODE_USED,
    PROBLEM_PASS_SPENT,
    PROBLEM_TAKEN,
    PROBLEM_OTHER_HISTORY,
    PROBLEM_CLOSED,
    /* 410 413 422 */ PROBLEM_GONE,
    PROBLEM_TOO_LARGE,
    PROBLEM_BAD_TOKEN_REQUEST,
    PROBLEM_BAD_PROOF,
    PROBLEM_BAD_PASS,
    /* 425 503 */ PROBLEM_NOT_YET,
    PROBLEM_BUSY,
    PROBLEM_TYPES
};
struct problem {
    enum problem_type type;
    const char *name; /* the field (bad-field) or the header (header-not-allowed): a literal or in the arena
                         of the request; else NULL */
};
/* Set it (the first one stands) and return false. */
bool problem(struct problem *p, enum problem_type type, const char *name);
int problem_status(enum problem_type type);
const char *problem_name(enum problem_type type); /* "quota-used" */
/* Make it the reply: status, type, body ("detail" says what to do), Retry-After where there is one. `pad`: a
 * body of just so many bytes, filled with spaces (1,024 on anonymous routes); 0: as long as it is. What the
 * reply held before is forgotten; headers of the caller's own (WWW-Authenticate, Allow) come after. */
void reply_problem(struct reply *reply, const struct request *request, const struct problem *p, size_t pad);
#endif
