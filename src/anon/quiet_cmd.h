#ifndef ANON_QUIET_CMD_H
#define ANON_QUIET_CMD_H
/* respite lab quiet: the lab's quiet weeks, for everybody in it. */
#include "ui/room.h"

extern const struct cli_option lab_quiet_options[];
int cmd_lab_quiet(struct app *app);
#endif
