#ifndef ARENA_MODEL_CMD_H
#define ARENA_MODEL_CMD_H
/* respite lab model add, list, withdraw: the models of the lab's blind arena. */
#include "ui/room.h"

extern const struct cli_option lab_model_options[];
int cmd_lab_model(struct app *app);
#endif
