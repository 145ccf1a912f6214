#ifndef ANON_JOIN_CMD_H
#define ANON_JOIN_CMD_H
/* Joining and leaving a lab, from the terminal. */
#include "ui/room.h"

/* respite join URL, respite join --leave */
int cmd_join(struct app *app);
extern const struct cli_option join_options[];
#endif
