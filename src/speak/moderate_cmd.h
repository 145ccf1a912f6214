#ifndef SPEAK_MODERATE_CMD_H
#define SPEAK_MODERATE_CMD_H
/* Commands of moderation. On a node: `moderate` for who has a moderator's key, `flag` and `appeal` for every
 * member. On the lab: who may moderate and vouch. There is no command that decides on the lab's machine: a
 * decision is signed by a person's own key, never by the operator's. */
#include "ui/room.h"

extern const struct cli_option moderate_options[], flag_options[], appeal_options[], lab_person_options[],
    lab_moderate_options[];
int cmd_moderate(struct app *app);
int cmd_flag(struct app *app);
int cmd_appeal(struct app *app);
int cmd_lab_moderator(struct app *app);
int cmd_lab_voucher(struct app *app);
int cmd_lab_counsellor(struct app *app);
int cmd_lab_moderate(struct app *app);
/* `lab listener` without a line: who is there, or the end of a term. */
int lab_listeners(struct app *app);
#endif
