#ifndef ANON_MEMBER_H
#define ANON_MEMBER_H
/* The members of the lab, and which of them a request is from. The only table with names; the files that may
 * look into it stand in src/LAYERS. */
#include "anon/epoch.h"
#include "anon/lab.h"
#include "ui/problem.h"
#include "ui/room.h"

enum { MEMBER_NAME_MOST = 120, MEMBER_VKEY_MOST = 400 };
struct member {
    char id[33];
    const char *name, *joined, *witness; /* in the arena */
    uint8_t tag[32], known_as[32];
    day_t since, quota_from; /* the first epochs whose roster it stands in, and whose passes it has */
};
/* Whose bearer came with the request: PROBLEM_NO_BEARER, PROBLEM_BAD_BEARER. */
MUST bool member_auth(struct app *app, const struct request *request, struct member *out, struct problem *p,
                      struct err *err);
/* A name as the lab keeps it for who left: hashed with a key of its own. */
void member_known_as(const struct lab *lab, struct span name, uint8_t out[static 32]);
/* False unless a name may stand in the list: 1 to MEMBER_NAME_MOST bytes of plain text in one line. */
bool member_name_good(struct span name);

/* Within db_write. *done is false when there was no such member. */
MUST bool member_leave(struct db *db, const struct lab *lab, const struct member *member, int64_t now,
                       bool *done, struct err *err);

void api_member_get(struct app *app, const struct request *request, struct reply *reply);
void api_member_patch(struct app *app, const struct request *request, struct reply *reply);
void api_member_delete(struct app *app, const struct request *request, struct reply *reply);
/* respite lab remove NAME */
int cmd_lab_remove(struct app *app);
#endif
