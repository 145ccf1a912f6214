#ifndef REST_WEEK_REST_H
#define REST_WEEK_REST_H
/* Rows of This week. */
#include "ui/room.h"

bool week_rest(struct app *app, struct week *week, struct err *err);
bool week_quiet(struct app *app, struct week *week, struct err *err);
#endif
