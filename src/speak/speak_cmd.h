#ifndef SPEAK_SPEAK_CMD_H
#define SPEAK_SPEAK_CMD_H
/* The room's commands: post, board. */
#include "ui/room.h"

extern const struct cli_option post_options[];
extern const struct cli_option board_options[];
int cmd_post(struct app *app);
int cmd_board(struct app *app);
#endif
