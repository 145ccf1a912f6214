#ifndef SPEAK_HELP_LINE_CMD_H
#define SPEAK_HELP_LINE_CMD_H
/* Of the lab: line. */
#include "ui/room.h"

extern const struct cli_option lab_line_options[];
int cmd_lab_line(struct app *app);
#endif
