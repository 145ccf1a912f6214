#ifndef APP_HOME_H
#define APP_HOME_H
/* What belongs to the program as a whole: This week, the folders to look into, example data, the tick. */
#include "ui/room.h"

extern const struct room home_room;

/* Folders to look into, absolute, NULL-ended, in the arena: those kept in the database (named on a command
 * line, or added on the page), and those of app->here, which count for this run alone. folder_add keeps one;
 * E_USAGE for “/”. */
MUST bool folders_load(struct app *app, const char *const **out, struct err *err);
MUST bool folder_add(struct app *app, const char *path, struct err *err);

/* This week, gathered from every room's rows: parts in order, empty ones left out. A row that fails says so
 * in one line. */
struct week_parts {
    struct week_part *at;
    size_t n, room;
};
MUST bool week_gather(struct app *app, day_t monday, struct week_parts *out, struct err *err);
void page_week(struct app *app, const struct request *request, struct reply *reply);
int cmd_week(struct app *app);

/* Run what is due: every room's jobs under their leases. `resident`: the page is open, so jobs for it alone
 * run too. `done` gets the names of those that were done, ", " between. A job that fails does not keep the
 * others and is due again at the next tick; false, with the sentence of the first that failed, once all had
 * their turn (further ones say so on standard error). */
MUST bool tick(struct app *app, bool resident, struct buf *done, struct err *err);
int cmd_tick(struct app *app);
/* The errand "tick": the jobs that ask, for the resident page, which has no way out itself. */
MUST bool errand_tick(struct app *app, const char *argument, struct buf *answer, struct err *err);

/* Example data in a database of its own, example.db beside the real one. */
MUST bool example_start(struct app *app, struct db *into, struct err *err);
void page_example_start(struct app *app, const struct request *request, struct reply *reply);
void page_example_clear(struct app *app, const struct request *request, struct reply *reply);
void page_folder_add(struct app *app, const struct request *request, struct reply *reply);
const char *example_path(struct app *app);
#endif
