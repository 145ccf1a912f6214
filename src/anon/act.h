#ifndef ANON_ACT_H
#define ANON_ACT_H
/* POST /v1/acts: the one anonymous route, the same for every kind of act. */
#include "ui/room.h"

enum { ACT_ANSWER = 1024 }; /* bytes of every answer here, receipts and refusals */
void api_act(struct app *app, const struct request *request, struct reply *reply);
#endif
