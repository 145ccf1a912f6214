#ifndef ANON_ANON_CMD_H
#define ANON_ANON_CMD_H
/* The commands of a member that are about the lab itself: sent, verify. */
#include "anon/known.h"
#include "ui/room.h"

extern const struct cli_option verify_options[];
int cmd_sent(struct app *app);
int cmd_verify(struct app *app);

/* The lab this node is in; E_MISSING, saying how to join one, when there is none. */
MUST bool known_need(struct app *app, struct known **out, struct err *err);
#endif
