#ifndef SPEAK_CIRCLES_CMD_H
#define SPEAK_CIRCLES_CMD_H
/* respite circles */
#include "ui/room.h"

extern const struct cli_option circles_options[];
int cmd_circles(struct app *app);
#endif
