#ifndef APP_KEEP_H
#define APP_KEEP_H
/* The data as a whole: copied, put back, written out, removed. Commands that change files under a database
 * take the lock that a running node holds, data/lock. */
#include <jansson.h>

#include "ui/room.h"

int cmd_paths(struct app *app);
int cmd_backup(struct app *app);
int cmd_restore(struct app *app);
int cmd_export(struct app *app);
int cmd_forget(struct app *app);
int cmd_doctor(struct app *app);
int cmd_completions(struct app *app);

extern const struct cli_option forget_options[];
extern const struct cli_option doctor_options[];

/* The end of a command that did its work: `json` (taken over; NULL means no memory) with --json, else `text`
 * unless --quiet. */
int keep_said(struct app *app, json_t *json, const struct buf *text);
/* The one word a command takes; E_USAGE with `usage` when there is none, or more. */
MUST bool keep_word(struct app *app, const char *usage, const char **out, struct err *err);
/* Hold data/lock until keep_unlock(*lock). E_BUSY, in a sentence that says what to do, while a node runs. */
MUST bool keep_lock(struct app *app, int *lock, struct err *err);
void keep_unlock(int lock); /* -1 is fine */

/* Write what `respite export` writes into the empty or missing folder `dir`. */
MUST bool export_write(struct app *app, const char *dir, struct err *err);
/* Is this the word that agrees to removing everything: delete, 删除? */
bool forget_word(struct span typed);
/* Remove the data folder with all in it. Refuses a folder that is not Respite's, the home folder, or /. */
MUST bool forget_all(struct app *app, struct err *err);
#endif
