#ifndef APP_LAB_H
#define APP_LAB_H
/* The lab as a program: its commands, and the process that serves it. What it does stands in the rooms of
 * anon/; here is what holds them together. */
#include "anon/lab.h"

extern const struct cli_option lab_init_options[], lab_pair_options[], lab_serve_options[],
    lab_doctor_options[];
int cmd_lab_init(struct app *app);
int cmd_lab_pair(struct app *app);
int cmd_lab_serve(struct app *app);
int cmd_lab_doctor(struct app *app);

/* For main.c: open the lab of a command that belongs to the lab's roles alone and is not no_db: its key file,
 * its database (--db, when the command has it), brought to the shape of its rooms. app->role is the lab's.
 * E_REFUSED when the command is for another role than this lab has. */
MUST bool lab_open(struct app *app, const struct command *command, struct err *err);
void lab_close(struct app *app);
/* Bring the lab's database to the shape that the rooms of its role know. */
MUST bool lab_migrate(struct app *app, struct db *db, struct err *err);
#endif
