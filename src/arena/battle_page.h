#ifndef ARENA_BATTLE_PAGE_H
#define ARENA_BATTLE_PAGE_H
/* The page of a battle (EXPERIENCE screen q), and what it wants done on the network. */
#include "ui/room.h"

#define ERRAND_BATTLE "arena battle" /* argument: "go" or "again" */
bool errand_battle(struct app *app, const char *argument, struct buf *answer, struct err *err);
/* GET and POST /arena/battle */
void page_battle(struct app *app, const struct request *request, struct reply *reply);
void page_battle_do(struct app *app, const struct request *request, struct reply *reply);
#endif
