#ifndef ARENA_BATTLE_CMD_H
#define ARENA_BATTLE_CMD_H
/* respite arena battle: a battle in the terminal. */
#include "ui/room.h"

extern const struct cli_option battle_options[];
int cmd_arena_battle(struct app *app);
#endif
