#ifndef APP_SCHEMA_H
#define APP_SCHEMA_H
/* The shape of the database: the migrations of all rooms, in the order of app/rooms.c. */
#include "ui/room.h"

/* Bring `db` to the shape that app->rooms know; `backup` as in io/migrate.h. E_NEWER, nothing changed, when
 * it is newer. */
MUST bool schema_migrate(struct app *app, struct db *db, const char *backup, struct err *err);
/* A database that Respite made, newer or not. The sentence names `shown`. */
MUST bool schema_is_ours(struct db *db, const char *shown, struct err *err);
/* Nothing in it that this program does not know; changes nothing. */
MUST bool schema_not_newer(struct app *app, struct db *db, struct err *err);
/* Print every room's migrations, for `respite doctor --schema`. */
int schema_print(struct app *app);
#endif
