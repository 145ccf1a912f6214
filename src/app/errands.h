#ifndef APP_ERRANDS_H
#define APP_ERRANDS_H
/* Errands (anon/errand.h), run outside the sandbox by a process of their own. */
#include "ui/room.h"

/* From the keeper: start a process that runs all errands that wait, and ends. It is nobody's child, so that
 * nobody waits for it. `app` has rooms, paths and role. */
void errands_start(const struct app *app);
/* Run all that wait, on app->db; what went wrong stands in the errand itself. */
MUST bool errands_run(struct app *app, struct err *err);
#endif
