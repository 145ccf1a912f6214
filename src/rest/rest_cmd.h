#ifndef REST_REST_CMD_H
#define REST_REST_CMD_H
/* Commands of the room, for its table. */
#include "ui/room.h"

extern const struct cli_option hours_options[], quiet_options[];
int cmd_hours(struct app *app);
int cmd_rest_quiet(struct app *app);
#endif
