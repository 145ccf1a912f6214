#ifndef ANON_TIDY_H
#define ANON_TIDY_H
/* Taking order and time out of the anonymous tables (PROTOCOL section 4, Stored). */
#include "ui/room.h"

/* Outside db_write: rewrite the tables in the order of their keys. SQLite: VACUUM, and the write-ahead log
 * emptied into the file (E_BUSY: somebody reads; ask again). PostgreSQL: new files, filled in order, in one
 * transaction; then VACUUM. */
MUST bool tidy(struct db *db, struct err *err);
/* Make a copy of a board's database one that may be kept (a backup): what waits is not in it, nor its passes,
 * so that a node that has a receipt and finds no leaf can send the same act again; and it is in order. */
MUST bool tidy_copy(struct db *copy, struct err *err);
/* Do it between two commits of the lab's writer when something was published (`now`), at the first call of
 * this process, or when the last attempt found the database in use. */
MUST bool tidy_when_due(struct app *app, bool now, struct err *err);
#endif
