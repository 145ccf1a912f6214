#ifndef ANON_INVITE_H
#define ANON_INVITE_H
/* Invitations, and joining with one (PROTOCOL section 7). What is handed over holds a code and the hash of
 * the keys of the logs; the lab keeps the hash of the code. */
#include "ui/room.h"

enum { INVITE_DAYS = 7 };
/* respite lab invite NAME… */
int cmd_lab_invite(struct app *app);
/* POST /v1/join */
void api_join(struct app *app, const struct request *request, struct reply *reply);
/* Within db_write: drop what is out of its time. */
MUST bool invite_forget(struct db *db, int64_t now, struct err *err);
#endif
