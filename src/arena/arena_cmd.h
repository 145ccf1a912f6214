#ifndef ARENA_ARENA_CMD_H
#define ARENA_ARENA_CMD_H
/* Commands of the room, for its table. */
#include "ui/room.h"

extern const struct cli_option rank_options[];
int cmd_arena_rank(struct app *app);
#endif
