#ifndef SPEAK_HELP_CMD_H
#define SPEAK_HELP_CMD_H
/* Help now in a terminal. */
#include "ui/room.h"

int cmd_help_now(struct app *app);
#endif
