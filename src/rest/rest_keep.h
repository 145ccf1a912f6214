#ifndef REST_REST_KEEP_H
#define REST_REST_KEEP_H
/* What the room gives to `respite export` and says to `respite doctor`. */
#include "ui/room.h"

/* quiet.json: the quiet times planned and past. No sign of work, ever (REST section 8). */
MUST bool rest_export(struct app *app, const char *dir, struct err *err);
/* Each chosen repository whose folder is gone. */
MUST bool rest_doctor(struct app *app, struct findings *findings, struct err *err);
#endif
