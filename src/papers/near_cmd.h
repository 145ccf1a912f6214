#ifndef PAPERS_NEAR_CMD_H
#define PAPERS_NEAR_CMD_H
/* Commands of the scoop check, for its table. */
#include "ui/room.h"

extern const struct cli_option near_options[], vectors_options[];
int cmd_papers_near(struct app *app);
int cmd_papers_vectors(struct app *app);
#endif
