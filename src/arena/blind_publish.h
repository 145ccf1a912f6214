#ifndef ARENA_BLIND_PUBLISH_H
#define ARENA_BLIND_PUBLISH_H
/* Publishing the board of the lab's arena (ARENA section 14): on the first of a month, of the votes before
 * it; in a trial lab as soon as there are ten. Never in a quiet week of the record: then it waits, and one
 * page follows. The bytes enter the record by their digest. */
#include "ui/room.h"

MUST bool blind_beat(struct app *app, struct err *err);
/* GET /v1/arena/board: the newest, the same bytes for everybody. */
void api_arena_board(struct app *app, const struct request *request, struct reply *reply);
#endif
