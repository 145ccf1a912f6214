#ifndef APP_KEEP_H
#define APP_KEEP_H
/* The data as a whole: copied, put back, written out, removed. Two lock files guard it: data/lock is held by
 * the one running node, the file “use” is shared by whatever has the database open. Commands that change
 * files under a database hold both alone. */
#include <jansson.h>

#include "io/file.h"
#include "ui/room.h"

int cmd_paths(struct app *app);
int cmd_backup(struct app *app);
int cmd_restore(struct app *app);
int cmd_export(struct app *app);
int cmd_forget(struct app *app);
int cmd_doctor(struct app *app);
int cmd_completions(struct app *app);

extern const struct cli_option export_options[];
extern const struct cli_option forget_options[];
extern const struct cli_option doctor_options[];

/* What a doctor finds, of a node or a lab: add it, false without memory. Print all; the exit status. */
MUST bool doctor_found(struct app *app, struct findings *all, const char *name, bool ok, const char *text);
int doctor_said(struct app *app, const struct findings *all);

/* The end of a command that did its work: `json` (taken over; NULL means no memory) with --json, else `text`
 * unless --quiet. */
int keep_said(struct app *app, json_t *json, const struct buf *text);
/* The one word a command takes; E_USAGE with `usage` when there is none, or more. */
MUST bool keep_word(struct app *app, const char *usage, const char **out, struct err *err);
/* Hold the data alone until keep_unlock. E_BUSY, in a sentence that says what to do, while a node runs or a
 * command has the database open. On failure nothing is held. */
struct keep_hold {
    int lock, use;
};
MUST bool keep_lock(struct app *app, struct keep_hold *out, struct err *err);
void keep_unlock(const struct keep_hold *hold);
/* Share the file “use” for as long as this process lives. E_BUSY while the data is put back or removed. */
MUST bool keep_use(struct app *app, struct err *err);

/* Open the node's database, made when it is not there, in the shape of this program; for main.c and backup.
 */
MUST bool keep_open(struct app *app, struct err *err);
/* `file`, open for reading, found whole and ours; E_FORMAT with a sentence for who wants it put back. */
MUST bool keep_backup_open(struct app *app, struct db **out, const char *file, struct err *err);
/* Where something is at `db` already, it is asked whether a backup may take its place. */
MUST bool keep_agreed(struct app *app, const char *db, struct err *err);
/* Put the database `fresh` at `db`, in one folder, while nobody has it open. *kept: the name that what was
 * there has from now on, NULL when nothing was. On failure `fresh` is the caller's to remove. */
MUST bool keep_swap(struct app *app, const char *db, const char *fresh, const char **kept, struct err *err);

/* Write what `respite export` writes into the empty or missing folder `dir`. */
MUST bool export_write(struct app *app, const char *dir, struct err *err);
/* Is this the word that agrees to removing everything: delete, 删除? */
bool forget_word(struct span typed);
/* May what is ours in the data folder be removed? It holds our database, or files of ours alone; E_REFUSED
 * for another folder, one that holds the home folder, and /. `*left` are the names in it that are not ours.
 */
MUST bool forget_look(struct app *app, struct file_entries *left, struct err *err);
/* Remove every file of ours in the data folder, where a link leads to it there. Never a folder, and nothing
 * that is not on the list. */
MUST bool forget_files(struct app *app, struct err *err);
/* Remove the folder, which has to be empty, and the link that led to it. */
MUST bool forget_folder(struct app *app, struct err *err);
/* "thesis.tex, notes": names for a person, the first few. In the arena. */
const char *forget_left_text(struct app *app, const struct file_entries *left);
#endif
