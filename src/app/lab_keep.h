#ifndef APP_LAB_KEEP_H
#define APP_LAB_KEEP_H
/* `respite backup` and `respite restore` where the data is a lab's. */
#include "ui/room.h"

extern const struct cli_option backup_options[];

/* Whether a backup of this data folder is the lab's: --lab or --db says so, or there is a lab and no node. */
bool lab_keep_is(struct app *app);
/* Whether `file` is the database of a lab; false also when it is none at all. */
bool lab_keep_made(const char *file);
/* Write what may be kept of the lab's database into the new `file` (PROTOCOL section 4, Stored): what is
 * published, with `spent` sorted; nothing that waits. Also while the lab is served. E_REFUSED, naming
 * pg_dump, where the lab is in PostgreSQL. */
MUST bool lab_keep_backup(struct app *app, const char *file, struct err *err);
/* Put `file` in the place of DATA/lab/lab.db. *kept: the name of what was there, NULL when nothing was.
 * *next: what the operator has to do before the lab may be served again, or NULL. */
MUST bool lab_keep_restore(struct app *app, const char *file, const char **kept, const char **next,
                           struct err *err);

/* Share the lab's database for as long as this process lives. E_BUSY while it is put back. Nothing to do with
 * --db. */
MUST bool lab_keep_use(struct app *app, struct err *err);
#endif
