#ifndef ARENA_BLIND_CMD_H
#define ARENA_BLIND_CMD_H
/* The board of the lab's blind arena, on a terminal and on a page. */
#include "ui/room.h"

extern const struct cli_option blind_options[];
/* respite arena lab */
int cmd_arena_lab(struct app *app);

#define ERRAND_BLIND "arena lab" /* no argument */
bool errand_blind(struct app *app, const char *argument, struct buf *answer, struct err *err);
/* GET and POST /arena/lab */
void page_blind(struct app *app, const struct request *request, struct reply *reply);
void page_blind_do(struct app *app, const struct request *request, struct reply *reply);
/* For `respite verify`: the board that is here, against the record and against its own rows. */
bool blind_verify(struct app *app, struct findings *out, struct err *err);
#endif
